package neo4jstore

import "valueweb/graph"

func writeCertification(n *graph.Certification, p properties, l links) {
	p.text("scheme", n.Scheme)
	p.text("level", n.Level)
	p.text("issuer", n.Issuer)
	p.date("issuedOn", n.IssuedOn)
	p.date("expiresOn", n.ExpiresOn)
	p.count("holders", n.Holders)
	p["verified"] = n.Verified
	l.one("partner", n.Partner)
	l.one("competency", n.Competency)
	l.one("office", n.Office)
}

func readCertification(r row, meta graph.Meta) *graph.Certification {
	return &graph.Certification{
		Meta: meta, Partner: r.text("partner"), Competency: r.text("competency"), Office: r.text("office"), Scheme: r.text("scheme"),
		Level: r.text("level"), Issuer: r.text("issuer"), IssuedOn: r.date("issuedOn"), ExpiresOn: r.date("expiresOn"),
		Holders: r.count("holders"), Verified: r.truth("verified"),
	}
}
