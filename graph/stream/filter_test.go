package stream

import (
	"slices"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/storetest/every"
)

func TestAFilterIsReadByTheTaxonomyAndTheMapOfTheMoment(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		filters := map[string]Filter{
			"it": {Competency: "it"}, "edge": {Competency: "edge"}, "print": {Competency: "print"},
			"west": {Region: "west"}, "europe": {Region: "europe"}, "swiss": {Countries: []string{"CH", "AT"}}, "french west": {Region: "west", Countries: []string{"FR"}},
			"lost": {Stages: []graph.Stage{graph.Lost}}, "open": {Stages: []graph.Stage{graph.Prospect, graph.Qualified}},
			"near bern": {Near: &graph.Place{Point: &bern}, RadiusKm: 10}, "near lyon": {Near: &graph.Place{Site: "shop-lyon"}, RadiusKm: 10},
			"lyon far": {Near: &graph.Place{Customer: "shop"}, RadiusKm: 300}, "anywhere": {Near: &graph.Place{Point: &lyon}}, "half the globe": {Near: &graph.Place{Point: &lyon}, RadiusKm: 15000},
			"all of it": {Competency: "cloud", Region: "europe", Countries: []string{"CH"}, Stages: []graph.Stage{graph.Prospect}, Near: &graph.Place{Point: &bern}, RadiusKm: 1},
			"none":      {},
		}
		streams := map[string]*Subscription{}
		for name, filter := range filters {
			streams[name] = w.subscribe(graph.Operator, Interest{Filter: filter}, "")
		}
		count := func(expected ...string) {
			t.Helper()
			for name, s := range streams {
				messages, err := w.drain(s)
				if told := len(messages) == 1; err != nil || told != slices.Contains(expected, name) || len(messages) > 1 {
					t.Errorf("%s is told of %d, %v", name, len(messages), err)
				}
				page, err := w.feed.Page(t.Context(), graph.Operator, Interest{Filter: filters[name]}, "", 1000)
				if seq, _ := store.Seq(t.Context()); err != nil || slices.ContainsFunc(page.Messages, func(m Message) bool { return m.Seq == seq }) != slices.Contains(expected, name) {
					t.Errorf("%s: the page is %+v, %v", name, page, err)
				}
			}
		}
		w.put("opportunity.posted", posting("gap"))
		count("it", "west", "europe", "swiss", "open", "near bern", "lyon far", "anywhere", "half the globe", "all of it", "none")
		w.put("competency.updated", &graph.Competency{Meta: id("cloud"), Name: "Cloud", Broader: []string{"print"}})
		w.put("region.updated", &graph.Region{Meta: id("west"), Name: "West", Countries: []string{"FR", "CH"}})
		moved := posting("gap")
		moved.Stage = graph.Qualified
		w.put("opportunity.stageChanged", moved)
		count("print", "west", "swiss", "open", "near bern", "lyon far", "anywhere", "half the globe", "none")
		w.put("site.updated", &graph.Site{Meta: id("bank-bern"), Customer: "bank", Country: "FR", Location: lyon})
		lost := posting("gap")
		lost.Stage = graph.Lost
		w.put("opportunity.lost", lost)
		count("print", "west", "french west", "lost", "near lyon", "lyon far", "anywhere", "half the globe", "none")
		pointed := posting("gap")
		pointed.Stage, pointed.Site, pointed.Point = graph.Lost, "", &graph.Point{Lat: -bern.Lat, Lng: bern.Lng - 180} // the other side of the globe
		w.put("opportunity.updated", pointed)
		count("print", "west", "french west", "lost", "anywhere", "none")
		w.put("site.updated", &graph.Site{Meta: id("bank-bern"), Country: "FR", Location: lyon})
		homeless := posting("gap")
		homeless.Stage, homeless.Site = graph.Lost, ""
		w.put("opportunity.updated", homeless)
		count("print", "lost", "none")
	})
}

func TestAFilterNamesWhatTheViewerMaySee(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store, Options{})
		w.small()
		w.put("opportunity.posted", &graph.Opportunity{Meta: id("nowhere"), Title: "?", Owner: "acme", Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll}})
		hidden := posting("hidden")
		hidden.Audience = graph.Audience{Kind: graph.AudienceNamed}
		w.put("opportunity.posted", hidden)
		for field, filter := range map[string]Filter{
			"filter.competency":       {Competency: "none"},
			"filter.region":           {Region: "none"},
			"filter.near.site":        {Near: &graph.Place{Site: "bank-bern"}},
			"filter.near.customer":    {Near: &graph.Place{Customer: "bank"}},
			"filter.near.opportunity": {Near: &graph.Place{Opportunity: "hidden"}},
		} {
			_, err := w.feed.Subscribe(t.Context(), partnerOf("bolt"), Interest{Filter: filter}, "")
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeNotFound || failure.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		for field, filter := range map[string]Filter{
			"filter.radiusKm":         {RadiusKm: 5},
			"filter.near":             {Near: &graph.Place{}},
			"filter.near.opportunity": {Near: &graph.Place{Opportunity: "nowhere"}},
			"filter.near.site":        {Near: &graph.Place{Customer: "bank", Site: "shop-lyon"}},
		} {
			_, err := w.feed.Subscribe(t.Context(), graph.Operator, Interest{Filter: filter}, "")
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeValidation || failure.Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		// What can match nothing is accepted.
		nothing := w.subscribe(graph.Operator, Interest{Filter: Filter{Countries: []string{"CH"}, Region: "europe", Competency: "print", Stages: []graph.Stage{graph.Draft}}}, "")
		seq := w.put("opportunity.posted", posting("gap"))
		w.gets(nothing)
		w.clock.pass(15 * time.Second)
		w.ticks <- w.clock.time()
		if m := w.next(nothing); !m.Heartbeat() || m.Seq != seq {
			t.Errorf("the message is %+v", m)
		}
	})
}
