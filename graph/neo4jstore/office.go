package neo4jstore

import "valueweb/graph"

func writeOffice(n *graph.Office, p properties, l links) {
	p.text("name", n.Name)
	p.text("address", n.Address)
	p.text("city", n.City)
	p.text("country", n.Country)
	p.point("location", &n.Location)
	listed(p, "roles", n.Roles)
	listed(p, "tags", n.Tags)
	l.one("partner", n.Partner)
}

func readOffice(r row, meta graph.Meta) *graph.Office {
	return &graph.Office{
		Meta: meta, Partner: r.text("partner"), Name: r.text("name"), Address: r.text("address"), City: r.text("city"), Country: r.text("country"),
		Location: r.place("location"), Roles: texts[graph.OfficeRole](r, "roles"), Tags: texts[string](r, "tags"),
	}
}
