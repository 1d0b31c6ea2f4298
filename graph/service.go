package graph

import (
	"context"
	"time"
)

// Graph answers questions over a store and the network that follows it.
type Graph struct {
	Store   Store
	Network Network
	Clock   func() time.Time // for the default of asOf
}

// Today is the day that a question without asOf is about, in UTC.
func (g *Graph) Today() Date { return DateOf(g.Clock()) }

// PageArgs is the page of a ranked answer.
type PageArgs struct {
	First int
	After string
}

// CandidateExtras are parts of an answer that are computed only when asked for.
type CandidateExtras struct{ LeftOut, Loosen bool }

// CheckFirst refuses a page size outside 1..MaxPage.
func CheckFirst(field string, first, most int) error {
	if first < 1 || first > most {
		return Invalid(field, "%s must be between 1 and %d, not %d", field, most, first)
	}
	return nil
}

// Suggest adds the nearest known ids to an error that says that something was not found.
func (g *Graph) Suggest(ctx context.Context, v Viewer, err error) error {
	return g.suggest(ctx, v, err)
}

// suggest adds the nearest known ids to an error that says that something was not found.
func (g *Graph) suggest(ctx context.Context, v Viewer, err error) error {
	e, ok := AsError(err)
	if !ok || e.Code != CodeNotFound || e.Kind == "" || len(e.Allowed) > 0 {
		return err
	}
	if len(e.ID) > MaxID {
		return err // no id is like it
	}
	nearest, lookupErr := g.Store.Nearest(ctx, v, e.Kind, e.ID, 3)
	if lookupErr != nil || len(nearest) == 0 {
		return err
	}
	better := *e
	better.Allowed = nearest
	better.Message += "; the nearest known: " + joinWords(nearest)
	return &better
}
