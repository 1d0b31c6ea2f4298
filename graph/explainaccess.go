package graph

import "context"

// AccessDegree is how much of a node a viewer sees.
type AccessDegree string

// The degrees.
const (
	Shown       AccessDegree = "SHOWN"       // it may read it
	Undisclosed AccessDegree = "UNDISCLOSED" // it may not; the node counts in public figures
	HiddenNode  AccessDegree = "HIDDEN"      // to the viewer it is as if it were not there
)

// AccessExplanation says why a viewer sees a node, or does not.
type AccessExplanation struct {
	Degree  AccessDegree
	Because string
}

// ExplainAccess tells an operator which rule shows a node to a viewer, or keeps it from the viewer. It asks the
// very rules that decide, over the store as it stands: a node that changes meanwhile may be explained as it was.
func (g *Graph) ExplainAccess(ctx context.Context, v, of Viewer, gid string) (AccessExplanation, error) {
	if err := v.OnlyOperators("are told what others may see"); err != nil {
		return AccessExplanation{}, err
	}
	kind, id, ok := ParseGID(gid)
	if !ok {
		return AccessExplanation{}, Invalid("gid", "%q is no gid: write a type and an id, such as Partner:acme", shorten(gid))
	}
	facts := &storeFacts{ctx: ctx, store: g.Store}
	node := facts.Node(kind, id)
	if facts.err != nil {
		return AccessExplanation{}, facts.err
	}
	if node == nil {
		return AccessExplanation{}, g.suggest(ctx, v, NotFound("gid", kind, id))
	}
	access, err := g.Store.Access(ctx, of)
	if e, refused := AsError(err); refused && e.Code == CodeForbidden {
		return AccessExplanation{Degree: Undisclosed, Because: e.Message}, nil
	}
	if err != nil {
		return AccessExplanation{}, err
	}
	rule := Ruling{Access: access, Facts: facts}.Rule(node)
	explained := AccessExplanation{Degree: Undisclosed, Because: rule.String()}
	switch {
	case rule.Shows():
		explained.Degree = Shown
	case rule.Hides():
		explained.Degree = HiddenNode
	}
	return explained, facts.err
}

// storeFacts looks facts up in a store, one by one, and keeps the first failure.
type storeFacts struct {
	ctx   context.Context
	store Store
	err   error
}

// Node implements Facts.
func (f *storeFacts) Node(kind Kind, id string) Node {
	if f.err != nil || id == "" {
		return nil
	}
	nodes, err := f.store.Read(f.ctx, Operator, kind, []string{id})
	if f.err = err; err != nil {
		return nil
	}
	return nodes[0]
}

// Invited implements Facts.
func (f *storeFacts) Invited(opportunity, partner string) bool {
	for page := (PageQuery{First: MaxPage}); f.err == nil; {
		pages, err := f.store.Related(f.ctx, Operator, RelatedQuery{Relation: OpportunityInvitations, Parents: []string{opportunity}, Page: page})
		if f.err = err; err != nil {
			return false
		}
		for _, node := range pages[0].Nodes {
			if node.(*Invitation).Stands(partner) {
				return true
			}
		}
		if !pages[0].HasNext {
			return false
		}
		page.After = &pages[0].Keys[len(pages[0].Keys)-1]
	}
	return false
}
