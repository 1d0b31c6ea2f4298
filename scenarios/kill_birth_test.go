package scenarios

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

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
	n := &newborn{process: exec.Command(guarded, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), read: make(chan struct{})}
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
	for n := range often(6, 200) {
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

// TestADemoThatIsKilledWhileItIsFilledIsWholeAfterTheNextStart kills the first start with --demo at points all
// over it: what it leaves is an empty store or the whole demo world, and after a later start that of a start
// that nobody killed.
func TestADemoThatIsKilledWhileItIsFilledIsWholeAfterTheNextStart(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 5))
	whole := filepath.Join(t.TempDir(), "store")
	unkilled := launch(t, "--store", whole, "--demo")
	unkilled.watch(exists(0, whole, "valueweb.db"), 0)
	looks := unkilled.watch(func() bool { return false }, 0)
	unkilled.kill(t)
	reopening(t, whole)
	want := contents(t, whole)

	for range often(2, 60) {
		dir := filepath.Join(t.TempDir(), "store")
		for range 1 + r.IntN(2) { // a start that completes may be killed, too
			starting := launch(t, "--store", dir, "--demo")
			starting.watch(exists(0, dir, "valueweb.db"), r.IntN(looks+1))
			starting.kill(t)
			if exists(0, dir, "valueweb.db")() {
				if left := contents(t, dir); len(left) > 0 && !reflect.DeepEqual(left, want) {
					t.Fatal("a part of the demo world was kept")
				}
			}
		}
		s, err := start("--store", dir, "--demo")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.stop(); err != nil {
			t.Fatal(err)
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
	a.log(0)
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
