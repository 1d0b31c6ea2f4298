package world

import (
	"math/rand/v2"
	"slices"
)

// audience is whom a posting addresses: ALL, NAMED partners, or those that pass a FILTER.
type audience struct {
	kind               string
	partners           []int
	competencies       []string
	region, minTier    string
	countries, sellers []string // sellers: kinds of partner
	at                 point
	km                 int
}

// audienceOf always takes in the lead, who could not have claimed the posting otherwise.
func (w *world) audienceOf(r *rand.Rand, o opportunity) audience {
	switch draw := r.IntN(100); {
	case draw < 55:
		return audience{kind: "ALL"}
	case draw < 75:
		return w.namedAudience(r, o)
	}
	return w.filteredAudience(r, o)
}

func (w *world) namedAudience(r *rand.Rand, o opportunity) audience {
	var named []int
	if o.lead != nobody {
		named = append(named, o.lead)
	}
	for _, v := range o.invitations {
		named = append(named, v.partner)
	}
	for range tries {
		if p := w.continents[o.continent].peers.draw(r); len(named) < 4 && p != o.owner && w.partners[p].status == active && !slices.Contains(named, p) {
			named = append(named, p)
		}
	}
	return audience{kind: "NAMED", partners: named}
}

// filteredAudience filters in one of several ways; where the lead would not pass, by the competency alone, which it holds.
func (w *world) filteredAudience(r *rand.Rand, o opportunity) audience {
	a := audience{kind: "FILTER"}
	switch way := r.IntN(6); {
	case way == 0 && w.stands(o.lead, o.country):
		a.region = one(r, regionsOf(o.country))
	case way == 1 && w.stands(o.lead, o.country):
		a.competencies, a.countries = []string{o.needs[0].competency}, []string{o.country}
	case way == 2 && o.lead != nobody:
		a.sellers = []string{w.partners[o.lead].kind}
	case way == 3 && o.lead == nobody:
		a.at, a.km = o.at, 50*between(r, 1, 6)
	case way == 4 && o.lead == nobody:
		a.competencies, a.minTier = []string{o.needs[0].competency}, one(r, tiers[1:3])
	default:
		a.competencies = []string{o.needs[0].competency}
	}
	return a
}

// stands says whether a partner has an office in a country; nobody stands everywhere.
func (w *world) stands(p int, country string) bool {
	return p == nobody || slices.ContainsFunc(w.partners[p].offices, func(o office) bool { return w.places[o.place].country == country })
}

// audienceCells are the cells of the columns from audience to audience_km.
func (w *world) audienceCells(a audience) []string {
	lat, lng := "", ""
	if a.km > 0 {
		lat, lng = degrees(a.at.lat), degrees(a.at.lng)
	}
	return []string{a.kind, list(w.partnerIDs(a.partners)...), list(a.competencies...), a.region, list(a.countries...), list(a.sellers...), a.minTier,
		lat, lng, stated(a.km)}
}
