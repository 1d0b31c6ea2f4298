package sheet

import (
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

var seed = maphash.MakeSeed()

// hashOf is a number for a value, the same for the same value as long as the process runs. That two
// values share one is less likely than that the disk errs.
func hashOf(v any) uint64 {
	if text, ok := v.(string); ok {
		return maphash.String(seed, text)
	}
	data, err := cbor.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encoding a %T: %v", v, err)) // nodes are stored in this form
	}
	return maphash.Bytes(seed, data)
}

// held is the rows of an id of which the first one waits for another row: until its fate is known, so is
// theirs not.
type held struct {
	number int // of the first row
	behind []*row
}

// firsts returns the rows to write now, of each id one, those to look at after them, and what became of
// those whose id an earlier row has. Rows whose first one waits are held.
func (l *loader) firsts(rows []*row) (first, rest []*row, known []outcome) {
	if l.table.joins || l.table.put != nil {
		return rows, nil, nil
	}
	now := make(map[string]bool, len(rows))
	for _, r := range rows {
		said, seen := l.seen[r.mark]
		h := l.held[r.id]
		switch {
		case seen:
			known = append(known, l.repeats(r, said == r.said))
		case h != nil && h.number != r.number:
			r.fresh = nil
			h.behind = append(h.behind, r)
			l.heldBytes += r.size()
		case now[r.id]:
			rest = append(rest, r)
		default:
			now[r.id] = true
			first = append(first, r)
		}
	}
	return first, rest, known
}

// settle remembers what became of the rows that were written, and returns the rows that stood behind
// those that wait no longer.
func (l *loader) settle(outcomes []outcome) (more []*row) {
	for _, o := range outcomes {
		switch {
		case o.status == rejected:
		case o.status == waiting:
			if l.held[o.row.id] == nil {
				l.held[o.row.id] = &held{number: o.row.number}
			}
			continue
		case l.table.joins:
		case l.table.put != nil:
			l.seen[o.row.mark], l.seen[hashOf(o.gid)] = o.row.said, o.row.said
		default:
			l.seen[o.row.mark] = o.row.said
		}
		more = append(more, l.release(o.row.id)...)
	}
	return more
}

// release returns the rows that stand behind the first one of an id, which waits no longer.
func (l *loader) release(id string) []*row {
	h := l.held[id]
	if h == nil {
		return nil
	}
	delete(l.held, id)
	for _, r := range h.behind {
		l.heldBytes -= r.size()
	}
	return l.renewed(h.behind)
}

// repeats judges a row of an id that an earlier row has.
func (l *loader) repeats(r *row, same bool) outcome {
	column, value, reason := l.earlier(r)
	o := outcome{row: r, status: merged}
	if same {
		o.found.warn(column, value, reason+", and says the same")
	} else {
		o.status = rejected
		o.found.fail(column, value, reason+", and says something else")
	}
	return o
}

// earlier says by what a row is recognised as one of an id that an earlier row has.
func (l *loader) earlier(r *row) (column, value, reason string) {
	if id, _ := l.binding.cell("id", r.cells); id.text != "" {
		return "id", r.id, fmt.Sprintf("the id %q stands in an earlier row already", r.id)
	}
	last := len(l.table.keyed) - 1
	key := strings.Join(l.table.keyed[:last], ", ") + " and " + l.table.keyed[last]
	of, _ := l.binding.cell(l.table.keyed[0], r.cells)
	return l.table.keyed[0], of.text, fmt.Sprintf("a row of the same %s stands above already", key)
}

// giveWay finds the rows that wait for what no row will bring, also of those behind others, and returns
// them and the rows that stood behind them.
func (l *loader) giveWay() (vain []outcome, behind []*row) {
	waitFor := map[string][]string{}
	mayCome := map[string]bool{}
	var next []string
	for _, o := range l.wait {
		id := o.row.id
		waitFor[o.refusal.ID] = append(waitFor[o.refusal.ID], id)
		if h := l.held[id]; h != nil && len(h.behind) > 0 {
			mayCome[id], next = true, append(next, id)
		}
	}
	for len(next) > 0 {
		id := next[len(next)-1]
		next = next[:len(next)-1]
		for _, other := range waitFor[id] {
			if !mayCome[other] {
				mayCome[other], next = true, append(next, other)
			}
		}
	}
	for _, o := range l.wait {
		if !mayCome[o.refusal.ID] {
			o.status = rejected
			vain, behind = append(vain, o), append(behind, l.release(o.row.id)...)
		}
	}
	return vain, behind
}
