package sheet

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"valueweb/graph"
)

// cell is one cell of a record, trimmed and in Unicode NFC, and the way to the others.
type cell struct {
	column string
	text   string
	cells  []string
	places map[string]int
}

// of returns the text of another column of the record, empty where the file has none.
func (c cell) of(name string) string {
	if i, ok := c.places[name]; ok {
		return graph.Normalise(c.cells[i])
	}
	return ""
}

// has reports whether the file has a column.
func (c cell) has(name string) bool {
	_, ok := c.places[name]
	return ok
}

// list splits a cell that holds several things; each counts once.
func (c cell) list() []string {
	var out []string
	for _, part := range splitList(c.text) {
		if part = strings.TrimSpace(part); part != "" {
			out = with(out, part)
		}
	}
	return out
}

// with returns the list with another element, unless it is there. The list itself is left alone: it may
// be that of a stored node.
func with[E comparable](list []E, more ...E) []E {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(slices.Clip(list), one)
		}
	}
	return list
}

func checkLength(text string, limit int) error {
	if len(text) > limit {
		if n := utf8.RuneCountInString(text); n > limit {
			return fmt.Errorf("the text is %d characters long; %d are allowed", n, limit)
		}
	}
	return nil
}

// checkID is graph.CheckID as a plain error: the column is named by the caller.
func checkID(id string) error {
	if err := graph.CheckID(id); err != nil {
		return errors.New(err.Error())
	}
	return nil
}

func (c cell) ids() ([]string, error) {
	ids := c.list()
	for _, id := range ids {
		if err := checkID(id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (c cell) texts(limit int) ([]string, error) {
	texts := c.list()
	for _, text := range texts {
		if err := checkLength(text, limit); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// writeExternalIDs writes a cell that externalIDs reads.
func writeExternalIDs(ids []graph.ExternalID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = id.System + "=" + id.ID
	}
	return joinList(parts)
}

func (c cell) externalIDs() ([]graph.ExternalID, error) {
	var ids []graph.ExternalID
	for _, part := range c.list() {
		system, id, ok := strings.Cut(part, "=")
		system, id = strings.TrimSpace(system), strings.TrimSpace(id)
		switch {
		case !ok || system == "" || id == "":
			return nil, fmt.Errorf("%q is not an external id such as crm=4711", part)
		case len(part) > graph.MaxID:
			return nil, fmt.Errorf("the external id is %d bytes long; %d are allowed", len(part), graph.MaxID)
		case slices.ContainsFunc(ids, func(e graph.ExternalID) bool { return e.System == system }):
			return nil, fmt.Errorf("the system %q has two ids here", system)
		}
		ids = append(ids, graph.ExternalID{System: system, ID: id})
	}
	return ids, nil
}

// number reads a decimal number; NaN, infinities and hexadecimal forms are none.
func number(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, fmt.Errorf("%q is not a number such as 47.36685", text)
	}
	return f, nil
}

// decimal writes a number so that the same one is read.
func decimal(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// degrees reads a latitude or longitude.
func (c cell) degrees(most float64) (float64, error) {
	f, err := number(c.text)
	if err != nil {
		return 0, err
	}
	if math.Abs(f) > most {
		return 0, fmt.Errorf("%s must be between -%v and %v degrees", c.column, most, most)
	}
	return f, nil
}

const (
	maxLat = 90
	maxLng = 180
)

// point reads the latitude in this cell and the longitude in another one; nil where both are empty.
func (c cell) point(lng string) (*graph.Point, error) {
	other := cell{column: lng, text: c.of(lng)}
	switch {
	case c.text == "" && other.text == "":
		return nil, nil
	case c.text == "":
		return nil, graph.Invalid(c.column, "%s is stated without %s", lng, c.column)
	case other.text == "":
		return nil, graph.Invalid(lng, "%s is stated without %s", c.column, lng)
	}
	lat, err := c.degrees(maxLat)
	if err != nil {
		return nil, err
	}
	east, err := other.degrees(maxLng)
	if err != nil {
		return nil, graph.Invalid(lng, "%v", err)
	}
	return &graph.Point{Lat: lat, Lng: east}, nil
}

func oneOf[E ~string](text string, known []E) (E, error) {
	if slices.Contains(known, E(text)) {
		return E(text), nil
	}
	return "", fmt.Errorf("%q is not one of %s", text, words(known))
}

func words[E ~string](list []E) string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = string(one)
	}
	return strings.Join(texts, ", ")
}

func checkCountry(text string) error {
	if !graph.IsCountry(text) {
		return fmt.Errorf("%q is not an ISO 3166-1 alpha-2 country such as CH", text)
	}
	return nil
}

// columnOf is a column of nodes of the type P, from functions about these. get is nil where nothing is written.
func columnOf[P graph.Node](name string, set func(P, cell) error, get func(P) string) column {
	made := column{name: name, set: func(n graph.Node, c cell) error { return set(n.(P), c) }}
	if get != nil {
		made.get = func(n graph.Node) string { return get(n.(P)) }
	}
	return made
}

// The columns below are named like what they hold; field says where in a node it is kept. Each is written
// as the text that it reads to the same value.

// text is a text of up to limit characters.
func text[P graph.Node](name string, limit int, field func(P) *string) column {
	return columnOf(name, func(n P, c cell) error {
		*field(n) = c.text
		return checkLength(c.text, limit)
	}, func(n P) string { return *field(n) })
}

// texts is a list of texts.
func texts[P graph.Node](name string, field func(P) *[]string) column {
	return columnOf(name, func(n P, c cell) (err error) {
		*field(n), err = c.texts(graph.MaxName)
		return err
	}, func(n P) string { return joinList(*field(n)) })
}

// reference is the id of a node.
func reference[P graph.Node](name string, field func(P) *string) column {
	return columnOf(name, func(n P, c cell) error {
		*field(n) = c.text
		if c.text == "" {
			return nil
		}
		return checkID(c.text)
	}, func(n P) string { return *field(n) })
}

// references is a list of ids.
func references[P graph.Node](name string, field func(P) *[]string) column {
	return columnOf(name, func(n P, c cell) (err error) {
		*field(n), err = c.ids()
		return err
	}, func(n P) string { return joinList(*field(n)) })
}

// date is a calendar date.
func date[P graph.Node](name string, field func(P) *graph.Date) column {
	return columnOf(name, func(n P, c cell) (err error) {
		*field(n) = 0
		if c.text != "" {
			*field(n), err = graph.ParseDate(c.text)
		}
		return err
	}, func(n P) string { return field(n).String() })
}

// truth is a yes or no.
func truth[P graph.Node](name string, otherwise bool, field func(P) *bool) column {
	return columnOf(name, func(n P, c cell) error {
		switch strings.ToLower(c.text) {
		case "":
			*field(n) = otherwise
		case "true", "yes", "1":
			*field(n) = true
		case "false", "no", "0":
			*field(n) = false
		default:
			return fmt.Errorf("%q is neither true nor false", c.text)
		}
		return nil
	}, func(n P) string { return strconv.FormatBool(*field(n)) })
}

// enum is one of a closed list.
func enum[P graph.Node, E ~string](name string, known []E, otherwise E, field func(P) *E) column {
	return columnOf(name, func(n P, c cell) (err error) {
		*field(n) = otherwise
		if c.text != "" {
			*field(n), err = oneOf(c.text, known)
		}
		return err
	}, func(n P) string { return string(*field(n)) })
}

// enums is several of a closed list.
func enums[P graph.Node, E ~string](name string, known []E, field func(P) *[]E) column {
	return columnOf(name, func(n P, c cell) error {
		var list []E
		for _, part := range c.list() {
			one, err := oneOf(part, known)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		*field(n) = list
		return nil
	}, func(n P) string { return joinList(*field(n)) })
}

// count is a whole number, 0 or more, or not stated.
func count[P graph.Node](name string, field func(P) **int) column {
	return columnOf(name, func(n P, c cell) error {
		*field(n) = nil
		if c.text == "" {
			return nil
		}
		v, err := strconv.ParseInt(c.text, 10, 32)
		if err != nil || v < 0 {
			return fmt.Errorf("%q is not a whole number, 0 or more", c.text)
		}
		*field(n) = new(int(v))
		return nil
	}, func(n P) string {
		if v := *field(n); v != nil {
			return strconv.Itoa(*v)
		}
		return ""
	})
}

// country is an ISO 3166-1 alpha-2 code.
func country[P graph.Node](name string, field func(P) *string) column {
	return columnOf(name, func(n P, c cell) error {
		*field(n) = c.text
		if c.text == "" {
			return nil
		}
		return checkCountry(c.text)
	}, func(n P) string { return *field(n) })
}

// countries is a list of ISO 3166-1 alpha-2 codes.
func countries[P graph.Node](name string, field func(P) *[]string) column {
	return columnOf(name, func(n P, c cell) error {
		list := c.list()
		for _, one := range list {
			if err := checkCountry(one); err != nil {
				return err
			}
		}
		*field(n) = list
		return nil
	}, func(n P) string { return joinList(*field(n)) })
}

// website is an address of the web.
func website[P graph.Node](name string, field func(P) *string) column {
	return columnOf(name, func(n P, c cell) error {
		*field(n) = c.text
		if c.text == "" {
			return nil
		}
		if !graph.IsWebsite(c.text) {
			return fmt.Errorf("%q is not a web address such as https://example.org", shorten(c.text))
		}
		return checkLength(c.text, graph.MaxName)
	}, func(n P) string { return *field(n) })
}

// email is a bare mail address.
func email[P graph.Node](name string, field func(P) *string) column {
	return columnOf(name, func(n P, c cell) error {
		*field(n) = c.text
		if c.text == "" {
			return nil
		}
		if !graph.IsEmail(c.text) {
			return fmt.Errorf("%q is not a mail address such as someone@example.org", shorten(c.text))
		}
		return checkLength(c.text, graph.MaxName)
	}, func(n P) string { return *field(n) })
}

// money is the two columns of an amount and its currency.
func money[P graph.Node](name string, field func(P) **graph.Money) []column {
	return []column{
		columnOf(name, func(n P, c cell) (err error) {
			*field(n) = nil
			currency := c.of("currency")
			switch {
			case c.text == "":
				return nil
			case currency == "":
				return graph.Invalid("currency", "a value needs a currency such as EUR")
			}
			*field(n), err = graph.NewMoney(c.text, currency)
			return err
		}, func(n P) string {
			if m := *field(n); m != nil {
				return m.Amount
			}
			return ""
		}),
		columnOf("currency", func(P, cell) error { return nil }, func(n P) string { // read with the amount
			if m := *field(n); m != nil {
				return m.Currency
			}
			return ""
		}),
	}
}

// location is the two columns of a required point.
func location[P graph.Node](field func(P) *graph.Point) []column {
	return []column{
		columnOf("lat", func(n P, c cell) (err error) {
			field(n).Lat, err = c.degrees(maxLat)
			return err
		}, func(n P) string { return decimal(field(n).Lat) }).must(),
		columnOf("lng", func(n P, c cell) (err error) {
			field(n).Lng, err = c.degrees(maxLng)
			return err
		}, func(n P) string { return decimal(field(n).Lng) }).must(),
	}
}

// optionalPoint is the two columns of a point that need not be stated.
func optionalPoint[P graph.Node](lat, lng string, field func(P) **graph.Point) []column {
	return []column{
		columnOf(lat, func(n P, c cell) (err error) {
			*field(n), err = c.point(lng)
			return err
		}, func(n P) string {
			if p := *field(n); p != nil {
				return decimal(p.Lat)
			}
			return ""
		}),
		columnOf(lng, func(n P, c cell) (err error) {
			if c.has(lat) {
				return nil // read with the latitude
			}
			if c.text == "" {
				*field(n) = nil
				return nil
			}
			return fmt.Errorf("%s is stated without %s", lng, lat)
		}, func(n P) string {
			if p := *field(n); p != nil {
				return decimal(p.Lng)
			}
			return ""
		}),
	}
}

// ordered finds a period that ends before it starts.
func ordered(found *findings, from, to graph.Date, start, end string) {
	if !from.IsZero() && !to.IsZero() && to < from {
		found.fail(end, to.String(), fmt.Sprintf("%s is before %s (%s)", end, start, from))
	}
}
