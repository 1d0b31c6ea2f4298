package neo4jstore_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/network"
	"valueweb/graph/sheet"
	"valueweb/scenarios/naive"
)

// often is how many times something is tried: by default, or with VALUEWEB_TORTURE.
func often(byDefault, torture int) int {
	if os.Getenv("VALUEWEB_TORTURE") != "" {
		return torture
	}
	return byDefault
}

// TestBothStoresAnswerRandomOperationsAlike writes to a store in the process and to one in Neo4j the same
// random transactions and imports, asks both the same random questions in between, and in the end for all
// that they hold: every answer must be the same to the last bit, refusals and log included.
//
// VALUEWEB_SEED=N runs the one world of a seed, VALUEWEB_TORTURE=1 three thousand worlds.
func TestBothStoresAnswerRandomOperationsAlike(t *testing.T) {
	if text := os.Getenv("VALUEWEB_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		compareWorld(t, seed)
		return
	}
	for seed := range uint64(often(1, 3000)) {
		compareWorld(t, seed)
		if t.Failed() {
			return
		}
	}
}

// operation is something done to a store, which notes all that came of it.
type operation struct {
	text string
	run  func(ctx context.Context, s *side)
}

// operations are those of a world: what fills it, then changes and questions, then questions about all.
func operations(seed uint64) []operation {
	d := newDrawer(seed)
	var all []operation
	if seed%3 == 0 {
		all = append(all, d.importSheets())
	}
	for _, nodes := range slices.Collect(slices.Chunk(d.world(), 40)) {
		all = append(all, d.transaction("write", []stepInTx{d.puts(nodes)}))
	}
	for range 10 {
		all = append(all, d.change())
		for range 8 {
			all = append(all, d.question())
		}
	}
	return append(all, d.everything()...)
}

func compareWorld(t *testing.T, seed uint64) {
	t.Helper()
	all := operations(seed)
	at, difference := firstDifference(t, fmt.Sprint("seed ", seed), all)
	if difference == "" {
		return
	}
	t.Errorf("seed %d (VALUEWEB_SEED=%d runs it alone): the stores differ at operation %d of %d, the last of these:\n%s", seed, seed, at+1, len(all),
		shortest(t, all[:at+1], difference))
}

// firstDifference runs operations on two empty stores, until they differ: at which operation, and how.
func firstDifference(t *testing.T, name string, all []operation) (at int, difference string) {
	t.Run(name, func(t *testing.T) {
		clock := &steppingClock{now: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)}
		a := newSide(t, embedded.Memory(embedded.Options{Clock: clock.time}), clock)
		b := newSide(t, neo4jtest.Open(t, func(o *neo4jstore.Options) { o.Clock = clock.time }), clock)
		for i, op := range all {
			clock.now = clock.now.Add(time.Second)
			if difference = differ(a.did(t.Context(), op), b.did(t.Context(), op)); difference != "" {
				at = i
				return
			}
		}
	})
	return at, difference
}

// shrinkFor bounds the search for fewer operations.
const shrinkFor = time.Minute

// shortest leaves operations out for as long as the last one still differs, and tells what remains.
func shortest(t *testing.T, all []operation, difference string) string {
	deadline := time.Now().Add(shrinkFor)
	tries := 0
	for size := len(all) / 2; size > 0 && time.Now().Before(deadline); size /= 2 {
		for from := 0; from+size < len(all) && time.Now().Before(deadline); {
			fewer := slices.Concat(all[:from], all[from+size:])
			tries++
			if at, how := firstDifference(t, fmt.Sprint("with less ", tries), fewer); how != "" {
				all, difference = fewer[:at+1], how
			} else {
				from += size
			}
		}
	}
	var text strings.Builder
	for i, op := range all {
		fmt.Fprintf(&text, "%d. %s\n", i+1, op.text)
	}
	return text.String() + difference
}

// differ tells how two accounts of an operation differ, empty if they do not.
func differ(embedded, neo4j []string) string {
	for i := range max(len(embedded), len(neo4j)) {
		var a, b string
		if i < len(embedded) {
			a = embedded[i]
		}
		if i < len(neo4j) {
			b = neo4j[i]
		}
		if a != b {
			return "embedded: " + around(a, b) + "\nneo4j:    " + around(b, a)
		}
	}
	return ""
}

// around is the part of a text where it begins to differ from another.
func around(text, other string) string {
	at := 0
	for at < len(text) && at < len(other) && text[at] == other[at] {
		at++
	}
	const before, after = 120, 280
	what, _, _ := strings.Cut(text, ":")
	return fmt.Sprintf("%s … %q", what, text[max(0, at-before):min(len(text), at+after)])
}

// steppingClock stands still during an operation.
type steppingClock struct{ now time.Time }

func (c *steppingClock) time() time.Time { return c.now }

// side is one of the two stores, with all that rests on it, and its account of an operation.
type side struct {
	store   graph.Store
	graph   *graph.Graph
	ties    *network.Projection
	seq     int64 // after the operation before
	account []string
}

func newSide(t *testing.T, store graph.Store, clock *steppingClock) *side {
	ties, err := network.Follow(t.Context(), store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ties.Close() })
	return &side{store: store, ties: ties, graph: &graph.Graph{Store: store, Network: ties, Clock: clock.time}}
}

// did runs an operation, and returns the account once the ties reflect what it did.
func (s *side) did(ctx context.Context, op operation) []string {
	s.account = nil
	op.run(ctx, s)
	seq, err := s.store.Seq(ctx)
	s.note("seq", seq)
	if seq > s.seq {
		s.noteEvents(ctx, s.seq, 1+int(seq-s.seq)/2)
		s.noteEvents(ctx, s.seq, math.MaxInt32)
	}
	s.seq = seq
	s.noteError(err)
	s.noteError(s.ties.Await(ctx, seq))
	return s.account
}

func (s *side) noteEvents(ctx context.Context, after int64, limit int) {
	events, err := s.store.Events(ctx, graph.Operator, after, limit)
	for _, event := range events {
		s.note("event", event)
	}
	s.noteError(err)
}

// written is a value as text: numbers to the last bit, and no list like an empty one.
func written(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%+v: %v", value, err)
	}
	return strings.ReplaceAll(string(text), "[]", "null")
}

func (s *side) note(what string, value any) { s.account = append(s.account, what+": "+written(value)) }

// noteSet notes values whose order says nothing.
func (s *side) noteSet(what string, values any) {
	var all []json.RawMessage
	text, err := json.Marshal(values)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	slices.SortFunc(all, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	s.note(what, all)
	s.noteError(err)
}

func (s *side) noteError(err error) {
	if e, ok := graph.AsError(err); ok {
		s.note("refused", e) // the fields say it all
	} else if err != nil {
		s.account = append(s.account, "error: "+err.Error())
	}
}

// plainNode is a node as it is kept: no list like an empty one.
func plainNode(node graph.Node) any {
	if node == nil {
		return nil
	}
	return clone(node)
}

func (s *side) noteNodes(what string, nodes []graph.Node) {
	for i, node := range nodes {
		s.note(fmt.Sprint(what, " ", i), plainNode(node))
	}
}

func (s *side) notePage(page graph.Page) {
	s.noteNodes("row", page.Nodes)
	s.note("keys", page.Keys)
	if slices.ContainsFunc(page.Km, func(km float64) bool { return km != 0 }) {
		s.note("km", page.Km)
	}
	s.note("more", []any{page.HasNext, page.HasPrevious, page.Total})
}

// noteFacts brings facts into an order, and leaves out what is a store's own.
func (s *side) noteFacts(facts graph.GapFacts) {
	slices.SortFunc(facts.Candidates, func(a, b graph.CandidateFacts) int { return cmp.Compare(a.Partner, b.Partner) })
	for _, c := range facts.Candidates {
		slices.SortFunc(c.Offices, func(a, b graph.OfficeFacts) int { return cmp.Compare(a.ID, b.ID) })
		for _, holdings := range c.Holdings {
			slices.SortFunc(holdings, func(a, b graph.HoldingFacts) int { return cmp.Compare(a.ID, b.ID) })
		}
		s.note("candidate", finite(c))
	}
	facts.Blocked = slices.Sorted(slices.Values(facts.Blocked))
	facts.Visited, facts.Candidates = 0, nil
	s.noteAccess(facts.Access)
	facts.Access = nil
	s.account = append(s.account, fmt.Sprint("radius: ", facts.RadiusKm))
	facts.RadiusKm = 0
	s.note("facts", facts)
}

// finite writes a distance that is none as one that JSON can carry.
func finite(c graph.CandidateFacts) graph.CandidateFacts {
	for i := range c.Offices {
		if math.IsInf(c.Offices[i].Km, 1) {
			c.Offices[i].Km = -1
		}
	}
	return c
}

func (s *side) noteShortfall(shortfall graph.GapShortfall) {
	s.account = append(s.account, fmt.Sprintf("left out %+v, variants %+v", shortfall.LeftOut, shortfall.Found))
}

// stepInTx is something done within a transaction.
type stepInTx struct {
	text string
	run  func(ctx context.Context, s *side, tx graph.Tx) error
}

var errOfTheTest = errors.New("the transaction fails on purpose")

// change draws a transaction, a rehearsal or an import.
func (d *drawer) change() operation {
	switch {
	case d.chance(8):
		return d.importSheets()
	case d.chance(6):
		return d.forget()
	}
	var steps []stepInTx
	for range 1 + d.IntN(4) {
		steps = append(steps, d.puts(d.nodes(1+d.IntN(8))))
		if d.chance(40) {
			steps = append(steps, d.look())
		}
	}
	switch {
	case d.chance(10):
		steps = append(steps, stepInTx{"fail", func(context.Context, *side, graph.Tx) error { return errOfTheTest }})
	case d.chance(3):
		steps = slices.Insert(steps, 0, stepInTx{"forget the event", nil})
	}
	return d.transaction(pick(d, []string{"write", "write", "write", "write", "rehearse"}), steps)
}

// forget lets go of what happened some operations ago; each takes a second.
func (d *drawer) forget() operation {
	ago := time.Duration(d.IntN(30)) * time.Second
	return operation{fmt.Sprint("forget what is older than ", ago), func(ctx context.Context, s *side) {
		s.noteError(s.store.Forget(ctx, graph.Operator, s.graph.Clock().Add(-ago)))
		oldest, err := s.store.Oldest(ctx)
		s.note("oldest", oldest)
		s.noteError(err)
		s.noteEvents(ctx, 0, math.MaxInt32)
	}}
}

// transaction runs steps in a transaction, and logs what they changed.
func (d *drawer) transaction(how string, steps []stepInTx) operation {
	subject := ""
	if len(d.history) > 0 && d.chance(50) {
		subject = pick(d, d.history).GID()
	}
	text := how + fmt.Sprintf(" with an event about %s", subject)
	for _, step := range steps {
		text += "\n     " + step.text
	}
	return operation{text, func(ctx context.Context, s *side) {
		run := func(ctx context.Context, tx graph.Tx) error {
			s.account = nil // it may be run again
			return perform(ctx, s, tx, subject, steps)
		}
		if how == "rehearse" {
			s.noteError(s.store.Rehearse(ctx, graph.Operator, run))
			return
		}
		seq, err := s.store.Write(ctx, graph.Operator, run)
		s.note("written", seq)
		s.noteError(err)
	}}
}

func perform(ctx context.Context, s *side, tx graph.Tx, subject string, steps []stepInTx) error {
	logs := true
	receipt, err := tx.Receipt(ctx, subject)
	s.note("receipt", receipt)
	s.noteError(err)
	if err := tx.Keep(ctx, graph.Receipt{Key: subject, Body: "body", Node: subject}); err != nil {
		return err
	}
	for _, step := range steps {
		if step.run == nil {
			logs = false
			continue
		}
		if err := step.run(ctx, s, tx); err != nil {
			return err
		}
	}
	changed := tx.Changed()
	s.note("changed", changed)
	if !logs || len(changed) == 0 {
		return nil
	}
	return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Subject: subject, Changes: changed})
}

// puts puts nodes with one call.
func (d *drawer) puts(nodes []graph.Node) stepInTx {
	text := "put"
	for _, node := range nodes {
		text += "\n       " + sketch(node)
	}
	return stepInTx{text, func(ctx context.Context, s *side, tx graph.Tx) error {
		copies := make([]graph.Node, len(nodes))
		for i := range nodes {
			copies[i] = clone(nodes[i])
		}
		refusals, err := tx.Put(ctx, copies)
		for i, refusal := range refusals {
			if refusal != nil {
				s.note("refused", i)
				s.noteError(refusal)
			}
		}
		return err
	}}
}

// sketch is what a node states, without what it leaves out.
func sketch(node graph.Node) string {
	var fields map[string]any
	if err := json.Unmarshal([]byte(written(node)), &fields); err != nil {
		return err.Error()
	}
	for _, name := range []string{"Version", "CreatedAt", "UpdatedAt", "ExternalIDs"} {
		delete(fields, name)
	}
	maps.DeleteFunc(fields, func(_ string, value any) bool {
		return value == nil || value == "" || value == 0.0 || value == false
	})
	return string(node.Kind()) + " " + written(fields)
}

// look reads within the transaction.
func (d *drawer) look() stepInTx {
	kind, relation := pick(d, graph.Kinds), pick(d, graph.Relations)
	ids, text, n := d.idsOf(kind, 1+d.IntN(4)), pick(d, names), 1+d.IntN(5)
	parentKind := graph.Kind(strings.ToUpper(string(relation[:1])) + string(relation[1:strings.Index(string(relation), ".")]))
	q := graph.RelatedQuery{Relation: relation, Parents: d.idsOf(parentKind, 1+d.IntN(3)), Page: graph.PageQuery{Total: d.chance(50)}}
	d.pageSize(&q.Page)
	v := d.viewer()
	return stepInTx{fmt.Sprintf("look as %s and an operator at %s %q, what is like %.40q, and related %s", v, kind, ids, text, written(q)), func(ctx context.Context, s *side, tx graph.Tx) error {
		nodes, err := tx.Read(ctx, v, kind, ids)
		s.noteNodes("as it stood", nodes)
		s.noteError(err)
		nodes, err = tx.Read(ctx, graph.Operator, kind, ids)
		s.noteNodes("within", nodes)
		s.noteError(err)
		nearest, err := tx.Nearest(ctx, graph.Operator, kind, text, n)
		s.note("nearest within", nearest)
		s.noteError(err)
		pages, err := tx.Related(ctx, graph.Operator, q)
		for _, page := range pages {
			s.notePage(page)
		}
		s.note("changed so far", tx.Changed())
		return err
	}}
}

// importSheets imports a random world of sheets; the reports must be equal.
func (d *drawer) importSheets() operation {
	seed, dry := d.Uint64N(1000), d.chance(15)
	files := naive.Random(rand.New(rand.NewPCG(seed, 1)))
	d.learn(files)
	return operation{fmt.Sprintf("import the sheets of naive.Random %d (dry: %v)", seed, dry), func(ctx context.Context, s *side) {
		report, err := sheet.Import(ctx, s.store, graph.Operator, sourcesOf(files), sheet.Options{DryRun: dry})
		s.note("report", report)
		s.noteError(err)
	}}
}

// sheetKinds are the kinds of which sheets state ids.
var sheetKinds = map[string]graph.Kind{
	"competencies": graph.KindCompetency, "partners": graph.KindPartner, "offices": graph.KindOffice, "customers": graph.KindCustomer, "sites": graph.KindSite,
	"opportunities": graph.KindOpportunity, "referrals": graph.KindReferral, "partnerships": graph.KindPartnership,
}

// learn takes the ids of sheets into the universe.
func (d *drawer) learn(files map[string][]byte) {
	for _, name := range sheet.Order(slices.Sorted(maps.Keys(files))) {
		kind, known := sheetKinds[strings.TrimSuffix(name, ".csv")]
		if !known {
			continue
		}
		for line := range strings.Lines(string(files[name])) {
			if id, _, _ := strings.Cut(line, ","); id != "id" && id != "" && !slices.Contains(d.put[kind], id) {
				d.put[kind], d.ids[kind] = append(d.put[kind], id), append(d.ids[kind], id)
			}
		}
	}
}

func sourcesOf(files map[string][]byte) []sheet.Source {
	var sources []sheet.Source
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sources = append(sources, sheet.Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files[name])), nil }})
	}
	return sources
}
