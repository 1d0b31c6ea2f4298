package neo4jstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

// crowd is a world of some partners and customers, of which "shy" is hidden, and an opportunity to all.
func crowd(w *storetest.World) (viewers []graph.Viewer) {
	w.Competency("erp").Partner("shy", graph.Partner{Undisclosed: true})
	for i := range 20 {
		w.Partner(fmt.Sprint("p", i)).Customer(fmt.Sprint("c", i), storetest.Here)
		viewers = append(viewers, graph.Viewer{Role: graph.RolePartner, Organisation: fmt.Sprint("p", i)}, graph.Viewer{Role: graph.RoleCustomer, Organisation: fmt.Sprint("c", i)})
	}
	w.Opportunity("gap", graph.Opportunity{Owner: "p0", Audience: graph.Audience{Kind: graph.AudienceAll}})
	return append(viewers, graph.Viewer{Role: graph.RoleAnalyst}, graph.Operator)
}

func TestANodeIsReadOnceForAllViewersAndWhatTheyMaySeeOnceARole(t *testing.T) {
	var viewers []graph.Viewer
	g, counted := asking(t, func(w *storetest.World) { viewers = crowd(w) })
	change := func(add func(w *storetest.World)) func() {
		return func() {
			w := storetest.NewWorld(t, g.Store)
			add(w)
			w.Save()
		}
	}
	deliver := []string{"deliver Opportunity"}
	compile := []string{"accesses for ANALYST", "accesses for CUSTOMER", "accesses for PARTNER", "deliver Opportunity"}
	for _, c := range []struct {
		what   string
		before func()
		sent   []string
	}{
		{"at first", func() {}, compile},
		{"again", func() {}, deliver},
		{"after another opportunity", change(func(w *storetest.World) {
			w.Opportunity("other", graph.Opportunity{Owner: "p1", Audience: graph.Audience{Kind: graph.AudienceAll}})
		}), deliver},
		{"after an invitation", change(func(w *storetest.World) {
			w.Add(&graph.Invitation{Meta: graph.Meta{ID: "i"}, Opportunity: "gap", Partner: "p2", State: graph.InvitationPending})
		}), deliver},
		{"after a wall", change(func(w *storetest.World) { w.About("p3").Wall(graph.Wall{Customer: "c3"}) }), compile},
	} {
		c.before()
		var nodes []graph.Node
		sent := slices.DeleteFunc(counted.during(func() {
			var err error
			if nodes, err = g.Store.ReadFor(t.Context(), viewers, graph.KindOpportunity, "gap"); err != nil {
				t.Fatal(err)
			}
		}), func(statement string) bool {
			return !strings.HasPrefix(statement, "accesses") && !strings.HasPrefix(statement, "deliver")
		})
		slices.Sort(sent)
		if !slices.Equal(sent, c.sent) {
			t.Errorf("%s: the statements are %v, not %v", c.what, sent, c.sent)
		}
		for i, v := range viewers {
			if told := nodes[i] != nil; told != (v.Role == graph.RolePartner || v.Role == graph.RoleOperator) {
				t.Errorf("%s: %s is told: %t", c.what, v, told)
			}
		}
	}
}

func TestWhatAViewerMaySeeIsCompiledAnewOnlyAfterAChangeThatCanAlterIt(t *testing.T) {
	g, counted := asking(t, func(w *storetest.World) {
		town(w)
		w.Opportunity("gap", graph.Opportunity{Owner: "acme"})
	})
	read := func(kind graph.Kind, id string) (compiled, found bool) {
		sent := counted.during(func() {
			nodes, err := g.Store.Read(t.Context(), acme, kind, []string{id})
			if err != nil {
				t.Fatal(err)
			}
			found = nodes[0] != nil
		})
		return slices.Contains(sent, "access for PARTNER"), found
	}
	for _, c := range []struct {
		what          string
		add           func(w *storetest.World)
		kind          graph.Kind
		id            string
		anew, visible bool
	}{
		{"at first", nil, graph.KindPartner, "a", true, true},
		{"after an opportunity, a partner", func(w *storetest.World) { w.Opportunity("second", graph.Opportunity{Owner: "a"}) }, graph.KindPartner, "a", false, true},
		{"an opportunity then", nil, graph.KindOpportunity, "second", true, false},
		{"and again", nil, graph.KindOpportunity, "gap", false, true},
		{"after an invitation, an opportunity", func(w *storetest.World) {
			w.Add(&graph.Invitation{Meta: graph.Meta{ID: "i"}, Opportunity: "second", Partner: "acme", State: graph.InvitationPending})
		}, graph.KindOpportunity, "second", true, true},
		{"after a certification, an opportunity", func(w *storetest.World) { w.About("a").Certified("erp") }, graph.KindOpportunity, "second", false, true},
		{"after a referral, a partner", func(w *storetest.World) {
			w.Add(&graph.Referral{Meta: graph.Meta{ID: "r"}, From: "acme", To: "shy", State: graph.ReferralNew, SentOn: storetest.Today})
		}, graph.KindPartner, "shy", true, true},
	} {
		if c.add != nil {
			w := storetest.NewWorld(t, g.Store)
			c.add(w)
			w.Save()
		}
		if anew, visible := read(c.kind, c.id); anew != c.anew || visible != c.visible {
			t.Errorf("%s: compiled anew: %t, to be read: %t; expected: %t, %t", c.what, anew, visible, c.anew, c.visible)
		}
	}
}

// TestAnotherServersChangeIsHonouredByTheNextDelivery: what this server has compiled is of before.
func TestAnotherServersChangeIsHonouredByTheNextDelivery(t *testing.T) {
	options := neo4jtest.Empty(t)
	here, there := neo4jtest.Beside(t, options), neo4jtest.Beside(t, options)
	w := storetest.NewWorld(t, here)
	viewers := crowd(w)
	w.Customer("walled", storetest.Here).Opportunity("near", graph.Opportunity{Customer: "walled", Owner: "p0", Audience: graph.Audience{Kind: graph.AudienceAll}}).Save()
	told := func(store graph.Store, partner string) bool {
		nodes, err := store.ReadFor(t.Context(), viewers, graph.KindOpportunity, "near")
		if err != nil {
			t.Fatal(err)
		}
		return nodes[slices.IndexFunc(viewers, func(v graph.Viewer) bool { return v.Is(partner) })] != nil
	}
	for _, store := range []graph.Store{here, there} {
		if !told(store, "p4") {
			t.Fatal("an opportunity to all is not told")
		}
	}
	w.About("p4").Wall(graph.Wall{Customer: "walled"}).Save()
	for _, store := range []graph.Store{here, there} {
		if told(store, "p4") || !told(store, "p5") {
			t.Error("a wall is not honoured, or keeps others out")
		}
	}
}

// TestAChangeByAnEarlierProgramIsHonoured: it writes the log without a word of what may be seen since.
func TestAChangeByAnEarlierProgramIsHonoured(t *testing.T) {
	store := neo4jtest.Open(t)
	w := storetest.NewWorld(t, store)
	town(w)
	w.About("acme").Serves("bank").Save()
	if !readable(t, store) {
		t.Fatal("a partner may not read a customer that it serves")
	}
	neo4jtest.Run(t, `MATCH (log:Log) SET log.seq = log.seq + 1 CREATE (:Event {seq: log.seq, type: 'wall.created', at: datetime(), actor: 'OPERATOR'})
		WITH log MATCH (who:Partner {id: 'acme'}), (whom:Customer {id: 'bank'})
		CREATE (who)<-[:KEEPS_OUT]-(:Wall {id: 'wall', version: 1, createdAt: datetime(), updatedAt: datetime()})-[:FROM]->(whom)`, nil)
	if readable(t, store) {
		t.Error("a wall of an earlier program is not honoured")
	}
	w.Opportunity("later", graph.Opportunity{Owner: "a"}).Save()
	if readable(t, store) {
		t.Error("a wall of an earlier program is not honoured after a change of this one")
	}
}

func TestSeveralServersOfOneDatabaseAreOneDeployment(t *testing.T) {
	options := neo4jtest.Empty(t)
	here, there := neo4jtest.Beside(t, options), neo4jtest.Beside(t, options)
	var names []string
	for _, store := range []*neo4jstore.Store{here, there} {
		name, err := store.Deployment(t.Context())
		if err != nil || name == "" {
			t.Fatal(name, err)
		}
		names = append(names, name)
	}
	if names[0] != names[1] {
		t.Errorf("one deployment has the names %v", names)
	}
}

func TestATicketIsRedeemedOnceOverAllServers(t *testing.T) {
	options := neo4jtest.Empty(t)
	stores := []graph.Store{neo4jtest.Beside(t, options), neo4jtest.Beside(t, options)}
	for round := range 5 {
		ticket := graph.Ticket{Digest: fmt.Sprint(round), Viewer: acme, Until: time.Now().Add(time.Minute)}
		if err := stores[round%2].Issue(t.Context(), ticket); err != nil {
			t.Fatal(err)
		}
		var holders atomic.Int64
		group, ctx := errgroup.WithContext(t.Context())
		for i := range 8 {
			group.Go(func() error {
				got, err := stores[i%2].Redeem(ctx, ticket.Digest)
				if got != nil {
					holders.Add(1)
				}
				return err
			})
		}
		if err := group.Wait(); err != nil || holders.Load() != 1 {
			t.Errorf("%d callers got the ticket (%v)", holders.Load(), err)
		}
	}
}

func TestSeveralServersLetGoOfTheLogWhileOthersWriteAndRead(t *testing.T) {
	options := neo4jtest.Empty(t)
	stores := []graph.Store{neo4jtest.Beside(t, options), neo4jtest.Beside(t, options)}
	write := func(store graph.Store, events int) error {
		_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			for range events {
				if err := tx.Log(ctx, graph.Event{Type: "a"}); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	}
	if err := write(stores[0], 5000); err != nil { // more than is let go of at once
		t.Fatal(err)
	}
	bound := time.Now()
	var group errgroup.Group
	for _, store := range stores {
		group.Go(func() error { return store.Forget(t.Context(), graph.Operator, bound) })
		group.Go(func() error {
			for range 5 {
				if err := write(store, 2); err != nil {
					return err
				}
			}
			return nil
		})
		group.Go(func() error { // whoever follows the log meets no gap behind its oldest event
			for seq := int64(5000); seq < 5020; {
				events, err := store.Events(t.Context(), graph.Operator, seq, 3)
				if err != nil {
					return err
				}
				for _, event := range events {
					if event.Seq != seq+1 {
						return fmt.Errorf("event %d came after event %d", event.Seq, seq)
					}
					seq = event.Seq
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, store := range stores {
		if oldest, err := store.Oldest(t.Context()); oldest != 5001 || err != nil {
			t.Errorf("the oldest event is %d (%v)", oldest, err)
		}
	}
}
