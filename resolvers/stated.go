package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// statedFields are the fields of the schema that an answer states of the nodes that it names, by kind, as
// [graph.CandidatePage] does.
var statedFields = map[graph.Kind]map[string]bool{
	graph.KindPartner:       fields("id", "gid", "name", "kind", "status", "tier", "capacity", "synthetic"),
	graph.KindOffice:        fields("id", "gid", "partner", "name", "city", "country"),
	graph.KindCompetency:    fields("id", "gid", "name"),
	graph.KindHolding:       fields("id", "gid", "partner", "competency", "office", "level", "since", "until", "remote"),
	graph.KindCertification: fields("id", "gid", "partner", "scheme", "expiresOn"),
}

func fields(names ...string) map[string]bool {
	set := map[string]bool{"__typename": true}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// state keeps nodes of which an answer states the fields of statedFields.
func (b *batch) state(nodes []graph.Node) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stated == nil {
		b.stated = make(map[nodeKey]graph.Node, len(nodes))
	}
	for _, node := range nodes {
		b.stated[nodeKey{node.Kind(), node.Header().ID}] = node
	}
}

// readFor returns the nodes of the ids that exist for the field that is being answered. What an answer has
// stated of them is enough where the field selects no more: it costs no call of the store, and is of one
// moment with the answer.
func (b *batch) readFor(ctx context.Context, kind graph.Kind, ids []string) (map[nodeKey]graph.Node, error) {
	stated := b.statedFor(ctx, kind, ids)
	if len(stated) == 0 {
		return b.read(ctx, kind, ids)
	}
	var rest []string
	for _, id := range ids {
		if stated[nodeKey{kind, id}] == nil {
			rest = append(rest, id)
		}
	}
	nodes, err := b.read(ctx, kind, rest)
	for key, node := range nodes {
		stated[key] = node
	}
	return stated, err
}

// statedFor are the nodes of the ids of which enough is stated for the field that is being answered.
func (b *batch) statedFor(ctx context.Context, kind graph.Kind, ids []string) map[nodeKey]graph.Node {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.stated) == 0 {
		return nil
	}
	for _, field := range graphql.CollectFieldsCtx(ctx, []string{string(kind), "Node"}) {
		if !statedFields[kind][field.Name] {
			return nil
		}
	}
	found := make(map[nodeKey]graph.Node, len(ids))
	for _, id := range ids {
		key := nodeKey{kind, id}
		if node := b.stated[key]; node != nil {
			found[key] = node
		}
	}
	return found
}
