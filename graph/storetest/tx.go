package storetest

import (
	"context"
	"fmt"

	"valueweb/graph"
)

// within runs a transaction of an operator that must succeed.
func (w *World) within(fn func(ctx context.Context, tx graph.Tx)) {
	w.Helper()
	w.write(func(ctx context.Context, tx graph.Tx) error {
		fn(ctx, tx)
		return nil
	})
}

// townsfolk are viewers of every role in the world of town, those of whom it takes no notice among them.
var townsfolk = []graph.Viewer{
	{Role: graph.RolePartner, Organisation: "me"}, {Role: graph.RolePartner, Organisation: "pub", Subject: "ada"}, {Role: graph.RolePartner, Organisation: "shy", Key: "vw"},
	{Role: graph.RolePartner, Organisation: "third"}, {Role: graph.RolePartner, Organisation: "pending"}, {Role: graph.RolePartner, Organisation: "mate"},
	{Role: graph.RoleCustomer, Organisation: "mine"}, {Role: graph.RoleCustomer, Organisation: "served"}, {Role: graph.RoleAnalyst}, graph.Operator,
}

func txCases() []testCase {
	return []testCase{
		{"In a transaction a viewer may see what it may see outside of it", func(w *World) {
			town(w)
			for _, v := range townsfolk {
				want, wanted := w.Access(w.Context(), v)
				w.within(func(ctx context.Context, tx graph.Tx) {
					got, err := tx.Access(ctx, v)
					w.same(fmt.Sprint("access of ", v), got, want)
					w.same(fmt.Sprint("refusal of ", v), err, wanted)
				})
			}
			w.within(func(ctx context.Context, tx graph.Tx) {
				_, err := tx.Access(ctx, graph.Viewer{Role: graph.RolePartner, Organisation: "gone"})
				w.refused(err, graph.CodeForbidden, "")
			})
		}},
		{"In a transaction a viewer reads of every kind what it reads outside of it", func(w *World) {
			town(w)
			for _, kind := range graph.Kinds {
				ids := append(w.known(kind), "nowhere")
				for _, v := range townsfolk {
					want, err := w.Read(w.Context(), v, kind, ids)
					w.must(err)
					w.within(func(ctx context.Context, tx graph.Tx) {
						got, err := tx.Read(ctx, v, kind, ids)
						w.must(err)
						w.same(fmt.Sprint(kind, " to ", v), got, want)
					})
				}
			}
		}},
		{"What is like a text, and what is related, is in a transaction what it is outside of it", func(w *World) {
			town(w)
			related := graph.RelatedQuery{Relation: graph.PartnerOpportunities, Parents: []string{"pub", "me"}, Page: graph.PageQuery{First: 99, Total: true}}
			for _, v := range townsfolk {
				nearest, err := w.Nearest(w.Context(), v, graph.KindPartner, "shy", 99)
				w.must(err)
				pages, err := w.Related(w.Context(), v, related)
				w.must(err)
				w.within(func(ctx context.Context, tx graph.Tx) {
					got, err := tx.Nearest(ctx, v, graph.KindPartner, "shy", 99)
					w.must(err)
					w.same("nearest to "+v.String(), got, nearest)
					found, err := tx.Related(ctx, v, related)
					w.must(err)
					w.same("related to "+v.String(), found, pages)
				})
			}
		}},
		{"A viewer reads the graph as it stood when the transaction began, an operator its changes, too", func(w *World) {
			w.Partner("me").Partner("friend").Shy("stranger").Competency("erp").Save()
			me := graph.Viewer{Role: graph.RolePartner, Organisation: "me"}
			w.within(func(ctx context.Context, tx graph.Tx) {
				read := func(v graph.Viewer, kind graph.Kind, id string) graph.Node {
					nodes, err := tx.Read(ctx, v, kind, []string{id})
					w.must(err)
					return nodes[0]
				}
				w.same("a stranger", read(me, graph.KindPartner, "stranger"), graph.Node(nil))
				w.put(ctx, tx, &graph.Referral{Meta: graph.Meta{ID: "r"}, From: "me", To: "stranger", State: graph.ReferralNew, SentOn: Today})
				w.put(ctx, tx, &graph.Partner{Meta: graph.Meta{ID: "friend"}, Name: "Changed", Status: graph.Suspended})
				w.put(ctx, tx, erp("planning"))
				w.same("still a stranger", read(me, graph.KindPartner, "stranger"), graph.Node(nil))
				w.same("a new node", read(me, graph.KindReferral, "r"), graph.Node(nil))
				w.same("to an operator", read(graph.Operator, graph.KindReferral, "r") != nil, true)
				w.same("a friend", read(me, graph.KindPartner, "friend").(*graph.Partner).Name, "The friend")
				w.same("a friend to an operator", read(graph.Operator, graph.KindPartner, "friend").(*graph.Partner).Name, "Changed")
				w.same("a competency", read(me, graph.KindCompetency, "erp").(*graph.Competency).Description, "")
				w.same("a competency to an operator", read(graph.Operator, graph.KindCompetency, "erp").(*graph.Competency).Description, "planning")
				w.must(tx.Log(ctx, graph.Event{Type: "a"}))
			})
			mine := w.asPartner("me")
			w.same("afterwards", mine.node(graph.KindPartner, "stranger") != nil, true)
			w.same("a friend that is suspended", mine.node(graph.KindPartner, "friend"), graph.Node(nil))
		}},
		{"A viewer reads in a transaction what the one before it has changed", func(w *World) {
			w.Partner("me").Shy("shy").Save()
			me := graph.Viewer{Role: graph.RolePartner, Organisation: "me"}
			for _, known := range []bool{false, true} {
				w.within(func(ctx context.Context, tx graph.Tx) {
					nodes, err := tx.Read(ctx, me, graph.KindPartner, []string{"shy"})
					w.must(err)
					w.same("known", nodes[0] != nil, known)
				})
				w.About("me").Sent("r", "shy").Save()
			}
		}},
	}
}
