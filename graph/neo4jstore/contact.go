package neo4jstore

import "valueweb/graph"

func writeContact(n *graph.Contact, p properties, l links) {
	p.text("name", n.Name)
	p.text("email", n.Email)
	p.text("phone", n.Phone)
	p.text("role", string(n.Role))
	l.one("partner", n.Partner)
	l.one("customer", n.Customer)
	l.one("office", n.Office)
	l.many("territories", n.Territories)
}

func readContact(r row, meta graph.Meta) *graph.Contact {
	return &graph.Contact{
		Meta: meta, Partner: r.text("partner"), Customer: r.text("customer"), Office: r.text("office"), Name: r.text("name"),
		Email: r.text("email"), Phone: r.text("phone"), Role: graph.ContactRole(r.text("role")), Territories: r.positioned("territories"),
	}
}
