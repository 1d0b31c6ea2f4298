package network_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"valueweb/graph"
	"valueweb/graph/network"
	"valueweb/graph/storetest/every"
	"valueweb/internal/neo4jserver"
)

var day = graph.NewDate(2026, 11, 22)

func TestMain(m *testing.M) { os.Exit(neo4jserver.Main(m)) }

func follow(t *testing.T, store graph.Store, log *slog.Logger) *network.Projection {
	t.Helper()
	net, err := network.Follow(t.Context(), store, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { net.Close() })
	return net
}

// write puts nodes and logs what changed.
func write(t *testing.T, store graph.Store, nodes ...graph.Node) (seq int64) {
	t.Helper()
	seq, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		if err := errors.Join(append(refusals, err)...); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func partner(id string, status graph.PartnerStatus) *graph.Partner {
	return &graph.Partner{Meta: graph.Meta{ID: id}, Name: "The " + id, Status: status}
}

func won(id, from, to string) *graph.Referral {
	return &graph.Referral{Meta: graph.Meta{ID: id}, From: from, To: to, State: graph.ReferralWon, SentOn: day, ClosedOn: day}
}

// reaches are the partners that a reaches, with the ties it takes, once the network has come to a seq.
func reaches(t *testing.T, net *network.Projection, seq int64) string {
	t.Helper()
	if err := net.Await(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
	trust, err := net.Trust(t.Context(), graph.TrustQuery{Asker: "a", Candidates: []string{"b", "c", "d"}, AsOf: day})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, id := range []string{"b", "c", "d"} {
		if path, ok := trust.Paths[id]; ok {
			all = append(all, fmt.Sprintf("%s %d", id, len(path.Ties)))
		}
	}
	return strings.Join(all, ", ")
}

func TestTheNetworkFollowsTheLogOfItsStore(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		seq := write(t, store, partner("a", graph.Active), partner("b", graph.Active), partner("c", graph.Active), won("r1", "a", "b"))
		net := follow(t, store, slog.New(slog.DiscardHandler))
		for _, step := range []struct {
			what  string
			nodes []graph.Node
			want  string
		}{
			{"a referral from b to c", []graph.Node{won("r2", "c", "b")}, "b 1, c 2"},
			{"a new partner with a partnership", []graph.Node{partner("d", graph.Active), &graph.Partnership{
				Meta: graph.Meta{ID: "p"}, Parties: []string{"c", "d"}, Collaboration: graph.HighCollaboration,
			}}, "b 1, c 2, d 3"},
			{"a partner in between suspended", []graph.Node{partner("c", graph.Suspended)}, "b 1"},
			{"the first referral moved", []graph.Node{won("r1", "a", "d")}, "d 1"},
		} {
			if seq == 1 {
				if got := reaches(t, net, seq); got != "b 1" {
					t.Fatalf("at first a reaches %q", got)
				}
			}
			seq = write(t, store, step.nodes...)
			if got := reaches(t, net, seq); got != step.want {
				t.Errorf("after %s a reaches %q, want %q", step.what, got, step.want)
			}
		}
		if name := net.Name("d"); name != "The d" {
			t.Errorf("d is called %q", name)
		}
	})
}

// faltering is a store of which every second call that follows the log fails.
type faltering struct {
	graph.Store
	calls atomic.Int64
}

func (f *faltering) falter() error {
	if f.calls.Add(1)%2 == 1 {
		return errors.New("the store is away")
	}
	return nil
}

func (f *faltering) Events(ctx context.Context, v graph.Viewer, after int64, limit int) ([]graph.Event, error) {
	if err := f.falter(); err != nil {
		return nil, err
	}
	return f.Store.Events(ctx, v, after, limit)
}

func (f *faltering) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if err := f.falter(); err != nil {
		return nil, err
	}
	return f.Store.Read(ctx, v, kind, ids)
}

func TestNoEventIsLostWhenTheStoreFails(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		write(t, store, partner("a", graph.Active), partner("b", graph.Active))
		var log bytes.Buffer
		net := follow(t, &faltering{Store: store}, slog.New(slog.NewTextHandler(&log, nil)))
		seq := write(t, store, won("r", "a", "b"))
		if got := reaches(t, net, seq); got != "b 1" {
			t.Errorf("a reaches %q", got)
		}
		net.Close()
		if failures := strings.Count(log.String(), "level=ERROR"); failures != 1 {
			t.Errorf("%d failures logged, want the first alone:\n%s", failures, log.String())
		}
	})
}

func TestAFollowerEndsWhenItIsClosedAndStillAnswers(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		seq := write(t, store, partner("a", graph.Active), partner("b", graph.Active), won("r", "a", "b"))
		net := follow(t, store, slog.New(slog.DiscardHandler))
		if err := net.Close(); err != nil {
			t.Fatal(err)
		}
		if got := reaches(t, net, seq); got != "b 1" {
			t.Errorf("a reaches %q", got)
		}
		if e, ok := graph.AsError(net.Await(t.Context(), seq+1)); !ok || e.Code != graph.CodeUnavailable {
			t.Errorf("the next seq: %v", e)
		}
	})
}
