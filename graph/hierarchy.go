package graph

// Hierarchy is how the nodes of a kind stand under others of the kind, without a circle.
type Hierarchy struct {
	Field   string // by which a node names those above it
	parents func(Node) []string
}

// Hierarchies are the kinds of which nodes stand under others (1-graph.md, invariant 4).
var Hierarchies = map[Kind]Hierarchy{
	KindCompetency: hierarchy("parent_id", func(c *Competency) []string { return c.Broader }),
	KindPartner:    hierarchy("part_of", func(p *Partner) []string { return oneID(p.PartOf) }),
	KindRegion:     hierarchy("parent_id", func(r *Region) []string { return oneID(r.Parent) }),
	KindReferral:   hierarchy("parent_id", func(r *Referral) []string { return oneID(r.Parent) }),
	KindSolution:   hierarchy("builds_on", func(s *Solution) []string { return s.BuildsOn }),
}

func hierarchy[N Node](field string, parents func(N) []string) Hierarchy {
	return Hierarchy{Field: field, parents: func(n Node) []string { return parents(n.(N)) }}
}

func oneID(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// Parents are the ids of those that a node of the kind stands under.
func (h Hierarchy) Parents(n Node) []string { return h.parents(n) }

// CheckAcyclic refuses a node that would stand above itself; up gives the parents of an id.
func (h Hierarchy) CheckAcyclic(n Node, up func(id string) []string) error {
	id, seen := n.Header().ID, map[string]bool{}
	var reaches func(from string) bool
	reaches = func(from string) bool {
		if from == id {
			return true
		}
		if seen[from] {
			return false
		}
		seen[from] = true
		for _, parent := range up(from) {
			if reaches(parent) {
				return true
			}
		}
		return false
	}
	for _, parent := range h.Parents(n) {
		if reaches(parent) {
			return Invalid(h.Field, "%q would close a circle: it already leads up to %q", parent, id)
		}
	}
	return nil
}
