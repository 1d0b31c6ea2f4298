package embedded

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"valueweb/graph"
)

// mostGrowth is how much more a network of ten times the partners may cost, where each neighbourhood is as
// dense as before.
const mostGrowth = 1.3

// TestAQuestionAndAWriteCostWhatIsNearAndNotTheSizeOfTheGraph compares 1,000 partners with 10,000 in ten
// times as many cities of the same size: the records that a question visits, and the keys that the write of
// one changed holding copies.
func TestAQuestionAndAWriteCostWhatIsNearAndNotTheSizeOfTheGraph(t *testing.T) {
	small, large := measured(t, 1_000), measured(t, 10_000)
	for _, cost := range []struct {
		of           string
		small, large float64
	}{
		{"a question visits", small.visited, large.visited},
		{"a changed holding copies", small.copied, large.copied},
	} {
		growth := cost.large / cost.small
		t.Logf("%s %.1f at 1,000 partners and %.1f at 10,000: %.3f ×", cost.of, cost.small, cost.large, growth)
		if growth > mostGrowth {
			t.Errorf("%s %.1f at 1,000 partners and %.1f at 10,000: it grows %.2f ×, more than %.1f ×", cost.of, cost.small, cost.large, growth, mostGrowth)
		}
	}
}

// costs are averages of one question and one write.
type costs struct{ visited, copied float64 }

func measured(t *testing.T, partners int) costs {
	w := grow(t, Memory(Options{}), partners)
	return costs{visited: w.visited(400), copied: w.copied(200)}
}

// partnersPerCity keeps the local density: ten times the partners live in ten times the cities.
const partnersPerCity = 20

// grown is a network of many partners.
type grown struct {
	*testing.T
	*rand.Rand
	store    *Store
	cities   []graph.Point
	needs    []string
	holdings []*graph.Holding
}

// grow makes a network in an empty store: 2.5 offices and 5 holdings a partner on average, two certifications for three
// partners and three referrals each.
func grow(t *testing.T, store *Store, partners int) *grown {
	w := &grown{T: t, Rand: rand.New(rand.NewPCG(7, uint64(partners))), store: store}
	for i := range partners / partnersPerCity {
		// A grid of 25 by 20 cities, at least 400 km apart, filled row by row.
		w.cities = append(w.cities, graph.Point{Lat: -50 + float64(i/20)*4, Lng: -171 + float64(i%20)*18})
	}
	nodes := w.taxonomy()
	for i := range partners {
		nodes = append(nodes, w.partner(fmt.Sprintf("partner-%08x-%d", w.Uint32(), i))...)
	}
	nodes = append(nodes, w.referrals(nodes, 3*partners)...)
	w.put(nodes)
	w.restart()
	return w
}

// restart lays the trees out as a start does: how full they are depends on how a large transaction was cut up.
func (w *grown) restart() {
	was, s := w.store.current.Load(), newState()
	for _, kind := range graph.Kinds {
		s.fill(kind, was.nodes[kind].Values())
	}
	s.below, s.seq = was.below, was.seq
	w.store.current.Store(s)
}

func (w *grown) taxonomy() (nodes []graph.Node) {
	for i := range 40 {
		c := &graph.Competency{Meta: graph.Meta{ID: fmt.Sprint("competency-", i)}, Name: fmt.Sprint("Competency ", i)}
		if i >= 8 {
			c.Broader = []string{w.needs[w.IntN(i/2)]}
		}
		w.needs, nodes = append(w.needs, c.ID), append(nodes, c)
	}
	return nodes
}

// partner makes one with its offices, holdings and certifications.
func (w *grown) partner(id string) []graph.Node {
	nodes := []graph.Node{&graph.Partner{Meta: graph.Meta{ID: id}, Name: "Partner " + id, Status: graph.Active}}
	offices := []string{""}
	for i := range 1 + w.IntN(4) {
		city := w.cities[w.IntN(len(w.cities))]
		o := &graph.Office{Meta: graph.Meta{ID: fmt.Sprint(id, "-office-", i)}, Partner: id, Location: w.around(city)}
		nodes, offices = append(nodes, o), append(offices, o.ID)
	}
	for _, i := range w.Perm(len(w.needs))[:3+w.IntN(5)] {
		h := &graph.Holding{Meta: graph.Meta{ID: fmt.Sprint(id, "-holding-", i)}, Partner: id, Competency: w.needs[i], Office: offices[w.IntN(len(offices))], Level: 1 + w.IntN(5)}
		nodes, w.holdings = append(nodes, h), append(w.holdings, h)
		if w.IntN(8) == 0 {
			nodes = append(nodes, &graph.Certification{Meta: graph.Meta{ID: h.ID + "-iso"}, Partner: id, Competency: h.Competency, Verified: true})
		}
	}
	return nodes
}

// around is a point within some 20 km.
func (w *grown) around(p graph.Point) graph.Point {
	return graph.Point{Lat: p.Lat + (w.Float64()-0.5)*0.25, Lng: p.Lng + (w.Float64()-0.5)*0.25}
}

func (w *grown) referrals(nodes []graph.Node, n int) (referrals []graph.Node) {
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(node graph.Node) bool { return node.Kind() != graph.KindPartner })
	any := func() string { return nodes[w.IntN(len(nodes))].Header().ID }
	for i := range n {
		referrals = append(referrals, &graph.Referral{
			Meta: graph.Meta{ID: fmt.Sprint("referral-", i)}, From: any(), To: any(), Competency: w.needs[w.IntN(len(w.needs))], State: graph.ReferralWon, SentOn: today - graph.Date(w.IntN(900)),
		})
	}
	return referrals
}

var today = graph.NewDate(2026, 11, 22)

// put writes nodes in one transaction.
func (w *grown) put(nodes []graph.Node) {
	w.Helper()
	_, err := w.store.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for _, refusal := range refusals {
			if refusal != nil {
				w.Fatal(refusal)
			}
		}
		if err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		w.Fatal(err)
	}
}

// visited asks for one or two needs within 50 km of a city, again and again, and averages the records read.
func (w *grown) visited(questions int) float64 {
	sum, found := 0, 0
	for range questions {
		at := w.around(w.cities[w.IntN(len(w.cities))])
		q := graph.GapQuery{Radii: []float64{50}, Enough: graph.EnoughPartners}
		q.Place.Point, q.AsOf = &at, today
		for _, i := range w.Perm(len(w.needs))[:1+w.IntN(2)] {
			q.Needs = append(q.Needs, graph.Need{Competency: w.needs[i], MinLevel: 1 + w.IntN(3)})
		}
		facts, err := w.store.Gap(w.Context(), graph.Operator, q)
		if err != nil {
			w.Fatal(err)
		}
		sum, found = sum+facts.Visited, found+len(facts.Candidates)
	}
	if found < questions/2 {
		w.Fatalf("%d questions found only %d candidates: the world is too sparse to measure", questions, found)
	}
	return float64(sum) / float64(questions)
}

// copied changes one holding after the other and averages the keys in tree nodes that the new state does not
// share with the old one.
func (w *grown) copied(writes int) float64 {
	sum := 0
	for _, i := range w.Perm(len(w.holdings))[:writes] {
		before := w.store.current.Load()
		changed := *w.holdings[i]
		changed.Level = changed.Level%graph.MaxLevel + 1
		w.put([]graph.Node{&changed})
		sum += keysCopied(before, w.store.current.Load())
	}
	return float64(sum) / float64(writes)
}

// keysCopied counts the keys in the tree nodes of a state that another one does not have.
func keysCopied(before, after *state) int {
	keys := 0
	was, is := before.trees(), after.trees()
	for i := range is {
		shared := map[uintptr]bool{}
		visitNodes(was[i], func(node uintptr, _ int) bool {
			shared[node] = true
			return true
		})
		visitNodes(is[i], func(node uintptr, items int) bool {
			if !shared[node] {
				keys += items
			}
			return !shared[node]
		})
	}
	for i := range before.groups {
		if before.groups[i] != nil {
			keys += entriesCopied(before.groups[i], after.groups[i])
		}
	}
	return keys
}

// entriesCopied counts the entries of the chunks, and of the lists of chunks, that an index of groups does
// not share with another one.
func entriesCopied(before, after *groups) int {
	entries := 0
	after.tree.Scan(func(parent string, now group) bool {
		was, _ := before.tree.Get(parent)
		if len(was) == len(now) && &was[0] == &now[0] {
			return true
		}
		entries += len(now)
		shared := map[*graph.Node]bool{}
		for _, chunk := range was {
			shared[&chunk[0]] = true
		}
		for _, chunk := range now {
			if !shared[&chunk[0]] {
				entries += len(chunk)
			}
		}
		return true
	})
	return entries
}

// trees lists the trees of a state, each as the reflection of a btree.Map.
func (s *state) trees() []reflect.Value {
	trees := []reflect.Value{reflect.ValueOf(s.below).Elem()}
	for _, kind := range graph.Kinds {
		trees = append(trees, reflect.ValueOf(s.nodes[kind]).Elem())
	}
	for i := range indexes {
		if s.index[i] != nil {
			trees = append(trees, reflect.ValueOf(s.index[i]).Elem())
		} else {
			trees = append(trees, reflect.ValueOf(s.groups[i].tree).Elem())
		}
	}
	return trees
}

// visitNodes calls visit for the nodes of a btree.Map from the root down, with the number of their keys;
// false leaves out what is below. It reads the unexported fields of v1.8.2.
func visitNodes(tree reflect.Value, visit func(node uintptr, items int) bool) {
	var down func(node reflect.Value)
	down = func(node reflect.Value) {
		if node.IsNil() || !visit(node.Pointer(), node.Elem().FieldByName("items").Len()) {
			return
		}
		children := node.Elem().FieldByName("children")
		if children.IsNil() {
			return
		}
		for i := range children.Elem().Len() {
			down(children.Elem().Index(i))
		}
	}
	down(tree.FieldByName("root"))
}
