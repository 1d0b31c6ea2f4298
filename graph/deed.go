package graph

import "context"

// A deed is what one transaction changes of several nodes, each with the event that tells of it. Whoever reads through
// it sees what it has changed so far, and nothing is read twice: nobody else changes anything meanwhile.
type deed struct {
	tx     Tx
	known  map[string]Node // as they stand, by gid; nil: there is none
	ends   map[link][]Node // of the relations that were followed, as they were
	nodes  []Node          // that have changed
	events []Event
}

// link is a relation from a node.
type link struct {
	relation Relation
	parent   string
}

func newDeed(tx Tx) *deed {
	return &deed{tx: tx, known: map[string]Node{}, ends: map[link][]Node{}}
}

// read returns a node as it stands, nil if there is none.
func (d *deed) read(ctx context.Context, kind Kind, id string) (Node, error) {
	err := d.look(ctx, kind, id)
	return d.known[GID(kind, id)], err
}

// look reads nodes of a kind ahead, all in one call.
func (d *deed) look(ctx context.Context, kind Kind, ids ...string) error {
	var unknown []string
	for _, id := range distinct(ids) {
		if _, known := d.known[GID(kind, id)]; !known {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	nodes, err := d.tx.Read(ctx, Operator, kind, unknown)
	if err != nil {
		return err
	}
	for i, id := range unknown {
		d.known[GID(kind, id)] = nodes[i]
	}
	return nil
}

// related returns the nodes that a relation leads to, as they stand.
func (d *deed) related(ctx context.Context, relation Relation, parent string) ([]Node, error) {
	if err := d.follow(ctx, relation, parent); err != nil {
		return nil, err
	}
	var all []Node
	for _, node := range d.ends[link{relation, parent}] {
		all = append(all, d.known[node.GID()])
	}
	return all, nil
}

// follow finds ahead what a relation leads to from some nodes, all in one call.
func (d *deed) follow(ctx context.Context, relation Relation, parents ...string) error {
	var unknown []string
	for _, parent := range distinct(parents) {
		if _, known := d.ends[link{relation, parent}]; !known {
			unknown = append(unknown, parent)
		}
	}
	for _, parent := range unknown {
		d.ends[link{relation, parent}] = nil
	}
	for page := (PageQuery{First: MaxPage}); len(unknown) > 0; {
		pages, err := d.tx.Related(ctx, Operator, RelatedQuery{Relation: relation, Parents: unknown, Page: page})
		if err != nil {
			return err
		}
		for i, parent := range unknown {
			d.learn(link{relation, parent}, pages[i].Nodes)
		}
		if len(unknown) == 1 && pages[0].HasNext {
			page.After = &pages[0].Keys[len(pages[0].Keys)-1]
			continue
		}
		for i, parent := range unknown {
			if pages[i].HasNext { // very many: by itself, from the start
				delete(d.ends, link{relation, parent})
				if err := d.follow(ctx, relation, parent); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return nil
}

func (d *deed) learn(from link, nodes []Node) {
	d.ends[from] = append(d.ends[from], nodes...)
	for _, node := range nodes {
		if d.known[node.GID()] == nil {
			d.known[node.GID()] = node
		}
	}
}

// put changes a node, or makes one, and tells of it. Each node is changed once.
func (d *deed) put(node Node, event string, fields []string) {
	d.known[node.GID()] = node
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
