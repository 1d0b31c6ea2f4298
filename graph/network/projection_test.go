package network

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
)

// projectionOf is a projection of a snapshot that follows nothing until its test replaces the snapshot.
func projectionOf(s *snapshot) *Projection {
	stopped := make(chan struct{})
	p := &Projection{cancel: sync.OnceFunc(func() { close(stopped) }), stopped: stopped}
	p.current.Store(s)
	return p
}

func TestAwaitReturnsOnceTheSeqIsReached(t *testing.T) {
	l := newLedger()
	p := projectionOf(l.edit(emptySnapshot()).snapshot(1))
	reached := make(chan error)
	go func() { reached <- p.Await(t.Context(), 3) }()
	for seq := int64(2); seq <= 3; seq++ {
		p.replace(l.edit(p.current.Load()).snapshot(seq))
	}
	if err := <-reached; err != nil || p.Seq() != 3 {
		t.Fatalf("at seq %d: %v", p.Seq(), err)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	p := projectionOf(emptySnapshot())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Await(ctx, 1) }()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAwaitEndsWhenTheProjectionIsClosed(t *testing.T) {
	p := projectionOf(emptySnapshot())
	ended := make(chan error)
	go func() { ended <- p.Await(t.Context(), 1) }()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if e, ok := graph.AsError(<-ended); !ok || e.Code != graph.CodeUnavailable {
		t.Fatalf("ended with %v", e)
	}
}

func TestNamesAreKnownForPartnersAndIDsForOthers(t *testing.T) {
	p := projectionOf(chainOf("a", "b").built())
	if got := p.Name("a") + ", " + p.Name("nobody"); got != "The a, nobody" {
		t.Fatal(got)
	}
}

func TestReadersSeeWholeSnapshotsWhileTheNetworkChanges(t *testing.T) {
	w := chainOf("a", "b", "c", "d")
	l := newLedger()
	e := l.edit(emptySnapshot())
	for _, nodes := range []any{w.partners, w.partnerships} {
		putAll(e, nodes)
	}
	p := projectionOf(e.snapshot(0))
	const writes = 300
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() { readUntil(t, p, writes) })
	}
	for i := range writes {
		p.replace(rewritten(l, p.current.Load(), i+1))
	}
	readers.Wait()
}

func putAll(e *edit, nodes any) {
	switch nodes := nodes.(type) {
	case map[string]*graph.Partner:
		for _, n := range nodes {
			e.partner(n)
		}
	case map[string]*graph.Partnership:
		for _, n := range nodes {
			e.partnership(n)
		}
	}
}

// rewritten is the next snapshot: a partner more, and both halves of a pair of referrals moved at once.
func rewritten(l *ledger, s *snapshot, i int) *snapshot {
	e := l.edit(s)
	id := fmt.Sprintf("n%d", i)
	e.partner(&graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active})
	for _, half := range []string{"a", "d"} {
		e.referral(&graph.Referral{Meta: graph.Meta{ID: half}, From: half, To: id, State: graph.ReferralWon, SentOn: today, ClosedOn: today})
	}
	return e.snapshot(int64(i))
}

// readUntil asks until the network has reached a seq, and checks that the newest partner has both of the
// ties that came with it.
func readUntil(t *testing.T, p *Projection, seq int64) {
	for done := false; !done; {
		done = p.Seq() >= seq
		facts, err := p.Paths(t.Context(), graph.PathQuery{From: "a", To: "d", MaxHops: 3, First: 2, AsOf: today})
		if err != nil || len(facts.Paths) == 0 {
			t.Errorf("paths: %v, %v", facts, err)
			return
		}
		if facts.Seq == 0 {
			continue
		}
		id := fmt.Sprintf("n%d", facts.Seq)
		if !slices.ContainsFunc(facts.Paths, func(path graph.TrustPath) bool { return path.Partners[1] == id }) {
			t.Errorf("at seq %d no path runs over %s: %v", facts.Seq, id, facts.Paths)
			return
		}
		if trust, err := p.Trust(t.Context(), graph.TrustQuery{Asker: "a", Candidates: []string{"d", id}, AsOf: today}); err != nil || len(trust.Paths) == 0 {
			t.Errorf("trust: %v, %v", trust, err)
			return
		}
	}
}

func TestEventsNameEachTouchedNodeOnce(t *testing.T) {
	got := touched([]graph.Event{
		{Subject: "Partner:a", Changes: []string{"Partner:a", "Office:o", "Referral:r"}},
		{Changes: []string{"Referral:r", "Referral:s", "Partnership:p", "nonsense"}},
	})
	want := map[graph.Kind]string{graph.KindPartner: "a", graph.KindReferral: "r s", graph.KindPartnership: "p"}
	if len(got) != len(want) {
		t.Fatalf("kinds %v", got)
	}
	for kind, ids := range want {
		if strings.Join(got[kind], " ") != ids {
			t.Errorf("%s: %v, want %s", kind, got[kind], ids)
		}
	}
}

func TestARowOfFailuresIsLoggedOnceAndPausesGrow(t *testing.T) {
	var log bytes.Buffer
	f := follower{log: slog.New(slog.NewTextHandler(&log, nil)), latest: emptySnapshot()}
	pause := time.Duration(0)
	for i, want := range []time.Duration{100, 200, 400, 800, 1600, 3200, 5000, 5000} {
		if pause = f.report(t.Context(), errors.New("away"), pause); pause != want*time.Millisecond {
			t.Errorf("failure %d: pause %v, want %d ms", i+1, pause, want)
		}
	}
	if pause = f.report(t.Context(), nil, pause); pause != 0 {
		t.Errorf("after a success: pause %v", pause)
	}
	if lines := strings.Count(log.String(), "\n"); lines != 2 {
		t.Errorf("logged %d lines, want the first failure and the recovery:\n%s", lines, log.String())
	}
}
