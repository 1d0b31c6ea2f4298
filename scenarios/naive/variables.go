package naive

import (
	"math"
	"time"
)

// reader takes the fields of a GraphQL input apart; a null is an absent field.
// wrong is set by a value of another shape.
type reader struct {
	fields map[string]any
	wrong  bool
}

func (r *reader) has(name string) bool { return r.fields[name] != nil }

func (r *reader) text(name string) string {
	s, ok := r.fields[name].(string)
	r.wrong = r.wrong || r.has(name) && !ok
	return s
}

func (r *reader) truth(name string) bool {
	b, ok := r.fields[name].(bool)
	r.wrong = r.wrong || r.has(name) && !ok
	return b
}

func (r *reader) number(name string, otherwise float64) float64 {
	if !r.has(name) {
		return otherwise
	}
	f, ok := asNumber(r.fields[name])
	r.wrong = r.wrong || !ok || math.IsNaN(f) || math.IsInf(f, 0)
	return f
}

func (r *reader) whole(name string, otherwise int) int {
	f := r.number(name, float64(otherwise))
	r.wrong = r.wrong || f != math.Trunc(f)
	return int(f)
}

// date reads a date; absent, it is today.
func (r *reader) date(name string) string {
	if !r.has(name) {
		return time.Now().UTC().Format(time.DateOnly)
	}
	s := r.text(name)
	r.wrong = r.wrong || !isDate(s)
	return s
}

func (r *reader) texts(name string) []string {
	var out []string
	for _, v := range r.list(name) {
		s, ok := v.(string)
		r.wrong = r.wrong || !ok
		out = append(out, s)
	}
	return out
}

func (r *reader) list(name string) []any {
	switch v := r.fields[name].(type) {
	case nil:
		return nil
	case []any:
		return v
	case []string:
		out := []any{}
		for _, s := range v {
			out = append(out, s)
		}
		return out
	case []map[string]any:
		out := []any{}
		for _, m := range v {
			out = append(out, m)
		}
		return out
	}
	r.wrong = true
	return nil
}

// object reads an input object; absent, it has no fields.
func (r *reader) object(name string) *reader {
	m, ok := r.fields[name].(map[string]any)
	r.wrong = r.wrong || r.has(name) && !ok
	return &reader{fields: m}
}

func asNumber(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	}
	return 0, false
}

// ref is a node of which only the id is told.
func ref(id string) map[string]any { return map[string]any{"id": id} }

func refs(ids []string) []any {
	out := []any{}
	for _, id := range ids {
		out = append(out, ref(id))
	}
	return out
}
