package resolvers

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"valueweb/graph"
)

// put writes nodes into the store of the fixture.
func (f *fixture) put(t *testing.T, nodes ...graph.Node) {
	t.Helper()
	_, err := f.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, nodes)
		for i, refusal := range refusals {
			if refusal != nil {
				return fmt.Errorf("node %d: %w", i, refusal)
			}
		}
		if err != nil || len(tx.Changed()) == 0 {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: graph.EventImportApplied, Changes: tx.Changed()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// node reads a node as it is.
func node[N graph.Node](t *testing.T, f *fixture, id string) N {
	t.Helper()
	var none N
	nodes, err := f.store.Store.Read(t.Context(), graph.Operator, none.Kind(), []string{id})
	if err != nil || nodes[0] == nil {
		t.Fatalf("%s %s: %v %v", none.Kind(), id, nodes, err)
	}
	return nodes[0].(N)
}

// since are the events after a seq.
func (f *fixture) since(t *testing.T, seq int64) []graph.Event {
	t.Helper()
	events, err := f.store.Events(t.Context(), graph.Operator, seq, 100)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func asPartner(id string) graph.Viewer {
	return graph.Viewer{Role: graph.RolePartner, Organisation: id}
}

// bystander is somebody who tries to change an opportunity, and what of it he could be.
type bystander struct {
	name   string
	viewer graph.Viewer
	scopes []graph.Scope // nil: it asks by no key
}

// standing is an opportunity of the transition tests: the partner own owns it, or the customer acme.
func standing(n int, stage graph.Stage, review graph.Review, owner string, lead bool) (*graph.Opportunity, *graph.Invitation) {
	o := &graph.Opportunity{
		Meta: graph.Meta{ID: fmt.Sprintf("o-%d", n)}, Title: "As it stands", Customer: "acme", Needs: []graph.Need{{Competency: "cloud", MinLevel: 1}},
		Owner: owner, Members: []string{"mem"}, Stage: stage, Review: review, Value: &graph.Money{Amount: "1", Currency: "EUR"}, PostedOn: graph.NewDate(2026, 11, 1),
		Audience: graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"adr", "new"}}, PostedBy: "OPERATOR poster", ReviewFields: []string{"title"}, TransferTo: "new",
	}
	if lead {
		o.Lead = "lead"
	}
	return o, &graph.Invitation{Meta: graph.Meta{ID: fmt.Sprintf("i-%d", n)}, Opportunity: o.ID, Partner: "inv", State: graph.InvitationPending, SentOn: graph.NewDate(2026, 11, 20)}
}

// parts are what somebody is to a standing opportunity, and whether it may read it.
func (b bystander) parts(o *graph.Opportunity) (parts []graph.Part, reads bool) {
	me := b.viewer.Organisation
	if b.viewer.Role == graph.RoleCustomer {
		if me != "acme" {
			return nil, false
		}
		if o.Owner == "" {
			return []graph.Part{graph.TheOwner}, true
		}
		return nil, o.Stage != graph.Draft
	}
	if b.viewer.Role != graph.RolePartner {
		return nil, true
	}
	if me == o.Owner {
		return []graph.Part{graph.TheOwner}, true
	}
	byName := map[string][]graph.Part{"mem": {graph.AMember}, "inv": {graph.TheInvitee}, "new": {graph.TheNewOwner}, "adr": nil, "lead": nil, "str": nil, "own": nil}
	parts = append(byName[me], graph.AReader)
	if me == "lead" && o.Lead == me {
		parts = append(parts, graph.TheLead)
	}
	reads = me != "str" && me != "own" && (me != "lead" || o.Lead == me)
	return parts, reads && o.Stage != graph.Draft
}

// rightCode is the code with which the table answers somebody; empty: it lets him.
func rightCode(row graph.Step, b bystander, o *graph.Opportunity) graph.Code {
	parts, reads := b.parts(o)
	operator := b.viewer.Role == graph.RoleOperator
	if row.Invitation != "" && b.viewer.Role == graph.RolePartner { // which is read by fewer
		reads = reads && (b.viewer.Is(o.Owner) || b.viewer.Is(o.Lead) || b.viewer.Is("mem") || b.viewer.Is("inv"))
	}
	isPart := slices.ContainsFunc(parts, func(p graph.Part) bool { return slices.Contains(row.By, p) })
	follows := slices.ContainsFunc(graph.OpportunityLife, func(s graph.Step) bool {
		return s.Change == row.Change && s.Stage == row.Stage && s.Review == row.Review &&
			slices.Contains(s.Stages, o.Stage) && (s.Reviews == nil || slices.Contains(s.Reviews, o.Review))
	})
	switch {
	case b.viewer.Role == graph.RoleAnalyst, row.By == nil && !operator, b.scopes != nil && !slices.Contains(b.scopes, row.Scope):
		return graph.CodeForbidden
	case !reads:
		return graph.CodeNotFound
	case !operator && !isPart:
		return graph.CodeForbidden
	case row.Change == graph.ClaimOpportunity && o.Lead != "":
		return graph.CodeAlreadyClaimed
	case !follows:
		return graph.CodeInvalidTransition
	}
	return ""
}

// make asks for the change of a row, with all that its conditions ask for.
func (f *fixture) make(ctx context.Context, row graph.Step, v graph.Viewer, o *graph.Opportunity, i *graph.Invitation) error {
	g, e, named := f.graph, graph.Edit{ID: o.ID}, ""
	var err error
	switch row.Change {
	case graph.PublishOpportunity:
		_, err = g.PublishOpportunity(ctx, v, e)
	case graph.EditOpportunity:
		_, err = g.EditOpportunity(ctx, v, e, func(o *graph.Opportunity) error { o.Title = "Edited"; return nil }, nil)
	case graph.SubmitOpportunity:
		_, err = g.SubmitOpportunity(ctx, v, e)
	case graph.ReviewOpportunity:
		decision := graph.Decision{Review: row.Review}
		if row.Review == graph.ReviewActionRequired {
			decision.Fields = []string{"needs"}
		}
		_, err = g.ReviewOpportunity(ctx, v, e, decision)
	case graph.WithdrawOpportunity:
		_, err = g.WithdrawOpportunity(ctx, v, e)
	case graph.InvitePartner:
		_, err = g.Invite(ctx, v, e, "adr")
	case graph.AcceptInvitation:
		_, err = g.AnswerInvitation(ctx, v, graph.Edit{ID: i.ID}, true, "")
	case graph.DeclineInvitation:
		_, err = g.AnswerInvitation(ctx, v, graph.Edit{ID: i.ID}, false, "CAPACITY")
	case graph.ClaimOpportunity:
		if !v.Confined() {
			named = "adr"
		}
		_, err = g.ClaimOpportunity(ctx, v, e, named)
	case graph.AdvanceOpportunity:
		advance := graph.Advance{To: row.Stage}
		if row.Stage == graph.Launched {
			advance.ClosedOn = graph.NewDate(2026, 11, 22)
		}
		_, err = g.AdvanceOpportunity(ctx, v, e, advance)
	case graph.LoseOpportunity:
		_, err = g.LoseOpportunity(ctx, v, e, "PRICE", 0)
	case graph.LeaveOpportunity:
		if !v.Confined() {
			named = "mem"
		}
		_, err = g.LeaveOpportunity(ctx, v, e, named)
	case graph.RemoveMember:
		_, err = g.RemoveMember(ctx, v, e, "mem")
	case graph.OfferTransfer:
		_, err = g.OfferTransfer(ctx, v, e, "adr")
	case graph.AcceptTransfer, graph.DeclineTransfer:
		_, err = g.AnswerTransfer(ctx, v, e, row.Change == graph.AcceptTransfer)
	default:
		err = fmt.Errorf("nobody asks for %s", row.Change)
	}
	return err
}

// quiet is a store that names no nearest ids, which takes long in a graph of thousands.
type quiet struct{ graph.Store }

func (quiet) Nearest(context.Context, graph.Viewer, graph.Kind, string, int) ([]string, error) {
	return nil, nil
}

// TestTheLifeOfAnOpportunityIsWhatItsTableSays tries every row of the table, at every stage and in every review, as
// everybody who could be there, whoever owns it.
func TestTheLifeOfAnOpportunityIsWhatItsTableSays(t *testing.T) {
	everybody := []bystander{
		{"operator", graph.Operator, nil}, {"analyst", graph.Viewer{Role: graph.RoleAnalyst}, nil},
		{"owner", asPartner("own"), nil}, {"lead", asPartner("lead"), nil}, {"member", asPartner("mem"), nil}, {"invitee", asPartner("inv"), nil},
		{"addressed", asPartner("adr"), nil}, {"new owner", asPartner("new"), nil}, {"stranger", asPartner("str"), nil},
		{"customer", graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}, nil}, {"another customer", graph.Viewer{Role: graph.RoleCustomer, Organisation: "rival"}, nil},
	}
	for _, partner := range []string{"own", "lead", "mem", "inv", "adr", "new"} {
		for _, scopes := range [][]graph.Scope{{graph.ScopePost}, {graph.ScopeClaim}, {graph.ScopeRead, graph.ScopeRefer, graph.ScopeSubscribe}} {
			key := &graph.APIKey{Meta: graph.Meta{ID: "key"}, Partner: partner, Scopes: scopes}
			everybody = append(everybody, bystander{fmt.Sprint(partner, scopes), key.Viewer(), scopes})
		}
	}
	onEveryStore(t, 0, func(t *testing.T, f *fixture) {
		f.graph = &graph.Graph{Store: quiet{f.store.Store}, Network: f.graph.Network, Clock: f.graph.Clock}
		every := 1
		if status, err := f.store.Status(t.Context(), graph.Operator); err != nil {
			t.Fatal(err)
		} else if status.Engine != "embedded" {
			every = 499 // of the cases, of which a database takes long
		}
		f.put(t, &graph.Customer{Meta: meta("rival"), Name: "Rival"})
		for _, id := range []string{"own", "lead", "mem", "inv", "adr", "new", "str"} {
			f.put(t, &graph.Partner{Meta: meta(id), Name: id, Status: graph.Active})
		}
		cases, let, n := 0, 0, 0
		for _, owner := range []string{"own", ""} {
			for _, stage := range graph.Stages {
				for _, review := range append([]graph.Review{graph.NotRegistered}, graph.Reviews...) {
					for _, row := range graph.OpportunityLife {
						if row.Change == graph.PostOpportunity {
							continue
						}
						var o *graph.Opportunity
						var i *graph.Invitation
						for _, b := range everybody {
							for _, led := range []bool{true, false} {
								if led == (row.Change == graph.ClaimOpportunity && b.viewer.Organisation != "lead") && b.name != "addressed" {
									continue // it is claimed where nobody leads it, and the rest is done where somebody does
								}
								if cases++; cases%every != 0 {
									continue
								}
								if o == nil || led != (o.Lead != "") {
									n++
									o, i = standing(n, stage, review, owner, led)
									f.put(t, o, i)
								}
								want, before := rightCode(row, b, o), f.seq(t)
								err := f.make(t.Context(), row, b.viewer, o, i)
								what := fmt.Sprintf("%s makes %q (%s%s) of what is %s, %s, owned by %q, led %v", b.name, row.Change, row.Stage, row.Review, stage, review, owner, led)
								if want == "" {
									if err != nil {
										t.Errorf("%s: %v", what, err)
									} else {
										f.checkStep(t, what, row, before, o, i)
									}
									if row.Review == graph.ReviewApproved { // it protects no more
										over, _ := standing(0, graph.Lost, graph.ReviewRejected, owner, led)
										over.ID = o.ID
										f.put(t, over)
									}
									let, o = let+1, nil
									continue
								}
								if e, ok := graph.AsError(err); !ok || e.Code != want {
									t.Errorf("%s: %v, not %s", what, err, want)
								} else if alive := stage != graph.Launched && stage != graph.Lost; want == graph.CodeInvalidTransition && alive != (len(e.Allowed) > 0) && review != graph.ReviewRejected && review != graph.ReviewWithdrawn {
									t.Errorf("%s: it can become %v", what, e.Allowed)
								}
								if after := f.seq(t); after != before {
									t.Errorf("%s: refused, the log went on", what)
								}
							}
						}
					}
				}
			}
		}
		t.Logf("%d cases, of which %d are let", cases/every, let)
		if let == 0 || every == 1 && let < 1000 {
			t.Error("hardly anything was let")
		}
	})
}

// TestARetiredOpportunityIsNotChangedAnyMore tries every row of the table, where it would be let, on the last day of an
// opportunity and on the day on which it is retired; and the answers to an invitation that is retired.
func TestARetiredOpportunityIsNotChangedAnyMore(t *testing.T) {
	onEveryStore(t, 0, func(t *testing.T, f *fixture) {
		for _, id := range []string{"own", "lead", "mem", "inv", "adr", "new"} {
			f.put(t, &graph.Partner{Meta: meta(id), Name: id, Status: graph.Active})
		}
		today := graph.DateOf(f.graph.Clock())
		n := 0
		try := func(row graph.Step, retire func(*graph.Opportunity, *graph.Invitation), field string) {
			t.Helper()
			review := graph.NotRegistered
			if len(row.Reviews) > 0 {
				review = row.Reviews[0]
			}
			n++
			o, i := standing(n, row.Stages[0], review, "own", row.Change != graph.ClaimOpportunity)
			retire(o, i)
			f.put(t, o, i)
			err := f.make(t.Context(), row, graph.Operator, o, i)
			if field == "" {
				if err != nil {
					t.Errorf("%s (%s%s) on the last day: %v", row.Change, row.Stage, row.Review, err)
				}
				return
			}
			if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeInvalidTransition || e.Field != field {
				t.Errorf("%s (%s%s) of what is retired: %v", row.Change, row.Stage, row.Review, err)
			}
		}
		for _, row := range graph.OpportunityLife {
			if row.Change == graph.PostOpportunity {
				continue
			}
			try(row, func(o *graph.Opportunity, _ *graph.Invitation) { o.RetiredOn = today.AddDays(1) }, "")
			try(row, func(o *graph.Opportunity, _ *graph.Invitation) { o.RetiredOn = today }, "input.opportunity")
			if row.Invitation != "" {
				try(row, func(_ *graph.Opportunity, i *graph.Invitation) { i.RetiredOn = today }, "input.invitation")
			}
		}
	})
}

func (f *fixture) seq(t *testing.T) int64 {
	t.Helper()
	seq, err := f.store.Store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// checkStep checks that a step led to where its row says, with its events, and changed each node once.
func (f *fixture) checkStep(t *testing.T, what string, row graph.Step, before int64, o *graph.Opportunity, i *graph.Invitation) {
	t.Helper()
	events := f.since(t, before)
	wanted := []string{row.Event}
	if row.Besides != "" {
		wanted = append(wanted, row.Besides)
	}
	var types, told []string
	for _, event := range events {
		types, told = append(types, event.Type), append(told, event.Changes...)
		if kind, _, _ := graph.ParseGID(event.Subject); string(kind) == "" || event.Version == 0 || len(event.Fields) == 0 || !slices.Contains(event.Changes, event.Subject) {
			t.Errorf("%s: the event is %+v", what, event)
		}
	}
	if !slices.Equal(types, wanted) {
		t.Errorf("%s: told by %v, not %v", what, types, wanted)
	}
	now := node[*graph.Opportunity](t, f, o.ID)
	stage, review := row.Stage, row.Review
	if stage == "" {
		stage = o.Stage
	}
	if review == "" {
		review = o.Review
	}
	if now.Stage != stage || now.Review != review {
		t.Errorf("%s: it is %s, %s", what, now.Stage, now.Review)
	}
	if now.Version > 1+o.Version || (now.Version > o.Version) != slices.Contains(told, o.GID()) {
		t.Errorf("%s: version %d after %d, told of %v", what, now.Version, o.Version, told)
	}
	if row.Invitation != "" {
		if answered := node[*graph.Invitation](t, f, i.ID); answered.State != row.Answer || answered.Version != 2 {
			t.Errorf("%s: the invitation is %+v", what, answered)
		}
	}
}

func TestTheTableOfOpportunitiesCanBeRead(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range graph.OpportunityLife {
		key := fmt.Sprint(row.Change, row.Stage, row.Review, row.Stages)
		if seen[key] {
			t.Errorf("two rows say what becomes of %s", key)
		}
		seen[key] = true
		if row.Event == "" || row.By != nil && row.Scope == "" {
			t.Errorf("%+v lacks an event or a scope", row)
		}
		if slices.Contains(row.Stages, graph.Launched) || slices.Contains(row.Stages, graph.Lost) {
			t.Errorf("%s changes what is at its end", row.Change)
		}
		if i := slices.Index(graph.Stages, row.Stage); row.Change == graph.AdvanceOpportunity && (len(row.Stages) != 1 || graph.Stages[i-1] != row.Stages[0]) {
			t.Errorf("%v goes on to %s", row.Stages, row.Stage)
		}
	}
}
