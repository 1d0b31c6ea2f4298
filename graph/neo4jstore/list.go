package neo4jstore

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"valueweb/graph"
)

// entry is the way into a list.
type entry string

const (
	entryOrder entry = "order" // along the index of the order
	entryText  entry = "text"  // over what holds a text
	entryNear  entry = "near"  // over what lies near
	entryKm    entry = "km"    // likewise, by distance
	entryOf    entry = "of"    // over what belongs to a partner or customer
)

// listing names a statement that lists.
type listing struct {
	kind  graph.Kind
	entry entry
	field graph.OrderField
	down  bool
	plain bool // there is no filter, but for a text
}

// belongs is how what belongs to somebody is reached, by kind.
var belongs = map[graph.Kind]string{
	graph.KindOffice:   "(:Partner {id: $partner})-[:HAS_OFFICE]->(n:Office)",
	graph.KindCustomer: "(:Partner {id: $partner})-[:SERVES]->(n:Customer)",
	graph.KindSite:     "(:Customer {id: $customer})-[:HAS_SITE]->(n:Site)",
	graph.KindAPIKey:   "(:Partner {id: $partner})-[:HAS_KEY]->(n:ApiKey)",
}

// near is how what lies near is reached, by kind: what has the place, and the way from there.
var near = map[graph.Kind][2]string{
	graph.KindPartner:  {"Office", "MATCH (n:Partner)-[:HAS_OFFICE]->(place)"},
	graph.KindOffice:   {"Office", "WITH place, place AS n"},
	graph.KindCustomer: {"Site", "MATCH (n:Customer)-[:HAS_SITE]->(place)"},
	graph.KindSite:     {"Site", "WITH place, place AS n"},
}

// lists are all statements that list.
var lists = func() map[listing]sighted {
	all := map[listing]sighted{}
	for _, kind := range graph.Kinds {
		for _, key := range append([]orderKey{byID}, orderKeys[kind]...) {
			for down := range directions {
				for _, by := range []entry{entryOrder, entryText, entryNear, entryOf} {
					if text := listText(kind, by, key.property, down, filterOf(kind)); text != "" {
						all[listing{kind, by, key.field, down, false}] = momentFor(ofKind("list "+string(by)+" "+key.property, kind)+directions[down][3], text)
					}
				}
				for _, by := range []entry{entryOrder, entryText} {
					if text := listText(kind, by, key.property, down, unfiltered); text != "" {
						all[listing{kind, by, key.field, down, true}] = momentFor(ofKind("list all "+string(by)+" "+key.property, kind)+directions[down][3], text)
					}
				}
			}
		}
	}
	for _, kind := range []graph.Kind{graph.KindOffice, graph.KindSite} {
		for down := range directions {
			all[listing{kind, entryKm, graph.OrderByKm, down, false}] = momentFor(ofKind("list km", kind)+" "+directions[down][3], listBody(kind, "list-km", "", down, filterOf(kind)))
		}
	}
	return all
}()

// listText is the body of a statement that lists, empty where a kind has no such way in.
func listText(kind graph.Kind, by entry, key string, down bool, filter string) string {
	switch {
	case by == entryOrder:
		return listBody(kind, "list", key, down, filter, "PATTERN", pattern(kind))
	case by == entryText && searched[kind]:
		return listBody(kind, "list-text", key, down, filter)
	case by == entryNear && near[kind][0] != "":
		return listBody(kind, "list-near", key, down, filter)
	case by == entryOf && belongs[kind] != "":
		return listBody(kind, "list-of", key, down, filter, "PATTERN", belongs[kind])
	}
	return ""
}

func listBody(kind graph.Kind, name, key string, down bool, filter string, words ...string) string {
	words = append(words, directions[down]...)
	return filled(file(name), append(words, "KEYED", keyed(key), "KEY", key, "KIND", string(kind), "FILTER", filter, "PROJECTION", projections[kind],
		"PLACE", near[kind][0], "OWNER", near[kind][1])...)
}

// keyed is a key where no index gives the order: an id that sorts otherwise has a key beside it.
func keyed(key string) string {
	if key == byID.property {
		return "coalesce(n.byId, n.id)"
	}
	return "n." + key
}

// filtered reports whether a filter narrows lists of a kind.
func filtered(kind graph.Kind) bool { return searched[kind] || kind == graph.KindAPIKey }

// unfiltered is the condition of a list without a filter. It has statements of its own: the database plans every
// part of a filter, whether it is stated or not, which takes it a second where it has just started.
const unfiltered = "true"

// filterOf is the condition of a list of a kind.
func filterOf(kind graph.Kind) string {
	if !filtered(kind) {
		return unfiltered
	}
	return file(base(kind) + "-filter")
}

// counting names a statement that counts what a list has.
type counting struct{ near, plain bool }

// totals count what a list has.
var totals = byKind(func(kind graph.Kind) map[counting]sighted {
	all := map[counting]sighted{}
	for plain, filter := range map[bool]string{false: filterOf(kind), true: unfiltered} {
		name := map[bool]string{false: "total", true: "total of all"}[plain]
		all[counting{plain: plain}] = momentFor(ofKind(name, kind), listBody(kind, "total", "", false, filter, "PATTERN", pattern(kind)))
	}
	if near[kind][0] != "" {
		all[counting{near: true}] = momentFor(ofKind("total near", kind), listBody(kind, "total-near", "", false, filterOf(kind)))
	}
	return all
})

// List implements graph.Lister.
func (s *Store) List(ctx context.Context, v graph.Viewer, q graph.ListQuery) (graph.Page, error) {
	var page graph.Page
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		f, err := compile(ctx, r, q.Kind, q.Filter)
		if err != nil {
			return err
		}
		l := &lister{sight: r, q: q, filter: f}
		page, err = l.page(ctx)
		return err
	})
	return page, err
}

// lister reads a page of a list.
type lister struct {
	sight
	q      graph.ListQuery
	filter *filter
}

// found is a row of a list, with its place in the order.
type found struct {
	node graph.Node
	key  graph.Key
	km   float64
}

func (l *lister) page(ctx context.Context) (graph.Page, error) {
	rows, err := l.rows(ctx)
	if err != nil {
		return graph.Page{}, err
	}
	rows, page := cut(rows, l.q.Page)
	for _, row := range rows {
		page.Nodes, page.Keys, page.Km = append(page.Nodes, row.node), append(page.Keys, row.key), append(page.Km, row.km)
	}
	if l.q.Page.Total {
		page.Total, err = l.total(ctx)
	}
	return page, err
}

// down reports whether the list is read from its end.
func (l *lister) down() bool { return l.q.Order.Descending != l.q.Page.Backward() }

// rows reads one row more than the page holds, in the order of reading.
func (l *lister) rows(ctx context.Context) ([]found, error) {
	if l.q.Order.Field == graph.OrderByKm {
		return l.byKm(ctx)
	}
	return l.byKey(ctx)
}

// keyOf is the order key of a field.
func keyOf(kind graph.Kind, field graph.OrderField) orderKey {
	for _, key := range orderKeys[kind] {
		if key.field == field {
			return key
		}
	}
	return byID
}

// byKey reads along a key. What lies beyond a radius by a hair is left out here, and more is read instead.
func (l *lister) byKey(ctx context.Context) ([]found, error) {
	key := keyOf(l.q.Kind, l.q.Order.Field)
	what := lists[listing{l.q.Kind, l.filter.entry, key.field, l.down(), l.filter.plain}]
	params := l.filter.params
	limit := l.q.Page.Limit() + 1
	var rows []found
	for begin := l.begin(key); ; {
		params["from"], params["limit"] = begin, limit
		if l.filter.entry == entryOrder && key.field == graph.OrderByID {
			params["from"] = unsortable(begin) // the index is one of ids as they are
		}
		answer, err := l.look(ctx, what, params)
		if err != nil {
			return nil, err
		}
		list := answer.list("answer")
		for _, value := range list {
			r := row(value.(map[string]any))
			node := l.decode(l.q.Kind, r["node"])
			begin = key.of(node)
			if l.filter.within(r.list("locations")) {
				rows = append(rows, found{node: node, key: key.key(begin), km: graph.DistanceKm(node, l.filter.points)})
			}
		}
		if len(rows) >= limit || len(list) < limit {
			return rows, nil
		}
	}
}

// begin is the key beyond which is read. Upwards by tier, what the filter leaves out is not walked through.
func (l *lister) begin(key orderKey) string {
	begin := from(key, l.q.Page, l.down())
	if key.field == graph.OrderByTier && !l.down() {
		begin = max(begin, numberKey(graph.TierRank(l.q.Filter.MinTier), ""))
	}
	return begin
}

// The database's distances and ours agree to this part; kmSlack is how many rows are read beyond a page, to
// see those that are as far as its last one.
const (
	kmTolerance = 1e-9
	kmSlack     = 16
)

// byKm reads by distance: the rings around the place one after the other, so that a page costs what is near
// and not what there is.
func (l *lister) byKm(ctx context.Context) ([]found, error) {
	limit := l.q.Page.Limit() + 1
	for _, ring := range l.rings() {
		rows, err := l.byKmWithin(ctx, ring, limit)
		if err != nil || len(rows) >= limit || ring >= l.filter.radiusKm {
			return rows, err
		}
	}
	return nil, nil
}

// rings are the radii that are tried in turn. From the far end, there is one.
func (l *lister) rings() []float64 {
	if l.down() {
		return []float64{l.filter.radiusKm}
	}
	var rings []float64
	for _, ring := range graph.Rings {
		if place := l.place(); ring < l.filter.radiusKm && (place == nil || ring > place.Number) {
			rings = append(rings, ring)
		}
	}
	return append(rings, l.filter.radiusKm)
}

// place is the key beyond which the page begins, nil for the end of the list.
func (l *lister) place() *graph.Key {
	if l.q.Page.Backward() {
		return l.q.Page.Before
	}
	return l.q.Page.After
}

// byKmWithin reads the rows of a page within a radius. Where the database cannot tell which of several rows
// as far as each other come last, it reads more.
func (l *lister) byKmWithin(ctx context.Context, radius float64, limit int) ([]found, error) {
	params := l.filter.params
	params["metres"], params["least"], params["most"] = metres(radius), 0.0, float64(everywhere)
	if place := l.place(); place != nil {
		if far := place.Number * metresPerKm; l.down() {
			params["most"] = far*(1+kmTolerance) + 0.001
		} else {
			params["least"] = far*(1-kmTolerance) - 0.001
		}
	}
	for ask := limit + kmSlack; ; ask *= 4 {
		params["limit"] = ask
		answer, err := l.look(ctx, lists[listing{l.q.Kind, entryKm, graph.OrderByKm, l.down(), false}], params)
		if err != nil {
			return nil, err
		}
		list := answer.list("answer")
		rows := l.measured(list, radius)
		if len(list) < ask {
			return rows, nil
		}
		if last := row(list[len(list)-1].(map[string]any)).number("metres"); len(rows) >= limit && l.settled(rows[limit-1], last) {
			return rows[:limit], nil
		}
	}
}

// settled reports whether no row that was not read can come before one that was.
func (l *lister) settled(r found, last float64) bool {
	here := r.km * metresPerKm
	margin := here*kmTolerance + 0.001
	if l.down() {
		return last < here-margin
	}
	return last > here+margin
}

// measured are the rows that lie within a radius and beyond the place of the page, in order.
func (l *lister) measured(list []any, radius float64) []found {
	var rows []found
	for _, value := range list {
		node := l.decode(l.q.Kind, value.(map[string]any)["node"])
		km := graph.DistanceKm(node, l.filter.points)
		one := found{node: node, km: km, key: graph.Key{Number: km, ID: node.Header().ID}}
		if km <= radius && l.beyond(one.key) {
			rows = append(rows, one)
		}
	}
	slices.SortFunc(rows, func(a, b found) int {
		order := compareKeys(a.key, b.key)
		if l.down() {
			return -order
		}
		return order
	})
	return rows
}

func (l *lister) beyond(key graph.Key) bool {
	place := l.place()
	if place == nil {
		return true
	}
	order := compareKeys(key, *place)
	return order > 0 && !l.down() || order < 0 && l.down()
}

func compareKeys(a, b graph.Key) int {
	return cmp.Or(cmp.Compare(a.Number, b.Number), strings.Compare(a.Text, b.Text), strings.Compare(a.ID, b.ID))
}

// total counts all that the list has.
func (l *lister) total(ctx context.Context) (int, error) {
	params := l.filter.params
	params["metres"] = metres(l.filter.radiusKm)
	answer, err := l.look(ctx, totals[l.q.Kind][counting{near: l.filter.points != nil, plain: l.filter.plain}], params)
	if err != nil {
		return 0, err
	}
	if l.filter.points == nil {
		return answer.integer("answer"), nil
	}
	total := 0
	for _, locations := range answer.list("answer") {
		if l.filter.within(locations.([]any)) {
			total++
		}
	}
	return total, nil
}

// within reports whether any of some locations lies within the radius; where none was measured, it does.
func (f *filter) within(locations []any) bool {
	if len(locations) == 0 || math.IsInf(f.radiusKm, 1) {
		return true
	}
	return slices.ContainsFunc(locations, func(value any) bool {
		at, ok := value.(dbtype.Point2D)
		return ok && graph.Point{Lat: at.Y, Lng: at.X}.Nearest(f.points) <= f.radiusKm
	})
}
