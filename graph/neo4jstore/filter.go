package neo4jstore

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"

	"valueweb/graph"
)

var readFilter = momentFor("filter", filled(file("filter"), "PLACE", file("place")))

// filter is a graph.Filter as the statements take it: the way in, the parameters, and the place to measure
// from.
type filter struct {
	entry    entry
	plain    bool // nothing is stated but a text
	params   map[string]any
	points   []graph.Point // nil: no place
	radiusKm float64
}

// compile resolves the ids of a filter; errors name its fields. A filter that names nothing costs no
// statement.
func compile(ctx context.Context, r sight, kind graph.Kind, q graph.Filter) (*filter, error) {
	f := &filter{entry: entryOrder, plain: plainly(q), params: filterParams(q), radiusKm: cmp.Or(q.RadiusKm, math.Inf(1))}
	if !searched[kind] {
		f.params["text"] = nil
	}
	if !filtered(kind) {
		f.plain = true
		return f, nil
	}
	if names(q) {
		if err := f.resolve(ctx, r, kind, q); err != nil {
			return nil, err
		}
	}
	switch {
	case f.points != nil && near[kind][0] != "":
		f.entry = entryNear
		f.params["points"], f.params["metres"], f.params["near"] = pointParams(f.points), metres(f.radiusKm), true
	case ofPartner[kind] && q.Partner != "" || kind == graph.KindSite && q.Customer != "":
		f.entry = entryOf
	case q.Text != "" && searched[kind]:
		f.entry = entryText
	}
	return f, nil
}

// plainly reports whether a filter states nothing but a text.
func plainly(q graph.Filter) bool {
	return reflect.DeepEqual(q, graph.Filter{Text: q.Text, AsOf: q.AsOf})
}

// names reports whether a filter names anything that must be looked up.
func names(q graph.Filter) bool {
	return len(q.Holds) > 0 || q.Certified != "" || q.Near != nil || q.Region != "" || q.Within != "" || q.Partner != "" || q.Customer != ""
}

// filterParams are the parameters of a filter that need no looking up.
func filterParams(q graph.Filter) map[string]any {
	params := map[string]any{
		"text": nil, "kinds": listParam(q.Kinds), "statuses": listParam(q.Statuses), "minTier": max(0, graph.TierRank(q.MinTier)), "tiers": tiersFrom(q.MinTier),
		"tags": plain(q.Tags), "hasOffice": truthParam(q.HasOffice), "countries": listParam(q.Countries), "roles": listParam(q.Roles),
		"holds": []any{}, "certified": q.Certified != "" || q.Scheme != "", "certifiedIn": nil, "scheme": textParam(q.Scheme),
		"partner": textParam(q.Partner), "customer": textParam(q.Customer), "free": truthParam(q.Free), "segments": listParam(q.Segments),
		"industries": listParam(q.Industry), "within": nil, "roots": truthParam(q.Roots), "asOf": dateParam(q.AsOf), "near": false, "points": []any{},
	}
	if q.Text != "" {
		params["text"] = graph.Fold(q.Text)
	}
	return params
}

func truthParam(value *bool) any {
	if value == nil {
		return nil
	}
	return *value
}

func pointParams(points []graph.Point) []any {
	params := make([]any, len(points))
	for i, p := range points {
		params[i] = pointParam(p)
	}
	return params
}

// resolve looks up what a filter names.
func (f *filter) resolve(ctx context.Context, r sight, kind graph.Kind, q graph.Filter) error {
	competencies := make([]string, 0, len(q.Holds)+2)
	for _, need := range q.Holds {
		competencies = append(competencies, need.Competency)
	}
	competencies = append(competencies, q.Certified, q.Within)
	at := graph.Place{}
	if q.Near != nil {
		at = *q.Near
	}
	answer, err := r.look(ctx, readFilter, map[string]any{
		"place": placeParam(at), "asOf": dateParam(q.AsOf), "competencies": competencies, "region": textParam(q.Region),
		"partner": textParam(q.Partner), "customer": textParam(q.Customer),
	})
	if err != nil {
		return err
	}
	found := answer.within("answer")
	if q.Near != nil {
		place, err := r.placeOf(*q.Near, found.within("place"), "filter.near", q.AsOf)
		if err != nil {
			return err
		}
		f.points = place.points
	}
	if q.Region != "" {
		if !found.truth("regionKnown") {
			return graph.NotFound("filter.region", graph.KindRegion, q.Region)
		}
		countries := texts[string](found, "countries")
		if len(q.Countries) > 0 {
			countries = slices.DeleteFunc(countries, func(c string) bool { return !slices.Contains(q.Countries, c) })
		}
		f.params["countries"] = plain(countries)
	}
	if err := belong(found, kind, q); err != nil {
		return err
	}
	return f.narrow(found, kind, q)
}

// narrow puts in what is narrower than the competencies of a filter.
func (f *filter) narrow(found row, kind graph.Kind, q graph.Filter) error {
	subtrees := found.list("subtrees")
	below := func(i int) []any {
		ids, _ := subtrees[i].([]any)
		return ids
	}
	if kind == graph.KindPartner || kind == graph.KindOffice {
		var holds []any
		for i, need := range q.Holds {
			if len(below(i)) == 0 {
				return graph.NotFound(fmt.Sprintf("filter.holds.%d.competency", i), graph.KindCompetency, need.Competency)
			}
			holds = append(holds, map[string]any{"subtree": below(i), "minLevel": need.MinLevel})
		}
		f.params["holds"] = holds
	}
	if certified := below(len(q.Holds)); kind == graph.KindPartner && q.Certified != "" {
		if len(certified) == 0 {
			return graph.NotFound("filter.certifiedIn", graph.KindCompetency, q.Certified)
		}
		f.params["certifiedIn"] = certified
	}
	if within := below(len(q.Holds) + 1); kind == graph.KindCompetency && q.Within != "" {
		if len(within) == 0 {
			return graph.NotFound("filter.within", graph.KindCompetency, q.Within)
		}
		f.params["within"] = slices.DeleteFunc(slices.Clone(within), func(id any) bool { return id == q.Within })
	}
	return nil
}

// ofPartner are the kinds of which a list can be one of a partner's.
var ofPartner = map[graph.Kind]bool{graph.KindOffice: true, graph.KindCustomer: true, graph.KindAPIKey: true}

// belong checks the partner or customer that a filter names.
func belong(found row, kind graph.Kind, q graph.Filter) error {
	switch {
	case ofPartner[kind] && q.Partner != "" && !found.truth("partnerKnown"):
		return graph.NotFound("filter.partner", graph.KindPartner, q.Partner)
	case kind == graph.KindSite && q.Customer != "" && !found.truth("customerKnown"):
		return graph.NotFound("filter.customer", graph.KindCustomer, q.Customer)
	}
	return nil
}
