package neo4jstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"valueweb/graph"
)

// Options say how a database is reached.
type Options struct {
	URI            string // neo4j://, neo4j+s://, neo4j+ssc://, bolt://, bolt+s:// or bolt+ssc://
	User, Password string // no user: none is asked for
	Database       string // empty: the server's default
	// Clock gives the time of a change; nil: the wall clock.
	Clock func() time.Time
	// Observe, if set, is told of every statement that was run: its name, what it answered, and the summary.
	Observe func(statement string, answer map[string]any, summary neo4j.ResultSummary)
	// Profile lets the database count its work; Observe finds it in the summary. It costs time.
	Profile bool
}

// Store implements graph.Store.
type Store struct {
	driver    neo4j.DriverWithContext
	marks     neo4j.DriverWithContext // for what is told of commits
	bookmarks neo4j.BookmarkManager
	options   Options
	tail      *tail
	visions   visions
	keys      keyring
	writing   chan struct{} // holds a token while a transaction is under way
}

var _ graph.Store = (*Store)(nil)

// How long things take at most that no deadline bounds.
const (
	connectTimeout = 5 * time.Second
	// retryTime is how long a transaction that failed for a while is tried again. The pauses double from a
	// second on: a client that is told to come back fares better than one that waits.
	retryTime = 2 * time.Second
	poolSize  = 100
	// patienceTime is how long nothing may be heard from the database on behalf of a caller that sets no
	// deadline: a server that is frozen, or cut off, keeps its connections open and says nothing. It is less
	// than an HTTP server gives to an answer.
	patienceTime = 50 * time.Second
)

// errSilent ends what waits for a database of which nothing was heard for too long.
var errSilent = errors.New("nothing was heard from the database")

type patienceKey struct{}

// bounded ends a context without a deadline once nothing was heard from the database for patienceTime. What
// takes long, such as a transaction of many statements, may go on as long as it is answered.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(patienceTime, func() { cancel(errSilent) })
	return context.WithValue(ctx, patienceKey{}, timer), func() { timer.Stop(); cancel(nil) }
}

// heard notes that the database has answered.
func heard(ctx context.Context) {
	if timer, has := ctx.Value(patienceKey{}).(*time.Timer); has {
		timer.Reset(patienceTime)
	}
}

// silent names the cause of an error of a context that bounded has ended.
func silent(ctx context.Context, err error) error {
	if err != nil && context.Cause(ctx) == errSilent {
		return graph.Unavailable(fmt.Errorf("%w for %s: %w", errSilent, patienceTime, err), tellAway)
	}
	return err
}

// Open connects to a database and brings it to the format of this program. A database that is newer, or
// that holds what is not ours, is refused and left as it is. The error is UNAVAILABLE where nobody answers.
func Open(ctx context.Context, options Options) (*Store, error) {
	s, err := connect(options)
	if err != nil {
		return nil, err
	}
	if _, err := s.prepare(ctx); err != nil {
		return nil, cmp.Or(err, s.disconnect())
	}
	s.tail = s.follow()
	return s, nil
}

// connect makes a store that has not yet met its database.
func connect(options Options) (*Store, error) {
	if err := CheckURI(options.URI); err != nil {
		return nil, err
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	driver, err := connection(options, poolSize)
	if err != nil {
		return nil, err
	}
	marks, err := connection(options, 1)
	if err != nil {
		return nil, err
	}
	return &Store{
		driver: driver, marks: marks, bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{}), options: options, writing: make(chan struct{}, 1),
	}, nil
}

// connection makes a driver with a pool of some connections, none of which is made yet.
func connection(options Options, pool int) (neo4j.DriverWithContext, error) {
	auth := neo4j.NoAuth()
	if options.User != "" {
		auth = neo4j.BasicAuth(options.User, options.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(options.URI, auth, func(c *config.Config) {
		c.MaxTransactionRetryTime = retryTime
		c.SocketConnectTimeout = connectTimeout
		c.ConnectionAcquisitionTimeout = 2 * connectTimeout
		c.MaxConnectionPoolSize = pool
		c.TelemetryDisabled = true
	})
	if err != nil {
		return nil, graph.Invalid("store", "%q is no address of a Neo4j server: %v", Shown(options.URI), err)
	}
	return driver, nil
}

// Close ends what runs in the background and lets go of the connections.
func (s *Store) Close() error {
	s.tail.close()
	return s.disconnect()
}

func (s *Store) disconnect() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	return errors.Join(s.driver.Close(ctx), s.marks.Close(ctx))
}

// session opens a session that sees whatever this store has written or read before, on whichever server it
// ends up.
func (s *Store) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{
		DatabaseName: s.options.Database, AccessMode: mode, BookmarkManager: s.bookmarks, FetchSize: neo4j.FetchAll,
	})
}

// reader answers statements that yield one row.
type reader interface {
	ask(ctx context.Context, what statement, params map[string]any) (row, error)
}

// managed runs statements in a transaction of the database.
type managed struct {
	store *Store
	tx    neo4j.ManagedTransaction
}

// ask returns the one row of a statement, nil for none.
func (m managed) ask(ctx context.Context, what statement, params map[string]any) (row, error) {
	text := what.text
	if m.store.options.Profile {
		text = "PROFILE " + text
	}
	result, err := m.tx.Run(ctx, text, map[string]any{inOneMap: params})
	if err != nil {
		return nil, named(what, err)
	}
	var found row
	for result.Next(ctx) {
		found = row(result.Record().AsMap())
	}
	summary, err := result.Consume(ctx)
	if err = cmp.Or(result.Err(), err); err != nil {
		return nil, named(what, err)
	}
	heard(ctx)
	if m.store.options.Observe != nil {
		m.store.options.Observe(what.name, found, summary)
	}
	return found, nil
}

// named says which statement failed. The driver tries a transaction again whose connection broke, such as one
// from before a restart of the server, but only if it sees its own error.
func named(what statement, err error) error {
	if neo4j.IsConnectivityError(err) {
		return err
	}
	return fmt.Errorf("%s: %w", what.name, err)
}

// How often a read is tried that was disturbed by a writer, before writers have to wait for it. The pauses
// double from a millisecond on: a commit takes a few.
const patience = 6

// errDisturbed says that a read saw the graph at more than one moment.
var errDisturbed = errors.New("a writer came between")

// errOutdated says that what was compiled for a viewer was of an earlier moment.
var errOutdated = fmt.Errorf("the graph has changed since it was compiled what the viewer may see: %w", errDisturbed)

// view runs a read until all that it saw was of one moment, and returns the seq of that moment. What the viewer
// may see is of that moment, too. The reader that fn is given takes statements made by [moment].
func (s *Store) view(ctx context.Context, v graph.Viewer, fn func(ctx context.Context, r sight) error) (seq int64, err error) {
	if v.Validate() != nil {
		return 0, errViewer
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	for pause := time.Millisecond; pause < 1<<patience*time.Millisecond; pause *= 2 {
		if seq, err = s.glance(ctx, v, fn); err == errOutdated {
			seq, err = s.glance(ctx, v, fn)
		}
		if !errors.Is(err, errDisturbed) {
			return seq, failure(ctx, err)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(pause):
		}
	}
	seq, err = s.stare(ctx, v, fn)
	return seq, failure(ctx, err)
}

// glance reads while writers may write.
func (s *Store) glance(ctx context.Context, v graph.Viewer, fn func(ctx context.Context, r sight) error) (int64, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	session := s.session(ctx, neo4j.AccessModeRead)
	defer s.closed(ctx, session)
	w := &witness{}
	_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		*w = witness{reader: managed{s, tx}}
		seen, err := s.sight(ctx, w, v)
		if err == nil {
			err = fn(ctx, seen)
		}
		if err != nil && (w.consistent() || !isExpected(err)) {
			return nil, err
		}
		return nil, nil
	})
	switch {
	case err != nil:
		return w.seq, silent(ctx, err)
	case w.outdated:
		s.visions.forget(w.known)
		return w.seq, errOutdated
	case !w.consistent():
		return w.seq, errDisturbed
	}
	if w.compiled != nil {
		w.compiled.seq = w.seq
		s.visions.keep(w.compiled)
	}
	s.tail.reached(w.course)
	return w.seq, nil
}

// sight is what a viewer sees through a witness, who holds what is known of it against what is read.
func (s *Store) sight(ctx context.Context, w *witness, v graph.Viewer) (seen sight, err error) {
	if !v.Confined() {
		return everything(w), nil
	}
	if known := s.visions.unaltered(v, s.today(), s.tail.seen()); known != nil {
		w.known = known
		seen = known.through(w)
		seen.renew = func(ctx context.Context) (map[string]any, error) { return s.renewed(ctx, w, v) }
		return seen, nil
	}
	seen, w.compiled, err = s.compiled(ctx, w, v)
	return seen, err
}

// renewed are the lists of a viewer whose access is known, and of whom it is known whether opportunities have moved
// since its lists were compiled: then they are compiled anew.
func (s *Store) renewed(ctx context.Context, w *witness, v graph.Viewer) (map[string]any, error) {
	if w.compiled == nil && w.known.seq < s.tail.seen().moved {
		_, compiled, err := s.compiled(ctx, w, v)
		if err != nil {
			return nil, err
		}
		w.compiled = compiled
	}
	if w.compiled != nil {
		return w.compiled.lists, nil
	}
	return w.known.lists, nil
}

// compiled is what a viewer sees through a reader, compiled now; there is nothing to compile for an operator.
func (s *Store) compiled(ctx context.Context, r reader, v graph.Viewer) (sight, *vision, error) {
	if !v.Confined() {
		return everything(r), nil, nil
	}
	compiled, err := compileAccess(ctx, r, v, s.today())
	if err != nil {
		return sight{}, nil, err
	}
	return compiled.through(r), compiled, nil
}

// today is the day whose rights count.
func (s *Store) today() graph.Date { return graph.DateOf(s.options.Clock()) }

// errKept ends a transaction that must leave nothing behind.
var errKept = errors.New("nothing is to be kept")

// stare reads while every writer waits: with the log locked, in a transaction of which nothing is kept. Only
// where a writer has not told that its commit ended, it is told now: with the lock held there is none.
func (s *Store) stare(ctx context.Context, v graph.Viewer, fn func(ctx context.Context, r sight) error) (seq int64, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	session := s.session(ctx, neo4j.AccessModeWrite)
	defer s.closed(ctx, session)
	var refusal error
	_, err = session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		locked, err := managed{s, tx}.ask(ctx, lockLog, nil)
		if err != nil {
			return nil, err
		}
		now, _ := courseOf(locked)
		seq = now.seq
		settled, err := managed{s, tx}.ask(ctx, settleCommit, nil)
		if err != nil {
			return nil, err
		}
		seen, _, err := s.compiled(ctx, managed{s, tx}, v)
		if err == nil {
			err = fn(ctx, seen)
		}
		if refusal = err; refusal != nil && !isExpected(refusal) {
			return nil, refusal
		}
		if settled == nil {
			return nil, errKept
		}
		return nil, nil
	})
	if err == nil || errors.Is(err, errKept) {
		err = refusal
	}
	return seq, silent(ctx, err)
}

// witness notes whether all that it reads is of one moment.
type witness struct {
	reader
	asked     bool
	seq       int64
	course    course // at the last of what it reads
	disturbed bool
	outdated  bool    // what is known is older than what it reads
	known     *vision // by which it reads
	compiled  *vision // which it has read itself
}

func (w *witness) consistent() bool { return !w.disturbed && !w.outdated }

func (w *witness) ask(ctx context.Context, what statement, params map[string]any) (row, error) {
	found, err := w.reader.ask(ctx, what, params)
	if err != nil {
		return nil, err
	}
	now, ok := courseOf(found)
	if !ok {
		return nil, fmt.Errorf("%s: the database holds no log", what.name)
	}
	mark := found.within("mark")
	settled := mark["begun"] == mark["ended"] && mark["begun"] == found["begun"]
	if !settled || found["after"] != now.seq || w.asked && now.seq != w.seq {
		w.disturbed = true
	}
	w.asked, w.seq, w.course = true, now.seq, now
	if w.known != nil && w.compiled == nil {
		w.outdated = w.outdated || !w.known.holds(w.course, w.course.bound(what))
	}
	return found, nil
}

// closed lets go of a session, whatever became of its context.
func (s *Store) closed(ctx context.Context, session neo4j.SessionWithContext) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
	defer cancel()
	session.Close(ctx) // an error here is one of a connection that is given up
}

// errViewer is what a caller gets that did not say on whose behalf it asks, or asks what is an operator's.
var errViewer = &graph.Error{Code: graph.CodeForbidden, Message: "this viewer may not ask for this"}

// admit refuses a call of an operator for anybody else, or whose time is up.
func admit(ctx context.Context, v graph.Viewer) error {
	if v.Confined() || v.Validate() != nil {
		return errViewer
	}
	return ctx.Err()
}

var (
	lockLog  = filed("lock")
	readSeq  = moment("seq", "RETURN null AS answer")
	countAll = moment("status", file("status"))
)

// Seq implements graph.Watcher.
func (s *Store) Seq(ctx context.Context) (int64, error) {
	return s.view(ctx, graph.Operator, func(ctx context.Context, r sight) error {
		_, err := r.ask(ctx, readSeq, nil)
		return err
	})
}

// Status implements graph.Store.
func (s *Store) Status(ctx context.Context, v graph.Viewer) (graph.StoreStatus, error) {
	status := graph.StoreStatus{Engine: "neo4j", Format: Format}
	what, kinds := countAll, graph.Kinds
	if v.Confined() {
		what, kinds = readSeq, nil
	}
	seq, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, what, nil)
		if err != nil {
			return err
		}
		status.Counts = map[graph.Kind]int{}
		counts := found.within("answer")
		for _, kind := range kinds {
			status.Counts[kind] = counts.integer(string(kind))
		}
		return nil
	})
	if err == nil {
		status.Seq = seq
	}
	return status, err
}
