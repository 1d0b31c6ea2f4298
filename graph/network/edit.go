package network

import (
	"slices"

	"valueweb/graph"
)

// ledger is what only the writer needs to know: whom each referral and partnership ties, so that it can
// leave those ties when its ends change. Parties are in ascending order.
//
// While the network is read for the first time it does without the referrals: nothing has left a tie yet, and a
// million entries take as long as all the rest. They are gathered when they are first needed.
type ledger struct {
	referrals    map[string]pair // nil: not gathered yet
	partnerships map[string][]int32
}

// pair is two partners by number, the smaller first.
type pair struct{ a, b int32 }

func newPair(a, b int32) pair { return pair{a: min(a, b), b: max(a, b)} }

// newLedger is a ledger that knows nothing yet.
func newLedger() *ledger { return &ledger{partnerships: make(map[string][]int32)} }

// gather notes whom the referrals of a snapshot tie, unless it is known.
func (l *ledger) gather(s *snapshot) {
	if l.referrals != nil {
		return
	}
	size := 0
	s.eachTie(func(_ pair, t *tie) { size += len(t.referrals) })
	l.referrals = make(map[string]pair, size)
	s.eachTie(func(between pair, t *tie) {
		for i := range t.referrals {
			l.referrals[t.referrals[i].id] = between
		}
	})
}

// edit gathers changes of nodes by the ties that they concern, so that each tie is made once however many
// changes it sees. The ledger knows the changes at once: an edit once begun is to be finished.
type edit struct {
	ledger   *ledger
	base     *snapshot
	fresh    map[string]int32 // partners that the base does not know
	ids      []string         // of these, by number from base.len() on
	partners map[int32]partner
	drafts   map[pair]*draft
}

// partner is what the network keeps of a partner.
type partner struct {
	name   string
	active bool
}

// draft is what changes in a tie, in the order of the changes.
type draft struct {
	referrals    []referral
	partnerships []partnership
}

// edit begins a change of a snapshot.
func (l *ledger) edit(base *snapshot) *edit {
	l.gather(base)
	return l.begin(base)
}

func (l *ledger) begin(base *snapshot) *edit {
	return &edit{
		ledger: l, base: base,
		fresh: map[string]int32{}, partners: map[int32]partner{}, drafts: map[pair]*draft{},
	}
}

// chunk puts all nodes of a chunk.
func (e *edit) chunk(c graph.NetworkChunk) {
	if c.Again {
		e.gather()
	}
	for _, p := range c.Partners {
		e.partner(p)
	}
	for _, r := range c.Referrals {
		e.referral(r)
	}
	for _, p := range c.Partnerships {
		e.partnership(p)
	}
}

// gather notes whom the referrals that were put tie, unless it is known. One that was put twice had changed from
// one tie to another while the network was read: it leaves both, for it will be put again.
func (e *edit) gather() {
	known := e.ledger.referrals
	if known != nil {
		return
	}
	known = make(map[string]pair)
	for between, d := range e.drafts {
		for _, r := range d.referrals[:len(d.referrals):len(d.referrals)] {
			other, twice := known[r.id]
			known[r.id] = between
			if twice && other != between {
				e.drafts[other].referrals = append(e.drafts[other].referrals, referral{id: r.id, gone: true})
			}
		}
	}
	e.ledger.referrals = known
}

// node puts a node as it was read; nil takes away what the network rests on it.
func (e *edit) node(kind graph.Kind, id string, n graph.Node) {
	switch n := n.(type) {
	case *graph.Partner:
		e.partner(n)
	case *graph.Referral:
		e.referral(n)
	case *graph.Partnership:
		e.partnership(n)
	case nil:
		e.missing(kind, id)
	}
}

func (e *edit) missing(kind graph.Kind, id string) {
	switch kind {
	case graph.KindPartner:
		e.partners[e.number(id)] = partner{}
	case graph.KindReferral:
		e.dropReferral(id)
	case graph.KindPartnership:
		e.dropPartnership(id)
	}
}

func (e *edit) partner(p *graph.Partner) {
	e.partners[e.number(p.ID)] = partner{name: p.Name, active: p.Status == graph.Active}
}

// referral puts a referral; one from a partner to itself ties nobody.
func (e *edit) referral(r *graph.Referral) {
	if e.ledger.referrals != nil {
		e.dropReferral(r.ID)
	}
	if r.From == "" || r.To == "" || r.From == r.To {
		return
	}
	from, to := e.number(r.From), e.number(r.To)
	between := newPair(from, to)
	d := e.draft(between)
	d.referrals = append(d.referrals, newReferral(r, from < to))
	if e.ledger.referrals != nil {
		e.ledger.referrals[r.ID] = between
	}
}

func (e *edit) dropReferral(id string) {
	between, known := e.ledger.referrals[id]
	if !known {
		return
	}
	d := e.draft(between)
	d.referrals = append(d.referrals, referral{id: id, gone: true})
	delete(e.ledger.referrals, id)
}

// partnership puts a partnership, which ties every pair of its parties.
func (e *edit) partnership(p *graph.Partnership) {
	e.dropPartnership(p.ID)
	parties := e.parties(p)
	e.eachPair(parties, newPartnership(p))
	e.ledger.partnerships[p.ID] = parties
}

func (e *edit) dropPartnership(id string) {
	e.eachPair(e.ledger.partnerships[id], partnership{id: id, gone: true})
	delete(e.ledger.partnerships, id)
}

// parties are the numbers of the parties, each once, in ascending order.
func (e *edit) parties(p *graph.Partnership) []int32 {
	parties := make([]int32, 0, len(p.Parties))
	for _, id := range p.Parties {
		if id != "" {
			parties = append(parties, e.number(id))
		}
	}
	slices.Sort(parties)
	return slices.Compact(parties)
}

// eachPair notes a change of a partnership in the tie of every pair of its parties.
func (e *edit) eachPair(parties []int32, change partnership) {
	for i, a := range parties {
		for _, b := range parties[i+1:] {
			d := e.draft(pair{a, b})
			d.partnerships = append(d.partnerships, change)
		}
	}
}

// number is the number of a partner, a new one for a partner not seen before.
func (e *edit) number(id string) int32 {
	if n, ok := e.base.ids.find(id); ok {
		return n
	}
	n, ok := e.fresh[id]
	if !ok {
		n = int32(e.base.len() + len(e.ids))
		e.fresh[id] = n
		e.ids = append(e.ids, id)
	}
	return n
}

func (e *edit) draft(between pair) *draft {
	d := e.drafts[between]
	if d == nil {
		d = new(draft)
		e.drafts[between] = d
	}
	return d
}

// snapshot is the base with all changes. It copies the ties, neighbours and pages that change, and one
// pointer for each page.
func (e *edit) snapshot(seq int64) *snapshot {
	pages := newSpine(e.base.pages)
	for i, id := range e.ids {
		pages.add(int32(e.base.len()+i), id)
	}
	for n, p := range e.partners {
		pages.put(n, p)
	}
	for n, changes := range e.rewired() {
		pages.rewire(n, changes)
	}
	return &snapshot{seq: seq, ids: e.base.ids.with(e.ids), pages: pages.pages, superseded: make(chan struct{})}
}

// rewired makes the ties anew, and lists them at both of their ends.
func (e *edit) rewired() map[int32][]neighbour {
	changes := make(map[int32][]neighbour)
	for between, d := range e.drafts {
		t := d.applied(e.tie(between))
		changes[between.a] = append(changes[between.a], neighbour{to: between.b, tie: t})
		changes[between.b] = append(changes[between.b], neighbour{to: between.a, tie: t})
	}
	return changes
}

// tie is the tie of a pair in the base, nil for none.
func (e *edit) tie(between pair) *tie {
	if int(between.b) >= e.base.len() {
		return nil
	}
	return e.base.tie(between.a, between.b)
}

// applied is a tie with the changes of the draft; either may be nil.
func (d *draft) applied(old *tie) *tie {
	if old == nil {
		old = new(tie)
	}
	return newTie(
		splice(old.referrals, d.referrals, compareReferrals, func(r referral) bool { return r.gone }),
		splice(old.partnerships, d.partnerships, comparePartnerships, func(p partnership) bool { return p.gone }),
	)
}
