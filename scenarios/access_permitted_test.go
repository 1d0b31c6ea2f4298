package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"valueweb/scenarios/naive"
)

// permitted says which difference between the two worlds is meant to be, empty for none: see *What shows in a refusal*
// in docs/access.md. What must be so for it to be meant is asked of the model.
func (d *duel) permitted(mutation string, input map[string]any, got, want said) string {
	named := func(field string) string { return fmt.Sprint(input[field]) }
	o, r := d.before.Row("opportunities", named("opportunity")), d.before.Row("referrals", named("referral"))
	switch {
	case mutation == "submitOpportunity" && got.code() == "ALREADY_PROTECTED" && want.carriedOut() && d.onlyHiddenProtect(o):
		return "a registration that the viewer may not read protects the customer"
	case mutation == "offerTransfer" && d.readsAsAnswered(named("to"), o, got, d.before) && d.readsAsAnswered(named("to"), o, want, exportRows(d.T, d.apart.store)):
		return "whoever is offered an opportunity may read it, for a reason that the viewer may not read, or may not"
	case mutation == "invite" && strings.Contains(got.message(), "cannot be invited") && want.carriedOut() && d.as(named("partner")).KeptFrom(o):
		return "a wall keeps out who is invited"
	case mutation == "removeMember" && got.carriedOut() && want.code() == "NOT_FOUND" && !d.told.Has("partners", named("partner")) &&
		slices.Contains(append(elements(o["member_partner_ids"]), o["lead_partner_id"]), named("partner")):
		return "who takes part is taken off also where it may not be read"
	case mutation == "forwardReferral" && got.code() == "VALIDATION" && d.chainHidden(r, named("to")):
		return "a referral comes back to who had it, or is passed on too often, before the viewer's time"
	case mutation == "updateSolution" && strings.Contains(got.message(), "would close a circle") && want.carriedOut() && d.circles(named("id"), input["buildsOn"]):
		return "a solution would build on itself, by way of one that the viewer may not read"
	}
	return ""
}

// circles reports whether what a solution is to build on builds on it already.
func (d *duel) circles(id string, buildsOn any) bool {
	seen := map[string]bool{}
	var reaches func(from string) bool
	reaches = func(from string) bool {
		if from == id || seen[from] {
			return from == id
		}
		seen[from] = true
		return slices.ContainsFunc(elements(d.before.Row("solutions", from)["builds_on"]), reaches)
	}
	return slices.ContainsFunc(anyList(buildsOn), func(below any) bool { return reaches(fmt.Sprint(below)) })
}

// as is the sight of a partner before the mutation.
func (d *duel) as(partner string) *naive.Sight {
	return naive.See(d.before, naive.Viewer{Role: "PARTNER", Organisation: partner}, d.today)
}

// onlyHiddenProtect reports whether registrations are in the way of an opportunity, none of which the viewer may read.
func (d *duel) onlyHiddenProtect(o naive.Row) bool {
	ids := d.before.Protected(o, d.today)
	return len(ids) > 0 && !slices.ContainsFunc(ids, func(id string) bool { return d.told.Has("opportunities", id) })
}

// readsAsAnswered reports whether it was answered that a partner can be offered an opportunity where it may read it, and
// that it cannot where it may not.
func (d *duel) readsAsAnswered(partner string, o naive.Row, answer said, rows naive.Rows) bool {
	there := o
	if o != nil {
		there = rows.Row("opportunities", o["id"])
	}
	if there == nil || !answer.carriedOut() && !strings.Contains(answer.message(), "cannot be offered") {
		return false
	}
	return naive.See(rows, naive.Viewer{Role: "PARTNER", Organisation: partner}, d.today).ReadsActive(there) == answer.carriedOut()
}

// chainHidden reports whether a referral passes on one that the viewer may not read, and comes back to a partner or is
// the last that may be passed on.
func (d *duel) chainHidden(r naive.Row, to string) bool {
	chain := d.before.Chain(r)
	hidden := slices.ContainsFunc(chain, func(r naive.Row) bool { return !d.told.Has("referrals", r["id"]) })
	back := slices.ContainsFunc(chain, func(r naive.Row) bool { return r["from_partner_id"] == to || r["to_partner_id"] == to })
	return hidden && (back || len(chain) >= 5)
}
