package postgres

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"valueweb/bench"
	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/network"
	"valueweb/graph/sheet"
	"valueweb/internal/world"
)

// questions is how many random questions the peer is asked a day.
const questions = 2000

// TestThePeerAnswersAsTheProductDoes asks both random questions about a generated world: on the day that
// such worlds are about, and on one in the past, the last of a month that is longer than others, when
// much had not yet happened. The same partners must come in the same order, with equal terms and facts.
//
// It is a part of `make bench`: VALUEWEB_BENCH=1 runs it, and then PostgreSQL must be there.
func TestThePeerAnswersAsTheProductDoes(t *testing.T) {
	if os.Getenv("VALUEWEB_BENCH") == "" {
		t.Skip("the peer is started by make bench alone (VALUEWEB_BENCH=1)")
	}
	folder := t.TempDir()
	if err := world.Generate("alliance", 1, world.Dir(folder, true)); err != nil {
		t.Fatal(err)
	}
	product := importWorld(t, folder)
	cluster, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	for name, asOf := range map[string]graph.Date{"today": bench.AsOf, "past": graph.NewDate(2025, time.August, 31)} {
		t.Run(name, func(t *testing.T) {
			address, err := cluster.Load(t.Context(), name, folder, asOf)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, product, ask(t, address), drawn(t, folder, asOf))
		})
	}
}

func importWorld(t *testing.T, folder string) *graph.Graph {
	store := embedded.Memory(embedded.Options{})
	t.Cleanup(func() { store.Close() })
	sources, err := sheet.Files(folder)
	if err != nil {
		t.Fatal(err)
	}
	report, err := sheet.Import(t.Context(), store, graph.Operator, sources, sheet.Options{})
	if err != nil || !report.Complete() {
		t.Fatal(err, report)
	}
	ties, err := network.Follow(t.Context(), store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ties.Close() })
	return &graph.Graph{Store: store, Network: ties, Clock: time.Now}
}

func drawn(t *testing.T, folder string, asOf graph.Date) []bench.Question {
	all, err := bench.Draw(folder, questions, uint64(asOf))
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].AsOf = asOf
		all[i].RadiusKm = []float64{50, 3, 400, 5000}[i%4]
	}
	return all
}

// ask returns how the peer answers a question with all facts.
func ask(t *testing.T, address string) func(bench.Question) []facts {
	peer, err := Question(t.Context(), address, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.Close)
	return func(q bench.Question) []facts {
		var all []facts
		peer.read = func(scan func(...any) error) (row bench.Row, total int, err error) {
			var f facts
			err = f.read(scan)
			all = append(all, f)
			return f.Row, f.total, err
		}
		reply, err := peer.Ask(t.Context(), q)
		if err == nil {
			_, err = reply()
		}
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		return all
	}
}

func compare(t *testing.T, product *graph.Graph, peer func(bench.Question) []facts, questions []bench.Question) {
	rows := 0
	for _, q := range questions {
		page, err := product.WhoCanFill(context.Background(), graph.Operator, graph.Gap{
			Needs: []graph.Need{{Competency: q.Competency, MinLevel: q.MinLevel}}, Place: graph.Place{Point: &q.At},
			RadiusKm: &q.RadiusKm, Asker: q.Asker, AsOf: q.AsOf,
		}, graph.PageArgs{First: q.First}, graph.CandidateExtras{})
		if err != nil {
			t.Fatal(err)
		}
		got := peer(q)
		want, answer := bench.Answer{Total: page.Total}, bench.Answer{}
		for i, c := range page.Candidates {
			want.Rows = append(want.Rows, rowOf(t, product, c))
			if i < len(got) && got[i].track != c.Evidence {
				t.Fatalf("%+v\n%s has %+v, want %+v", q, c.Partner, got[i].track, c.Evidence)
			}
		}
		for _, f := range got {
			answer.Total, answer.Rows = f.total, append(answer.Rows, f.Row)
		}
		if err := answer.Differs(want); err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		rows += len(got)
	}
	t.Logf("%d questions, %d rows", len(questions), rows)
}

// rowOf is a candidate of the product as contestants tell of one.
func rowOf(t *testing.T, product *graph.Graph, c graph.Candidate) bench.Row {
	match := c.Matches[0]
	held, err := product.Store.Read(t.Context(), graph.Operator, graph.KindHolding, []string{match.Holding})
	if err != nil {
		t.Fatal(err)
	}
	holding := held[0].(*graph.Holding)
	row := bench.Row{
		Partner: c.Partner, Score: c.Score, Km: *c.Km, Office: c.Office, Held: holding.Competency, Level: holding.Level, Certification: match.Certification,
	}
	for i, term := range c.Terms {
		row.Terms[i] = term.Value
	}
	return row
}
