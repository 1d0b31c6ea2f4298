package scenarios

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/network"
	"valueweb/graph/sheet"
	"valueweb/internal/transport"
	"valueweb/scenarios/naive"
)

// tortured reports whether the long tests are to run at length: VALUEWEB_TORTURE=1.
func tortured() bool { return os.Getenv("VALUEWEB_TORTURE") != "" }

// often is how many times something is tried: by default, or under torture.
func often(byDefault, torture int) int {
	if tortured() {
		return torture
	}
	return byDefault
}

// TestRandomSmallWorldsAreAnsweredAsTheNaiveModelAnswersThem asks about worlds that nobody has looked at:
// first as imported, then after a second import has changed some rows and brought new ones. Every answer
// must be that of a model that shares no code with the product and knows only the final sheets.
//
// VALUEWEB_SEED=N runs the one world of a seed, VALUEWEB_TORTURE=1 ten thousand worlds, of which
// 200 are asked on Neo4j as well.
func TestRandomSmallWorldsAreAnsweredAsTheNaiveModelAnswersThem(t *testing.T) {
	t.Parallel()
	inParts(t, often(80, 10_000), func(t *testing.T, seeds []uint64) {
		for _, seed := range seeds {
			embeddedTrial(t, seed).run()
		}
	})
	onNeo4j(t, often(4, 200), func(t *testing.T, seeds []uint64, options neo4jstore.Options) {
		for _, seed := range seeds {
			neo4jTrial(t, seed, options).run()
		}
	})
}

// inParts runs worlds on embedded stores, those of a part one after the other and a part a processor.
func inParts(t *testing.T, worlds int, run func(t *testing.T, seeds []uint64)) {
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		parts := runtime.GOMAXPROCS(0)
		for part := range parts {
			t.Run(fmt.Sprintf("part %d of %d", part+1, parts), func(t *testing.T) {
				t.Parallel()
				run(t, seeds(t, worlds, part, parts))
			})
		}
	})
}

// onNeo4j runs worlds in the database, unless tests are to be short.
func onNeo4j(t *testing.T, worlds int, run func(t *testing.T, seeds []uint64, options neo4jstore.Options)) {
	if testing.Short() {
		return
	}
	t.Run("neo4j", func(t *testing.T) {
		t.Parallel()
		run(t, seeds(t, worlds, 0, 1), neo4jtest.Empty(t))
	})
}

// opener empties the database and opens a store in it, as often as it is called.
func opener(t *testing.T, options neo4jstore.Options) func() (graph.Store, error) {
	return func() (graph.Store, error) {
		neo4jtest.EmptyAgain(t)
		return neo4jstore.Open(context.Background(), options)
	}
}

// seeds are those of a part of so many worlds, or the one that VALUEWEB_SEED names.
func seeds(t *testing.T, worlds, part, parts int) (all []uint64) {
	text := os.Getenv("VALUEWEB_SEED")
	if text == "" {
		for seed := part; seed < worlds; seed += parts {
			all = append(all, uint64(seed))
		}
		return all
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if part == 0 {
		all = append(all, seed)
	}
	return all
}

// questionsAWorld is how many questions a world is asked before it changes, and how many new ones after.
const questionsAWorld = 10

// trial is one random world, asked before and after a change.
type trial struct {
	*testing.T
	seed    uint64
	open    func(context.Context) (graph.Store, error) // its store, empty at first
	lasting bool                                       // what is in the store is still there when it is opened again
	first   sheets                                     // as imported first
	changes sheets                                     // as imported then
	final   sheets                                     // what both together come to
	kept    string                                     // the folder that the sheets were written to, once something is wrong
}

// embeddedTrial is a trial in memory. Every tenth one is in a directory that is closed and opened before the
// questions: then the indexes are those that an opener builds.
func embeddedTrial(t *testing.T, seed uint64) *trial {
	if seed%10 > 0 {
		return &trial{T: t, seed: seed, open: func(context.Context) (graph.Store, error) { return embedded.Memory(embedded.Options{}), nil }}
	}
	dir := t.TempDir()
	return &trial{T: t, seed: seed, lasting: true, open: func(ctx context.Context) (graph.Store, error) {
		return embedded.Open(ctx, dir, embedded.Options{})
	}}
}

// neo4jTrial is a trial in a database, which it empties.
func neo4jTrial(t *testing.T, seed uint64, options neo4jstore.Options) *trial {
	neo4jtest.EmptyAgain(t)
	return &trial{T: t, seed: seed, lasting: seed%10 == 0, open: func(ctx context.Context) (graph.Store, error) {
		return neo4jstore.Open(ctx, options)
	}}
}

// run asks about the world, unless something was wrong with one before.
func (t *trial) run() {
	if t.Failed() {
		return
	}
	r := rand.New(rand.NewPCG(t.seed, 3))
	t.first = readSheets(naive.Random(r))
	t.changes, t.final = change(r, t.first)
	before, after := t.model(t.first), t.model(t.final)
	early, late := naive.RandomQuestions(r, before, questionsAWorld), naive.RandomQuestions(r, after, questionsAWorld)

	live := t.opened()
	defer func() { live.close() }()
	live.take(t.first)
	live = live.reopened()
	for _, q := range early {
		live.ask("at first", before, q)
	}
	live.take(t.changes)
	live.takeNothing(t.final)
	live = live.reopened()
	for _, q := range early[:questionsAWorld/2] {
		if !aboutAnOpportunity(q) { // it may have become a draft, which only its owner sees
			live.ask("again", after, q)
		}
	}
	for _, q := range late {
		live.ask("after the change", after, q)
		live.pageThrough(q)
	}
}

func aboutAnOpportunity(question map[string]any) bool {
	gap, _ := question["gap"].(map[string]any)
	place, _ := gap["place"].(map[string]any)
	return place["opportunity"] != nil
}

func (t *trial) model(s sheets) *naive.World {
	w, err := naive.Load(s.files())
	if err != nil {
		t.Fatalf("seed %d: %v", t.seed, err)
	}
	return w
}

// wrong reports a failure together with all that it takes to look into it.
func (t *trial) wrong(format string, args ...any) {
	t.Helper()
	if t.kept == "" {
		t.kept = t.keep()
	}
	t.Errorf("seed %d (VALUEWEB_SEED=%d runs it alone, its sheets are in %s): %s", t.seed, t.seed, t.kept, fmt.Sprintf(format, args...))
}

// keep writes the sheets to a folder that outlives the test.
func (t *trial) keep() string {
	dir, err := os.MkdirTemp("", fmt.Sprintf("valueweb-world-%d-", t.seed))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]sheets{"first": t.first, "changes": t.changes, "final": t.final} {
		if err := os.CopyFS(filepath.Join(dir, name), s.files()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// service is a product in this process, behind its HTTP routes.
type service struct {
	*trial
	store  graph.Store
	ties   *network.Projection
	routes http.Handler
}

func (t *trial) opened() *service {
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	s := &service{trial: t}
	var err error
	if s.store, err = t.open(ctx); err != nil {
		t.Fatalf("seed %d: %v", t.seed, err)
	}
	if s.ties, err = network.Follow(ctx, s.store, log); err != nil {
		s.Fatalf("seed %d: %v", s.seed, err)
	}
	s.routes = transport.New(transport.Config{Graph: &graph.Graph{Store: s.store, Network: s.ties, Clock: time.Now}, Log: log})
	return s
}

func (s *service) close() {
	s.ties.Close()
	if err := s.store.Close(); err != nil {
		s.wrong("close the store: %v", err)
	}
}

// reopened closes and opens a store that lasts, and leaves another one alone.
func (s *service) reopened() *service {
	if !s.lasting {
		return s
	}
	s.close()
	return s.trial.opened()
}

// take imports sheets of which every row must be right, and waits until the ties reflect them.
func (s *service) take(changes sheets) *sheet.Report {
	sources, err := sheet.Dir(changes.files())
	if err != nil {
		s.Fatal(err)
	}
	report, err := sheet.Import(context.Background(), s.store, graph.Operator, sources, sheet.Options{})
	if err != nil || !report.Complete() {
		s.wrong("the import is not complete: %v %+v", err, report.Problems)
		s.FailNow()
	}
	if err := s.ties.Await(context.Background(), report.Seq); err != nil {
		s.Fatal(err)
	}
	return report
}

// takeNothing imports what is there already: nothing may change.
func (s *service) takeNothing(same sheets) {
	seq, err := s.store.Seq(context.Background())
	if err != nil {
		s.Fatal(err)
	}
	if report := s.take(same); report.Seq != seq || report.Totals.Changed+report.Totals.Added != 0 {
		s.wrong("importing what is there already changed something: %+v", report.Totals)
	}
}

const fullGap = `query($gap: GapInput!, $first: Int, $after: String) { whoCanFill(gap: $gap, first: $first, after: $after) {
  totalCount ringKm changed pageInfo { hasNextPage endCursor }
  leftOut { kind tier status level certification capacity noOffice radius declined }
  loosen { filter to wouldFind }
  nodes {
    rank score km partner { id } office { id }
    terms { term value weight contribution because } caveats { code text }
    trustPath { strength partners { id } }
    matches { need { id } exact km office { id } holding { level competency { id } } certification { id } }
  }
} }`

const fullPaths = `query($from: ID!, $to: ID!, $maxHops: Int, $first: Int, $avoid: [ID!], $asOf: Date) {
  paths(from: $from, to: $to, maxHops: $maxHops, first: $first, avoid: $avoid, asOf: $asOf) {
    nodes { strength partners { id } ties { strength referrals partnership { id } } } apart { from to }
  }
}`

// ask puts a question to the model and to the product and compares.
func (s *service) ask(when string, w *naive.World, variables map[string]any) {
	field, want, refusal := w.Answer(variables)
	text := fullGap
	if field == "paths" {
		text = fullPaths
	}
	got, code := s.query(text, variables)
	if code != refusal {
		s.complain(when, variables, fmt.Sprintf("expected the code %q, got %q", refusal, code))
	}
	if code != "" || refusal != "" {
		return
	}
	if wrong := naive.Compare(want, got[field], w.Leeway(variables)); len(wrong) > 0 {
		s.complain(when, variables, strings.Join(wrong, "\n  "))
	}
}

func (s *service) complain(when string, variables map[string]any, what string) {
	asked, _ := json.Marshal(variables)
	s.wrong("%s, the answer to %s:\n  %s", when, asked, what)
}

// pageThrough asks for a long answer page by page: the pages of three must hold the rows of the whole.
func (s *service) pageThrough(variables map[string]any) {
	if variables["gap"] == nil {
		return
	}
	whole := s.page(variables, 1000, nil)
	if total, _ := whole["totalCount"].(float64); total <= 3 {
		return
	}
	var nodes []any
	var after any
	for more := true; more; {
		page := s.page(variables, 3, after)
		rows, _ := page["nodes"].([]any)
		if len(rows) == 0 || page["totalCount"] != whole["totalCount"] || page["ringKm"] != whole["ringKm"] || page["changed"] != false {
			s.complain("in pages", variables, fmt.Sprintf("the page after %d rows is another answer: %v", len(nodes), page))
			return
		}
		nodes = append(nodes, rows...)
		info := page["pageInfo"].(map[string]any)
		more, after = info["hasNextPage"] == true, info["endCursor"]
	}
	if !reflect.DeepEqual(nodes, whole["nodes"]) {
		s.complain("in pages", variables, fmt.Sprintf("the pages hold other rows than the whole:\n  %v\n  %v", nodes, whole["nodes"]))
	}
}

func (s *service) page(variables map[string]any, first int, after any) map[string]any {
	variables = maps.Clone(variables)
	variables["first"], variables["after"] = first, after
	data, _ := s.query(fullGap, variables)
	answer, _ := data["whoCanFill"].(map[string]any)
	return answer
}

// query returns the data of an answer, or the code of its first error.
func (s *service) query(text string, variables map[string]any) (data map[string]any, code string) {
	body, err := json.Marshal(map[string]any{"query": text, "variables": variables})
	if err != nil {
		s.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "http://localhost/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	s.routes.ServeHTTP(recorder, request)
	var answer struct {
		Data   map[string]any
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		s.wrong("no GraphQL answer: %v\n%s", err, recorder.Body)
		return nil, "no answer"
	}
	if len(answer.Errors) > 0 {
		return nil, cmp.Or(answer.Errors[0].Extensions.Code, "an error without a code")
	}
	return answer.Data, ""
}

// sheets are the records of a world by sheet; the first record is the header.
type sheets map[string][][]string

func readSheets(files map[string][]byte) sheets {
	s := sheets{}
	for name, text := range files {
		records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			panic(err) // the model wrote it
		}
		s[strings.TrimSuffix(name, ".csv")] = records
	}
	return s
}

func (s sheets) files() fs.FS {
	files := fstest.MapFS{}
	for name, records := range s {
		var text bytes.Buffer
		if err := csv.NewWriter(&text).WriteAll(records); err != nil {
			panic(err) // a buffer takes everything
		}
		files[name+".csv"] = &fstest.MapFile{Data: text.Bytes()}
	}
	return files
}

// cell returns a cell of a record by the name of its column.
func (s sheets) cell(sheet, column string, record []string) *string {
	return &record[slices.Index(s[sheet][0], column)]
}

// grafts are the cells of a row that may take over those of another row of its sheet, together: whatever
// comes of it is again a world that the specification is clear about.
var grafts = map[string][][]string{
	"partners":       {{"kind"}, {"status"}, {"tier"}, {"capacity"}},
	"offices":        {{"lat", "lng"}},
	"certifications": {{"issued_on", "expires_on"}, {"verified"}, {"competency_id"}},
	"customers":      {{"segment"}},
	"sites":          {{"lat", "lng"}},
	"partnerships":   {{"partners", "pending"}, {"collaboration"}, {"starts_on", "ends_on"}},
	"opportunities": {
		{"needs"}, {"customer_id", "site_id", "lat", "lng"}, {"stage", "review", "posted_on", "closed_on", "lost_reason"},
		{"owner_partner_id", "lead_partner_id", "member_partner_ids", "declined_partner_ids"},
	},
	"referrals":            {{"from_partner_id", "to_partner_id"}, {"competency_id"}, {"state", "sent_on", "answered_on", "closed_on"}},
	"walls":                {{"customer_id", "segment"}, {"competency_id"}, {"partner_id"}},
	"partner_competencies": {{"level"}, {"remote"}},
}

// change draws a second import: rows that say something else than before and rows that are new, or
// sometimes all rows there are; and what a world is that knew it all from the start. An import never
// deletes, so that no row of the first import is missing in the final sheets.
func change(r *rand.Rand, first sheets) (changes, final sheets) {
	c := changer{Rand: r, final: sheets{}}
	for name, records := range first {
		c.final[name] = [][]string{}
		for _, record := range records {
			c.final[name] = append(c.final[name], slices.Clone(record))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(grafts)) {
		c.graft(name)
	}
	c.rearrange()
	c.shorten()
	for range 1 + r.IntN(3) {
		c.newcomer()
	}
	for _, name := range []string{"partnerships", "referrals", "opportunities", "certifications", "walls"} {
		c.repeat(name)
	}
	for range 1 + r.IntN(4) {
		c.overlap()
	}
	return c.difference(first), c.final
}

type changer struct {
	*rand.Rand
	final sheets
}

func (c changer) chance(percent int) bool { return c.IntN(100) < percent }

// rows are the records of a sheet without its header.
func (c changer) rows(sheet string) [][]string { return c.final[sheet][1:] }

// any draws a record of a sheet, nil where it has none.
func (c changer) any(sheet string) []string {
	if rows := c.rows(sheet); len(rows) > 0 {
		return rows[c.IntN(len(rows))]
	}
	return nil
}

func (c changer) cell(sheet, column string, record []string) *string {
	return c.final.cell(sheet, column, record)
}

// graft lets about a quarter of the rows of a sheet take over cells of others.
func (c changer) graft(sheet string) {
	for _, row := range c.rows(sheet) {
		if !c.chance(25) || c.chained(sheet, row) || sheet == "walls" && *c.cell(sheet, "partnership_id", row) != "" {
			continue
		}
		c.takeOver(sheet, row, c.any(sheet))
	}
}

// takeOver copies cells that belong together.
func (c changer) takeOver(sheet string, row, from []string) {
	columns := grafts[sheet][c.IntN(len(grafts[sheet]))]
	for _, column := range columns {
		*c.cell(sheet, column, row) = *c.cell(sheet, column, from)
	}
}

// chained reports whether a referral stands in a chain: its dates follow from those of others.
func (c changer) chained(sheet string, row []string) bool {
	if sheet != "referrals" {
		return false
	}
	id := *c.cell(sheet, "id", row)
	return *c.cell(sheet, "parent_id", row) != "" || slices.ContainsFunc(c.rows(sheet), func(other []string) bool {
		return *c.cell(sheet, "parent_id", other) == id
	})
}

// rearrange gives some competencies other broader ones, all of which stand before them: no circle.
func (c changer) rearrange() {
	rows := c.rows("competencies")
	for i, row := range rows {
		if i == 0 || !c.chance(20) {
			continue
		}
		var broader []string
		for _, j := range c.Perm(i)[:c.IntN(min(i, 2)+1)] {
			broader = append(broader, rows[j][0])
		}
		*c.cell("competencies", "parent_id", row) = strings.Join(broader, ";")
	}
}

const holdings = "partner_competencies"

// rowsOf are the rows of the holding that a row is about.
func (c changer) rowsOf(row []string) (same [][]string) {
	for _, other := range c.rows(holdings) {
		if slices.Equal(other[:3], row[:3]) { // partner, competency, office
			same = append(same, other)
		}
	}
	return same
}

// shorten gives holdings another end. Only those of one row: a row that has become a part of a holding
// stays one, whatever its dates say later.
func (c changer) shorten() {
	for _, row := range c.rows(holdings) {
		if !c.chance(15) || len(c.rowsOf(row)) > 1 {
			continue
		}
		since, until := *c.cell(holdings, "since", row), *c.cell(holdings, "until", c.any(holdings))
		if until == "" || until >= since {
			*c.cell(holdings, "until", row) = until
		}
	}
}

// overlap adds a row to a holding: it begins on a day within another row of it on which none begins.
func (c changer) overlap() {
	row := c.any(holdings)
	since, until := *c.cell(holdings, "since", c.any(holdings)), *c.cell(holdings, "until", row)
	if since == "" || since < *c.cell(holdings, "since", row) || until != "" && since > until {
		return
	}
	for _, same := range c.rowsOf(row) {
		if *c.cell(holdings, "since", same) == since {
			return
		}
	}
	added := slices.Clone(row)
	*c.cell(holdings, "since", added) = since
	*c.cell(holdings, "until", added) = [...]string{"", since}[c.IntN(2)]
	c.takeOver(holdings, added, c.any(holdings))
	c.final[holdings] = append(c.final[holdings], added)
}

// repeat adds rows like others under ids of their own.
func (c changer) repeat(sheet string) {
	for range c.IntN(4) {
		from := c.any(sheet)
		if from == nil || c.chained(sheet, from) || sheet == "walls" && *c.cell(sheet, "partnership_id", from) != "" {
			continue
		}
		row := slices.Clone(from)
		*c.cell(sheet, "id", row) = fmt.Sprintf("new-%s-%d", sheet, len(c.rows(sheet)))
		if sheet != "certifications" { // whose office is its partner's
			c.takeOver(sheet, row, c.any(sheet))
		}
		c.final[sheet] = append(c.final[sheet], row)
	}
}

// newcomer adds a partner with an office, what it can do, and those who know it.
func (c changer) newcomer() {
	id := fmt.Sprintf("new-%d", len(c.rows("partners")))
	known := c.any("partners")[0]
	add := func(sheet string, cells map[string]string) {
		row := slices.Clone(c.any(sheet))
		if row == nil || c.chained(sheet, row) {
			return
		}
		for column, text := range cells {
			*c.cell(sheet, column, row) = text
		}
		c.final[sheet] = append(c.final[sheet], row)
	}
	add("partners", map[string]string{"id": id})
	add("offices", map[string]string{"id": id + ".o", "partner_id": id})
	add(holdings, map[string]string{"partner_id": id, "office_id": ""})
	add(holdings, map[string]string{"partner_id": id, "office_id": id + ".o"})
	add("partnerships", map[string]string{"id": id + "-ship", "partners": id + ";" + known, "pending": ""})
	add("referrals", map[string]string{"id": id + "-referral", "from_partner_id": known, "to_partner_id": id})
}

// difference are the rows of the final sheets that the first ones lack, or sometimes all, in any order.
func (c changer) difference(first sheets) sheets {
	changes, all := sheets{}, c.chance(30)
	for _, name := range slices.Sorted(maps.Keys(c.final)) {
		var rows [][]string
		for _, row := range c.rows(name) {
			if all || !slices.ContainsFunc(first[name], func(old []string) bool { return slices.Equal(old, row) }) {
				rows = append(rows, row)
			}
		}
		c.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if len(rows) > 0 {
			changes[name] = append([][]string{c.final[name][0]}, rows...)
		}
	}
	return changes
}
