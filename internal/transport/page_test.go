package transport

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/network"
	"valueweb/graph/storetest/every"
	"valueweb/resolvers"
)

// pageOver serves the landing page over a store that holds some nodes.
func pageOver(t *testing.T, store graph.Store, nodes ...graph.Node) *page {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	if len(nodes) > 0 {
		_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			refusals, err := tx.Put(ctx, nodes)
			if err := errors.Join(append(refusals, err)...); err != nil {
				return err
			}
			return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ties, err := network.Follow(t.Context(), store, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ties.Close() })
	return &page{graph: &graph.Graph{Store: store, Network: ties, Clock: time.Now}, log: log, command: "valueweb"}
}

func get(t *testing.T, p *page) (status int, body string, header http.Header) {
	t.Helper()
	answer := httptest.NewRecorder()
	answer.Header().Set("X-Request-Id", "request-1")
	request := httptest.NewRequest(http.MethodGet, "http://localhost:9/", nil)
	p.ServeHTTP(answer, request.WithContext(resolvers.WithViewer(request.Context(), graph.Operator)))
	return answer.Code, answer.Body.String(), answer.Header()
}

func demand(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
}

// small is a store with one partner; the name of everything is hostile.
func small() []graph.Node {
	lyon := graph.Point{Lat: 45.75, Lng: 4.85}
	return []graph.Node{
		&graph.Competency{Meta: graph.Meta{ID: "it's"}, Name: "<script>alert(1)</script>"},
		&graph.Partner{Meta: graph.Meta{ID: "p", Synthetic: true}, Name: "<b>Bold</b> & Co", Status: graph.Active},
		&graph.Office{Meta: graph.Meta{ID: "p-lyon"}, Partner: "p", Location: lyon},
		&graph.Site{Meta: graph.Meta{ID: "lyon"}, City: "Lyon", Country: "FR", Location: lyon},
		&graph.Holding{Meta: graph.Meta{ID: "h"}, Partner: "p", Competency: "it's"},
	}
}

func TestPageOfAnEmptyStore(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		status, body, header := get(t, pageOver(t, store))
		if status != http.StatusOK || header.Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("status %d, policy %q", status, header.Get("Content-Security-Policy"))
		}
		demand(t, body, "The store is empty", "valueweb serve --demo", "valueweb import DIR", "/schema.graphqls")
	})
}

func TestPageOfAStoreWithoutPlaces(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		_, body, _ := get(t, pageOver(t, store, small()[:1]...))
		demand(t, body, "no site that something could be near to")
	})
}

func TestPageAsksWhatTheStoreHolds(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		status, body, _ := get(t, pageOver(t, store, small()...))
		if status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		demand(t, body, "&lt;script&gt;alert(1)", "&lt;b&gt;Bold&lt;/b&gt; &amp; Co", "near <b>Lyon</b>", "One partner qualifies at any distance",
			`<span class="mark">fictional</span>`, "No level is stated", "Nobody else qualifies")
		if strings.Contains(body, "<script") || strings.Contains(body, "<b>Bold") {
			t.Error("a name is not escaped")
		}
	})
}

func TestPageOfAnEmptyAnswer(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		_, body, _ := get(t, pageOver(t, store, append(small()[:1], small()[3])...))
		demand(t, body, "Nobody qualifies at any distance")
	})
}

func TestPageAsksTheShowcase(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		lyon := graph.Point{Lat: 45.75, Lng: 4.85}
		_, body, _ := get(t, pageOver(t, store, append(small(),
			&graph.Competency{Meta: graph.Meta{ID: showcaseNeed}, Name: "Streams"},
			&graph.Customer{Meta: graph.Meta{ID: showcaseCustomer, Synthetic: true}, Name: "Theatre"},
			&graph.Site{Meta: graph.Meta{ID: "stage"}, Customer: showcaseCustomer, City: "Lyon", Location: lyon},
			&graph.Partner{Meta: graph.Meta{ID: showcaseAsker}, Name: "Asker", Status: graph.Active},
			&graph.Holding{Meta: graph.Meta{ID: "s"}, Partner: "p", Competency: showcaseNeed, Level: 4},
		)...))
		demand(t, body, "<b>Streams</b> at level 3 or above near <b>Theatre</b>&nbsp;<span class=\"mark\">fictional</span> in Lyon, asked by <b>Asker</b>?",
			"<dt>Trust</dt>", "--need video-to-streaming:3 --near theatre-belquorme --asker ombrevane-systems")
	})
}

// broken is a store that cannot be read.
type broken struct{ graph.Store }

func (broken) Read(context.Context, graph.Viewer, graph.Kind, []string) ([]graph.Node, error) {
	return nil, errors.New("the <disk> is gone")
}

func TestPageOfAStoreThatFails(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		p := pageOver(t, store)
		p.graph.Store = broken{p.graph.Store}
		status, body, header := get(t, p)
		if status != http.StatusInternalServerError || header.Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("status %d, policy %q", status, header.Get("Content-Security-Policy"))
		}
		demand(t, body, "could not be answered", "request-1")
		if strings.Contains(body, "disk") {
			t.Error("the page tells what the log is for")
		}
	})
}

// What stands on the page must be one word for a shell and JSON for the server, whatever the ids.
func TestPageCurlLineIsForAShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal("the command line is tried in a shell, and there is none")
	}
	gap := graph.Gap{Needs: []graph.Need{{Competency: `it's "<&$(x)`, MinLevel: 2}}, Place: graph.Place{Site: "a\\b"}}
	line, err := curlLine("http://localhost:$(x)", gap)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), shell, "-c", `curl() { printf '%s\n' "$2" "$6"; }; `+line)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	url, body, _ := strings.Cut(string(out), "\n")
	if url != "http://localhost:$(x)/graphql" {
		t.Errorf("the URL is %q", url)
	}
	var sent struct {
		Variables struct {
			Gap struct {
				Needs []struct {
					Competency string
					MinLevel   int
				}
				Place struct{ Site string }
			}
		}
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	if err := decoder.Decode(&sent); err != nil {
		t.Fatal(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		t.Errorf("more than one value is sent: %q", body)
	}
	got := sent.Variables.Gap
	if len(got.Needs) != 1 || got.Needs[0].Competency != gap.Needs[0].Competency || got.Needs[0].MinLevel != 2 || got.Place.Site != gap.Place.Site {
		t.Errorf("sent %+v", got)
	}
}
