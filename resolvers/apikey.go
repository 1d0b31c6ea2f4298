package resolvers

import (
	"context"
	"time"

	"valueweb/graph"
	"valueweb/internal/gql"
)

// APIKey answers with the API key of an id, nil where there is none that the viewer may see.
func (query) APIKey(ctx context.Context, id string) (*graph.APIKey, error) {
	return byID[*graph.APIKey](ctx, id)
}

// APIKeys answers with a page of API keys, by id.
func (query) APIKeys(ctx context.Context, partner *string, first *int, after *string) (*gql.APIKeyConnection, error) {
	args := graph.ListArgs{Kind: graph.KindAPIKey, Order: graph.Order{Field: graph.OrderByID}, Filter: graph.Filter{Partner: stated(partner)}}
	page, err := list(ctx, args, slice{first: first, after: after})
	if e, ok := graph.AsError(err); ok && e.Field == "filter.partner" { // which stands beside the page here
		told := *e
		told.Field, err = "partner", &told
	}
	return apiKeys(page, err)
}

type apiKeyResolver struct{ *root }

func (apiKeyResolver) Partner(ctx context.Context, k *graph.APIKey) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, k.Partner, func(k *graph.APIKey) []string { return []string{k.Partner} })
}

// LastUsedAt is what the store was told of the last use, or what this server knows of a later one.
func (r apiKeyResolver) LastUsedAt(ctx context.Context, k *graph.APIKey) (*time.Time, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	b, place := batchFrom(ctx), placeOf(ctx)
	l, err := b.level(ctx, place, func(l *level) error {
		ids := gather(b.above(place), []string{k.ID}, func(k *graph.APIKey) []string { return []string{k.ID} })
		uses, err := b.graph.Store.LastUses(ctx, viewer, ids)
		for id, at := range uses {
			l.found[id] = at
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	last, _ := l.found[k.ID].(time.Time)
	if known := r.audit.LastUse(k.ID); known.After(last) {
		last = known
	}
	return &last, nil
}

// CreateAPIKey makes an API key.
func (m mutation) CreateAPIKey(ctx context.Context, input gql.CreateAPIKeyInput) (*gql.CreateAPIKeyPayload, error) {
	key := graph.APIKey{Partner: input.Partner, Name: graph.Normalise(input.Name), Scopes: input.Scopes}
	patch(input.ExpiresAt, &key.ExpiresAt)
	token := ""
	made, seq, err := changed(ctx, func(v graph.Viewer) (made graph.Changed[*graph.APIKey], err error) {
		made, token, err = m.graph.CreateAPIKey(ctx, v, key)
		return made, err
	})
	if err != nil {
		return nil, err
	}
	return &gql.CreateAPIKeyPayload{APIKey: made, Token: token, Seq: seq}, nil
}

// RevokeAPIKey takes an API key back.
func (m mutation) RevokeAPIKey(ctx context.Context, input gql.RevokeAPIKeyInput) (*gql.APIKeyPayload, error) {
	key, seq, err := changed(ctx, func(v graph.Viewer) (graph.Changed[*graph.APIKey], error) {
		return m.graph.RevokeAPIKey(ctx, v, edit(input.ID, input.ExpectedVersion))
	})
	if err != nil {
		return nil, err
	}
	return &gql.APIKeyPayload{APIKey: key, Seq: seq}, nil
}
