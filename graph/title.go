package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Title is the name by which people know a node, empty for a kind without one.
func Title(node Node) string {
	switch n := node.(type) {
	case *Partner:
		return n.Name
	case *Office:
		return n.Label()
	case *Competency:
		return n.Name
	case *Customer:
		return n.Name
	case *Site:
		return n.Name
	case *Region:
		return n.Name
	case *Solution:
		return n.Name
	case *Opportunity:
		return n.Title
	}
	return ""
}

// Searchable lists the texts of a node in which a text filter looks.
func Searchable(node Node) []string {
	texts := []string{node.Header().ID, Title(node)}
	switch n := node.(type) {
	case *Partner:
		texts = append(texts, n.Aliases...)
	case *Competency:
		texts = append(texts, n.Aliases...)
	case *Office:
		texts = append(texts, n.City)
	case *Site:
		texts = append(texts, n.City)
	}
	return texts
}

// Likeness finds the ids that are most like a text: by edit distance of id or name, without regard to case
// and accents; what contains the text, or is contained in it, is near.
type Likeness struct {
	wanted string
	most   int // edits
	hits   []likeHit
}

type likeHit struct {
	id       string
	distance int
}

// NewLikeness looks for a text. No id is like one that is longer than a name may be.
func NewLikeness(text string) *Likeness {
	if len(text) > MaxName {
		return &Likeness{most: -1}
	}
	wanted := Fold(text)
	return &Likeness{wanted: wanted, most: max(2, len([]rune(wanted))/3)}
}

// Consider takes an id and its name, both folded, into account.
func (l *Likeness) Consider(id, foldedID, foldedTitle string) {
	if l.most < 0 {
		return
	}
	best := likeDistance(l.wanted, foldedID)
	if foldedTitle != "" {
		best = min(best, likeDistance(l.wanted, foldedTitle))
	}
	if best <= l.most {
		l.hits = append(l.hits, likeHit{id, best})
	}
}

// Best returns up to n ids, best first; equal ones by length, then by id.
func (l *Likeness) Best(n int) []string {
	slices.SortFunc(l.hits, func(a, b likeHit) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(len(a.id), len(b.id)), strings.Compare(a.id, b.id))
	})
	var ids []string
	for _, h := range l.hits[:min(n, len(l.hits))] {
		ids = append(ids, h.id)
	}
	return ids
}

// likeDistance is the edit distance; a text that holds the other counts as two edits.
func likeDistance(a, b string) int {
	if len(a) >= 3 && strings.Contains(b, a) || len(b) >= 3 && strings.Contains(a, b) {
		return 2
	}
	return levenshtein.ComputeDistance(a, b)
}
