package transport

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/internal/audit"
	"valueweb/resolvers"
)

// The trailers of an export: the seq of the log before and after it was read, whether the graph moved in
// between, and how much of it an import would not bring back.
const (
	seqTrailer      = "X-Valueweb-Seq"
	seqAfterTrailer = "X-Valueweb-Seq-After"
	movedTrailer    = "X-Valueweb-Moved"
	problemsTrailer = "X-Valueweb-Problems"
)

// reportRecord is the PAX record that holds the report of an export, in the header of the last sheet. Programs
// that unpack archives pass over it.
const reportRecord = "comment"

// maxReported is the number of problems that the report in an archive names; all of them are counted.
const maxReported = 100

// ReadArchive reads an archive of /export: sheet is told each sheet as it arrives. An archive that ends
// without a report is not whole.
func ReadArchive(r io.Reader, each func(name string, text io.Reader) error) (*sheet.ExportReport, error) {
	archive := tar.NewReader(r)
	var report *sheet.ExportReport
	for {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF) && report == nil:
			return nil, io.ErrUnexpectedEOF
		case errors.Is(err, io.EOF):
			return report, nil
		case err != nil:
			return nil, err
		case header.Typeflag == tar.TypeReg:
			err = each(header.Name, archive)
		}
		if text := header.PAXRecords[reportRecord]; err == nil && text != "" {
			report = new(sheet.ExportReport)
			err = json.Unmarshal([]byte(text), report)
		}
		if err != nil {
			return nil, err
		}
	}
}

// customersSheet is the sheet of the records of customers.
const customersSheet = "customers"

type exporter struct {
	graph *graph.Graph
	log   *slog.Logger
	audit *audit.Recorder
}

// ServeHTTP sends the graph as sheets: all of them as an archive, or one as CSV. What goes wrong once an
// answer has begun breaks it off, so that it never looks whole.
func (e *exporter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, refused := exportedSheet(r)
	if refused != nil {
		WriteError(w, http.StatusBadRequest, refused)
		return
	}
	viewer, err := resolvers.ViewerFrom(r.Context())
	if err == nil && viewer.Role != graph.RoleOperator {
		WriteError(w, http.StatusForbidden, &graph.Error{Code: graph.CodeForbidden, Message: "the graph is exported for the OPERATOR only"})
		return
	}
	kind, file, send := tarType, "valueweb.tar", e.archive
	if name != "" {
		kind, file, send = csvType+"; charset=utf-8", name+".csv", e.sheet
	}
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", `attachment; filename="`+file+`"`)
	header.Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	for _, trailer := range []string{seqTrailer, seqAfterTrailer, movedTrailer, problemsTrailer} {
		header.Add("Trailer", trailer)
	}
	body := &patientAnswer{ResponseWriter: w, control: http.NewResponseController(w)}
	var report *sheet.ExportReport
	if err == nil {
		if name == "" || name == customersSheet { // before the first byte: an export that breaks off has told some
			e.audit.HandedAll(viewer)
		}
		report, err = send(r.Context(), body, viewer, name)
	}
	if err != nil {
		e.fail(w, r, body, err)
		return
	}
	header.Set(seqTrailer, strconv.FormatInt(report.Seq, 10))
	header.Set(seqAfterTrailer, strconv.FormatInt(report.SeqAfter, 10))
	header.Set(movedTrailer, strconv.FormatBool(report.Moved))
	header.Set(problemsTrailer, strconv.Itoa(report.ProblemCount))
}

// exportedSheet reads ?sheet=; empty: all of them.
func exportedSheet(r *http.Request) (string, *graph.Error) {
	query := r.URL.Query()
	for name := range query {
		if name != "sheet" {
			return "", &graph.Error{Code: graph.CodeValidation, Field: name, Allowed: []string{"sheet"}, Message: "/export takes sheet, no other parameter"}
		}
	}
	if !query.Has("sheet") {
		return "", nil
	}
	name := query.Get("sheet")
	if len(query["sheet"]) != 1 || !slices.Contains(sheet.Written(), name) {
		return "", &graph.Error{Code: graph.CodeValidation, Field: "sheet", Allowed: sheet.Written(), Message: "name one of the sheets, such as /export?sheet=partners, or none for all of them"}
	}
	return name, nil
}

// sheet sends one sheet.
func (e *exporter) sheet(ctx context.Context, w io.Writer, viewer graph.Viewer, name string) (*sheet.ExportReport, error) {
	return sheet.Export(ctx, e.graph.Store, viewer, func(string) (io.WriteCloser, error) { return openEnd{w}, nil }, name)
}

// openEnd is a stream that goes on behind a sheet.
type openEnd struct{ io.Writer }

func (openEnd) Close() error { return nil }

// archive sends all sheets. An archive states the size of a file before the file: each sheet is written to
// disk, and sent once it is whole; the last one once the report is there, too.
func (e *exporter) archive(ctx context.Context, w io.Writer, viewer graph.Viewer, _ string) (*sheet.ExportReport, error) {
	archive := tar.NewWriter(w)
	var last *spool
	defer func() { last.discard() }()
	report, err := sheet.Export(ctx, e.graph.Store, viewer, func(name string) (_ io.WriteCloser, err error) {
		if err := last.pack(archive, nil); err != nil {
			return nil, err
		}
		last, err = newSpool(name + ".csv")
		return last, err
	})
	if err != nil {
		return nil, err
	}
	told := *report
	told.Problems = told.Problems[:min(len(told.Problems), maxReported)]
	text, err := json.Marshal(told)
	if err != nil {
		return nil, err
	}
	if err := last.pack(archive, map[string]string{reportRecord: string(text)}); err != nil {
		return nil, err
	}
	return report, archive.Close()
}

// spool is a sheet on its way into an archive; nil is none.
type spool struct {
	file *os.File
	name string
}

func newSpool(name string) (*spool, error) {
	file, err := os.CreateTemp("", "valueweb-export-*")
	if err != nil {
		return nil, fmt.Errorf("make room for a sheet: %w", err)
	}
	os.Remove(file.Name()) // the open file stays, and is gone with this process; elsewhere than on Unix discard removes it
	return &spool{file, name}, nil
}

func (s *spool) Write(p []byte) (int, error) { return s.file.Write(p) }

// Close leaves the sheet for pack.
func (s *spool) Close() error { return nil }

// pack moves the sheet into an archive.
func (s *spool) pack(archive *tar.Writer, records map[string]string) error {
	if s == nil {
		return nil
	}
	defer s.discard()
	size, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	header := &tar.Header{Typeflag: tar.TypeReg, Name: s.name, Size: size, Mode: 0o644, ModTime: time.Now().Truncate(time.Second), PAXRecords: records}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(archive, s.file)
	return err
}

func (s *spool) discard() {
	if s != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// fail says what went wrong, or breaks off what was begun. Faults of the service are logged, and their text
// stays there.
func (e *exporter) fail(w http.ResponseWriter, r *http.Request, body *patientAnswer, err error) {
	if !errors.Is(err, context.Canceled) {
		e.log.ErrorContext(r.Context(), "an export failed", "error", err, "cause", causeOf(err), "request", resolvers.RequestID(r.Context()))
	}
	if body.begun {
		panic(http.ErrAbortHandler)
	}
	for _, name := range []string{"Trailer", "Content-Disposition", "Cache-Control"} {
		w.Header().Del(name)
	}
	failure := &graph.Error{Code: graph.CodeInternal, Message: "something went wrong in the service; its log names this request"}
	if known, ok := graph.AsError(err); ok {
		failure = known
		if known.Code == graph.CodeUnavailable {
			failure = &graph.Error{Code: known.Code, Message: "the store is away: nothing was exported"}
		}
	}
	WriteError(w, statusOf(failure.Code), failure)
}

// patientAnswer moves the deadline of a connection on while its client keeps reading: an export may take
// long, but it may not stall.
type patientAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	begun   bool
}

func (a *patientAnswer) Write(p []byte) (int, error) {
	a.begun = true
	a.control.SetWriteDeadline(time.Now().Add(stallTimeout))
	return a.ResponseWriter.Write(p)
}
