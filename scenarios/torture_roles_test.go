package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The parts that the torture of streams is played in are processes of their own: this test program, started again
// with the part that it plays and what that takes, as JSON.
const (
	partVariable = "VALUEWEB_TORTURE_PART"
	sheetOfPart  = "VALUEWEB_TORTURE_SHEET"
)

// play plays the part that the environment asks for; it reports false where it asks for none.
func play() (exit int, played bool) {
	part := map[string]func([]byte) error{"writer": playWriter, "subscribers": playSubscribers}[os.Getenv(partVariable)]
	if part == nil {
		return 0, false
	}
	if err := part([]byte(os.Getenv(sheetOfPart))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1, true
	}
	return 0, true
}

// writerPart is what a writer is told.
type writerPart struct {
	Name     string
	Servers  []string
	Partners int
	Seed     uint64
	PerS     float64 // changes a second
}

// noted is a line of what a writer has seen: a change that was acknowledged, or a request that was cut off.
type noted struct {
	Act           string // post, claim, advance, refer, answer
	Node          string // gid
	Seq           string
	By, Title     string
	Named         []string // whom a posting is addressed to; none: everybody
	To            string   // who receives a referral
	Server        string
	Begins        bool // it is sent now; nothing else of it is known yet
	Began, Ended  time.Time
	Lost, Refused string // why it was not acknowledged
}

// writer changes the graph through all servers, until its input ends.
type writer struct {
	writerPart
	*rand.Rand
	done     int
	out      *json.Encoder
	postings []noted
	claimed  map[string]string // by whom, of those that this writer claimed
	referred []noted
}

func playWriter(sheet []byte) error {
	w := &writer{out: json.NewEncoder(os.Stdout), claimed: map[string]string{}}
	if err := json.Unmarshal(sheet, &w.writerPart); err != nil {
		return err
	}
	w.Rand = rand.New(rand.NewPCG(w.Seed, 7))
	ctx, stop := context.WithCancel(context.Background())
	go func() { io.Copy(io.Discard, os.Stdin); stop() }()
	for pace := rate.NewLimiter(rate.Limit(w.PerS), 1); pace.Wait(ctx) == nil; {
		if err := w.change(); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) partner() string { return "p" + strconv.Itoa(w.IntN(w.Partners)) }

func (w *writer) change() error {
	w.done++
	switch n := w.IntN(10); {
	case n < 4 || len(w.postings) == 0:
		return w.post()
	case n < 6:
		return w.claim()
	case n < 7:
		return w.advance()
	case n < 9 || len(w.referred) == 0:
		return w.refer()
	}
	return w.answer()
}

// send sends a change until it is answered: what was cut off is sent again only where it bears a token, for whether
// it happened is not known. The note says what came of it; nil where it was not acknowledged.
func (w *writer) send(n noted, mutation, input string, again bool) (*noted, error) {
	field, _, _ := strings.Cut(mutation, " ")
	operation := fmt.Sprintf("mutation { %s(input: %s) { seq %s } }", field, input, strings.TrimPrefix(mutation, field+" "))
	for {
		try := n
		try.Server, try.Began = w.Servers[w.IntN(len(w.Servers))], time.Now()
		if err := w.out.Encode(noted{Server: try.Server, Begins: true}); err != nil {
			return nil, err
		}
		var answer map[string]struct {
			Seq                   string
			Opportunity, Referral *struct{ GID string }
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		err := wire{"PARTNER:" + n.By}.ask(ctx, try.Server, operation, nil, &answer)
		cancel()
		try.Ended = time.Now()
		refused := (*refusal)(nil)
		switch {
		case err == nil:
			made := answer[field]
			try.Seq = made.Seq
			if made.Opportunity != nil {
				try.Node = made.Opportunity.GID
			} else {
				try.Node = made.Referral.GID
			}
			return &try, w.out.Encode(try)
		case errors.As(err, &refused) && refused.code != "UNAVAILABLE" && refused.code != "TIMEOUT":
			try.Refused = err.Error()
			return nil, w.out.Encode(try)
		}
		try.Lost = err.Error()
		if err := w.out.Encode(try); err != nil || !again {
			return nil, err
		}
		backOff(time.Duration(20+w.IntN(80)) * time.Millisecond)
	}
}

// backOff waits before a client tries again.
func backOff(d time.Duration) { <-time.After(d) }

func (w *writer) token() string { return w.Name + "-" + strconv.Itoa(w.done) }

func (w *writer) post() error {
	n := noted{Act: "post", By: w.partner(), Title: w.token()}
	audience := "{all: true}"
	if w.IntN(2) == 0 {
		for len(n.Named) < 3 {
			if p := w.partner(); !slices.Contains(n.Named, p) {
				n.Named = append(n.Named, p)
			}
		}
		audience = `{partners: ["` + strings.Join(n.Named, `", "`) + `"]}`
	}
	made, err := w.send(n, "postOpportunity opportunity { gid }", fmt.Sprintf(
		`{clientToken: %q, title: %q, point: {lat: 45.7, lng: 4.8}, needs: [{competency: "work"}], audience: %s}`, n.Title, n.Title, audience), true)
	if made != nil {
		w.postings = append(w.postings, *made)
	}
	return err
}

// idOf is the id in a gid.
func idOf(gid string) string { _, id, _ := strings.Cut(gid, ":"); return id }

func (w *writer) claim() error {
	posting := w.postings[w.IntN(len(w.postings))]
	by := w.partner()
	if len(posting.Named) > 0 {
		by = posting.Named[w.IntN(len(posting.Named))]
	}
	made, err := w.send(noted{Act: "claim", By: by}, "claimOpportunity opportunity { gid }", fmt.Sprintf(`{opportunity: %q}`, idOf(posting.Node)), false)
	if made != nil {
		w.claimed[made.Node] = by
	}
	return err
}

func (w *writer) advance() error {
	posting := w.postings[w.IntN(len(w.postings))]
	_, err := w.send(noted{Act: "advance", By: posting.By}, "advanceOpportunity opportunity { gid }", fmt.Sprintf(`{opportunity: %q, to: QUALIFIED}`, idOf(posting.Node)), false)
	return err
}

func (w *writer) refer() error {
	n := noted{Act: "refer", By: w.partner(), Title: w.token()}
	for n.To = n.By; n.To == n.By; {
		n.To = w.partner()
	}
	made, err := w.send(n, "sendReferral referral { gid }", fmt.Sprintf(`{clientToken: %q, to: %q, competency: "work"}`, n.Title, n.To), true)
	if made != nil {
		w.referred = append(w.referred, *made)
	}
	return err
}

func (w *writer) answer() error {
	referral := w.referred[w.IntN(len(w.referred))]
	_, err := w.send(noted{Act: "answer", By: referral.To, To: referral.To}, "answerReferral referral { gid }", fmt.Sprintf(`{referral: %q, accept: true}`, idOf(referral.Node)), false)
	return err
}

// subscribersPart is what a process of subscribers is told.
type subscribersPart struct {
	Servers     []string
	Subscribers []subscriber
	Seed        uint64
}

// subscriber is one who listens to a stream, and what it has heard.
type subscriber struct {
	Name, As, Stream string
	Events           bool // by Server-Sent Events, else over a WebSocket
	Heard            []heard
	Connections      int
	Ends             []ended
	Fault            string // what no subscriber may meet
}

// heard is a message as a subscriber wrote it down.
type heard struct {
	Seq        int64
	Type, Node string
	First      bool // of its connection
	At         time.Time
	Server     string
}

// ended is how a connection ended.
type ended struct {
	Server, Why string
	At          time.Time
}

// playSubscribers listens until each subscriber has come to the seq that its input tells for it, a JSON object by
// name, and then says what all have heard.
func playSubscribers(sheet []byte) error {
	var part subscribersPart
	if err := json.Unmarshal(sheet, &part); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	defer stop()
	goals := make(chan struct{})
	var until map[string]int64
	go func() {
		if err := json.NewDecoder(os.Stdin).Decode(&until); err != nil {
			stop() // whoever started this is gone
		}
		close(goals)
	}()
	var listening sync.WaitGroup
	for i := range part.Subscribers {
		l := &ear{subscriber: &part.Subscribers[i], servers: part.Servers, Rand: rand.New(rand.NewPCG(part.Seed, uint64(i)))}
		within, enough := context.WithCancel(ctx)
		defer enough()
		listening.Go(func() { l.listen(within) })
		go func() {
			<-goals
			l.mu.Lock()
			defer l.mu.Unlock()
			l.until, l.enough = until[l.Name], enough
			l.check()
		}()
	}
	listening.Wait()
	return json.NewEncoder(os.Stdout).Encode(part.Subscribers)
}

// ear is a subscriber at work.
type ear struct {
	*subscriber
	*rand.Rand
	servers []string
	cursor  string

	mu     sync.Mutex
	last   int64
	until  int64
	enough func() // nil: it is not known yet how far it goes
}

// check ends the listening once it has come far enough.
func (l *ear) check() {
	if l.enough != nil && l.last >= l.until {
		l.enough()
	}
}

// listen connects to one server or another until it has heard enough, and goes on each time after the last cursor.
func (l *ear) listen(ctx context.Context) {
	l.cursor = "0"
	for ctx.Err() == nil && l.Fault == "" {
		server := l.servers[l.IntN(len(l.servers))]
		by := wire{l.As}.overSocket
		if l.Events {
			by = wire{l.As}.overEvents
		}
		first := true
		err := by(ctx, server, l.Stream, l.cursor, func(m message) bool {
			if first {
				l.Connections++
			}
			l.hear(m, first, server)
			first = false
			return l.Fault == ""
		})
		if refused := (*refusal)(nil); errors.As(err, &refused) && refused.code != "UNAVAILABLE" && refused.code != "TIMEOUT" {
			l.Fault = err.Error()
		}
		l.Ends = append(l.Ends, ended{server, fmt.Sprint(err), time.Now()})
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(10+l.IntN(90)) * time.Millisecond):
		}
	}
}

// hear writes down a message and its cursor, as an app does that acts on it.
func (l *ear) hear(m message, first bool, server string) {
	l.cursor = m.Cursor
	if m.Type == "heartbeat" {
		return
	}
	seq, err := strconv.ParseInt(m.Seq, 10, 64)
	if err != nil {
		l.Fault = fmt.Sprintf("a message of seq %q", m.Seq)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Heard = append(l.Heard, heard{seq, m.Type, m.about(), first, time.Now(), server})
	l.last = max(l.last, seq)
	l.check()
}
