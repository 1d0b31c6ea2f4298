package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"valueweb/graph"
)

// directions are the words in which a statement walks up or down.
var directions = map[bool][]string{
	false: {"AFTER", ">", "DIRECTION", "ASC"},
	true:  {"AFTER", "<", "DIRECTION", "DESC"},
}

// The ends of every order: no key stands before the first or behind the last.
const (
	firstKey = ""
	lastKey  = "\U0010FFFF\U0010FFFF"
)

// relatedTo are the statements that follow each relation, up (false) and down.
var relatedTo = func() map[graph.Relation]map[bool]sighted {
	all := map[graph.Relation]map[bool]sighted{}
	for line := range strings.Lines(file("relations")) {
		name, pattern, _ := strings.Cut(strings.TrimSpace(line), " ")
		relation := graph.Relation(name)
		kind, known := relation.Leads()
		if !known {
			panic("relations.cypher names " + name)
		}
		all[relation] = map[bool]sighted{}
		for down, words := range directions {
			body := filled(file("related"), append(words, "KIND", string(kind), "RELATION", strings.TrimSpace(pattern), "PROJECTION", indent(indent(projections[kind])))...)
			all[relation][down] = momentFor(fmt.Sprintf("related %s %s", name, words[3]), body)
		}
	}
	return all
}()

// Related implements graph.Navigator.
func (s *Store) Related(ctx context.Context, v graph.Viewer, q graph.RelatedQuery) ([]graph.Page, error) {
	var pages []graph.Page
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) (err error) {
		pages, err = related(ctx, r, q, nil)
		return err
	})
	return pages, err
}

// drafts are nodes that a transaction has put and not yet written.
type drafts []graph.Node

// related reads pages of what is related to parents, with drafts in the place of what is stored of them.
func related(ctx context.Context, r sight, q graph.RelatedQuery, changed drafts) ([]graph.Page, error) {
	what, ok := relatedTo[q.Relation][q.Page.Backward()]
	if !ok {
		return nil, fmt.Errorf("there is no relation %q", q.Relation)
	}
	if len(q.Parents) == 0 {
		return nil, nil
	}
	except := make([]string, len(changed))
	for i, node := range changed {
		except[i] = node.Header().ID
	}
	found, err := r.look(ctx, what, map[string]any{
		"parents": q.Parents, "from": from(byID, q.Page, q.Page.Backward()), "limit": int64(q.Page.Limit()) + 1, "total": q.Page.Total, "except": except,
	})
	if err != nil {
		return nil, err
	}
	kind, _ := q.Relation.Leads()
	pages := make([]graph.Page, len(q.Parents))
	for i, value := range found.list("answer") {
		one, _ := value.([]any)
		nodes, _ := one[0].([]any)
		total, counted := one[1].(int64)
		children := changed.under(q.Relation, q.Parents[i])
		rows := merged(byID, r.decodeAll(kind, nodes), children, q.Page)
		if !counted {
			total = 0
		}
		pages[i] = paged(byID, rows, q.Page, total+int64(len(children)))
	}
	return pages, nil
}

// under are the drafts to which a relation leads from a parent.
func (d drafts) under(relation graph.Relation, parent string) []graph.Node {
	var children []graph.Node
	for _, node := range d {
		if slices.Contains(relation.AppendParents(nil, node), parent) {
			children = append(children, node)
		}
	}
	return children
}
