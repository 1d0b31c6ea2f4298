package sheet_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/graph/storetest/every"
)

// base is a small graph that the rows below refer to.
var base = []string{
	"regions", "id,name,countries\nwest,West,FR;CH\n",
	"competencies", "id,name\ncloud,Cloud\nvoice,Voice\n",
	"partners", "id,name\na,Alpha\nb,Beta\nc,Gamma\n",
	"offices", "id,partner_id,name,lat,lng\na1,a,Alpha Lyon,45.76,4.84\nb1,b,Beta Basel,47.56,7.59\n",
	"customers", "id,name\nk,Kunde\n",
	"sites", "id,customer_id,lat,lng\nlyon,,45.76,4.84\n",
}

func baseStore(t testing.TB) graph.Store {
	t.Helper()
	store := newStore(t)
	fillBase(t, store)
	return store
}

func fillBase(t testing.TB, store graph.Store) {
	t.Helper()
	if report := load(t, store, sheets(base...), sheet.Options{}); report.ProblemCount > 0 {
		t.Fatal(problems(report))
	}
}

func TestARowWithAnErrorIsLeftOutAndTheOthersAreStored(t *testing.T) {
	for _, c := range []struct{ sheet, header, bad, want string }{
		{"partners", "id,name", ",Nobody", "id ERROR: id is required"},
		{"partners", "id,name", "x y,Blank", `id ERROR: the id "x y" holds a blank or a character that cannot be printed`},
		{"partners", "id,name", "x;y,Semicolon", `id ERROR: the id "x;y" holds a semicolon, which splits lists`},
		{"partners", "id,name", strings.Repeat("x", 201) + ",Long", "id ERROR: the id is 201 bytes long; 200 are allowed"},
		{"partners", "id,name", "z,", "name ERROR: name is required"},
		{"partners", "id,name", "z," + strings.Repeat("é", 1001), "name ERROR: the text is 1001 characters long; 1000 are allowed"},
		{"partners", "id,name", "z,caf\xe9", "name ERROR: the cell is not valid UTF-8"},
		{"partners", "id,name", "z", " ERROR: 1 field, 2 expected"},
		{"partners", "id,name", "z,Zed,", " ERROR: 3 fields, 2 expected"},
		{"partners", "id,name", "z,Zed \"Z\"", ` ERROR: a quote (") stands inside a cell that does not start with one: put the cell in quotes and write the quote twice`},
		{"partners", "id,name,kind", "z,Zed,vendor", `kind ERROR: "vendor" is not one of VENDOR, DISTRIBUTOR, RESELLER, INTEGRATOR, ISV, CONSULTANCY, SERVICE_PROVIDER, MANUFACTURER, AGENCY, OTHER`},
		{"partners", "id,name,status", "z,Zed,active", `status ERROR: "active" is not one of PENDING, ACTIVE, SUSPENDED, LEFT`},
		{"partners", "id,name,tier", "z,Zed,DIAMOND", `tier ERROR: "DIAMOND" is not one of REGISTERED, SILVER, GOLD, PLATINUM`},
		{"partners", "id,name,capacity", "z,Zed,-1", `capacity ERROR: "-1" is not a whole number, 0 or more`},
		{"partners", "id,name,employees", "z,Zed,99999999999", `employees ERROR: "99999999999" is not a whole number, 0 or more`},
		{"partners", "id,name,joined_on", "z,Zed,2026-02-30", `joined_on ERROR: "2026-02-30" is not a date: write year-month-day, such as 2026-11-22, and a day that exists`},
		{"partners", "id,name,joined_on", "z,Zed,01/06/2019", `joined_on ERROR: "01/06/2019" is not a date: write year-month-day, such as 2026-11-22, and a day that exists`},
		{"partners", "id,name,website", "z,Zed,www.zed.example", `website ERROR: "www.zed.example" is not a web address such as https://example.org`},
		{"partners", "id,name,website", "z,Zed,javascript:alert(1)", `website ERROR: "javascript:alert(1)" is not a web address such as https://example.org`},
		{"partners", "id,name,discoverable", "z,Zed,maybe", `discoverable ERROR: "maybe" is neither true nor false`},
		{"partners", "id,name,part_of", "z,Zed,nobody", `part_of ERROR: there is no partner "nobody"`},
		{"partners", "id,name,part_of", "z,Zed,z", `part_of ERROR: "z" refers to itself`},
		{"partners", "id,name,external_ids", "z,Zed,crm", `external_ids ERROR: "crm" is not an external id such as crm=4711`},
		{"partners", "id,name,external_ids", "z,Zed,crm=1;crm=2", `external_ids ERROR: the system "crm" has two ids here`},
		{"regions", "id,name,countries", "z,Zed,FR;UKK", `countries ERROR: "UKK" is not an ISO 3166-1 alpha-2 country such as CH`},
		{"offices", "id,partner_id,country,lat,lng", "z,a,ch,1,2", `country ERROR: "ch" is not an ISO 3166-1 alpha-2 country such as CH`},
		{"offices", "id,partner_id,lat,lng", "z,a,103.85,1.29", "lat ERROR: lat must be between -90 and 90 degrees"},
		{"offices", "id,partner_id,lat,lng", "z,a,1.29,180.5", "lng ERROR: lng must be between -180 and 180 degrees"},
		{"offices", "id,partner_id,lat,lng", "z,a,NaN,1", `lat ERROR: "NaN" is not a number such as 47.36685`},
		{"offices", "id,partner_id,lat,lng", "z,a,1,Inf", `lng ERROR: "Inf" is not a number such as 47.36685`},
		{"offices", "id,partner_id,lat,lng", "z,a,0x1p-2,1", `lat ERROR: "0x1p-2" is not a number such as 47.36685`},
		{"offices", "id,partner_id,lat,lng", `z,a,"50,11552",1`, `lat ERROR: "50,11552" is not a number such as 47.36685`},
		{"offices", "id,partner_id,lat,lng", "z,a,,1", "lat ERROR: lat is required"},
		{"offices", "id,partner_id,lat,lng", "z,nobody,1,1", `partner_id ERROR: there is no partner "nobody"`},
		{"offices", "id,partner_id,lat,lng,roles", "z,a,1,1,SALES;SHOP", `roles ERROR: "SHOP" is not one of SALES, DELIVERY, SUPPORT, MANAGEMENT, TRAINING`},
		{"contacts", "name,partner_id,customer_id", "Zed,,", "partner_id ERROR: one of partner_id and customer_id is required"},
		{"contacts", "name,partner_id,customer_id", "Zed,a,k", "customer_id ERROR: only one of partner_id and customer_id may be stated"},
		{"contacts", "name,partner_id,email", "Zed,a,Zed <z@example.org>", `email ERROR: "Zed <z@example.org>" is not a mail address such as someone@example.org`},
		{"contacts", "name,partner_id,territories", "Zed,a,west;east", `territories ERROR: there is no region "east"`},
		{"competencies", "id,name,parent_id", "z,Zed,cloud;nothing", `parent_id ERROR: there is no competency "nothing"`},
		{"partner_competencies", "partner_id,competency_id,level", "a,cloud,6", `level ERROR: "6" is not a level between 1 and 5`},
		{"partner_competencies", "partner_id,competency_id,level", "a,cloud,0", `level ERROR: "0" is not a level between 1 and 5`},
		{"partner_competencies", "partner_id,competency_id,since,until", "a,cloud,2026-02-01,2026-01-31", "until ERROR: until is before since (2026-02-01)"},
		{"partner_competencies", "partner_id,competency_id", "a,nothing", `competency_id ERROR: there is no competency "nothing"`},
		{"partner_competencies", "partner_id,competency_id", "nobody,cloud", `partner_id ERROR: there is no partner "nobody"`},
		{"partner_competencies", "partner_id,competency_id,office_id", "a,cloud,b1", `office_id ERROR: the office "b1" belongs to "b", not to "a"`},
		{"certifications", "partner_id,competency_id,issued_on,expires_on", "a,cloud,2026-02-01,2026-01-31", "expires_on ERROR: expires_on is before issued_on (2026-02-01)"},
		{"sites", "id,lat,lng", "z,91,0", "lat ERROR: lat must be between -90 and 90 degrees"},
		{"customer_partners", "customer_id,partner_id,role", "k,a,BOSS", `role ERROR: "BOSS" is not one of OWNER, CO_OWNER, IDENTIFIES, IMPLEMENTS, SUPPORTS`},
		{"customer_partners", "customer_id,partner_id,role", "k,a,", "role ERROR: role is required"},
		{"solutions", "id,name,origin", "z,Zed,MAGIC", `origin ERROR: "MAGIC" is not one of BLUEPRINT, PARTNER, JOINT`},
		{"partnerships", "partners", "a;a", "partners ERROR: a partnership joins two partners or more"},
		{"partnerships", "partners", "a;nobody", `partners ERROR: there is no partner "nobody"`},
		{"partnerships", "partners,data_sharing", "a;b,LOW", `data_sharing ERROR: "LOW" is not one of NONE, AGGREGATE, CONSENTED, INDIVIDUAL`},
		{"partnerships", "partners,collaboration", "a;b,SOME", `collaboration ERROR: "SOME" is not one of LOW, MEDIUM, HIGH`},
		{"partnerships", "partners,starts_on,ends_on", "a;b,2026-02-01,2026-01-31", "ends_on ERROR: ends_on is before starts_on (2026-02-01)"},
		{"relations", "from_partner_id,to_partner_id,kind,city", "a,a,near,lyon", "to_partner_id ERROR: the row joins a partner to itself"},
		{"relations", "from_partner_id,to_partner_id,kind,city", "a,nobody,near,lyon", `to_partner_id ERROR: there is no partner "nobody"`},
		{"relations", "from_partner_id,to_partner_id,kind,city", "a,b,near,atlantis", `city ERROR: there is no site "atlantis"`},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on", "z,a,a,2026-01-01", "to_partner_id ERROR: a partner refers to another one, not to itself"},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on", "z,a,b,", "sent_on ERROR: sent_on is required"},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on,state", "z,a,b,2026-01-01,OPEN", `state ERROR: "OPEN" is not one of NEW, ACTIVE, FORWARDED, WON, LOST, DECLINED, EXPIRED`},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on,value,currency", "z,a,b,2026-01-01,12.50,", "currency ERROR: a value needs a currency such as EUR"},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on,value", "z,a,b,2026-01-01,12.50", "currency ERROR: a value needs a currency such as EUR"},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on,value,currency", "z,a,b,2026-01-01,12.50,euro", `currency ERROR: "euro" is not an ISO 4217 currency such as EUR`},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on,value,currency", "z,a,b,2026-01-01,1e3,EUR", `value ERROR: "1e3" is not a decimal number such as 1250.00`},
		{"referrals", "id,from_partner_id,to_partner_id,sent_on,parent_id", "z,a,b,2026-01-01,nothing", `parent_id ERROR: there is no referral "nothing"`},
		{"opportunities", "id,title,needs", "z,Zed,cloud:6", `needs ERROR: the level in "cloud:6" is not between 1 and 5`},
		{"opportunities", "id,title,needs", "z,Zed,voice:2;nothing:3", `needs ERROR: there is no competency "nothing"`},
		{"opportunities", "id,title,lat,lng", "z,Zed,1,", "lng ERROR: lat is stated without lng"},
		{"opportunities", "id,title,lat,lng", "z,Zed,,1", "lat ERROR: lng is stated without lat"},
		{"opportunities", "id,title,lng", "z,Zed,1", "lng ERROR: lng is stated without lat"},
		{"opportunities", "id,title,lat,lng", "z,Zed,1,181", "lng ERROR: lng must be between -180 and 180 degrees"},
		{"opportunities", "id,title,stage", "z,Zed,SOON", `stage ERROR: "SOON" is not one of DRAFT, PROSPECT, QUALIFIED, TECHNICAL_VALIDATION, BUSINESS_VALIDATION, COMMITTED, LAUNCHED, LOST`},
		{"opportunities", "id,title,review", "z,Zed,NONE", `review ERROR: "NONE" is not one of SUBMITTED, IN_REVIEW, APPROVED, ACTION_REQUIRED, REJECTED, WITHDRAWN`},
		{"opportunities", "id,title,lost_reason", "z,Zed,RAIN", `lost_reason ERROR: "RAIN" is not one of PRICE, TIMING, COMPETITOR, NO_BUDGET, NO_DECISION, PARTNER_GAP, PEOPLE, SCOPE, OTHER`},
		{"opportunities", "id,title,audience", "z,Zed,SOME", `audience ERROR: "SOME" is not one of ALL, NAMED, FILTER`},
		{"opportunities", "id,title,audience_km", "z,Zed,50", "audience_km ERROR: a distance needs audience_lat and audience_lng"},
		{"invitations", "opportunity_id,partner_id", "nothing,a", `opportunity_id ERROR: there is no opportunity "nothing"`},
		{"invitations", "opportunity_id,partner_id,reason", "o,a,MOOD", `reason ERROR: "MOOD" is not one of CAPACITY, COMPETENCY, PLACE, CONFLICT, DUPLICATE, TERMS, OTHER`},
		{"walls", "partner_id,customer_id,segment", "a,,", "customer_id ERROR: one of customer_id and segment is required"},
		{"walls", "partner_id,customer_id,segment", "a,k,banks", "segment ERROR: only one of customer_id and segment may be stated"},
	} {
		t.Run(c.sheet+" "+c.bad[:min(40, len(c.bad))], func(t *testing.T) {
			store := baseStore(t)
			before := seq(t, store)
			report := load(t, store, sheets(c.sheet, c.header+"\n"+c.bad+"\n"), sheet.Options{})
			got := problems(report)
			if len(got) != 1 || !strings.HasPrefix(got[0], c.sheet+" 2 "+c.want) {
				t.Errorf("problems:\n%s\nwant:\n%s", strings.Join(got, "\n"), c.sheet+" 2 "+c.want)
			}
			if report.Totals.Rejected != 1 || report.Complete() || seq(t, store) != before {
				t.Errorf("a wrong row left a trace: %+v", report.Totals)
			}
		})
	}
}

func TestTheRowsAroundAWrongOneAreStored(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		text := "id,name,capacity,part_of\n" +
			"p1,One,1,\n" +
			"p2,Two,many,\n" +
			",,,\n" +
			"p3,Three\n" +
			"p4,\"Four,4,\n" +
			"p5,Five,5,nobody\n" +
			"p6,Six,6,p1\n"
		report := load(t, store, sheets("partners", text), sheet.Options{})
		same(t, "counts", report.Totals, sheet.Counts{Rows: 6, Empty: 1, Added: 2, Rejected: 4})
		same(t, "problems", report.Problems, []sheet.Problem{
			{File: "partners.csv", Row: 3, Line: 3, Column: "capacity", Value: "many", Reason: `"many" is not a whole number, 0 or more`, Severity: sheet.SeverityError},
			{File: "partners.csv", Row: 5, Line: 5, Reason: "2 fields, 4 expected", Severity: sheet.SeverityError},
			{File: "partners.csv", Row: 6, Line: 6, Value: `p4,"Four,4,`, Reason: `a quote (") opens here and is never closed; only this line is left out`, Severity: sheet.SeverityError},
			{File: "partners.csv", Row: 7, Line: 7, Column: "part_of", Value: "nobody", Reason: `there is no partner "nobody"`, Severity: sheet.SeverityError},
		})
		if p := get[*graph.Partner](t, store, "p6"); p == nil || p.PartOf != "p1" || *p.Capacity != 6 {
			t.Errorf("the last row: %+v", p)
		}
	})
}

func TestEveryCellThatIsWrongIsReportedAndTheRowIsGivenBackOnce(t *testing.T) {
	var back [][]string
	opts := sheet.Options{Rejected: func(p sheet.Problem, header, record []string) {
		back = append(back, slices.Concat([]string{p.Column}, header, record))
	}}
	report := load(t, newStore(t), sheets("partners", "id,name,kind,tier\np1,One,?,!\n"), opts)
	same(t, "counts", report.Totals, sheet.Counts{Rows: 1, Rejected: 1})
	same(t, "given back", back, [][]string{{"kind", "id", "name", "kind", "tier", "p1", "One", "?", "!"}})
	if report.ProblemCount != 2 {
		t.Error(problems(report))
	}
}

func TestWhatIsOddIsStoredWithAWarning(t *testing.T) {
	store := baseStore(t)
	report := load(t, store, sheets(
		"referrals", "id,from_partner_id,to_partner_id,sent_on,state,answered_on,closed_on\n"+
			"r1,a,b,2026-01-10,WON,2026-01-12,\nr2,a,b,2026-01-10,EXPIRED,,\nr3,a,b,2026-01-10,WON,2026-01-09,2026-01-08\n",
		"opportunities", "id,title,stage,posted_on,closed_on,audience\no1,One,LOST,2026-01-10,,ALL\no2,Two,LAUNCHED,2026-01-10,2026-01-09,NAMED\n",
		"invitations", "opportunity_id,partner_id,sent_on,answered_on\no1,a,2026-01-10,2026-01-09\n",
	), sheet.Options{})
	same(t, "problems", problems(report), []string{
		"opportunities 2 closed_on WARNING: the opportunity is LOST without a closing date: it closes on its posting date (2026-01-10)",
		"opportunities 3 closed_on WARNING: closed_on is before posted_on (2026-01-10)",
		"opportunities 3 audience_partner_ids WARNING: the audience is NAMED and names nobody",
		"invitations 2 answered_on WARNING: answered_on is before sent_on (2026-01-10)",
		"referrals 2 closed_on WARNING: the referral is WON without a closing date: it closes on answered_on (2026-01-12)",
		"referrals 3 closed_on WARNING: the referral is EXPIRED without a closing date: it closes on sent_on (2026-01-10)",
		"referrals 4 answered_on WARNING: answered_on is before sent_on (2026-01-10)",
		"referrals 4 closed_on WARNING: closed_on is before sent_on (2026-01-10)",
	})
	same(t, "counts", report.Totals, sheet.Counts{Rows: 6, Added: 6, Warnings: 8})
	if !report.Complete() {
		t.Error("warnings make the import incomplete")
	}
}

func TestAFileWithAWrongHeaderIsRefusedAndTheOthersGoOn(t *testing.T) {
	for _, c := range []struct{ header, want string }{
		{"id,kind", `partners 1 name ERROR: the required column "name" is missing; known columns: id, name, aliases`},
		{"id;name", `partners 1 id ERROR: the required column "id" is missing (cells are separated by commas); known columns: id`},
		{"id,name,id", `partners 1 id ERROR: the column "id" stands in the header twice`},
		{"id,name,colour,colour", `partners 1 colour ERROR: the column "colour" stands in the header twice`},
		{`id,na"me`, `partners 1  ERROR: the header cannot be read: a quote (")`},
		{"", `partners 1  ERROR: the file is empty: a header row is required`},
	} {
		t.Run(c.header, func(t *testing.T) {
			store := newStore(t)
			text := c.header + "\nz,Zed\n"
			if c.header == "" {
				text = ""
			}
			report := load(t, store, sheets("partners", text, "customers", "id,name\nk,Kunde\n"), sheet.Options{})
			if got := problems(report); len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
				t.Errorf("problems: %q, want %q", got, c.want)
			}
			if f := fileOf(t, report, "partners"); !f.Refused || f.Rows != 0 || report.Complete() || report.Totals.Added != 1 {
				t.Errorf("%+v", f)
			}
		})
	}
	report := load(t, newStore(t), sheets("certifications", "partner_id,competency_id,scheme,certification\n"), sheet.Options{})
	same(t, "problems", problems(report), []string{`certifications 1 certification ERROR: the columns "scheme" and "certification" mean the same`})
}

func TestUnknownColumnsAndFilesAreNamedAndLeftAlone(t *testing.T) {
	report := load(t, newStore(t), sheets("partners", "id,name,colour,,\np,Pea,green,,\n", "prices", "id\n"), sheet.Options{})
	same(t, "columns", fileOf(t, report, "partners").UnknownColumns, []string{"colour", "(column 4, without a name)", "(column 5, without a name)"})
	same(t, "files", report.Ignored, []sheet.Ignored{{File: "prices.csv", Reason: "not a sheet"}})
	if !report.Complete() || report.Totals.Added != 1 {
		t.Errorf("%+v", report.Totals)
	}
}

func TestAReportKeepsAThousandProblemsAndCountsAll(t *testing.T) {
	report := load(t, newStore(t), sheets("partners", "id,name\n"+strings.Repeat("p,\n", 3000)), sheet.Options{})
	if len(report.Problems) != 1000 || report.ProblemCount != 3000 || report.Totals.Rejected != 3000 {
		t.Errorf("%d kept, %d counted, %+v", len(report.Problems), report.ProblemCount, report.Totals)
	}
}

func TestAnUnknownReferenceNamesTheNearestKnownIds(t *testing.T) {
	every.Store(t, func(t *testing.T, store graph.Store) {
		report := load(t, store, sheets("partners", "id,name\nswisscom,Swisscom\n", "offices", "id,partner_id,lat,lng\nx,swiscom,1,1\n"), sheet.Options{})
		same(t, "problems", problems(report), []string{`offices 2 partner_id ERROR: there is no partner "swiscom"; the nearest known: swisscom`})
	})
}

func TestABrokenStreamEndsTheImportWithTheFileNamed(t *testing.T) {
	store := newStore(t)
	in := sheet.New(store, graph.Operator, sheet.Options{})
	err := in.ImportSheet(t.Context(), "partners.csv", io.MultiReader(strings.NewReader("id,name\np,Pea\n"), iotest.ErrReader(errors.New("the line is dead"))))
	if err == nil || err.Error() != "importing partners.csv: the line is dead" {
		t.Errorf("error %v", err)
	}
}
