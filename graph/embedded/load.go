package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
)

// load reads the whole state of a file: records are decoded on all cores, then every index is filled in
// the order of its keys, which a tree takes much faster than any other.
func load(ctx context.Context, db *bolt.DB) (s *state, format uint32, err error) {
	defer catch(&err)()
	if err := db.View(func(t *bolt.Tx) error {
		format, err = checkFormat(t)
		return err
	}); err != nil {
		return nil, format, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var log sync.WaitGroup
	defer func() {
		cancel()
		log.Wait()
	}()
	var seq int64
	var logErr error
	log.Go(func() { // beside the nodes, in a transaction of its own: it is about as large as they are
		defer catch(&logErr)()
		logErr = db.View(func(t *bolt.Tx) (err error) {
			seq, err = checkLog(ctx, t)
			return err
		})
	})
	whole := newState()
	if err := db.View(func(t *bolt.Tx) error { return whole.loadNodes(ctx, t, format) }); err != nil {
		return nil, format, err
	}
	log.Wait()
	whole.seq = seq
	return whole, format, logErr
}

func (s *state) loadNodes(ctx context.Context, t *bolt.Tx, format uint32) error {
	for _, kind := range graph.Kinds {
		if !keeps(format, kind) {
			continue
		}
		nodes, err := s.loadKind(ctx, t, kind)
		if err != nil {
			return err
		}
		s.fill(kind, nodes)
	}
	taxonomy := map[string][]string{}
	s.nodes[graph.KindCompetency].Scan(func(id string, _ graph.Node) bool {
		taxonomy[id] = nil
		return true
	})
	s.retell(taxonomy)
	return nil
}

// checkLog reads through the log from the first event that must be there, refuses gaps and damage, and returns its
// last seq.
func checkLog(ctx context.Context, t *bolt.Tx) (seq int64, err error) {
	log := t.Bucket(logBucket)
	if _, err := readRecord(filedShelf{t.Bucket(metaBucket)}, string(forgottenKey), &seq); err != nil {
		return 0, fmt.Errorf("the beginning of the log: %w", err)
	}
	err = log.ForEach(func(key, record []byte) error {
		next := int64(binary.BigEndian.Uint64(key))
		switch {
		case next != seq+1:
			return fmt.Errorf("event %d follows event %d", next, seq)
		case !intact(record):
			return fmt.Errorf("event %d: %w", next, errDamaged)
		}
		if seq = next; seq%loadBatch == 0 {
			return ctx.Err()
		}
		return nil
	})
	if err == nil && uint64(seq) != log.Sequence() {
		err = fmt.Errorf("the log ends at event %d of %d", seq, log.Sequence())
	}
	return seq, err
}

// checkFormat returns the format of a file, and refuses one that is newer, or lacks a part.
func checkFormat(t *bolt.Tx) (uint32, error) {
	meta := t.Bucket(metaBucket)
	if meta == nil || t.Bucket(logBucket) == nil {
		return 0, errors.New("it is no Valueweb data file")
	}
	told := meta.Get(formatKey)
	if len(told) != 4 {
		return 0, errors.New("it does not say its format")
	}
	format := binary.BigEndian.Uint32(told)
	if format > Format {
		return format, &newerFormatError{format: format}
	}
	for _, name := range buckets(format) {
		if t.Bucket(name) == nil {
			return format, fmt.Errorf("its part %s is missing", name)
		}
	}
	known := buckets(format)
	for _, name := range buckets(Format) {
		if t.Bucket(name) != nil && !slices.ContainsFunc(known, func(one []byte) bool { return bytes.Equal(one, name) }) {
			return format, fmt.Errorf("it says that it is of format %d and holds %s, which that format has not", format, name)
		}
	}
	return format, nil
}

// loadBatch is the number of records that one goroutine decodes at a time.
const loadBatch = 4096

// loadKind decodes the nodes of a kind, in the order of their ids.
func (s *state) loadKind(ctx context.Context, t *bolt.Tx, kind graph.Kind) ([]graph.Node, error) {
	bucket := t.Bucket([]byte(kind))
	records := make([][2][]byte, 0, min(bucket.Sequence(), mostRoom))
	if err := bucket.ForEach(func(id, record []byte) error {
		records = append(records, [2][]byte{id, record})
		return ctx.Err()
	}); err != nil {
		return nil, err
	}
	if uint64(len(records)) != bucket.Sequence() {
		return nil, fmt.Errorf("%d nodes of %d of the kind %s are there", len(records), bucket.Sequence(), kind)
	}
	nodes := make([]graph.Node, len(records))
	errs := make([]error, (len(records)+loadBatch-1)/loadBatch)
	known := s.idsNamedBy(kind)
	onAllCores(len(errs), func(batch int) {
		defer catch(&errs[batch])()
		quick := referrals{known: known}
		first := batch * loadBatch
		for i := first; i < min(first+loadBatch, len(records)) && errs[batch] == nil; i++ {
			var err error
			if nodes[i], err = quick.node(kind, records[i][1]); err != nil {
				errs[batch] = fmt.Errorf("%s %q: %w", kind, records[i][0], err)
			} else if id := nodes[i].Header().ID; id != string(records[i][0]) {
				errs[batch] = fmt.Errorf("%s %q: its record is that of %q", kind, records[i][0], id)
			}
		}
	})
	return nodes, errors.Join(errs...)
}

// mostRoom bounds the room that is made for as many records as a file says it has.
const mostRoom = 1 << 24

// idsNamedBy lists the ids by which nodes of a kind name others, which they can share the texts of.
func (s *state) idsNamedBy(kind graph.Kind) map[string]string {
	if kind != graph.KindReferral {
		return nil
	}
	ids := map[string]string{}
	for _, named := range []graph.Kind{graph.KindPartner, graph.KindCustomer, graph.KindCompetency} {
		s.nodes[named].Scan(func(id string, _ graph.Node) bool {
			ids[id] = id
			return true
		})
	}
	return ids
}

// fill puts the nodes of a kind, ordered by id, into an empty state.
func (s *state) fill(kind graph.Kind, nodes []graph.Node) {
	for _, node := range nodes {
		s.nodes[kind].Load(node.Header().ID, node)
	}
	of := indexesOf[kind]
	onAllCores(len(of), func(n int) {
		x, i := indexes[of[n]], of[n]
		if x.key == nil {
			s.groups[i].fill(nodes, x.parents)
			return
		}
		type pair struct {
			key  string
			node graph.Node
		}
		pairs := make([]pair, 0, len(nodes))
		for _, node := range nodes {
			if key := x.key(node); key != "" {
				pairs = append(pairs, pair{key, node})
			}
		}
		slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.key, b.key) })
		for _, p := range pairs {
			s.index[i].Load(p.key, p.node)
		}
	})
}

// onAllCores runs work 0..n-1, as many at a time as there are cores, and waits for all of it.
func onAllCores(n int, work func(int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}
