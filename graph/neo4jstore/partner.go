package neo4jstore

import "valueweb/graph"

func writePartner(n *graph.Partner, p properties, l links) {
	p.text("name", n.Name)
	listed(p, "aliases", n.Aliases)
	p.text("kind", string(n.PartnerKind))
	p.text("status", string(n.Status))
	p.text("tier", n.Tier)
	p.text("website", n.Website)
	p.count("employees", n.Employees)
	p.date("joinedOn", n.JoinedOn)
	p.count("capacity", n.Capacity)
	listed(p, "tags", n.Tags)
	p["discoverable"] = !n.Undisclosed
	l.one("partOf", n.PartOf)
	l.one("channelManager", n.ChannelManager)
}

func readPartner(r row, meta graph.Meta) *graph.Partner {
	return &graph.Partner{
		Meta: meta, Name: r.text("name"), Aliases: texts[string](r, "aliases"), PartnerKind: graph.PartnerKind(r.text("kind")),
		Status: graph.PartnerStatus(r.text("status")), Tier: r.text("tier"), Website: r.text("website"), Employees: r.count("employees"),
		JoinedOn: r.date("joinedOn"), Capacity: r.count("capacity"), Tags: texts[string](r, "tags"), Undisclosed: r["discoverable"] == false,
		PartOf: r.text("partOf"), ChannelManager: r.text("channelManager"),
	}
}
