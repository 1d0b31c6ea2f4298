package neo4jstore

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

var (
	noteAccesses = filed("note-accesses")
	noteUses     = filed("note-uses")
	forgetOld    = filed("note-forget")
	readUses     = moment("uses", file("uses"))
	// readAccesses are the statements that read accesses: of all customers, and of one (true), which an index finds.
	readAccesses = map[bool]statement{
		false: moment("accesses", filled(file("accesses"), "NARROWED", file("accesses-narrowed"))),
		true:  moment("accesses of a customer", filled(file("accesses"), "NARROWED", "n.customer = $customer AND "+file("accesses-narrowed"))),
	}
)

// Note implements graph.Auditor. Notes take no lock of the log: they are no part of the graph.
func (s *Store) Note(ctx context.Context, notes graph.Notes) error {
	within, cancel := bounded(ctx)
	defer cancel()
	session := s.session(within, neo4j.AccessModeWrite)
	defer s.closed(within, session)
	forgotten := graph.Forgotten(s.today())
	_, err := session.ExecuteWrite(within, func(tx neo4j.ManagedTransaction) (any, error) {
		db := managed{s, tx}
		if err := inChunks(within, db, noteAccesses, "accesses", accessRows(notes.Accesses, forgotten)); err != nil {
			return nil, err
		}
		if err := inChunks(within, db, noteUses, "uses", useRows(notes.Uses)); err != nil {
			return nil, err
		}
		return db.ask(within, forgetOld, map[string]any{"before": forgotten, "limit": int64(forgetAtOnce)})
	})
	return failure(ctx, silent(within, err))
}

// accessRows are accesses as rows, in the order of their keys: all who note take locks in one order.
func accessRows(accesses []graph.CustomerAccess, forgotten string) []any {
	var rows []any
	for _, a := range slices.SortedFunc(slices.Values(accesses), func(a, b graph.CustomerAccess) int { return strings.Compare(a.Key(), b.Key()) }) {
		if a.Key() < forgotten {
			rows = append(rows, map[string]any{
				"id": sortable(a.Key()), "day": dateParam(a.Day), "viewer": a.Viewer, "customer": a.Customer, "first": a.First.UTC(), "last": a.Last.UTC(), "reads": a.Reads,
			})
		}
	}
	return rows
}

func useRows(uses map[string]time.Time) []any {
	var rows []any
	for _, id := range slices.Sorted(maps.Keys(uses)) {
		rows = append(rows, map[string]any{"id": id, "lastUsedAt": uses[id].UTC()})
	}
	return rows
}

// Accesses implements graph.Auditor.
func (s *Store) Accesses(ctx context.Context, v graph.Viewer, q graph.AccessQuery) (graph.AccessPage, error) {
	if err := admit(ctx, v); err != nil {
		return graph.AccessPage{}, err
	}
	page := graph.AccessPage{Total: -1}
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readAccesses[q.Customer != ""], map[string]any{
			"customer": q.Customer, "viewer": textParam(q.Viewer), "since": dateParam(q.From), "until": dateParam(q.To),
			"from": sortable(q.After), "limit": int64(q.First) + 1, "total": q.Total,
		})
		if err != nil {
			return err
		}
		answer := found.list("answer")
		page.Accesses = accessesOf(answer[0].([]any))
		if page.HasNext = len(page.Accesses) > q.First; page.HasNext {
			page.Accesses = page.Accesses[:q.First]
		}
		if total, _ := answer[1].(int64); q.Total {
			page.Total = int(total)
		}
		return nil
	})
	return page, err
}

func accessesOf(list []any) []graph.CustomerAccess {
	var all []graph.CustomerAccess
	for _, value := range list {
		r := row(value.(map[string]any))
		all = append(all, graph.CustomerAccess{
			Day: r.date("day"), Viewer: r.text("viewer"), Customer: r.text("customer"), First: r.instant("first"), Last: r.instant("last"), Reads: r.integer("reads"),
		})
	}
	return all
}

// LastUses implements graph.Auditor.
func (s *Store) LastUses(ctx context.Context, v graph.Viewer, keys []string) (map[string]time.Time, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	uses := map[string]time.Time{}
	_, err := s.view(ctx, v, func(ctx context.Context, r sight) error {
		found, err := r.ask(ctx, readUses, map[string]any{"ids": plain(keys)})
		for _, value := range found.list("answer") {
			pair := value.([]any)
			if at, ok := pair[1].(time.Time); ok {
				uses[textAt(pair, 0)] = at.UTC()
			}
		}
		return err
	})
	return uses, err
}
