package stream

import (
	"slices"
	"sync"

	"valueweb/graph"
)

// Alike is common to all who are told the same of an event: what is made of it once, for one of them, serves all.
type Alike struct {
	changed []string

	mu   sync.Mutex
	made []made
}

type made struct{ key, value any }

// Once makes something of what is told, unless that was made before by the same key. Others wait for it meanwhile.
func (a *Alike) Once(key any, make func() any) any {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.made { // there are few: one for each way to ask
		if m.key == key {
			return m.value
		}
	}
	value := make()
	a.made = append(a.made, made{key, value})
	return value
}

// begun reports whether anything was made, and nothing is being made.
func (a *Alike) begun() bool {
	if !a.mu.TryLock() {
		return false
	}
	defer a.mu.Unlock()
	return len(a.made) > 0
}

// alikes finds who is told alike of an event. What is told is the same where the same copy of its subject is, for a
// store makes one for all who are told as much of it.
type alikes map[sameness][]*Alike

type sameness struct {
	subject    graph.Node
	invitation *graph.Invitation
}

// of is what is common to all who are told so.
func (a alikes) of(t told, v graph.Viewer) *Alike {
	key, changed := sameness{t.subject, t.invitation}, t.changed(v)
	for _, known := range a[key] {
		if slices.Equal(known.changed, changed) {
			return known
		}
	}
	fresh := &Alike{changed: changed}
	a[key] = append(a[key], fresh)
	return fresh
}
