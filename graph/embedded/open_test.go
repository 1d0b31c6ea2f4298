package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
	"valueweb/graph/storetest"
)

// opened opens the store of a directory and closes it at the end.
func opened(t *testing.T, dir string) *Store {
	t.Helper()
	store, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// filled is a directory with a small network, closed, and what was in it.
func filled(t *testing.T) (dir string, content content) {
	t.Helper()
	dir = t.TempDir()
	store := opened(t, dir)
	w := grow(t, store, 60)
	w.put(storetest.Specimens())
	for _, h := range w.holdings[:20] { // versions, and pages that bbolt has freed
		changed := *h
		changed.Level = changed.Level%graph.MaxLevel + 1
		w.put([]graph.Node{&changed})
	}
	content = contentOf(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, content
}

// content is everything that a store holds.
type content struct {
	seq    int64
	nodes  map[string]graph.Node   // by gid
	keys   []map[string]graph.Node // of every index
	below  map[string][]string
	events []graph.Event
}

func contentOf(t *testing.T, store *Store) content {
	t.Helper()
	s := store.current.Load()
	c := content{seq: s.seq, nodes: map[string]graph.Node{}, below: map[string][]string{}}
	for _, nodes := range s.nodes {
		nodes.Scan(func(_ string, node graph.Node) bool {
			c.nodes[node.GID()] = node
			return true
		})
	}
	for i := range indexes {
		keys := map[string]graph.Node{}
		add := func(key string, node graph.Node) bool {
			keys[key] = node
			return true
		}
		if s.index[i] != nil {
			s.index[i].Scan(add)
		} else {
			s.groups[i].tree.Scan(func(parent string, _ group) bool {
				s.groups[i].under(parent, "", func(node graph.Node) bool { return add(parent+separator+node.Header().ID, node) })
				return true
			})
		}
		c.keys = append(c.keys, keys)
	}
	s.below.Scan(func(id string, below *subtree) bool {
		c.below[id] = below.ids
		return true
	})
	events, err := store.Events(t.Context(), graph.Operator, 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	c.events = events
	return c
}

func TestAReopenedStoreIsTheOneThatWasClosed(t *testing.T) {
	dir, before := filled(t)
	store := opened(t, dir)
	after := contentOf(t, store)
	for gid, node := range before.nodes {
		if !reflect.DeepEqual(node, after.nodes[gid]) {
			t.Errorf("%s was\n%+v and is\n%+v", gid, node, after.nodes[gid])
		}
	}
	for i := range before.keys {
		if !reflect.DeepEqual(before.keys[i], after.keys[i]) {
			t.Errorf("index %d of kind %s differs", i, indexes[i].kind)
		}
	}
	if !reflect.DeepEqual(before.events, after.events) {
		t.Error("the log differs")
	}
	if !reflect.DeepEqual(before, after) {
		t.Error("something differs")
	}
	if _, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		return tx.Log(ctx, graph.Event{Type: "a"})
	}); err != nil || store.current.Load().seq != before.seq+1 {
		t.Errorf("the seq goes on with %d after %d (%v)", store.current.Load().seq, before.seq, err)
	}
}

func TestAProcessKilledAtAnyMomentReopensWhole(t *testing.T) {
	dir := t.TempDir()
	store := opened(t, dir)
	w := grow(t, store, 20)
	before := contentOf(t, store)
	// What a process that is killed leaves is the file as it is: here, within a transaction and after it.
	var within content
	if _, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, storetest.Specimens()); err != nil {
			return err
		}
		within = contentOf(t, opened(t, copied(t, dir)))
		return tx.Log(ctx, graph.Event{Type: "a"})
	}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(within, before) {
		t.Error("a process killed within a transaction left a part of it")
	}
	w.put([]graph.Node{&graph.Region{Meta: graph.Meta{ID: "north"}, Name: "North"}})
	if after := contentOf(t, opened(t, copied(t, dir))); !reflect.DeepEqual(after, contentOf(t, store)) {
		t.Error("a process killed after a transaction lost a part of it")
	}
}

// copied is a new directory with a copy of the data file of another.
func copied(t *testing.T, dir string) string {
	t.Helper()
	copy := t.TempDir()
	write(t, filepath.Join(copy, dataFile), read(t, filepath.Join(dir, dataFile)))
	return copy
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestADirectoryInUseIsRefusedAndSaysByWhom(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir)
	var inUse *InUseError
	if _, err := Open(t.Context(), dir, Options{}); !errors.As(err, &inUse) || inUse.PID != os.Getpid() || inUse.Address != "" || inUse.Dir != dir {
		t.Errorf("the error is %v", err)
	}
	if err := Announce(dir, "http://localhost:8080"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	if !errors.As(err, &inUse) || inUse.PID != os.Getpid() || inUse.Address != "http://localhost:8080" {
		t.Errorf("the error is %v", err)
	}
	for _, part := range []string{dir, fmt.Sprint(os.Getpid()), "http://localhost:8080"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the message does not say %q: %v", part, err)
		}
	}
}

func TestADirectoryThatWasClosedOrNeverMadeIsOpened(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	for range 2 {
		if err := opened(t, dir).Close(); err != nil {
			t.Fatal(err)
		}
	}
	store := opened(t, dir)
	if err := errors.Join(store.Close(), store.Close()); err != nil {
		t.Errorf("a store that is closed twice: %v", err)
	}
}

// refusal opens a data file of some bytes and returns the error, having checked that the directory is left
// as it was. An error says the file and what to do.
func refusal(t *testing.T, text []byte) (*Store, error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, dataFile)
	write(t, path, text)
	store, err := Open(t.Context(), dir, Options{})
	if err == nil {
		t.Cleanup(func() { store.Close() })
		return store, nil
	}
	if !bytes.Equal(read(t, path), text) {
		t.Error("the file is no longer what it was")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("beside the refused file there is something else: %v", entries)
	}
	if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "restore") && !strings.Contains(err.Error(), "use a newer") {
		t.Errorf("the message does not say which file and what to do: %v", err)
	}
	return nil, err
}

// refused demands that a data file of some bytes is not opened.
func refused(t *testing.T, text []byte) {
	t.Helper()
	if _, err := refusal(t, text); err == nil {
		t.Error("a broken file was opened")
	} else {
		t.Log(err)
	}
}

func TestABrokenDataFileIsRefusedAndLeftAsItIs(t *testing.T) {
	dir, before := filled(t)
	whole := read(t, filepath.Join(dir, dataFile))
	used := inUse(whole)
	t.Run("An empty file", func(t *testing.T) { refused(t, nil) })
	t.Run("A text", func(t *testing.T) { refused(t, []byte("id,name\nacme,Acme\n")) })
	t.Run("A long text", func(t *testing.T) { refused(t, bytes.Repeat([]byte("id,name\nacme,Acme\n"), 5000)) })
	t.Run("Zeros", func(t *testing.T) { refused(t, make([]byte, 64<<10)) })
	t.Run("Garbage", func(t *testing.T) {
		garbage := make([]byte, 64<<10)
		source := rand.NewChaCha8([32]byte{1})
		source.Read(garbage)
		refused(t, garbage)
	})
	for _, length := range []int{1, 79, 4095, 4096, 4097, 8191, 8192, 12288, 16384, used / 4, used / 2, used * 3 / 4, used - 1} {
		t.Run(fmt.Sprintf("Cut off after %d bytes", length), func(t *testing.T) { refused(t, whole[:length]) })
	}
	t.Run("A head with a changed byte", func(t *testing.T) {
		for page := range 2 {
			for at := 16; at < 80; at++ {
				broken := bytes.Clone(whole)
				broken[page*os.Getpagesize()+at] ^= 0x10
				if _, err := refusal(t, broken); err == nil {
					t.Errorf("a head with a changed byte at %d of page %d was opened", at, page)
				}
			}
		}
	})
	t.Run("A changed byte anywhere is noticed, or harms nothing", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		noticed, tries := 0, 150
		for range tries {
			broken := bytes.Clone(whole)
			at := random.IntN(len(broken))
			if random.IntN(2) == 0 { // where bbolt keeps its own, and nothing is said twice
				at = at/os.Getpagesize()*os.Getpagesize() + random.IntN(80)
			}
			broken[at] ^= byte(1 << random.IntN(8))
			store, err := refusal(t, broken)
			if err != nil {
				noticed++
				continue
			}
			if !reflect.DeepEqual(contentOf(t, store), before) {
				t.Errorf("a changed byte at %d of page %d changes the graph and is not noticed", at%os.Getpagesize(), at/os.Getpagesize())
			}
			store.Close()
		}
		t.Logf("%d of %d changed bytes were noticed, the others lie where nothing stands", noticed, tries)
		if noticed < tries/4 {
			t.Errorf("only %d of %d changed bytes were noticed", noticed, tries)
		}
	})
	t.Run("A page of zeros, or of something else, is noticed, or harms nothing", func(t *testing.T) {
		for page := 2; page < len(whole)/os.Getpagesize(); page++ {
			for _, fill := range []byte{0, 0xff, 'x'} {
				broken := bytes.Clone(whole)
				copy(broken[page*os.Getpagesize():], bytes.Repeat([]byte{fill}, os.Getpagesize()))
				store, err := refusal(t, broken)
				if err != nil {
					continue
				}
				if !reflect.DeepEqual(contentOf(t, store), before) {
					t.Errorf("page %d filled with %#x changes the graph and is not noticed", page, fill)
				}
				store.Close()
			}
		}
	})
}

// inUse is the number of bytes of a data file in which something stands: bbolt makes a file larger than it
// needs.
func inUse(file []byte) int {
	pages := uint64(0)
	for head := range 2 {
		pages = max(pages, word(file[head*os.Getpagesize()+pageHeader+40:]))
	}
	return int(pages) * os.Getpagesize()
}

// edited is a data file that was changed by bbolt itself.
func edited(t *testing.T, dir string, edit func(tx *bolt.Tx) error) []byte {
	t.Helper()
	path := filepath.Join(copied(t, dir), dataFile)
	db, err := bolt.Open(path, 0o644, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(edit), db.Close()); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

func TestAFileThatIsWholeButNotOursIsRefused(t *testing.T) {
	dir, _ := filled(t)
	for name, edit := range map[string]func(tx *bolt.Tx) error{
		"Of another program":      func(tx *bolt.Tx) error { return tx.DeleteBucket(metaBucket) },
		"Without a log":           func(tx *bolt.Tx) error { return tx.DeleteBucket(logBucket) },
		"Without its notes":       func(tx *bolt.Tx) error { return tx.DeleteBucket(accessesBucket) },
		"Without its keys":        func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(graph.KindAPIKey)) },
		"Without a kind":          func(tx *bolt.Tx) error { return tx.DeleteBucket([]byte(graph.KindOffice)) },
		"Without a format":        func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Delete(formatKey) },
		"With a node taken away":  func(tx *bolt.Tx) error { return tx.Bucket([]byte(graph.KindPartner)).Delete([]byte("acme")) },
		"With a node of no kind":  func(tx *bolt.Tx) error { return tx.Bucket([]byte(graph.KindPartner)).Put([]byte("acme"), []byte("x")) },
		"With the last event cut": func(tx *bolt.Tx) error { return tx.Bucket(logBucket).Delete(seqKey(22)) },
		"With a gap in the log":   func(tx *bolt.Tx) error { return tx.Bucket(logBucket).Delete(seqKey(3)) },
		"With two nodes swapped": func(tx *bolt.Tx) error {
			partners := tx.Bucket([]byte(graph.KindPartner))
			return partners.Put([]byte("acme"), bytes.Clone(partners.Get([]byte("group"))))
		},
	} {
		t.Run(name, func(t *testing.T) { refused(t, edited(t, dir, edit)) })
	}
}

func TestADataFileOfANewerFormatIsRefused(t *testing.T) {
	dir, _ := filled(t)
	_, err := refusal(t, edited(t, dir, func(tx *bolt.Tx) error {
		return tx.Bucket(metaBucket).Put(formatKey, binary.BigEndian.AppendUint32(nil, Format+1))
	}))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("format %d", Format+1)) || !strings.Contains(err.Error(), "newer valueweb") {
		t.Errorf("the error is %v", err)
	}
}

func TestADirectoryThatHoldsSomethingElseIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "letters.txt"), []byte("Dear"))
	_, err := Open(t.Context(), dir, Options{})
	if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "letters.txt") {
		t.Errorf("the error is %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("something was made in a foreign directory: %v", entries)
	}
}

func TestADirectoryInThePlaceOfTheDataFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, dataFile)
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v", err)
	}
}

func TestAFileInThePlaceOfTheDirectoryIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, []byte("x"))
	if _, err := Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v", err)
	}
}

func TestAnUnfinishedDataFileIsNoObstacle(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir).Close()
	whole := read(t, filepath.Join(dir, dataFile))
	left := map[string][]byte{"empty": nil, "garbage": []byte("garbage"), "whole": whole}
	for _, length := range []int{1, 4096, 8192, 12288, 16384, len(whole) / 2, len(whole) - 1} {
		left[fmt.Sprintf("cut off after %d bytes", length)] = whole[:length]
	}
	for name, text := range left {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, freshFile), text)
			store := opened(t, dir)
			(&grown{T: t, store: store}).put(storetest.Specimens())
			before := contentOf(t, store)
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			if after := contentOf(t, opened(t, dir)); !reflect.DeepEqual(before, after) {
				t.Error("the store does not come back as it was")
			}
			if _, err := os.Stat(filepath.Join(dir, freshFile)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the unfinished file is still there (%v)", err)
			}
		})
	}
}

func TestOpeningEndsWithItsContext(t *testing.T) {
	dir, _ := filled(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	opened(t, dir) // and the file was let go of
}
