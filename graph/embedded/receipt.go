package embedded

import (
	"context"
	"encoding/binary"
	"time"

	"valueweb/graph"
)

// Receipt implements graph.Tx.
func (t *tx) Receipt(ctx context.Context, key string) (*graph.Receipt, error) {
	for i := range t.receipts {
		if t.receipts[i].Key == key {
			own := t.stamped(t.receipts[i])
			return &own, ctx.Err()
		}
	}
	if fresh, ok := t.store.convoy.receipt(key); ok {
		return &fresh, ctx.Err()
	}
	var receipt graph.Receipt
	found := false
	err := t.store.journal.beside(false, func(kept shelves) (err error) {
		found, err = kept.receipts.read(key, &receipt)
		return err
	})
	switch {
	case err != nil:
		return nil, graph.Unavailable(err, "the receipts could not be read: %v", err)
	case !found || receipt.At.Before(t.now.Add(-graph.ReceiptRetention)):
		return nil, ctx.Err()
	}
	receipt.At = receipt.At.UTC()
	return &receipt, ctx.Err()
}

// Keep implements graph.Tx.
func (t *tx) Keep(ctx context.Context, r graph.Receipt) error {
	t.receipts = append(t.receipts, r)
	return ctx.Err()
}

// stamped is a receipt of the transaction with what the store fills in.
func (t *tx) stamped(r graph.Receipt) graph.Receipt {
	r.Seq, r.At = t.base.seq+int64(len(t.events)), t.now
	return r
}

// kept are the receipts of the transaction, once all of its events are known.
func (t *tx) kept() []graph.Receipt {
	receipts := make([]graph.Receipt, len(t.receipts))
	for i, r := range t.receipts {
		receipts[i] = t.stamped(r)
	}
	return receipts
}

func (s shelves) keepReceipts(receipts []graph.Receipt) error {
	for _, r := range receipts {
		if err := s.receipts.put(r.Key, r.At.Add(graph.ReceiptRetention), r); err != nil {
			return err
		}
	}
	return nil
}

// passing is a shelf of records that are over one day: each stands there under its key, and its key once more in the
// order of the instants at which they are over, so that those are found at once.
type passing struct{ shelf }

// The two parts of the shelf: the first letters of its keys.
const (
	recordPart  = "k"
	instantPart = "t"
)

// passingEntry is a record, and from when on it is over.
type passingEntry struct {
	Over   time.Time `cbor:"1,keyasint"`
	Record []byte    `cbor:"2,keyasint"`
}

func (p passing) read(key string, value any) (found bool, err error) {
	var entry passingEntry
	if found, err = readRecord(p.shelf, recordPart+key, &entry); !found || err != nil {
		return false, err
	}
	return true, decode(entry.Record, value)
}

// put keeps a record until it is over.
func (p passing) put(key string, over time.Time, value any) error {
	if err := p.take(key); err != nil { // that of a key whose time was over
		return err
	}
	record, err := encode(value)
	if err != nil {
		return err
	}
	if err := p.shelf.put(instantKey(over)+key, []byte{}); err != nil {
		return err
	}
	return putRecord(p.shelf, recordPart+key, passingEntry{over, record})
}

// take removes a record, if it is there.
func (p passing) take(key string) error {
	var entry passingEntry
	if found, err := readRecord(p.shelf, recordPart+key, &entry); !found || err != nil {
		return err
	}
	if err := p.remove(instantKey(entry.Over) + key); err != nil {
		return err
	}
	return p.remove(recordPart + key)
}

// forget removes up to limit records that are over at an instant, and says how many.
func (p passing) forget(now time.Time, limit int) (gone int, err error) {
	var old []string
	end := instantKey(now)
	p.scan(instantPart, func(key string, _ []byte) bool {
		if key >= end || len(old) == limit {
			return false
		}
		old = append(old, key[len(end):])
		return true
	})
	for _, key := range old {
		if err := p.take(key); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}

// instantKey begins the keys of what is over at an instant, in the order of the instants.
func instantKey(at time.Time) string {
	return instantPart + string(binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli())))
}
