package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valueweb/graph"
	"valueweb/resolvers"
)

// The codes with which the server closes a WebSocket, beside 1009 for a message over MaxBody. Where nothing else is
// said they are those of graphql-transport-ws.
const (
	closeGoingAway    = websocket.StatusGoingAway     // 1001: the server stops; resume
	closeTryAgain     = websocket.StatusTryAgainLater // 1013: who asks cannot be told now
	closeInternal     = websocket.StatusInternalError // 1011
	closeTooLarge     = websocket.StatusMessageTooBig // 1009
	closeInvalid      = websocket.StatusCode(4400)    // a message that is none
	closeUnauthorized = websocket.StatusCode(4401)    // subscribe before connection_ack; a token that does not count, or no more
	closeForbidden    = websocket.StatusCode(4403)    // no such viewer
	closeNoProtocol   = websocket.StatusCode(4406)    // another protocol
	closeNoInit       = websocket.StatusCode(4408)    // no connection_init in time
	closeIDInUse      = websocket.StatusCode(4409)    // a second operation of one id
	closeResume       = websocket.StatusCode(4410)    // ours: the reader is too slow; resume
	closeSecondInit   = websocket.StatusCode(4429)    // a second connection_init
)

// protocol is the only one that is spoken over a WebSocket.
const protocol = "graphql-transport-ws"

// sockets answers over WebSockets.
type sockets struct {
	config  *Config
	streams *Streams
}

// Supports takes the requests to open one.
func (t sockets) Supports(r *http.Request) bool { return isSocket(r) }

// Do opens a WebSocket. It goes on when the request is over, so that nothing of the request is kept.
func (t sockets) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if !t.config.fromHere(r) {
		WriteError(w, http.StatusForbidden, &graph.Error{Code: graph.CodeForbidden, Message: "a page of another site may not open a WebSocket here; name its origin with --allow-origin"})
		return
	}
	leave, refused := t.streams.enter()
	if refused != nil {
		WriteError(w, statusOf(refused.Code), refused)
		return
	}
	s := &socket{
		config: t.config, limits: t.streams.limits, crew: &t.streams.crew, exec: exec, request: resolvers.RequestID(r.Context()), path: r.URL.Path,
	}
	if viewer, err := resolvers.ViewerFrom(r.Context()); err == nil {
		s.viewer = &viewer
	}
	plain := &steadyWriter{ResponseWriter: w, stall: t.streams.limits.Stall}
	ws, err := websocket.Accept(plain, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}, InsecureSkipVerify: true}) // fromHere has looked at the origin
	if err != nil {
		leave() // Accept has said why
		return
	}
	ws.SetReadLimit(MaxBody)
	s.ws, s.conn = ws, plain.conn
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go func() { // Streams.Shutdown waits for it
		defer leave()
		s.run(t.streams.ctx)
	}()
}

// socket is a WebSocket over which a client asks.
type socket struct {
	config  *Config
	limits  Limits
	crew    *crew
	exec    graphql.GraphExecutor
	request string // its id, for the log
	path    string
	ws      *websocket.Conn
	conn    *steadyConn // what lies beneath
	ctx     context.Context
	cancel  context.CancelFunc
	late    *time.Timer
	expiry  *time.Timer
	pinger  *time.Timer
	saying  atomic.Int32 // what is being sent
	said    atomic.Int64 // when anything was sent last, in nanoseconds

	// What the reader alone looks at.
	viewer *graph.Viewer   // whom the upgrade has named; nil: nobody
	asking context.Context // with who asks; nil: connection_ack was not sent

	mu         sync.Mutex
	operations []*operation          // that the client has not completed
	running    int                   // operations, also those that were completed and have not ended yet
	farewell   *websocket.CloseError // with which it is closed
	over       bool
	work       sync.WaitGroup // operations and pings
}

// run reads what the client says until it says no more, or is not listened to any more. Most of the time it waits, and
// there are many that do: so it waits with a small stack, and leaves to others what takes a larger one.
func (s *socket) run(server context.Context) {
	defer s.finish()
	if s.ws.Subprotocol() != protocol {
		s.end(closeNoProtocol, "Subprotocol not acceptable")
		return
	}
	stopping := context.AfterFunc(server, func() { s.end(closeGoingAway, "the server stops; resume") })
	defer stopping()
	s.late = time.AfterFunc(s.limits.Init, func() { s.end(closeNoInit, "Connection initialisation timeout") })
	s.pinger = time.AfterFunc(s.limits.Idle, s.ping)
	defer s.pinger.Stop()
	heard := make(chan bool)
	for s.conn.await() == nil && s.ctx.Err() == nil {
		go func() { heard <- s.hear() }()
		if !<-heard {
			return
		}
	}
}

// hear takes what the client says now. It reports whether there may be more.
func (s *socket) hear() (more bool) {
	defer func() {
		if p := recover(); p != nil {
			s.config.Log.Error("panic", "error", fmt.Sprint(p), "request", s.request, "stack", string(debug.Stack()))
			s.end(closeInternal, "something went wrong on the server")
		}
	}()
	kind, text, err := s.ws.Read(context.Background())
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig):
		s.end(closeTooLarge, "a message may hold at most 1 MiB")
	case err != nil:
	case kind != websocket.MessageText:
		s.end(closeInvalid, "a message is text")
	case s.ctx.Err() == nil:
		s.pinger.Reset(s.limits.Idle)
		s.take(text)
	}
	return err == nil && s.ctx.Err() == nil
}

// finish ends what is left once nothing is read any more, and waits for it. Where the server has something to say it
// says so, and waits until its peer has closed the socket as well, or has not in time.
func (s *socket) finish() {
	s.cancel()
	s.mu.Lock()
	s.over = true
	last := s.farewell
	operations := slices.Clone(s.operations)
	s.mu.Unlock()
	for _, o := range operations {
		o.stop()
	}
	if last != nil {
		s.config.Log.Debug("a WebSocket was closed", "code", int(last.Code), "reason", last.Reason, "request", s.request)
		impatient := time.AfterFunc(s.limits.Farewell, s.drop)
		s.conn.SetReadDeadline(time.Time{})
		s.ws.Close(last.Code, last.Reason)
		impatient.Stop()
	}
	s.ws.CloseNow()
	s.work.Wait()
	for _, timer := range []*time.Timer{s.late, s.expiry} {
		if timer != nil {
			timer.Stop()
		}
	}
}

// end has the socket closed with a code, and ends all that runs over it. What is said first counts.
func (s *socket) end(code websocket.StatusCode, reason string) {
	s.mu.Lock()
	if s.farewell == nil && !s.over {
		s.farewell = &websocket.CloseError{Code: code, Reason: reason}
	}
	s.mu.Unlock()
	s.cancel()
	s.conn.SetReadDeadline(time.Unix(1, 0)) // whoever waits for the client goes on
}

// drop closes what lies beneath, without a word.
func (s *socket) drop() { s.conn.Close() }

// ping asks a peer whether it is there, over a socket on which nothing was said for a while. One that is not is
// dropped. Where messages go out, and heartbeats are among them, writing them tells as much.
func (s *socket) ping() {
	if !s.begin() {
		return
	}
	defer s.work.Done()
	if quiet := time.Since(time.Unix(0, s.said.Load())); quiet < s.limits.Idle {
		s.pinger.Reset(s.limits.Idle - quiet)
		return
	}
	if s.saying.Load() > 0 { // it waits for the peer already, for as long as a peer may take
		s.pinger.Reset(s.limits.Idle)
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.limits.Stall)
	defer cancel()
	if err := s.ws.Ping(ctx); err == nil {
		s.pinger.Reset(s.limits.Idle)
	} else if s.ctx.Err() == nil {
		s.drop()
	}
}

// begin reports whether work may begin that finish waits for.
func (s *socket) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return false
	}
	s.work.Add(1)
	return true
}

// take does what a message says.
func (s *socket) take(text []byte) {
	m, err := parseMessage(text)
	if err != nil {
		s.end(closeInvalid, err.Error())
		return
	}
	switch m.Type {
	case typeInit:
		s.init(m)
	case typePing:
		s.sayText(appendPong(m))
	case typeSubscribe:
		s.subscribe(m)
	case typeComplete:
		s.complete(m.ID)
	}
}

func appendPong(m message) []byte {
	if m.Payload == nil {
		return []byte(`{"type":"` + typePong + `"}`)
	}
	return append(appendJSON([]byte(`{"type":"`+typePong+`","payload":`), m.Payload), '}')
}

// say sends frames. A peer that takes nothing for too long, or is not there, is dropped; waits is called before it is
// waited for. Frames are written whole, so that those of operations and of the library, which answers pings, stand one
// behind the other.
func (s *socket) say(frames []byte, waits func()) error {
	if err := s.ctx.Err(); err != nil {
		return err // it was closed
	}
	s.said.Store(time.Now().UnixNano())
	s.saying.Add(1)
	defer s.saying.Add(-1)
	_, err := s.conn.write(frames, waits)
	if err != nil {
		s.drop()
	}
	return err
}

// sayText sends a text.
func (s *socket) sayText(text []byte) error {
	return s.say(appendFrame(nil, func(b []byte) []byte { return append(b, text...) }), func() {})
}

// init lets the client in, on behalf of whom it says that it asks.
func (s *socket) init(m message) {
	if s.asking != nil {
		s.end(closeSecondInit, "Too many initialisation requests")
		return
	}
	authorization, err := m.text("authorization")
	as, wrong := m.text(asHeader)
	if err = errors.Join(err, wrong); err != nil {
		s.end(closeInvalid, err.Error())
		return
	}
	viewer, err := s.config.introduced(resolvers.WithRequestID(s.ctx, s.request), s.viewer, authorization, as)
	if err != nil {
		s.refuse(err)
		return
	}
	s.late.Stop()
	s.late = nil
	s.viewer, s.asking = nil, resolvers.WithRequestID(resolvers.WithViewer(s.ctx, viewer), s.request)
	if !viewer.Expires.IsZero() {
		s.expiry = time.AfterFunc(viewer.Expires.Sub(s.config.Graph.Clock()), func() { s.end(closeUnauthorized, "the token has expired") })
	}
	s.sayText([]byte(`{"type":"` + typeAck + `"}`))
}

// refuse closes the socket because of who asks.
func (s *socket) refuse(err error) {
	failure, ok := graph.AsError(err)
	if !ok {
		failure = graph.Unauthenticated(err, "the token does not count here")
	}
	s.config.Log.Warn("a WebSocket was not let in", "reason", failure.Message, "cause", causeOf(failure), "path", s.path, "request", s.request)
	code := closeUnauthorized
	switch failure.Code {
	case graph.CodeForbidden:
		code = closeForbidden
	case graph.CodeUnavailable, graph.CodeTimeout:
		code = closeTryAgain
	}
	s.end(code, reasonOf(failure.Message))
}

// reasonOf is a text as it fits into a close frame.
func reasonOf(text string) string {
	const most = 120
	if len(text) > most {
		cut := most
		for cut > 0 && text[cut]&0xC0 == 0x80 { // not within a letter
			cut--
		}
		return text[:cut]
	}
	return text
}

// subscribe begins an operation.
func (s *socket) subscribe(m message) {
	if s.asking == nil {
		s.end(closeUnauthorized, "Unauthorized")
		return
	}
	id, err := json.Marshal(m.ID)
	if err != nil {
		panic(err) // a text can be written
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.asking)) // finish stops it
	o := &operation{socket: s, name: m.ID, id: id, cancel: cancel}
	s.mu.Lock()
	used := s.named(m.ID) != nil
	full := s.running >= s.limits.Operations
	if !used && !full {
		s.operations = append(s.operations, o)
		s.running++
		s.work.Add(1)
	}
	s.mu.Unlock()
	switch {
	case used:
		cancel()
		s.end(closeIDInUse, reasonOf("Subscriber for "+m.ID+" already exists"))
	case full:
		cancel()
		o.tell(typeError, tooManyOperations(ctx, s.exec, s.limits.Operations))
	default:
		go o.run(ctx, m.Request)
	}
}

func tooManyOperations(ctx context.Context, exec graphql.GraphExecutor, most int) gqlerror.List {
	return presented(ctx, exec, &graph.Error{Code: graph.CodeCostExceeded, Message: fmt.Sprintf("over one WebSocket %d operations may be under way at a time; complete one, or open another", most)})
}

// complete ends an operation that the client wants no more of. One that there is not has ended already.
func (s *socket) complete(id string) {
	s.mu.Lock()
	o := s.named(id)
	s.forget(o)
	s.mu.Unlock()
	if o != nil {
		o.stop()
	}
}

// named is the operation that the client calls so, nil if there is none: there are few. The socket is locked, as it is
// for forget.
func (s *socket) named(id string) *operation {
	for _, o := range s.operations {
		if o.name == id {
			return o
		}
	}
	return nil
}

// forget takes an operation away, and reports whether it was there.
func (s *socket) forget(o *operation) bool {
	i := slices.Index(s.operations, o)
	if i < 0 {
		return false
	}
	s.operations = slices.Delete(s.operations, i, i+1)
	return true
}

// operation is something that is asked over a socket, and the outlet of its answers.
type operation struct {
	socket *socket
	name   string             // as the client calls it
	id     []byte             // the same in JSON
	cancel context.CancelFunc // of what is answered at once; nil: it goes on
	left   bool               // it counts no more among those under way
	stops  bool               // nobody wants more of it

	following *following   // a subscription that was taken
	turns     atomic.Int32 // calls since it had its turn last: more than 0, it has one or waits for it
	waits     bool         // for its turn; of the crew
	manned    bool         // one of the crew does what is done
	sheet     *[]byte      // frames that are not written yet; nil: there are none
}

// run answers an operation. A subscription that was taken has no goroutine from then on, and no context of its own: it
// has turns.
func (o *operation) run(ctx context.Context, request *graphql.RawParams) {
	f := perform(ctx, o.socket.exec, request, o)
	if f == nil {
		o.finish()
		return
	}
	f.ctx = o.socket.asking
	o.socket.mu.Lock()
	o.cancel()
	o.following, o.cancel = f, nil
	stops := o.stops
	o.socket.mu.Unlock()
	if stops {
		f.holder.Close()
	}
	f.holder.Call(o.call)
}

// stop ends an operation of which nobody wants more.
func (o *operation) stop() {
	o.socket.mu.Lock()
	o.stops = true
	f := o.following
	if f == nil {
		o.cancel()
	}
	o.socket.mu.Unlock()
	if f != nil {
		f.holder.Close()
	}
}

// finish lets go of an operation that has ended.
func (o *operation) finish() {
	defer o.socket.work.Done()
	o.stop()
	o.over()
	o.socket.mu.Lock()
	defer o.socket.mu.Unlock()
	o.leave()
}

// call says that there may be something to hand out. It returns at once.
func (o *operation) call() {
	switch o.turns.Add(1) {
	case 1:
		o.socket.crew.take(o)
	case pressing:
		o.socket.crew.press(o)
	}
}

// turn hands out what there is.
func (o *operation) turn() {
	for {
		called := o.turns.Load()
		if o.following.some() {
			o.finish()
			return
		}
		if o.turns.CompareAndSwap(called, 0) {
			return
		}
	}
}

// leave makes room for another operation, once. Whoever calls holds the lock.
func (o *operation) leave() {
	if !o.left {
		o.left = true
		o.socket.running--
	}
}

// over frees the id and the room, before the client is told of the end, and reports whether it waits for that.
func (o *operation) over() bool {
	s := o.socket
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.forget(o) {
		return false
	}
	o.leave()
	return true
}

// wanted reports whether the client wants the answers.
func (o *operation) wanted() bool {
	o.socket.mu.Lock()
	defer o.socket.mu.Unlock()
	return slices.Contains(o.socket.operations, o)
}

func (o *operation) open() {}

var errUnwanted = errors.New("the client wants no more of it")

func (o *operation) next(response *graphql.Response, holder *resolvers.CursorHolder) error {
	if !o.wanted() {
		return errUnwanted
	}
	o.write(typeNext, func(b []byte) []byte { return appendResponse(b, response, holder) })
	if len(*o.sheet) < maxSheet/2 {
		return nil
	}
	return o.flush()
}

func (o *operation) fail(errors gqlerror.List) {
	if o.over() {
		o.tell(typeError, errors)
	}
}

func (o *operation) end(why error, present func() gqlerror.List) {
	failure, _ := graph.AsError(why)
	switch {
	case errors.Is(why, resolvers.ErrResume):
		o.socket.end(closeResume, "resume")
	case errors.Is(why, resolvers.ErrStopped):
		o.socket.end(closeGoingAway, "the server stops; resume")
	case failure != nil && failure.Code == graph.CodeUnauthenticated:
		o.socket.end(closeUnauthorized, reasonOf(failure.Message))
	default:
		o.fail(present())
	}
}

func (o *operation) complete() {
	if o.over() {
		o.send(typeComplete, nil)
	}
}

func (o *operation) tell(kind string, payload any) {
	o.send(kind, func(b []byte) []byte { return appendJSON(b, payload) })
}

// sheets of paper on which frames are written: they are as long as what was written on them.
var sheets = sync.Pool{New: func() any { return new([]byte) }}

// maxSheet is the length in bytes of the longest that is kept.
const maxSheet = 16 << 10

// write writes a message on a sheet.
func (o *operation) write(kind string, payload func([]byte) []byte) {
	if o.sheet == nil {
		o.sheet = sheets.Get().(*[]byte)
		*o.sheet = (*o.sheet)[:0]
	}
	*o.sheet = appendFrame(*o.sheet, func(b []byte) []byte { return appendMessage(b, o.id, kind, payload) })
}

// flush sends what was written.
func (o *operation) flush() error {
	if o.sheet == nil {
		return nil
	}
	sheet := o.sheet
	o.sheet = nil
	rests := false
	err := o.socket.say(*sheet, func() {
		if o.manned {
			rests = true
			o.socket.crew.rest()
		}
	})
	if rests {
		o.socket.crew.back()
	}
	if cap(*sheet) <= maxSheet {
		sheets.Put(sheet)
	}
	return err
}

// ask lets others have their turn while the next answer is asked for.
func (o *operation) ask() (answered func()) {
	if o.manned && o.socket.crew.ask() {
		return o.socket.crew.answered
	}
	return func() {}
}

func (o *operation) send(kind string, payload func([]byte) []byte) error {
	o.write(kind, payload)
	return o.flush()
}
