package embedded

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
)

// journal makes changes durable.
type journal interface {
	// commit writes what was committed to in one transaction; when it returns that survives a crash.
	commit(all []commitment) error
	// events returns up to limit events that are kept, after a seq and up to another.
	events(after, last int64, limit int) ([]graph.Event, error)
	// oldest is the seq of the oldest event that is kept; one more than that of the last event where none is.
	oldest() (int64, error)
	// forget lets go of up to limit events before an instant, oldest first and up to a seq; of how many it says.
	forget(before time.Time, last int64, limit int) (gone int, err error)
	// back calls yield for events, from one seq on backwards, until it returns false.
	back(from int64, yield func(graph.Event) bool) error
	// beside lets fn read and, if it may write, change what is kept beside the graph, in one transaction.
	beside(write bool, fn func(shelves) error) error
	// deployment names the graph among all others.
	deployment() string
	close() error
}

// memory is the journal of a store that keeps nothing: the log, and what is kept beside the graph.
type memory struct {
	log  logBook
	kept keptShelves
	name string
}

func (m *memory) commit(all []commitment) error {
	for _, c := range all {
		if err := m.kept.use(func(kept shelves) error { return kept.keepReceipts(c.receipts) }); err != nil {
			return err
		}
		m.log.append(c.events)
	}
	return nil
}

func (m *memory) events(after, last int64, limit int) ([]graph.Event, error) {
	return m.log.after(after, last, limit), nil
}

func (m *memory) oldest() (int64, error) { return m.log.oldest(), nil }

func (m *memory) forget(before time.Time, last int64, limit int) (int, error) {
	return m.log.forget(before, last, limit), nil
}

func (m *memory) deployment() string { return m.name }

func (m *memory) back(from int64, yield func(graph.Event) bool) error {
	m.log.back(from, yield)
	return nil
}

func (m *memory) beside(_ bool, fn func(shelves) error) error { return m.kept.use(fn) }

func (m *memory) close() error { return nil }

// The buckets of the file: one a kind of node by id, the log by seq, what the file says of itself, and what is
// kept beside the graph. The sequence of a bucket of nodes is the number of nodes in it, that of the log its last
// seq, and the file says which event it let go of last: a file that lost a part is told from a whole one.
var (
	metaBucket     = []byte("meta")
	logBucket      = []byte("log")
	accessesBucket = []byte("accesses")
	usesBucket     = []byte("uses")
	receiptsBucket = []byte("receipts")
	ticketsBucket  = []byte("tickets")
	formatKey      = []byte("format")
	deploymentKey  = []byte("deployment")
	forgottenKey   = []byte("forgotten")
)

// buckets lists the buckets of a file of a format.
func buckets(format uint32) [][]byte {
	names := [][]byte{metaBucket, logBucket}
	if format >= administered {
		names = append(names, accessesBucket, usesBucket)
	}
	if format >= streamed {
		names = append(names, receiptsBucket, ticketsBucket)
	}
	for _, kind := range graph.Kinds {
		if keeps(format, kind) {
			names = append(names, []byte(kind))
		}
	}
	return names
}

// The first format that keeps API keys, and notes beside the graph; and the first that keeps receipts and tickets,
// and may have let go of the beginning of the log.
const (
	administered = 2
	streamed     = 3
)

// keeps reports whether files of a format keep nodes of a kind.
func keeps(format uint32, kind graph.Kind) bool {
	return kind != graph.KindAPIKey || format >= administered
}

// disk is the journal in a bbolt file.
type disk struct {
	db      *bolt.DB
	name    string
	records bytes.Buffer // of the commit under way; its memory is used again
}

// mostRecords bounds the memory that is kept for the next commit, in bytes.
const mostRecords = 32 << 20

func (d *disk) commit(all []commitment) error {
	d.records.Reset()
	if d.records.Cap() > mostRecords {
		d.records = bytes.Buffer{}
	}
	return d.db.Update(func(t *bolt.Tx) error {
		for _, c := range all {
			if err := d.write(t, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *disk) write(t *bolt.Tx, c commitment) error {
	// In the order of their keys: bbolt gathers what a transaction puts into a leaf in one slice, which in
	// any other order makes a large transaction quadratic.
	nodes := slices.SortedFunc(slices.Values(c.nodes), func(a, b graph.Node) int {
		return cmp.Or(cmp.Compare(a.Kind(), b.Kind()), cmp.Compare(a.Header().ID, b.Header().ID))
	})
	for len(nodes) > 0 {
		n := 1
		for n < len(nodes) && nodes[n].Kind() == nodes[0].Kind() {
			n++
		}
		if err := writeNodes(t.Bucket([]byte(nodes[0].Kind())), nodes[:n], &d.records); err != nil {
			return err
		}
		nodes = nodes[n:]
	}
	if err := shelvesOf(t).keepReceipts(c.receipts); err != nil {
		return err
	}
	return writeEvents(t.Bucket(logBucket), c.events, &d.records)
}

// writeNodes writes nodes of one kind, in the order of their ids.
func writeNodes(bucket *bolt.Bucket, nodes []graph.Node, records *bytes.Buffer) error {
	if last, _ := bucket.Cursor().Last(); last == nil || string(last) < nodes[0].Header().ID {
		bucket.FillPercent = 1 // the ids ascend, as those of a log do: nothing will come in between
	}
	added := uint64(0)
	for _, node := range nodes {
		record, err := encodeTo(records, node)
		if err != nil {
			return err
		}
		if node.Header().Version == 1 { // it is new: what changes has a higher one
			added++
		}
		if err := bucket.Put([]byte(node.Header().ID), record); err != nil {
			return fmt.Errorf("write %s: %w", node.GID(), err)
		}
	}
	return bucket.SetSequence(bucket.Sequence() + added)
}

func writeEvents(log *bolt.Bucket, events []graph.Event, records *bytes.Buffer) error {
	log.FillPercent = 1 // keys only ever grow
	for i := range events {
		event := &events[i]
		record, err := encodeTo(records, event)
		if err != nil {
			return err
		}
		if err := log.Put(seqKey(event.Seq), record); err != nil {
			return fmt.Errorf("write event %d: %w", event.Seq, err)
		}
	}
	if len(events) == 0 {
		return nil
	}
	return log.SetSequence(uint64(events[len(events)-1].Seq))
}

func (d *disk) events(after, last int64, limit int) ([]graph.Event, error) {
	var events []graph.Event
	err := d.db.View(func(t *bolt.Tx) error {
		c := t.Bucket(logBucket).Cursor()
		for k, record := c.Seek(seqKey(after + 1)); k != nil && seqOf(k) <= last && len(events) < limit; k, record = c.Next() {
			event, err := d.event(k, record)
			if err != nil {
				return err
			}
			if events == nil { // a list of them is long, and grows into more than is kept
				events = make([]graph.Event, 0, min(int64(limit), last-event.Seq+1))
			}
			events = append(events, event)
		}
		return nil
	})
	return events, err
}

// event decodes the record of an event.
func (d *disk) event(key, record []byte) (event graph.Event, err error) {
	if err := decode(record, &event); err != nil {
		return event, fmt.Errorf("event %d in %s: %w", seqOf(key), d.db.Path(), err)
	}
	return event, nil
}

func (d *disk) oldest() (oldest int64, err error) {
	err = d.db.View(func(t *bolt.Tx) error {
		log := t.Bucket(logBucket)
		oldest = int64(log.Sequence()) + 1
		if k, _ := log.Cursor().First(); k != nil {
			oldest = seqOf(k)
		}
		return nil
	})
	return oldest, err
}

func (d *disk) forget(before time.Time, last int64, limit int) (gone int, err error) {
	err = d.db.Update(func(t *bolt.Tx) error {
		log := t.Bucket(logBucket)
		var old [][]byte // taken out after they were read: a cursor loses its place when its leaf changes
		c := log.Cursor()
		for k, record := c.First(); k != nil && seqOf(k) <= last && len(old) < limit; k, record = c.Next() {
			event, err := d.event(k, record)
			if err != nil {
				return err
			}
			if !event.At.Before(before) {
				break
			}
			old = append(old, bytes.Clone(k))
		}
		if gone = len(old); gone == 0 {
			return nil
		}
		for _, k := range old {
			if err := log.Delete(k); err != nil {
				return err
			}
		}
		return putRecord(filedShelf{t.Bucket(metaBucket)}, string(forgottenKey), seqOf(old[gone-1]))
	})
	return gone, err
}

func (d *disk) deployment() string { return d.name }

func (d *disk) back(from int64, yield func(graph.Event) bool) error {
	return d.db.View(func(t *bolt.Tx) error {
		c := t.Bucket(logBucket).Cursor()
		k, record := c.Seek(seqKey(from))
		for ; k != nil; k, record = c.Prev() {
			event, err := d.event(k, record)
			if err != nil {
				return err
			}
			if !yield(event) {
				return nil
			}
		}
		return nil
	})
}

func (d *disk) close() error { return d.db.Close() }

func seqKey(seq int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(seq)) }

func seqOf(key []byte) int64 { return int64(binary.BigEndian.Uint64(key)) }
