package embedded

import (
	"slices"
	"sort"
	"strings"

	"github.com/tidwall/btree"

	"valueweb/graph"
)

// groups is an index under parents: each has its nodes in the order of their ids. It is copied on write:
// a change copies a path of the tree of parents, and of the group that it changes one chunk and the list
// of chunks.
type groups struct {
	tree *btree.Map[string, group]
}

// group is the nodes under one parent, in chunks of ascending ids. Neither it nor its chunks are ever
// changed: a change makes a new group that shares the chunks it leaves alone. An entry is the node alone,
// which keeps a million of them small; the order is by the ids that the nodes hold.
type group [][]graph.Node

// chunkSize is the most nodes of a chunk.
const chunkSize = 64

// size is the number of nodes.
func (g group) size() int {
	n := 0
	for _, chunk := range g {
		n += len(chunk)
	}
	return n
}

func newGroups() *groups { return &groups{btree.NewMap[string, group](treeDegree)} }

func (g *groups) copy() *groups { return &groups{g.tree.Copy()} }

// under yields the nodes of a parent in the order of their ids, from an id on, until yield returns false.
func (g *groups) under(parent, from string, yield func(graph.Node) bool) {
	of, _ := g.tree.Get(parent)
	first := 0
	if from != "" && len(of) > 0 {
		first = of.holding(from)
	}
	for n := first; n < len(of); n++ {
		chunk := of[n]
		if from != "" && n == first {
			chunk = chunk[position(chunk, from):]
		}
		for _, node := range chunk {
			if !yield(node) {
				return
			}
		}
	}
}

// backwards yields the nodes of a parent in the opposite order, from an id on ("": from the last).
func (g *groups) backwards(parent, from string, yield func(graph.Node) bool) {
	of, _ := g.tree.Get(parent)
	for _, chunk := range slices.Backward(of) {
		for _, node := range slices.Backward(chunk) {
			if (from == "" || node.Header().ID <= from) && !yield(node) {
				return
			}
		}
	}
}

// apply makes changes that are in the order of their keys, then ids.
func (g *groups) apply(changes []change) {
	for len(changes) > 0 {
		parent := changes[0].key
		n := 1
		for n < len(changes) && changes[n].key == parent {
			n++
		}
		of, _ := g.tree.Get(parent)
		if of = of.with(changes[:n]); len(of) > 0 {
			g.tree.Set(parent, of)
		} else {
			g.tree.Delete(parent)
		}
		changes = changes[n:]
	}
}

// fill puts nodes, ordered by id, into an empty index: entries[i] are the parents of nodes[i].
func (g *groups) fill(nodes []graph.Node, parents func(to []string, node graph.Node) []string) {
	type member struct{ group, node int32 }
	members := make([]member, 0, len(nodes))
	number := map[string]int32{} // of the group of a parent
	var names, of []string
	var sizes []int
	for i, node := range nodes {
		of = parents(of[:0], node)
		for at, parent := range of {
			if at > 0 && slices.Contains(of[:at], parent) {
				continue
			}
			n, known := number[parent]
			if !known {
				n = int32(len(names))
				number[parent] = n
				names, sizes = append(names, parent), append(sizes, 0)
			}
			sizes[n]++
			members = append(members, member{n, int32(i)})
		}
	}
	filled := make([]group, len(names))
	for _, m := range members {
		filled[m.group] = filled[m.group].append(nodes[m.node], sizes[m.group])
	}
	slices.Sort(names)
	for _, parent := range names {
		g.tree.Load(parent, filled[number[parent]])
	}
}

// append adds a node behind all others to a group that is being filled and will have size nodes.
func (g group) append(node graph.Node, size int) group {
	if g == nil {
		g = make(group, 0, (size+chunkSize-1)/chunkSize)
	}
	last := len(g) - 1
	if last < 0 || len(g[last]) == chunkSize {
		g = append(g, make([]graph.Node, 0, min(chunkSize, size-chunkSize*len(g))))
		last++
	}
	g[last] = append(g[last], node)
	return g
}

// change is what a write does to one entry of an index.
type change struct {
	key  string
	node graph.Node
	n    int32 // changes to one entry count in this order
	gone bool  // the entry is taken away
}

func (c *change) id() string { return c.node.Header().ID }

// inOrder sorts changes by key and id. Of several to one entry the last one counts.
func inOrder(changes []change) []change {
	slices.SortFunc(changes, func(a, b change) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		if c := strings.Compare(a.id(), b.id()); c != 0 {
			return c
		}
		return int(a.n - b.n)
	})
	kept := changes[:0]
	for i := range changes {
		if c := &changes[i]; i+1 == len(changes) || changes[i+1].key != c.key || changes[i+1].id() != c.id() {
			kept = append(kept, *c)
		}
	}
	return kept
}

// with returns the group with changes, which are in the order of the ids and each of another one.
func (g group) with(changes []change) group {
	if len(g) == 0 {
		return g.replace(nil, nil, changes)
	}
	out := make(group, 0, len(g)+1+len(changes)/chunkSize)
	done := 0
	for len(changes) > 0 {
		at := g.holding(changes[0].id())
		n := len(changes)
		if at+1 < len(g) {
			next := g[at+1][0].Header().ID
			n = sort.Search(n, func(i int) bool { return changes[i].id() >= next })
		}
		out = append(out, g[done:at]...)
		out = g.replace(out, g[at], changes[:n])
		done, changes = at+1, changes[n:]
	}
	return append(out, g[done:]...)
}

// holding is the place of the chunk that an id belongs to.
func (g group) holding(id string) int {
	// Most changes append: ids ascend.
	last := g[len(g)-1]
	if len(g) == 1 || last[len(last)-1].Header().ID < id {
		return len(g) - 1
	}
	return max(0, sort.Search(len(g), func(i int) bool { return g[i][0].Header().ID > id })-1)
}

// position is where an id stands in a chunk, or would.
func position(chunk []graph.Node, id string) int {
	if n := len(chunk); n == 0 || chunk[n-1].Header().ID < id {
		return n
	}
	return sort.Search(len(chunk), func(i int) bool { return chunk[i].Header().ID >= id })
}

// replace appends to out what a chunk becomes by changes.
func (g group) replace(out group, chunk []graph.Node, changes []change) group {
	nodes := make([]graph.Node, 0, len(chunk)+len(changes))
	behind := true // all that is new comes behind what was there
	for i := range changes {
		c := &changes[i]
		at := position(chunk, c.id())
		nodes = append(nodes, chunk[:at]...)
		chunk = chunk[at:]
		if len(chunk) > 0 {
			behind = false
			if chunk[0].Header().ID == c.id() {
				chunk = chunk[1:]
			}
		}
		if !c.gone {
			nodes = append(nodes, c.node)
		}
	}
	nodes = append(nodes, chunk...)
	pieces, size := (len(nodes)+chunkSize-1)/chunkSize, chunkSize
	if pieces <= 1 {
		return append(out, [][]graph.Node{nodes}[:pieces]...)
	}
	if !behind {
		size = (len(nodes) + pieces - 1) / pieces // halves, so that more fits in between
	}
	for piece := range slices.Chunk(nodes, size) {
		out = append(out, slices.Clone(piece)) // of its own: no chunk keeps the memory of another
	}
	return out
}
