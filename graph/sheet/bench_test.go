package sheet_test

import (
	"bytes"
	"fmt"
	"testing"

	"valueweb/graph"
	"valueweb/graph/sheet"
)

// BenchmarkImport imports referrals, the sheet with the most rows; b.N is in rows.
func BenchmarkImport(b *testing.B) {
	var partners, referrals bytes.Buffer
	partners.WriteString("id,name\n")
	for i := range 1000 {
		fmt.Fprintf(&partners, "p%d,Partner %d\n", i, i)
	}
	referrals.WriteString("id,from_partner_id,to_partner_id,state,value,currency,sent_on,answered_on,closed_on\n")
	for i := range b.N {
		fmt.Fprintf(&referrals, "ref-%d,p%d,p%d,WON,%d.50,EUR,2024-05-%02d,2024-06-02,2024-07-03\n", i, i%1000, (i+1+i/1000)%1000, i, 1+i%28)
	}
	store := newStore(b)
	in := sheet.New(store, graph.Operator, sheet.Options{})
	if err := in.ImportSheet(b.Context(), "partners", &partners); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := in.ImportSheet(b.Context(), "referrals", &referrals); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
