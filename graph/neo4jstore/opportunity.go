package neo4jstore

import "valueweb/graph"

func writeOpportunity(n *graph.Opportunity, p properties, l links) {
	p.text("title", n.Title)
	p.point("point", n.Point)
	p.text("stage", string(n.Stage))
	p.text("review", string(n.Review))
	p.money(n.Value)
	p.date("postedOn", n.PostedOn)
	p.date("closedOn", n.ClosedOn)
	p.text("lostReason", n.LostReason)
	p.text("postedBy", n.PostedBy)
	p.text("submittedBy", n.SubmittedBy)
	listed(p, "reviewFields", n.ReviewFields)
	p.text("reviewNote", n.ReviewNote)
	p.date("protectedUntil", n.ProtectedUntil)
	if n.RetiredOn.IsZero() { // for the clock, which finds it by an index
		p.date("protectionEnds", n.ProtectedUntil)
	}
	writeAudience(n.Audience, p, l)
	l.one("customer", n.Customer)
	l.one("site", n.Site)
	l.one("owner", n.Owner)
	l.one("lead", n.Lead)
	l.many("members", n.Members)
	l.many("declined", n.Declined)
	l.many("sharedIn", n.SharedIn)
	l.one("transferTo", n.TransferTo)
	var needs []any
	for i, need := range n.Needs {
		needs = append(needs, map[string]any{"position": i, "id": need.Competency, "minLevel": need.MinLevel})
	}
	l["needs"] = needs
}

func writeAudience(a graph.Audience, p properties, l links) {
	p.text("audience", string(a.Kind))
	listed(p, "audienceCountries", a.Countries)
	listed(p, "audienceTags", a.Tags)
	listed(p, "audienceKinds", a.Kinds)
	p.text("audienceMinTier", a.MinTier)
	p.point("audienceNear", a.Near)
	if a.RadiusKm != 0 {
		p["audienceRadiusKm"] = a.RadiusKm
	}
	l.many("audiencePartners", a.Partners)
	l.many("audienceCompetencies", a.Competencies)
	l.one("audienceRegion", a.Region)
}

func readOpportunity(r row, meta graph.Meta) *graph.Opportunity {
	return &graph.Opportunity{
		Meta: meta, Title: r.text("title"), Customer: r.text("customer"), Site: r.text("site"), Point: r.point("point"), Needs: readNeeds(r),
		Owner: r.text("owner"), Lead: r.text("lead"), Members: r.positioned("members"), Declined: r.positioned("declined"),
		Stage: graph.Stage(r.text("stage")), Review: graph.Review(r.text("review")), Value: r.money(),
		PostedOn: r.date("postedOn"), ClosedOn: r.date("closedOn"), LostReason: r.text("lostReason"),
		Audience: graph.Audience{
			Kind: graph.AudienceKind(r.text("audience")), Partners: r.positioned("audiencePartners"), Competencies: r.positioned("audienceCompetencies"),
			Region: r.text("audienceRegion"), Countries: texts[string](r, "audienceCountries"), Tags: texts[string](r, "audienceTags"),
			Kinds: texts[graph.PartnerKind](r, "audienceKinds"), MinTier: r.text("audienceMinTier"), Near: r.point("audienceNear"),
			RadiusKm: r.number("audienceRadiusKm"),
		},
		SharedIn: r.positioned("sharedIn"), PostedBy: r.text("postedBy"), SubmittedBy: r.text("submittedBy"),
		ReviewFields: texts[string](r, "reviewFields"), ReviewNote: r.text("reviewNote"), ProtectedUntil: r.date("protectedUntil"), TransferTo: r.text("transferTo"),
	}
}

func readNeeds(r row) []graph.Need {
	var needs []graph.Need
	for _, one := range r.inOrder("needs") {
		id, _ := one[1].(string)
		level, _ := one[3].(int64)
		needs = append(needs, graph.Need{Competency: id, MinLevel: int(level)})
	}
	return needs
}

func writeInvitation(n *graph.Invitation, p properties, l links) {
	p.text("state", string(n.State))
	p.date("sentOn", n.SentOn)
	p.date("answeredOn", n.AnsweredOn)
	p.text("reason", n.Reason)
	p.date("waitingSince", n.WaitsSince()) // for the clock, which finds it by an index
	l.one("opportunity", n.Opportunity)
	l.one("partner", n.Partner)
}

func readInvitation(r row, meta graph.Meta) *graph.Invitation {
	return &graph.Invitation{
		Meta: meta, Opportunity: r.text("opportunity"), Partner: r.text("partner"), State: graph.InvitationState(r.text("state")),
		SentOn: r.date("sentOn"), AnsweredOn: r.date("answeredOn"), Reason: r.text("reason"),
	}
}
