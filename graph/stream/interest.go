package stream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golang/geo/s2"

	"valueweb/graph"
)

// Topic is what the events are about that somebody wants to be told of.
type Topic uint8

// The topics.
const (
	Opportunities Topic = iota // opportunities, and invitations to them
	Referrals
	Everything
)

// Interest is what somebody wants to be told of.
type Interest struct {
	Topic  Topic
	Types  []string // of Everything: names, and kinds as opportunity.*; none: all
	Filter Filter   // of Opportunities
}

// Filter narrows opportunities as they are when an event about them is delivered; all that is stated must hold.
type Filter struct {
	Competency string // a need is this, or narrower
	Region     string // holds a country of the opportunity
	Countries  []string
	Stages     []graph.Stage
	Near       *graph.Place // is resolved once, when the interest begins
	RadiusKm   float64      // 0: any distance
}

// heartbeat is the type of the message of a stream that has nothing to say.
const heartbeat = "heartbeat"

// compiled is an interest whose ids were found.
type compiled struct {
	topic  Topic
	names  map[string]bool // of types; nil: all
	filter Filter
	points []graph.Point // of Filter.Near
	cells  []s2.CellID   // that hold whatever is near; none: anything may be
	// The keys of the filter that ask for more than the opportunity itself.
	placed, taxonomic bool
}

func compile(i Interest) (*compiled, error) {
	names, err := namesOf(i.Types)
	if err != nil {
		return nil, err
	}
	f := i.Filter
	switch {
	case f.RadiusKm != 0 && f.Near == nil:
		return nil, graph.Invalid("filter.radiusKm", "a radius needs filter.near: the place to measure from")
	case f.Near != nil:
		if err := f.Near.Validate("filter.near"); err != nil {
			return nil, err
		}
	}
	return &compiled{
		topic: i.Topic, names: names, filter: f,
		placed: f.Region != "" || len(f.Countries) > 0 || f.Near != nil, taxonomic: f.Region != "" || f.Competency != "",
	}, nil
}

// namesOf spells out types, nil for all of them.
func namesOf(types []string) (map[string]bool, error) {
	if len(types) == 0 {
		return nil, nil
	}
	names := map[string]bool{}
	for i, wanted := range types {
		before := len(names)
		again := names[wanted]
		for _, t := range graph.EventTypes {
			if t.Name == wanted || wanted == kindOf(t.Name)+".*" {
				again = again || names[t.Name]
				names[t.Name] = true
			}
		}
		if len(names) == before && !again {
			return nil, unknownType(fmt.Sprintf("types.%d", i), wanted)
		}
	}
	return names, nil
}

// kindOf is what a type of event begins with.
func kindOf(name string) string {
	kind, _, _ := strings.Cut(name, ".")
	return kind
}

// unknownType offers the types of the same kind, or the kinds.
func unknownType(field, wanted string) error {
	refused := graph.Invalid(field, "there is no type of event %q; write its name, or a kind of them as opportunity.*", graph.Shorten(wanted))
	for _, t := range graph.EventTypes {
		if kindOf(t.Name) == kindOf(wanted) {
			refused.Allowed = append(refused.Allowed, t.Name)
		}
	}
	if refused.Allowed == nil {
		for _, t := range graph.EventTypes {
			if all := kindOf(t.Name) + ".*"; !slices.Contains(refused.Allowed, all) {
				refused.Allowed = append(refused.Allowed, all)
			}
		}
	}
	return refused
}

// wants reports whether an event can be of interest, whatever has become of its subject.
func (c *compiled) wants(event *graph.Event, subject graph.Kind) bool {
	switch c.topic {
	case Opportunities:
		return subject == graph.KindOpportunity || subject == graph.KindInvitation
	case Referrals:
		return subject == graph.KindReferral
	}
	return c.names == nil || c.names[event.Type]
}

// matches reports whether an opportunity passes the filter.
func (c *compiled) matches(o *graph.Opportunity, at *whereabouts, l *land) bool {
	f := &c.filter
	switch {
	case len(f.Stages) > 0 && !slices.Contains(f.Stages, o.Stage),
		f.Competency != "" && !l.asksFor(o, f.Competency),
		(f.Region != "" || len(f.Countries) > 0) && !slices.ContainsFunc(at.countries, func(country string) bool { return c.holds(country, l) }),
		f.Near != nil && !c.reaches(at.points):
		return false
	}
	return true
}

// holds reports whether a country is one of those asked for.
func (c *compiled) holds(country string, l *land) bool {
	return (len(c.filter.Countries) == 0 || slices.Contains(c.filter.Countries, country)) &&
		(c.filter.Region == "" || slices.Contains(l.regions[country], c.filter.Region))
}

// reaches reports whether one of some points is near enough.
func (c *compiled) reaches(points []graph.Point) bool {
	if c.filter.RadiusKm == 0 {
		return len(points) > 0
	}
	return slices.ContainsFunc(points, func(p graph.Point) bool { return p.Nearest(c.points) <= c.filter.RadiusKm })
}
