package neo4jstore

import "valueweb/graph"

func writeCustomer(n *graph.Customer, p properties, _ links) {
	p.text("name", n.Name)
	p.text("segment", n.Segment)
	p.text("industry", n.Industry)
	p.truth("consent", n.Consent)
}

func readCustomer(r row, meta graph.Meta) *graph.Customer {
	return &graph.Customer{Meta: meta, Name: r.text("name"), Segment: r.text("segment"), Industry: r.text("industry"), Consent: r.truth("consent")}
}

func writeSite(n *graph.Site, p properties, l links) {
	p.text("name", n.Name)
	p.text("city", n.City)
	p.text("country", n.Country)
	p.point("location", &n.Location)
	l.one("customer", n.Customer)
}

func readSite(r row, meta graph.Meta) *graph.Site {
	return &graph.Site{
		Meta: meta, Customer: r.text("customer"), Name: r.text("name"), City: r.text("city"), Country: r.text("country"), Location: r.place("location"),
	}
}

// A customer's partner is the relation SERVES itself, with all that the domain keeps of it.
func writeCustomerPartner(n *graph.CustomerPartner, p properties, l links) {
	p.text("role", string(n.Role))
	p.date("since", n.Since)
	p.date("until", n.Until)
	l.one("customer", n.Customer)
	l.one("partner", n.Partner)
}

func readCustomerPartner(r row, meta graph.Meta) *graph.CustomerPartner {
	return &graph.CustomerPartner{
		Meta: meta, Customer: r.text("customer"), Partner: r.text("partner"), Role: graph.CustomerRole(r.text("role")),
		Since: r.date("since"), Until: r.date("until"),
	}
}
