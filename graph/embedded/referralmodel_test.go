package embedded_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// walk is a service whose days pass as a test says, beside a model of the referrals in it that shares no code with it.
type walk struct {
	*rapid.T
	service *graph.Graph
	day     int
	ids     []string // of the referrals, in the order in which they were sent
	model   map[string]*modelled
	events  []string // that the model expects
	long    bool     // a chain came to its longest
}

// modelled is a referral as the model has it. Days count from the first one; -1: not yet.
type modelled struct {
	from, to, parent       string
	state                  string
	sent, answered, closed int
	version                int
}

var (
	firstDay = graph.NewDate(2026, 11, 22)
	partners = []string{"a", "b", "c", "d", "e", "f", "g"}
)

// begin opens a service with some partners, who are public and ACTIVE.
func begin(t *rapid.T) *walk {
	w := &walk{T: t, model: map[string]*modelled{}}
	store := embedded.Memory(embedded.Options{Clock: w.now})
	t.Cleanup(func() { store.Close() })
	w.service = &graph.Graph{Store: store, Clock: w.now}
	var nodes []graph.Node
	for _, id := range partners {
		nodes = append(nodes, &graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active})
	}
	fill(t, store, nodes...)
	w.events = []string{graph.EventImportApplied}
	return w
}

// tester is a test or a part of a property.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// fill puts nodes as an import does.
func fill(t tester, store graph.Store, nodes ...graph.Node) {
	t.Helper()
	_, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for _, refusal := range refusals {
			if refusal != nil {
				return refusal
			}
		}
		if err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *walk) now() time.Time { return firstDay.AddDays(w.day).Time().Add(12 * time.Hour) }

// viewer is an operator or one of the partners, often one that is named.
func (w *walk) viewer(often ...string) graph.Viewer {
	who := rapid.SampledFrom(append([]string{"operator"}, partners...)).Draw(w.T, "who")
	if len(often) > 0 && rapid.IntRange(0, 3).Draw(w.T, "often") > 0 {
		who = often[0]
	}
	if who == "operator" {
		return graph.Operator
	}
	return graph.Viewer{Role: graph.RolePartner, Organisation: who}
}

// edit names a referral, or none that there is, at its version, at another one, or at any, and says who changes it.
func (w *walk) edit() (graph.Viewer, graph.Edit) {
	which := append([]string{"none"}, w.ids...)
	if last := w.ids[max(0, len(w.ids)-4):]; len(last) > 0 && rapid.Bool().Draw(w.T, "late") {
		which = last
	}
	e := graph.Edit{ID: rapid.SampledFrom(which).Draw(w.T, "which")}
	var often []string
	if r := w.model[e.ID]; r != nil {
		often = []string{r.to}
		version := r.version
		switch rapid.IntRange(0, 4).Draw(w.T, "expected") {
		case 0:
			version--
			e.ExpectedVersion = &version
		case 1, 2:
			e.ExpectedVersion = &version
		}
	}
	return w.viewer(often...), e
}

// reads reports whether a partner sent or received a referral or one that it passes on.
func (w *walk) reads(who, id string) bool {
	for id != "" {
		if w.model[id].from == who || w.model[id].to == who {
			return true
		}
		id = w.model[id].parent
	}
	return false
}

// refusal is the code with which a change of a referral by its recipient is refused that needs it to be in a state;
// empty: it is not.
func (w *walk) refusal(v graph.Viewer, e graph.Edit, state string) string {
	r := w.model[e.ID]
	operator := v.Role == graph.RoleOperator
	switch {
	case r == nil || !operator && !w.reads(v.Organisation, e.ID):
		return "NOT_FOUND"
	case !operator && r.to != v.Organisation:
		return "FORBIDDEN"
	case e.ExpectedVersion != nil && *e.ExpectedVersion != r.version:
		return "CONFLICT"
	case r.state != state || state == "NEW" && w.day > r.sent+14:
		return "INVALID_TRANSITION"
	}
	return ""
}

// expect checks that a change was refused with a code, or not at all.
func (w *walk) expect(what, code string, err error) bool {
	got := ""
	if e, ok := graph.AsError(err); ok {
		got = string(e.Code)
	} else if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
	if got != code {
		w.Fatalf("%s: %q (%v), not %q", what, got, err, code)
	}
	return err == nil
}

// becomes moves a referral of the model, and closes what closes with it.
func (w *walk) becomes(id, state, event string, day int) {
	r := w.model[id]
	if r.state == "NEW" && state != "EXPIRED" {
		r.answered = day
	}
	r.state, r.version = state, r.version+1
	w.events = append(w.events, event+" "+id)
	if state == "ACTIVE" || state == "FORWARDED" {
		return
	}
	r.closed = day
	if r.parent == "" {
		return
	}
	if state == "WON" {
		w.becomes(r.parent, "WON", "referral.won", day)
	} else {
		w.becomes(r.parent, "LOST", "referral.lost", day)
	}
}

func (w *walk) sent(made *graph.Referral, from, to, parent string) {
	w.ids = append(w.ids, made.ID)
	w.model[made.ID] = &modelled{from: from, to: to, parent: parent, state: "NEW", sent: w.day, answered: -1, closed: -1, version: 1}
	w.events = append(w.events, "referral.sent "+made.ID)
}

// send sends a referral.
func (w *walk) send(*rapid.T) {
	v, from, to := w.viewer(), rapid.SampledFrom(append([]string{""}, partners...)).Draw(w.T, "from"), w.anybody()
	code, sender := "", from
	switch {
	case v.Role == graph.RoleOperator && from == "":
		code = "VALIDATION"
	case v.Role == graph.RolePartner && from != "" && from != v.Organisation:
		code = "FORBIDDEN"
	case to == "none":
		code = "NOT_FOUND"
	}
	if sender == "" {
		sender = v.Organisation
	}
	if code == "" && sender == to {
		code = "VALIDATION"
	}
	done, err := w.service.SendReferral(context.Background(), v, graph.Creation{}, graph.Introduction{From: from, To: to})
	if w.expect(fmt.Sprintf("%s sends from %q to %s", v, from, to), code, err) {
		w.sent(done.Node, sender, to, "")
	}
}

// answer accepts or declines.
func (w *walk) answer(*rapid.T) {
	v, e := w.edit()
	w.answerAs(v, e, rapid.Bool().Draw(w.T, "accept"))
}

func (w *walk) answerAs(v graph.Viewer, e graph.Edit, accept bool) {
	code := w.refusal(v, e, "NEW")
	_, err := w.service.AnswerReferral(context.Background(), v, e, accept)
	if !w.expect(fmt.Sprintf("%s answers %s", v, e.ID), code, err) {
		return
	}
	if accept {
		w.becomes(e.ID, "ACTIVE", "referral.accepted", w.day)
	} else {
		w.becomes(e.ID, "DECLINED", "referral.declined", w.day)
	}
}

// forward passes a referral on.
func (w *walk) forward(*rapid.T) {
	v, e := w.edit()
	w.forwardAs(v, e, w.anybody())
}

// anybody is a partner, or none that there is.
func (w *walk) anybody() string {
	return rapid.SampledFrom(append([]string{"none"}, partners...)).Draw(w.T, "to")
}

// handOver takes the newest referral up and passes it on.
func (w *walk) handOver(*rapid.T) {
	if len(w.ids) == 0 {
		w.Skip("nothing was sent yet")
	}
	id := w.ids[len(w.ids)-1]
	v := graph.Viewer{Role: graph.RolePartner, Organisation: w.model[id].to}
	w.answerAs(v, graph.Edit{ID: id}, true)
	to := w.anybody()
	for _, other := range partners { // most are in the chain already
		if !w.reads(other, id) && rapid.Bool().Draw(w.T, "new to it") {
			to = other
		}
	}
	w.forwardAs(v, graph.Edit{ID: id}, to)
}

func (w *walk) forwardAs(v graph.Viewer, e graph.Edit, to string) {
	code := w.refusal(v, e, "ACTIVE")
	if code == "" && to == "none" {
		code = "NOT_FOUND"
	}
	length := 0
	for id := e.ID; code == "" && id != ""; id = w.model[id].parent {
		if length++; to == w.model[id].from || to == w.model[id].to {
			code = "VALIDATION"
		}
	}
	if code == "" && length == 5 {
		code, w.long = "VALIDATION", true
	}
	done, err := w.service.ForwardReferral(context.Background(), v, graph.Creation{}, e, graph.Introduction{To: to})
	if w.expect(fmt.Sprintf("%s forwards %s to %s", v, e.ID, to), code, err) {
		w.becomes(e.ID, "FORWARDED", "referral.forwarded", w.day)
		w.sent(done.Child, w.model[e.ID].to, to, e.ID)
	}
}

// close closes a referral.
func (w *walk) close(*rapid.T) {
	v, e := w.edit()
	w.closeAs(v, e, w.outcome())
}

func (w *walk) outcome() graph.ReferralState {
	return rapid.SampledFrom([]graph.ReferralState{graph.ReferralWon, graph.ReferralLost}).Draw(w.T, "outcome")
}

// finish closes a referral that is ACTIVE.
func (w *walk) finish(*rapid.T) {
	var active []string
	for _, id := range w.ids {
		if w.model[id].state == "ACTIVE" {
			active = append(active, id)
		}
	}
	if len(active) == 0 {
		w.Skip("none is ACTIVE")
	}
	id := rapid.SampledFrom(active).Draw(w.T, "which")
	w.closeAs(graph.Viewer{Role: graph.RolePartner, Organisation: w.model[id].to}, graph.Edit{ID: id}, w.outcome())
}

func (w *walk) closeAs(v graph.Viewer, e graph.Edit, outcome graph.ReferralState) {
	code := w.refusal(v, e, "ACTIVE")
	_, err := w.service.CloseReferral(context.Background(), v, e, graph.Outcome{State: outcome})
	if w.expect(fmt.Sprintf("%s closes %s", v, e.ID), code, err) {
		w.becomes(e.ID, string(outcome), "referral."+strings.ToLower(string(outcome)), w.day)
	}
}

// tick lets the clock do its work, which it may be late for.
func (w *walk) tick(*rapid.T) {
	if err := w.service.Tick(context.Background()); err != nil {
		w.Fatal(err)
	}
	var due []string
	for id, r := range w.model {
		if r.state == "NEW" && w.day > r.sent+14 {
			due = append(due, id)
		}
	}
	slices.SortFunc(due, func(a, b string) int { // the order of the events of one tick, which is not promised
		return strings.Compare(fmt.Sprintf("%05d %s", w.model[a].sent, a), fmt.Sprintf("%05d %s", w.model[b].sent, b))
	})
	for _, id := range due {
		w.becomes(id, "EXPIRED", "referral.expired", w.model[id].sent+15)
	}
}

// pass lets days pass.
func (w *walk) pass(*rapid.T) {
	w.day += rapid.SampledFrom([]int{1, 1, 1, 3, 7, 14, 15, 40}).Draw(w.T, "days")
}

// check compares all referrals and the log with the model.
func (w *walk) check(*rapid.T) {
	nodes, err := w.service.Store.Read(context.Background(), graph.Operator, graph.KindReferral, w.ids)
	if err != nil {
		w.Fatal(err)
	}
	for i, id := range w.ids {
		r, m := nodes[i].(*graph.Referral), w.model[id]
		got := []any{r.From, r.To, r.Parent, string(r.State), r.SentOn, r.AnsweredOn, r.ClosedOn, r.Version}
		want := []any{m.from, m.to, m.parent, m.state, dayOf(m.sent), dayOf(m.answered), dayOf(m.closed), m.version}
		if !slices.Equal(got, want) {
			w.Fatalf("the referral %s is %v, not %v", id, got, want)
		}
	}
	if got := logged(w.T, w.service.Store); !slices.Equal(got, w.events) {
		w.Fatalf("the log is %v, not %v", got, w.events)
	}
}

func dayOf(day int) graph.Date {
	if day < 0 {
		return 0
	}
	return firstDay.AddDays(day)
}

// logged are the events of the log: their types, and the ids of their subjects.
func logged(t tester, store graph.Store) []string {
	t.Helper()
	var all []string
	for after := int64(0); ; {
		events, err := store.Events(context.Background(), graph.Operator, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return all
		}
		for _, event := range events {
			after = event.Seq
			text := event.Type
			if _, id, ok := graph.ParseGID(event.Subject); ok {
				text += " " + id
			}
			all = append(all, text)
		}
	}
}

func TestReferralsGoAsTheModelSaysWhateverIsTriedInWhateverOrder(t *testing.T) {
	reached := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		w := begin(t)
		t.Repeat(map[string]func(*rapid.T){
			"send": w.send, "answer": w.answer, "forward": w.forward, "close": w.close, "finish": w.finish, "tick": w.tick, "pass": w.pass, "": w.check,
			"hand over": w.handOver, "hand over again": w.handOver, "and again": w.handOver,
		})
		for _, event := range w.events {
			reached[strings.Fields(event)[0]] = true
		}
		reached["chain"] = reached["chain"] || w.long
	})
	if testing.Short() {
		return // few and short walks do not come everywhere
	}
	if !reached["chain"] {
		t.Error("no chain came to its longest")
	}
	for _, step := range graph.ReferralLifecycle {
		if !reached[step.Event] {
			t.Errorf("no walk came to %s; they came to %v", step.Event, slices.Sorted(maps.Keys(reached)))
		}
	}
}
