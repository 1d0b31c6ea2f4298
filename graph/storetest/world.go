package storetest

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"valueweb/graph"
)

// World builds a small graph in a store, in sentences: a partner, then what it has. Nodes are collected
// and written in one transaction before the world is first asked. Templates state what matters to a case;
// ids and references that are left out are filled in.
type World struct {
	*testing.T
	graph.Store
	viewer  graph.Viewer // who asks; the operator unless it says otherwise
	pending []graph.Node
	partner string // the one that sentences are about
	named   map[string]int
	clock   *clock // of the store, where the suite has opened it
}

// NewWorld starts with an empty store.
func NewWorld(t *testing.T, store graph.Store) *World {
	return &World{T: t, Store: store, viewer: graph.Operator, named: map[string]int{}}
}

// as is the world as another viewer asks about it, once it is written.
func (w *World) as(v graph.Viewer) *World {
	w.Helper()
	seen := *w.Save()
	seen.viewer = v
	return &seen
}

func (w *World) asPartner(id string) *World {
	w.Helper()
	return w.as(graph.Viewer{Role: graph.RolePartner, Organisation: id})
}

func (w *World) asCustomer(id string) *World {
	w.Helper()
	return w.as(graph.Viewer{Role: graph.RoleCustomer, Organisation: id})
}

func (w *World) asAnalyst() *World {
	w.Helper()
	return w.as(graph.Viewer{Role: graph.RoleAnalyst})
}

// Today is the day that the cases ask about unless they say otherwise.
var Today = Day("2026-06-30")

// Day reads a date that a test states.
func Day(text string) graph.Date {
	d, err := graph.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// The places of the cases: Here, and others at a distance from it.
var (
	Here = graph.Point{Lat: 52.52, Lng: 13.405}
	Far  = graph.Point{Lat: -33.87, Lng: 151.21}
)

// North is the point some kilometres north of Here.
func North(km float64) graph.Point {
	return graph.Point{Lat: Here.Lat + km/graph.EarthRadiusKm*180/math.Pi, Lng: Here.Lng}
}

// id makes an id that no other node of the world has.
func (w *World) id(parts string) string {
	w.named[parts]++
	if n := w.named[parts]; n > 1 {
		return fmt.Sprintf("%s.%d", parts, n)
	}
	return parts
}

// template is the first of the templates, an empty node for none.
func template[T any](as []T) *T {
	node := new(T)
	if len(as) > 0 {
		*node = as[0]
	}
	return node
}

// Add collects nodes as they are.
func (w *World) Add(nodes ...graph.Node) *World {
	w.pending = append(w.pending, nodes...)
	return w
}

// Competency adds one with what is broader.
func (w *World) Competency(id string, broader ...string) *World {
	return w.Add(&graph.Competency{Meta: graph.Meta{ID: id}, Name: "The " + id, Broader: broader})
}

// Partner adds an ACTIVE one; what follows is about it.
func (w *World) Partner(id string, as ...graph.Partner) *World {
	p := template(as)
	p.ID, w.partner = id, id
	if p.Name == "" {
		p.Name = "The " + id
	}
	if p.Status == "" {
		p.Status = graph.Active
	}
	return w.Add(p)
}

// About turns back to a partner that was added before.
func (w *World) About(partner string) *World {
	w.partner = partner
	return w
}

// Office adds one to the partner.
func (w *World) Office(id string, at graph.Point, as ...graph.Office) *World {
	o := template(as)
	o.ID, o.Partner, o.Location = id, w.partner, at
	return w.Add(o)
}

// Holds adds a holding to the partner.
func (w *World) Holds(competency string, as ...graph.Holding) *World {
	h := template(as)
	h.Partner, h.Competency = w.partner, competency
	if h.ID == "" {
		h.ID = w.id(w.partner + "-" + competency)
	}
	return w.Add(h)
}

// Certified adds a verified certification to the partner.
func (w *World) Certified(competency string, as ...graph.Certification) *World {
	c := template(as)
	c.Partner, c.Competency, c.Verified = w.partner, competency, true
	if c.ID == "" {
		c.ID = w.id(w.partner + "-" + competency)
	}
	return w.Add(c)
}

// Received adds a referral to the partner, from "sender" where none is named. It is ACTIVE and sent today
// unless it says otherwise.
func (w *World) Received(as ...graph.Referral) *World {
	r := template(as)
	r.To = w.partner
	if r.From == "" {
		r.From = "sender"
	}
	if r.State == "" {
		r.State = graph.ReferralActive
	}
	if r.SentOn == 0 {
		r.SentOn = Today
	}
	if r.ID == "" {
		r.ID = w.id("to-" + w.partner)
	}
	return w.Add(r)
}

// Customer adds one with a site at each of the points: c-1, c-2 …
func (w *World) Customer(id string, at ...graph.Point) *World {
	w.Add(&graph.Customer{Meta: graph.Meta{ID: id}, Name: "The " + id})
	for i, point := range at {
		w.Add(&graph.Site{Meta: graph.Meta{ID: fmt.Sprintf("%s-%d", id, i+1)}, Customer: id, Location: point})
	}
	return w
}

// Opportunity adds one, PROSPECT unless it says otherwise.
func (w *World) Opportunity(id string, o graph.Opportunity) *World {
	o.ID = id
	if o.Stage == "" {
		o.Stage = graph.Prospect
	}
	if o.Title == "" {
		o.Title = "The " + id
	}
	return w.Add(&o)
}

// Wall adds one that keeps the partner out.
func (w *World) Wall(as graph.Wall) *World {
	as.Partner = w.partner
	if as.ID == "" {
		as.ID = w.id("wall-" + w.partner)
	}
	return w.Add(&as)
}

// Candidate adds an ACTIVE partner with an office at a point, named like it, that holds a competency.
func (w *World) Candidate(id string, at graph.Point, competency string, as ...graph.Holding) *World {
	return w.Partner(id).Office(id+"-office", at).Holds(competency, as...)
}

// Save writes what was collected; a refusal fails the test.
func (w *World) Save() *World {
	w.Helper()
	if len(w.pending) == 0 {
		return w
	}
	nodes := w.pending
	w.pending = nil
	for i, refusal := range w.Put(nodes...) {
		if refusal != nil {
			w.Fatalf("%s is refused: %v", nodes[i].GID(), refusal)
		}
	}
	return w
}

// Put writes nodes in one transaction with one event, and returns the refusals.
func (w *World) Put(nodes ...graph.Node) []error {
	w.Helper()
	var refusals []error
	_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) (err error) {
		if refusals, err = tx.Put(ctx, nodes); err != nil {
			return err
		}
		return logChanges(ctx, tx)
	})
	w.must(err)
	return refusals
}

// logChanges appends the event that a change must have, if there is one.
func logChanges(ctx context.Context, tx graph.Tx) error {
	changed := tx.Changed()
	if len(changed) == 0 {
		return nil
	}
	return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: changed})
}

// write runs a transaction that must succeed.
func (w *World) write(fn func(ctx context.Context, tx graph.Tx) error) (seq int64) {
	w.Helper()
	seq, err := w.Write(w.Context(), graph.Operator, fn)
	w.must(err)
	return seq
}

// put writes nodes in a transaction under way; none may be refused.
func (w *World) put(ctx context.Context, tx graph.Tx, nodes ...graph.Node) {
	w.Helper()
	refusals, err := tx.Put(ctx, nodes)
	w.must(err)
	for _, refusal := range refusals {
		w.must(refusal)
	}
}

// node reads one node, nil where there is none.
func (w *World) node(kind graph.Kind, id string) graph.Node {
	w.Helper()
	nodes, err := w.Read(w.Context(), w.viewer, kind, []string{id})
	w.must(err)
	if len(nodes) != 1 {
		w.Fatalf("1 id was read and %d nodes came", len(nodes))
	}
	return nodes[0]
}

// partnerNode reads a partner that is there.
func (w *World) partnerNode(id string) *graph.Partner {
	w.Helper()
	p, ok := w.node(graph.KindPartner, id).(*graph.Partner)
	if !ok {
		w.Fatalf("there is no partner %q", id)
	}
	return p
}

func (w *World) seq() int64 {
	w.Helper()
	seq, err := w.Seq(w.Context())
	w.must(err)
	return seq
}

// events reads the whole log.
func (w *World) events() []graph.Event {
	w.Helper()
	events, err := w.Events(w.Context(), graph.Operator, 0, math.MaxInt32)
	w.must(err)
	return events
}

func (w *World) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// same compares what came with what had to come.
func (w *World) same(what string, got, want any) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Errorf("%s:\n got %s\nwant %s", what, show(got), show(want))
	}
}

// show writes a value, nodes behind pointers included.
func show(v any) string {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() {
		return fmt.Sprintf("&%+v", r.Elem())
	}
	return fmt.Sprintf("%+v", v)
}

// refused checks an error: its code and the field that it names.
func (w *World) refused(err error, code graph.Code, field string) {
	w.Helper()
	e, ok := graph.AsError(err)
	switch {
	case !ok:
		w.Errorf("the error is %v, not one with the code %s", err, code)
	case e.Code != code || e.Field != field:
		w.Errorf("the error is %s of field %q (%v), not %s of field %q", e.Code, e.Field, e, code, field)
	}
}

// Ask asks for a competency within 50 km of Here, today.
func Ask(competencies ...string) graph.GapQuery {
	q := graph.GapQuery{Radii: []float64{50}, Enough: graph.EnoughPartners}
	q.Place.Point, q.AsOf = &Here, Today
	for _, competency := range competencies {
		q.Needs = append(q.Needs, graph.Need{Competency: competency, MinLevel: 1})
	}
	return q
}

// gap asks, after what is still to be written, and brings the answer into an order: candidates by id,
// their offices and holdings by id.
func (w *World) gap(q graph.GapQuery) graph.GapFacts {
	w.Helper()
	w.Save()
	facts, err := w.Gap(w.Context(), w.viewer, q)
	w.must(err)
	slices.SortFunc(facts.Candidates, func(a, b graph.CandidateFacts) int { return compare(a.Partner, b.Partner) })
	for _, c := range facts.Candidates {
		slices.SortFunc(c.Offices, func(a, b graph.OfficeFacts) int { return compare(a.ID, b.ID) })
		for _, holdings := range c.Holdings {
			slices.SortFunc(holdings, func(a, b graph.HoldingFacts) int { return compare(a.ID, b.ID) })
		}
	}
	slices.Sort(facts.Blocked)
	return facts
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// qualify checks who qualifies for a question, by id.
func (w *World) qualify(q graph.GapQuery, partners ...string) {
	w.Helper()
	facts := w.gap(q)
	var got []string
	for _, c := range facts.Candidates {
		got = append(got, c.Partner)
	}
	w.same("who qualifies", got, partners)
}

// candidate is the facts about one who qualifies.
func (w *World) candidate(q graph.GapQuery, partner string) graph.CandidateFacts {
	w.Helper()
	facts := w.gap(q)
	for _, c := range facts.Candidates {
		if c.Partner == partner {
			return c
		}
	}
	w.Fatalf("%s does not qualify, only %+v", partner, facts.Candidates)
	return graph.CandidateFacts{}
}

// gapRefused checks the error of a question.
func (w *World) gapRefused(q graph.GapQuery, code graph.Code, field string) {
	w.Helper()
	w.Save()
	_, err := w.Gap(w.Context(), w.viewer, q)
	w.refused(err, code, field)
}
