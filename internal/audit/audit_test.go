package audit

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// fickle is a store that can be away.
type fickle struct {
	graph.Store
	mu    sync.Mutex
	away  error
	notes int
	noted chan struct{} // is told of each note that was taken
}

func (f *fickle) Note(ctx context.Context, notes graph.Notes) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away != nil {
		return f.away
	}
	f.notes++
	err := f.Store.Note(ctx, notes)
	select {
	case f.noted <- struct{}{}:
	default:
	}
	return err
}

func (f *fickle) goAway(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = err
}

// bench is a recorder that writes only when it is told to, over a store, by a clock that is set.
type bench struct {
	*Recorder
	store *fickle
	now   time.Time
	said  *strings.Builder
}

func newBench(t *testing.T) *bench {
	b := &bench{now: time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC), said: &strings.Builder{}}
	clock := func() time.Time { return b.now }
	b.store = &fickle{Store: embedded.Memory(embedded.Options{Clock: clock}), noted: make(chan struct{}, 1)}
	b.Recorder = newRecorder(b.store, clock, slog.New(slog.NewTextHandler(b.said, nil)))
	return b
}

func (b *bench) accesses(t *testing.T) []graph.CustomerAccess {
	t.Helper()
	page, err := b.store.Accesses(t.Context(), graph.Operator, graph.AccessQuery{First: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return page.Accesses
}

var acme = graph.Viewer{Role: graph.RolePartner, Organisation: "acme", Subject: "ada"}

func TestAnAccessIsOneADayAViewerAndACustomer(t *testing.T) {
	b := newBench(t)
	first := b.now
	b.Handed(acme, "city", "shop")
	b.now = b.now.Add(30 * time.Second)
	last := b.now
	b.Handed(acme, "city")
	b.Handed(graph.Operator, "city")
	b.now = b.now.Add(time.Minute) // the next day
	b.Handed(acme, "city")
	b.Flush(t.Context())
	day := graph.NewDate(2026, 11, 22)
	want := []graph.CustomerAccess{
		{Day: day.AddDays(1), Viewer: "PARTNER:acme ada", Customer: "city", First: b.now, Last: b.now, Reads: 1},
		{Day: day, Viewer: "OPERATOR", Customer: "city", First: last, Last: last, Reads: 1},
		{Day: day, Viewer: "PARTNER:acme ada", Customer: "city", First: first, Last: last, Reads: 2},
		{Day: day, Viewer: "PARTNER:acme ada", Customer: "shop", First: first, Last: first, Reads: 1},
	}
	if got := b.accesses(t); !slices.Equal(got, want) {
		t.Errorf("the accesses are\n%v\nnot\n%v", got, want)
	}
}

func TestACustomerThatReadsItselfIsNotNoted(t *testing.T) {
	b := newBench(t)
	city := graph.Viewer{Role: graph.RoleCustomer, Organisation: "city"}
	b.Handed(city, "city")
	b.Handed(graph.Viewer{Role: graph.RolePartner, Organisation: "city"}, "city")
	b.Flush(t.Context())
	if got := b.accesses(t); len(got) != 1 || got[0].Viewer != "PARTNER:city" {
		t.Errorf("the accesses are %v", got)
	}
}

func TestWhatTheStoreDoesNotTakeWaitsAndIsWrittenOnce(t *testing.T) {
	b := newBench(t)
	b.store.goAway(errors.New("gone fishing"))
	for range 3 {
		b.Handed(acme, "city")
		b.Flush(t.Context())
	}
	b.store.goAway(nil)
	b.Flush(t.Context())
	b.Flush(t.Context())
	if got := b.accesses(t); len(got) != 1 || got[0].Reads != 3 {
		t.Errorf("the accesses are %v", got)
	}
	if n := strings.Count(b.said.String(), "gone fishing"); n != 1 {
		t.Errorf("that the store is away is told %d times: %s", n, b.said)
	}
	if b.store.notes != 1 {
		t.Errorf("the store was told %d times", b.store.notes)
	}
}

func TestWhatIsTooMuchToWaitIsDroppedAndCounted(t *testing.T) {
	b := newBench(t)
	b.most = 2
	b.store.goAway(errors.New("away"))
	for _, customer := range []string{"a", "b", "c", "d", "a"} {
		b.Handed(acme, customer)
	}
	b.Flush(t.Context())
	b.store.goAway(nil)
	b.Flush(t.Context())
	if got := b.accesses(t); len(got) != 2 || got[0].Reads != 2 {
		t.Errorf("the accesses are %v", got)
	}
	if !strings.Contains(b.said.String(), "accesses=2") {
		t.Errorf("what was dropped is not told: %s", b.said)
	}
}

func TestTheUseOfAKeyIsWrittenOnceAMinuteAndAtTheEnd(t *testing.T) {
	b := newBench(t)
	used := func() time.Time {
		uses, err := b.store.LastUses(t.Context(), graph.Operator, []string{"key"})
		if err != nil {
			t.Fatal(err)
		}
		return uses["key"]
	}
	first := b.now
	b.Used("key")
	b.Flush(t.Context())
	if got := used(); !got.Equal(first) {
		t.Errorf("the first use is %v", got)
	}
	b.now = b.now.Add(59 * time.Second)
	b.Used("key")
	b.Flush(t.Context())
	if got := used(); !got.Equal(first) || !b.LastUse("key").Equal(b.now) {
		t.Errorf("within a minute %v is written, and %v known", got, b.LastUse("key"))
	}
	b.now = b.now.Add(time.Second)
	b.Used("key")
	b.Flush(t.Context())
	if got := used(); !got.Equal(b.now) {
		t.Errorf("after a minute %v is written", got)
	}
	b.now = b.now.Add(time.Second)
	b.Used("key")
	go b.run()
	b.Close()
	if got := used(); !got.Equal(b.now) {
		t.Errorf("at the end %v is written", got)
	}
}

func TestNotesAreWrittenInTheBackground(t *testing.T) {
	b := newBench(t)
	b.every = time.Millisecond
	go b.run()
	b.Handed(acme, "city")
	<-b.store.noted
	b.store.goAway(errors.New("away"))
	b.HandedAll(graph.Operator)
	b.store.goAway(nil)
	<-b.store.noted
	b.Close()
	if got := b.accesses(t); len(got) != 2 || !got[0].AllCustomers() {
		t.Errorf("the accesses are %v", got)
	}
}

func TestNobodyIsNotedWhereThereIsNoRecorder(t *testing.T) {
	var none *Recorder
	none.Handed(acme, "city")
	none.HandedAll(acme)
	none.Used("key")
	none.Flush(t.Context())
	none.Close()
	if !none.LastUse("key").IsZero() {
		t.Error("nobody knows of a use")
	}
}
