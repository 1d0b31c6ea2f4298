package neo4jstore

import (
	"context"

	"valueweb/graph"
)

var readReceipt = moment("receipt", file("receipt"))

// Receipt implements graph.Tx.
func (t *tx) Receipt(ctx context.Context, key string) (*graph.Receipt, error) {
	for i := range t.receipts {
		if t.receipts[i].Key == key {
			own := t.stamped(t.receipts[i])
			return &own, ctx.Err()
		}
	}
	found, err := t.reader.ask(ctx, readReceipt, map[string]any{"key": key})
	if err != nil {
		return nil, err
	}
	kept := found.within("answer")
	if kept == nil || kept.instant("at").Before(t.now.Add(-graph.ReceiptRetention)) {
		return nil, nil
	}
	return &graph.Receipt{Key: kept.text("key"), Body: kept.text("body"), Node: kept.text("node"), Seq: int64(kept.integer("seq")), At: kept.instant("at")}, nil
}

// Keep implements graph.Tx.
func (t *tx) Keep(ctx context.Context, r graph.Receipt) error {
	t.receipts = append(t.receipts, r)
	return ctx.Err()
}

// stamped is a receipt of the transaction with what the store fills in.
func (t *tx) stamped(r graph.Receipt) graph.Receipt {
	r.Seq, r.At = t.seq+int64(len(t.events)), t.now
	return r
}

// receiptRows are the receipts as rows, once all events of the transaction are known.
func (t *tx) receiptRows() []any {
	var rows []any
	for _, r := range t.receipts {
		r = t.stamped(r)
		rows = append(rows, map[string]any{"key": r.Key, "body": r.Body, "node": r.Node, "seq": r.Seq, "at": r.At})
	}
	return rows
}
