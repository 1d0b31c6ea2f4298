package neo4jstore

import (
	"context"
	"reflect"
	"slices"

	"valueweb/graph"
)

// written are the statements that write nodes of a kind.
type written struct{ create, update, unlink, link statement }

var writeNodes = byKind(func(kind graph.Kind) written {
	if kind == graph.KindCustomerPartner {
		return written{create: filed("serves-create"), unlink: filed("serves-delete")}
	}
	of := func(what string) statement {
		text := file(what)
		if kind == graph.KindCustomer { // it names nothing
			return newStatement(ofKind(what, kind), filled(text, "KIND", string(kind), "LINKS", "", "WITH n, row\n", ""))
		}
		return newStatement(ofKind(what, kind), filled(text, "KIND", string(kind), "UNLINK", file(base(kind)+"-unlink"), "LINKS", file(base(kind)+"-link")))
	}
	w := written{create: of("create"), update: of("update")}
	if kind != graph.KindCustomer {
		w.unlink, w.link = of("unlink"), of("link")
	}
	return w
})

var (
	writeManagers = filed("managed-by")
	writeHolds    = filed("holds")
	writeReferred = filed("referred")
	keepReceipts  = filed("receipt-keep")
	appendEvents  = filed("append")
)

// rowsAtOnce bounds the rows that one statement writes.
const rowsAtOnce = 10_000

// flush writes what changed, the summaries and the log.
func (t *tx) flush(ctx context.Context, db managed, changed []graph.Node) error {
	nodes := sorted(changed)
	var manage []any // partners are written before the contacts that manage them
	for _, kind := range graph.Kinds {
		linked, err := t.flushKind(ctx, db, kind, nodes[kind])
		if err != nil {
			return err
		}
		if kind == graph.KindPartner {
			manage = linked
		}
	}
	for _, step := range []struct {
		what  statement
		param string
		rows  []any
	}{
		{writeManagers, "rows", manage},
		{writeHolds, "pairs", t.heldPairs(nodes[graph.KindHolding])},
		{writeReferred, "changes", t.referredChanges(nodes[graph.KindReferral])},
		{keepReceipts, "receipts", t.receiptRows()},
	} {
		if err := inChunks(ctx, db, step.what, step.param, step.rows); err != nil {
			return err
		}
	}
	return t.append(ctx, db)
}

// append writes the log, the last of what a transaction writes.
func (t *tx) append(ctx context.Context, db managed) error {
	for events := range slices.Chunk(t.eventRows(), rowsAtOnce) {
		if _, err := db.ask(ctx, appendEvents, map[string]any{"events": events, "altered": t.altered, "moved": t.moved}); err != nil {
			return err
		}
	}
	return nil
}

// flushKind writes nodes of a kind, and returns the rows of those whose links were made.
func (t *tx) flushKind(ctx context.Context, db managed, kind graph.Kind, nodes []graph.Node) (linked []any, err error) {
	var fresh, kept, moved []any
	for _, node := range nodes {
		row := encode(node)
		before := t.stored[nameOf(node)]
		switch {
		case before == nil:
			fresh = append(fresh, row)
		case reflect.DeepEqual(encode(before)["links"], row["links"]):
			kept = append(kept, row)
		default:
			moved = append(moved, row)
		}
	}
	linked = append(slices.Clone(moved), fresh...)
	w := writeNodes[kind]
	// What is new comes first: a node that changed may name it.
	steps := []statement{w.create, w.update, w.unlink, w.link}
	rows := [][]any{fresh, append(kept, moved...), moved, moved}
	if _, nested := graph.Hierarchies[kind]; nested && len(fresh) > rowsAtOnce { // they may name each other across statements
		rows[0], rows[3] = unlinked(fresh), append(moved, fresh...)
	}
	if kind == graph.KindCustomerPartner { // it is a relation itself, and made anew
		steps, rows = []statement{w.unlink, w.create}, [][]any{rows[1], append(rows[1], fresh...)}
	}
	for i, what := range steps {
		if err := inChunks(ctx, db, what, "rows", rows[i]); err != nil {
			return nil, err
		}
	}
	return linked, nil
}

// unlinked are rows without what they name.
func unlinked(rows []any) []any {
	bare := make([]any, len(rows))
	for i, row := range rows {
		bare[i] = map[string]any{"properties": row.(map[string]any)["properties"]}
	}
	return bare
}

// inChunks runs a statement that writes, as often as its rows need.
func inChunks(ctx context.Context, db managed, what statement, param string, rows []any) error {
	for chunk := range slices.Chunk(rows, rowsAtOnce) {
		if _, err := db.ask(ctx, what, map[string]any{param: chunk}); err != nil {
			return err
		}
	}
	return nil
}

// heldPairs are the partners and competencies whose summary changes with some holdings.
func (t *tx) heldPairs(holdings []graph.Node) []any {
	seen := map[[2]string]bool{}
	var pairs []any
	note := func(node graph.Node) {
		h, ok := node.(*graph.Holding)
		if !ok || seen[[2]string{h.Partner, h.Competency}] {
			return
		}
		seen[[2]string{h.Partner, h.Competency}] = true
		pairs = append(pairs, []any{h.Partner, h.Competency})
	}
	for _, node := range holdings {
		note(t.stored[nameOf(node)])
		note(node)
	}
	return pairs
}

// trade is what a referral adds to the summary between two partners.
type trade struct {
	won, accepted, open int
	last                graph.Date
}

// referredChanges are the changes of the summaries between partners that come with some referrals.
func (t *tx) referredChanges(referrals []graph.Node) []any {
	sums := map[[2]string]*trade{}
	var order [][2]string
	add := func(node graph.Node, sign int) {
		r, ok := node.(*graph.Referral)
		if !ok {
			return
		}
		pair := [2]string{r.From, r.To}
		sum := sums[pair]
		if sum == nil {
			sum = &trade{}
			sums[pair], order = sum, append(order, pair)
		}
		one := tradeOf(r)
		sum.won, sum.accepted, sum.open = sum.won+sign*one.won, sum.accepted+sign*one.accepted, sum.open+sign*one.open
		if sign > 0 {
			sum.last = max(sum.last, one.last)
		}
	}
	for _, node := range referrals {
		add(t.stored[nameOf(node)], -1)
		add(node, 1)
	}
	changes := make([]any, len(order))
	for i, pair := range order {
		sum := sums[pair]
		changes[i] = map[string]any{
			"from": pair[0], "to": pair[1], "won": sum.won, "accepted": sum.accepted, "open": sum.open, "lastOn": dateParam(sum.last),
		}
	}
	return changes
}

func tradeOf(r *graph.Referral) trade {
	one := trade{last: max(r.SentOn, r.AnsweredOn, r.ClosedOn)}
	switch {
	case r.State == graph.ReferralWon:
		one.won = 1
	case r.State.Closed():
	case r.State.Answered():
		one.accepted = 1
	default:
		one.open = 1
	}
	return one
}

// eventRows are the events as rows.
func (t *tx) eventRows() []any {
	rows := make([]any, len(t.events))
	for i, event := range t.events {
		p := properties{"seq": event.Seq, "type": event.Type, "at": event.At, "actor": event.Actor}
		p.text("subject", event.Subject)
		p.integer("version", event.Version)
		listed(p, "changes", event.Changes)
		listed(p, "fields", event.Fields)
		rows[i] = map[string]any(p)
	}
	return rows
}
