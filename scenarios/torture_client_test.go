package scenarios

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// wire speaks with the servers as a client of any make does: over HTTP, over a WebSocket, and by Server-Sent Events.
type wire struct{ as string }

// refusal is an error that a server answered.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// envelope is an answer of GraphQL.
type envelope struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

func (e *envelope) err() error {
	if len(e.Errors) == 0 {
		return nil
	}
	return &refusal{e.Errors[0].Extensions.Code, e.Errors[0].Message}
}

// ask posts an operation, and decodes its data. The error is a *refusal where a server answered one.
func (w wire) ask(ctx context.Context, server, operation string, variables, into any) error {
	body, err := json.Marshal(map[string]any{"query": operation, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Valueweb-As", w.as)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer envelope
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if err := answer.err(); err != nil {
		return err
	}
	return json.Unmarshal(answer.Data, into)
}

// message is what a stream tells.
type message struct {
	Cursor, Seq, Type string
	Subject           *struct{ GID string }
	Opportunity       *struct{ GID string }
	Referral          *struct{ GID string }
}

// about is the gid of what the message tells of, empty for a heartbeat.
func (m *message) about() string {
	for _, node := range []*struct{ GID string }{m.Subject, m.Opportunity, m.Referral} {
		if node != nil {
			return node.GID
		}
	}
	return ""
}

// read takes the one message out of the data of an answer.
func (e *envelope) read() (message, error) {
	if err := e.err(); err != nil {
		return message{}, err
	}
	var data map[string]message
	if err := json.Unmarshal(e.Data, &data); err != nil {
		return message{}, err
	}
	for _, m := range data {
		return m, nil
	}
	return message{}, errors.New("a message without data")
}

// streams are the subscriptions by name, each with the cursor that it goes on after.
var streams = map[string]string{
	"opportunities": `subscription ($after: String) { opportunities(after: $after) { cursor seq type opportunity { gid } } }`,
	"referrals":     `subscription ($after: String) { referrals(after: $after) { cursor seq type referral { gid } } }`,
	"events":        `subscription ($after: String) { events(after: $after) { cursor seq type subject { gid } } }`,
}

// overSocket subscribes over a WebSocket, and hands out messages until the connection ends or told returns false.
func (w wire) overSocket(ctx context.Context, server, stream, after string, told func(message) bool) error {
	socket, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(server, "http")+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		if response != nil {
			return fmt.Errorf("%w: %s", err, response.Status)
		}
		return err
	}
	defer socket.CloseNow()
	socket.SetReadLimit(1 << 20)
	if err := wsjson.Write(ctx, socket, map[string]any{"type": "connection_init", "payload": map[string]string{"x-valueweb-as": w.as}}); err != nil {
		return err
	}
	subscription := map[string]any{"query": streams[stream], "variables": map[string]string{"after": after}}
	for {
		var frame struct {
			Type    string
			Payload json.RawMessage
		}
		if err := wsjson.Read(ctx, socket, &frame); err != nil {
			return err
		}
		switch frame.Type {
		case "connection_ack":
			err = wsjson.Write(ctx, socket, map[string]any{"type": "subscribe", "id": "1", "payload": subscription})
		case "ping":
			err = wsjson.Write(ctx, socket, map[string]string{"type": "pong"})
		case "next":
			var answer envelope
			if err := json.Unmarshal(frame.Payload, &answer); err != nil {
				return err
			}
			m, err := answer.read()
			if err != nil {
				return err
			}
			if !told(m) {
				return nil
			}
		case "error", "complete":
			return fmt.Errorf("the stream ended: %s %s", frame.Type, frame.Payload)
		}
		if err != nil {
			return err
		}
	}
}

// overEvents subscribes by Server-Sent Events, as a page of a browser does, and resumes as one does.
func (w wire) overEvents(ctx context.Context, server, stream, after string, told func(message) bool) error {
	variables := ""
	if after == "0" { // a browser has no last event yet
		variables, after = `{"after":"0"}`, ""
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/graphql?"+url.Values{"query": {streams[stream]}, "variables": {variables}}.Encode(), nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("X-Valueweb-As", w.as)
	if after != "" {
		request.Header.Set("Last-Event-ID", after)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s: %s", response.Status, body)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	var event, id string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			event = value
		case "id":
			id = value
		case "data":
			if event != "next" {
				return fmt.Errorf("the stream ended: %s %s", event, value)
			}
			var answer envelope
			if err := json.Unmarshal([]byte(value), &answer); err != nil {
				return err
			}
			m, err := answer.read()
			if err != nil {
				return err
			}
			if id != m.Cursor {
				return fmt.Errorf("the id of an event is %q, and its cursor %q", id, m.Cursor)
			}
			if !told(m) {
				return nil
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}
