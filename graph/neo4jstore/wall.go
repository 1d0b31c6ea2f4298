package neo4jstore

import "valueweb/graph"

func writeWall(n *graph.Wall, p properties, l links) {
	p.text("segment", n.Segment)
	l.one("partner", n.Partner)
	l.one("customer", n.Customer)
	l.one("competency", n.Competency)
	l.one("partnership", n.Partnership)
}

func readWall(r row, meta graph.Meta) *graph.Wall {
	return &graph.Wall{
		Meta: meta, Partner: r.text("partner"), Customer: r.text("customer"), Segment: r.text("segment"),
		Competency: r.text("competency"), Partnership: r.text("partnership"),
	}
}
