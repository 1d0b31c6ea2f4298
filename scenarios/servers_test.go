package scenarios

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/sheet"
	"valueweb/internal/neo4jserver"
)

// TestServersOnOneNeo4jAnswerAlikeAndLoseNothing loads two servers on one database and takes away, one after
// the other, a server, the database and the processor of the database. Answers are whole and right, or they
// say that the database is away; what was acknowledged is there once, and both servers come back by themselves.
// VALUEWEB_TORTURE=1 does it ten times, and waits until requests at a frozen database run out of time.
func TestServersOnOneNeo4jAnswerAlikeAndLoseNothing(t *testing.T) {
	f := newFleet(t)
	stop := f.load()
	f.forMore(10, "at first")
	f.compare()
	for round := range often(1, 10) {
		f.loseServer(round % len(f.members))
		f.loseDatabase()
		f.freezeDatabase()
	}
	stop()
	f.compare()
	f.audit()
	t.Logf("%d deliveries were acknowledged, %d answers were checked; refused: %v", len(f.acknowledged), f.checked.Load(), f.refusals())
}

// recoveryTime is how long servers may take to recover once the database answers again. It is far more than
// they take on an idle machine.
const recoveryTime = 90 * time.Second

// fleet is some servers on one database, those who write and read through them, and what they know.
type fleet struct {
	*testing.T
	neo4j   *neo4jserver.Server
	members []*member
	writing sync.RWMutex // held by those who write; who compares answers keeps them waiting
	checked atomic.Int64 // answers that were compared with what was acknowledged

	mu           sync.Mutex
	acknowledged map[int]int64 // the seq at which a delivery was acknowledged
	pending      map[int]bool  // deliveries that were sent and not acknowledged
	seq          int64         // the newest that was acknowledged
	partners     int           // that were acknowledged
	refused      map[string]int
}

// member is a server of the fleet; another process takes its place when it was killed.
type member struct {
	mu     sync.Mutex
	server *server // nil: it is down
}

func (m *member) url() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return ""
	}
	return m.server.url
}

func newFleet(t *testing.T) *fleet {
	neo4j, err := neo4jserver.Start(t.Context(), neo4jserver.ForOneTest(os.Stderr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := neo4j.Stop(); err != nil {
			t.Error(err)
		}
	})
	f := &fleet{T: t, neo4j: neo4j, members: []*member{{}, {}}, acknowledged: map[int]int64{}, pending: map[int]bool{}, refused: map[string]int{}}
	t.Cleanup(func() {
		for i := range f.members {
			f.kill(i)
		}
	})
	var starting sync.WaitGroup // both at once: one migrates the empty database, the other waits for it
	for i := range f.members {
		starting.Go(func() { f.start(i) })
	}
	starting.Wait()
	if t.Failed() {
		t.FailNow()
	}
	f.lay()
	return f
}

func (f *fleet) start(i int) {
	s, err := startWith([]string{"VALUEWEB_NEO4J_USER=" + f.neo4j.User, "VALUEWEB_NEO4J_PASSWORD=" + f.neo4j.Password}, "--store", f.neo4j.URI)
	if err != nil {
		f.Error(err)
		return
	}
	m := f.members[i]
	m.mu.Lock()
	m.server = s
	m.mu.Unlock()
}

// kill ends a server as a crash would. Its log must hold no race and no fault of the service.
func (f *fleet) kill(i int) {
	m := f.members[i]
	m.mu.Lock()
	s := m.server
	m.server = nil
	m.mu.Unlock()
	if s == nil {
		return
	}
	if err := s.kill(); err != nil {
		f.Errorf("kill server %d: %v", i, err)
	}
	log := s.log.String()
	if strings.Contains(log, "DATA RACE") || strings.Contains(log, "msg=panic") {
		f.Errorf("server %d had something to say:\n%s", i, log)
	}
	if strings.Contains(log, f.neo4j.Password) {
		f.Errorf("server %d wrote the password to its log", i)
	}
}

// The partners that are there from the start: each holds the competency, has an office and knows the next.
const seated = 20

func seat(i int) string { return fmt.Sprintf("p%d", i%seated) }

// lay imports what is there from the start.
func (f *fleet) lay() {
	all := sheets{
		"competencies":         {{"id", "name"}, {"work", "Work"}},
		"partners":             {{"id", "name"}},
		"offices":              {{"id", "partner_id", "city", "country", "lat", "lng"}},
		"partner_competencies": {{"partner_id", "competency_id", "level"}},
		"referrals":            {{"id", "from_partner_id", "to_partner_id", "state", "sent_on", "answered_on", "closed_on"}},
	}
	add := func(name string, cells ...string) { all[name] = append(all[name], cells) }
	for i := range seated {
		add("partners", seat(i), "Partner "+strconv.Itoa(i))
		add("offices", "o"+strconv.Itoa(i), seat(i), "Lyon", "FR", fmt.Sprintf("45.%02d", i), "4.9")
		add("partner_competencies", seat(i), "work", strconv.Itoa(1+i%5))
		add("referrals", fmt.Sprintf("first%d", i), seat(i), seat(i+1), "WON", "2026-01-01", "2026-01-02", "2026-01-03")
	}
	answer, err := f.send(f.members[0].url(), "/import", "application/x-tar", archive(all), 0)
	if err != nil || answer.status != http.StatusOK {
		f.Fatalf("lay: %v %+v", err, answer)
	}
	var report sheet.Report
	if err := json.Unmarshal(answer.body, &report); err != nil || !report.Complete() {
		f.Fatalf("lay: %v %s", err, answer.body)
	}
	f.seq = report.Seq
}

// rowsADelivery are the rows of one delivery: one transaction.
const rowsADelivery = 5

// delivery is a sheet of a few rows: new partners, or referrals between those who were there.
func delivery(n int) (name string, records [][]string) {
	if n%2 == 0 {
		name, records = "partners", [][]string{{"id", "name", "employees"}}
	} else {
		name, records = "referrals", [][]string{{"id", "from_partner_id", "to_partner_id", "state", "sent_on", "answered_on", "closed_on"}}
	}
	for i := range rowsADelivery {
		id := fmt.Sprintf("d%d-%d", n, i)
		if n%2 == 0 {
			records = append(records, []string{id, "Delivered " + id, strconv.Itoa(n)})
		} else {
			records = append(records, []string{id, seat(n), seat(n + 1 + i), "WON", "2026-02-01", "2026-02-02", "2026-02-03"})
		}
	}
	return name, records
}

// load writes and reads through all servers until it is stopped.
func (f *fleet) load() (stop func()) {
	ctx, cancel := context.WithCancel(f.Context())
	var working sync.WaitGroup
	for w := range 2 {
		working.Go(func() { f.write(ctx, w) })
		working.Go(func() { f.read(ctx, w) })
	}
	return func() { cancel(); working.Wait() }
}

// write delivers every second delivery, by turns through each server. One that is not acknowledged is left
// behind: whether it is there is found out in the end.
func (f *fleet) write(ctx context.Context, from int) {
	for n := from; ctx.Err() == nil; n += 2 {
		if url := f.members[(n/2)%len(f.members)].url(); url != "" {
			f.deliver(n, url)
		}
	}
}

func (f *fleet) deliver(n int, url string) {
	f.writing.RLock()
	defer f.writing.RUnlock()
	name, records := delivery(n)
	var body bytes.Buffer
	if err := csv.NewWriter(&body).WriteAll(records); err != nil {
		panic(err) // a buffer takes everything
	}
	f.mu.Lock()
	f.pending[n] = true
	f.mu.Unlock()
	answer, err := f.send(url, "/import?sheet="+name, "text/csv", body.Bytes(), 0)
	switch {
	case err != nil:
		f.gone(url, err)
	case answer.status != http.StatusOK:
		f.refuse("import", answer)
	default:
		f.acknowledge(n, answer)
	}
}

func (f *fleet) acknowledge(n int, a *httpAnswer) {
	var report sheet.Report
	if err := json.Unmarshal(a.body, &report); err != nil || report.Totals.Added != rowsADelivery {
		f.Errorf("delivery %d: %v %s", n, err, a.body)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.pending, n)
	f.acknowledged[n], f.seq = report.Seq, max(f.seq, report.Seq)
	if n%2 == 0 {
		f.partners += rowsADelivery
	}
}

// read asks every server by turns about what was acknowledged by any.
func (f *fleet) read(ctx context.Context, from int) {
	for n := from; ctx.Err() == nil; n++ {
		url := f.members[n%len(f.members)].url()
		if url == "" {
			continue
		}
		f.mu.Lock()
		seq, partners := f.seq, f.partners
		f.mu.Unlock()
		answer, err := f.question(url, seq)
		switch {
		case err != nil:
			f.gone(url, err)
		case answer.status != http.StatusOK || answer.code() != "":
			f.refuse("question", answer)
		default:
			f.check(answer, seq, partners)
		}
	}
}

const fleetQuestion = `{
  whoCanFill(gap: {needs: [{competency: "work"}], place: {point: {lat: 45.1, lng: 4.9}}, anywhere: true, asker: "p0", asOf: "2026-11-22"}, first: 100) {
    reflectsSeq totalCount nodes { rank score km partner { id } trustPath { strength partners { id } } }
  }
  partners(first: 1) { totalCount nodes { id name } }
}`

func (f *fleet) question(url string, after int64) (*httpAnswer, error) {
	body, _ := json.Marshal(map[string]any{"query": fleetQuestion})
	return f.send(url, "/graphql", "application/json", body, after)
}

// check compares an answer with what was acknowledged when the question was asked: it reflects all of it, and
// every delivery whole.
func (f *fleet) check(a *httpAnswer, seq int64, partners int) {
	var answer struct {
		Data struct {
			WhoCanFill struct {
				ReflectsSeq string
				TotalCount  int
				Nodes       []struct {
					Rank      int
					Partner   struct{ ID string }
					TrustPath *struct{ Strength float64 }
				}
			}
			Partners struct{ TotalCount int }
		}
	}
	if err := json.Unmarshal(a.body, &answer); err != nil {
		f.Errorf("%v: %s", err, a.body)
		return
	}
	found := answer.Data.WhoCanFill
	reflects, _ := strconv.ParseInt(found.ReflectsSeq, 10, 64)
	delivered := answer.Data.Partners.TotalCount - seated
	if reflects < seq || delivered < partners || delivered%rowsADelivery != 0 {
		f.Errorf("after seq %d with %d partners delivered the answer reflects %d and %d partners", seq, partners, reflects, delivered)
	}
	if found.TotalCount != seated-1 || len(found.Nodes) != seated-1 {
		f.Errorf("%d of %d candidates were found", found.TotalCount, seated-1)
	}
	for i, node := range found.Nodes {
		if node.Rank != i+1 {
			f.Errorf("candidate %d has rank %d", i+1, node.Rank)
		}
	}
	f.checked.Add(1)
}

// httpAnswer is what a server answered.
type httpAnswer struct {
	status     int
	retryAfter string
	body       []byte
}

// code is the code of the first error, empty for none.
func (a *httpAnswer) code() string {
	var envelope struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(a.body, &envelope); err != nil {
		return "no JSON: " + err.Error()
	}
	if len(envelope.Errors) == 0 {
		return ""
	}
	return envelope.Errors[0].Extensions.Code
}

// send posts something, and reads what is asked without a body.
func (f *fleet) send(url, path, kind string, body []byte, after int64) (*httpAnswer, error) {
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	request, err := http.NewRequest(method, url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if after > 0 {
		request.Header.Set("X-Valueweb-After", strconv.FormatInt(after, 10))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return &httpAnswer{response.StatusCode, response.Header.Get("Retry-After"), text}, err
}

// gone checks that a request failed because its server was killed.
func (f *fleet) gone(url string, err error) {
	for _, m := range f.members {
		if m.url() == url {
			f.Errorf("a server that runs broke a request off: %v", err)
		}
	}
	f.count("server gone")
}

// refuse checks that an answer says in the way agreed that the database is away, and nothing else.
func (f *fleet) refuse(what string, a *httpAnswer) {
	code := a.code()
	away := a.status == http.StatusServiceUnavailable && a.retryAfter != "" && (code == "UNAVAILABLE" || code == "TIMEOUT")
	late := a.status == http.StatusOK && code == "TIMEOUT"
	// The database may go while a question is answered: what was read before stands, and the errors name the rest.
	partly := a.status == http.StatusOK && code == "UNAVAILABLE" && bytes.Contains(a.body, []byte(`"data":{"whoCanFill":{`))
	if !away && !late && !partly {
		f.Errorf("%s: %d, Retry-After %q: %s", what, a.status, a.retryAfter, a.body)
	}
	for _, internal := range []string{"bolt", "Neo4j", "neo4j", "127.0.0.1", "dial", "Cypher", "ConnectivityError"} {
		if bytes.Contains(a.body, []byte(internal)) {
			f.Errorf("%s: the answer tells %q: %s", what, internal, a.body)
		}
	}
	f.count(what + " " + code)
}

func (f *fleet) count(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused[what]++
}

func (f *fleet) refusals() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.refused)
}

func (f *fleet) counted(what string) func() int {
	return func() int { return f.refusals()[what] }
}

func (f *fleet) deliveries() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.acknowledged)
}

// until polls what another process will come to, which tells nobody.
func (f *fleet) until(within time.Duration, what string, reached func() bool) time.Duration {
	f.Helper()
	begin := time.Now()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !reached() {
		if time.Since(begin) > within {
			f.Fatalf("%s: not within %v; refused so far: %v", what, within, f.refusals())
		}
		<-ticker.C
	}
	return time.Since(begin)
}

// forMore waits for more deliveries to be acknowledged.
func (f *fleet) forMore(n int, when string) time.Duration {
	f.Helper()
	before := f.deliveries()
	return f.until(recoveryTime, fmt.Sprintf("%d more deliveries %s", n, when), func() bool { return f.deliveries() >= before+n })
}

// forMoreOf waits until something was counted some more times.
func (f *fleet) forMoreOf(n int, what string) {
	f.Helper()
	count := f.counted(what)
	before := count()
	f.until(recoveryTime, fmt.Sprintf("%d more of %q", n, what), func() bool { return count() >= before+n })
}

// ready asks a server whether it is ready; it must say so soon.
func (f *fleet) ready(m *member) bool {
	begin := time.Now()
	answer, err := f.send(m.url(), "/readyz", "", nil, 0)
	if err != nil {
		f.Fatal(err)
	}
	if took := time.Since(begin); took > 5*time.Second { // 1 s, on a machine that has time
		f.Errorf("/readyz took %v", took)
	}
	if answer.status != http.StatusOK {
		f.refuse("readyz", answer)
	}
	return answer.status == http.StatusOK
}

func (f *fleet) allReady() bool {
	return !slices.ContainsFunc(f.members, func(m *member) bool { return !f.ready(m) })
}

// compare asks all servers the same at one seq, while nobody writes: their answers must be the same, byte by
// byte. A delivery that nobody waits for any more may still come between; then it asks again.
func (f *fleet) compare() {
	f.Helper()
	f.writing.Lock()
	defer f.writing.Unlock()
	f.until(recoveryTime, "two answers of one seq", func() bool {
		f.mu.Lock()
		seq := f.seq
		f.mu.Unlock()
		var bodies [][]byte
		for _, m := range f.members {
			answer, err := f.question(m.url(), seq)
			if err != nil || answer.status != http.StatusOK {
				f.Fatalf("%v %+v", err, answer)
			}
			bodies = append(bodies, answer.body)
		}
		again, err := f.question(f.members[0].url(), seq)
		if err != nil {
			f.Fatal(err)
		}
		if !bytes.Equal(bodies[0], again.body) {
			return false
		}
		if !bytes.Equal(bodies[0], bodies[1]) {
			f.Fatalf("at seq %d the servers differ:\n%s\n%s", seq, bodies[0], bodies[1])
		}
		return true
	})
}

// loseServer kills one server under load, goes on with the others, and starts another one in its place.
func (f *fleet) loseServer(i int) {
	f.kill(i)
	f.forMore(10, "by the other server")
	f.start(i)
	f.forMore(10, "by both again")
	f.compare()
}

// loseDatabase kills the database under load and starts it again on its data.
func (f *fleet) loseDatabase() {
	if err := f.neo4j.Kill(); err != nil {
		f.Fatal(err)
	}
	killed := time.Now()
	f.forMoreOf(2, "question UNAVAILABLE")
	f.forMoreOf(2, "import UNAVAILABLE")
	f.Logf("the database is gone: four refusals after %v", time.Since(killed).Round(time.Millisecond))
	for _, m := range f.members {
		if f.ready(m) {
			f.Error("a server says that it is ready while the database is gone")
		}
	}
	if err := f.neo4j.Restart(context.Background()); err != nil {
		f.Fatal(err)
	}
	f.recover("it was killed")
}

// recover waits until all servers answer and follow the log.
func (f *fleet) recover(from string) {
	f.Helper()
	begin := time.Now()
	ready := f.until(recoveryTime, "readiness after "+from, f.allReady)
	f.forMore(4, "after "+from)
	written := time.Since(begin)
	for _, m := range f.members {
		f.until(recoveryTime, "the network after "+from, func() bool {
			f.mu.Lock()
			seq := f.seq
			f.mu.Unlock()
			answer, err := f.question(m.url(), seq)
			if err != nil {
				f.Fatal(err)
			}
			return answer.status == http.StatusOK
		})
	}
	f.Logf("after %s: ready after %v, four deliveries after %v, both networks follow after %v", from,
		ready.Round(time.Millisecond), written.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
	f.compare()
}

// freezeDatabase takes the processor from the database under load, and gives it back.
func (f *fleet) freezeDatabase() {
	if err := f.neo4j.Freeze(); err != nil {
		f.Fatal(err)
	}
	frozen := time.Now()
	for _, m := range f.members {
		if f.ready(m) {
			f.Error("a server says that it is ready while the database is frozen")
		}
	}
	answer, err := f.question(f.members[1].url(), math.MaxInt64) // ends long before a question does
	if err != nil {
		f.Fatal(err)
	}
	f.refuse("seq of the future", answer)
	if tortured() {
		for _, what := range []string{"question TIMEOUT", "import UNAVAILABLE"} {
			count := f.counted(what)
			before := count()
			f.until(2*time.Minute, "a frozen database: "+what, func() bool { return count() > before })
			f.Logf("the database is frozen: %s after %v", what, time.Since(frozen).Round(time.Millisecond))
		}
	}
	if err := f.neo4j.Thaw(); err != nil {
		f.Fatal(err)
	}
	f.recover("it was frozen")
}

// audit opens the database in this process: what was acknowledged is there once, what was not is there whole
// or not at all, and the log is without a gap.
func (f *fleet) audit() {
	ctx := context.Background()
	store, err := neo4jstore.Open(ctx, neo4jstore.Options{URI: f.neo4j.URI, User: f.neo4j.User, Password: f.neo4j.Password})
	if err != nil {
		f.Fatal(err)
	}
	defer func() { f.must(store.Close()) }()
	rows, versions := map[int]int{}, map[string]int{}
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindReferral} {
		page, err := store.List(ctx, graph.Operator, graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1_000_000}})
		f.must(err)
		for _, node := range page.Nodes {
			var n, i int
			if _, err := fmt.Sscanf(node.Header().ID, "d%d-%d", &n, &i); err == nil {
				rows[n]++
			}
			versions[node.GID()] = node.Header().Version
		}
	}
	for n := range f.acknowledged {
		if rows[n] != rowsADelivery {
			f.Errorf("delivery %d was acknowledged and is there with %d rows", n, rows[n])
		}
	}
	kept := 0
	for n := range f.pending {
		if rows[n] != 0 && rows[n] != rowsADelivery {
			f.Errorf("delivery %d was not acknowledged and is there with %d rows", n, rows[n])
		}
		kept += rows[n] / rowsADelivery
	}
	f.Logf("%d deliveries were not acknowledged; %d of them are there, whole", len(f.pending), kept)
	f.auditLog(ctx, store, versions)
}

// auditLog checks that the log is without a gap, and tells of every version of every node once.
func (f *fleet) auditLog(ctx context.Context, store *neo4jstore.Store, versions map[string]int) {
	seq, err := store.Seq(ctx)
	f.must(err)
	events, err := store.Events(ctx, graph.Operator, 0, math.MaxInt32)
	f.must(err)
	if int64(len(events)) != seq || seq < f.seq {
		f.Errorf("the log is at seq %d and holds %d events without a gap; seq %d was acknowledged", seq, len(events), f.seq)
	}
	changes := map[string]int{}
	for i, event := range events {
		if event.Seq != int64(i+1) {
			f.Fatalf("event %d of the log has the seq %d", i+1, event.Seq)
		}
		if event.Type == graph.EventImportApplied {
			for _, gid := range event.Changes {
				changes[gid]++
			}
		}
	}
	for gid, version := range versions {
		if changes[gid] != version {
			f.Errorf("%s is at version %d; the log tells of %d changes", gid, version, changes[gid])
		}
	}
}

func (f *fleet) must(err error) {
	f.Helper()
	if err != nil && !errors.Is(err, context.Canceled) {
		f.Fatal(err)
	}
}
