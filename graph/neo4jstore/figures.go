package neo4jstore

import (
	"context"
	"maps"
	"slices"

	"valueweb/graph"
)

// figures are the statements that count, and figuresWithin those that count what the parties of partnerships have.
var (
	figures       = figureStatements("figures")
	figuresWithin = figureStatements("figures-within")
)

func figureStatements(name string) map[graph.FigureKind]sighted {
	all := map[graph.FigureKind]sighted{}
	for kind, what := range map[graph.FigureKind]string{graph.FigureCustomers: "customers", graph.FigureOpportunities: "opportunities", graph.FigureReferrals: "referrals"} {
		body := filled(file(name), "RECORDS", indent(file(name+"-"+what)), "TALLY", indent(file("figures-tally")))
		all[kind] = momentFor(name+" "+what, filled(body, "SERVES(row)", file("serves")))
	}
	return all
}

// Figures implements graph.Traverser.
func (s *Store) Figures(ctx context.Context, v graph.Viewer, q graph.FiguresQuery) (facts graph.FigureFacts, err error) {
	_, err = s.view(ctx, v, func(ctx context.Context, r sight) error {
		if q.Partnership == "" {
			facts, err = r.figures(ctx, q.Of, s.today())
		} else {
			facts, err = r.figuresWithin(ctx, q, s.today())
		}
		return err
	})
	return facts, err
}

// figures counts what the viewer is told of. An analyst may read nothing of it, all others everything.
func (s sight) figures(ctx context.Context, of graph.FigureKind, today graph.Date) (graph.FigureFacts, error) {
	found, err := s.look(ctx, figures[of], map[string]any{"today": dateParam(today)})
	if err != nil {
		return graph.FigureFacts{}, err
	}
	rows := figureRows(found.within("answer"))
	if s.access != nil && s.access.Viewer.Role == graph.RoleAnalyst {
		for i := range rows {
			rows[i].Unknown = rows[i].Count
		}
	}
	return graph.FigureFacts{Rows: rows}, nil
}

// figuresWithin counts what the parties of a partnership have.
func (s sight) figuresWithin(ctx context.Context, q graph.FiguresQuery, today graph.Date) (graph.FigureFacts, error) {
	params := map[string]any{"partnership": q.Partnership, "today": dateParam(today), "me": nil, "tellers": []any{tellerParam(graph.Share{Partnership: q.Partnership})}}
	if s.access != nil {
		tellers := make([]any, len(s.access.Tellers))
		for i, teller := range s.access.Tellers {
			tellers[i] = tellerParam(teller)
		}
		params["me"], params["tellers"] = s.access.Viewer.Organisation, tellers
	}
	found, err := s.look(ctx, figuresWithin[q.Of], params)
	if err != nil {
		return graph.FigureFacts{}, err
	}
	answer := found.within("answer")
	if !answer.truth("known") {
		return graph.FigureFacts{}, graph.NotFound("partnership", graph.KindPartnership, q.Partnership)
	}
	facts := graph.FigureFacts{Rows: figureRows(answer), Closed: !answer.truth("open")}
	for _, value := range answer.list("overlaps") {
		one := value.([]any)
		facts.Overlaps = append(facts.Overlaps, graph.FigureOverlap{Partnerships: textsAt(one, 0), Unknown: numberAt(one, 1)})
	}
	return facts, nil
}

// tellerParam is a partnership with the walls within it.
func tellerParam(s graph.Share) map[string]any {
	walls := make([]any, len(s.Barriers))
	for i, b := range s.Barriers {
		wall := map[string]any{"customer": textParam(b.Customer), "segment": textParam(b.Segment), "scope": nil}
		if b.Scope != nil {
			wall["scope"] = slices.Collect(maps.Keys(b.Scope))
		}
		walls[i] = wall
	}
	return map[string]any{"id": s.Partnership, "walls": walls}
}

// figureRows are the finest cells. The database orders some texts otherwise, so the first of several countries is
// taken here.
func figureRows(answer row) []graph.FigureRow {
	rows := map[graph.FigureKey]graph.FigureRow{}
	for _, value := range answer.list("cells") {
		one := value.([]any)
		key := graph.FigureKey{textAt(one, 0), textAt(one, 1)}
		if countries := textsAt(one, 2); len(countries) > 0 {
			key[2] = slices.Min(countries)
		}
		cell := rows[key]
		rows[key] = graph.FigureRow{Key: key, Count: cell.Count + numberAt(one, 3), Unknown: cell.Unknown + numberAt(one, 4)}
	}
	return slices.Collect(maps.Values(rows))
}

func textsAt(one []any, i int) []string {
	list, _ := one[i].([]any)
	var all []string
	for i := range list {
		all = append(all, textAt(list, i))
	}
	return all
}
