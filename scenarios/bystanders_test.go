package scenarios

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// bystanders writes the sheets of N partners that trade with one another only: bystander-001 … stand on a
// spiral around 45° N, 5° E, three kilometres farther each, and hold the competencies in turn, certified.
func bystanders(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	competencies := args[2:]
	sheets := map[string][][]string{
		"partners":             {{"id", "name", "kind"}},
		"offices":              {{"id", "partner_id", "name", "lat", "lng"}},
		"partner_competencies": {{"partner_id", "competency_id", "level"}},
		"certifications":       {{"partner_id", "competency_id", "scheme"}},
		"referrals":            {{"id", "from_partner_id", "to_partner_id", "state", "sent_on", "closed_on"}},
	}
	add := func(sheet string, cells ...string) { sheets[sheet] = append(sheets[sheet], cells) }
	for i := 1; i <= n; i++ {
		id, competency := fmt.Sprintf("bystander-%03d", i), competencies[i%len(competencies)]
		away, angle := 0.027*float64(i%100), float64(i) // in degrees and radians
		add("partners", id, "Bystander "+strconv.Itoa(i), "SERVICE_PROVIDER")
		add("offices", id+"-office", id, "Bystander's office", fmt.Sprintf("%.5f", 45+away*math.Cos(angle)), fmt.Sprintf("%.5f", 5+away*math.Sin(angle)))
		add("partner_competencies", id, competency, "5")
		add("certifications", id, competency, "Crowd")
		add("referrals", "trade-"+id, id, fmt.Sprintf("bystander-%03d", i%n+1), "WON", "2026-01-05", "2026-02-05")
	}
	writeSheets(ts, args[1], sheets)
}

// writeSheets writes sheets, header first, into a directory of the scenario.
func writeSheets(ts *testscript.TestScript, dir string, sheets map[string][][]string) {
	dir = ts.MkAbs(dir)
	ts.Check(os.MkdirAll(dir, 0o755))
	for name, rows := range sheets {
		f, err := os.Create(filepath.Join(dir, name+".csv"))
		ts.Check(err)
		ts.Check(csv.NewWriter(f).WriteAll(rows))
		ts.Check(f.Close())
	}
}
