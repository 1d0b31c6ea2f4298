package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
	"valueweb/internal/transport"
)

func (p *Program) export() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write the graph as sheets",
		Long: `Export writes the whole graph as CSV sheets into a directory, through the server that has the store
open or by itself. What is imported from them is the same graph, but for versions, time stamps and the
log. What a sheet cannot say is named, and the exit code is then 3. A directory that holds sheets is left
alone unless --overwrite is set; it holds either no new sheet or all of them.`,
		Example: `  valueweb export ./sheets
  valueweb export ./sheets --overwrite
  valueweb export ./copy && valueweb import ./copy --store ./another`,
		Args: argsUsage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			return p.runExport(cmd.Context(), k, args[0])
		},
	}
	cmd.Flags().Bool("overwrite", false, "replace the sheets that are there already")
	cmd.Flags().Bool("json", false, "print the report as JSON")
	storeFlag(cmd)
	serverFlag(cmd)
	return cmd
}

func (p *Program) runExport(ctx context.Context, k *koanf.Koanf, dir string) error {
	into, err := newFolder(dir, k.Bool("overwrite"))
	if err != nil {
		return err
	}
	report, err := exportVia(ctx, k, into)
	if err != nil {
		return errors.Join(err, into.discard())
	}
	if err := into.keep(); err != nil {
		return fmt.Errorf("put the sheets, which are whole in %s, in their place: %w", into.aside, err)
	}
	if k.Bool("json") {
		err = json.NewEncoder(p.Stdout).Encode(report)
	} else {
		printExport(p.Stdout, p.Stderr, dir, report)
	}
	if err == nil && !report.Complete() {
		err = &exit{code: exitRejected}
	}
	return err
}

// exportVia exports through the server that has the store open, or opens the store itself. It makes none.
func exportVia(ctx context.Context, k *koanf.Koanf, into *folder) (*sheet.ExportReport, error) {
	server, err := serverOf(k)
	if err != nil {
		return nil, err
	}
	if server != "" {
		return steady(func() (*sheet.ExportReport, error) { return fetch(ctx, remote(k, server), into) })
	}
	at := locate(k)
	switch {
	case at.Name == memoryStore:
		return nil, usage("memory: is empty: name a directory with --store, or a server with --server")
	case at.isDirectory() && !embedded.Exists(at.Name):
		return nil, fmt.Errorf("there is no store at %s: name another one with --store", at.Name)
	}
	store, err := at.open(ctx)
	var inUse *embedded.InUseError
	if errors.As(err, &inUse) && inUse.Address != "" {
		return steady(func() (*sheet.ExportReport, error) { return fetch(ctx, remote(k, inUse.Address), into) })
	}
	if err != nil {
		return nil, err
	}
	report, err := steady(func() (*sheet.ExportReport, error) { return sheet.Export(ctx, store, graph.Operator, into.sheet) })
	return report, errors.Join(err, store.Close())
}

// maxTries is how often an export is begun again because the graph moved under it.
const maxTries = 3

// steady exports until the sheets are of one moment, but not for ever: the report says if they are not.
func steady(export func() (*sheet.ExportReport, error)) (report *sheet.ExportReport, err error) {
	for range maxTries {
		if report, err = export(); err != nil || !report.Moved {
			break
		}
	}
	return report, err
}

// fetch exports through a server.
func fetch(ctx context.Context, server *client, into *folder) (*sheet.ExportReport, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.url+"/export", nil)
	if err != nil {
		return nil, err
	}
	response, err := server.do(request)
	if err != nil {
		return nil, fmt.Errorf("export through the server at %s: %w", server.url, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, readAnswer(response, new(any))
	}
	report, err := transport.ReadArchive(response.Body, into.take)
	if err != nil {
		return nil, fmt.Errorf("the server broke off, and nothing was kept: %w", err)
	}
	return report, nil
}

// folder is a directory that takes all sheets of an export at once. They are written beside it, or where it
// is there already, in it out of sight, and moved once all of them are whole.
type folder struct {
	path  string
	aside string // where the sheets are written; empty: none is yet
	there bool   // the directory was there before
}

// newFolder makes ready to fill a directory. One that holds sheets is refused unless they may be replaced.
func newFolder(path string, overwrite bool) (*folder, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	held, err := sheetsIn(path)
	f := &folder{path: path, there: !errors.Is(err, os.ErrNotExist)}
	switch {
	case err != nil && f.there:
		return nil, usage("%v", err)
	case len(held) > 0 && !overwrite:
		return nil, fmt.Errorf("%s already holds sheets (%s): name another directory, or replace them with --overwrite", path, held[0])
	}
	return f, nil
}

// begin makes the place where the sheets are written.
func (f *folder) begin() (err error) {
	beside := f.path
	if !f.there {
		beside = filepath.Dir(f.path)
		if err := os.MkdirAll(beside, 0o755); err != nil {
			return err
		}
	}
	if f.aside, err = os.MkdirTemp(beside, ".valueweb-export-*"); err != nil {
		return err
	}
	return os.Chmod(f.aside, 0o755)
}

// sheetsIn lists the files of a directory that an import would read.
func sheetsIn(path string) (held []string, err error) {
	entries, err := os.ReadDir(path)
	for _, entry := range entries {
		if !entry.IsDir() && sheet.Known(entry.Name()) {
			held = append(held, entry.Name())
		}
	}
	return held, err
}

// sheet makes the place for a sheet.
func (f *folder) sheet(name string) (io.WriteCloser, error) {
	if f.aside == "" {
		if err := f.begin(); err != nil {
			return nil, err
		}
	}
	file, err := os.Create(filepath.Join(f.aside, name+".csv"))
	return synced{file}, err
}

// take copies a sheet of an archive; other files are none of an export's.
func (f *folder) take(name string, text io.Reader) error {
	name = strings.TrimSuffix(name, ".csv")
	if !sheet.Known(name) || name != filepath.Base(name) {
		return fmt.Errorf("the server sent %q, which is no sheet", name)
	}
	file, err := f.sheet(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, text)
	return errors.Join(err, file.Close())
}

// keep moves the sheets to where they belong.
func (f *folder) keep() error {
	if !f.there {
		return os.Rename(f.aside, f.path)
	}
	old, err := sheetsIn(f.path)
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(filepath.Join(f.path, name)); err != nil {
			return err
		}
	}
	all, err := sheetsIn(f.aside)
	if err != nil {
		return err
	}
	for _, name := range all {
		if err := os.Rename(filepath.Join(f.aside, name), filepath.Join(f.path, name)); err != nil {
			return err
		}
	}
	return os.Remove(f.aside)
}

// discard leaves everything as it was.
func (f *folder) discard() error {
	if f.aside == "" {
		return nil
	}
	return os.RemoveAll(f.aside)
}

// synced is a file that is on disk once it is closed.
type synced struct{ *os.File }

func (s synced) Close() error { return errors.Join(s.Sync(), s.File.Close()) }

// printExport writes the counts to stdout and what needs attention to stderr.
func printExport(out, notes io.Writer, dir string, report *sheet.ExportReport) {
	for _, s := range report.Sheets {
		fmt.Fprintf(out, "%-40s %7d rows\n", filepath.Join(dir, s.Sheet+".csv"), s.Rows)
	}
	fmt.Fprintf(out, "%d nodes in %d rows, as of seq %d\n", report.Nodes, report.Rows, report.Seq)
	if report.Moved {
		fmt.Fprintf(notes, "the graph moved from seq %d to %d meanwhile: the sheets are not of one moment; export again to get one\n", report.Seq, report.SeqAfter)
	}
	printProblems(notes, report.Problems, exportLine, report.ProblemCount, "")
}

// exportLine is a problem as people read it.
func exportLine(p sheet.ExportProblem) string {
	return fmt.Sprintf("an import would not bring back %s: %s", atColumn(p.Sheet+".csv: "+p.ID, p.Column, p.Value), p.Reason)
}
