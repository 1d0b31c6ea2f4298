package embedded

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"valueweb/graph"
)

// Gap implements graph.Traverser.
func (s *Store) Gap(ctx context.Context, v graph.Viewer, q graph.GapQuery) (graph.GapFacts, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return graph.GapFacts{}, err
	}
	t, err := now.resolve(q)
	if err != nil {
		return graph.GapFacts{}, err
	}
	return t.widen(ctx)
}

// traversal is a question resolved against one state.
type traversal struct {
	*sight
	q        graph.GapQuery
	facts    graph.GapFacts
	subtrees []*subtree // of the needs
	walls    walls
	declined map[string]bool
	proof    period
	fair     period
}

// period is half open: (from, to]. A day that is not stated lies in none.
type period struct{ from, to graph.Date }

func (p period) holds(d graph.Date) bool { return !d.IsZero() && p.from < d && d <= p.to }

// walls is what the walls around a customer take away.
type walls struct {
	blocked map[string]bool       // partners kept out of a need itself
	without map[string][]*subtree // by partner: subtrees whose holdings do not count; nil: all
}

// widen tries the radii of the question until enough partners qualify.
func (t *traversal) widen(ctx context.Context) (graph.GapFacts, error) {
	for i, radius := range t.q.Radii {
		t.facts.RadiusKm = radius
		if err := t.within(ctx, radius); err != nil {
			return graph.GapFacts{}, err
		}
		if len(t.facts.Candidates) >= t.q.Enough || i == len(t.q.Radii)-1 {
			break
		}
	}
	return t.facts, nil
}

// reach is a partner that may be near: its offices within the radius.
type reach struct {
	partner string
	offices []graph.OfficeFacts
}

// deadlineEvery is how many partners are looked at between two looks at the deadline.
const deadlineEvery = 256

// within gathers the facts of all who qualify within a radius.
func (t *traversal) within(ctx context.Context, radius float64) error {
	t.facts.Candidates = nil
	for i, r := range t.reachable(radius) {
		if i%deadlineEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if c, ok := t.qualify(r); ok {
			t.facts.Candidates = append(t.facts.Candidates, c)
		}
	}
	return ctx.Err()
}

// reachable lists the partners that may qualify within a radius, ordered by id: those with an office
// there, and where remote counts those with a remote holding of the first need. Anywhere starts at the
// holders of a need instead of at the place.
func (t *traversal) reachable(radius float64) []reach {
	if math.IsInf(radius, 1) {
		return t.holders()
	}
	at := map[string]int{}
	var all []reach
	find := func(partner string) *reach {
		i, ok := at[partner]
		if !ok {
			i = len(all)
			at[partner] = i
			all = append(all, reach{partner: partner})
		}
		return &all[i]
	}
	t.facts.Visited += near(t.state, officesByCell, t.facts.Points, radius, officeAt, func(o *graph.Office, km float64) {
		if !o.LiveAt(t.q.AsOf) {
			return
		}
		r := find(o.Partner)
		r.offices = append(r.offices, officeFacts(o, km))
	})
	if t.q.Remote {
		t.holdersOf(0, remoteByCompetency, func(partner string) { find(partner) })
	}
	if need, few := t.rarest(holdersWorth * len(all)); few {
		holds := make([]bool, len(all))
		t.holdersOf(need, holdingsByCompetency, func(partner string) {
			if i, ok := at[partner]; ok {
				holds[i] = true
			}
		})
		kept := all[:0]
		for i := range all {
			if holds[i] {
				kept = append(kept, all[i])
			}
		}
		all = kept
	}
	return ordered(all)
}

// holdersWorth is how many holders of a need cost as much to look through as all that one partner holds.
const holdersWorth = 2

// rarest is the need that the fewest holdings fill, if they are fewer than so many.
func (t *traversal) rarest(limit int) (need int, few bool) {
	for i, subtree := range t.subtrees {
		n := 0
		for _, competency := range subtree.ids {
			if n += t.group(holdingsByCompetency, competency).size(); n >= limit {
				break
			}
		}
		if n < limit {
			need, limit, few = i, n, true
		}
	}
	return need, few
}

// holders lists every partner that holds the first need, with all its offices.
func (t *traversal) holders() []reach {
	seen := map[string]bool{}
	var all []reach
	t.holdersOf(0, holdingsByCompetency, func(partner string) {
		if seen[partner] {
			return
		}
		seen[partner] = true
		all = append(all, reach{partner: partner, offices: t.officesOf(partner)})
	})
	return ordered(all)
}

// holdersOf calls yield for the partner of every holding of a need in an index.
func (t *traversal) holdersOf(need int, i indexID, yield func(partner string)) {
	for _, competency := range t.subtrees[need].ids {
		related(t.state, i, competency, func(h *graph.Holding) bool {
			t.facts.Visited++
			yield(h.Partner)
			return true
		})
	}
}

func (t *traversal) officesOf(partner string) []graph.OfficeFacts {
	var offices []graph.OfficeFacts
	related(t.state, officesByPartner, partner, func(o *graph.Office) bool {
		t.facts.Visited++
		if !o.LiveAt(t.q.AsOf) {
			return true
		}
		offices = append(offices, officeFacts(o, o.Location.Nearest(t.facts.Points)))
		return true
	})
	return offices
}

func officeFacts(o *graph.Office, km float64) graph.OfficeFacts {
	return graph.OfficeFacts{ID: o.ID, Name: o.Name, City: o.City, Country: o.Country, Km: km}
}

func ordered(all []reach) []reach {
	slices.SortFunc(all, func(a, b reach) int { return strings.Compare(a.partner, b.partner) })
	return all
}

// qualify gathers the facts of a partner if it fills every need from where it is.
func (t *traversal) qualify(r reach) (graph.CandidateFacts, bool) {
	var none graph.CandidateFacts
	if r.partner == t.facts.Asker || t.hidden(r.partner) || t.walls.blocked[r.partner] || t.declined[r.partner] {
		return none, false
	}
	holdings := t.holdingsFor(r)
	if holdings == nil {
		return none, false
	}
	p, _ := lookup[*graph.Partner](t.state, graph.KindPartner, r.partner)
	t.facts.Visited++
	if !t.admits(p) || p.Status != graph.Active || p.EffectiveCapacity() <= 0 {
		return none, false
	}
	slices.SortFunc(r.offices, func(a, b graph.OfficeFacts) int {
		return cmp.Or(cmp.Compare(a.Km, b.Km), strings.Compare(a.ID, b.ID))
	})
	return graph.CandidateFacts{
		Partner: p.ID, Name: p.Name, Kind: p.PartnerKind, Tier: p.Tier, Capacity: p.Capacity, Synthetic: p.Synthetic,
		Offices: serving(r.offices, holdings), Holdings: holdings, Track: t.track(p.ID),
	}, true
}

// serving keeps the offices at which some of the holdings counts.
func serving(offices []graph.OfficeFacts, holdings [][]graph.HoldingFacts) []graph.OfficeFacts {
	return slices.DeleteFunc(offices, func(o graph.OfficeFacts) bool {
		return !slices.ContainsFunc(holdings, func(ofNeed []graph.HoldingFacts) bool {
			return slices.ContainsFunc(ofNeed, func(h graph.HoldingFacts) bool { return h.Office == "" || h.Office == o.ID })
		})
	})
}

// admits reports whether a partner is of a kind and tier asked for.
func (t *traversal) admits(p *graph.Partner) bool {
	return t.admitsKind(p) && t.admitsTier(p)
}

func (t *traversal) admitsKind(p *graph.Partner) bool {
	return len(t.q.Kinds) == 0 || slices.Contains(t.q.Kinds, p.PartnerKind)
}

func (t *traversal) admitsTier(p *graph.Partner) bool {
	return graph.TierRank(p.Tier) >= graph.TierRank(t.q.MinTier)
}

// holdingsFor lists by need the holdings that qualify from a partner's offices; nil if a need has none.
func (t *traversal) holdingsFor(r reach) [][]graph.HoldingFacts {
	var holdings [][]graph.HoldingFacts
	var certificates []*graph.Certification
	read := false
	related(t.state, holdingsByPartner, r.partner, func(h *graph.Holding) bool {
		t.facts.Visited++
		for need := range t.subtrees {
			if !t.fits(h, need) || h.EffectiveLevel() < t.facts.Needs[need].MinLevel || !t.counts(h, r.offices) {
				continue
			}
			if !read {
				certificates, read = t.certificatesOf(r.partner), true
			}
			cert := t.attested(h, certificates)
			if t.q.CertifiedOnly && cert == nil {
				continue
			}
			if holdings == nil {
				holdings = make([][]graph.HoldingFacts, len(t.subtrees))
			}
			holdings[need] = append(holdings[need], t.holdingFacts(h, need, cert))
		}
		return true
	})
	if holdings == nil || slices.ContainsFunc(holdings, func(h []graph.HoldingFacts) bool { return len(h) == 0 }) {
		return nil
	}
	return holdings
}

// fits reports whether a holding is of a need's competency or a narrower one, current and not walled.
func (t *traversal) fits(h *graph.Holding, need int) bool {
	return t.subtrees[need].holds(h.Competency) && h.CurrentAt(t.q.AsOf) && !t.walls.takes(h)
}

// counts reports whether a holding counts from the offices within the radius, or remotely.
func (t *traversal) counts(h *graph.Holding, offices []graph.OfficeFacts) bool {
	if t.q.Remote && h.Remote {
		return true
	}
	if h.Office == "" {
		return len(offices) > 0
	}
	return slices.ContainsFunc(offices, func(o graph.OfficeFacts) bool { return o.ID == h.Office })
}

// takes reports whether a wall takes a holding away.
func (w walls) takes(h *graph.Holding) bool {
	return slices.ContainsFunc(w.without[h.Partner], func(t *subtree) bool { return t.holds(h.Competency) })
}

// certificatesOf lists the certifications of a partner that are valid.
func (t *traversal) certificatesOf(partner string) []*graph.Certification {
	var valid []*graph.Certification
	related(t.state, certificationsByPartner, partner, func(c *graph.Certification) bool {
		t.facts.Visited++
		if c.ValidAt(t.q.AsOf) {
			valid = append(valid, c)
		}
		return true
	})
	return valid
}

// attested returns the best certification that attests a holding: of its competency or a narrower one.
func (t *traversal) attested(h *graph.Holding, certificates []*graph.Certification) *graph.Certification {
	var best *graph.Certification
	for _, c := range certificates {
		if c.CoversOffice(h.Office) && (c.Competency == h.Competency || t.subtreeOf(h.Competency).holds(c.Competency)) && (best == nil || c.Better(best)) {
			best = c
		}
	}
	return best
}

func (t *traversal) holdingFacts(h *graph.Holding, need int, cert *graph.Certification) graph.HoldingFacts {
	facts := graph.HoldingFacts{
		ID: h.ID, Competency: h.Competency, Office: h.Office, Exact: h.Competency == t.facts.Needs[need].Competency,
		Level: h.Level, Since: h.Since, Until: h.Until, Remote: h.Remote,
	}
	if c, ok := lookup[*graph.Competency](t.state, graph.KindCompetency, h.Competency); ok {
		facts.CompetencyName = c.Name
	}
	if cert != nil {
		facts.Certification = &graph.CertificationFacts{ID: cert.ID, Scheme: cert.Scheme, ExpiresOn: cert.ExpiresOn}
	}
	return facts
}

// track sums what a partner received, closed and carries.
func (t *traversal) track(partner string) graph.TrackFacts {
	var track graph.TrackFacts
	asOf := t.q.AsOf
	if received := t.group(referralsByRecipient, partner); received.size() >= ledgerFrom {
		t.tally(&track, t.ledgers.ledgerOf(partner, received))
	} else {
		for _, chunk := range received {
			for _, node := range chunk {
				t.facts.Visited++
				r := node.(*graph.Referral)
				e := receiptOf(r)
				t.add(&track, &e, t.needs(r.Competency))
			}
		}
	}
	t.takeAway(&track, partner)
	related(t.state, opportunitiesByDuty, partner, func(o *graph.Opportunity) bool {
		t.facts.Visited++
		if t.Access != nil && t.Rule(o).Hides() {
			return true
		}
		if o.OpenAt(asOf) {
			track.OpenOpportunities++
		}
		closing := o.Closing()
		if o.Lead == partner && o.Counts() && t.proof.holds(closing) && slices.ContainsFunc(o.Needs, func(n graph.Need) bool { return t.needs(n.Competency) }) {
			track.Count(o.Stage == graph.Launched, closing)
		}
		return true
	})
	if t.Access != nil {
		track.LastWon = 0 // it may be the day of a referral that the viewer may not read
	}
	return track
}

// takeAway takes from the figures of a partner what referrals add that are hidden from the viewer.
func (t *traversal) takeAway(track *graph.TrackFacts, partner string) {
	if t.Access == nil {
		return
	}
	var hidden graph.TrackFacts
	for i, shade := range t.shaded {
		for _, r := range shade[partner] {
			if t.Hidden[r.From] && i == 0 || !t.Hidden[r.From] && i == 1 {
				e := receiptOf(r)
				t.add(&hidden, &e, t.needs(r.Competency))
			}
		}
	}
	track.Received -= hidden.Received
	track.OpenReferrals -= hidden.OpenReferrals
	track.Won -= hidden.Won
	track.Closed -= hidden.Closed
}

// needs reports whether a competency is one that is needed, or narrower.
func (t *traversal) needs(competency string) bool {
	return competency != "" && slices.ContainsFunc(t.subtrees, func(s *subtree) bool { return s.holds(competency) })
}
