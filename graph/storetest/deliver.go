package storetest

import (
	"errors"
	"fmt"

	"valueweb/graph"
)

// delivered checks that every viewer is told of a node what it reads of it.
func (w *World) delivered(viewers []graph.Viewer, kind graph.Kind, id string) {
	w.Helper()
	told, err := w.ReadFor(w.Context(), viewers, kind, id)
	w.must(err)
	if len(told) != len(viewers) {
		w.Fatalf("%d viewers are told %d times", len(viewers), len(told))
	}
	for i, v := range viewers {
		read, err := w.Read(w.Context(), v, kind, []string{id})
		if err != nil {
			read = []graph.Node{nil}
		}
		w.same(fmt.Sprintf("%s:%s to %q", kind, id, v), told[i], read[0])
	}
}

// CheckDelivery checks of every node of a store that each of some viewers is told of it what it reads of it, all
// of them at once.
func CheckDelivery(w *World, viewers []graph.Viewer) {
	w.Helper()
	for _, kind := range graph.Kinds {
		for _, id := range w.known(kind) {
			w.delivered(viewers, kind, id)
		}
	}
}

func deliverCases() []testCase {
	return []testCase{
		{"Each of many viewers is told of a node what it reads of it, whatever the kind", func(w *World) {
			town(w)
			viewers := append(append([]graph.Viewer{}, townsfolk...),
				graph.Viewer{Role: graph.RolePartner, Organisation: "gone"}, graph.Viewer{Role: graph.RolePartner, Organisation: "suspended"}, graph.Viewer{Role: graph.RolePartner, Organisation: "none"},
				graph.Viewer{Role: graph.RoleCustomer, Organisation: "none"}, graph.Viewer{}, townsfolk[0], graph.Viewer{Role: graph.RolePartner, Organisation: "me", Subject: "eve"})
			CheckDelivery(w, viewers)
		}},
		{"A node that there is not is nil to all; no viewers are told nothing", func(w *World) {
			town(w)
			w.delivered(townsfolk, graph.KindPartner, "nowhere")
			w.delivered(nil, graph.KindPartner, "me")
		}},
		{"What a viewer may see is judged when it is told: after every change that matters", func(w *World) {
			w.Partner("me").Office("here", Here, graph.Office{Country: "FR"}).Partner("you").Customer("city", Here).Competency("erp").Region("west", "FR")
			w.Opportunity("segment", graph.Opportunity{Owner: "you", Customer: "city", Needs: needs("erp", 1), Audience: graph.Audience{Kind: graph.AudienceFilter, Competencies: []string{"erp"}, Region: "west"}})
			w.Opportunity("named", graph.Opportunity{Owner: "you", Customer: "city", Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"me"}}})
			w.Opportunity("shared", graph.Opportunity{Owner: "you", Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"you"}}}).Save()
			me := []graph.Viewer{{Role: graph.RolePartner, Organisation: "me"}}
			sees := func(step string, want ...string) {
				w.Helper()
				w.Save()
				var got []string
				for _, id := range []string{"named", "segment", "shared"} {
					nodes, err := w.ReadFor(w.Context(), me, graph.KindOpportunity, id)
					w.must(err)
					if nodes[0] != nil {
						got = append(got, id)
					}
					w.delivered(me, graph.KindOpportunity, id)
				}
				w.same(step, got, want)
			}
			sees("at first", "named")
			w.About("me").Holds("erp")
			sees("once it holds what is asked for", "named", "segment")
			w.About("me").Wall(graph.Wall{Meta: graph.Meta{ID: "wall"}, Customer: "city"})
			sees("behind a wall")
			w.About("me").Wall(graph.Wall{Meta: graph.Meta{ID: "wall", RetiredOn: today()}, Customer: "city"})
			sees("without the wall", "named", "segment")
			w.Region("west", "DE")
			sees("once the region is another", "named")
			w.Opportunity("named", graph.Opportunity{Owner: "you", Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"you"}}})
			sees("once somebody else is named")
			w.About("me").Invited("i", "named", graph.InvitationPending)
			sees("once it is invited", "named")
			w.About("me").With("you", graph.Partnership{Meta: graph.Meta{ID: "pact"}, DataSharing: graph.IndividualSharing})
			w.Opportunity("shared", graph.Opportunity{Owner: "you", SharedIn: []string{"pact"}, Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"you"}}})
			sees("once it is shared", "named", "shared")
			w.About("me").With("you", graph.Partnership{Meta: graph.Meta{ID: "pact"}, DataSharing: graph.IndividualSharing, Pending: []string{"you"}})
			sees("while the partnership is only proposed", "named")
			w.Partner("me", graph.Partner{Status: graph.Suspended})
			sees("while it is suspended")
			w.Partner("me")
			sees("when it takes part again", "named")
		}},
		{"Telling many viewers honours its context", func(w *World) {
			town(w)
			ctx := cancelled(w)
			if _, err := w.ReadFor(ctx, townsfolk, graph.KindPartner, "me"); !errors.Is(err, ctx.Err()) {
				w.Errorf("the error is %v", err)
			}
		}},
	}
}
