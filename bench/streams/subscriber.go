package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// subscriber is a partner app on a WebSocket.
type subscriber struct {
	name   string
	class  int
	socket *websocket.Conn
	stalls atomic.Bool

	mu      sync.Mutex
	got     []message
	count   int
	last    int64
	changed chan struct{} // holds a token when there is more
	err     error
}

// message is one that has come.
type message struct {
	seq string
	at  time.Time
}

// frame is what is read of a message of graphql-transport-ws.
type frame struct {
	Type    string
	Payload struct {
		Data struct {
			Opportunities struct {
				Seq, Type   string
				Opportunity *struct {
					Needs []struct{ Competency struct{ ID string } }
				}
			}
		}
		Errors json.RawMessage
	}
}

// subscription is what an app asks to be told: enough to decide whether to look at the posting.
const subscription = `subscription ($competency: ID!) { opportunities(filter: {competency: $competency}) { cursor seq type at opportunity { id title stage needs { competency { id } } } } }`

// subscribe connects the nth subscriber.
func subscribe(ctx context.Context, address string, n int) (*subscriber, error) {
	s := &subscriber{name: "s" + strconv.Itoa(n), class: n % classes, changed: make(chan struct{}, 1)}
	var err error
	if s.socket, _, err = websocket.Dial(ctx, "ws"+strings.TrimPrefix(address, "http")+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}); err != nil {
		return nil, err
	}
	for _, m := range []map[string]any{
		{"type": "connection_init", "payload": map[string]string{"x-valueweb-as": "PARTNER:" + s.name}},
		{"type": "subscribe", "id": "1", "payload": map[string]any{"query": subscription, "variables": map[string]string{"competency": competency(s.class)}}},
	} {
		if err := wsjson.Write(ctx, s.socket, m); err != nil {
			return nil, err
		}
		if m["type"] == "connection_init" {
			var ack frame
			if err := wsjson.Read(ctx, s.socket, &ack); err != nil || ack.Type != "connection_ack" {
				return nil, fmt.Errorf("%v: %+v", err, ack)
			}
		}
	}
	return s, nil
}

func competency(class int) string { return "c" + strconv.Itoa(class) }

// read reads until the connection ends, or for good once it stalls.
func (s *subscriber) read() {
	for !s.stalls.Load() {
		_, text, err := s.socket.Read(context.Background())
		at := time.Now()
		if err == nil {
			err = s.note(text, at)
		}
		if err != nil {
			s.mu.Lock()
			s.err = err
			s.mu.Unlock()
		}
		select {
		case s.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// note checks a message and keeps it.
func (s *subscriber) note(text []byte, at time.Time) error {
	var f frame
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	m := f.Payload.Data.Opportunities
	switch {
	case f.Type == "ping":
		return wsjson.Write(context.Background(), s.socket, map[string]string{"type": "pong"})
	case f.Type != "next" || f.Payload.Errors != nil:
		return fmt.Errorf("%s", text)
	case m.Type == "heartbeat":
		return nil
	case m.Opportunity == nil || m.Opportunity.Needs[0].Competency.ID != competency(s.class):
		return fmt.Errorf("not what was asked for: %s", text)
	}
	seq, err := strconv.ParseInt(m.Seq, 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || seq <= s.last {
		return fmt.Errorf("after %d: %s", s.last, text)
	}
	s.last = seq
	s.count++
	s.got = append(s.got, message{m.Seq, at})
	return nil
}

// take returns what has come since it was taken last.
func (s *subscriber) take() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got = nil
	return got
}

// await waits until so many messages have come in all, and no more.
func (s *subscriber) await(ctx context.Context, wanted int) error {
	for {
		s.mu.Lock()
		count, err := s.count, s.err
		s.mu.Unlock()
		switch {
		case err != nil:
			return err
		case count > wanted:
			return fmt.Errorf("%d messages have come of %d", count, wanted)
		case count == wanted:
			return nil
		}
		select {
		case <-s.changed:
		case <-ctx.Done():
			return fmt.Errorf("%d messages have come of %d: %w", count, wanted, ctx.Err())
		}
	}
}
