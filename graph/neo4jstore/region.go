package neo4jstore

import "valueweb/graph"

func writeRegion(n *graph.Region, p properties, l links) {
	p.text("name", n.Name)
	listed(p, "countries", n.Countries)
	l.one("parent", n.Parent)
}

func readRegion(r row, meta graph.Meta) *graph.Region {
	return &graph.Region{Meta: meta, Name: r.text("name"), Countries: texts[string](r, "countries"), Parent: r.text("parent")}
}
