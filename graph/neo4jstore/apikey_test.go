package neo4jstore_test

import (
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/storetest"
)

// keyOf finds a key that there is.
func keyOf(t *testing.T, store graph.Store, id string) *graph.APIKey {
	t.Helper()
	key, err := store.Key(t.Context(), id)
	if err != nil || key == nil {
		t.Fatal(key, err)
	}
	return key
}

func TestAKeyCostsARoundTripOnlyAfterAChange(t *testing.T) {
	g, counted := asking(t, func(w *storetest.World) { w.Partner("acme").Key("one") })
	for _, c := range []struct {
		what   string
		before func(w *storetest.World)
		trips  int
	}{
		{"at first", nil, 1},
		{"again", nil, 0},
		{"after a write", func(w *storetest.World) { w.Partner("beta") }, 1},
		{"and again", nil, 0},
	} {
		if c.before != nil {
			w := storetest.NewWorld(t, g.Store)
			c.before(w)
			w.Save()
		}
		sent := 0
		for _, statement := range counted.during(func() { keyOf(t, g.Store, "one") }) {
			if statement == "read ApiKey" {
				sent++
			}
		}
		if sent != c.trips {
			t.Errorf("%s: %d round trips, expected: %d", c.what, sent, c.trips)
		}
	}
}

func TestAKeyThatWasRevokedOnAnotherServerCountsNoMoreOnceTheLogSaysSo(t *testing.T) {
	options := neo4jtest.Empty(t)
	here, there := neo4jtest.Beside(t, options), neo4jtest.Beside(t, options)
	w := storetest.NewWorld(t, here)
	w.Partner("acme").Key("one").Save()
	for _, store := range []*neo4jstore.Store{here, there} {
		for range 2 {
			if key := keyOf(t, store, "one"); !key.RevokedAt.IsZero() {
				t.Fatalf("the key is %+v", key)
			}
		}
	}
	seq, err := there.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Key("one", graph.APIKey{RevokedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}).Save()
	if keyOf(t, here, "one").RevokedAt.IsZero() {
		t.Error("where it was revoked the key counts on")
	}
	if err := there.Await(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
	if keyOf(t, there, "one").RevokedAt.IsZero() {
		t.Error("on the other server the key counts on")
	}
}
