package sheet

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"valueweb/graph"
)

// status is what became of a row.
type status int

const (
	added status = iota
	changed
	unchanged
	merged
	rejected
	waiting // for another row of the same sheet
)

// outcome is what became of one row in a transaction.
type outcome struct {
	row    *row
	status status
	gid    string // of the node that was changed
	found  findings
	// refusal says whom a waiting row waits for, or what a row that was stored in part still misses.
	refusal *graph.Error
	late    bool
}

// pass stores rows within one transaction.
type pass struct {
	*table
	*binding
	tx       graph.Tx
	viewer   graph.Viewer
	seen     map[uint64]uint64 // see loader.seen
	rows     []*row
	outcomes []outcome
}

// group is the rows of one id, which together make one node: several only where rows join.
type group struct {
	id      string
	stored  graph.Node
	rows    []*row
	node    graph.Node
	warned  findings
	late    *graph.Error // what made the node be stored without its late references
	settled bool
	visited bool
}

// run stores the rows: each id in a group of its own, referred ones first. Rows that wait for others of
// the same transaction are tried again while that helps.
func (p *pass) run(ctx context.Context) error {
	if p.put != nil {
		return p.put(ctx, p)
	}
	for rows := p.rows; len(rows) > 0; {
		groups, err := p.group(ctx, rows)
		if err != nil {
			return err
		}
		p.outcomes = slices.Grow(p.outcomes, len(rows))
		if err := p.settle(ctx, groups); err != nil {
			return err
		}
		rows = p.takeBack(groups)
	}
	return nil
}

// takeBack removes the waiting outcomes whose wait is over, also those of earlier rounds, and returns their
// rows.
func (p *pass) takeBack(groups []*group) []*row {
	settled := map[string]bool{}
	for _, g := range groups {
		if g.settled {
			settled[g.id] = true
		}
	}
	var rows []*row
	kept := p.outcomes[:0]
	for _, o := range p.outcomes {
		if o.status == waiting && settled[o.refusal.ID] {
			rows = append(rows, o.row)
		} else {
			kept = append(kept, o)
		}
	}
	p.outcomes = kept
	return rows
}

// group collects the rows of each id and reads the nodes that exist.
func (p *pass) group(ctx context.Context, rows []*row) ([]*group, error) {
	byID := make(map[string]*group, len(rows))
	groups := make([]*group, 0, len(rows))
	ids := make([]string, 0, len(rows))
	memory := make([]group, len(rows))
	for i, r := range rows {
		if g := byID[r.id]; g != nil {
			g.rows = append(g.rows, r)
			continue
		}
		g := &memory[i]
		g.id, g.rows = r.id, rows[i:i+1:i+1]
		byID[r.id] = g
		groups, ids = append(groups, g), append(ids, r.id)
	}
	stored, err := p.tx.Read(ctx, p.viewer, p.kind(), ids)
	if err != nil {
		return nil, fmt.Errorf("reading what is stored: %w", err)
	}
	for i, n := range stored {
		groups[i].stored = n
	}
	return p.referredFirst(groups, byID), nil
}

// settle puts the groups. A refusal costs the row that is to blame; the rest of its group is put again.
func (p *pass) settle(ctx context.Context, groups []*group) error {
	for pending := groups; len(pending) > 0; {
		nodes := make([]graph.Node, 0, len(pending))
		put := make([]*group, 0, len(pending))
		for _, g := range pending {
			switch {
			case !p.build(g):
			case g.stored != nil && reflect.DeepEqual(g.stored, g.node):
				p.done(g, unchanged)
			default:
				nodes, put = append(nodes, g.node), append(put, g)
			}
		}
		if len(nodes) == 0 {
			return nil
		}
		refusals, err := p.tx.Put(ctx, nodes)
		if err != nil {
			return fmt.Errorf("storing rows: %w", err)
		}
		pending = nil
		for i, g := range put {
			switch {
			case i < len(refusals) && refusals[i] != nil:
				if p.refused(g, refusals[i]); len(g.rows) > 0 {
					pending = append(pending, g)
				}
			case g.stored == nil:
				p.done(g, added)
			default:
				p.done(g, changed)
			}
		}
	}
	return nil
}

// build makes the node of a group, and leaves out the rows that would make it wrong. It reports whether
// any row is left.
func (p *pass) build(g *group) bool {
	for len(g.rows) > 0 {
		last := g.rows[len(g.rows)-1]
		g.node = p.compose(g)
		var found findings
		if p.check != nil {
			p.check(g.node, &found)
		}
		if !found.failed() {
			g.warned = found
			return true
		}
		p.drop(g, len(g.rows)-1)
		p.outcomes = append(p.outcomes, outcome{row: last, status: rejected, found: p.valued(found, last)})
	}
	return false
}

// compose applies the rows of a group to what is stored, or to a new node. What a row made itself is used
// once, as the store may write into what it is given.
func (p *pass) compose(g *group) graph.Node {
	if first := g.rows[0]; g.stored == nil && len(g.rows) == 1 && first.fresh != nil {
		n := first.fresh
		first.fresh = nil
		n.Header().ID = g.id
		if g.late != nil {
			p.late(n)
		}
		return n
	}
	n := p.initial
	if g.stored != nil {
		n = g.stored
	}
	n = p.clone(n)
	for _, r := range g.rows {
		p.apply(p.binding, r.cells, n)
	}
	n.Header().ID = g.id
	if g.late != nil {
		p.late(n)
	}
	return n
}

// refused finds the row of a group that a refusal is about, and takes it out of the group.
func (p *pass) refused(g *group, refusal error) {
	e := asRefusal(refusal)
	if e.Code == graph.CodeNotFound && p.late != nil && e.Kind == p.lateKind && g.late == nil {
		g.late = e
		return
	}
	at, column := p.blame(g, e)
	r := g.rows[at]
	o := outcome{row: r, status: rejected, refusal: e}
	if e.Code == graph.CodeNotFound && e.Kind == p.kind() {
		o.status = waiting
	}
	o.found.fail(column, p.text(column, r.cells), e.Message)
	p.drop(g, at)
	p.outcomes = append(p.outcomes, o)
}

// asRefusal returns the reason why a store refuses a node.
func asRefusal(err error) *graph.Error {
	if e, ok := graph.AsError(err); ok {
		return e
	}
	return graph.Invalid("", "%v", err)
}

// blame finds the row, the last if there are several, and the column that hold what was refused.
func (p *pass) blame(g *group, e *graph.Error) (at int, column string) {
	columns := p.fields[e.Field]
	if columns == nil {
		columns = []string{e.Field}
	}
	for i, r := range slices.Backward(g.rows) {
		for _, name := range columns {
			if e.ID != "" && strings.Contains(p.text(name, r.cells), e.ID) {
				return i, name
			}
		}
	}
	return len(g.rows) - 1, columns[0]
}

func (p *pass) text(column string, cells []string) string {
	c, _ := p.cell(column, cells)
	return c.text
}

// valued fills in what the cells hold that findings about a whole node are about.
func (p *pass) valued(found findings, r *row) findings {
	for i := range found {
		if found[i].value == "" {
			found[i].value = p.text(found[i].column, r.cells)
		}
	}
	return found
}

func (p *pass) drop(g *group, at int) {
	g.rows = slices.Delete(slices.Clone(g.rows), at, at+1)
}

// done notes what became of the rows of a group that is stored.
func (p *pass) done(g *group, s status) {
	g.settled = true
	gid := graph.GID(p.kind(), g.id)
	for i, r := range g.rows {
		o := outcome{row: r, status: s, gid: gid, late: g.late != nil, refusal: g.late}
		if i > 0 && s != unchanged {
			o.status = merged
		}
		if i == len(g.rows)-1 {
			o.found = p.valued(g.warned, r)
		}
		p.outcomes = append(p.outcomes, o)
	}
}

// referredFirst orders new groups so that those that others of the sheet refer to come first.
func (p *pass) referredFirst(groups []*group, byID map[string]*group) []*group {
	kind := p.kind()
	ordered := make([]*group, 0, len(groups))
	var visit func(g *group)
	visit = func(g *group) {
		if g.visited {
			return
		}
		g.visited = true
		for _, r := range g.rows {
			if r.fresh == nil {
				continue
			}
			for _, ref := range r.fresh.References() {
				if other := byID[ref.ID]; ref.Kind == kind && other != nil {
					visit(other)
				}
			}
		}
		ordered = append(ordered, g)
	}
	for _, g := range groups {
		visit(g)
	}
	return ordered
}
