package graph

import (
	"context"
	"time"
)

// Store keeps the graph. Every store passes the suite in graph/storetest; what the suite does not
// demand is not promised.
//
// Rehearse, Network, Events, History, Due, Accesses and LastUses are an operator's: others are FORBIDDEN.
//
// All methods may be called at the same time from many goroutines, honour the deadline of their context,
// and match only what the viewer may see: hidden nodes are not read, counted or told apart from what
// does not exist. Nodes that a store returns are shared: they must not be changed.
type Store interface {
	Reader
	Navigator
	Lister
	Traverser
	Writer
	Watcher
	Deliverer
	Clockwork
	Keyring
	Ticketer
	Auditor
	Gatekeeper
	// Status says what the store is and, to an operator, how many nodes of each kind there are.
	Status(ctx context.Context, v Viewer) (StoreStatus, error)
	Close() error
}

// Reader reads nodes by id.
type Reader interface {
	// Read returns the nodes of the ids in their order, nil where there is none.
	Read(ctx context.Context, v Viewer, kind Kind, ids []string) ([]Node, error)
	// Nearest returns up to n ids of a kind whose id or name is most like a text, best first.
	Nearest(ctx context.Context, v Viewer, kind Kind, text string, n int) ([]string, error)
}

// Navigator follows relations from node to node.
type Navigator interface {
	// Related returns for every parent, in the order given, a page of the nodes related to it: one
	// call however many parents there are. The viewer has read the parents: whether it may is not asked again.
	Related(ctx context.Context, v Viewer, q RelatedQuery) ([]Page, error)
}

// Lister reads pages of nodes in a total order.
type Lister interface {
	// List returns a page of the nodes of a kind that match a filter.
	List(ctx context.Context, v Viewer, q ListQuery) (Page, error)
}

// Traverser answers questions with facts, one bounded traversal a question.
type Traverser interface {
	// Gap returns the facts about every partner that qualifies for a gap, within the smallest of the
	// radii at which enough do (the last, where none is enough). The place, needs and asker are
	// resolved in the same traversal: NOT_FOUND and VALIDATION errors name the field of the question.
	Gap(ctx context.Context, v Viewer, q GapQuery) (GapFacts, error)
	// GapShortfall counts who was left out of a question, and how many partners each of the variants
	// of the question would find. A variant asks for the same competencies near the same place.
	GapShortfall(ctx context.Context, v Viewer, q GapQuery, variants []GapQuery) (GapShortfall, error)
	// Figures counts customers, opportunities or referrals where they stand, and says what of it the viewer may not
	// read. A partnership that the viewer may not read is NOT_FOUND. Analysts ask for none.
	Figures(ctx context.Context, v Viewer, q FiguresQuery) (FigureFacts, error)
	// Network streams what ties rest on: all partners, referrals and partnerships as they stand at the
	// returned seq, which is never before the seq at the call. A node may come again, where it was changed
	// while the stream ran: what comes later counts, and its chunk says so. Of a partner it states id, name and status; of a
	// referral all but customer, competency, value and parent; of a partnership all.
	Network(ctx context.Context, v Viewer, yield func(NetworkChunk) error) (seq int64, err error)
}

// Writer changes the graph, one transaction at a time.
type Writer interface {
	// Write runs fn in a transaction and commits what it put, unless fn fails or nothing changed. The viewer is who
	// makes the change, and stands in the log as its actor; what it may change is decided by whoever calls. The
	// seq is that of the last event of the log. Once Write has returned the change is durable, and
	// every later read sees it. fn may be run again after a transient failure.
	Write(ctx context.Context, v Viewer, fn func(ctx context.Context, tx Tx) error) (seq int64, err error)
	// Rehearse runs fn in a transaction of which nothing is kept. It does not hold up other writers.
	Rehearse(ctx context.Context, v Viewer, fn func(ctx context.Context, tx Tx) error) error
}

// Tx is a transaction under way. To an operator it shows its own changes; what another viewer may read it tells of the
// graph as it stood when the transaction began, which nobody changes meanwhile.
type Tx interface {
	Reader
	Navigator
	Gatekeeper
	// Put writes nodes. A node that is new gets version 1; one that differs from what is stored gets
	// one version more, once a transaction; one that equals what is stored is left alone. The refusals
	// stand in the order of the nodes: nil for a node that is written or unchanged, else the invariant
	// that it would break (VALIDATION or NOT_FOUND); a refused node changes nothing. Nodes that were put
	// belong to the store.
	Put(ctx context.Context, nodes []Node) (refusals []error, err error)
	// Changed returns the gids of the nodes that differ from what they were before the transaction.
	Changed() []string
	// Log appends an event; the store fills seq, time, actor and the version of the subject.
	Log(ctx context.Context, event Event) error
	// Receipt returns the receipt that is kept under a key, nil if there is none, or if it is older than
	// ReceiptRetention.
	Receipt(ctx context.Context, key string) (*Receipt, error)
	// Keep keeps a receipt if the transaction is committed; the store fills in its seq, which is that of the last
	// event of the transaction, and its time. Of a transaction without any event nothing is kept.
	Keep(ctx context.Context, r Receipt) error
}

// Gatekeeper says who may see what.
type Gatekeeper interface {
	// Access returns what a viewer may see today; nil for an operator, who sees everything. FORBIDDEN where the
	// viewer may ask nothing: of a partner that is SUSPENDED, for one. What decides in a transaction asks the
	// transaction: the store itself may know less, or wait for the transaction to end.
	Access(ctx context.Context, v Viewer) (*Access, error)
}

// Watcher reads the log.
type Watcher interface {
	// Seq is the number of the newest event, 0 for none.
	Seq(ctx context.Context) (int64, error)
	// Events returns up to limit events after a seq, oldest first. Those that were let go of are not told: whoever
	// must miss none compares the seq with Oldest.
	Events(ctx context.Context, v Viewer, after int64, limit int) ([]Event, error)
	// History returns the events about a node that tell of versions above one, oldest first. Where an event of
	// many nodes, such as one of an import, has changed the node, those before it may be missing, and so are those
	// that the log has let go of.
	History(ctx context.Context, v Viewer, gid string, after int) ([]Event, error)
	// Await returns once there is an event after a seq, or with the error of the context.
	Await(ctx context.Context, after int64) error
	// Oldest is the seq of the oldest event that is kept; one more than Seq where none is.
	Oldest(ctx context.Context) (int64, error)
	// Deployment names the graph among all others: a random text that was made with it, and stays with it through
	// backup and restore. What names a place in the log of another one names nothing here.
	Deployment(ctx context.Context) (string, error)
}

// Deliverer tells many viewers of one node.
type Deliverer interface {
	// ReadFor returns a node for each of some viewers, in their order, as Read would return it to that viewer: nil
	// where there is none that it may read, also where it may ask nothing. It is one call however many there are.
	ReadFor(ctx context.Context, viewers []Viewer, kind Kind, id string) ([]Node, error)
}

// Clockwork is what the passing of time asks of a store.
type Clockwork interface {
	// Due returns up to a limit of gids, of what the clock has to end: referrals that are NEW and invitations that
	// are PENDING, that wait since before a day (WaitsSince); opportunities of which the protection is over by another one
	// (ProtectedUntil is stated, and not after it). None of which a day of retirement is stated, and nothing by a day
	// that the question leaves out. It costs what it returns.
	Due(ctx context.Context, v Viewer, q DueQuery) ([]string, error)
	// Forget lets go of the events of the log before an instant, oldest first and up to the first that is not, of
	// receipts that are older than ReceiptRetention, of accesses that are older than AccessRetention and of tickets
	// that are over. The numbers of the log go on. More than one server may do so at the same time; a write waits for
	// a bounded part of it.
	Forget(ctx context.Context, v Viewer, before time.Time) error
}

// DueQuery asks for what the clock has to end.
type DueQuery struct {
	SentBefore  Date // exclusive
	ProtectedBy Date // inclusive
	Limit       int
}

// Ticketer keeps tickets, each of which lets its holder in once.
type Ticketer interface {
	// Issue keeps a ticket.
	Issue(ctx context.Context, t Ticket) error
	// Redeem takes the ticket of a digest: it is returned to one caller and never again. nil where there is none,
	// and where it is over.
	Redeem(ctx context.Context, digest string) (*Ticket, error)
}

// Keyring finds the keys by which programs ask.
type Keyring interface {
	// Key returns the API key of an id, nil if there is none. It is no older than the newest event that the store
	// has seen; whoever asks often is answered without a look at what the store is kept in.
	Key(ctx context.Context, id string) (*APIKey, error)
}

// Auditor keeps notes beside the graph: they have no seq and no event, change no version and are not exported.
type Auditor interface {
	// Note adds notes to what is kept: accesses of one key are merged, of the uses of a key the last one counts.
	// Accesses that are older than AccessRetention are forgotten. Once Note has returned the notes are durable.
	Note(ctx context.Context, notes Notes) error
	// Accesses returns a page of the accesses to customers, in the order of their keys.
	Accesses(ctx context.Context, v Viewer, q AccessQuery) (AccessPage, error)
	// LastUses returns when API keys were last used, by id; keys that never were are missing.
	LastUses(ctx context.Context, v Viewer, keys []string) (map[string]time.Time, error)
}

// Snapshotter is a store that can hold a moment still for a reader of many pages. A store that cannot is
// read as it moves; whoever reads it looks at Seq before and after.
type Snapshotter interface {
	Snapshot(ctx context.Context, v Viewer) (Snapshot, error)
}

// Snapshot is the graph as it stood at one seq, whatever is written meanwhile.
type Snapshot interface {
	Lister
	Seq() int64
}

// StoreStatus says what a store is and how much it holds.
type StoreStatus struct {
	Engine string // "embedded" or "neo4j"
	Format int    // version of what is kept on disk
	Seq    int64
	Counts map[Kind]int
}

// NetworkChunk is a part of what ties rest on.
type NetworkChunk struct {
	Partners     []*Partner
	Referrals    []*Referral
	Partnerships []*Partnership
	// Again says that nodes of the chunk may have come before. Where one came twice before that, it comes again.
	Again bool
}
