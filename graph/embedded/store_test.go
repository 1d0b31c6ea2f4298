package embedded_test

import (
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/storetest"
)

func TestAStoreInMemoryPassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, clock func() time.Time) graph.Store {
		store := embedded.Memory(embedded.Options{Clock: clock})
		t.Cleanup(func() { closed(t, store) })
		return store
	})
}

func TestAStoreInADirectoryPassesTheSuite(t *testing.T) {
	storetest.Run(t, func(t *testing.T, clock func() time.Time) graph.Store {
		store, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closed(t, store) })
		return store
	})
}

func closed(t *testing.T, store *embedded.Store) {
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}
