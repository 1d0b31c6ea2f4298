package sheet

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"valueweb/graph"
)

// Options changes how an import runs; the zero value is an ordinary import.
type Options struct {
	// DryRun does everything but keep it: the report is that of the import that would have been.
	DryRun bool
	// Progress is told how many bytes were read so far, over all files.
	Progress func(bytesRead int64)
	// Rejected is told every row that was left out, with its first problem. Of a record that could not
	// be split into cells, record holds the first line.
	Rejected func(problem Problem, header, record []string)
}

// Import reads all the sheets among the sources into a store, in the order in which they depend on each
// other, whatever order they come in. What is no sheet is named in the report and left alone.
//
// Rows that are wrong do not fail an import: the report tells of them. The error is for what stopped
// it, such as a stream that broke or a store that is away; the report then says how far it came.
func Import(ctx context.Context, store graph.Store, viewer graph.Viewer, sources []Source, opts Options) (*Report, error) {
	return ImportSequence(ctx, store, viewer, inOrder(sources), opts)
}

// ImportSequence reads sheets in the order in which they arrive, each while it arrives: from an archive,
// for instance. A sequence that yields an error ends the import with it. Each source is opened once, and
// closed before the next one is asked for.
func ImportSequence(ctx context.Context, store graph.Store, viewer graph.Viewer, sources iter.Seq2[Source, error], opts Options) (*Report, error) {
	in := New(store, viewer, opts)
	err := in.rehearsed(ctx, func(ctx context.Context) error { return in.importAll(ctx, sources) })
	if err == nil {
		err = in.catchUp(ctx)
	}
	return in.Report(), err
}

// ImportInto reads all the sheets among the sources into a transaction under way, in the order in which they
// depend on each other: all of it is kept or none. The transaction is the caller's to log (LogChanges) and to
// end; the report tells no seq.
func ImportInto(ctx context.Context, tx graph.Tx, viewer graph.Viewer, sources []Source, opts Options) (*Report, error) {
	in := New(nil, viewer, opts)
	in.tx = tx
	err := in.importAll(ctx, inOrder(sources))
	return in.Report(), err
}

// inOrder yields sources in the order in which they depend on each other.
func inOrder(sources []Source) iter.Seq2[Source, error] {
	ordered := slices.Clone(sources)
	slices.SortStableFunc(ordered, func(a, b Source) int { return place(a.Name) - place(b.Name) })
	return func(yield func(Source, error) bool) {
		for _, source := range ordered {
			if !yield(source, nil) {
				return
			}
		}
	}
}

// Importer reads sheets one by one. It is for one goroutine.
type Importer struct {
	store  graph.Store
	viewer graph.Viewer
	opts   Options
	report Report
	read   int64    // bytes, of the files before this one
	tx     graph.Tx // of a rehearsal
	batch  int      // rows of a transaction
	// late are rows that name what a later sheet brings.
	late []func(ctx context.Context) error
	// hints remembers the nearest known ids of what was not found.
	hints map[graph.Reference]string
}

// New returns an importer into a store on behalf of a viewer.
func New(store graph.Store, viewer graph.Viewer, opts Options) *Importer {
	return &Importer{
		store: store, viewer: viewer, opts: opts, batch: batchSize, hints: map[graph.Reference]string{},
		report: Report{DryRun: opts.DryRun, Files: []*FileReport{}, Ignored: []Ignored{}, Problems: []Problem{}},
	}
}

// ImportSheet reads one sheet, recognised by the name of its file; a name that is no sheet's is noted
// and nothing is read. A dry run forgets each sheet before the next one: use ImportSequence to rehearse
// sheets that depend on each other.
func (in *Importer) ImportSheet(ctx context.Context, name string, r io.Reader) error {
	at := place(name)
	if at == len(sheets) {
		in.report.Ignored = append(in.report.Ignored, Ignored{File: name, Reason: "not a sheet"})
		return nil
	}
	return in.rehearsed(ctx, func(ctx context.Context) error {
		f := &file{in: in, report: &FileReport{File: name, Sheet: sheets[at].sheet}}
		f.records = newReader(f.from(r))
		in.report.Files = append(in.report.Files, f.report)
		if err := sheets[at].load(ctx, f); err != nil {
			return fmt.Errorf("importing %s: %w", name, err)
		}
		in.progressed(f.read)
		in.read += f.read
		return nil
	})
}

// Close stores what rows say about nodes of later sheets, once those have been read: the channel
// managers of partners. What is still missing then is a warning.
func (in *Importer) Close(ctx context.Context) error {
	late := in.late
	in.late = nil
	if len(late) == 0 {
		return nil
	}
	return in.rehearsed(ctx, func(ctx context.Context) error {
		for _, store := range late {
			if err := store(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Report returns what was done so far.
func (in *Importer) Report() *Report {
	in.report.sum()
	return &in.report
}

// importAll reads sheets one after the other, and what waited for the end of all.
func (in *Importer) importAll(ctx context.Context, sources iter.Seq2[Source, error]) error {
	for source, err := range sources {
		if err != nil {
			return err
		}
		if err := in.importSource(ctx, source); err != nil {
			return err
		}
	}
	return in.Close(ctx)
}

func (in *Importer) importSource(ctx context.Context, source Source) error {
	if !Known(source.Name) {
		return in.ImportSheet(ctx, source.Name, nil)
	}
	stream, err := source.Open()
	if err != nil {
		return fmt.Errorf("opening %s: %w", source.Name, err)
	}
	defer stream.Close()
	return in.ImportSheet(ctx, source.Name, stream)
}

// rehearsed runs fn, in a dry run within one transaction of which nothing is kept.
func (in *Importer) rehearsed(ctx context.Context, fn func(ctx context.Context) error) error {
	if !in.opts.DryRun || in.tx != nil {
		return fn(ctx)
	}
	runs := 0
	return in.store.Rehearse(ctx, in.viewer, func(ctx context.Context, tx graph.Tx) error {
		if runs++; runs > 1 {
			return graph.Unavailable(nil, "the dry run was interrupted, and a stream cannot be read twice: start it again")
		}
		in.tx = tx
		defer func() { in.tx = nil }()
		return fn(ctx)
	})
}

// write runs fn in a transaction of its own and logs what it changed; in a dry run, in the one
// transaction there is. fn may be run again.
func (in *Importer) write(ctx context.Context, fn func(ctx context.Context, tx graph.Tx) error) error {
	if in.tx != nil {
		return fn(ctx, in.tx)
	}
	if err := in.viewer.OnlyOperators("import sheets"); err != nil {
		return err // a store writes for whoever asks it to
	}
	seq, err := in.store.Write(ctx, in.viewer, func(ctx context.Context, tx graph.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return LogChanges(ctx, tx)
	})
	if err == nil {
		in.report.Seq = max(in.report.Seq, seq)
	}
	return err
}

// catchUp fills the seq where no transaction told it.
func (in *Importer) catchUp(ctx context.Context) (err error) {
	if in.report.Seq == 0 {
		in.report.Seq, err = in.store.Seq(ctx)
	}
	return err
}

// LogChanges appends the events of an import: one for all that changed, and one for each opportunity and
// referral among it, so that those who follow these hear of them.
func LogChanges(ctx context.Context, tx graph.Tx) error {
	changed := tx.Changed()
	if len(changed) == 0 {
		return nil
	}
	if err := tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: changed}); err != nil {
		return err
	}
	for i, gid := range changed {
		kind, _, _ := strings.Cut(gid, ":")
		event := graph.Event{Subject: gid, Changes: changed[i : i+1 : i+1]}
		switch graph.Kind(kind) {
		case graph.KindOpportunity:
			event.Type = graph.EventOpportunityImported
		case graph.KindReferral:
			event.Type = graph.EventReferralImported
		default:
			continue
		}
		if err := tx.Log(ctx, event); err != nil {
			return err
		}
	}
	return nil
}

// maxHints bounds how often the nearest known ids are looked up, and how many are remembered.
const maxHints = 200

// hint names the ids that are nearest to one that was not found, as the end of a sentence.
func (in *Importer) hint(ctx context.Context, kind graph.Kind, id string) string {
	key := graph.Reference{Kind: kind, ID: id}
	if text, known := in.hints[key]; known {
		return text
	}
	if len(in.hints) >= maxHints || kind == "" || id == "" {
		return ""
	}
	var reader graph.Reader = in.store
	if in.tx != nil {
		reader = in.tx
	}
	text := ""
	if nearest, err := reader.Nearest(ctx, in.viewer, kind, id, 3); err == nil && len(nearest) > 0 {
		text = "; the nearest known: " + strings.Join(nearest, ", ")
	}
	in.hints[key] = text
	return text
}

// progressed tells how far a file was read, as often as something more was.
func (in *Importer) progressed(bytes int64) {
	if in.opts.Progress != nil && bytes > 0 {
		in.opts.Progress(in.read + bytes)
	}
}

// file is one sheet under way.
type file struct {
	in      *Importer
	report  *FileReport
	records *reader
	read    int64 // bytes of the stream
	header  []string
}

// from counts the bytes of a stream.
func (f *file) from(r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		n, err := r.Read(p)
		f.read += int64(n)
		return n, err
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// refuse leaves a whole file out.
func (f *file) refuse(rec record, column, reason string) {
	f.report.Refused = true
	f.in.report.keep(Problem{
		File: f.report.File, Row: rec.number, Line: rec.line, Column: column, Reason: reason, Severity: SeverityError,
	})
}

// reject leaves a row out, for the reasons found.
func (f *file) reject(rec record, found findings) {
	f.report.Rejected++
	first := true
	for _, one := range found.only(SeverityError) {
		p := f.note(rec, one)
		if first && f.in.opts.Rejected != nil {
			f.in.opts.Rejected(p, f.header, rec.cells)
		}
		first = false
	}
}

// warn reports what is odd about a row that was stored.
func (f *file) warn(rec record, found findings) {
	for _, one := range found.only(SeverityWarning) {
		f.report.Warnings++
		f.note(rec, one)
	}
}

func (f *file) note(rec record, one finding) Problem {
	p := Problem{
		File: f.report.File, Row: rec.number, Line: rec.line, Column: one.column,
		Value: shorten(one.value), Reason: one.reason, Severity: one.severity,
	}
	f.in.report.keep(p)
	return p
}
