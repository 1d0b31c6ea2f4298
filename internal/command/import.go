package command

import (
	"archive/tar"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/knadh/koanf/v2"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
	"valueweb/internal/transport"
)

func (p *Program) importSheets() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import DIR|FILE…",
		Short: "Import sheets into the graph",
		Long: `Import reads CSV sheets (partners.csv, offices.csv …) into the store, through the server that has it
open or by itself. A row that is wrong is reported by file, row, column, value and reason, and does
not stop the rest. Importing twice changes nothing.`,
		Example: `  valueweb import ./sheets
  valueweb import ./sheets --dry-run
  valueweb import partners.csv offices.csv --reject rejected.csv`,
		Args: argsUsage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, paths []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			return p.runImport(cmd.Context(), k, paths)
		},
	}
	cmd.Flags().Bool("dry-run", false, "report what would be done, and keep nothing")
	cmd.Flags().String("reject", "", "a `file` that takes the rejected rows as CSV, each with its reason")
	cmd.Flags().Bool("json", false, "print the report as JSON")
	storeFlag(cmd)
	serverFlag(cmd)
	return cmd
}

func (p *Program) runImport(ctx context.Context, k *koanf.Koanf, paths []string) error {
	sources, size, err := p.sources(paths)
	if err != nil {
		return err
	}
	rejects, err := newRejects(k.String("reject"))
	if err != nil {
		return err
	}
	bar := p.progress(size)
	options := sheet.Options{DryRun: k.Bool("dry-run"), Rejected: rejects.write, Progress: func(read int64) { bar.Set64(read) }}
	report, err := p.importVia(ctx, k, sources, options)
	bar.Clear()
	if closed := rejects.close(); err == nil {
		err = closed
	}
	if report != nil {
		if k.Bool("json") {
			err = errors.Join(err, json.NewEncoder(p.Stdout).Encode(report))
		} else {
			printReport(p.Stdout, p.Stderr, report)
		}
	}
	if err != nil {
		return err
	}
	if !report.Complete() {
		return &exit{code: exitRejected}
	}
	return nil
}

// sources lists the files of the paths and their size in bytes.
func (p *Program) sources(paths []string) ([]sheet.Source, int64, error) {
	sources, err := sheet.Files(paths...)
	if err != nil {
		return nil, 0, usage("%v", err)
	}
	var size int64
	known := false
	for _, source := range sources {
		if !sheet.Known(source.Name) {
			continue
		}
		known = true
		info, err := os.Stat(source.Name)
		if err != nil {
			return nil, 0, err
		}
		size += info.Size()
	}
	if !known {
		return nil, 0, usage("there is no sheet in %s; sheets are named %s", strings.Join(paths, ", "), strings.Join(sheet.Names(), ".csv, ")+".csv")
	}
	return sources, size, nil
}

// progress is a bar on a terminal, and nothing elsewhere.
func (p *Program) progress(size int64) *progressbar.ProgressBar {
	out := io.Discard
	if isTerminal(p.Stderr) {
		out = p.Stderr
	}
	return progressbar.NewOptions64(size, progressbar.OptionSetWriter(out), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("importing"), progressbar.OptionClearOnFinish())
}

// importVia imports through the server that has the store open, or opens the store itself.
func (p *Program) importVia(ctx context.Context, k *koanf.Koanf, sources []sheet.Source, options sheet.Options) (*sheet.Report, error) {
	server, err := serverOf(k)
	if err != nil {
		return nil, err
	}
	if server != "" {
		return send(ctx, remote(k, server), sources, options)
	}
	at := locate(k)
	if at.Name == memoryStore && !options.DryRun {
		return nil, usage("an import into memory: is gone with this command; name a directory with --store, or --dry-run")
	}
	store, err := at.open(ctx)
	var inUse *embedded.InUseError
	if errors.As(err, &inUse) && inUse.Address != "" {
		return send(ctx, remote(k, inUse.Address), sources, options)
	}
	if err != nil {
		return nil, err
	}
	report, err := sheet.Import(ctx, store, graph.Operator, sources, options)
	return report, errors.Join(err, store.Close())
}

// send posts the sheets to a server as an archive, in the order in which they depend on each other.
func send(ctx context.Context, server *client, sources []sheet.Source, options sheet.Options) (*sheet.Report, error) {
	body, archive := io.Pipe()
	go func() { archive.CloseWithError(pack(archive, sources, options.Progress)) }()
	defer body.Close()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.url+"/import?dryRun="+strconv.FormatBool(options.DryRun), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-tar")
	request.Header.Set("Accept", "application/x-ndjson")
	response, err := server.do(request)
	if err != nil {
		return nil, fmt.Errorf("import through the server at %s: %w", server.url, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, readAnswer(response, new(any))
	}
	return readReport(response.Body, options.Rejected)
}

// pack writes the sheets into an archive; a progress callback is told of the bytes read so far.
func pack(w io.Writer, sources []sheet.Source, progress func(int64)) error {
	slices.SortStableFunc(sources, func(a, b sheet.Source) int {
		if a.Name == b.Name {
			return 0
		}
		if sheet.Order([]string{b.Name, a.Name})[0] == a.Name {
			return -1
		}
		return 1
	})
	archive := tar.NewWriter(w)
	var read int64
	for _, source := range sources {
		n, err := packOne(archive, source, func(n int64) { progress(read + n) })
		if err != nil {
			return fmt.Errorf("send %s: %w", source.Name, err)
		}
		read += n
	}
	return archive.Close()
}

func packOne(archive *tar.Writer, source sheet.Source, progress func(int64)) (int64, error) {
	info, err := os.Stat(source.Name)
	if err != nil {
		return 0, err
	}
	size := info.Size()
	if !sheet.Known(source.Name) {
		size = 0 // the name is enough for the report
	}
	if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: source.Name, Size: size, Mode: 0o644, ModTime: info.ModTime()}); err != nil {
		return 0, err
	}
	if size == 0 {
		return 0, nil
	}
	stream, err := source.Open()
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	return io.Copy(archive, io.TeeReader(io.LimitReader(stream, size), &counter{tell: progress}))
}

// counter tells how much was written to it.
type counter struct {
	n    int64
	tell func(int64)
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	c.tell(c.n)
	return len(p), nil
}

// readReport reads the lines of a server until the report.
func readReport(lines io.Reader, rejected func(sheet.Problem, []string, []string)) (*sheet.Report, error) {
	decoder := json.NewDecoder(lines)
	for {
		var line transport.ImportLine
		if err := decoder.Decode(&line); err != nil {
			return nil, fmt.Errorf("the server broke off: run the import again to complete it (%w)", err)
		}
		switch {
		case line.Rejected != nil:
			rejected(line.Rejected.Problem, line.Rejected.Header, line.Rejected.Record)
		case line.Error != nil:
			return line.Report, errors.New(line.Error.Message)
		case line.Report != nil:
			return line.Report, nil
		}
	}
}

// rejects writes rejected rows to a file; the zero file takes none.
type rejects struct {
	file *os.File
	csv  *csv.Writer
}

func newRejects(name string) (*rejects, error) {
	if name == "" {
		return &rejects{}, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, usage("--reject: %v", err)
	}
	r := &rejects{file: file, csv: csv.NewWriter(file)}
	return r, r.csv.Write([]string{"file", "row", "column", "value", "reason", "header", "record"})
}

func (r *rejects) write(p sheet.Problem, header, record []string) {
	if r.csv != nil {
		r.csv.Write([]string{p.File, strconv.Itoa(p.Row), p.Column, p.Value, p.Reason, csvLine(header), csvLine(record)})
	}
}

// csvLine is a record as one line of CSV.
func csvLine(record []string) string {
	var line strings.Builder
	w := csv.NewWriter(&line)
	w.Write(record)
	w.Flush()
	return strings.TrimSuffix(line.String(), "\n")
}

func (r *rejects) close() error {
	if r.csv == nil {
		return nil
	}
	r.csv.Flush()
	return errors.Join(r.csv.Error(), r.file.Close())
}

// printReport writes the counts to stdout and what needs attention to stderr.
func printReport(out, notes io.Writer, report *sheet.Report) {
	for _, f := range report.Files {
		if f.Refused {
			fmt.Fprintf(out, "%-40s refused\n", f.File)
			continue
		}
		fmt.Fprintf(out, "%-40s %7d rows: %d added, %d changed, %d unchanged, %d merged, %d rejected\n", f.File, f.Rows, f.Added, f.Changed, f.Unchanged, f.Merged, f.Rejected)
	}
	if report.DryRun {
		fmt.Fprintln(out, "dry run: nothing was kept")
	}
	for _, f := range report.Files {
		if len(f.UnknownColumns) > 0 {
			fmt.Fprintf(notes, "%s: columns that no sheet knows were left alone: %s\n", f.File, strings.Join(f.UnknownColumns, ", "))
		}
	}
	for _, f := range report.Ignored {
		fmt.Fprintf(notes, "%s: %s, left alone\n", f.File, f.Reason)
	}
	printProblems(notes, report.Problems, problemLine, report.ProblemCount, " problems (--reject FILE keeps every rejected row)")
}

// problemLine is a problem as people read it.
func problemLine(p sheet.Problem) string {
	where := fmt.Sprintf("%s: row %d", p.File, p.Row)
	if p.Line != p.Row && p.Line > 0 {
		where += fmt.Sprintf(" (line %d)", p.Line)
	}
	return fmt.Sprintf("%s %s: %s", strings.ToLower(string(p.Severity)), atColumn(where, p.Column, p.Value), p.Reason)
}
