package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/knadh/koanf/v2"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/internal/transport"
)

// client asks a server by HTTP, or the routes of one in this process: the same questions either way.
type client struct {
	url   string // of a running server; empty: in this process
	token string // that says who is asking; empty: nothing does
	http  *http.Client
	close func() error
}

// connect finds the server to ask: the one named, the one that has the store open, or this process with
// the store opened in it.
func connect(ctx context.Context, k *koanf.Koanf, version string) (*client, error) {
	server, err := serverOf(k)
	if err != nil {
		return nil, err
	}
	if server != "" {
		return remote(k, server), nil
	}
	at := locate(k)
	if at.isDirectory() && !embedded.Exists(at.Name) {
		return nil, fmt.Errorf("there is no store at %s: fill one with valueweb import DIR, or start valueweb serve --demo", at.Name)
	}
	log := slog.New(slog.DiscardHandler)
	backend, err := OpenBackend(ctx, at, log)
	var inUse *embedded.InUseError
	if errors.As(err, &inUse) && inUse.Address != "" {
		return remote(k, inUse.Address), nil
	}
	if err != nil {
		return nil, err
	}
	routes := transport.New(transport.Config{Graph: backend.Graph, Log: log, Version: version, Audit: backend.Audit})
	return &client{url: "http://localhost", http: &http.Client{Transport: inProcess{routes}}, close: backend.Close}, nil
}

// serverOf is the running server that is named, empty if none is.
func serverOf(k *koanf.Koanf) (string, error) {
	text := strings.TrimSuffix(k.String("server"), "/")
	if text == "" {
		return "", nil
	}
	named, err := url.Parse(text)
	if err != nil || named.Scheme != "http" && named.Scheme != "https" || named.Host == "" {
		return "", usage("--server %q is no address of a server, such as http://127.0.0.1:8080", text)
	}
	return text, nil
}

// remote asks a running server, with the token of the settings if there is one.
func remote(k *koanf.Koanf, url string) *client {
	return &client{url: url, token: k.String("token"), http: &http.Client{}, close: func() error { return nil }}
}

// do sends a request, which says who is asking if that is known.
func (c *client) do(request *http.Request) (*http.Response, error) {
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return c.http.Do(request)
}

// inProcess hands requests to a handler in this process.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

// askTimeout bounds one question of the command line.
const askTimeout = time.Minute

// responseError is the first error of a GraphQL answer.
type responseError struct {
	Message    string `json:"message"`
	Extensions struct {
		Code    graph.Code `json:"code"`
		Field   string     `json:"field"`
		Allowed []string   `json:"allowed"`
	} `json:"extensions"`
}

func (e *responseError) Error() string { return e.Message }

// query asks a GraphQL question and reads its data into an answer.
func (c *client) query(ctx context.Context, text string, variables map[string]any, answer any) error {
	body, err := json.Marshal(map[string]any{"query": text, "variables": variables})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	response, err := c.do(request)
	if err != nil {
		return fmt.Errorf("ask the server at %s: %w", c.url, err)
	}
	defer response.Body.Close()
	return readAnswer(response, answer)
}

// orEmpty says so where a question failed because the graph holds nothing yet. What was wrong with the
// question itself is wrong with any graph.
func (c *client) orEmpty(ctx context.Context, err error) error {
	var found struct{ Status struct{ Seq string } }
	var known *exit
	if err == nil || errors.As(err, &known) || c.query(ctx, `{ status { seq } }`, nil, &found) != nil || found.Status.Seq != "0" {
		return err
	}
	return fmt.Errorf("%w: the graph is empty; fill it with valueweb import DIR, or start valueweb serve --demo", err)
}

func readAnswer(response *http.Response, answer any) error {
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	var envelope struct {
		Data   json.RawMessage  `json:"data"`
		Errors []*responseError `json:"errors"`
	}
	if err := json.Unmarshal(text, &envelope); err != nil {
		return fmt.Errorf("the server answered %s with what is no GraphQL answer: is it a Valueweb server?", response.Status)
	}
	if len(envelope.Errors) > 0 {
		failure := envelope.Errors[0]
		if failure.Extensions.Code == graph.CodeUnauthenticated {
			return fmt.Errorf("the server did not let us in: %w; set VALUEWEB_TOKEN, which valueweb token --role OPERATOR makes where the secret of the server is known", failure)
		}
		return failure
	}
	return json.Unmarshal(envelope.Data, answer)
}
