package embedded

import (
	"slices"
	"sync"
	"time"

	"valueweb/graph"
)

// logBook is a log in memory.
type logBook struct {
	mu        sync.RWMutex
	events    []graph.Event
	forgotten int64 // the seq of the last event that it let go of
}

func (l *logBook) append(events []graph.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, events...)
}

// upTo are the events that are kept up to a seq: that of seq n stands at n-1, less those that were let go.
func (l *logBook) upTo(seq int64) []graph.Event {
	return l.events[:min(max(0, seq-l.forgotten), int64(len(l.events)))]
}

// after returns up to limit events after a seq and up to another.
func (l *logBook) after(seq, last int64, limit int) []graph.Event {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := l.upTo(last)
	from := max(0, seq-l.forgotten)
	if from >= int64(len(all)) {
		return nil
	}
	rest := all[from:]
	return rest[:min(limit, len(rest)):min(limit, len(rest))]
}

func (l *logBook) oldest() int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.forgotten + 1
}

// forget lets go of up to limit events before an instant, up to a seq.
func (l *logBook) forget(before time.Time, last int64, limit int) (gone int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range l.upTo(last) {
		if gone == limit || !event.At.Before(before) {
			break
		}
		gone++
	}
	if gone > 0 {
		l.events, l.forgotten = slices.Clone(l.events[gone:]), l.forgotten+int64(gone)
	}
	return gone
}

// back calls yield for events, from one seq on backwards, until it returns false.
func (l *logBook) back(from int64, yield func(graph.Event) bool) {
	l.mu.RLock()
	events := l.upTo(from)
	l.mu.RUnlock()
	for _, event := range slices.Backward(events) {
		if !yield(event) {
			return
		}
	}
}
