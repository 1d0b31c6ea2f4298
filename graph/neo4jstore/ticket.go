package neo4jstore

import (
	"context"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

var (
	issueTicket  = filed("ticket-issue")
	redeemTicket = filed("ticket-redeem")
)

// Issue implements graph.Ticketer.
func (s *Store) Issue(ctx context.Context, t graph.Ticket) error {
	p := properties{"digest": t.Digest, "until": t.Until.UTC()}
	p.text("role", string(t.Viewer.Role))
	p.text("organisation", t.Viewer.Organisation)
	p.text("subject", t.Viewer.Subject)
	p.text("key", t.Viewer.Key)
	listed(p, "scopes", t.Viewer.Scopes.List())
	p.instant("expires", t.Viewer.Expires)
	_, err := s.beside(ctx, issueTicket, map[string]any{"ticket": map[string]any(p)})
	return err
}

// Redeem implements graph.Ticketer.
func (s *Store) Redeem(ctx context.Context, digest string) (*graph.Ticket, error) {
	found, err := s.beside(ctx, redeemTicket, map[string]any{"digest": digest, "now": s.options.Clock().UTC()})
	if err != nil || found == nil {
		return nil, err
	}
	r := found.within("ticket")
	ticket := &graph.Ticket{Digest: r.text("digest"), Until: r.instant("until"), Viewer: graph.Viewer{
		Role: graph.Role(r.text("role")), Organisation: r.text("organisation"), Subject: r.text("subject"), Key: r.text("key"),
		Scopes: graph.ScopesOf(texts[graph.Scope](r, "scopes")),
	}}
	if r["expires"] != nil {
		ticket.Viewer.Expires = r.instant("expires")
	}
	return ticket, nil
}

// beside runs a statement that writes what is no part of the graph, in a transaction of its own.
func (s *Store) beside(ctx context.Context, what statement, params map[string]any) (found row, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	within, cancel := bounded(ctx)
	defer cancel()
	session := s.session(within, neo4j.AccessModeWrite)
	defer s.closed(within, session)
	_, err = session.ExecuteWrite(within, func(tx neo4j.ManagedTransaction) (any, error) {
		found, err = managed{s, tx}.ask(within, what, params)
		return nil, err
	})
	return found, failure(ctx, silent(within, err))
}
