package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// WhoCanFill answers who can fill a gap.
func (q query) WhoCanFill(ctx context.Context, input gql.GapInput, first *int, after *string) (*graph.CandidatePage, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	gap, err := gapOf(input)
	if err != nil {
		return nil, err
	}
	page := graph.PageArgs{First: *orElse(first, graph.DefaultPage), After: stated(after)}
	extras := graph.CandidateExtras{
		LeftOut: graphql.FieldRequested(ctx, "leftOut"),
		Loosen:  graphql.FieldRequested(ctx, "loosen"),
	}
	return rooted(ctx, func(l *level) (*graph.CandidatePage, error) {
		answer, err := q.graph.WhoCanFill(ctx, viewer, gap, page, extras)
		if err != nil {
			return nil, err
		}
		for i := range answer.Candidates {
			l.items = append(l.items, &answer.Candidates[i])
		}
		batchFrom(ctx).state(answer.Stated)
		return answer, nil
	})
}

func gapOf(input gql.GapInput) (graph.Gap, error) {
	gap := graph.Gap{
		Needs:         needsOf(input.Needs.Value()),
		Place:         placeInput(input.Place),
		RadiusKm:      input.RadiusKm.Value(),
		Anywhere:      given(input.Anywhere),
		Asker:         given(input.Asker),
		CertifiedOnly: given(input.CertifiedOnly),
		MinTier:       given(input.MinTier),
		Kinds:         input.Kinds.Value(),
		Remote:        given(input.Remote),
		Weights:       weightsOf(input.Weights.Value()),
		AsOf:          given(input.AsOf),
	}
	return gap, known("gap.kinds", gap.Kinds, graph.PartnerKinds)
}

func weightsOf(input *gql.WeightsInput) graph.Weights {
	if input == nil {
		return nil
	}
	weights := graph.Weights{}
	for term, weight := range map[graph.Term]*float64{
		graph.Fit:   input.Fit.Value(),
		graph.Near:  input.Near.Value(),
		graph.Trust: input.Trust.Value(),
		graph.Proof: input.Proof.Value(),
		graph.Ready: input.Ready.Value(),
		graph.Fair:  input.Fair.Value(),
	} {
		if weight != nil {
			weights[term] = *weight
		}
	}
	return weights
}
