package neo4jstore

import "valueweb/graph"

func writePartnership(n *graph.Partnership, p properties, l links) {
	p.text("kind", n.Form)
	p.text("collaboration", string(n.Collaboration))
	p.text("dataSharing", string(n.DataSharing))
	p.date("startsOn", n.StartsOn)
	p.date("endsOn", n.EndsOn)
	p.text("sponsor", n.Sponsor)
	p.text("manager", n.Manager)
	l.many("parties", n.Parties)
	l.many("sites", n.Sites)
	l.many("pending", n.Pending)
}

func readPartnership(r row, meta graph.Meta) *graph.Partnership {
	return &graph.Partnership{
		Meta: meta, Parties: r.positioned("parties"), Form: r.text("kind"), Collaboration: graph.Collaboration(r.text("collaboration")),
		StartsOn: r.date("startsOn"), EndsOn: r.date("endsOn"), Sponsor: r.text("sponsor"), Manager: r.text("manager"), Sites: r.positioned("sites"),
		DataSharing: graph.DataSharing(r.text("dataSharing")), Pending: r.positioned("pending"),
	}
}
