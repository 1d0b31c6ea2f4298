package graph

import "context"

// A deed is what one transaction changes of several nodes, each with the event that tells of it. Whoever reads through
// it sees what it has changed so far.
type deed struct {
	tx     Tx
	nodes  []Node
	events []Event
	at     map[string]int // of a gid among the nodes
}

func newDeed(tx Tx) *deed { return &deed{tx: tx, at: map[string]int{}} }

// read returns a node as it stands, nil if there is none.
func (d *deed) read(ctx context.Context, kind Kind, id string) (Node, error) {
	if i, changed := d.at[GID(kind, id)]; changed {
		return d.nodes[i], nil
	}
	nodes, err := d.tx.Read(ctx, Operator, kind, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// related returns the nodes that a relation leads to.
func (d *deed) related(ctx context.Context, relation Relation, parent string) ([]Node, error) {
	var all []Node
	for page := (PageQuery{First: MaxPage}); ; {
		pages, err := d.tx.Related(ctx, Operator, RelatedQuery{Relation: relation, Parents: []string{parent}, Page: page})
		if err != nil {
			return nil, err
		}
		for _, node := range pages[0].Nodes {
			if i, changed := d.at[node.GID()]; changed {
				node = d.nodes[i]
			}
			all = append(all, node)
		}
		if !pages[0].HasNext {
			return all, nil
		}
		page.After = &pages[0].Keys[len(pages[0].Keys)-1]
	}
}

// put changes a node, or makes one, and tells of it. Each node is changed once.
func (d *deed) put(node Node, event string, fields []string) {
	d.at[node.GID()] = len(d.nodes)
	d.nodes = append(d.nodes, node)
	d.events = append(d.events, Event{Type: event, Subject: node.GID(), Changes: []string{node.GID()}, Fields: fields})
}

// carryOut writes what has changed, and what tells of it in the order in which it came.
func (d *deed) carryOut(ctx context.Context) error {
	if len(d.nodes) == 0 {
		return nil
	}
	refusals, err := d.tx.Put(ctx, d.nodes)
	if err != nil {
		return err
	}
	for i, refusal := range refusals {
		if refusal != nil {
			return changeables[d.nodes[i].Kind()].refused(refusal)
		}
	}
	for _, event := range d.events {
		if err := d.tx.Log(ctx, event); err != nil {
			return err
		}
	}
	return nil
}
