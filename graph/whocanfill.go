package graph

import (
	"context"
	"math"
	"slices"
	"sort"
	"time"
)

// WhoCanFill answers who can fill a gap near a customer: the partners that qualify, best first, each with
// its reasons. It asks the store once (twice where what was left out is selected), the network once, and
// ranks and explains with pure functions.
func (g *Graph) WhoCanFill(ctx context.Context, v Viewer, gap Gap, page PageArgs, extras CandidateExtras) (*CandidatePage, error) {
	if err := gap.Validate(); err != nil {
		return nil, err
	}
	if err := CheckFirst("first", page.First, MaxPage); err != nil {
		return nil, err
	}
	question := questionDigest(v, "whoCanFill", gap)
	query := GapQuery{Gap: gap, Radii: gap.radii(), Enough: EnoughPartners}
	if err := query.ask(v); err != nil {
		return nil, err
	}
	var after *cursor
	if page.After != "" {
		c, err := decodeCursor("after", page.After, question)
		if err != nil {
			return nil, err
		}
		after = &c
		query.pin(c)
	}
	if query.AsOf.IsZero() {
		query.AsOf = g.Today()
	}
	ranking, err := g.rankGap(ctx, v, query)
	if err != nil {
		return nil, err
	}
	answer := ranking.page(question, after, page.First)
	if extras.LeftOut || extras.Loosen && answer.Total == 0 {
		if err := g.addShortfall(ctx, v, query, ranking.facts, extras, answer); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// ask lets a partner ask for itself, and a customer for nobody. Others may name whom they ask for.
func (q *GapQuery) ask(v Viewer) error {
	if v.Role.OfOrganisation() && q.Asker != "" && !v.Is(q.Asker) {
		return &Error{Code: CodeForbidden, Field: "gap.asker", Message: "only operators and analysts may name an asker: leave it out"}
	}
	switch v.Role {
	case RolePartner:
		q.Asker = v.Organisation
	case RoleCustomer:
		q.Nobody = true
	}
	return nil
}

// pin takes over what the first page fixed: the day and the ring.
func (q *GapQuery) pin(c cursor) {
	q.AsOf = c.AsOf
	if c.Radius < 0 {
		q.Radii = []float64{math.Inf(1)}
	} else {
		q.Radii = []float64{c.Radius}
	}
}

// rankGap reads the facts and the trust paths of a question and ranks all who qualify.
func (g *Graph) rankGap(ctx context.Context, v Viewer, query GapQuery) (*ranking, error) {
	facts, err := g.Store.Gap(ctx, v, query)
	if err != nil {
		return nil, g.suggest(ctx, v, err)
	}
	weights, err := query.Weights.normalise(facts.Asker != "")
	if err != nil {
		return nil, err
	}
	trust := TrustFacts{Seq: facts.Seq} // where no tie counts the answer is as new as its facts
	if facts.Asker != "" && len(facts.Candidates) > 0 {
		if trust, err = g.trust(ctx, v, query, facts); err != nil {
			return nil, err
		}
	}
	return rank(query, facts, weights, trust, g.Network.Name), nil
}

func (g *Graph) trust(ctx context.Context, v Viewer, query GapQuery, facts GapFacts) (TrustFacts, error) {
	if facts.AskerState != Active || slices.Contains(facts.Blocked, facts.Asker) {
		return TrustFacts{Seq: facts.Seq}, nil
	}
	if err := g.settle(ctx, facts.Seq); err != nil {
		return TrustFacts{}, err
	}
	candidates := make([]string, len(facts.Candidates))
	for i := range facts.Candidates {
		candidates[i] = facts.Candidates[i].Partner
	}
	trust, err := g.Network.Trust(ctx, TrustQuery{
		Asker: facts.Asker, Candidates: candidates, Without: facts.Blocked, Hidden: facts.Access.Concealment(), AsOf: query.AsOf,
	})
	for _, path := range trust.Paths {
		v.tell(path.Ties)
	}
	return trust, err
}

// settleFor is how long a question waits for the network to catch up with the store before it answers
// with ties that lag; the answer's seq says so.
const settleFor = 250 * time.Millisecond

// settle waits a moment until the ties reflect what the store held at a seq.
func (g *Graph) settle(ctx context.Context, seq int64) error {
	if g.Network.Seq() >= seq {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	if err := g.Network.Await(waiting, seq); err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return nil
}

// addShortfall fills in who was left out and, for an empty answer, what to loosen.
func (g *Graph) addShortfall(ctx context.Context, v Viewer, query GapQuery, facts GapFacts, extras CandidateExtras, answer *CandidatePage) error {
	query.Radii = []float64{facts.RadiusKm}
	var loosened []variant
	var queries []GapQuery
	if extras.Loosen && answer.Total == 0 {
		loosened = variants(withRadii(query), facts.Needs)
		for _, l := range loosened {
			queries = append(queries, l.query)
		}
	}
	shortfall, err := g.Store.GapShortfall(ctx, v, query, queries)
	if err != nil {
		return err
	}
	answer.LeftOut = shortfall.LeftOut
	if v.Role.OfOrganisation() {
		answer.LeftOut.Status = 0 // partners that are SUSPENDED or LEFT are undisclosed to them
	}
	answer.Loosen = loosenings(loosened, shortfall.Found)
	return nil
}

// withRadii is the question with the distances that it tries by itself.
func withRadii(query GapQuery) GapQuery {
	query.Radii = query.radii()
	return query
}

// loosenings are the variants that find somebody, most first.
func loosenings(loosened []variant, found []VariantFound) []Loosening {
	var all []Loosening
	for i, l := range loosened {
		if found[i].Count == 0 {
			continue
		}
		to := l.to
		if l.filter == LoosenRadius {
			to = radiusText(found[i].RadiusKm)
		}
		all = append(all, Loosening{Filter: l.filter, To: to, WouldFind: found[i].Count})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].WouldFind > all[j].WouldFind })
	return all
}
