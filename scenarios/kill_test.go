package scenarios

import (
	"archive/tar"
	"bytes"
	"encoding/json"
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
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

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
