package scenarios

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/sheet"
	"valueweb/scenarios/naive"
)

// TestAServerThatIsKilledAtAnyMomentReopensWhole kills a server with SIGKILL while it imports, again and
// again on one directory. Whatever it had acknowledged is there, no transaction is there in half, and the
// import that was cut off is completed by running it again. VALUEWEB_TORTURE=1 kills ten times as often.
func TestAServerThatIsKilledAtAnyMomentReopensWhole(t *testing.T) {
	const killsADirectory = 20
	t.Parallel()
	for life := range often(1, 10) {
		t.Run(fmt.Sprintf("directory %d", life), func(t *testing.T) {
			m := &mortal{T: t, Rand: rand.New(rand.NewPCG(uint64(life), 5)), dir: filepath.Join(t.TempDir(), "store")}
			m.restart()
			for n := range killsADirectory {
				m.importUntilKilled()
				m.audit()
				m.restart()
				m.complete()
				if n%4 == 3 {
					m.ask()
				}
			}
			m.kill()
			t.Logf("%d versions were sent; %d were cut off by a kill, %d of them after a part of their transactions", m.sent, m.cutOff, m.inPart)
		})
	}
}

// Programs with the race detector wait for a second before they exit; those that are started here need not.
func init() { os.Setenv("GORACE", "atexit_sleep_ms=0") }

// mortal is a server on one directory and the one who imports through it: version after version of the
// same sheets. The version is told by every row, so that it marks the transaction that the row came with.
type mortal struct {
	*testing.T
	*rand.Rand
	dir    string
	server *server
	killed *sync.Once
	dead   chan struct{} // closed once the server is

	sent         int   // the version that was sent last
	acknowledged int   // the version that was acknowledged last
	seq          int64 // of the log when it was
	cutOff       int   // versions of which no acknowledgement came
	inPart       int   // those of which some transactions were there and others not
}

func (m *mortal) restart() {
	m.Helper()
	server, err := start("--store", m.dir)
	if err != nil {
		m.Fatal(err)
	}
	m.server, m.killed, m.dead = server, new(sync.Once), make(chan struct{})
	m.Cleanup(m.kill)
}

// kill ends the server as a crash would, wherever it is; once is enough.
func (m *mortal) kill() {
	server, dead := m.server, m.dead
	m.killed.Do(func() {
		defer close(dead)
		if err := server.kill(); err != nil || server.process.ProcessState.ExitCode() != -1 {
			m.Errorf("the server ended by itself: %v, %v", server.process.ProcessState, err)
		}
		if log := server.log.String(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "level=ERROR") {
			m.Errorf("the server had something to say:\n%s", log)
		}
	})
}

func (m *mortal) isDead() bool {
	select {
	case <-m.dead:
		return true
	default:
		return false
	}
}

// importUntilKilled imports one version after the other and kills the server at a point of the progress:
// once a version is acknowledged and nothing is under way; when some part of a body is posted; some answers
// after the one that shows that the log has come so far, whatever is under way then; or in the middle of a
// transaction, some looks after the one that shows that its file is being written.
func (m *mortal) importUntilKilled() {
	last, cutAt := m.sent+1+m.IntN(3), -1
	var watching sync.WaitGroup
	switch m.IntN(5) {
	case 0:
	case 1:
		cutAt = m.IntN(len(archive(version(last))) + 1)
	case 2:
		last = math.MaxInt
		seq, more := m.seq+m.Int64N(9), m.IntN(40)
		watching.Go(func() { m.killAt(seq, more) })
	case 3, 4:
		last = math.MaxInt
		writes, more := 1+m.IntN(9), m.IntN(1000)
		watching.Go(func() { m.killWriting(writes, more) })
	}
	for alive := true; alive; {
		m.sent++
		body := &cutBody{text: archive(version(m.sent)), at: -1, cut: m.kill}
		if m.sent == last {
			body.at = cutAt
		}
		report, err := m.post(body)
		switch {
		case err != nil:
			m.cutOff++
			alive = false
		case !report.Complete():
			m.Fatalf("version %d was not imported whole: %+v", m.sent, report)
		default:
			m.acknowledged, m.seq = m.sent, report.Seq
			alive = m.sent != last
		}
	}
	m.kill()
	watching.Wait()
}

// killAt asks how far the log has come until it is at a seq, then some more times, then kills.
func (m *mortal) killAt(seq int64, more int) {
	for m.status().Seq < seq {
	}
	for range more {
		m.status()
	}
	m.kill()
}

// killWriting looks at the data file until it was seen written so many times, then some more times, then
// kills.
func (m *mortal) killWriting(writes, more int) {
	written := func() time.Time {
		info, err := os.Stat(filepath.Join(m.dir, "valueweb.db"))
		if err != nil {
			m.Error(err)
			return time.Time{}
		}
		return info.ModTime()
	}
	for last := written(); writes > 0 && !m.isDead(); runtime.Gosched() {
		if now := written(); !now.Equal(last) {
			last, writes = now, writes-1
		}
	}
	for range more {
		written()
	}
	m.kill()
}

// post sends an archive of sheets; what it returns without an error was acknowledged.
func (m *mortal) post(body io.Reader) (*sheet.Report, error) {
	response, err := http.Post(m.server.url+"/import", "application/x-tar", body)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		m.Errorf("the import was refused: %s", text)
	}
	report := new(sheet.Report)
	return report, json.Unmarshal(text, report)
}

// cutBody is a body during which something happens. It is handed out in small pieces, so that it reaches
// the server in as many.
type cutBody struct {
	text []byte
	done int
	at   int // bytes before the cut; -1: none
	cut  func()
}

func (b *cutBody) Read(p []byte) (int, error) {
	if b.at >= 0 && b.done >= b.at {
		b.at = -1
		b.cut()
	}
	if b.done == len(b.text) {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 512)], b.text[b.done:])
	b.done += n
	return n, nil
}

// progress is how far a server says that its log and its ties have come.
type progress struct{ Seq, ReflectsSeq int64 }

// status asks the server how far it is. One that does not answer has come to its end: whoever waits for a
// seq need not wait longer.
func (m *mortal) status() (s progress) {
	text, _, err := post(m.server.url, map[string]any{"query": "{ status { seq reflectsSeq } }"})
	if err != nil {
		return progress{Seq: math.MaxInt64}
	}
	var answer struct {
		Data struct {
			Status struct{ Seq, ReflectsSeq string }
		}
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		m.Errorf("%v: %s", err, text)
	}
	s.Seq, _ = strconv.ParseInt(answer.Data.Status.Seq, 10, 64)
	s.ReflectsSeq, _ = strconv.ParseInt(answer.Data.Status.ReflectsSeq, 10, 64)
	return s
}

// complete runs the import that was cut off again.
func (m *mortal) complete() {
	if now := m.status(); now.Seq < m.seq || now.ReflectsSeq != now.Seq {
		m.Fatalf("after the restart the log is at %+v; seq %d was acknowledged", now, m.seq)
	}
	dir := m.TempDir()
	if err := os.CopyFS(dir, version(m.sent).files()); err != nil {
		m.Fatal(err)
	}
	if out, err := exec.Command(binary, "import", dir, "--server", m.server.url).CombinedOutput(); err != nil {
		m.Fatalf("import version %d again: %v\n%s", m.sent, err, out)
	}
	m.acknowledged, m.seq = m.sent, m.status().Seq
}

// ask compares an answer with the one of the naive model for all versions so far.
func (m *mortal) ask() {
	all := version(m.sent)
	for v := 1; v < m.sent; v++ {
		for name, records := range version(v) {
			all[name] = append(all[name], records[1+coreRows(name):]...)
		}
	}
	w, err := naive.Load(all.files())
	if err != nil {
		m.Fatal(err)
	}
	variables := map[string]any{"first": 1000.0, "gap": map[string]any{
		"needs": []any{map[string]any{"competency": "work"}}, "radiusKm": 150.0, "asOf": "2026-11-22",
		"place": map[string]any{"point": map[string]any{"lat": 45.5, "lng": 5.0}},
	}}
	text, _, err := post(m.server.url, map[string]any{"query": fullGap, "variables": variables})
	if err != nil {
		m.Fatal(err)
	}
	var answer struct {
		Data struct{ WhoCanFill map[string]any }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		m.Fatal(err)
	}
	want, code := w.WhoCanFill(variables)
	if total, _ := want["totalCount"].(float64); code != "" || total < 50 {
		m.Fatalf("the question is no good: %s %v", code, total)
	}
	if wrong := naive.Compare(want, answer.Data.WhoCanFill, w.Leeway(variables)); len(wrong) > 0 {
		m.Fatalf("after version %d the answer is wrong:\n  %s", m.sent, strings.Join(wrong[:min(9, len(wrong))], "\n  "))
	}
}

// core is how many partners every version tells anew, fresh how many more it brings.
const (
	core  = 400
	fresh = 5
)

// coreRows are the rows of a sheet that every version tells anew; they come first.
func coreRows(sheet string) int {
	if sheet == "competencies" {
		return 1
	}
	return core
}

// version is what one import says: the same partners with the version in every row, each office at the
// next partner, each holding with another end; and some partners that only this version brings.
func version(v int) sheets {
	s := sheets{
		"competencies":         {{"id", "name"}, {"work", "Work"}},
		"partners":             {{"id", "name", "employees", "capacity"}},
		"offices":              {{"id", "partner_id", "city", "country", "lat", "lng"}},
		"partner_competencies": {{"partner_id", "competency_id", "level", "until"}},
	}
	add := func(sheet string, cells ...string) { s[sheet] = append(s[sheet], cells) }
	tell := func(partner, office, at string, i int) {
		lat, lng := 44+float64(i%20)*0.15, 4+float64(i/20)*0.15
		add("partners", partner, "Partner "+partner, strconv.Itoa(v), strconv.Itoa(v+1))
		add("offices", office, at, "Version "+strconv.Itoa(v), "FR", fmt.Sprintf("%.3f", lat), fmt.Sprintf("%.3f", lng))
		add("partner_competencies", partner, "work", strconv.Itoa(1+i%5), day(v))
	}
	for i := range core {
		tell(fmt.Sprintf("p%03d", i), fmt.Sprintf("o%03d", i), fmt.Sprintf("p%03d", (i+v)%core), i)
	}
	for i := range fresh {
		partner := fmt.Sprintf("v%d-%d", v, i)
		tell(partner, partner+".o", partner, 7*v+i)
	}
	return s
}

// day is the end of a holding by which a version is told.
func day(v int) string { return time.Date(2030, 1, 1+v, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }

// archive packs sheets as an import takes them.
func archive(s sheets) []byte {
	var text bytes.Buffer
	w := tar.NewWriter(&text)
	for _, name := range sheet.Order(slices.Sorted(maps.Keys(s))) {
		records, err := fs.ReadFile(s.files(), name+".csv")
		if err == nil {
			err = w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name + ".csv", Size: int64(len(records)), Mode: 0o644})
		}
		if err == nil {
			_, err = w.Write(records)
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// audit opens the directory in this process and looks at everything in it.
func (m *mortal) audit() {
	checkPages(m.T, m.dir)
	store, err := embedded.Open(context.Background(), m.dir, embedded.Options{})
	if err != nil {
		m.Fatalf("after the kill the store does not open: %v", err)
	}
	a := newAudit(m.T, store)
	a.log(m.seq)
	a.indexes()
	m.versions(a)
	if err := store.Close(); err != nil {
		m.Fatal(err)
	}
	if m.Failed() {
		m.FailNow()
	}
}

// versions checks that every transaction is there whole or not at all, in the order of the sheets, and
// that all that was acknowledged is.
func (m *mortal) versions(a *audit) {
	before := m.sent // what the sheet before says
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindHolding} {
		newest, again, added := 0, map[int]int{}, map[int]int{}
		for _, node := range a.nodes[kind] {
			v, anew := toldBy(node)
			if newest = max(newest, v); anew {
				again[v]++
			} else {
				added[v]++
			}
		}
		if newest > 0 && (len(again) != 1 || again[newest] != core) {
			m.Errorf("%s: rows of several versions: %v", kind, again)
		}
		if newest < m.acknowledged || newest > before {
			m.Errorf("%s: version %d is there; %d was acknowledged, and the sheet before is at %d", kind, newest, m.acknowledged, before)
		}
		for v := 1; v <= newest; v++ {
			if added[v] != fresh {
				m.Errorf("%s: version %d brought %d nodes, %d are there", kind, v, fresh, added[v])
			}
		}
		if kind != graph.KindPartner && newest < before {
			m.inPart++
		}
		before = newest
	}
}

// toldBy is the version that a node tells, and whether every version tells it anew.
func toldBy(node graph.Node) (v int, anew bool) {
	switch n := node.(type) {
	case *graph.Partner:
		return *n.Employees, n.ID[0] == 'p'
	case *graph.Office:
		v, _ = strconv.Atoi(strings.TrimPrefix(n.City, "Version "))
		return v, n.ID[0] == 'o'
	case *graph.Holding:
		for day(v) != n.Until.String() {
			v++
		}
		return v, n.Partner[0] == 'p'
	}
	return 0, false
}

// checkPages lets bbolt check its file: every page is reached once or free.
func checkPages(t *testing.T, dir string) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, "valueweb.db"), 0o644, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bolt.Tx) error {
		var all []error
		for err := range tx.Check() {
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	if err != nil {
		t.Fatalf("the pages of the file: %v", err)
	}
}

// audit is everything in a store.
type audit struct {
	*testing.T
	store *embedded.Store
	nodes map[graph.Kind][]graph.Node // by id
}

func newAudit(t *testing.T, store *embedded.Store) *audit {
	a := &audit{T: t, store: store, nodes: map[graph.Kind][]graph.Node{}}
	for _, kind := range graph.Kinds {
		a.nodes[kind] = a.list(kind, graph.OrderByID)
	}
	return a
}

func (a *audit) list(kind graph.Kind, order graph.OrderField) []graph.Node {
	page, err := a.store.List(context.Background(), graph.Operator, graph.ListQuery{
		Kind: kind, Order: graph.Order{Field: order}, Page: graph.PageQuery{First: math.MaxInt32},
	})
	if err != nil {
		a.Fatal(err)
	}
	return page.Nodes
}

// log checks that the log is gapless up to a seq or further, and that it tells of every version of every
// node: a node is as many versions old as there are transactions that changed it.
func (a *audit) log(atLeast int64) {
	events, err := a.store.Events(context.Background(), graph.Operator, 0, math.MaxInt32)
	if err != nil {
		a.Fatal(err)
	}
	seq, err := a.store.Seq(context.Background())
	if err != nil {
		a.Fatal(err)
	}
	if seq < atLeast || int64(len(events)) != seq {
		a.Errorf("the log is at seq %d and holds %d events; seq %d was acknowledged", seq, len(events), atLeast)
	}
	changes := map[string]int{}
	for i, event := range events {
		if event.Seq != int64(i+1) {
			a.Fatalf("event %d of the log has the seq %d", i+1, event.Seq)
		}
		if event.Type == graph.EventImportApplied {
			for _, gid := range event.Changes {
				changes[gid]++
			}
		}
	}
	for _, kind := range graph.Kinds {
		for _, node := range a.nodes[kind] {
			if at := node.Header().Version; at < 1 || at != changes[node.GID()] {
				a.Errorf("%s is at version %d; the log tells of %d changes", node.GID(), at, changes[node.GID()])
			}
			delete(changes, node.GID())
		}
	}
	if len(changes) > 0 {
		a.Errorf("the log tells of %d nodes that do not exist", len(changes))
	}
}

// indexes checks that lists and relations show what the tables hold.
func (a *audit) indexes() {
	a.related(graph.PartnerOffices, graph.KindPartner, graph.KindOffice, func(n graph.Node) string { return n.(*graph.Office).Partner })
	a.related(graph.PartnerHoldings, graph.KindPartner, graph.KindHolding, func(n graph.Node) string { return n.(*graph.Holding).Partner })
	a.related(graph.CompetencyHoldings, graph.KindCompetency, graph.KindHolding, func(n graph.Node) string { return n.(*graph.Holding).Competency })
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindCompetency} {
		byName := a.list(kind, graph.OrderByName)
		slices.SortFunc(byName, func(x, y graph.Node) int { return strings.Compare(x.Header().ID, y.Header().ID) })
		if !slices.Equal(byName, a.nodes[kind]) {
			a.Errorf("%s: the list by name holds other nodes than the list by id", kind)
		}
	}
}

func (a *audit) related(relation graph.Relation, parents, children graph.Kind, parent func(graph.Node) string) {
	of := map[string][]graph.Node{}
	for _, child := range a.nodes[children] {
		of[parent(child)] = append(of[parent(child)], child)
	}
	var ids []string
	for _, node := range a.nodes[parents] {
		ids = append(ids, node.Header().ID)
	}
	pages, err := a.store.Related(context.Background(), graph.Operator, graph.RelatedQuery{
		Relation: relation, Parents: ids, Page: graph.PageQuery{First: math.MaxInt32},
	})
	if err != nil {
		a.Fatal(err)
	}
	for i, id := range ids {
		if !slices.Equal(pages[i].Nodes, of[id]) {
			a.Errorf("%s of %s: %d nodes, by their tables %d", relation, id, len(pages[i].Nodes), len(of[id]))
		}
		delete(of, id)
	}
	if len(of) > 0 {
		a.Errorf("%s: %d parents do not exist", relation, len(of))
	}
}

// newborn is a process of the program that starts to serve a directory, seen from outside.
type newborn struct {
	process *exec.Cmd
	listens atomic.Bool // the start is over
	read    chan struct{}
	stderr  bytes.Buffer
}

// launch starts the program without waiting until it listens.
func launch(t *testing.T, args ...string) *newborn {
	t.Helper()
	n := &newborn{process: exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), read: make(chan struct{})}
	n.process.Stderr = &n.stderr
	stdout, err := n.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := n.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(n.read)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if listening.MatchString(lines.Text()) {
				n.listens.Store(true)
			}
		}
		n.listens.Store(true) // it ended: there is nothing more to wait for
	}()
	return n
}

// watch looks at something again and again, until it holds or the start is over, and then some more
// times. It returns the number of looks.
func (n *newborn) watch(holds func() bool, more int) (looks int) {
	for ; !n.listens.Load() && !holds(); looks++ {
		runtime.Gosched()
	}
	for ; more > 0 && !n.listens.Load(); more-- {
		holds()
		runtime.Gosched()
	}
	return looks
}

func (n *newborn) kill(t *testing.T) {
	t.Helper()
	if err := n.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-n.read
	if err := n.process.Wait(); err == nil || n.process.ProcessState.ExitCode() != -1 {
		t.Fatalf("the server ended by itself: %v\n%s", n.process.ProcessState, &n.stderr)
	}
}

// exists reports whether a file is there and holds at least so many bytes.
func exists(size int64, path ...string) func() bool {
	return func() bool {
		info, err := os.Stat(filepath.Join(path...))
		return err == nil && info.Size() >= size
	}
}

func TestAServerThatIsKilledDuringItsFirstStartStartsAgain(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 5))
	for n := range often(12, 200) {
		dir := filepath.Join(t.TempDir(), "store")
		steps := []func() bool{
			exists(0, dir), exists(0, dir, "valueweb.db.new"), exists(1, dir, "valueweb.db.new"),
			exists(0, dir, "valueweb.db"), exists(0, dir, "lock"), func() bool { return false },
		}
		starting := launch(t, "--store", dir)
		starting.watch(steps[n%len(steps)], r.IntN(2000))
		starting.kill(t)
		left, _ := os.ReadDir(dir)
		again, err := start("--store", dir)
		if err != nil {
			t.Fatalf("killed at step %d, the directory holds %v: %v", n%len(steps), left, err)
		}
		if err := again.stop(); err != nil {
			t.Fatalf("stop: %v\n%s", err, again.log)
		}
	}
}

// TestADemoThatIsKilledWhileItIsFilledIsCompletedByTheNextStart kills the first start with --demo at
// points all over it: the demo world that a later start completes is that of a start that nobody killed.
func TestADemoThatIsKilledWhileItIsFilledIsCompletedByTheNextStart(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 5))
	whole := filepath.Join(t.TempDir(), "store")
	unkilled := launch(t, "--store", whole, "--demo")
	unkilled.watch(exists(0, whole, "demo.unfinished"), 0)
	looks := unkilled.watch(func() bool { return !exists(0, whole, "demo.unfinished")() }, 0)
	unkilled.watch(func() bool { return false }, 0)
	unkilled.kill(t)
	reopening(t, whole)
	want := contents(t, whole)

	for range often(4, 60) {
		dir := filepath.Join(t.TempDir(), "store")
		for range 1 + r.IntN(2) { // a start that completes may be killed, too
			starting := launch(t, "--store", dir, "--demo")
			starting.watch(exists(0, dir, "demo.unfinished"), r.IntN(looks))
			starting.kill(t)
			if exists(0, dir, "valueweb.db")() {
				checkPages(t, dir)
			}
		}
		s, err := start("--store", dir, "--demo")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		if exists(0, dir, "demo.unfinished")() {
			t.Error("the demo world is still marked as unfinished")
		}
		if got := contents(t, dir); !reflect.DeepEqual(got, want) {
			for kind := range want {
				t.Errorf("%s: %d nodes, %d where nobody killed", kind, len(got[kind]), len(want[kind]))
			}
			t.Fatal("the demo world is not the one of a start that nobody killed")
		}
	}
}

// reopening notes how long the demo world takes to open after a kill.
func reopening(t *testing.T, dir string) {
	t.Helper()
	begin := time.Now()
	s, err := start("--store", dir, "--demo")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("after SIGKILL the demo world serves again within %v of the start of the process (built with -race)", time.Since(begin).Round(time.Millisecond))
	if err := s.kill(); err != nil {
		t.Fatal(err)
	}
	begin = time.Now()
	store, err := embedded.Open(context.Background(), dir, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("in this process its store opens in %v", time.Since(begin).Round(time.Millisecond))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// contents is all that is stored in a directory, without what depends on when and how often it was
// written. The log and the indexes are audited on the way.
func contents(t *testing.T, dir string) map[graph.Kind][]string {
	t.Helper()
	checkPages(t, dir)
	store, err := embedded.Open(context.Background(), dir, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a := newAudit(t, store)
	a.log(1)
	a.indexes()
	all := map[graph.Kind][]string{}
	for _, kind := range graph.Kinds {
		for _, node := range a.nodes[kind] {
			header := *node.Header()
			node.Header().Version, node.Header().CreatedAt, node.Header().UpdatedAt = 0, time.Time{}, time.Time{}
			text, err := json.Marshal(node)
			if err != nil {
				t.Fatal(err)
			}
			*node.Header() = header
			all[kind] = append(all[kind], string(text))
		}
	}
	return all
}
