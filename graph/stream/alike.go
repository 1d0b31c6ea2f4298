package stream

import (
	"slices"
	"sync"
	"time"

	"valueweb/graph"
)

// Alike is common to all who are told the same of an event: what is made of it once, for one of them, serves all.
type Alike struct {
	changed []string

	mu   sync.Mutex
	made []made
}

type made struct{ key, value any }

// Made is what was made by a key.
func (a *Alike) Made(key any) (value any, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.find(key)
}

func (a *Alike) find(key any) (value any, ok bool) {
	for _, m := range a.made { // there are few: one for each way to ask
		if m.key == key {
			return m.value, true
		}
	}
	return nil, false
}

// Once makes something of what is told, unless that was made before by the same key. Others wait for it meanwhile.
func (a *Alike) Once(key any, make func() any) any {
	a.mu.Lock()
	defer a.mu.Unlock()
	if value, ok := a.find(key); ok {
		return value
	}
	value := make()
	a.made = append(a.made, made{key, value})
	return value
}

// atHand is what was made by a key, if it can be had without waiting for what is being made.
func (a *Alike) atHand(key any) (value any, ok bool) {
	if !a.mu.TryLock() {
		return nil, false
	}
	defer a.mu.Unlock()
	return a.find(key)
}

// alikes finds who is told alike of an event. What is told is the same where the same copy of its subject is, for a
// store makes one for all who are told as much of it.
type alikes struct {
	judged int64
	now    time.Time
	found  []*delivery // few: one for each way to be told, and each differs in what of the event is told
}

// delivery is what waits for all who are told so.
func (a *alikes) delivery(t told, v graph.Viewer) *delivery {
	changed := t.changed(v)
	for i, known := range a.found {
		if known.subject == t.subject && known.invitation == t.invitation && slices.Equal(known.alike.changed, changed) {
			a.found[0], a.found[i] = known, a.found[0] // most often the next one is told as much
			return known
		}
	}
	t.alike = &Alike{changed: changed}
	found := &delivery{told: t, judged: a.judged, since: a.now}
	a.found = append(a.found, found)
	return found
}

// beat is what those are told alike who are told of the time of a tick that nothing has happened.
type beat struct {
	at    time.Time
	mu    sync.Mutex
	seq   int64
	alike *Alike
}

// of is when it was, and what is common to all who have come to a seq.
func (b *beat) of(seq int64) (time.Time, *Alike) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.alike == nil || b.seq != seq { // most often all have come as far
		b.seq, b.alike = seq, &Alike{}
	}
	return b.at, b.alike
}
