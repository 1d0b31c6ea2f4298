package naive

import (
	"slices"
	"strconv"
)

// addressed reports whether the audience of an opportunity is me.
func (s *Sight) addressed(o Row) bool {
	me := s.byID["partners"][s.Organisation]
	if !active(me) {
		return false
	}
	switch or(o["audience"], "ALL") {
	case "ALL":
		return true
	case "NAMED":
		return slices.Contains(list(o["audience_partner_ids"]), s.Organisation)
	}
	return s.profiled(o, me) && s.located(o)
}

// profiled reports whether I am and can what the filter of an audience states.
func (s *Sight) profiled(o, me Row) bool {
	for _, tag := range list(o["audience_tags"]) {
		if !slices.Contains(list(me["tags"]), tag) {
			return false
		}
	}
	kinds, competencies := list(o["audience_kinds"]), list(o["audience_competency_ids"])
	return (len(kinds) == 0 || slices.Contains(kinds, or(me["kind"], "OTHER"))) &&
		slices.Index(tiers, or(me["tier"], "REGISTERED")) >= slices.Index(tiers, or(o["audience_min_tier"], "REGISTERED")) &&
		(len(competencies) == 0 || slices.ContainsFunc(competencies, s.holds))
}

// holds reports whether I hold a competency today, or a narrower one.
func (s *Sight) holds(competency string) bool {
	return slices.ContainsFunc(s.rows["partner_competencies"], func(h Row) bool {
		return h["partner_id"] == s.Organisation && s.below[competency][h["competency_id"]] && s.live(h) && inForce(h["since"], h["until"], s.today)
	})
}

// located reports whether I have offices where the filter of an audience asks for them.
func (s *Sight) located(o Row) bool {
	countries := list(o["audience_countries"])
	inRegion := s.countries(o["audience_region"])
	return (o["audience_region"] == "" || s.office(func(at Row) bool { return slices.Contains(inRegion, at["country"]) })) &&
		(len(countries) == 0 || s.office(func(at Row) bool { return slices.Contains(countries, at["country"]) })) &&
		(o["audience_km"] == "" || s.office(func(at Row) bool {
			return kilometres(pointOf(at, ""), pointOf(o, "audience_")) <= degree(o["audience_km"])
		}))
}

// office reports whether one of my offices passes a test.
func (s *Sight) office(test func(Row) bool) bool {
	return slices.ContainsFunc(s.rows["offices"], func(at Row) bool {
		return at["partner_id"] == s.Organisation && s.live(at) && test(at)
	})
}

// countries are those of a region and of its parts.
func (s *Sight) countries(region string) []string {
	all := list(s.byID["regions"][region]["countries"])
	for _, part := range s.rows["regions"] {
		if part["parent_id"] == region && region != "" {
			all = append(all, s.countries(part["id"])...)
		}
	}
	return all
}

func pointOf(row Row, prefix string) Point {
	return Point{Lat: degree(row[prefix+"lat"]), Lng: degree(row[prefix+"lng"])}
}

// degree is the number of a cell that the generator of the world wrote.
func degree(cell string) float64 {
	f, _ := strconv.ParseFloat(cell, 64)
	return f
}
