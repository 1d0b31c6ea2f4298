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
	if h, ok := graph.Hierarchies[node.Kind()]; ok && len(h.Parents(node)) > 0 {
		return h.CheckAcyclic(node, func(id string) []string { return h.Parents(s.get(node.Kind(), id)) })
	}
	switch n := node.(type) {
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
