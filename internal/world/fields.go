package world

import (
	"cmp"
	"slices"
	"strings"
)

// fields are the broadest competencies of a made taxonomy.
var fields = strings.Split("Video;Hosting;Payments;Commerce;Data;Wireless;Logistics;Energy;Mapping;Printing;Simulation;Robotics;Archives;Ticketing;"+
	"Telemetry;Languages;Identity;Records;Learning;Acoustics", ";")

// below are the words that make a competency narrower, by depth, and what joins them to it; below one competency each occurs once.
var below = []struct {
	join  string
	words []string
}{
	{" ", strings.Fields("planning migration operation security training testing integration support audit design monitoring automation " +
		"storage licensing procurement analytics forecasting recovery billing installation repair modelling translation advice")},
	{" for ", strings.Fields("retail health banking transport culture education industry utilities insurance hotels government media farming research sports housing")},
	{" on ", strings.Split("small sites;large sites;ships;campuses;islands;trains;building sites;rooftops", ";")},
	{", ", strings.Split("regulated;encrypted;offline;low energy;multilingual;open source", ";")},
}

// made is a competency of a made taxonomy, with what its making needs.
type made struct {
	competency
	depth, children int
	first           int // where its children begin among the words
	field           int
}

// makeTaxonomy has so many competencies under the fields, one in ten of the deeper ones under two broader ones. It does
// not depend on the seed, and a smaller one is the beginning of a larger one.
func makeTaxonomy(count int) []made {
	r := stream(0, "taxonomy", 0)
	var all []made
	for i, name := range fields {
		all = append(all, made{competency: invent(slug(name), name, "All work on "+strings.ToLower(name)), field: i, first: i})
	}
	for len(all) < count {
		parent := min(r.IntN(len(all)), r.IntN(len(all)))
		c, found := all[parent].child()
		if !found {
			continue
		}
		all[parent].children++
		if other := all[r.IntN(len(all))]; c.depth > 1 && chance(r, 20) && other.field != c.field && other.depth < c.depth {
			c.broader = append(c.broader, other.id)
		}
		if other := all[r.IntN(len(all))]; chance(r, 10) && !slices.Contains(c.broader, other.id) {
			c.related = []string{other.id}
		}
		c.first = r.IntN(24)
		all = append(all, c)
	}
	return all
}

// child is the next narrower one; there may be none any more.
func (m made) child() (made, bool) {
	if m.depth == len(below) || m.children == len(below[m.depth].words) {
		return made{}, false
	}
	at := below[m.depth]
	word := at.words[(m.first+m.children)%len(at.words)]
	c := invent(m.id+"-"+slug(word), m.name+at.join+word, "Part of "+strings.ToLower(m.name), m.id)
	return made{competency: c, depth: m.depth + 1, field: m.field}, true
}

// makeMarket orders all but the fields by how common they are: at random, but rather the broad ones first.
func makeMarket(taxonomy []made) []string {
	type ranked struct {
		id   string
		rank int
	}
	var order []ranked
	for i, c := range taxonomy[len(fields):] {
		order = append(order, ranked{c.id, stream(0, "market", i).IntN(1_000_000) * c.depth})
	}
	slices.SortFunc(order, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id)) })
	var ids []string
	for _, c := range order {
		ids = append(ids, c.id)
	}
	return ids
}

// makeTrades lets each trade of customers want three of the fields.
func makeTrades() []trade {
	trades := slices.Clone(demoTrades)
	for k := range trades {
		trades[k].wants = nil
		for _, field := range []int{k, k + 7, 3*k + 11} {
			trades[k].wants = append(trades[k].wants, slug(fields[field%len(fields)]))
		}
	}
	return trades
}

func competenciesOf(taxonomy []made) []competency {
	var plain []competency
	for _, m := range taxonomy {
		plain = append(plain, m.competency)
	}
	return plain
}
