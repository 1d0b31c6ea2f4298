package transport

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/resolvers"
)

// The types of message of graphql-transport-ws.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// message is what a client says over a WebSocket.
type message struct {
	Type    string
	ID      string                     // of the operation: of subscribe and complete
	Payload map[string]json.RawMessage // of connection_init, ping and pong
	Request *graphql.RawParams         // of subscribe
}

// maxOperationID is the length in bytes of the longest id that a client may give an operation: every message repeats
// it.
const maxOperationID = 200

// parseMessage reads a message. The error is in words for the client, and short.
func parseMessage(text []byte) (m message, err error) {
	if !utf8.Valid(text) {
		return m, errors.New("a message is text in UTF-8")
	}
	var raw struct {
		Type    *string         `json:"type"`
		ID      *string         `json:"id"`
		Payload json.RawMessage `json:"payload"`
	}
	if trimmed := bytes.TrimSpace(text); len(trimmed) == 0 || trimmed[0] != '{' || json.Unmarshal(text, &raw) != nil || raw.Type == nil {
		return m, errors.New("a message is a JSON object with a type, and an id and a payload where it needs them")
	}
	m.Type = *raw.Type
	switch m.Type {
	case typeInit, typePing, typePong:
		if len(raw.Payload) > 0 && json.Unmarshal(raw.Payload, &m.Payload) != nil {
			return m, fmt.Errorf("the payload of %s is an object", m.Type)
		}
		return m, nil
	case typeSubscribe, typeComplete:
		if raw.ID == nil || *raw.ID == "" || len(*raw.ID) > maxOperationID {
			return m, fmt.Errorf("%s names its operation by an id of 1 to %d bytes", m.Type, maxOperationID)
		}
		m.ID = *raw.ID
	default:
		return m, errors.New("there is no such type of message for a client to send")
	}
	if m.Type == typeSubscribe {
		m.Request, err = parseRequest(raw.Payload)
	}
	return m, err
}

// parseRequest reads a GraphQL request as it stands in JSON.
func parseRequest(text []byte) (*graphql.RawParams, error) {
	var raw struct {
		Query         *string        `json:"query"`
		OperationName *string        `json:"operationName"`
		Variables     map[string]any `json:"variables"`
		Extensions    map[string]any `json:"extensions"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // numbers keep their digits
	if err := decoder.Decode(&raw); err != nil || raw.Query == nil || decoder.More() {
		return nil, errors.New("a request is an object with a query, and with operationName and variables where it needs them")
	}
	request := &graphql.RawParams{Query: *raw.Query, Variables: raw.Variables, Extensions: raw.Extensions}
	if raw.OperationName != nil {
		request.OperationName = *raw.OperationName
	}
	return request, nil
}

// text is a field of the payload of a message, whatever the case of its name, as that of a header; absent and null
// are the empty text.
func (m message) text(name string) (string, error) {
	var value *string
	for key, raw := range m.Payload {
		if !strings.EqualFold(key, name) {
			continue
		}
		if value != nil {
			return "", fmt.Errorf("%s is stated twice", name)
		}
		value = new(string)
		if json.Unmarshal(raw, value) != nil {
			return "", fmt.Errorf("%s is a text", name)
		}
	}
	if value == nil {
		return "", nil
	}
	return *value, nil
}

// appendMessage writes a message about an operation, the id of which is in JSON already.
func appendMessage(b []byte, id []byte, kind string, payload func([]byte) []byte) []byte {
	b = append(b, `{"id":`...)
	b = append(b, id...)
	b = append(b, `,"type":"`...)
	b = append(b, kind...)
	b = append(b, '"')
	if payload != nil {
		b = append(b, `,"payload":`...)
		b = payload(b)
	}
	return append(b, '}')
}

// appendResponse writes a response, of a stream with its holder. What was answered is JSON already, and is not read
// again.
func appendResponse(b []byte, r *graphql.Response, holder *resolvers.CursorHolder) []byte {
	data := []byte(r.Data)
	if len(data) == 0 {
		data = []byte("null")
	}
	if len(r.Errors) == 0 && len(r.Extensions) == 0 {
		b = append(b, `{"data":`...)
		b = append(b, data...)
		if holder != nil {
			holder.Fill(b[len(b)-len(data):])
		}
		return append(b, '}')
	}
	return appendJSON(b, struct {
		Errors     any             `json:"errors,omitempty"`
		Data       json.RawMessage `json:"data"`
		Extensions map[string]any  `json:"extensions,omitempty"`
	}{r.Errors, data, r.Extensions})
}

func appendJSON(b []byte, value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("write an answer: %w", err)) // the presenter says so
	}
	return append(b, text...)
}

// longestHeader is how many bytes the header of a frame has at most.
const longestHeader = 10

// appendFrame writes a frame of text (RFC 6455, 5.2). How long its header is, is known once the text is.
func appendFrame(b []byte, text func([]byte) []byte) []byte {
	const finalText = 0x81
	begin := len(b)
	b = text(append(b, make([]byte, longestHeader)...))
	header := b[begin:begin:len(b)]
	switch n := len(b) - begin - longestHeader; {
	case n < 126:
		header = append(header, finalText, byte(n))
	case n <= 0xFFFF:
		header = binary.BigEndian.AppendUint16(append(header, finalText, 126), uint16(n))
	default:
		header = binary.BigEndian.AppendUint64(append(header, finalText, 127), uint64(n))
	}
	moved := copy(b[begin+len(header):], b[begin+longestHeader:])
	return b[:begin+len(header)+moved]
}
