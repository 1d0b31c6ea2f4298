package sheet

import (
	"context"
	"fmt"

	"valueweb/graph"
)

// closed returns the largest set of the rows in which every reference to a node of the same kind is to
// one that is stored or in the set, and which can be stored one after the other once the loose
// references are taken off.
func (p *pass) closed(ctx context.Context) ([]*row, error) {
	stored, err := p.named(ctx)
	if err != nil {
		return nil, err
	}
	rows := p.rows
	for {
		known := p.inOrder(rows, stored)
		var kept []*row
		for _, r := range rows {
			if known[r.id] && p.knows(r.fresh, known) {
				kept = append(kept, r)
			}
		}
		if len(kept) == len(rows) {
			return kept, nil
		}
		rows = kept
	}
}

// named returns which of the nodes that the rows name, themselves included, are stored.
func (p *pass) named(ctx context.Context) (map[string]bool, error) {
	var ids []string
	for _, r := range p.rows {
		ids = append(ids, r.id)
		for _, ref := range r.fresh.References() {
			if ref.Kind == p.kind() {
				ids = append(ids, ref.ID)
			}
		}
	}
	nodes, err := p.tx.Read(ctx, p.viewer, p.kind(), ids)
	if err != nil {
		return nil, fmt.Errorf("reading what is stored: %w", err)
	}
	stored := map[string]bool{}
	for i, n := range nodes {
		if n != nil {
			stored[ids[i]] = true
		}
	}
	return stored, nil
}

// inOrder returns the ids of what is stored and of the rows that can be stored one after the other, if
// their loose references are taken off.
func (p *pass) inOrder(rows []*row, stored map[string]bool) map[string]bool {
	known := make(map[string]bool, len(stored)+len(rows))
	for id := range stored {
		known[id] = true
	}
	for left := rows; ; {
		var waiting []*row
		for _, r := range left {
			bare := p.clone(r.fresh)
			p.loose(bare)
			if p.knows(bare, known) {
				known[r.id] = true
			} else {
				waiting = append(waiting, r)
			}
		}
		if len(waiting) == len(left) {
			return known
		}
		left = waiting
	}
}

// knows reports whether all nodes of the same kind that a node names are known.
func (p *pass) knows(n graph.Node, known map[string]bool) bool {
	for _, ref := range n.References() {
		if ref.Kind == p.kind() && !known[ref.ID] {
			return false
		}
	}
	return true
}
