package scenarios

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"time"

	"valueweb/graph"
	"valueweb/graph/network"
	"valueweb/graph/sheet"
	"valueweb/graph/stream"
	"valueweb/internal/auth"
	"valueweb/internal/transport"
	"valueweb/scenarios/naive"
)

// answerer is a product in this process, without a key: whoever asks says on whose behalf.
type answerer struct {
	store  graph.Store
	ties   *network.Projection
	feed   *stream.Feed
	routes http.Handler
}

// serveStore imports a world into an empty store and serves it.
func serveStore(ctx context.Context, rows naive.Rows, store graph.Store) (*answerer, error) {
	if err := fill(ctx, rows, store); err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	ties, err := network.Follow(ctx, store, log)
	if err != nil {
		return nil, err
	}
	seq, err := store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	if err := ties.Await(ctx, seq); err != nil {
		return nil, err
	}
	feed, err := stream.Follow(ctx, store, stream.Options{})
	if err != nil {
		return nil, err
	}
	return &answerer{
		store: store, ties: ties, feed: feed,
		routes: transport.New(transport.Config{
			Graph: &graph.Graph{Store: store, Network: ties, Clock: time.Now}, Log: log, Feed: feed,
			APIKeys: auth.Keys{Ring: store, Clock: time.Now, Used: func(string) {}},
		}),
	}, nil
}

func (a *answerer) close() {
	a.feed.Close()
	a.ties.Close()
	a.store.Close()
}

// fill imports what can stand in sheets, and puts the rest: partnerships of which a viewer is told fewer than
// two parties.
func fill(ctx context.Context, rows naive.Rows, store graph.Store) error {
	rows = maps.Clone(rows)
	var whole []naive.Row
	var lonely []graph.Node
	for _, p := range rows["partnerships"] {
		if parties := elements(p["partners"]); len(parties) < 2 {
			lonely = append(lonely, &graph.Partnership{
				Meta:    graph.Meta{ID: p["id"], RetiredOn: dateOf(p["retired_on"]), ExternalIDs: []graph.ExternalID{{System: "crm", ID: strings.TrimPrefix(p["external_ids"], "crm=")}}},
				Parties: parties, Collaboration: graph.Collaboration(collaboration(p)), DataSharing: graph.DataSharing(p["data_sharing"]),
			})
			continue
		}
		whole = append(whole, p)
	}
	rows["partnerships"] = whole
	sources, err := sheet.Dir(sheets(rows.Records()).files())
	if err != nil {
		return err
	}
	report, err := sheet.Import(ctx, store, graph.Operator, sources, sheet.Options{})
	if err != nil || !report.Complete() {
		return fmt.Errorf("the import is not complete: %w %+v", err, report.Problems)
	}
	if len(lonely) == 0 {
		return nil
	}
	_, err = store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, lonely)
		if err := errors.Join(append(refusals, err)...); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	return err
}

func collaboration(p naive.Row) string {
	if p["collaboration"] == "" {
		return "LOW"
	}
	return p["collaboration"]
}

func elements(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ";")
}

func dateOf(cell string) graph.Date {
	if cell == "" {
		return 0
	}
	date, err := graph.ParseDate(cell)
	if err != nil {
		panic(err) // the model wrote it
	}
	return date
}

// reply is an answer: its data or the first refusal, and every byte that went back.
type reply struct {
	data, refusal map[string]any
	raw           string
}

// post sends a request as a viewer, or by the token of an API key.
func (a *answerer) post(as naive.Viewer, key, text string, variables map[string]any) *httptest.ResponseRecorder {
	body, err := json.Marshal(map[string]any{"query": text, "variables": variables})
	if err != nil {
		panic(err) // variables are plain
	}
	request := httptest.NewRequest(http.MethodPost, "http://localhost/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Valueweb-As", as.String())
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	recorder := httptest.NewRecorder()
	a.routes.ServeHTTP(recorder, request)
	return recorder
}

// ask sends a request as a viewer.
func (a *answerer) ask(as naive.Viewer, text string, variables map[string]any) reply {
	recorder := a.post(as, "", text, variables)
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Path       []any
			Extensions map[string]any
		}
	}
	r := reply{raw: fmt.Sprint(recorder.Header(), recorder.Body.String(), decoded64(recorder.Body.String()))}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		r.refusal = map[string]any{"code": "no answer", "message": recorder.Body.String()}
		return r
	}
	r.data = answer.Data
	if len(answer.Errors) > 0 {
		e := answer.Errors[0]
		r.data = nil
		r.refusal = map[string]any{"message": e.Message, "code": e.Extensions["code"], "field": e.Extensions["field"], "allowed": e.Extensions["allowed"]}
	}
	return r
}

var cursors = regexp.MustCompile(`Cursor":"([^"]+)"`)

// decoded64 is what the cursors of an answer say.
func decoded64(body string) (said []string) {
	for _, found := range cursors.FindAllStringSubmatch(body, -1) {
		if text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(found[1], "=")); err == nil {
			said = append(said, string(text))
		}
	}
	return said
}

// mostPages bounds how far a list is paged through.
const mostPages = 12

// pages asks, and pages through the connection of the operation with the answerer's own cursors.
func (a *answerer) pages(as naive.Viewer, o operation) (all []reply) {
	variables := maps.Clone(o.variables)
	for {
		r := a.ask(as, o.text, variables)
		for again := 0; r.refusal["code"] == "TIMEOUT" && again < 3; again++ { // a database that plans a question for the first time
			r = a.ask(as, o.text, variables)
		}
		all = append(all, r)
		page, _ := r.data[o.pages].(map[string]any)
		info, _ := page["pageInfo"].(map[string]any)
		switch {
		case info == nil || len(all) == mostPages:
			return all
		case variables["last"] != nil && info["hasPreviousPage"] == true:
			variables["before"] = info["startCursor"]
		case variables["last"] == nil && info["hasNextPage"] == true:
			variables["after"] = info["endCursor"]
		default:
			return all
		}
	}
}
