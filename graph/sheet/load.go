package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"valueweb/graph"
)

const (
	// batchSize is the number of rows of a transaction: enough that waiting for the disk and copying the paths
	// of the trees cost little a row, few enough that other writers hardly wait (a fifth of a second).
	batchSize = 20_000
	// stretch is how many batches make one whose rows must stay together, and how many batches of rows
	// may wait before they are tried again ahead of the end of the file.
	stretch = 5
	// maxWaiting bounds the bytes of the rows that wait.
	maxWaiting = 64 << 20
)

// loader reads one file into a store.
type loader struct {
	table   *table
	file    *file
	binding *binding
	// seen holds what the rows stored so far are about, and what they say: the hashes of their ids and of
	// the nodes that they make. Of holdings it holds the marks of the rows and the gids of the holdings that
	// they were put into, with saidVoid for those that others took over. It grows with the file, by some thirty bytes a row: a small fraction of what
	// the row takes in the store.
	seen  map[uint64]uint64
	batch []*row
	bytes int // in the batch
	// wait holds rows that name rows of the same sheet that did not come yet.
	wait      []outcome
	waitBytes int
	retryAt   int
	// held holds the rows that stand behind those which wait, by their id.
	held      map[string]*held
	heldBytes int
	// late rows are stored but for what names a node of a later sheet.
	late      []outcome
	lateBytes int
}

// load reads a file; problems are reported, the error is for what ends the import.
func (t *table) load(ctx context.Context, f *file) error {
	l := &loader{
		table: t, file: f, seen: map[uint64]uint64{}, held: map[string]*held{}, retryAt: stretch * f.in.batch,
	}
	if ok, err := l.header(); !ok || err != nil {
		return err
	}
	ahead := l.readAhead()
	defer ahead.stop()
	for parsed := range ahead.blocks {
		for _, p := range parsed.records {
			if err := l.record(ctx, p); err != nil {
				return err
			}
		}
		f.in.progressed(parsed.read)
		if parsed.err != nil && !errors.Is(parsed.err, io.EOF) {
			return parsed.err
		}
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	return l.finish(ctx)
}

// header reads the first record that is not empty. It reports whether the rows can be read.
func (l *loader) header() (ok bool, err error) {
	f := l.file
	rec := record{empty: true}
	for rec.empty {
		if rec, err = f.records.next(); err != nil {
			if errors.Is(err, io.EOF) {
				f.refuse(record{number: 1, line: 1}, "", "the file is empty: a header row is required; known columns: "+l.table.columnNames())
				return false, nil
			}
			return false, err
		}
	}
	rec.number, f.records.number = 1, 1
	if rec.fault != "" {
		f.refuse(rec, "", "the header cannot be read: "+rec.fault)
		return false, nil
	}
	f.header = rec.cells
	names := make([]string, len(rec.cells))
	for i, name := range rec.cells {
		names[i] = graph.Normalise(name)
	}
	b, unknown, column, reason := l.table.bind(names)
	f.report.UnknownColumns = unknown
	if b == nil {
		f.refuse(rec, column, reason)
		return false, nil
	}
	l.binding = b
	return true, nil
}

// record takes one record: into the batch, or into the report if it is wrong.
func (l *loader) record(ctx context.Context, p parsed) error {
	f, rec, r, found := l.file, p.record, p.row, p.found
	if rec.empty {
		f.report.Empty++
		return nil
	}
	f.report.Rows++
	if found.failed() {
		f.reject(rec, found)
		if f.report.Rejected%1024 == 0 {
			return ctx.Err()
		}
		return nil
	}
	if l.full(r) {
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	l.batch = append(l.batch, r)
	l.bytes += rec.size()
	return nil
}

// full reports whether the batch is to be stored before a row is added to it.
func (l *loader) full(next *row) bool {
	n, size := len(l.batch), l.file.in.batch
	if n < size && l.bytes < maxWaiting/4 {
		return false
	}
	split := l.table.together == nil || n >= stretch*size || l.bytes >= maxWaiting/2 ||
		!l.table.together(l.batch[n-1].fresh, next.fresh)
	return n > 0 && split
}

// size is about the memory that a record takes.
func (r record) size() int {
	size := 256
	for _, c := range r.cells {
		size += len(c) + 16
	}
	return size
}

// flush stores the batch.
func (l *loader) flush(ctx context.Context) error {
	rows := l.batch
	l.batch, l.bytes = nil, 0
	if err := l.store(ctx, rows); err != nil {
		return err
	}
	if len(l.wait) >= l.retryAt || l.waitBytes+l.heldBytes > maxWaiting {
		if err := l.retry(ctx); err != nil {
			return err
		}
		l.retryAt = max(stretch*l.file.in.batch, 2*len(l.wait))
		if l.waitBytes+l.heldBytes > maxWaiting {
			l.giveUp(ctx, "; too many rows wait for others")
		}
	}
	return nil
}

// store writes rows and counts what became of them. Of the rows of one id the first one counts that is
// not refused: it alone is written, wherever in the file the others stand.
func (l *loader) store(ctx context.Context, rows []*row, before ...outcome) error {
	all := before
	for len(rows) > 0 {
		first, rest, known := l.firsts(rows)
		done, err := l.write(ctx, first)
		if err != nil {
			return err
		}
		all = slices.Concat(all, known, done)
		rows = append(rest, l.settle(done)...)
	}
	l.take(ctx, all)
	return ctx.Err()
}

// write stores rows in one transaction.
func (l *loader) write(ctx context.Context, rows []*row) (outcomes []outcome, err error) {
	if len(rows) == 0 {
		return nil, ctx.Err()
	}
	err = l.file.in.write(ctx, func(ctx context.Context, tx graph.Tx) error {
		p := l.pass(tx, rows)
		if err := p.run(ctx); err != nil {
			return err
		}
		outcomes = l.checked(p.outcomes, tx)
		return nil
	})
	return outcomes, err
}

func (l *loader) pass(tx graph.Tx, rows []*row) *pass {
	return &pass{table: l.table, binding: l.binding, tx: tx, viewer: l.file.in.viewer, seen: l.seen, rows: rows}
}

// checked corrects what was taken for a change by what the store says has changed.
func (l *loader) checked(outcomes []outcome, tx graph.Tx) []outcome {
	isChange := func(o outcome) bool { return o.status == changed || o.status == merged }
	if l.file.in.tx != nil || !slices.ContainsFunc(outcomes, isChange) {
		return outcomes
	}
	gids := map[string]bool{}
	for _, gid := range tx.Changed() {
		gids[gid] = true
	}
	for i, o := range outcomes {
		if isChange(o) && !gids[o.gid] {
			outcomes[i].status = unchanged
		}
	}
	return outcomes
}

// take counts what became of rows, in the order in which they stand in the file.
func (l *loader) take(ctx context.Context, outcomes []outcome) {
	slices.SortFunc(outcomes, func(a, b outcome) int { return a.row.number - b.row.number })
	counts := &l.file.report.Counts
	for _, o := range outcomes {
		switch o.status {
		case added:
			counts.Added++
		case changed:
			counts.Changed++
		case unchanged:
			counts.Unchanged++
		case merged:
			counts.Merged++
		case rejected:
			l.reject(ctx, o, "")
			continue
		case waiting:
			o.row.fresh = nil
			l.wait = append(l.wait, o)
			l.waitBytes += o.row.size()
			continue
		}
		l.file.warn(o.row.record, o.found)
		if o.late {
			l.later(ctx, o)
		}
	}
}

// reject reports a row that the store refused.
func (l *loader) reject(ctx context.Context, o outcome, more string) {
	if e := o.refusal; e != nil && e.Code == graph.CodeNotFound && len(o.found) > 0 {
		o.found[0].reason += more + l.file.in.hint(ctx, e.Kind, e.ID)
	}
	l.file.reject(o.row.record, o.found)
}

// retry tries waiting rows again while any of them can be stored. As files often stand in the opposite
// order, every other turn goes backwards.
func (l *loader) retry(ctx context.Context) error {
	backwards := true
	for {
		tried := l.wait
		l.wait, l.waitBytes = nil, 0
		chunks := slices.Collect(slices.Chunk(tried, l.file.in.batch))
		if backwards {
			slices.Reverse(chunks)
		}
		backwards = !backwards
		for _, chunk := range chunks {
			if err := l.store(ctx, l.renewed(rowsOf(chunk))); err != nil {
				return err
			}
		}
		slices.SortFunc(l.wait, func(a, b outcome) int { return a.row.number - b.row.number })
		if len(l.wait) == 0 || len(l.wait) == len(tried) {
			return nil
		}
	}
}

func rowsOf(outcomes []outcome) []*row {
	rows := make([]*row, len(outcomes))
	for i, o := range outcomes {
		rows[i] = o.row
	}
	return rows
}

// renewed returns the rows with the nodes that they make.
func (l *loader) renewed(rows []*row) []*row {
	out := make([]*row, len(rows))
	for i, r := range rows {
		out[i], _ = l.table.parse(l.binding, r.record)
	}
	return out
}

// finish stores what waited for the end of the file, and gives up on the rest.
func (l *loader) finish(ctx context.Context) error {
	for len(l.wait) > 0 {
		if err := l.retry(ctx); err != nil {
			return err
		}
		if l.table.loose != nil && len(l.wait) > 0 {
			if err := l.untangle(ctx); err != nil {
				return err
			}
		}
		vain, behind := l.giveWay()
		if len(behind) == 0 {
			break
		}
		l.dropWaiting(vain)
		if err := l.store(ctx, behind, vain...); err != nil {
			return err
		}
	}
	l.giveUp(ctx, "")
	return nil
}

// dropWaiting takes rows out of those that wait.
func (l *loader) dropWaiting(outcomes []outcome) {
	gone := map[int]bool{}
	for _, o := range outcomes {
		gone[o.row.number] = true
	}
	l.wait = slices.DeleteFunc(l.wait, func(o outcome) bool { return gone[o.row.number] })
}

func (l *loader) giveUp(ctx context.Context, why string) {
	left := l.wait
	l.wait, l.waitBytes = nil, 0
	for _, o := range left {
		l.reject(ctx, o, why)
		for _, r := range l.release(o.row.id) {
			var found findings
			column, value, reason := l.earlier(r)
			found.fail(column, value, reason+", and waits in vain")
			l.file.reject(r.record, found)
		}
	}
}

// untangle stores new rows that name each other: first without these references, then with them.
func (l *loader) untangle(ctx context.Context) error {
	var outcomes []outcome
	err := l.file.in.write(ctx, func(ctx context.Context, tx graph.Tx) error {
		outcomes = nil
		p := l.pass(tx, l.renewed(rowsOf(l.wait)))
		rows, err := p.closed(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		bare := *l.table
		bare.late, bare.lateKind = bare.loose, bare.kind()
		first := l.pass(tx, rows)
		first.table = &bare
		if err := first.run(ctx); err != nil {
			return err
		}
		outcomes = first.outcomes
		return l.pass(tx, l.renewed(rowsOf(first.outcomes))).run(ctx)
	})
	if err != nil {
		return err
	}
	for i := range outcomes {
		outcomes[i].late = false
	}
	l.dropWaiting(outcomes)
	return l.store(ctx, l.settle(outcomes), outcomes...)
}

// later remembers a row of which a part waits for another sheet.
func (l *loader) later(ctx context.Context, o outcome) {
	if l.lateBytes > maxWaiting {
		l.missed(ctx, o)
		return
	}
	if len(l.late) == 0 {
		l.file.in.late = append(l.file.in.late, l.storeLate)
	}
	l.late = append(l.late, o)
	l.lateBytes += o.row.size()
}

// storeLate stores whole what was stored in part.
func (l *loader) storeLate(ctx context.Context) error {
	for chunk := range slices.Chunk(l.late, l.file.in.batch) {
		outcomes, err := l.write(ctx, l.renewed(rowsOf(chunk)))
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			if o.late {
				l.missed(ctx, o)
			}
		}
	}
	return nil
}

// missed reports what a row says and no sheet brought.
func (l *loader) missed(ctx context.Context, o outcome) {
	e := o.refusal
	c, _ := l.binding.cell(e.Field, o.row.cells)
	reason := e.Message + ": the row is stored without it" + l.file.in.hint(ctx, e.Kind, e.ID)
	l.file.warn(o.row.record, findings{{SeverityWarning, e.Field, c.text, reason}})
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
