package neo4jstore

import "valueweb/graph"

func writeSolution(n *graph.Solution, p properties, l links) {
	p.text("name", n.Name)
	p.text("origin", string(n.Origin))
	p.text("description", n.Description)
	l.many("partners", n.Partners)
	l.many("competencies", n.Competencies)
	l.many("buildsOn", n.BuildsOn)
}

func readSolution(r row, meta graph.Meta) *graph.Solution {
	return &graph.Solution{
		Meta: meta, Name: r.text("name"), Partners: r.positioned("partners"), Origin: graph.SolutionOrigin(r.text("origin")),
		Competencies: r.positioned("competencies"), BuildsOn: r.positioned("buildsOn"), Description: r.text("description"),
	}
}
