package embedded

import (
	"slices"

	"valueweb/graph"
)

// subtree is a competency and everything narrower, any depth.
type subtree struct {
	has map[string]struct{}
	ids []string // sorted
}

func (t *subtree) holds(competency string) bool {
	if t == nil {
		return false
	}
	_, ok := t.has[competency]
	return ok
}

// subtreeOf returns the closure of a competency, nil for an unknown one.
func (s *state) subtreeOf(competency string) *subtree {
	t, _ := s.below.Get(competency)
	return t
}

// retell renews the closures that changed competencies take part in: their own and those of everything
// broader. before holds the broader ones that they had.
func (s *state) retell(changed map[string][]string) {
	affected := map[string]bool{}
	var up func(id string)
	up = func(id string) {
		if affected[id] {
			return
		}
		affected[id] = true
		if c, ok := lookup[*graph.Competency](s, graph.KindCompetency, id); ok {
			for _, broader := range c.Broader {
				up(broader)
			}
		}
	}
	for id, before := range changed {
		up(id)
		for _, broader := range before {
			up(broader)
		}
	}
	for id := range affected {
		if s.get(graph.KindCompetency, id) == nil {
			s.below.Delete(id)
			continue
		}
		s.below.Set(id, s.descend(id))
	}
}

// descend collects a competency and everything narrower.
func (s *state) descend(root string) *subtree {
	t := &subtree{has: map[string]struct{}{}}
	var down func(id string)
	down = func(id string) {
		if _, seen := t.has[id]; seen {
			return
		}
		t.has[id] = struct{}{}
		t.ids = append(t.ids, id)
		related(s, competenciesByBroader, id, func(c *graph.Competency) bool {
			down(c.ID)
			return true
		})
	}
	down(root)
	slices.Sort(t.ids)
	return t
}
