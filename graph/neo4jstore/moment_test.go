package neo4jstore_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

// pairs is the number of pairs of partners. Each transaction swaps all that the two of a pair have.
const pairs = 12

// fewestWrites is how many transactions there are at least, however busy the machine is.
const fewestWrites = 15

// TestEveryReadIsOfOneMomentUnderConcurrentWriters lets writers swap names, aliases, holdings, places and the
// states of referrals between the two partners of each pair, all in one transaction, while readers of the
// same store and of another one look at both: whatever they read, one of the two has it.
//
// It tells how many reads were repeated because a writer came between, and how many made writers wait.
func TestEveryReadIsOfOneMomentUnderConcurrentWriters(t *testing.T) {
	writing, reading := &tally{}, &tally{}
	options := neo4jtest.Empty(t)
	options.Observe = writing.count
	near := neo4jtest.Beside(t, options)
	options.Observe = reading.count
	far := neo4jtest.Beside(t, options)
	putPairs(t, near)
	calm := reading.during(func() { lookOnce(t, far) })

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	enough := time.Now().Add(time.Duration(often(2, 600)) * time.Second)
	var all sync.WaitGroup
	var writes, reads, looks atomic.Int64
	for range 2 {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := swapAll(ctx, near); err != nil && ctx.Err() == nil {
					t.Errorf("swap: %v", err)
					return
				}
				if writes.Add(1) >= fewestWrites && time.Now().After(enough) {
					cancel()
				}
			}
		})
	}
	reading.reset()
	for _, store := range []*neo4jstore.Store{near, near, far, far} {
		all.Go(func() {
			for i := 0; ctx.Err() == nil && !t.Failed(); i++ {
				look := looksAt[i%len(looksAt)]
				if wrong := look.at(ctx, store); wrong != "" && ctx.Err() == nil {
					t.Errorf("%s: %s", look.name, wrong)
				}
				reads.Add(1)
				if store == far {
					looks.Add(1)
				}
			}
		})
	}
	all.Wait()
	statements, locks := reading.statements.Load(), reading.locks.Load()
	t.Logf("%d transactions swapped %d pairs each; %d looks, of which %d at the store of another process: about %.2f statements each, %.2f without writers; %d times writers waited for one of them",
		writes.Load(), pairs, reads.Load(), looks.Load(), float64(statements)/float64(looks.Load()), float64(calm)/float64(len(looksAt)), locks)
}

// TestAChangeDoesNotWaitForItself has another server die between its commit and telling that it has ended: a change that
// looks at what somebody may see holds the lock that a read of the store would wait for.
func TestAChangeDoesNotWaitForItself(t *testing.T) {
	store := neo4jtest.Open(t)
	w := storetest.NewWorld(t, store)
	w.Partner("a").Partner("b").Customer("acme", storetest.Here).Competency("erp").About("a").Owns("acme")
	w.Opportunity("gap", graph.Opportunity{Owner: "a", Customer: "acme", PostedOn: storetest.Today, Needs: []graph.Need{{Competency: "erp", MinLevel: 1}}})
	w.Save()
	g, first := &graph.Graph{Store: store, Clock: time.Now}, 1
	a := graph.Viewer{Role: graph.RolePartner, Organisation: "a"}
	for name, change := range map[string]func(ctx context.Context) error{
		"a referral with a customer": func(ctx context.Context) error {
			_, err := g.SendReferral(ctx, a, graph.Creation{}, graph.Introduction{From: "a", To: "b", Customer: "acme"})
			return err
		},
		"one by an operator": func(ctx context.Context) error {
			_, err := g.SendReferral(ctx, graph.Operator, graph.Creation{}, graph.Introduction{From: "a", To: "b", Customer: "acme"})
			return err
		},
		"an invitation": func(ctx context.Context) error {
			_, err := g.Invite(ctx, a, graph.Edit{ID: "gap", ExpectedVersion: &first}, "b")
			return err
		},
	} {
		neo4jtest.Run(t, "MATCH (commit:Commit) SET commit.begun = 'a server that died'", nil)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if err := change(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

// tally counts the statements of a store.
type tally struct{ statements, locks atomic.Int64 }

func (c *tally) count(statement string, _ map[string]any, _ neo4j.ResultSummary) {
	c.statements.Add(1)
	if statement == "lock" {
		c.locks.Add(1)
	}
}

func (c *tally) reset() {
	c.statements.Store(0)
	c.locks.Store(0)
}

func (c *tally) during(fn func()) int64 {
	before := c.statements.Load()
	fn()
	return c.statements.Load() - before
}

func lookOnce(t *testing.T, store *neo4jstore.Store) {
	for _, look := range looksAt {
		if wrong := look.at(t.Context(), store); wrong != "" {
			t.Fatalf("%s, with nobody writing: %s", look.name, wrong)
		}
	}
}

func left(i int) string  { return fmt.Sprintf("left-%02d", i) }
func right(i int) string { return fmt.Sprintf("right-%02d", i) }

// putPairs writes the pairs: what is stated of the left one is what is swapped.
func putPairs(t *testing.T, store *neo4jstore.Store) {
	w := storetest.NewWorld(t, store)
	w.Competency("moving").Competency("both").Partner("sender")
	for i := range pairs {
		w.Partner(left(i), graph.Partner{Name: fmt.Sprintf("Name %02d A", i), Aliases: []string{fmt.Sprintf("needle-%02d", i)}})
		w.Office(left(i)+"-office", storetest.Here).Holds("both").Holds("moving", graph.Holding{Meta: graph.Meta{ID: fmt.Sprint("moving-", i)}})
		w.Received(graph.Referral{Meta: graph.Meta{ID: "to-" + left(i)}, Competency: "both", State: graph.ReferralWon})
		w.Partner(right(i), graph.Partner{Name: fmt.Sprintf("Name %02d B", i)})
		w.Office(right(i)+"-office", storetest.Far).Holds("both")
		w.Received(graph.Referral{Meta: graph.Meta{ID: "to-" + right(i)}, Competency: "both", State: graph.ReferralLost})
	}
	w.Save()
}

// swapAll swaps all pairs in one transaction.
func swapAll(ctx context.Context, store *neo4jstore.Store) error {
	_, err := store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		var nodes []graph.Node
		for i := range pairs {
			swapped, err := swap(ctx, tx, i)
			if err != nil {
				return err
			}
			nodes = append(nodes, swapped...)
		}
		refusals, err := tx.Put(ctx, nodes)
		if err != nil {
			return err
		}
		for _, refusal := range refusals {
			if refusal != nil {
				return refusal
			}
		}
		return tx.Log(ctx, graph.Event{Type: "swapped", Subject: graph.GID(graph.KindPartner, left(0)), Changes: tx.Changed()})
	})
	return err
}

// swap is a pair with everything the other way round.
func swap(ctx context.Context, tx graph.Tx, i int) ([]graph.Node, error) {
	read := func(kind graph.Kind, ids ...string) []graph.Node {
		nodes, err := tx.Read(ctx, graph.Operator, kind, ids)
		if err != nil || slices.Contains(nodes, nil) {
			return nil
		}
		return []graph.Node{clone(nodes[0]), clone(nodes[len(nodes)-1])}
	}
	partners, offices := read(graph.KindPartner, left(i), right(i)), read(graph.KindOffice, left(i)+"-office", right(i)+"-office")
	referrals, holdings := read(graph.KindReferral, "to-"+left(i), "to-"+right(i)), read(graph.KindHolding, fmt.Sprint("moving-", i))
	if partners == nil || offices == nil || referrals == nil || holdings == nil {
		return nil, fmt.Errorf("pair %d cannot be read: %w", i, ctx.Err())
	}
	a, b := partners[0].(*graph.Partner), partners[1].(*graph.Partner)
	a.Name, b.Name, a.Aliases, b.Aliases = b.Name, a.Name, b.Aliases, a.Aliases
	here, there := offices[0].(*graph.Office), offices[1].(*graph.Office)
	here.Location, there.Location = there.Location, here.Location
	one, other := referrals[0].(*graph.Referral), referrals[1].(*graph.Referral)
	one.State, other.State = other.State, one.State
	moving := holdings[0].(*graph.Holding)
	if moving.Partner == left(i) {
		moving.Partner = right(i)
	} else {
		moving.Partner = left(i)
	}
	return []graph.Node{a, b, here, there, one, other, moving}, nil
}

// look is a way to read, which tells what is wrong with what it read.
type look struct {
	name string
	at   func(ctx context.Context, store *neo4jstore.Store) string
}

var looksAt = []look{
	{"both of a pair have the same version", func(ctx context.Context, store *neo4jstore.Store) string {
		nodes, err := store.Read(ctx, graph.Operator, graph.KindPartner, []string{left(0), right(0), left(pairs - 1), right(pairs - 1)})
		if err != nil || slices.Contains(nodes, nil) {
			return fmt.Sprint(nodes, err)
		}
		for _, node := range nodes {
			if node.Header().Version != nodes[0].Header().Version {
				return fmt.Sprintf("%s has version %d and %s %d", nodes[0].GID(), nodes[0].Header().Version, node.GID(), node.Header().Version)
			}
		}
		return ""
	}},
	{"a list by name has every name once", func(ctx context.Context, store *neo4jstore.Store) string {
		page, err := store.List(ctx, graph.Operator, graph.ListQuery{
			Kind: graph.KindPartner, Filter: graph.Filter{AsOf: storetest.Today}, Order: graph.Order{Field: graph.OrderByName}, Page: graph.PageQuery{First: 1000, Total: true},
		})
		return distinctNames(page, err, 2*pairs+1)
	}},
	{"a text is found exactly once", func(ctx context.Context, store *neo4jstore.Store) string {
		page, err := store.List(ctx, graph.Operator, graph.ListQuery{
			Kind: graph.KindPartner, Filter: graph.Filter{Text: "needle-03", AsOf: storetest.Today}, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 10, Total: true},
		})
		return distinctNames(page, err, 1)
	}},
	{"one office of each pair is near", func(ctx context.Context, store *neo4jstore.Store) string {
		page, err := store.List(ctx, graph.Operator, graph.ListQuery{
			Kind: graph.KindOffice, Filter: graph.Filter{Near: &graph.Place{Point: &storetest.Here}, RadiusKm: 50, AsOf: storetest.Today},
			Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: 1000, Total: true},
		})
		return distinctNames(page, err, pairs)
	}},
	{"one of each pair holds what moves", func(ctx context.Context, store *neo4jstore.Store) string {
		var parents []string
		for i := range pairs {
			parents = append(parents, left(i), right(i))
		}
		pages, err := store.Related(ctx, graph.Operator, graph.RelatedQuery{Relation: graph.PartnerHoldings, Parents: parents, Page: graph.PageQuery{First: 9, Total: true}})
		if err != nil || len(pages) != 2*pairs {
			return fmt.Sprint(len(pages), err)
		}
		for i := range pairs {
			if got := len(pages[2*i].Nodes) + len(pages[2*i+1].Nodes); got != 3 || pages[2*i].Total+pages[2*i+1].Total != 3 {
				return fmt.Sprintf("the partners of pair %d have %d holdings together, not 3", i, got)
			}
		}
		return ""
	}},
	{"one of each pair qualifies with what moves", func(ctx context.Context, store *neo4jstore.Store) string {
		return oneOfEach(store.Gap(ctx, graph.Operator, askFor("moving", math.Inf(1))))
	}},
	{"one of each pair qualifies near the place", func(ctx context.Context, store *neo4jstore.Store) string {
		return oneOfEach(store.Gap(ctx, graph.Operator, askFor("both", 50)))
	}},
	{"one of each pair has won", func(ctx context.Context, store *neo4jstore.Store) string {
		facts, err := store.Gap(ctx, graph.Operator, askFor("both", math.Inf(1)))
		if err != nil || len(facts.Candidates) != 2*pairs {
			return fmt.Sprintf("%d qualify, not %d (%v)", len(facts.Candidates), 2*pairs, err)
		}
		won, closed := 0, 0
		for _, c := range facts.Candidates {
			won, closed = won+c.Track.Won, closed+c.Track.Closed
		}
		if won != pairs || closed != 2*pairs {
			return fmt.Sprintf("%d of %d referrals are won, not %d of %d", won, closed, pairs, 2*pairs)
		}
		return ""
	}},
	{"an event is seen after its change, and none is left out", followLog},
}

func askFor(competency string, radius float64) graph.GapQuery {
	q := storetest.Ask(competency)
	q.Radii, q.Enough = []float64{radius}, 1
	return q
}

// distinctNames tells what is wrong unless a page holds n nodes of different names.
func distinctNames(page graph.Page, err error, n int) string {
	seen := map[string]bool{}
	for _, node := range page.Nodes {
		seen[graph.Title(node)] = true
	}
	if err != nil || len(page.Nodes) != n || len(seen) != n || page.Total != n {
		return fmt.Sprintf("%d nodes of %d names, %d in all, not %d (%v)", len(page.Nodes), len(seen), page.Total, n, err)
	}
	return ""
}

// oneOfEach tells what is wrong unless one of each pair qualifies.
func oneOfEach(facts graph.GapFacts, err error) string {
	seen := map[string]int{}
	for _, c := range facts.Candidates {
		seen[c.Partner[len(c.Partner)-2:]]++
	}
	if err != nil || len(facts.Candidates) != pairs || len(seen) != pairs {
		return fmt.Sprintf("%d qualify, of %d pairs (%v)", len(facts.Candidates), len(seen), err)
	}
	return ""
}

// followLog reads the end of the log, and then the node that the last event is about.
func followLog(ctx context.Context, store *neo4jstore.Store) string {
	seq, err := store.Seq(ctx)
	if err != nil {
		return err.Error()
	}
	from := max(0, seq-5)
	events, err := store.Events(ctx, graph.Operator, from, 1000)
	if err != nil || int64(len(events)) < seq-from {
		return fmt.Sprintf("%d events after %d though the log has come to %d (%v)", len(events), from, seq, err)
	}
	for i, event := range events {
		if event.Seq != from+int64(i)+1 {
			return fmt.Sprintf("event %d follows event %d", event.Seq, from+int64(i))
		}
	}
	last := events[len(events)-1]
	nodes, err := store.Read(ctx, graph.Operator, graph.KindPartner, []string{left(0)})
	if err != nil || nodes[0] == nil || nodes[0].Header().Version < last.Version {
		return fmt.Sprintf("the event about version %d is seen before it (%v)", last.Version, err)
	}
	return ""
}
