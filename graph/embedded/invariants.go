package embedded

import (
	"valueweb/graph"
)

// check says which invariant a node would break, nil for none (1-graph.md, invariants 1, 4, 5 and 7).
func (s *state) check(node graph.Node) error {
	if err := graph.CheckNode(node); err != nil {
		return err
	}
	for _, ref := range node.References() {
		if ref.Kind == node.Kind() && ref.ID == node.Header().ID {
			return graph.Invalid(ref.Field, "%q refers to itself", ref.ID)
		}
		if s.get(ref.Kind, ref.ID) == nil {
			return graph.NotFound(ref.Field, ref.Kind, ref.ID)
		}
	}
	switch n := node.(type) {
	case *graph.Competency:
		return s.acyclic(n.ID, n.Broader, "parent_id", func(id string) []string {
			c, _ := lookup[*graph.Competency](s, graph.KindCompetency, id)
			return c.Broader
		})
	case *graph.Partner:
		return s.acyclic(n.ID, one(n.PartOf), "part_of", func(id string) []string {
			p, _ := lookup[*graph.Partner](s, graph.KindPartner, id)
			return one(p.PartOf)
		})
	case *graph.Region:
		return s.acyclic(n.ID, one(n.Parent), "parent_id", func(id string) []string {
			r, _ := lookup[*graph.Region](s, graph.KindRegion, id)
			return one(r.Parent)
		})
	case *graph.Referral:
		return s.acyclic(n.ID, one(n.Parent), "parent_id", func(id string) []string {
			r, _ := lookup[*graph.Referral](s, graph.KindReferral, id)
			return one(r.Parent)
		})
	case *graph.Solution:
		return s.acyclic(n.ID, n.BuildsOn, "builds_on", func(id string) []string {
			b, _ := lookup[*graph.Solution](s, graph.KindSolution, id)
			return b.BuildsOn
		})
	case *graph.Holding:
		return s.checkHolding(n)
	case *graph.Certification:
		return s.checkOffice(n.Office, n.Partner)
	case *graph.Contact:
		if n.Partner != "" {
			return s.checkOffice(n.Office, n.Partner)
		}
	}
	return nil
}

// acyclic refuses parents from which the node itself is reached.
func (s *state) acyclic(id string, parents []string, field string, up func(id string) []string) error {
	if len(parents) == 0 {
		return nil
	}
	seen := map[string]bool{}
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
	for _, parent := range parents {
		if reaches(parent) {
			return graph.Invalid(field, "%q would close a circle: it already leads up to %q", parent, id)
		}
	}
	return nil
}

// checkHolding keeps one holding per partner, competency and office at a time.
func (s *state) checkHolding(h *graph.Holding) error {
	if err := s.checkOffice(h.Office, h.Partner); err != nil {
		return err
	}
	if h.MergedInto != "" {
		return nil
	}
	var clash *graph.Holding
	related(s, holdingsByPartner, h.Partner, func(other *graph.Holding) bool {
		if other.ID != h.ID && other.MergedInto == "" && other.Competency == h.Competency && other.Office == h.Office && other.Overlaps(h) {
			clash = other
		}
		return clash == nil
	})
	if clash != nil {
		return graph.Invalid("competency_id", "the holding %q of the same partner, competency and office overlaps in time", clash.ID)
	}
	return nil
}

// checkOffice refuses an office of another partner.
func (s *state) checkOffice(office, partner string) error {
	if office == "" {
		return nil
	}
	if o, ok := lookup[*graph.Office](s, graph.KindOffice, office); ok && o.Partner != partner {
		return graph.Invalid("office_id", "the office %q belongs to %q, not to %q", office, o.Partner, partner)
	}
	return nil
}
