// Claimer is a small partner app: it listens to the postings that are addressed to its partner, claims those that need
// a competency, and remembers in a file how far it has come, so that it misses nothing while it is away.
//
// It needs nothing but the standard library: a stream is an HTTP response that goes on, one message after the other
// (server-sent events). See docs/events.md for what is promised.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"
)

const postings = `subscription Postings($filter: OpportunityFilter, $after: String) {
  opportunities(filter: $filter, after: $after) {
    cursor type
    opportunity { id title version lead { id } }
  }
}`

const claim = `mutation Claim($opportunity: ID!) {
  claimOpportunity(input: { opportunity: $opportunity }) { opportunity { id title } seq }
}`

func main() {
	app := &claimer{client: &http.Client{}, shortest: 250 * time.Millisecond, longest: 30 * time.Second}
	flag.StringVar(&app.server, "server", "http://127.0.0.1:8080", "the `URL` of the server")
	flag.StringVar(&app.token, "token", os.Getenv("VALUEWEB_TOKEN"), "a `token` or API key with the scopes READ, CLAIM and SUBSCRIBE; default: VALUEWEB_TOKEN")
	flag.StringVar(&app.as, "as", "", "the viewer, such as PARTNER:acme, of a `server` that is open for development")
	flag.StringVar(&app.competency, "competency", "", "the `id` of what a posting must need to be claimed; default: any")
	flag.StringVar(&app.state, "state", "claimer.cursor", "the `file` that remembers the last message")
	flag.Parse()
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := app.run(ctx); err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}

// claimer claims what matches.
type claimer struct {
	server, token, as, competency, state string
	client                               *http.Client
	shortest, longest                    time.Duration // between two attempts
}

// fatal is a failure that another attempt would meet again.
type fatal struct{ error }

// run listens until the context ends, and comes back whenever the stream breaks: at once at first, then more and more
// rarely, each time a little differently, so that not all clients come back at the same moment.
func (c *claimer) run(ctx context.Context) error {
	pause := c.shortest
	for {
		heard, err := c.listen(ctx)
		if stop := (fatal{}); ctx.Err() != nil || errors.As(err, &stop) {
			return cmp.Or(ctx.Err(), err)
		}
		if heard {
			pause = c.shortest
		}
		log.Printf("the stream broke off: %v; resuming", err)
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return ctx.Err()
		}
		pause = min(2*pause, c.longest)
	}
}

// listen opens the stream after the last message that was dealt with, and deals with what follows. It reports
// whether any message came.
func (c *claimer) listen(ctx context.Context) (heard bool, err error) {
	variables := map[string]any{}
	if c.competency != "" {
		variables["filter"] = map[string]string{"competency": c.competency}
	}
	request, err := c.request(ctx, postings, variables)
	if err != nil {
		return false, err
	}
	request.Header.Set("Accept", "text/event-stream")
	if last, err := os.ReadFile(c.state); err == nil && len(last) > 0 {
		request.Header.Set("Last-Event-ID", string(last))
	}
	response, err := c.client.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return false, c.refused(response)
	}
	log.Print("listening")
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	var event, id, data string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		switch value = strings.TrimPrefix(value, " "); field {
		case "event":
			event = value
		case "id":
			id = value
		case "data":
			data += value
		}
		if lines.Text() != "" {
			continue // an event ends with an empty line
		}
		switch event {
		case "next":
			if err := c.take(ctx, data); err != nil {
				return heard, err
			}
			// Only what was dealt with is behind us. A program that dies before this line is told once more.
			if err := remember(c.state, id); err != nil {
				return heard, fatal{err}
			}
			heard = true
		case "error", "complete":
			return heard, fmt.Errorf("%s %s", event, data)
		}
		event, id, data = "", "", ""
	}
	return heard, cmp.Or(lines.Err(), io.ErrUnexpectedEOF)
}

// take deals with a message: it claims what nobody has claimed. Heartbeats hold no opportunity.
func (c *claimer) take(ctx context.Context, data string) error {
	var message struct {
		Data struct {
			Opportunities struct {
				Type        string
				Opportunity *struct {
					ID, Title string
					Lead      *struct{ ID string }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(data), &message); err != nil {
		return err
	}
	told := message.Data.Opportunities
	if told.Type != "opportunity.posted" || told.Opportunity == nil || told.Opportunity.Lead != nil {
		return nil
	}
	var answer struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := c.ask(ctx, claim, map[string]any{"opportunity": told.Opportunity.ID}, &answer); err != nil {
		return err
	}
	if len(answer.Errors) == 0 {
		log.Printf("claimed %s: %s", told.Opportunity.ID, told.Opportunity.Title)
		return nil
	}
	switch e := answer.Errors[0]; e.Extensions.Code {
	case "UNAVAILABLE", "TIMEOUT", "INTERNAL":
		return errors.New(e.Message) // resume, and be told of it again
	default: // ALREADY_CLAIMED, INVALID_TRANSITION: others were faster, or we were, before we went away
		log.Printf("not claimed %s: %s %s", told.Opportunity.ID, e.Extensions.Code, e.Message)
	}
	return nil
}

// refused says why there is no stream. A cursor that is older than what is kept is told what to go on with.
func (c *claimer) refused(response *http.Response) error {
	var body struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, Oldest string }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil || len(body.Errors) == 0 {
		return errors.New(response.Status)
	}
	e := body.Errors[0]
	err := fmt.Errorf("%s: %s", e.Extensions.Code, e.Message)
	switch {
	case e.Extensions.Code == "CURSOR_EXPIRED":
		log.Printf("away for too long, some messages are lost: %v", err)
		return cmp.Or(remember(c.state, e.Extensions.Oldest), err)
	case response.StatusCode == http.StatusServiceUnavailable || response.StatusCode == http.StatusGatewayTimeout || response.StatusCode == http.StatusInternalServerError:
		return err
	}
	return fatal{err}
}

func (c *claimer) ask(ctx context.Context, query string, variables map[string]any, answer any) error {
	request, err := c.request(ctx, query, variables)
	if err != nil {
		return err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(answer)
}

func (c *claimer) request(ctx context.Context, query string, variables map[string]any) (*http.Request, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	} else if c.as != "" {
		request.Header.Set("X-Valueweb-As", c.as)
	}
	return request, nil
}

// remember writes a cursor so that the file holds the old one or the new one, never a part of it.
func remember(file, cursor string) error {
	if cursor == "" {
		return nil
	}
	if err := os.WriteFile(file+".new", []byte(cursor), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
