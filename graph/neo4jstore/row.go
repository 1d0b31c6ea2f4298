package neo4jstore

import (
	"cmp"
	"slices"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"valueweb/graph"
)

// row is what the database returned of one thing, by name. What it lacks is not stated.
type row map[string]any

func (r row) text(name string) string {
	text, _ := r[name].(string)
	return text
}

func (r row) truth(name string) bool {
	is, _ := r[name].(bool)
	return is
}

func (r row) integer(name string) int {
	n, _ := r[name].(int64)
	return int(n)
}

func (r row) count(name string) *int {
	n, stated := r[name].(int64)
	if !stated {
		return nil
	}
	count := int(n)
	return &count
}

func (r row) number(name string) float64 {
	n, _ := r[name].(float64)
	return n
}

func (r row) date(name string) graph.Date { return dateOf(r[name]) }

// dateOf is a date of the database as one of the domain.
func dateOf(value any) graph.Date {
	d, stated := value.(dbtype.Date)
	if !stated {
		return 0
	}
	return graph.DateOf(d.Time())
}

func (r row) instant(name string) time.Time {
	at, _ := r[name].(time.Time)
	return at.UTC()
}

func (r row) list(name string) []any {
	list, _ := r[name].([]any)
	return list
}

func (r row) point(name string) *graph.Point {
	p, stated := r[name].(dbtype.Point2D)
	if !stated {
		return nil
	}
	return &graph.Point{Lat: p.Y, Lng: p.X}
}

func (r row) within(name string) row {
	inner, _ := r[name].(map[string]any)
	return inner
}

// place is the point that a node must have.
func (r row) place(name string) graph.Point {
	if p := r.point(name); p != nil {
		return *p
	}
	return graph.Point{}
}

func (r row) money() *graph.Money {
	if r["amount"] == nil {
		return nil
	}
	return &graph.Money{Amount: r.text("amount"), Currency: r.text("currency")}
}

// texts reads a list of texts.
func texts[T ~string](r row, name string) []T {
	var all []T
	for _, value := range r.list(name) {
		text, _ := value.(string)
		all = append(all, T(text))
	}
	return all
}

// positioned reads pairs of a position and an id into the order of the positions.
func (r row) positioned(name string) []string {
	pairs := r.inOrder(name)
	var ids []string
	for _, pair := range pairs {
		id, _ := pair[1].(string)
		ids = append(ids, id)
	}
	return ids
}

// inOrder reads lists that begin with a position into the order of the positions.
func (r row) inOrder(name string) [][]any {
	var all [][]any
	for _, value := range r.list(name) {
		if one, ok := value.([]any); ok && len(one) > 1 {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b []any) int {
		i, _ := a[0].(int64)
		j, _ := b[0].(int64)
		return cmp.Compare(i, j)
	})
	return all
}

// properties is what a node is given in the database. What is not stated is left out.
type properties map[string]any

func (p properties) text(name, value string) {
	if value != "" {
		p[name] = value
	}
}

func (p properties) truth(name string, value bool) {
	if value {
		p[name] = true
	}
}

func (p properties) integer(name string, value int) {
	if value != 0 {
		p[name] = value
	}
}

func (p properties) count(name string, value *int) {
	if value != nil {
		p[name] = *value
	}
}

func (p properties) date(name string, value graph.Date) {
	if !value.IsZero() {
		p[name] = dateParam(value)
	}
}

func (p properties) instant(name string, value time.Time) {
	if !value.IsZero() {
		p[name] = value.UTC() // the database knows no zone of this machine
	}
}

func (p properties) point(name string, value *graph.Point) {
	if value != nil {
		p[name] = pointParam(*value)
	}
}

func (p properties) money(value *graph.Money) {
	if value != nil {
		p["amount"], p["currency"] = value.Amount, value.Currency
	}
}

func listed[T ~string](p properties, name string, values []T) {
	if len(values) > 0 {
		p[name] = plain(values)
	}
}

// plain is a list of texts as a parameter.
func plain[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return all
}

// dateParam is a date as a parameter, null where it is not stated.
func dateParam(d graph.Date) any {
	if d.IsZero() {
		return nil
	}
	return dbtype.Date(d.Time())
}

// wgs84 is the number of the reference system of longitude and latitude.
const wgs84 = 4326

func pointParam(p graph.Point) dbtype.Point2D {
	return dbtype.Point2D{X: p.Lng, Y: p.Lat, SpatialRefId: wgs84}
}

// links are the relations of a node, by the name of the field. A text that is not stated leads nowhere.
type links map[string]any

func (l links) one(name, id string) {
	if id != "" {
		l[name] = id
	}
}

func (l links) many(name string, ids []string) {
	if len(ids) == 0 {
		return
	}
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = map[string]any{"position": i, "id": id}
	}
	l[name] = all
}
