package neo4jstore_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

// The world of the growth test: towns far from each other, all alike. Ten of them make 1,000 partners, a
// hundred 10,000; what is near a place is the same.
const (
	smallTowns      = 10
	largeTowns      = 100
	partnersOfATown = 100
	trades          = 40 // competencies, under 4 broader ones
)

// growthLimit is by how much a cost may be greater in ten times the network: what a level more of an index
// adds, and nothing besides.
const (
	growthLimit = 1.3
	growthSlack = 40
)

// wholeNetwork are the statements that look at the whole network by what they are asked, and why. Nothing else
// may grow with it.
var wholeNetwork = map[string]string{
	"names":                             "the nearest known ids are looked for among all, after a miss only",
	"total":                             "a total counts all that a list has",
	"network":                           "the network is read whole, once, at the start",
	"gap holders":                       "without a radius, or beyond the first ring, holders everywhere count",
	"gap remote":                        "where remote counts, holders everywhere count",
	"shortfall":                         "who was left out is counted among all who hold what is needed",
	"related competency.holdings":       "whoever holds a competency is everywhere",
	"related competency.certifications": "likewise",
	"related competency.solutions":      "likewise",
}

func growsByNature(statement string) bool {
	for name := range wholeNetwork {
		if strings.HasPrefix(statement, name) {
			return true
		}
	}
	return false
}

// cost is the most that a statement took: work in the database, and values that came back.
type cost struct{ hits, values int64 }

// meter notes the greatest cost of each statement.
type meter struct {
	mu    sync.Mutex
	costs map[string]cost
}

func (m *meter) observe(statement string, answer map[string]any, summary neo4j.ResultSummary) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.costs[statement]
	m.costs[statement] = cost{max(c.hits, hitsOf(summary.Profile())), max(c.values, valuesOf(answer))}
}

// taken returns the costs so far and begins anew.
func (m *meter) taken() map[string]cost {
	m.mu.Lock()
	defer m.mu.Unlock()
	costs := m.costs
	m.costs = map[string]cost{}
	return costs
}

func hitsOf(plan neo4j.ProfiledPlan) int64 {
	if plan == nil {
		return 0
	}
	hits := plan.DbHits()
	for _, child := range plan.Children() {
		hits += hitsOf(child)
	}
	return hits
}

// valuesOf counts the values in an answer, however deep they stand.
func valuesOf(value any) int64 {
	var n int64
	switch value := value.(type) {
	case map[string]any:
		for _, inner := range value {
			n += valuesOf(inner)
		}
	case []any:
		for _, inner := range value {
			n += valuesOf(inner)
		}
	default:
		n = 1
	}
	return n
}

// TestNoStatementCostsMoreAsTheNetworkGrows runs before all others, for its file is the first: what it has planned
// serves them, too, and they do not make it forget.
func TestNoStatementCostsMoreAsTheNetworkGrows(t *testing.T) {
	m := &meter{costs: map[string]cost{}}
	options := neo4jtest.Empty(t)
	builder := neo4jtest.Beside(t, options)
	options.Profile, options.Observe = true, m.observe
	town := towns{t, builder, neo4jtest.Beside(t, options)}
	town.taxonomy()
	town.build(0, smallTowns)
	town.settle()
	town.build(smallTowns, largeTowns)
	town.settle()
	m.taken() // what opening it took
	town.exercise("large")
	large := m.taken()
	town.shrink() // and nothing is planned anew: a plan for the large network is measured in both
	town.exercise("small")
	small := m.taken()

	for _, statement := range slices.Sorted(maps.Keys(large)) {
		before, asked := small[statement]
		if !asked {
			t.Errorf("%s was asked in the large network alone", statement)
		}
		now := large[statement]
		if growsByNature(statement) {
			continue
		}
		for _, grown := range []struct {
			what        string
			before, now int64
		}{{"db hits", before.hits, now.hits}, {"values received", before.values, now.values}} {
			if float64(grown.now) > growthLimit*float64(grown.before)+growthSlack {
				t.Errorf("%s: %d %s in a network of 1,000 partners, %d in one of 10,000", statement, grown.before, grown.what, grown.now)
			}
		}
	}
	t.Logf("%d statements", len(large))
	for statement, why := range wholeNetwork {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(large)), func(name string) bool { return strings.HasPrefix(name, statement) }) {
			t.Errorf("%q is let off (%s), but was not run", statement, why)
		}
	}
}

// towns builds and asks about the world of the growth test.
type towns struct {
	*testing.T
	builder, store *neo4jstore.Store // the work of the second one is counted
}

func (w towns) put(nodes []graph.Node) {
	w.Helper()
	for chunk := range slices.Chunk(nodes, 20_000) {
		_, err := w.builder.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			refusals, err := tx.Put(ctx, chunk)
			for i, refusal := range refusals {
				if refusal != nil {
					return fmt.Errorf("%s: %w", chunk[i].GID(), refusal)
				}
			}
			if err != nil {
				return err
			}
			return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied})
		})
		if err != nil {
			w.Fatal(err)
		}
	}
}

// settle has the database plan for the network as it is by now.
func (w towns) settle() {
	w.Helper()
	neo4jtest.Run(w.T, "CALL db.resampleOutdatedIndexes()", nil)
	neo4jtest.Run(w.T, "CALL db.clearQueryCaches()", nil)
}

func called(format string, args ...any) graph.Meta {
	return graph.Meta{ID: fmt.Sprintf(format, args...)}
}

func (w towns) taxonomy() {
	var nodes []graph.Node
	for i := range 4 {
		nodes = append(nodes, &graph.Competency{Meta: called("field%d", i), Name: fmt.Sprint("Field ", i)})
	}
	for i := range trades {
		nodes = append(nodes, &graph.Competency{Meta: called("trade%02d", i), Name: fmt.Sprint("Trade ", i), Broader: []string{fmt.Sprint("field", i%4)}})
	}
	w.put(append(nodes, &graph.Region{Meta: called("north"), Name: "North", Countries: []string{"DE"}}))
}

// centre is where a town is: no two are within 1,000 km of each other.
func centre(town int) graph.Point {
	return graph.Point{Lat: float64(town/10)*12 - 54, Lng: float64(town%10)*36 - 162}
}

func (w towns) build(from, to int) {
	var nodes []graph.Node
	for town := from; town < to; town++ {
		nodes = append(nodes, people(town)...)
	}
	slices.SortStableFunc(nodes, func(a, b graph.Node) int {
		return slices.Index(graph.Kinds, a.Kind()) - slices.Index(graph.Kinds, b.Kind())
	})
	w.put(nodes)
}

// shrink leaves the small network.
func (w towns) shrink() {
	last := fmt.Sprintf("p%03d", smallTowns)
	left := neo4jtest.Run(w.T, "MATCH (n) WHERE n.id >= $last AND n.id STARTS WITH 'p' OR n.id >= 'c-' + $last AND n.id STARTS WITH 'c-p' "+
		"DETACH DELETE n WITH count(n) AS gone MATCH (p:Partner) RETURN gone, count(p) AS partners", map[string]any{"last": last})
	if partners := left[0]["partners"]; partners != int64(smallTowns*partnersOfATown) {
		w.Fatalf("%v partners are left", partners)
	}
}

// people is all that there is in a town.
func people(town int) []graph.Node {
	var nodes []graph.Node
	at := centre(town)
	for i := range partnersOfATown {
		p, next := fmt.Sprintf("p%03d-%02d", town, i), fmt.Sprintf("p%03d-%02d", town, (i+1)%partnersOfATown)
		place := graph.Point{Lat: at.Lat + float64(i%10)*0.02, Lng: at.Lng + float64(i/10)*0.02}
		trade := fmt.Sprintf("trade%02d", i%trades)
		nodes = append(nodes,
			&graph.Partner{Meta: called("%s", p), Name: "Partner " + p, Status: graph.Active, Undisclosed: town == 0 && i%50 == 7, PartnerKind: graph.PartnerKinds[i%5], Tier: graph.Tiers[(i/7+town)%4], JoinedOn: storetest.Today.AddDays(-((i*37 + town*13) % 100)), Tags: []string{"t"}},
			&graph.Office{Meta: called("%s-o", p), Partner: p, Name: "Office " + p, Country: "DE", Location: place},
			&graph.Holding{Meta: called("%s-h", p), Partner: p, Competency: trade, Level: 1 + i%5},
			&graph.Holding{Meta: called("%s-g", p), Partner: p, Competency: fmt.Sprintf("trade%02d", (i+7)%trades), Office: p + "-o", Remote: i%9 == 0},
			&graph.Referral{Meta: called("%s-r", p), From: p, To: next, Competency: trade, State: graph.ReferralWon, SentOn: storetest.Today.AddDays(-i), ClosedOn: storetest.Today},
		)
		if i%3 == 0 {
			nodes = append(nodes, &graph.Certification{Meta: called("%s-c", p), Partner: p, Competency: trade, Scheme: "ISO", Verified: true})
		}
		if i%10 == 0 {
			c := "c-" + p
			nodes = append(nodes,
				&graph.Customer{Meta: called("%s", c), Name: "Customer " + p, Segment: fmt.Sprint("S", i)},
				&graph.Site{Meta: called("%s-s", c), Customer: c, Name: "Site " + p, Country: "DE", Location: place},
				&graph.CustomerPartner{Meta: called("%s-p", c), Customer: c, Partner: p, Role: "OWNER"},
				&graph.Contact{Meta: called("%s-k", c), Partner: p, Name: "Contact " + p, Role: graph.SalesContact},
				&graph.Opportunity{Meta: called("%s-x", c), Title: "Gap " + p, Customer: c, Owner: p, Lead: next, Needs: []graph.Need{{Competency: trade, MinLevel: 1}}, Stage: graph.Prospect, PostedOn: storetest.Today},
				&graph.Invitation{Meta: called("%s-i", c), Opportunity: c + "-x", Partner: next, State: "PENDING"},
				&graph.Solution{Meta: called("%s-z", c), Name: "Solution " + p, Partners: []string{p}, Competencies: []string{trade}},
				&graph.Partnership{Meta: called("%s-a", c), Parties: []string{p, next}, Collaboration: graph.LowCollaboration},
				&graph.Wall{Meta: called("%s-w", c), Partner: next, Customer: c, Competency: trade},
				&graph.APIKey{Meta: called("%s-y", c), Partner: p, Name: "Key " + p, Scopes: graph.Scopes},
			)
		}
	}
	return nodes
}

// exercise asks and writes everything once, about the first town.
func (w towns) exercise(round string) {
	ctx, v := w.Context(), graph.Operator
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Errorf("%s: %v", round, err)
		}
	}
	var both sync.WaitGroup // planning takes most of the time, one processor a statement
	both.Go(func() { w.lists(ctx, must) })
	w.relations(ctx, must)
	w.questions(ctx, must)
	both.Wait()
	for _, kind := range graph.Kinds {
		_, err := w.store.Read(ctx, v, kind, []string{"p000-00", "c-p000-00", "trade01", "p000-00-o"})
		must(err)
	}
	_, err := w.store.Nearest(ctx, v, graph.KindPartner, "p000-0x", 3)
	must(err)
	_, err = w.store.Events(ctx, v, 0, 2)
	must(err)
	_, err = w.store.History(ctx, v, "Partner:p000-00", 0)
	must(err)
	_, err = w.store.Key(ctx, "c-p000-00-y")
	must(err)
	must(w.store.Note(ctx, graph.Notes{
		Accesses: []graph.CustomerAccess{{Day: graph.DateOf(time.Now()), Viewer: "ANALYST", Customer: "c-p000-00", First: time.Now(), Last: time.Now(), Reads: 1}},
		Uses:     map[string]time.Time{"c-p000-00-y": time.Now()},
	}))
	for _, customer := range []string{"", "c-p000-00"} {
		_, err = w.store.Accesses(ctx, v, graph.AccessQuery{Customer: customer, First: 5, Total: true})
		must(err)
	}
	_, err = w.store.LastUses(ctx, v, []string{"c-p000-00-y"})
	must(err)
	_, err = w.store.Status(ctx, v)
	must(err)
	_, err = w.store.Network(ctx, v, func(graph.NetworkChunk) error { return nil })
	must(err)
	must(w.change(ctx, round))
	w.confined(ctx, must) // after the change, so that what viewers may see is compiled anew
}

// lists reads the first page of every list, in every order, by every way in.
func (w towns) lists(ctx context.Context, must func(error)) {
	here := centre(0)
	filters := map[graph.Kind][]graph.Filter{
		graph.KindPartner: {
			{}, {Text: "p000-42"}, {Near: &graph.Place{Point: &here}, RadiusKm: 50}, {Kinds: []graph.PartnerKind{graph.ISV}, MinTier: "GOLD", Tags: []string{"t"}},
			{Holds: []graph.Need{{Competency: "field1", MinLevel: 2}}}, {Certified: "field0", Scheme: "ISO"}, {Region: "north"},
		},
		graph.KindOffice:     {{}, {Text: "p000-42"}, {Near: &graph.Place{Customer: "c-p000-00"}, RadiusKm: 50}, {Partner: "p000-03"}, {Holds: []graph.Need{{Competency: "field1", MinLevel: 1}}}},
		graph.KindCompetency: {{}, {Text: "trade 7"}, {Within: "field2"}},
		graph.KindCustomer:   {{}, {Text: "p000-40"}, {Near: &graph.Place{Site: "c-p000-00-s"}, RadiusKm: 50}, {Partner: "p000-10"}},
		graph.KindSite:       {{}, {Text: "p000-40"}, {Near: &graph.Place{Opportunity: "c-p000-00-x"}, RadiusKm: 50}, {Customer: "c-p000-10"}},
	}
	for kind, orders := range neo4jstore.Orders {
		of := filters[kind]
		if of == nil {
			of = []graph.Filter{{}}
		}
		for i, filter := range of {
			filter.AsOf = storetest.Today
			for _, order := range orders {
				for _, down := range []bool{false, true} {
					if down && (i > 0 || kind != graph.KindPartner) && often(0, 1) == 0 {
						continue // an index is read from either end alike: for one kind, without a filter
					}
					_, err := w.store.List(ctx, graph.Operator, graph.ListQuery{
						Kind: kind, Filter: filter, Order: graph.Order{Field: order, Descending: down}, Page: graph.PageQuery{First: 20},
					})
					must(err)
				}
			}
		}
	}
	for _, kind := range []graph.Kind{graph.KindOffice, graph.KindSite} {
		_, err := w.store.List(ctx, graph.Operator, graph.ListQuery{
			Kind: kind, Filter: graph.Filter{Near: &graph.Place{Point: &here}, AsOf: storetest.Today}, Order: graph.Order{Field: graph.OrderByKm}, Page: graph.PageQuery{First: 5},
		})
		must(err)
	}
	_, err := w.store.List(ctx, graph.Operator, graph.ListQuery{Kind: graph.KindPartner, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1, Total: true}})
	must(err)
}

func (w towns) relations(ctx context.Context, must func(error)) {
	for _, relation := range graph.Relations {
		for _, page := range []graph.PageQuery{{First: 20, Total: true}, {Last: 20}} {
			if page.Last > 0 && relation != graph.PartnerHoldings && often(0, 1) == 0 {
				continue // all that is related to a node is read and sorted, whichever end is asked for
			}
			_, err := w.store.Related(ctx, graph.Operator, graph.RelatedQuery{
				Relation: relation, Parents: []string{"p000-00", "p000-00-o", "trade01", "c-p000-00", "c-p000-00-x", "north", "p000-00-r"}, Page: page,
			})
			must(err)
		}
	}
}

func (w towns) questions(ctx context.Context, must func(error)) {
	here := centre(0)
	for _, competency := range []string{"trade03", "field1"} {
		for _, place := range []graph.Place{{Point: &here}, {Customer: "c-p000-00"}, {Opportunity: "c-p000-00-x"}} {
			q := graph.GapQuery{Radii: []float64{50}, Gap: graph.Gap{Needs: []graph.Need{{Competency: competency, MinLevel: 1}}, Place: place, Asker: "p000-01", AsOf: storetest.Today}}
			_, err := w.store.Gap(ctx, graph.Operator, q)
			must(err)
			q.Remote = true
			_, err = w.store.Gap(ctx, graph.Operator, q)
			must(err)
			q.Remote, q.Radii, q.Enough = false, []float64{50, 100}, 1000
			_, err = w.store.Gap(ctx, graph.Operator, q)
			must(err)
			_, err = w.store.GapShortfall(ctx, graph.Operator, q, nil)
			must(err)
		}
	}
}

// confined asks for viewers who do not see everything: what they may see is compiled, and applied.
func (w towns) confined(ctx context.Context, must func(error)) {
	here := centre(0)
	me := graph.Viewer{Role: graph.RolePartner, Organisation: "p000-01"}
	for _, v := range []graph.Viewer{me, {Role: graph.RoleCustomer, Organisation: "c-p000-00"}, {Role: graph.RoleAnalyst}} {
		_, err := w.store.Access(ctx, v)
		must(err)
	}
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindCustomer, graph.KindReferral, graph.KindPartnership} {
		_, err := w.store.List(ctx, me, graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 20}})
		must(err)
	}
	for _, relation := range []graph.Relation{graph.PartnerOffices, graph.PartnerReceived, graph.PartnerContacts, graph.CustomerOpportunities} {
		_, err := w.store.Related(ctx, me, graph.RelatedQuery{Relation: relation, Parents: []string{"p000-02", "c-p000-00"}, Page: graph.PageQuery{First: 20, Total: true}})
		must(err)
	}
	q := graph.GapQuery{Radii: []float64{50}, Gap: graph.Gap{Needs: []graph.Need{{Competency: "field1", MinLevel: 1}}, Place: graph.Place{Point: &here}, Asker: "p000-01", AsOf: storetest.Today}}
	_, err := w.store.Gap(ctx, me, q)
	must(err)
}

// change writes a new node and a changed one of every kind of the first town.
func (w towns) change(ctx context.Context, round string) error {
	nth := map[string]int{"large": 1, "small": 2}[round] // each round changes what the other has changed
	_, err := w.store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		nodes := []graph.Node{
			&graph.Partner{Meta: called("p000-00"), Name: "Renamed in " + round, Status: graph.Active, PartOf: fmt.Sprintf("p000-%d0", 5+nth)},
			&graph.Office{Meta: called("p000-00-o"), Partner: "p000-00", Name: round, Location: centre(0)},
			&graph.Holding{Meta: called("p000-00-h"), Partner: "p000-00", Competency: "trade00", Level: nth, Offers: []string{round}},
			&graph.Referral{Meta: called("p000-00-r"), From: "p000-00", To: "p000-01", Competency: fmt.Sprintf("trade%02d", nth), State: graph.ReferralLost, SentOn: storetest.Today.AddDays(-nth)},
			&graph.Referral{Meta: called("new-%s", strings.ReplaceAll(round, " ", "-")), From: "p000-90", To: "p000-92", State: graph.ReferralNew, SentOn: storetest.Today},
			&graph.Competency{Meta: called("trade00"), Name: round, Broader: []string{"field0"}},
		}
		if _, err := tx.Put(ctx, nodes); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	return err
}
