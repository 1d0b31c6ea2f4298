package transport_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest/every"
	"valueweb/internal/transport"
)

// failing is a store that cannot read the nodes of one kind.
type failing struct {
	graph.Store
	kind graph.Kind
	err  error
}

func (s failing) List(ctx context.Context, v graph.Viewer, q graph.ListQuery) (graph.Page, error) {
	if q.Kind == s.kind {
		return graph.Page{}, s.err
	}
	return s.Store.List(ctx, v, q)
}

// serving starts a server on a store with some partners that cannot read one kind.
func serving(t *testing.T, store graph.Store, kind graph.Kind, err error) (url string) {
	t.Helper()
	text := "id,name\n" + "p,P\nq,Q\n"
	sources := []sheet.Source{{Name: "partners", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}}
	if _, err := sheet.Import(t.Context(), store, graph.Operator, sources, sheet.Options{}); err != nil {
		t.Fatal(err)
	}
	g := &graph.Graph{Store: failing{store, kind, err}}
	server := httptest.NewServer(transport.New(transport.Config{Graph: g, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAnExportThatFailsUnderWayIsBrokenOff(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		url := serving(t, store, graph.KindOffice, errors.New("the disk is gone"))
		response, err := http.Get(url + "/export")
		if err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		if err == nil {
			t.Error("half an archive looks whole")
		}
	})
}

func TestAnExportThatFailsBeforeItBeganSaysSo(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		for _, c := range []struct {
			err    error
			status int
		}{
			{errors.New("the disk is gone"), http.StatusInternalServerError},
			{graph.Unavailable(nil, "at 10.0.0.1"), http.StatusServiceUnavailable},
		} {
			response, err := http.Get(serving(t, store, graph.KindPartner, c.err) + "/export?sheet=partners")
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != c.status || strings.Contains(string(text), c.err.Error()) || response.Header.Get("Content-Disposition") != "" {
				t.Errorf("%s, %v: %s", response.Status, err, text)
			}
		}
	})
}

func TestAnExportEndsWithItsReport(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		response, err := http.Get(serving(t, store, "", nil) + "/export")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var names []string
		report, err := transport.ReadArchive(response.Body, func(name string, text io.Reader) error {
			names = append(names, name)
			_, err := io.Copy(io.Discard, text)
			return err
		})
		if err != nil || report.Nodes != 2 || len(names) != len(sheet.Written()) || names[2] != "partners.csv" {
			t.Errorf("%+v, %v, %q", report, err, names)
		}
		io.Copy(io.Discard, response.Body)
		if got := response.Trailer; got.Get("X-Valueweb-Seq") != "1" || got.Get("X-Valueweb-Seq-After") != "1" || got.Get("X-Valueweb-Moved") != "false" || got.Get("X-Valueweb-Problems") != "0" {
			t.Errorf("trailers %v", got)
		}
	})
}

func TestAnArchiveWithoutAReportIsNotWhole(t *testing.T) {
	var text bytes.Buffer
	archive := tar.NewWriter(&text)
	archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "regions.csv", Mode: 0o644})
	archive.Close()
	if _, err := transport.ReadArchive(&text, func(string, io.Reader) error { return nil }); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}
