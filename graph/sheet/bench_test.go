package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"valueweb/graph"
	"valueweb/graph/sheet"
)

// BenchmarkImport imports referrals, the sheet with the most rows; b.N is in rows.
func BenchmarkImport(b *testing.B) {
	store := newStore(b)
	text := referralSheets(b, store, b.N)
	b.ResetTimer()
	in := sheet.New(store, graph.Operator, sheet.Options{})
	if err := in.ImportSheet(b.Context(), "referrals", text); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkExport exports referrals; b.N is in rows.
func BenchmarkExport(b *testing.B) {
	store := newStore(b)
	in := sheet.New(store, graph.Operator, sheet.Options{})
	if err := in.ImportSheet(b.Context(), "referrals", referralSheets(b, store, b.N)); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	_, err := sheet.Export(b.Context(), store, graph.Operator, func(string) (io.WriteCloser, error) { return nowhere{io.Discard}, nil }, "referrals")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

// referralSheets imports a thousand partners and returns a sheet of referrals between them.
func referralSheets(b *testing.B, store graph.Store, rows int) io.Reader {
	var partners, referrals bytes.Buffer
	partners.WriteString("id,name\n")
	for i := range 1000 {
		fmt.Fprintf(&partners, "p%d,Partner %d\n", i, i)
	}
	referrals.WriteString("id,from_partner_id,to_partner_id,state,value,currency,sent_on,answered_on,closed_on\n")
	for i := range rows {
		fmt.Fprintf(&referrals, "ref-%d,p%d,p%d,WON,%d.50,EUR,2024-05-%02d,2024-06-02,2024-07-03\n", i, i%1000, (i+1+i/1000)%1000, i, 1+i%28)
	}
	if err := sheet.New(store, graph.Operator, sheet.Options{}).ImportSheet(b.Context(), "partners", &partners); err != nil {
		b.Fatal(err)
	}
	return &referrals
}
