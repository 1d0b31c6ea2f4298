package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"valueweb/graph/sheet"
)

// promptly is how long a server without requests may take to end. It is far more than it takes, and less
// than what a server gives to requests that do not end.
const promptly = 10 * time.Second

func TestAServerWithoutRequestsEndsPromptlyWhenItIsAskedTo(t *testing.T) {
	s, err := start("--store", filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	if _, failed, err := post(s.url, map[string]any{"query": "{ status { seq } }"}); failed || err != nil { // keeps its connection
		t.Fatal(failed, err)
	}
	begin := time.Now()
	if err := s.stop(); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
	if took := time.Since(begin); took > promptly {
		t.Errorf("it took %v", took)
	} else {
		t.Logf("it took %v", took.Round(time.Millisecond))
	}
}

// TestAServerThatIsAskedToEndFinishesTheRequestsUnderWay holds back the bodies of many requests until the
// server has been asked to end and takes no more connections: all of them must be answered whole.
func TestAServerThatIsAskedToEndFinishesTheRequestsUnderWay(t *testing.T) {
	s, err := start("--store", filepath.Join(t.TempDir(), "store"), "--demo")
	if err != nil {
		t.Fatal(err)
	}
	question, err := json.Marshal(map[string]any{"query": manyRows})
	if err != nil {
		t.Fatal(err)
	}
	var held []*heldRequest
	for range 16 {
		held = append(held, hold(t, s.url+"/graphql", "application/json", question))
	}
	const rows = 45_000 // more than two transactions: the first one is done before the server is asked to end
	body := archive(sheets{"customers": manyCustomers(rows)})
	upload := hold(t, s.url+"/import", "application/x-tar", body)
	if err := upload.send(len(body) * 2 / 3); err != nil {
		t.Fatal(err)
	}
	awaitCustomer(t, s.url, "held-0")

	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	awaitRefusal(t, s.url)
	for _, h := range append(held, upload) {
		h.release()
	}
	for _, h := range held {
		checkRows(t, h.answered(t))
	}
	var report sheet.Report
	if err := json.Unmarshal(upload.answered(t), &report); err != nil || !report.Complete() || report.Totals.Added != rows {
		t.Errorf("the import was not finished: %v %+v", err, report.Totals)
	}
	if err := s.process.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
}

// manyRows is a question whose answer is some hundred kilobytes long.
const manyRows = `{ offices(first: 100) { nodes { id location { lat lng } partner {
  id name holdings(first: 100) { nodes { id competency { id name } } } offices(first: 100) { nodes { id city } }
} } } }`

func checkRows(t *testing.T, text []byte) {
	t.Helper()
	var answer struct {
		Data struct {
			Offices struct {
				Nodes []struct {
					Partner struct {
						Offices struct{ Nodes []struct{ ID string } }
					}
				}
			}
		}
		Errors []any
	}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 || len(answer.Data.Offices.Nodes) != 100 {
		t.Errorf("no whole answer: %v %v, %d rows", err, answer.Errors, len(answer.Data.Offices.Nodes))
	}
	for _, office := range answer.Data.Offices.Nodes {
		if len(office.Partner.Offices.Nodes) == 0 {
			t.Fatal("a partner with an office has none")
		}
	}
}

// heldRequest is a request that the server is reading, whose body the test keeps back.
type heldRequest struct {
	body     []byte
	pipe     *io.PipeWriter
	response chan *http.Response
	failure  error
}

// hold sends the head of a request and returns once the server waits for the body: it says so, because
// the head asks it to.
func hold(t *testing.T, url, kind string, body []byte) *heldRequest {
	t.Helper()
	reader, writer := io.Pipe()
	waits := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(waits) }})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Expect", "100-continue")
	h := &heldRequest{body: body, pipe: writer, response: make(chan *http.Response, 1)}
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Hour, DisableKeepAlives: true}}
	go func() {
		defer close(h.response)
		response, err := client.Do(request)
		if h.failure = err; err == nil {
			h.response <- response
		}
	}()
	select {
	case <-waits:
	case response := <-h.response:
		t.Fatalf("answered before the body was sent: %v %v", response, h.failure)
	}
	return h
}

// send hands over the next part of the body; it returns once it was taken.
func (h *heldRequest) send(n int) error {
	n = min(n, len(h.body))
	_, err := h.pipe.Write(h.body[:n])
	h.body = h.body[n:]
	return err
}

// release hands over the rest of the body.
func (h *heldRequest) release() {
	go func() { h.pipe.CloseWithError(h.send(math.MaxInt)) }()
}

// answered returns the body of the answer, which must be a whole one with status 200.
func (h *heldRequest) answered(t *testing.T) []byte {
	t.Helper()
	response := <-h.response
	if response == nil {
		t.Fatalf("not answered: %v", h.failure)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s, %d bytes, %v: %.200s", response.Status, len(text), err, text)
	}
	return text
}

func manyCustomers(n int) [][]string {
	records := [][]string{{"id", "name", "industry"}}
	for i := range n {
		records = append(records, []string{fmt.Sprintf("held-%d", i), fmt.Sprintf("Customer %d", i), strings.Repeat("x", 50)})
	}
	return records
}

// awaitCustomer asks for a customer until an import has brought it.
func awaitCustomer(t *testing.T, url, id string) {
	t.Helper()
	for text := ""; !strings.Contains(text, `"`+id+`"`); {
		var err error
		if text, _, err = post(url, map[string]any{"query": `{ customer(id: "` + id + `") { id } }`}); err != nil {
			t.Fatal(err)
		}
	}
}

// awaitRefusal connects until connections are refused.
func awaitRefusal(t *testing.T, url string) {
	t.Helper()
	for {
		connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err != nil && !errors.Is(err, syscall.ECONNRESET) {
			t.Fatal(err)
		}
		if err == nil {
			connection.Close()
		}
	}
}

// TestReadersSeeAnImportWholeOrNotAtAll lets 64 clients ask while transactions move the offices of two
// partners to one place after another, always further away, and take all capacity from both or give it
// back: no answer may show one partner from before a transaction and the other from after it, or a state
// older than one that the same client has seen.
func TestReadersSeeAnImportWholeOrNotAtAll(t *testing.T) {
	s, err := start("--store", filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	both := &twins{T: t, url: s.url}
	both.put("competencies", "id,name\nwork,Work\n")
	both.put("partners", "id,name\nleft,Left\nright,Right\n")
	both.move(0)
	both.put("partner_competencies", "partner_id,competency_id,level\nleft,work,3\nright,work,3\n")

	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 64 {
		readers.Go(func() { both.read(ctx) })
	}
	for step := range often(8, 1000) {
		both.move(step + 1)
		if seen := both.look(ctx); seen == nil || seen.at != step+1 {
			t.Errorf("step %d is acknowledged and an answer shows %+v", step+1, seen)
		}
		both.give("0")
		if seen := both.look(ctx); seen == nil || seen.seen != 0 {
			t.Errorf("after step %d nobody has capacity and an answer shows %+v", step+1, seen)
		}
		both.give("7")
	}
	stop()
	readers.Wait()
	if err := s.stop(); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
	if both.found.Load() == 0 || both.none.Load() == 0 || both.moves.Load() < 64 {
		t.Errorf("the readers saw too little")
	}
	t.Logf("%d answers with both partners, %d with none; between two answers of one client the world had moved %d times", both.found.Load(), both.none.Load(), both.moves.Load())
}

// twins are two partners of which every transaction says the same.
type twins struct {
	*testing.T
	url                string
	found, none, moves atomic.Int64
}

// put imports a sheet of two rows: one transaction.
func (b *twins) put(sheet, text string) {
	b.Helper()
	response, err := http.Post(b.url+"/import?sheet="+sheet, "text/csv", strings.NewReader(text))
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	if answer, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"rejected":0`)) {
		b.Fatalf("%s %v: %s", response.Status, err, answer)
	}
}

// move puts the offices of both to the same place, the further north the later the step.
func (b *twins) move(step int) {
	b.Helper()
	at := fmt.Sprintf("%.4f,5", 45+0.001*float64(step))
	b.put("offices", "id,partner_id,lat,lng\nleft.o,left,"+at+"\nright.o,right,"+at+"\n")
}

func (b *twins) give(capacity string) {
	b.Helper()
	b.put("partners", "id,name,capacity\nleft,Left,"+capacity+"\nright,Right,"+capacity+"\n")
}

// sight is what one answer shows.
type sight struct {
	at   int // the step to which the distance belongs; -1: nobody qualifies
	seen int // how many qualify
}

// read asks again and again until the context ends.
func (b *twins) read(ctx context.Context) {
	last := -1
	for ctx.Err() == nil {
		seen := b.look(ctx)
		switch {
		case seen == nil:
			return
		case seen.seen == 0:
			b.none.Add(1)
			continue
		case seen.at < last:
			b.Errorf("after step %d the same client was shown step %d", last, seen.at)
			return
		case seen.at > last:
			b.moves.Add(1)
		}
		b.found.Add(1)
		last = seen.at
	}
}

const twinQuestion = `{ whoCanFill(gap: { needs: [{ competency: "work" }], place: { point: { lat: 45, lng: 5 } }, radiusKm: 20000, asOf: "2026-11-22" }) {
  totalCount nodes { km terms { term value } matches { km office { id } } }
} }`

// look asks once; nil: the answer was no good, or the context has ended.
func (b *twins) look(ctx context.Context) *sight {
	body, _ := json.Marshal(map[string]any{"query": twinQuestion})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return nil
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		if ctx.Err() == nil {
			b.Error(err)
		}
		return nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		if ctx.Err() == nil {
			b.Error(err)
		}
		return nil
	}
	return b.judge(text)
}

// judge checks that an answer shows both partners in the same state.
func (b *twins) judge(text []byte) *sight {
	var answer struct {
		Data struct {
			WhoCanFill struct {
				TotalCount int
				Nodes      []struct {
					Km    float64
					Terms []struct {
						Term  string
						Value float64
					}
					Matches []struct{ Km float64 }
				}
			}
		}
		Errors []any
	}
	if err := json.Unmarshal(text, &answer); err != nil || len(answer.Errors) > 0 {
		b.Errorf("no answer: %v %s", err, text)
		return nil
	}
	found := answer.Data.WhoCanFill
	switch {
	case found.TotalCount == 0 && len(found.Nodes) == 0:
		return &sight{at: -1}
	case found.TotalCount != 2 || len(found.Nodes) != 2:
		b.Errorf("%d of two partners qualify:\n%s", found.TotalCount, text)
		return nil
	}
	left, right := found.Nodes[0], found.Nodes[1]
	if left.Km != right.Km || left.Km != left.Matches[0].Km || right.Km != right.Matches[0].Km || fmt.Sprint(left.Terms) != fmt.Sprint(right.Terms) {
		b.Errorf("the two partners are shown in two states:\n%s", text)
		return nil
	}
	const kmAStep = 0.001 * math.Pi / 180 * 6371.0088
	return &sight{at: int(math.Round(left.Km / kmAStep)), seen: 2}
}
