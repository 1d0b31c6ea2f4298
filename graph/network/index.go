package network

import (
	"maps"

	"github.com/tidwall/btree"
)

// index finds the number of a partner by its id. It never changes once it is published: with returns
// another that shares what it can.
//
// Nearly all ids stand in a plain map, which answers fastest; those that came since stand in a tree, which
// is cheap to extend. The tree is settled into a new map once it has grown to a share of it, so that an id
// costs the same however many there are.
type index struct {
	settled map[string]int32
	recent  *btree.Map[string, int32]
}

// settleAt is the number of recent ids that is worth a new map of all n.
func settleAt(n int) int { return 256 + n/4 }

func newIndex() index {
	return index{settled: map[string]int32{}, recent: new(btree.Map[string, int32])}
}

// len is the number of ids, which are numbered from 0.
func (x index) len() int { return len(x.settled) + x.recent.Len() }

func (x index) find(id string) (number int32, ok bool) {
	if number, ok = x.settled[id]; ok {
		return number, true
	}
	return x.recent.Get(id)
}

// with returns the index with further ids, numbered from len on.
func (x index) with(ids []string) index {
	if len(ids) == 0 {
		return x
	}
	next := int32(x.len())
	if x.recent.Len()+len(ids) > settleAt(len(x.settled)) {
		return x.settle(ids, next)
	}
	recent := x.recent.Copy()
	for i, id := range ids {
		recent.Set(id, next+int32(i))
	}
	return index{settled: x.settled, recent: recent}
}

// settle returns an index that has all ids in one map.
func (x index) settle(ids []string, next int32) index {
	all := make(map[string]int32, x.len()+len(ids))
	maps.Copy(all, x.settled)
	x.recent.Scan(func(id string, number int32) bool {
		all[id] = number
		return true
	})
	for i, id := range ids {
		all[id] = next + int32(i)
	}
	return index{settled: all, recent: new(btree.Map[string, int32])}
}
