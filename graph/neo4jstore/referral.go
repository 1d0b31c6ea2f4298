package neo4jstore

import "valueweb/graph"

func writeReferral(n *graph.Referral, p properties, l links) {
	p.text("state", string(n.State))
	p.money(n.Value)
	p.date("sentOn", n.SentOn)
	p.date("answeredOn", n.AnsweredOn)
	p.date("closedOn", n.ClosedOn)
	l.one("from", n.From)
	l.one("to", n.To)
	l.one("customer", n.Customer)
	l.one("competency", n.Competency)
	l.one("parent", n.Parent)
}

func readReferral(r row, meta graph.Meta) *graph.Referral {
	return &graph.Referral{
		Meta: meta, From: r.text("from"), To: r.text("to"), Customer: r.text("customer"), Competency: r.text("competency"),
		State: graph.ReferralState(r.text("state")), Value: r.money(), SentOn: r.date("sentOn"), AnsweredOn: r.date("answeredOn"),
		ClosedOn: r.date("closedOn"), Parent: r.text("parent"),
	}
}
