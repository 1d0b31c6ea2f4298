package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
)

// BenchmarkImport imports a folder of sheets into an empty data directory, as `valueweb import` does: what
// it counts as stored survives a crash. The folder is that of VALUEWEB_WORLD, else a small made-up world.
func BenchmarkImport(b *testing.B) {
	sources := sheets(b)
	var rows int
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		store := opened(b, b.TempDir())
		runtime.GC()
		b.StartTimer()
		rows += imported(b, store, sources)
		b.StopTimer()
		closed(b, store)
		b.StartTimer()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(peakMB(b), "peak-MB")
}

// BenchmarkImportAgain imports the same sheets a second time, which changes nothing.
func BenchmarkImportAgain(b *testing.B) {
	sources := sheets(b)
	store := opened(b, b.TempDir())
	defer closed(b, store)
	imported(b, store, sources)
	rows := 0
	for b.Loop() {
		rows += imported(b, store, sources)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkStart opens a data directory that holds what VALUEWEB_WORLD names.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	store := opened(b, dir)
	imported(b, store, sheets(b))
	status, err := store.Status(b.Context(), graph.Operator)
	if err != nil {
		b.Fatal(err)
	}
	nodes := 0
	for _, n := range status.Counts {
		nodes += n
	}
	closed(b, store)
	store = nil
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		debug.FreeOSMemory() // a process that starts holds nothing yet
		b.StartTimer()
		store = opened(b, dir)
		b.StopTimer()
		closed(b, store)
		b.StartTimer()
	}
	b.ReportMetric(float64(nodes), "nodes")
	var heap runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&heap)
	b.ReportMetric(float64(heap.HeapAlloc>>20), "heap-MB")
	runtime.KeepAlive(store)
}

func opened(b *testing.B, dir string) *embedded.Store {
	store, err := embedded.Open(context.Background(), dir, embedded.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return store
}

func closed(b *testing.B, store *embedded.Store) {
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
}

// imported imports the sheets and returns the number of their rows, all of which must have been stored.
func imported(b *testing.B, store graph.Store, sources []sheet.Source) int {
	report, err := sheet.Import(context.Background(), store, graph.Operator, sources, sheet.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if !report.Complete() {
		b.Fatalf("%d rows were rejected, the first because %v", report.Totals.Rejected, report.Problems[0])
	}
	return report.Totals.Rows
}

func sheets(b *testing.B) []sheet.Source {
	dir := os.Getenv("VALUEWEB_WORLD")
	if dir == "" {
		dir = smallWorld(b)
	}
	sources, err := sheet.Files(dir)
	if err != nil {
		b.Fatal(err)
	}
	return sources
}

// smallWorld writes the sheets of 1,000 partners and 60,000 referrals.
func smallWorld(b *testing.B) string {
	dir := b.TempDir()
	write := func(name, header string, rows int, row func(i int) string) {
		var text strings.Builder
		text.WriteString(header + "\n")
		for i := range rows {
			text.WriteString(row(i) + "\n")
		}
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(text.String()), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	write("competencies", "id,name,parent_id", 200, func(i int) string {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf("c%03d", (i-1)/6)
		}
		return fmt.Sprintf("c%03d,Competency %d,%s", i, i, parent)
	})
	write("partners", "id,name,kind,capacity", 1000, func(i int) string { return fmt.Sprintf("p%04d,Partner %d,RESELLER,%d", i, i, i%40) })
	write("offices", "id,partner_id,name,city,country,lat,lng", 2500, func(i int) string {
		return fmt.Sprintf("o%04d,p%04d,Office %d,Köln,DE,%.4f,%.4f", i, i%1000, i, 45+float64(i%97)/10, 5+float64(i%89)/10)
	})
	write("customers", "id,name,segment", 10000, func(i int) string { return fmt.Sprintf("k%05d,Customer %d,PUBLIC", i, i) })
	write("partner_competencies", "partner_id,competency_id,level,since", 6000, func(i int) string {
		return fmt.Sprintf("p%04d,c%03d,%d,2020-01-01", i/6, i*7%200, 1+i%5)
	})
	write("opportunities", "id,title,customer_id,needs,owner_partner_id,stage,value,currency,posted_on", 3000, func(i int) string {
		return fmt.Sprintf("g%04d,Opportunity %d,k%05d,c%03d:2,p%04d,PROSPECT,%d.50,EUR,2026-01-%02d", i, i, i*3, i%200, i%1000, 1000+i, 1+i%28)
	})
	write("referrals", "id,from_partner_id,to_partner_id,customer_id,competency_id,state,value,currency,sent_on,answered_on,closed_on", 60000, func(i int) string {
		return fmt.Sprintf("r%05d,p%04d,p%04d,k%05d,c%03d,WON,%d.00,EUR,2025-01-%02d,2025-02-%02d,2025-03-%02d", i, i%1000, (i+1+i*31%999)%1000, i%10000, i%200, 500+i, 1+i%28, 1+i%28, 1+i%28)
	})
	return dir
}

// peakMB is the most memory that the process had at any moment, 0 where the system does not say.
func peakMB(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kB / 1024
		}
	}
	return 0
}
