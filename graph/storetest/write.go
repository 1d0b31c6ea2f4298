package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"valueweb/graph"
)

// erp is a competency with a description.
func erp(description string) *graph.Competency {
	return &graph.Competency{Meta: graph.Meta{ID: "erp"}, Name: "ERP", Description: description}
}

func writeCases() []testCase {
	return []testCase{
		{"A new node keeps its id and starts at version 1", func(w *World) {
			w.Add(&graph.Competency{Meta: graph.Meta{ID: "ERP_α-1~/é", Synthetic: true, ExternalIDs: []graph.ExternalID{{System: "crm", ID: "7"}}}, Name: "ERP"}).Save()
			meta := w.node(graph.KindCompetency, "ERP_α-1~/é").Header()
			w.same("id", meta.ID, "ERP_α-1~/é")
			w.same("version", meta.Version, 1)
			w.same("synthetic", meta.Synthetic, true)
			w.same("external ids", meta.ExternalIDs, []graph.ExternalID{{System: "crm", ID: "7"}})
		}},
		{"A version that the writer states is the store's to set", func(w *World) {
			w.Add(&graph.Competency{Meta: graph.Meta{ID: "erp", Version: 7}, Name: "ERP"}).Save()
			w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, 1)
		}},
		{"The same id can stand in several kinds", func(w *World) {
			w.Competency("one").Partner("one").Customer("one").Save()
			w.same("name", w.partnerNode("one").Name, "The one")
			w.same("kind", w.node(graph.KindCustomer, "one").Kind(), graph.KindCustomer)
		}},
		{"A change adds one version, keeps the time of creation and moves that of the change", func(w *World) {
			w.Add(erp("")).Save()
			first := *w.node(graph.KindCompetency, "erp").Header()
			w.Add(erp("planning")).Save()
			second := w.node(graph.KindCompetency, "erp").Header()
			w.same("version", second.Version, 2)
			w.same("createdAt", second.CreatedAt, first.CreatedAt)
			if second.UpdatedAt.Before(first.UpdatedAt) {
				w.Errorf("updatedAt went back from %v to %v", first.UpdatedAt, second.UpdatedAt)
			}
		}},
		{"Instants are UTC with milliseconds", func(w *World) {
			w.Add(erp("")).Save()
			for _, at := range []time.Time{w.node(graph.KindCompetency, "erp").Header().CreatedAt, w.events()[0].At} {
				if at.Location() != time.UTC || !at.Equal(at.Truncate(time.Millisecond)) || at.IsZero() {
					w.Errorf("%v is no UTC instant with milliseconds", at)
				}
			}
		}},
		{"A node put twice in one transaction gains one version", func(w *World) {
			w.Add(erp("")).Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp("first"))
				w.put(ctx, tx, erp("second"))
				return logChanges(ctx, tx)
			})
			c := w.node(graph.KindCompetency, "erp").(*graph.Competency)
			w.same("version", c.Version, 2)
			w.same("description", c.Description, "second")
		}},
		{"A new node put twice in one transaction has version 1", func(w *World) {
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp("first"))
				w.put(ctx, tx, erp("second"))
				w.same("changed", tx.Changed(), []string{"Competency:erp"})
				return logChanges(ctx, tx)
			})
			w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, 1)
		}},
		{"Equal content changes nothing: no version, no event", func(w *World) {
			w.Add(erp("planning")).Save()
			before := *w.node(graph.KindCompetency, "erp").(*graph.Competency)
			w.Add(erp("planning")).Save()
			w.same("node", *w.node(graph.KindCompetency, "erp").(*graph.Competency), before)
			w.same("seq", w.seq(), int64(1))
		}},
		{"A node put and put back in one transaction is unchanged", func(w *World) {
			w.Add(erp("planning")).Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp("other"))
				w.put(ctx, tx, erp("planning"))
				w.same("changed", len(tx.Changed()), 0)
				return logChanges(ctx, tx)
			})
			w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, 1)
			w.same("seq", w.seq(), int64(1))
		}},
		{"A transaction sees its own changes and others do not", func(w *World) {
			w.Add(erp("")).Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp("planning"), &graph.Competency{Meta: graph.Meta{ID: "gl"}, Name: "General ledger", Broader: []string{"erp"}})
				inside, err := tx.Read(ctx, graph.Operator, graph.KindCompetency, []string{"erp", "gl"})
				w.must(err)
				w.same("description inside", inside[0].(*graph.Competency).Description, "planning")
				w.same("version inside", []int{inside[0].Header().Version, inside[1].Header().Version}, []int{2, 1})
				pages, err := tx.Related(ctx, graph.Operator, graph.RelatedQuery{Relation: graph.CompetencyNarrower, Parents: []string{"erp"}, Page: graph.PageQuery{First: 9}})
				w.must(err)
				w.same("related inside", idsOf(pages[0]), []string{"gl"})
				nearest, err := tx.Nearest(ctx, graph.Operator, graph.KindCompetency, "gl", 1)
				w.must(err)
				w.same("nearest inside", nearest, []string{"gl"})
				w.same("description outside", w.node(graph.KindCompetency, "erp").(*graph.Competency).Description, "")
				w.same("gl outside", w.node(graph.KindCompetency, "gl"), graph.Node(nil))
				return logChanges(ctx, tx)
			})
		}},
		{"A changed node may name one that is new in the same transaction", func(w *World) {
			w.Competency("erp").Competency("gl").Partner("one").Add(&graph.Solution{Meta: graph.Meta{ID: "s"}, Name: "S"}).Save()
			w.Competency("new").Competency("gl", "new").Partner("parent").Partner("one", graph.Partner{PartOf: "parent"})
			w.Add(&graph.Solution{Meta: graph.Meta{ID: "base"}, Name: "Base"}, &graph.Solution{Meta: graph.Meta{ID: "s"}, Name: "S", BuildsOn: []string{"base"}}).Save()
			w.same("broader", w.node(graph.KindCompetency, "gl").(*graph.Competency).Broader, []string{"new"})
			w.same("narrower", w.relatedIDs(graph.CompetencyNarrower, "new"), []string{"gl"})
			w.same("part of", w.partnerNode("one").PartOf, "parent")
			w.same("used by", w.relatedIDs(graph.SolutionUsedBy, "base"), []string{"s"})
		}},
		{"Changed nodes come in the order in which they first differed", func(w *World) {
			w.Competency("a").Competency("b").Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				named := func(id, name string) graph.Node { return &graph.Competency{Meta: graph.Meta{ID: id}, Name: name} }
				w.put(ctx, tx, named("a", "The a"), named("b", "other"), named("a", "other"))
				w.same("changed", tx.Changed(), []string{"Competency:b", "Competency:a"})
				return logChanges(ctx, tx)
			})
		}},
		{"A failed transaction leaves version, graph and log as they were", func(w *World) {
			w.Add(erp("")).Save()
			failure := errors.New("no")
			_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp("planning"), &graph.Competency{Meta: graph.Meta{ID: "gl"}, Name: "General ledger", Broader: []string{"erp"}})
				w.must(logChanges(ctx, tx))
				return failure
			})
			if !errors.Is(err, failure) {
				w.Errorf("the error of the transaction is lost: %v", err)
			}
			w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, 1)
			w.same("gl", w.node(graph.KindCompetency, "gl"), graph.Node(nil))
			w.same("narrower", w.relatedIDs(graph.CompetencyNarrower, "erp"), []string(nil))
			w.same("log", len(w.events()), 1)
		}},
		{"A change without an event is refused", func(w *World) {
			_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, erp(""))
				return nil
			})
			if err == nil {
				w.Error("a change without an event was committed")
			}
			w.same("node", w.node(graph.KindCompetency, "erp"), graph.Node(nil))
			w.same("seq", w.seq(), int64(0))
		}},
		{"A transaction that does nothing returns the seq of the last event", func(w *World) {
			nothing := func(context.Context, graph.Tx) error { return nil }
			w.same("seq of an empty log", w.write(nothing), int64(0))
			w.Add(erp("")).Save()
			w.same("seq", w.write(nothing), int64(1))
		}},
		{"An event without a change is kept", func(w *World) {
			w.same("seq", w.write(func(ctx context.Context, tx graph.Tx) error {
				return tx.Log(ctx, graph.Event{Type: "partner.applied"})
			}), int64(1))
			w.same("type", w.events()[0].Type, "partner.applied")
		}},
		{"Changed lists each changed node once", func(w *World) {
			w.Add(erp("")).Partner("acme").Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.same("changed at first", len(tx.Changed()), 0)
				w.put(ctx, tx, erp("one"), &graph.Region{Meta: graph.Meta{ID: "west"}, Name: "West"})
				w.put(ctx, tx, erp("two"), &graph.Partner{Meta: graph.Meta{ID: "acme"}, Name: "The acme", Status: graph.Active})
				w.same("changed", sorted(tx.Changed()), []string{"Competency:erp", "Region:west"})
				return logChanges(ctx, tx)
			})
		}},
		{"Refusals stand in the order of the nodes and a refused node changes nothing", func(w *World) {
			refusals := w.Put(
				&graph.Competency{Meta: graph.Meta{ID: "good"}, Name: "Good"},
				&graph.Competency{Meta: graph.Meta{ID: "bad"}, Name: "Bad", Broader: []string{"none"}},
				&graph.Competency{Meta: graph.Meta{ID: "fine"}, Name: "Fine", Broader: []string{"good"}},
			)
			w.same("refusals", len(refusals), 3)
			w.same("good", refusals[0], error(nil))
			w.refused(refusals[1], graph.CodeNotFound, "parent_id")
			w.same("fine", refusals[2], error(nil))
			w.same("bad", w.node(graph.KindCompetency, "bad"), graph.Node(nil))
			w.same("changes", sorted(w.events()[0].Changes), []string{"Competency:fine", "Competency:good"})
		}},
		{"A refused change leaves the node as it was", func(w *World) {
			w.Add(erp("")).Save()
			bad := erp("other")
			bad.Related = []string{"none"}
			w.refused(w.Put(bad)[0], graph.CodeNotFound, "related")
			w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, 1)
			w.same("seq", w.seq(), int64(1))
		}},
		{"A write that is done is seen by every later read", func(w *World) {
			for i := range 20 {
				w.Add(erp(string(rune('a' + i)))).Save()
				w.same("version", w.node(graph.KindCompetency, "erp").Header().Version, i+1)
			}
		}},
		{"Every field of every kind survives", func(w *World) {
			nodes := Specimens()
			w.Add(nodes...).Save()
			for _, node := range Specimens() {
				got := w.node(node.Kind(), node.Header().ID)
				if got == nil {
					w.Errorf("%s is lost", node.GID())
					continue
				}
				stored := got.Header()
				node.Header().Version, node.Header().CreatedAt, node.Header().UpdatedAt = stored.Version, stored.CreatedAt, stored.UpdatedAt
				w.same(node.GID(), got, node)
			}
			w.Add(Specimens()...).Save()
			w.same("seq after the same again", w.seq(), int64(1))
		}},
		{"Sixteen writers at once each leave their change", func(w *World) {
			w.Add(erp("")).Save()
			const writers, rounds = 16, 5
			together(w.T, writers, func(n int) error {
				for range rounds {
					_, err := w.Write(w.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
						nodes, err := tx.Read(ctx, graph.Operator, graph.KindCompetency, []string{"erp"})
						if err != nil {
							return err
						}
						next := *nodes[0].(*graph.Competency)
						next.Description += "x"
						if _, err := tx.Put(ctx, []graph.Node{&next}); err != nil {
							return err
						}
						return logChanges(ctx, tx)
					})
					if err != nil {
						return err
					}
				}
				return nil
			})
			c := w.node(graph.KindCompetency, "erp").(*graph.Competency)
			w.same("updates", len(c.Description), writers*rounds)
			w.same("version", c.Version, 1+writers*rounds)
		}},
		{"A reader sees a consistent snapshot", func(w *World) {
			// Two partners are renamed in one transaction again and again; no read may find them apart.
			rename := func(name string) {
				w.Partner("a", graph.Partner{Name: name}).Partner("b", graph.Partner{Name: name}).Save()
			}
			rename("0")
			done := make(chan struct{})
			read := make(chan error, 1)
			go func() {
				defer close(read)
				for {
					nodes, err := w.Read(w.Context(), graph.Operator, graph.KindPartner, []string{"a", "b"})
					if err == nil && nodes[0].(*graph.Partner).Name != nodes[1].(*graph.Partner).Name {
						err = errors.New("a read found one of two partners renamed")
					}
					if err != nil {
						read <- err
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			}()
			for i := range 100 {
				rename(string(rune('A' + i)))
			}
			close(done)
			w.must(<-read)
		}},
	}
}

// together runs a function in several goroutines and waits for all.
func together(t *testing.T, n int, run func(i int) error) {
	t.Helper()
	failures := make(chan error, n)
	for i := range n {
		go func() { failures <- run(i) }()
	}
	for range n {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}

// Specimens is a node of every kind with every field stated.
func Specimens() []graph.Node {
	meta := func(id string) graph.Meta {
		return graph.Meta{ID: id, Synthetic: true, RetiredOn: Day("2030-01-01"), ExternalIDs: []graph.ExternalID{{System: "crm", ID: id}}}
	}
	number := func(n int) *int { return &n }
	return []graph.Node{
		&graph.Region{Meta: meta("world"), Name: "World", Countries: []string{"FR"}},
		&graph.Region{Meta: meta("dach"), Name: "DACH", Countries: []string{"DE", "AT", "CH"}, Parent: "world"},
		&graph.Competency{Meta: meta("it"), Name: "IT"},
		&graph.Competency{Meta: meta("erp"), Name: "ERP", Aliases: []string{"Planning", "Büro"}, Description: "Resources", Broader: []string{"it"}, Related: []string{"it"}},
		&graph.Partner{Meta: meta("group"), Name: "Group", PartnerKind: graph.Vendor, Status: graph.Active},
		&graph.Partner{
			Meta: meta("acme"), Name: "Acme", Aliases: []string{"ACME SE"}, PartnerKind: graph.Reseller, Status: graph.Suspended, Tier: "GOLD", Website: "https://acme.example",
			Employees: number(0), JoinedOn: Day("1969-12-31"), Capacity: number(0), Tags: []string{"b", "a"}, Undisclosed: true, PartOf: "group",
		},
		&graph.Office{Meta: meta("berlin"), Partner: "acme", Name: "Berlin", Address: "Platz 1", City: "Berlin", Country: "DE", Location: Here, Roles: []graph.OfficeRole{"SALES"}, Tags: []string{"x"}},
		&graph.Customer{Meta: meta("city"), Name: "City", Segment: "PUBLIC", Industry: "GOVERNMENT", Consent: true},
		&graph.Site{Meta: meta("hall"), Customer: "city", Name: "Hall", City: "Berlin", Country: "DE", Location: graph.Point{Lat: -0.000001, Lng: 180}},
		&graph.Contact{Meta: meta("ada"), Partner: "acme", Office: "berlin", Name: "Ada", Email: "ada@acme.example", Phone: "+49 30 1", Role: graph.SalesContact, Territories: []string{"dach"}},
		&graph.Holding{
			Meta: meta("acme-erp"), Partner: "acme", Competency: "erp", Office: "berlin", Level: 4, Since: Day("2020-02-29"), Until: Day("2027-01-01"), Remote: true, Offers: []string{"a", "b"},
			Parts: []graph.HoldingPart{
				{Level: 4, Since: Day("2020-02-29"), Until: Day("2026-01-01"), Offer: "a", Synthetic: true, RetiredOn: Day("2030-01-01")},
				{Since: Day("2021-01-01"), Until: Day("2027-01-01"), Remote: true, Offer: "b", RetiredOn: Day("2029-01-01")},
			},
		},
		&graph.Certification{
			Meta: meta("acme-iso"), Partner: "acme", Competency: "erp", Office: "berlin", Scheme: "ISO", Level: "9001", Issuer: "TÜV",
			IssuedOn: Day("2025-01-01"), ExpiresOn: Day("2028-01-01"), Holders: number(3), Verified: true,
		},
		&graph.CustomerPartner{Meta: meta("city-acme"), Customer: "city", Partner: "acme", Role: "SUPPORTS", Since: Day("2021-01-01"), Until: Day("2022-01-01")},
		&graph.Solution{Meta: meta("base"), Name: "Base"},
		&graph.Solution{Meta: meta("suite"), Name: "Suite", Partners: []string{"acme", "group"}, Origin: "JOINT", Competencies: []string{"erp"}, BuildsOn: []string{"base"}, Description: "All"},
		&graph.Partnership{
			Meta: meta("venture"), Parties: []string{"group", "acme"}, Form: "JOINT VENTURE", Collaboration: graph.HighCollaboration, DataSharing: graph.ConsentedSharing,
			StartsOn: Day("2020-01-01"), EndsOn: Day("2029-01-01"), Sponsor: "Eve", Manager: "Bob", Sites: []string{"hall"}, Pending: []string{"acme", "group"},
		},
		&graph.Opportunity{
			Meta: meta("gap"), Title: "Gap", Customer: "city", Site: "hall", Point: &graph.Point{Lat: 1, Lng: 2}, Needs: []graph.Need{{Competency: "erp", MinLevel: 2}},
			Owner: "group", Lead: "acme", Members: []string{"group"}, Declined: []string{"group"}, Stage: graph.Committed, Review: graph.ReviewApproved,
			Value: &graph.Money{Amount: "1000000000000000.10", Currency: "EUR"}, PostedOn: Day("2026-01-01"), ClosedOn: Day("2026-02-01"), LostReason: "PRICE",
			Audience: graph.Audience{
				Kind: graph.AudienceFilter, Partners: []string{"acme"}, Competencies: []string{"erp"}, Region: "dach", Countries: []string{"DE"}, Tags: []string{"a"},
				Kinds: []graph.PartnerKind{graph.Vendor}, MinTier: "SILVER", Near: &graph.Point{Lat: 3, Lng: 4}, RadiusKm: 12.5,
			},
			SharedIn: []string{"venture"}, PostedBy: "PARTNER:group eve", SubmittedBy: "OPERATOR", ReviewFields: []string{"value", "needs"}, ReviewNote: "Say more.",
			ProtectedUntil: Day("2026-05-01"), TransferTo: "acme",
		},
		&graph.Invitation{Meta: meta("ask"), Opportunity: "gap", Partner: "acme", State: graph.InvitationDeclined, SentOn: Day("2026-01-02"), AnsweredOn: Day("2026-01-03"), Reason: "CAPACITY"},
		&graph.Referral{Meta: meta("first"), From: "group", To: "acme", State: graph.ReferralForwarded, SentOn: Day("2026-01-01")},
		&graph.Referral{
			Meta: meta("second"), From: "acme", To: "group", Customer: "city", Competency: "erp", State: graph.ReferralWon, Value: &graph.Money{Amount: "0.000001", Currency: "JPY"},
			SentOn: Day("2026-01-02"), AnsweredOn: Day("2026-01-03"), ClosedOn: Day("2026-01-04"), Parent: "first",
		},
		&graph.Wall{Meta: meta("keep"), Partner: "acme", Customer: "city", Competency: "erp", Partnership: "venture"},
		&graph.APIKey{
			Meta: meta("0123456789ab"), Partner: "acme", Name: "CRM", Scopes: []graph.Scope{graph.ScopeRefer, graph.ScopeRead}, Digest: "9f86d081",
			ExpiresAt: time.Date(2030, 1, 2, 3, 4, 5, 6e6, time.UTC), RevokedAt: time.Date(2029, 1, 2, 3, 4, 5, 0, time.UTC),
		},
	}
}
