package embedded

import (
	"context"
	"maps"
	"slices"
	"time"

	"valueweb/graph"
)

// Note implements graph.Auditor.
func (s *Store) Note(ctx context.Context, notes graph.Notes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	forgotten := graph.Forgotten(graph.DateOf(s.clock()))
	err := s.journal.beside(true, func(kept shelves) error {
		for _, access := range notes.Accesses {
			if access.Key() >= forgotten {
				continue
			}
			if err := merge(kept.accesses, access); err != nil {
				return err
			}
		}
		for _, id := range slices.Sorted(maps.Keys(notes.Uses)) {
			if err := keepLatest(kept.uses, id, notes.Uses[id]); err != nil {
				return err
			}
		}
		_, err := forget(kept.accesses, forgotten)
		return err
	})
	if err != nil {
		return graph.Unavailable(err, "the notes could not be written: %v", err)
	}
	return nil
}

// merge adds an access to what is kept of its key.
func merge(to shelf, access graph.CustomerAccess) error {
	var before graph.CustomerAccess
	if _, err := readRecord(to, access.Key(), &before); err != nil {
		return err
	}
	return putRecord(to, access.Key(), before.Merge(access))
}

// keepLatest keeps an instant, unless a later one is kept.
func keepLatest(to shelf, id string, at time.Time) error {
	var before time.Time
	if _, err := readRecord(to, id, &before); err != nil || !at.After(before) {
		return err
	}
	return putRecord(to, id, at)
}

// forget removes some of the accesses from a key on, and says how many.
func forget(from shelf, key string) (gone int, err error) {
	var old []string
	from.scan(key, func(key string, _ []byte) bool {
		old = append(old, key)
		return len(old) < forgetAtOnce
	})
	for _, key := range old {
		if err := from.remove(key); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}

// Accesses implements graph.Auditor.
func (s *Store) Accesses(ctx context.Context, v graph.Viewer, q graph.AccessQuery) (graph.AccessPage, error) {
	if err := admit(ctx, v); err != nil {
		return graph.AccessPage{}, err
	}
	page := graph.AccessPage{Total: -1}
	if q.Total {
		page.Total = 0
	}
	err := s.journal.beside(false, func(kept shelves) (err error) {
		begin := q.After
		if q.Total {
			begin = ""
		}
		kept.accesses.scan(begin, func(key string, record []byte) bool {
			var access graph.CustomerAccess
			if err = decode(record, &access); err != nil {
				return false
			}
			if q.Matches(access) {
				page.Add(q, access)
			}
			return ctx.Err() == nil && (q.Total || !page.HasNext)
		})
		return err
	})
	if err != nil {
		return graph.AccessPage{}, graph.Unavailable(err, "the accesses could not be read: %v", err)
	}
	return page, ctx.Err()
}

// LastUses implements graph.Auditor.
func (s *Store) LastUses(ctx context.Context, v graph.Viewer, keys []string) (map[string]time.Time, error) {
	if err := admit(ctx, v); err != nil {
		return nil, err
	}
	uses := map[string]time.Time{}
	err := s.journal.beside(false, func(kept shelves) error {
		for _, id := range keys {
			var at time.Time
			if found, err := readRecord(kept.uses, id, &at); err != nil {
				return err
			} else if found {
				uses[id] = at.UTC()
			}
		}
		return nil
	})
	if err != nil {
		return nil, graph.Unavailable(err, "the uses of keys could not be read: %v", err)
	}
	return uses, nil
}

// readRecord decodes the record of a key; found is false where there is none.
func readRecord(from shelf, key string, value any) (found bool, err error) {
	record := from.get(key)
	if record == nil {
		return false, nil
	}
	return true, decode(record, value)
}

func putRecord(to shelf, key string, value any) error {
	record, err := encode(value)
	if err != nil {
		return err
	}
	return to.put(key, record)
}
