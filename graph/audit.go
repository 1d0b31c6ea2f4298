package graph

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"
)

// CustomerAccess says that a viewer was handed out the record of a customer on a day.
type CustomerAccess struct {
	Day      Date      `cbor:"1,keyasint"`
	Viewer   string    `cbor:"2,keyasint"` // as [Viewer.String] names it
	Customer string    `cbor:"3,keyasint"` // its id; empty: all customers, by an export
	First    time.Time `cbor:"4,keyasint"`
	Last     time.Time `cbor:"5,keyasint"`
	Reads    int       `cbor:"6,keyasint"` // answers in which it was
}

// Key is the place of an access in the order of the log: the newest day first, then by viewer and customer. There is
// one access a key.
func (a CustomerAccess) Key() string {
	return dayKey(a.Day) + accessSeparator + a.Viewer + accessSeparator + a.Customer
}

// AllCustomers reports whether it was all customers that were handed out, by an export.
func (a CustomerAccess) AllCustomers() bool { return a.Customer == "" }

// accessSeparator joins the parts of a key. No id holds it, and no name of a viewer.
const accessSeparator = "\x00"

// dayKey begins the keys of a day. Later days come first.
func dayKey(day Date) string { return fmt.Sprintf("%010d", math.MaxInt32-int64(day.days())) }

// Merge adds what another entry of the same key says.
func (a CustomerAccess) Merge(b CustomerAccess) CustomerAccess {
	if a.Reads == 0 {
		return b
	}
	if b.First.Before(a.First) {
		a.First = b.First
	}
	if b.Last.After(a.Last) {
		a.Last = b.Last
	}
	a.Reads += b.Reads
	return a
}

// AccessRetention is how many days an access is kept.
const AccessRetention = 400

// Forgotten begins the keys of the first day that is not kept any more.
func Forgotten(today Date) string { return dayKey(today.AddDays(-AccessRetention - 1)) }

// Notes is what is noted beside the graph: it is no part of it, has no events and is not exported.
type Notes struct {
	Accesses []CustomerAccess
	Uses     map[string]time.Time // when API keys were last used, by id
}

// AccessQuery asks for a page of the accesses to customers; all that is stated must hold.
type AccessQuery struct {
	Customer string
	Viewer   string // as in the entry, or without what stands behind the first blank
	From, To Date   // both count
	After    string // a key; empty: from the newest on
	First    int
	Total    bool // count all that match, too
}

// Matches reports whether an access is one of those asked for, wherever the page begins.
func (q AccessQuery) Matches(a CustomerAccess) bool {
	return (q.Customer == "" || a.Customer == q.Customer) && a.Day.within(q.From, q.To) &&
		(q.Viewer == "" || a.Viewer == q.Viewer || strings.HasPrefix(a.Viewer, q.Viewer+" "))
}

// AccessPage is a part of the accesses, the newest first.
type AccessPage struct {
	Accesses []CustomerAccess
	HasNext  bool
	Total    int // -1 where it was not asked for
}

// Add takes an access that matches into the page, in the order of keys.
func (p *AccessPage) Add(q AccessQuery, access CustomerAccess) {
	if q.Total {
		p.Total++
	}
	switch {
	case access.Key() <= q.After:
	case len(p.Accesses) < q.First:
		p.Accesses = append(p.Accesses, access)
	default:
		p.HasNext = true
	}
}

// AccessArgs asks for a page of the accesses to customers as a client does.
type AccessArgs struct {
	AccessQuery
	First *int
	After string
}

// ListedAccesses is a page of accesses with the cursor of each.
type ListedAccesses struct {
	AccessPage
	Cursors     []string
	HasPrevious bool
}

// CustomerAccesses returns a page of who was handed out which customers. For operators.
func (g *Graph) CustomerAccesses(ctx context.Context, v Viewer, args AccessArgs) (*ListedAccesses, error) {
	if err := v.OnlyOperators("read who has read"); err != nil {
		return nil, err
	}
	q := args.AccessQuery
	question := questionDigest(v, "accesses", []any{q.Customer, q.Viewer, q.From, q.To})
	page, err := ListArgs{First: args.First, After: args.After}.page(question)
	if err != nil {
		return nil, err
	}
	q.First = page.First
	if page.After != nil {
		q.After = page.After.Text
	}
	found, err := g.Store.Accesses(ctx, v, q)
	if err != nil {
		return nil, err
	}
	listed := &ListedAccesses{AccessPage: found, HasPrevious: q.After != ""}
	for _, access := range found.Accesses {
		listed.Cursors = append(listed.Cursors, cursor{Question: question, Key: Key{Text: access.Key()}}.encode())
	}
	return listed, nil
}
