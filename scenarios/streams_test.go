package scenarios

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a scenario waits for what a stream must tell.
const patience = 30 * time.Second

// listener is a program of somebody else that listens to a stream as a browser does: by GET, as server-sent events,
// and after a break from where it was.
type listener struct {
	leave context.CancelFunc
	heard chan string // messages, and errors, heartbeats apart; closed at the end of the stream
	last  string      // the id of the last message that was taken
	ids   chan string // of the messages that are in heard
}

// listeners are those of a scenario, by name.
type listeners map[string]*listener

// listen opens a stream: listen NAME QUERY [HEADER:VALUE…] [&PARAMETER…]. A name that listened before resumes by
// Last-Event-ID. It must be let in; with ! it must not, and the answer is printed.
func listen(ts *testscript.TestScript, neg bool, args []string) {
	name, query, rest := args[0], ts.ReadFile(args[1]), args[2:]
	all := ts.Value("listeners").(listeners)
	address := ts.Getenv("URL") + "/graphql?query=" + url.QueryEscape(query)
	ctx, leave := context.WithCancel(context.Background())
	ts.Defer(leave)
	asked, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	ts.Check(err)
	asked.Header.Set("Accept", "text/event-stream")
	last := ""
	if before := all[name]; before != nil && before.last != "" {
		last = before.last
		asked.Header.Set("Last-Event-ID", last)
	}
	for _, more := range rest {
		if parameter, is := strings.CutPrefix(more, "&"); is {
			asked.URL.RawQuery += "&" + parameter
			continue
		}
		header, value, _ := strings.Cut(more, ":")
		asked.Header.Set(header, strings.TrimSpace(value))
	}
	response, err := http.DefaultClient.Do(asked)
	ts.Check(err)
	if neg {
		body, err := io.ReadAll(response.Body)
		ts.Check(err)
		response.Body.Close()
		fmt.Fprintf(ts.Stdout(), "%s\n%s\n", response.Status, body)
		if response.StatusCode == http.StatusOK {
			ts.Fatalf("the stream was opened")
		}
		return
	}
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		body, _ := io.ReadAll(response.Body)
		ts.Fatalf("%s, %s: %s", response.Status, kind, body)
	}
	l := &listener{leave: leave, heard: make(chan string, 1000), ids: make(chan string, 1000), last: last}
	all[name] = l
	go l.read(response.Body)
}

// read takes events from a stream until it ends.
func (l *listener) read(body io.ReadCloser) {
	defer body.Close()
	defer close(l.heard)
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	kind, id, data := "", "", ""
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		switch value = strings.TrimPrefix(value, " "); field {
		case "event":
			kind = value
		case "id":
			id = value
		case "data":
			data = value
		}
		if lines.Text() != "" {
			continue
		}
		if kind != "" && !strings.Contains(data, `"type":"heartbeat"`) {
			if kind != "next" {
				data = kind + " " + data
			}
			l.ids <- id
			l.heard <- data
		}
		kind, id, data = "", "", ""
	}
}

// hears waits for messages of a stream and prints them, one a line: hears NAME COUNT. Cursors are left out; for 0 it
// waits for the end of the stream.
func hears(ts *testscript.TestScript, neg bool, args []string) {
	l := ts.Value("listeners").(listeners)[args[0]]
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	if neg || l == nil {
		ts.Fatalf("usage: hears NAME COUNT, after listen NAME")
	}
	out, late := ts.Stdout(), time.After(patience)
	for n := 0; count == 0 || n < count; n++ {
		select {
		case text, more := <-l.heard:
			if !more && count == 0 {
				return
			}
			if !more {
				ts.Fatalf("the stream has ended after %d messages", n)
			}
			if id := <-l.ids; id != "" {
				l.last = id
			}
			fmt.Fprintln(out, withoutPlace(text))
		case <-late:
			ts.Fatalf("%s has heard %d of %d messages in vain", args[0], n, count)
		}
	}
}

// withoutPlace is a message without what differs from run to run.
func withoutPlace(text string) string {
	var message map[string]any
	if json.Unmarshal([]byte(text), &message) != nil {
		return text
	}
	data, _ := message["data"].(map[string]any)
	for _, field := range data {
		if of, is := field.(map[string]any); is {
			delete(of, "cursor")
		}
	}
	plain, err := json.Marshal(message)
	if err != nil {
		return text
	}
	return string(plain)
}

// breakOff breaks a stream off: leaves NAME.
func breakOff(ts *testscript.TestScript, neg bool, args []string) {
	l := ts.Value("listeners").(listeners)[args[0]]
	if neg || l == nil {
		ts.Fatalf("usage: leaves NAME, after listen NAME")
	}
	l.leave()
}
