package transport

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"strconv"
	"time"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/resolvers"
)

// The bodies that /import takes: one sheet, named by ?sheet=, or an archive of sheets in the order in
// which they depend on each other. A form, which a foreign page could send, is neither.
const (
	csvType = "text/csv"
	tarType = "application/x-tar"
	// ndjsonType asks for progress, rejected rows and the report as a stream of lines.
	ndjsonType = "application/x-ndjson"
)

// stallTimeout is how long an import waits for more of its body.
const stallTimeout = 30 * time.Second

// ImportLine is a line of a streamed answer: one of its fields is there.
type ImportLine struct {
	Rejected *RejectedRow  `json:"rejected,omitempty"`
	Report   *sheet.Report `json:"report,omitempty"`
	Error    *ImportError  `json:"error,omitempty"`
}

// RejectedRow is a row that was left out, with its first problem.
type RejectedRow struct {
	Problem sheet.Problem `json:"problem"`
	Header  []string      `json:"header"`
	Record  []string      `json:"record"`
}

// ImportError is what stopped an import; what was applied before stays, and running it again completes it.
type ImportError struct {
	Code    graph.Code `json:"code"`
	Message string     `json:"message"`
}

type importer struct {
	graph *graph.Graph
	log   *slog.Logger
}

// ServeHTTP imports what is posted, while it arrives.
func (i *importer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := &patientBody{Reader: r.Body, control: http.NewResponseController(w)}
	sources, refused := sheetsOf(r, body)
	if refused != nil {
		status := http.StatusUnsupportedMediaType
		if refused.Code == graph.CodeValidation {
			status = http.StatusBadRequest
		}
		WriteError(w, status, refused)
		return
	}
	dryRun, refused := dryRunOf(r)
	if refused != nil {
		WriteError(w, http.StatusBadRequest, refused)
		return
	}
	options := sheet.Options{DryRun: dryRun}
	if r.Header.Get("Accept") == ndjsonType {
		i.stream(w, r, sources, options)
		return
	}
	report, err := i.run(r.Context(), sources, options)
	if err != nil {
		e := i.failure(r.Context(), err)
		WriteError(w, statusOf(e.Code), &graph.Error{Code: e.Code, Message: e.Message})
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if len(report.Files) == 1 && report.Files[0].Refused {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	json.NewEncoder(w).Encode(report)
}

// stream answers line by line while the body is still read.
func (i *importer) stream(w http.ResponseWriter, r *http.Request, sources iter.Seq2[sheet.Source, error], options sheet.Options) {
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil {
		WriteError(w, http.StatusBadRequest, &graph.Error{Code: graph.CodeBadRequest, Message: "this connection cannot stream an answer; ask for application/json"})
		return
	}
	w.Header().Set("Content-Type", ndjsonType)
	lines := json.NewEncoder(w)
	options.Rejected = func(p sheet.Problem, header, record []string) {
		lines.Encode(ImportLine{Rejected: &RejectedRow{Problem: p, Header: header, Record: record}})
	}
	report, err := i.run(r.Context(), sources, options)
	control.SetWriteDeadline(time.Now().Add(stallTimeout))
	if err != nil {
		lines.Encode(ImportLine{Report: report, Error: i.failure(r.Context(), err)})
		return
	}
	lines.Encode(ImportLine{Report: report})
}

func (i *importer) run(ctx context.Context, sources iter.Seq2[sheet.Source, error], options sheet.Options) (*sheet.Report, error) {
	viewer, err := resolvers.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return sheet.ImportSequence(ctx, i.graph.Store, viewer, sources, options)
}

// dryRunOf reads ?dryRun=: what is neither yes nor no, and a parameter that is mistyped, must not be taken
// for no, and change the graph.
func dryRunOf(r *http.Request) (bool, *graph.Error) {
	for name := range r.URL.Query() {
		if name != "dryRun" && name != "sheet" {
			return false, &graph.Error{Code: graph.CodeValidation, Field: name, Allowed: []string{"sheet", "dryRun"}, Message: "/import takes sheet and dryRun, no other parameter"}
		}
	}
	text := r.URL.Query().Get("dryRun")
	if text == "" {
		return false, nil
	}
	dryRun, err := strconv.ParseBool(text)
	if err != nil {
		return false, &graph.Error{Code: graph.CodeValidation, Field: "dryRun", Allowed: []string{"true", "false"}, Message: "dryRun is true or false"}
	}
	return dryRun, nil
}

// failure is what a client is told of what stopped an import. Faults of the service are logged, and their
// text stays there.
func (i *importer) failure(ctx context.Context, err error) *ImportError {
	e, known := graph.AsError(err)
	switch {
	case known && e.Code == graph.CodeUnavailable: // whatever broke the connection to the store: it was not that of the client
		i.log.ErrorContext(ctx, "an import failed", "error", err, "cause", causeOf(err), "request", resolvers.RequestID(ctx))
		return &ImportError{Code: e.Code, Message: "the store is away: what was imported before stays; send it again to complete it"}
	case errors.Is(err, context.DeadlineExceeded):
		return &ImportError{Code: graph.CodeTimeout, Message: "the import took longer than it may: what was imported before stays; send it again to complete it"}
	case known:
		return &ImportError{Code: e.Code, Message: e.Message}
	case errors.Is(err, context.Canceled), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, tar.ErrHeader):
		return &ImportError{Code: graph.CodeBadRequest, Message: "the body broke off or is damaged: what had arrived before is imported; send it again to complete it"}
	}
	i.log.ErrorContext(ctx, "an import failed", "error", err, "cause", causeOf(err), "request", resolvers.RequestID(ctx))
	return &ImportError{Code: graph.CodeInternal, Message: "something went wrong in the service; its log names this request"}
}

// sheetsOf reads the sheets off a request.
func sheetsOf(r *http.Request, body io.Reader) (iter.Seq2[sheet.Source, error], *graph.Error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	name := r.URL.Query().Get("sheet")
	switch {
	case err == nil && kind == tarType:
		return archived(tar.NewReader(body)), nil
	case err == nil && kind == csvType && sheet.Known(name):
		return func(yield func(sheet.Source, error) bool) {
			yield(sheet.Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(body), nil }}, nil)
		}, nil
	case err == nil && kind == csvType:
		return nil, &graph.Error{Code: graph.CodeValidation, Field: "sheet", Allowed: sheet.Names(), Message: "name the sheet that is posted, such as /import?sheet=partners"}
	}
	return nil, &graph.Error{Code: graph.CodeBadRequest, Message: "post one sheet as text/csv to /import?sheet=NAME, or an archive of sheets as application/x-tar"}
}

// archived yields the files of an archive as they arrive.
func archived(archive *tar.Reader) iter.Seq2[sheet.Source, error] {
	return func(yield func(sheet.Source, error) bool) {
		for {
			header, err := archive.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(sheet.Source{}, err)
				return
			}
			source := sheet.Source{Name: header.Name, Open: func() (io.ReadCloser, error) { return io.NopCloser(archive), nil }}
			if header.Typeflag == tar.TypeReg && !yield(source, nil) {
				return
			}
		}
	}
}

// patientBody moves the deadlines of a connection on while its body keeps arriving: an import may take
// long, but it may not stall.
type patientBody struct {
	io.Reader
	control *http.ResponseController
}

func (b *patientBody) Read(p []byte) (int, error) {
	b.control.SetReadDeadline(time.Now().Add(stallTimeout))
	b.control.SetWriteDeadline(time.Now().Add(2 * stallTimeout))
	return b.Reader.Read(p)
}
