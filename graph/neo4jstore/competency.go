package neo4jstore

import "valueweb/graph"

func writeCompetency(n *graph.Competency, p properties, l links) {
	p.text("name", n.Name)
	p.text("description", n.Description)
	listed(p, "aliases", n.Aliases)
	l.many("broader", n.Broader)
	l.many("related", n.Related)
}

func readCompetency(r row, meta graph.Meta) *graph.Competency {
	return &graph.Competency{
		Meta: meta, Name: r.text("name"), Aliases: texts[string](r, "aliases"), Description: r.text("description"),
		Broader: r.positioned("broader"), Related: r.positioned("related"),
	}
}
