package neo4jstore

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"valueweb/graph"
)

// The ways in which a question gets at partners that may qualify.
type reach string

const (
	reachNear    reach = "near"    // from the place, over the offices near it
	reachRemote  reach = "remote"  // likewise, and to whoever holds the first need remotely
	reachHolders reach = "holders" // from the first need, wherever its holders are
)

// gapBy are the statements of the question, by the way in.
var gapBy = map[reach]sighted{
	reachNear:    gapStatement("gap", reachNear),
	reachRemote:  gapStatement("gap", reachRemote),
	reachHolders: gapStatement("gap", reachHolders),
}

func gapStatement(name string, by reach) sighted {
	return momentFor(name+" "+string(by), filled(file(name),
		"PLACE", file("place"), "QUESTION", file("question"), "REACH", indent(file("reach-"+string(by))), "TRACK", indent(indent(file("track")))))
}

// How the database measures: on a sphere of another radius, in metres. A ring is asked for a little wider,
// so that rounding loses nobody; what is too much is cut where kilometres are measured.
const (
	databaseRadiusM = 6_378_140.0
	metresPerKm     = databaseRadiusM / graph.EarthRadiusKm
	ringMargin      = 1 + 1e-9
	everywhere      = 1e13 // metres: more than any distance
)

// metres is a radius in kilometres as the database is asked for it.
func metres(km float64) float64 {
	if math.IsInf(km, 1) {
		return everywhere
	}
	return km*metresPerKm*ringMargin + 0.001
}

// Gap implements graph.Traverser. The first radius costs one statement, all others together a second one.
func (s *Store) Gap(ctx context.Context, v graph.Viewer, q graph.GapQuery) (graph.GapFacts, error) {
	var facts graph.GapFacts
	seq, err := s.view(ctx, v, func(ctx context.Context, r sight) (err error) {
		facts, err = gap(ctx, r, q)
		return err
	})
	facts.Seq = seq
	return facts, err
}

func gap(ctx context.Context, r sight, q graph.GapQuery) (graph.GapFacts, error) {
	for radii, first := q.Radii, true; ; first = false {
		by := reachHolders
		ask := radii
		if first {
			ask, by = radii[:1], wayIn(q, radii[0])
		}
		facts, err := gapWithin(ctx, r, q, ask, by)
		if err != nil {
			return facts, err
		}
		next := slices.Index(radii, facts.RadiusKm) + 1
		if len(facts.Candidates) >= q.Enough || next == len(radii) {
			return facts, nil
		}
		radii = radii[next:]
	}
}

// wayIn is how the first radius is looked through.
func wayIn(q graph.GapQuery, radius float64) reach {
	switch {
	case math.IsInf(radius, 1):
		return reachHolders
	case q.Remote:
		return reachRemote
	}
	return reachNear
}

// gapWithin asks for the smallest of some radii at which enough qualify, as the database measures.
func gapWithin(ctx context.Context, r sight, q graph.GapQuery, radii []float64, by reach) (graph.GapFacts, error) {
	rings := make([]float64, len(radii))
	for i, km := range radii {
		rings[i] = metres(km)
	}
	params := gapParams(q)
	params["rings"], params["enough"] = rings, q.Enough
	found, err := r.look(ctx, gapBy[by], params)
	if err != nil {
		return graph.GapFacts{}, err
	}
	answer := found.within("answer")
	facts, err := r.resolved(q, answer)
	if err != nil {
		return facts, err
	}
	facts.RadiusKm = radii[max(0, slices.Index(rings, answer.number("ring")))]
	for _, value := range answer.list("candidates") {
		if c, ok := candidate(q, facts, value.([]any)); ok {
			facts.Candidates = append(facts.Candidates, c)
		}
	}
	slices.SortFunc(facts.Candidates, func(a, b graph.CandidateFacts) int { return strings.Compare(a.Partner, b.Partner) })
	return facts, nil
}

// gapParams are the parameters of a question.
func gapParams(q graph.GapQuery) map[string]any {
	needs := make([]any, len(q.Needs))
	for i, need := range q.Needs {
		needs[i] = map[string]any{"position": i, "competency": need.Competency, "minLevel": need.MinLevel}
	}
	proofFrom, asOf := graph.ProofPeriod(q.AsOf)
	fairFrom, _ := graph.FairPeriod(q.AsOf)
	return map[string]any{
		"place": placeParam(q.Place), "needs": needs, "asker": askerParam(q), "asOf": dateParam(asOf),
		"kinds": listParam(q.Kinds), "minTier": max(0, graph.TierRank(q.MinTier)), "tiers": tiersFrom(q.MinTier),
		"remote": q.Remote, "certifiedOnly": q.CertifiedOnly,
		"proofFrom": dateParam(proofFrom), "fairFrom": dateParam(fairFrom), "never": dateParam(never),
	}
}

// askerParam is the id of the asker, null where an opportunity may supply one, and the id of nobody where it may
// not.
func askerParam(q graph.GapQuery) any {
	if q.Nobody {
		return q.Asker
	}
	return textParam(q.Asker)
}

// never stands for a day that is not stated where days are compared: before every day, and in no period.
var never = graph.NewDate(0, 1, 1)

// tiersFrom lists the tiers of a rank or above.
func tiersFrom(tier string) []string { return graph.Tiers[max(0, graph.TierRank(tier)):] }

// textParam is a text as a parameter, null where it is not stated.
func textParam(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// listParam is a list as a parameter, null where it is empty.
func listParam[T ~string](values []T) any {
	if len(values) == 0 {
		return nil
	}
	return plain(values)
}

// resolved is what a question was resolved to, or what is wrong with it: place, needs, asker, in this order.
func (s sight) resolved(q graph.GapQuery, answer row) (graph.GapFacts, error) {
	facts := graph.GapFacts{Access: s.access}
	at, err := s.placeOf(q.Place, answer.within("place"), "gap.place", q.AsOf)
	if err != nil {
		return facts, err
	}
	facts.Points, facts.Country, facts.Customer = at.points, at.country, at.customer
	if facts.Needs, err = resolvedNeeds(q, answer); err != nil {
		return facts, err
	}
	asker := q.Asker
	if asker == "" && !q.Nobody {
		asker = at.owner
	}
	if asker != "" {
		if facts.Asker = answer.text("asker"); facts.Asker == "" {
			return facts, graph.NotFound("gap.asker", graph.KindPartner, asker)
		}
		facts.AskerState = graph.PartnerStatus(answer.text("askerState"))
	}
	blocked := texts[string](answer, "blocked")
	slices.Sort(blocked)
	facts.Blocked = slices.Compact(blocked)
	return facts, nil
}

func resolvedNeeds(q graph.GapQuery, answer row) ([]graph.NeedFacts, error) {
	var needs []graph.Need
	var facts []graph.NeedFacts
	for _, value := range answer.list("needs") {
		one, _ := value.([]any)
		competency, _ := one[0].(string)
		level, _ := one[1].(int64)
		title, _ := one[2].(string)
		need := graph.Need{Competency: competency, MinLevel: int(level)}
		needs, facts = append(needs, need), append(facts, graph.NeedFacts{Need: need, Name: title})
	}
	if len(needs) == 0 {
		return nil, graph.Invalid("gap.needs", "the opportunity %q states no needs: name at least one", q.Place.Opportunity)
	}
	if err := graph.CheckNeeds("gap.needs", needs, graph.MaxNeeds); err != nil {
		return nil, err
	}
	for i, value := range answer.list("needs") {
		if known, _ := value.([]any)[3].(bool); !known {
			return nil, graph.NotFound(fmt.Sprintf("gap.needs.%d.competency", i), graph.KindCompetency, needs[i].Competency)
		}
	}
	return facts, nil
}

// The places of the parts of a candidate in its row.
const (
	atPartner = iota
	atName
	atCapacity
	atSynthetic
	atOffices
	atHoldings
	atWon
	atClosed
	atLastWon
	atOpenReferrals
	atOpenOpportunities
	atReceived
	atKind
	atTier
)

// candidate makes the facts of a partner from its row. It reports whether the partner qualifies still, once
// kilometres are measured.
func candidate(q graph.GapQuery, facts graph.GapFacts, one []any) (graph.CandidateFacts, bool) {
	c := graph.CandidateFacts{
		Partner: textAt(one, atPartner), Name: textAt(one, atName), Kind: graph.PartnerKind(textAt(one, atKind)), Tier: textAt(one, atTier),
		Synthetic: truthAt(one, atSynthetic),
		Offices:   officesWithin(one[atOffices].([]any), facts.Points, facts.RadiusKm),
		Track: graph.TrackFacts{
			Won: numberAt(one, atWon), Closed: numberAt(one, atClosed), LastWon: dateOf(one[atLastWon]), OpenReferrals: numberAt(one, atOpenReferrals),
			OpenOpportunities: numberAt(one, atOpenOpportunities), Received: numberAt(one, atReceived),
		},
	}
	if facts.Access != nil {
		c.Track.LastWon = 0 // the day may be that of a referral which the viewer may not read
	}
	if one[atCapacity] != nil {
		capacity := numberAt(one, atCapacity)
		c.Capacity = &capacity
	}
	c.Holdings = make([][]graph.HoldingFacts, len(facts.Needs))
	for _, value := range one[atHoldings].([]any) {
		takeHolding(q, facts, &c, value.([]any))
	}
	for _, ofNeed := range c.Holdings {
		if len(ofNeed) == 0 {
			return c, false
		}
		slices.SortFunc(ofNeed, func(a, b graph.HoldingFacts) int { return strings.Compare(a.ID, b.ID) })
	}
	c.Offices = serving(c.Offices, c.Holdings)
	return c, true
}

// officesWithin are the offices within a radius, the nearest first.
func officesWithin(values []any, points []graph.Point, radius float64) []graph.OfficeFacts {
	var offices []graph.OfficeFacts
	for _, value := range values {
		one := value.([]any)
		office := graph.OfficeFacts{ID: textAt(one, 0), Name: textAt(one, 1), City: textAt(one, 2), Country: textAt(one, 6)}
		lat, _ := one[3].(float64)
		lng, _ := one[4].(float64)
		if office.Km = (graph.Point{Lat: lat, Lng: lng}).Nearest(points); office.Km <= radius {
			offices = append(offices, office)
		}
	}
	slices.SortFunc(offices, func(a, b graph.OfficeFacts) int { return cmp.Or(cmp.Compare(a.Km, b.Km), strings.Compare(a.ID, b.ID)) })
	return offices
}

// takeHolding adds a holding to the needs that it fills, if it counts from the offices that are left.
func takeHolding(q graph.GapQuery, facts graph.GapFacts, c *graph.CandidateFacts, one []any) {
	h := graph.HoldingFacts{
		ID: textAt(one, 1), Competency: textAt(one, 2), CompetencyName: textAt(one, 3), Office: textAt(one, 4), Level: numberAt(one, 5),
		Since: dateOf(one[6]), Until: dateOf(one[7]), Remote: truthAt(one, 8), Certification: bestOf(one[9].([]any)),
	}
	remote := q.Remote && h.Remote
	if !remote && len(c.Offices) == 0 || !remote && h.Office != "" && !slices.ContainsFunc(c.Offices, func(o graph.OfficeFacts) bool { return o.ID == h.Office }) {
		return
	}
	for _, value := range one[0].([]any) {
		need := int(value.(int64))
		h.Exact = h.Competency == facts.Needs[need].Competency
		c.Holdings[need] = append(c.Holdings[need], h)
	}
}

// bestOf is the certification that is shown of those that attest a holding, nil of none.
func bestOf(values []any) *graph.CertificationFacts {
	var best *graph.Certification
	for _, value := range values {
		one := value.([]any)
		c := &graph.Certification{Meta: graph.Meta{ID: textAt(one, 0)}, Scheme: textAt(one, 1), ExpiresOn: dateOf(one[2])}
		if best == nil || c.Better(best) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	return &graph.CertificationFacts{ID: best.ID, Scheme: best.Scheme, ExpiresOn: best.ExpiresOn}
}

// serving keeps the offices at which some of the holdings counts.
func serving(offices []graph.OfficeFacts, holdings [][]graph.HoldingFacts) []graph.OfficeFacts {
	return slices.DeleteFunc(offices, func(o graph.OfficeFacts) bool {
		return !slices.ContainsFunc(holdings, func(ofNeed []graph.HoldingFacts) bool {
			return slices.ContainsFunc(ofNeed, func(h graph.HoldingFacts) bool { return h.Office == "" || h.Office == o.ID })
		})
	})
}

func textAt(one []any, i int) string {
	text, _ := one[i].(string)
	return text
}

func numberAt(one []any, i int) int {
	n, _ := one[i].(int64)
	return int(n)
}

func truthAt(one []any, i int) bool {
	is, _ := one[i].(bool)
	return is
}
