package transport_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/network"
	"valueweb/internal/transport"
)

// away is a store of which everything but the network's own reading fails.
type away struct {
	graph.Store
	err error
}

func (s away) Seq(context.Context) (int64, error) { return 0, s.err }

func (s away) Status(context.Context, graph.Viewer) (graph.StoreStatus, error) {
	return graph.StoreStatus{}, s.err
}

func (s away) List(context.Context, graph.Viewer, graph.ListQuery) (graph.Page, error) {
	return graph.Page{}, s.err
}

func (s away) Read(_ context.Context, _ graph.Viewer, _ graph.Kind, ids []string) ([]graph.Node, error) {
	return make([]graph.Node, len(ids)), s.err
}

func (s away) Write(context.Context, graph.Viewer, func(context.Context, graph.Tx) error) (int64, error) {
	return 0, s.err
}

// routes serves a store with two events, behind a store that may be away.
func routes(t *testing.T, err error) (url string, kept graph.Store) {
	t.Helper()
	store := embedded.Memory(embedded.Options{})
	for _, id := range []string{"p", "q"} {
		add(t, store, id)
	}
	ties, failed := network.Follow(t.Context(), store, slog.New(slog.DiscardHandler))
	if failed != nil {
		t.Fatal(failed)
	}
	t.Cleanup(func() { ties.Close() })
	g := &graph.Graph{Store: store, Network: ties, Clock: time.Now}
	if err != nil {
		g.Store = away{store, err}
	}
	server := httptest.NewServer(transport.New(transport.Config{Graph: g, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	return server.URL, store
}

func add(t *testing.T, store graph.Store, id string) {
	t.Helper()
	_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		node := &graph.Partner{Meta: graph.Meta{ID: id}, Name: id, Status: graph.Active}
		if _, err := tx.Put(ctx, []graph.Node{node}); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: "partner.created", Subject: node.GID()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, method, url, kind, body string, after ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	request.Header["X-Valueweb-After"] = after
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func TestAStoreThatIsAwayIsAnsweredWith503AndWhenToComeBack(t *testing.T) {
	url, _ := routes(t, graph.Unavailable(errors.New("dial tcp 10.0.0.7:7687: refused"), "the database does not answer"))
	for name, c := range map[string]struct{ method, path, kind, body string }{
		"a field that must be":   {"POST", "/graphql", "application/json", `{"query":"{ status { seq } }"}`},
		"a field that may be":    {"POST", "/graphql", "application/json", `{"query":"{ partner(id: \"p\") { name } }"}`},
		"two fields":             {"POST", "/graphql", "application/json", `{"query":"{ a: partner(id: \"p\") { name } b: partner(id: \"q\") { name } }"}`},
		"a query by GET":         {"GET", "/graphql?query=%7Bstatus%7Bseq%7D%7D", "", ""},
		"an import":              {"POST", "/import?sheet=partners", "text/csv", "id,name\nr,R\n"},
		"an export":              {"GET", "/export", "", ""},
		"an export of one sheet": {"GET", "/export?sheet=partners", "", ""},
		"readiness":              {"GET", "/readyz", "", ""},
	} {
		response, body := ask(t, c.method, url+c.path, c.kind, c.body)
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") != "1" || !strings.Contains(body, `"UNAVAILABLE"`) || strings.Contains(body, "10.0.0.7") {
			t.Errorf("%s: %s, Retry-After %q: %s", name, response.Status, response.Header.Get("Retry-After"), body)
		}
	}
	if response, body := ask(t, "POST", url+"/graphql", "application/json", `{"query":"{ __typename partner(id: \"p\") { name } }"}`); response.StatusCode != http.StatusOK {
		t.Errorf("what was answered in part: %s: %s", response.Status, body)
	}
	if response, _ := ask(t, "GET", url+"/healthz", "", ""); response.StatusCode != http.StatusOK {
		t.Errorf("a server whose store is away is alive, but says %s", response.Status)
	}
}

// A store that is away may have broken its connection in any of the ways in which a client breaks its own.
func TestAnImportIsToldThatTheStoreIsAwayAndNotThatItsBodyBrokeOff(t *testing.T) {
	for _, cause := range []error{os.ErrDeadlineExceeded, io.ErrUnexpectedEOF, context.Canceled, context.DeadlineExceeded} {
		url, _ := routes(t, graph.Unavailable(cause, "the database does not answer"))
		response, body := ask(t, "POST", url+"/import?sheet=partners", "text/csv", "id,name\nr,R\n")
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || !strings.Contains(body, `"UNAVAILABLE"`) {
			t.Errorf("%v: %s: %s", cause, response.Status, body)
		}
	}
}

func TestAnswersReflectTheSeqThatARequestNames(t *testing.T) {
	url, store := routes(t, nil)
	const question = `{"query":"{ status { seq reflectsSeq } }"}`
	for _, seq := range []string{"0", "1", "2"} {
		if response, body := ask(t, "POST", url+"/graphql", "application/json", question, seq); response.StatusCode != http.StatusOK || !strings.Contains(body, `"reflectsSeq":"2"`) {
			t.Errorf("after %s: %s: %s", seq, response.Status, body)
		}
	}
	answered := make(chan string)
	go func() {
		_, body := ask(t, "POST", url+"/graphql", "application/json", question, "3")
		answered <- body
	}()
	add(t, store, "r")
	if body := <-answered; !strings.Contains(body, `"seq":"3","reflectsSeq":"3"`) {
		t.Errorf("after a seq that comes: %s", body)
	}
	if response, body := ask(t, "GET", url+"/export?sheet=partners", "", "", "3"); response.StatusCode != http.StatusOK || !strings.Contains(body, "r,r") {
		t.Errorf("an export: %s: %s", response.Status, body)
	}
}

func TestASeqThatIsNoneOrDoesNotComeIsRefused(t *testing.T) {
	url, _ := routes(t, nil)
	for _, bad := range [][]string{{"-1"}, {"one"}, {""}, {"1.5"}, {"0x1"}, {"99999999999999999999"}, {"1", "2"}, {" "}, {"١"}} {
		response, body := ask(t, "POST", url+"/graphql", "application/json", `{"query":"{ status { seq } }"}`, bad...)
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(body, `"VALIDATION"`) || !strings.Contains(body, `"field":"X-Valueweb-After"`) {
			t.Errorf("%q: %s: %s", bad, response.Status, body)
		}
	}
	begin := time.Now()
	response, body := ask(t, "POST", url+"/graphql", "application/json", `{"query":"{ status { seq } }"}`, "9223372036854775807")
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || !strings.Contains(body, `"UNAVAILABLE"`) || time.Since(begin) > 20*time.Second {
		t.Errorf("a seq of the future: %s after %v: %s", response.Status, time.Since(begin), body)
	}
}

func TestARequestThatNamesASeqIsToldAtOnceThatTheStoreIsAway(t *testing.T) {
	url, _ := routes(t, graph.Unavailable(errors.New("dial tcp 10.0.0.7:7687: refused"), "the database does not answer"))
	response, body := ask(t, "POST", url+"/graphql", "application/json", `{"query":"{ status { seq } }"}`, "3")
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "the database does not answer") || strings.Contains(body, "10.0.0.7") {
		t.Errorf("%s: %s", response.Status, body)
	}
}
