package transport

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"valueweb/graph"
)

// Limits bound what streams may take of a server, so that no client takes what others need.
type Limits struct {
	Streams    int           // open at a time, over WebSockets and server-sent events together
	Operations int           // under way at a time on one WebSocket
	Init       time.Duration // from the upgrade of a WebSocket to its connection_init
	Idle       time.Duration // after which a peer that says nothing is asked whether it is there
	Stall      time.Duration // for which a peer may take nothing of what is sent to it
	Farewell   time.Duration // for which a closed WebSocket waits for the answer of its peer
}

// DefaultLimits are those of a server that is told nothing else. A peer that takes nothing may do so for longer than
// the feed is patient with a reader that takes no message: so one that comes back in time is told to resume.
var DefaultLimits = Limits{Streams: 10_000, Operations: 100, Init: 10 * time.Second, Idle: 25 * time.Second, Stall: 90 * time.Second, Farewell: 5 * time.Second}

// Streams are the connections that stay after the request that opened them was answered: WebSockets and streams of
// server-sent events. They end when their clients leave, when their tokens expire, and with the server.
type Streams struct {
	limits  Limits
	ctx     context.Context // done once the server stops
	stop    context.CancelFunc
	mu      sync.Mutex
	open    int
	stopped bool
	all     sync.WaitGroup
	crew    crew
	many    func(bool) // is told when there are many, and when there are few again; nil: nobody is
}

// NewStreams makes room for streams. Limits that are zero are those of DefaultLimits.
func NewStreams(limits Limits) *Streams {
	for _, limit := range []struct {
		is        *int
		otherwise int
	}{{&limits.Streams, DefaultLimits.Streams}, {&limits.Operations, DefaultLimits.Operations}} {
		if *limit.is == 0 {
			*limit.is = limit.otherwise
		}
	}
	for _, limit := range []struct {
		is        *time.Duration
		otherwise time.Duration
	}{
		{&limits.Init, DefaultLimits.Init}, {&limits.Idle, DefaultLimits.Idle},
		{&limits.Stall, DefaultLimits.Stall}, {&limits.Farewell, DefaultLimits.Farewell},
	} {
		if *limit.is == 0 {
			*limit.is = limit.otherwise
		}
	}
	s := &Streams{limits: limits, crew: crew{most: runtime.GOMAXPROCS(0)}}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Open is how many streams are open.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// enter counts a stream in; leave counts it out. It is refused where there are as many as there may be, and once the
// server stops.
func (s *Streams) enter() (leave func(), refused *graph.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped:
		return nil, graph.Unavailable(nil, "this server stops; ask another one, or this one in a moment")
	case s.open >= s.limits.Streams:
		return nil, graph.Unavailable(nil, "this server carries as many streams as it may; ask another one, or this one in a moment")
	}
	if s.open++; s.open == manyStreams && s.many != nil {
		s.many(true)
	}
	s.all.Add(1)
	return s.leave, nil
}

func (s *Streams) leave() {
	s.mu.Lock()
	if s.open--; s.open == manyStreams/2 && s.many != nil {
		s.many(false)
	}
	s.mu.Unlock()
	s.all.Done()
}

// Shutdown ends all streams and lets no others in: WebSockets with the code 1001, upon which clients resume at another
// server or at this one when it is back. It returns once they have ended, or with the error of the context.
func (s *Streams) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.stop()
	ended := make(chan struct{})
	go func() {
		s.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// isStream reports whether a request asks for an answer that stays open.
func isStream(r *http.Request) bool { return isSocket(r) || wantsEvents(r) }

// isSocket reports whether a request asks for a WebSocket.
func isSocket(r *http.Request) bool {
	for _, value := range r.Header.Values("Upgrade") {
		for protocol := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(protocol), "websocket") {
				return true
			}
		}
	}
	return false
}

// apart takes requests for streams another way than all others, which are bounded in time.
func apart(streams, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isStream(r) {
			streams.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}
