package stream

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"

	"valueweb/graph"
)

// asker is for whom a viewer asks: all who ask for the same may read the same.
type asker struct {
	role         graph.Role
	organisation string
}

func askerOf(v graph.Viewer) asker { return asker{v.Role, v.Organisation} }

// viewer is a viewer who asks so.
func (a asker) viewer() graph.Viewer { return graph.Viewer{Role: a.role, Organisation: a.organisation} }

// set is some subscriptions.
type set map[*Subscription]struct{}

// key is what subscriptions are found by. A filter stands under the key that promises to leave most out; what else
// it asks for is asked of those that are found.
type key struct {
	sort sort
	text string    // an id, a country, a stage, the name of a type
	cell s2.CellID // of a place
}

type sort uint8

const (
	byNothing sort = iota // of the topics
	byTopicOfReferrals
	byAnyType
	byType
	byCompetency
	byCell
	byRegion
	byCountry
	byStage
)

// index finds the subscriptions that an event may be for. It holds those that the feed tells.
type index struct {
	operators, others map[key]set
	live              [Everything + 1]int // by topic
	sorts             [byStage + 1]int    // keys in use
	placed, taxonomic int                 // filters that ask where an opportunity is, and by taxonomy or map
}

func newIndex() *index { return &index{operators: map[key]set{}, others: map[key]set{}} }

// of is the half of the index in which a viewer stands.
func (x *index) of(v graph.Viewer) map[key]set {
	if v.Confined() {
		return x.others
	}
	return x.operators
}

func (x *index) add(s *Subscription) {
	x.count(s.wants, 1)
	half := x.of(s.viewer)
	for _, k := range s.wants.keys() {
		if half[k] == nil {
			half[k] = set{}
		}
		half[k][s] = struct{}{}
		x.sorts[k.sort]++
	}
}

func (x *index) remove(s *Subscription) {
	x.count(s.wants, -1)
	half := x.of(s.viewer)
	for _, k := range s.wants.keys() {
		delete(half[k], s)
		x.sorts[k.sort]--
		if len(half[k]) == 0 {
			delete(half, k)
		}
	}
}

func (x *index) count(c *compiled, by int) {
	x.live[c.topic] += by
	if c.placed {
		x.placed += by
	}
	if c.taxonomic {
		x.taxonomic += by
	}
}

// keys are those under which an interest stands.
func (c *compiled) keys() []key {
	f := &c.filter
	switch {
	case c.topic == Referrals:
		return []key{{sort: byTopicOfReferrals}}
	case c.topic == Everything && c.names == nil:
		return []key{{sort: byAnyType}}
	case c.topic == Everything:
		return keysOf(byType, c.names)
	case f.Competency != "":
		return []key{{sort: byCompetency, text: f.Competency}}
	case f.Near != nil && len(c.cells) > 0:
		keys := make([]key, len(c.cells))
		for i, cell := range c.cells {
			keys[i] = key{sort: byCell, cell: cell}
		}
		return keys
	case f.Region != "":
		return []key{{sort: byRegion, text: f.Region}}
	case len(f.Countries) > 0:
		return keysOf(byCountry, setOf(f.Countries))
	case len(f.Stages) > 0:
		return keysOf(byStage, setOf(f.Stages))
	}
	return []key{{sort: byNothing}}
}

func keysOf(by sort, texts map[string]bool) []key {
	keys := make([]key, 0, len(texts))
	for text := range texts {
		keys = append(keys, key{sort: by, text: text})
	}
	return keys
}

func setOf[T ~string](texts []T) map[string]bool {
	set := make(map[string]bool, len(texts))
	for _, text := range texts {
		set[string(text)] = true
	}
	return set
}

// An area is covered by this many cells at most, and widened by a metre or so, so that rounding loses no point that
// the exact distance keeps.
const (
	coverCells  = 8
	coverMargin = 2e-7
)

// cover are the cells that hold whatever lies within a radius of points; none: all of the globe may.
func cover(points []graph.Point, km float64) []s2.CellID {
	angle := km/graph.EarthRadiusKm + coverMargin
	if km == 0 || angle > math.Pi/2 {
		return nil
	}
	var cells s2.CellUnion
	coverer := &s2.RegionCoverer{MaxLevel: s2.MaxLevel, MaxCells: coverCells}
	for _, p := range points {
		centre := s2.PointFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lng))
		cells = append(cells, coverer.Covering(s2.CapFromCenterAngle(centre, s1.Angle(angle)))...)
	}
	cells.Normalize()
	return cells
}

// found calls yield for the subscriptions under the keys that fit a subject, once or more often.
func (x *index) found(half map[key]set, s *subject, event *graph.Event, l *land, yield func(*Subscription)) {
	look := func(k key) {
		if x.sorts[k.sort] == 0 {
			return
		}
		for found := range half[k] {
			yield(found)
		}
	}
	look(key{sort: byAnyType})
	look(key{sort: byType, text: event.Type})
	if s.kind == graph.KindReferral {
		look(key{sort: byTopicOfReferrals})
	}
	if s.opportunity == nil {
		return
	}
	look(key{sort: byNothing})
	look(key{sort: byStage, text: string(s.opportunity.Stage)})
	for _, competency := range s.above {
		look(key{sort: byCompetency, text: competency})
	}
	if s.at == nil {
		return
	}
	for _, country := range s.at.countries {
		look(key{sort: byCountry, text: country})
		if l == nil {
			continue // nobody asks for a region
		}
		for _, region := range l.regions[country] {
			look(key{sort: byRegion, text: region})
		}
	}
	if x.sorts[byCell] > 0 {
		for _, p := range s.at.points {
			cell := s2.CellIDFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lng))
			for level := s2.MaxLevel; level >= 0; level-- {
				look(key{sort: byCell, cell: cell.Parent(level)})
			}
		}
	}
}
