package embedded

import (
	"slices"
	"sync"
	"sync/atomic"

	"valueweb/graph"
)

// backlog is what a transaction changed and some indexes do not hold yet. An index takes up all of it at
// once, in the order of its own keys, which costs a fraction of one change after the other: neighbours
// share the path that is copied.
type backlog struct {
	replaced map[graph.Kind][]replacement
	taken    [indexCount]int // how many of its kind each index holds
	// A large transaction has a worker take up what it has put so far while it puts more. Only one of them
	// runs at a time, and whoever reads an index waits for it.
	worker sync.WaitGroup
	busy   atomic.Bool
}

// replacement is a node that took the place of an old one, nil for none.
type replacement struct{ old, node graph.Node }

// grow makes room for n more nodes of a kind.
func (b *backlog) grow(kind graph.Kind, n int) {
	if b.replaced == nil {
		b.replaced = map[graph.Kind][]replacement{}
	}
	b.replaced[kind] = slices.Grow(b.replaced[kind], n)
}

func (b *backlog) add(kind graph.Kind, old, node graph.Node) {
	b.replaced[kind] = append(b.replaced[kind], replacement{old, node})
}

// goOn has the indexes of a kind take up what is there in the background, unless they still do.
func (s *state) goOn(kind graph.Kind) {
	b := s.behind
	if b.busy.Load() {
		return
	}
	b.busy.Store(true)
	var late [indexCount][]replacement
	for _, i := range indexesOf[kind] {
		late[i] = b.late(i)
	}
	b.worker.Go(func() {
		defer b.busy.Store(false)
		for _, i := range indexesOf[kind] {
			s.takeUp(i, late[i])
		}
	})
}

// settled waits until nothing works on the state any more.
func (s *state) settled() {
	if s.behind != nil {
		s.behind.worker.Wait()
	}
}

// late returns what an index does not hold yet, and counts it as taken up.
func (b *backlog) late(i indexID) []replacement {
	late := b.replaced[indexes[i].kind][b.taken[i]:]
	b.taken[i] += len(late)
	return late
}

// reach brings one index up to date before it is read.
func (s *state) reach(i indexID) {
	if b := s.behind; b != nil {
		b.worker.Wait()
		if late := b.late(i); len(late) > 0 {
			s.takeUp(i, late)
		}
	}
}

// catchUp brings every index up to date, those of a large change on all cores.
func (s *state) catchUp() {
	s.behind.worker.Wait()
	var behind []indexID
	var late [indexCount][]replacement
	size := 0
	for i := range late {
		if late[i] = s.behind.late(indexID(i)); len(late[i]) > 0 {
			behind = append(behind, indexID(i))
			size += len(late[i])
		}
	}
	if size < aside {
		for _, i := range behind {
			s.takeUp(i, late[i])
		}
	} else {
		onAllCores(len(behind), func(n int) { s.takeUp(behind[n], late[behind[n]]) })
	}
}

// piece is how much of a large transaction its indexes take up at a time while it goes on.
const piece = 4096

// aside is the size of a change whose parts are worth goroutines of their own.
const aside = 500

// takeUp makes in one index the changes that it does not hold yet.
func (s *state) takeUp(i indexID, late []replacement) {
	changes := inOrder(indexes[i].changes(late))
	if s.groups[i] != nil {
		s.groups[i].apply(changes)
		return
	}
	for _, c := range changes {
		if c.gone {
			s.index[i].Delete(c.key)
		} else {
			s.index[i].Set(c.key, c.node)
		}
	}
}

// changes lists what replacements do to an index. Every entry holds the node itself, so all entries of a
// node that is replaced change.
func (x *index) changes(late []replacement) []change {
	changes := make([]change, 0, len(late))
	var now, before []string
	for n, r := range late {
		now, before = x.keys(now[:0], r.node), before[:0]
		if r.old != nil {
			before = x.keys(before, r.old)
		}
		for _, key := range before {
			if !contains(now, key) {
				changes = append(changes, change{key: key, node: r.old, n: int32(n), gone: true})
			}
		}
		for _, key := range now {
			changes = append(changes, change{key: key, node: r.node, n: int32(n)})
		}
	}
	return changes
}

// keys appends the parents of a node, or its key if it has one, to a list.
func (x *index) keys(to []string, node graph.Node) []string {
	if x.key == nil {
		return x.parents(to, node)
	}
	if key := x.key(node); key != "" {
		to = append(to, key)
	}
	return to
}
