package sheet_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest/every"
)

// write imports sheets one after the other, all of them clean.
func write(t *testing.T, store graph.Store, pairs ...string) *sheet.Report {
	t.Helper()
	report := load(t, store, sheets(pairs...), sheet.Options{})
	if !report.Complete() {
		t.Fatal(problems(report))
	}
	return report
}

func TestANewNodeStartsWithTheDefaults(t *testing.T) {
	store := baseStore(t)
	write(t, store,
		"certifications", "id,partner_id,competency_id\nz,a,cloud\n",
		"partnerships", "id,partners\nz,a;b\n",
		"opportunities", "id,title\nz,Zed\n",
		"referrals", "id,from_partner_id,to_partner_id,sent_on\nz,a,b,2026-01-01\n",
		"invitations", "opportunity_id,partner_id\nz,a\n",
	)
	p, o := get[*graph.Partner](t, store, "a"), get[*graph.Opportunity](t, store, "z")
	same(t, "defaults", []any{
		p.Status, p.PartnerKind, p.Discoverable(), p.Capacity, p.Synthetic,
		get[*graph.Certification](t, store, "z").Verified, get[*graph.Partnership](t, store, "z").Collaboration,
		o.Stage, o.Audience.Kind, o.Review, get[*graph.Referral](t, store, "z").State, all[*graph.Invitation](t, store)[0].State,
	}, []any{"ACTIVE", "OTHER", true, nil, false, true, "LOW", "PROSPECT", "ALL", "", "NEW", "PENDING"})
}

func TestAnAbsentColumnLeavesAPropertyAndAnEmptyCellClearsIt(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		write(t, store, "partners", "id,name,kind,status,capacity,tags,discoverable,joined_on,website,external_ids,synthetic\n"+
			"p,Pea,ISV,LEFT,3,x;y,false,2020-02-29,https://p.example,crm=1;erp=2,yes\n")
		whole := get[*graph.Partner](t, store, "p")

		write(t, store, "partners", "id,name\np,Pea\n")
		same(t, "after a sheet without those columns", get[*graph.Partner](t, store, "p"), whole)
		report := write(t, store, "partners", "id,name,kind,status,capacity,tags,discoverable,joined_on,website,external_ids,synthetic\np,Pea,,,,,,,,,\n")
		now := *get[*graph.Partner](t, store, "p")
		if report.Totals.Changed != 1 || now.Version != 2 {
			t.Errorf("%+v, version %d", report.Totals, now.Version)
		}
		now.Meta = graph.Meta{ID: "p"}
		same(t, "cleared", now, graph.Partner{Meta: graph.Meta{ID: "p"}, Name: "Pea", Status: graph.Active, PartnerKind: graph.OtherKind})
	})
}

func TestEveryColumnOfAnOpportunityIsRead(t *testing.T) {
	store := baseStore(t)
	write(t, store,
		"partnerships", "id,partners\nship,a;b\n",
		"opportunities", "id,title,customer_id,site_id,lat,lng,needs,owner_partner_id,lead_partner_id,member_partner_ids,declined_partner_ids,stage,review,value,currency,"+
			"posted_on,closed_on,lost_reason,audience,audience_partner_ids,audience_competency_ids,audience_region,audience_countries,audience_tags,audience_kinds,audience_min_tier,"+
			"audience_lat,audience_lng,audience_km,shared_in\n"+
			"o,Cafe\u0301 ,k,lyon,45.5,-4.25,voice;cloud:2;voice:4;cloud,a,b,c;a;c,b,LOST,APPROVED,1250.50,EUR,2026-01-01,2026-02-01,PRICE,FILTER,a;b,cloud,west,FR;CH,t1;t2,ISV;VENDOR,GOLD,1,2,50.5,ship\n")
	o := *get[*graph.Opportunity](t, store, "o")
	o.Meta = graph.Meta{}
	day := func(text string) graph.Date { d, _ := graph.ParseDate(text); return d }
	same(t, "opportunity", o, graph.Opportunity{
		Title: "Caf\u00e9", Customer: "k", Site: "lyon", Point: &graph.Point{Lat: 45.5, Lng: -4.25},
		Needs: []graph.Need{{Competency: "voice", MinLevel: 4}, {Competency: "cloud", MinLevel: 2}},
		Owner: "a", Lead: "b", Members: []string{"c", "a"}, Declined: []string{"b"}, Stage: graph.Lost, Review: graph.ReviewApproved,
		Value: &graph.Money{Amount: "1250.50", Currency: "EUR"}, PostedOn: day("2026-01-01"), ClosedOn: day("2026-02-01"), LostReason: "PRICE",
		Audience: graph.Audience{
			Kind: graph.AudienceFilter, Partners: []string{"a", "b"}, Competencies: []string{"cloud"}, Region: "west", Countries: []string{"FR", "CH"},
			Tags: []string{"t1", "t2"}, Kinds: []graph.PartnerKind{graph.ISV, graph.Vendor}, MinTier: "GOLD", Near: &graph.Point{Lat: 1, Lng: 2}, RadiusKm: 50.5,
		},
		SharedIn: []string{"ship"},
	})
}

func TestTheRealDataSetsOwnWordsAreMappedAndKeptAsTags(t *testing.T) {
	store := newStore(t)
	text := "id,name,kind,kinds,tags\np1,One,system-integrator,system-integrator;msp,x\np2,Two,,facility-operator;msp,\np3,Three,kubernetes-vendor,,\np4,Four,ISV,,\n"
	write(t, store, "partners", text,
		"offices", "id,partner_id,lat,lng,facility,role\no1,p1,1,1,Equinix AM5,facility-operator;provider\no2,p1,1,1,,via-exchange\n",
		"competencies", "id,name\nc,Sea\n", "certifications", "id,partner_id,certification,competency_id\nz,p1,CNCF membership,c\n")
	var got []string
	for _, p := range all[*graph.Partner](t, store) {
		got = append(got, fmt.Sprint(p.ID, " ", p.PartnerKind, p.Tags))
	}
	for _, o := range all[*graph.Office](t, store) {
		got = append(got, fmt.Sprint(o.ID, o.Roles, o.Tags, o.Address))
	}
	got = append(got, get[*graph.Certification](t, store, "z").Scheme)
	same(t, "mapped", got, []string{
		"p1 INTEGRATOR[x system-integrator msp]", "p2 OTHER[facility-operator msp]", "p3 VENDOR[kubernetes-vendor]", "p4 ISV[]",
		"o1[DELIVERY] [facility-operator provider]Equinix AM5", "o2[DELIVERY] [via-exchange]", "CNCF membership",
	})
}

func TestRowsOfOneRelationAreOnePartnershipWithAllTheCities(t *testing.T) {
	store := baseStore(t)
	write(t, store, "sites", "id,lat,lng\nx,1,1\ny,2,2\n")
	text := "from_partner_id,to_partner_id,kind,city\na,b,near,lyon\na,b,near,\nb,a,near,x\na,b,far,x\na,b,near,y\na,b,near,atlantis\n"
	report := load(t, store, sheets("relations", text), sheet.Options{})
	same(t, "counts", report.Totals, sheet.Counts{Rows: 6, Added: 3, Merged: 2, Rejected: 1})
	var got []string
	for _, p := range all[*graph.Partnership](t, store) {
		got = append(got, fmt.Sprint(p.Parties, p.Form, p.Collaboration, p.Sites))
	}
	same(t, "partnerships", got, []string{"[a b]farLOW[x]", "[a b]nearLOW[lyon y]", "[b a]nearLOW[x]"})

	write(t, store, "relations", "from_partner_id,to_partner_id,kind,city\na,b,near,x\n")
	write(t, store, "partnerships", "partners,kind,collaboration\na;b,near,HIGH\n")
	if n := len(all[*graph.Partnership](t, store)); n != 3 {
		t.Errorf("%d partnerships: the same natural key made another", n)
	}
	again := write(t, store, "relations", "from_partner_id,to_partner_id,kind,city\na,b,near,lyon\n")
	same(t, "counts of a row that says nothing new", again.Totals, sheet.Counts{Rows: 1, Unchanged: 1})
}

func TestRowsMayStandBeforeThoseTheyName(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"competencies", "id,name,parent_id\nleaf,Leaf,middle\nmiddle,Middle,root\nroot,Root,\n"},
		{"partners", "id,name,part_of\nleaf,Leaf,middle\nmiddle,Middle,root\nroot,Root,\n"},
		{"regions", "id,name,parent_id\nleaf,Leaf,middle\nmiddle,Middle,root\nroot,Root,\n"},
		{"solutions", "id,name,builds_on\nleaf,Leaf,middle;root\nmiddle,Middle,root\nroot,Root,\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			same(t, "counts", write(t, newStore(t), c.name, c.text).Totals, sheet.Counts{Rows: 3, Added: 3})
		})
	}
}

func TestALongChainMayStandInTheWrongOrder(t *testing.T) {
	every.Embedded(t)
	const n = 25_000
	var text strings.Builder
	text.WriteString("id,from_partner_id,to_partner_id,sent_on,parent_id\n")
	for i := range n {
		fmt.Fprintf(&text, "r%d,a,b,2026-01-01,r%d\n", i, i+5000)
	}
	for i := n; i < n+5000; i++ {
		fmt.Fprintf(&text, "r%d,a,b,2026-01-01,\n", i)
	}
	same(t, "counts", write(t, baseStore(t), "referrals", text.String()).Totals, sheet.Counts{Rows: n + 5000, Added: n + 5000})
}

func TestRowsThatWaitInVainAreRejectedWithTheReason(t *testing.T) {
	store := newStore(t)
	report := load(t, store, sheets("competencies", "id,name,parent_id\na,A,b\nb,B,a\nc,C,nothing\nd,D,c\ne,E,\n"), sheet.Options{})
	same(t, "counts", report.Totals, sheet.Counts{Rows: 5, Added: 1, Rejected: 4})
	if got := problems(report); len(got) != 4 || !strings.Contains(got[2], `competencies 4 parent_id ERROR: there is no competency "nothing"`) {
		t.Error(strings.Join(got, "\n"))
	}
}

func TestACircleThroughAStoredNodeIsRejected(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		write(t, store, "competencies", "id,name,parent_id\na,A,\nb,B,a\n")
		report := load(t, store, sheets("competencies", "id,name,parent_id\na,A,b\n"), sheet.Options{})
		same(t, "problems", problems(report), []string{`competencies 2 parent_id ERROR: "b" would close a circle: it already leads up to "a"`})
	})
}

func TestCompetenciesMayBeRelatedToEachOther(t *testing.T) {
	store := newStore(t)
	text := "id,name,parent_id,related\na,A,,b\nb,B,,a;c\nc,C,a,b\nd,D,,e\ne,E,,d;nothing\nf,F,e,\n"
	for _, dry := range []bool{true, false} {
		report := load(t, store, sheets("competencies", text), sheet.Options{DryRun: dry})
		same(t, "counts", report.Totals, sheet.Counts{Rows: 6, Added: 3, Rejected: 3})
	}
	same(t, "ids", count(t, store), map[graph.Kind]int{graph.KindCompetency: 3})
	if b := get[*graph.Competency](t, store, "b"); b == nil || !slices.Equal(b.Related, []string{"a", "c"}) || b.Version != 1 {
		t.Errorf("%+v", b)
	}
	before := seq(t, store)
	same(t, "the second time", load(t, store, sheets("competencies", text), sheet.Options{}).Totals, sheet.Counts{Rows: 6, Unchanged: 3, Rejected: 3})
	if seq(t, store) != before {
		t.Error("the second time wrote an event")
	}
}

func TestWhatWaitsForACompetencyInACircleComesIn(t *testing.T) {
	text := "id,name,parent_id,related\n1,One,,3\n2,Two,3,\n3,Three,1,\n4,Four,2,\n"
	report := load(t, newStore(t), sheets("competencies", text), sheet.Options{})
	same(t, "counts", report.Totals, sheet.Counts{Rows: 4, Added: 4})
}

func TestAPartnerMayNameAContactOfALaterSheet(t *testing.T) {
	pairs := []string{"partners", "id,name,channel_manager\na,A,mia\nb,B,max\n", "contacts", "id,name,partner_id\nmia,Mia,b\n"}
	for _, dry := range []bool{true, false} {
		store := newStore(t)
		report := load(t, store, sheets(pairs...), sheet.Options{DryRun: dry})
		same(t, "counts", report.Totals, sheet.Counts{Rows: 3, Added: 3, Warnings: 1})
		got := problems(report)
		if len(got) != 1 || !strings.HasPrefix(got[0], `partners 3 channel_manager WARNING: there is no contact "max": the row is stored without it`) {
			t.Error(got)
		}
		if dry {
			continue
		}
		if a := get[*graph.Partner](t, store, "a"); a.ChannelManager != "mia" {
			t.Errorf("%+v", a)
		}
		before := seq(t, store)
		again := load(t, store, sheets(pairs...), sheet.Options{})
		if seq(t, store) != before || again.Totals.Unchanged != 3 {
			t.Errorf("the second time: %+v", again.Totals)
		}
	}
}

func TestOneEventTellsOfATransactionAndOneOfEachOpportunityAndReferral(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		fillBase(t, store)
		before := seq(t, store)
		report := write(t, store,
			"opportunities", "id,title\no1,One\no2,Two\n",
			"referrals", "id,from_partner_id,to_partner_id,sent_on\nr,a,b,2026-01-01\n")
		events, err := store.Events(t.Context(), graph.Operator, before, 100)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range events {
			got = append(got, fmt.Sprint(e.Type, " ", e.Subject, e.Changes))
		}
		same(t, "events", got, []string{
			"import.applied [Opportunity:o1 Opportunity:o2]", "opportunity.imported Opportunity:o1[Opportunity:o1]", "opportunity.imported Opportunity:o2[Opportunity:o2]",
			"import.applied [Referral:r]", "referral.imported Referral:r[Referral:r]",
		})
		if report.Seq != before+5 {
			t.Errorf("seq %d, want %d", report.Seq, before+5)
		}
		write(t, store, "opportunities", "id,title\no1,One\no2,Other\n")
		if events, _ = store.Events(t.Context(), graph.Operator, before+5, 100); len(events) != 2 || events[1].Subject != "Opportunity:o2" {
			t.Errorf("events of a change: %+v", events)
		}
	})
}

func TestADryRunReportsTheSameAndKeepsNothing(t *testing.T) {
	store := newStore(t)
	report := load(t, store, os.DirFS(realData), sheet.Options{DryRun: true})
	if !report.DryRun || len(count(t, store)) != 0 || seq(t, store) != 0 {
		t.Errorf("a dry run left %v", count(t, store))
	}
	real := load(t, store, os.DirFS(realData), sheet.Options{})
	same(t, "totals", report.Totals, real.Totals)
	again := load(t, store, os.DirFS(realData), sheet.Options{DryRun: true})
	if again.Totals.Unchanged != again.Totals.Rows || again.Seq != real.Seq {
		t.Errorf("%+v, seq %d", again.Totals, again.Seq)
	}
}

func TestASequenceIsReadWhileItArrives(t *testing.T) {
	var archive bytes.Buffer
	out := tar.NewWriter(&archive)
	for _, f := range [][2]string{{"world/README.md", "hello"}, {"world/partners.csv", "id,name\na,A\n"}, {"world/offices.csv", "partner_id,lat,lng\na,1,1\n"}} {
		if err := out.WriteHeader(&tar.Header{Name: f[0], Mode: 0o600, Size: int64(len(f[1]))}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(out, f[1])
	}
	out.Close()
	for _, dry := range []bool{true, false} {
		store := newStore(t)
		report, err := sheet.ImportSequence(t.Context(), store, graph.Operator, entries(tar.NewReader(bytes.NewReader(archive.Bytes()))), sheet.Options{DryRun: dry})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "counts", report.Totals, sheet.Counts{Rows: 2, Added: 2})
		same(t, "ignored", report.Ignored, []sheet.Ignored{{File: "world/README.md", Reason: "not a sheet"}})
	}
	broken := errors.New("the archive is cut off")
	_, err := sheet.ImportSequence(t.Context(), newStore(t), graph.Operator, func(yield func(sheet.Source, error) bool) { yield(sheet.Source{}, broken) }, sheet.Options{})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func entries(archive *tar.Reader) iter.Seq2[sheet.Source, error] {
	return func(yield func(sheet.Source, error) bool) {
		for {
			header, err := archive.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			open := func() (io.ReadCloser, error) { return io.NopCloser(archive), nil }
			if err != nil {
				yield(sheet.Source{}, err)
				return
			}
			if !yield(sheet.Source{Name: header.Name, Open: open}, nil) {
				return
			}
		}
	}
}

func TestFilesAreKnownByNameAndOrderedByWhatTheyReferTo(t *testing.T) {
	same(t, "order", sheet.Order([]string{"x/walls.csv", "merges.csv", "x/referrals.csv", "y/partners.csv", "competencies", "x/partners.csv", "regions.CSV"}),
		[]string{"regions.CSV", "competencies", "y/partners.csv", "x/partners.csv", "x/referrals.csv", "x/walls.csv", "merges.csv"})
	if !sheet.Known("a/b/offices.csv") || sheet.Known("questions.json") || sheet.Known("partners.xlsx") || len(sheet.Names()) != 17 {
		t.Errorf("known names: %q", sheet.Names())
	}
	dir := t.TempDir()
	for _, name := range []string{"partners.csv", "notes.txt"} {
		if err := os.WriteFile(dir+"/"+name, []byte("id,name\np,Pea\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sources, err := sheet.Files(dir, dir+"/partners.csv")
	if err != nil || len(sources) != 3 {
		t.Fatalf("%d sources, error %v", len(sources), err)
	}
	var read int64
	report, err := sheet.Import(t.Context(), newStore(t), graph.Operator, sources, sheet.Options{Progress: func(n int64) { read = n }})
	if err != nil || report.Totals != (sheet.Counts{Rows: 2, Added: 1, Unchanged: 1}) || read != 28 {
		t.Errorf("%+v, %d bytes, error %v", report.Totals, read, err)
	}
	if _, err := sheet.Files(dir + "/absent.csv"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
