package resolvers

import (
	"context"

	"valueweb/graph"
)

// Figures answers with how many records there are by some dimensions. Cells count as rows of the answer.
func (q query) Figures(ctx context.Context, of graph.FigureKind, by []graph.FigureDimension, partnership *string) ([]*graph.FigureCell, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	cells, err := q.graph.Figures(ctx, viewer, graph.FiguresQuery{Of: of, Partnership: stated(partnership)}, by)
	if err != nil {
		return nil, err
	}
	if err := batchFrom(ctx).admit(ctx, len(cells)); err != nil {
		return nil, err
	}
	listed := make([]*graph.FigureCell, len(cells))
	for i := range cells {
		listed[i] = &cells[i]
	}
	return listed, nil
}
