package embedded

import (
	"slices"
	"sync"

	"valueweb/graph"
)

// logBook is a log in memory.
type logBook struct {
	mu     sync.RWMutex
	events []graph.Event
}

func (l *logBook) append(events []graph.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, events...)
}

// after returns up to limit events after a seq; the event of seq n stands at n-1.
func (l *logBook) after(seq int64, limit int) []graph.Event {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if seq < 0 || seq >= int64(len(l.events)) {
		return nil
	}
	rest := l.events[seq:]
	return rest[:min(limit, len(rest)):min(limit, len(rest))]
}

// back calls yield for events, from one seq on backwards, until it returns false.
func (l *logBook) back(from int64, yield func(graph.Event) bool) {
	l.mu.RLock()
	events := l.events[:min(max(0, from), int64(len(l.events)))]
	l.mu.RUnlock()
	for _, event := range slices.Backward(events) {
		if !yield(event) {
			return
		}
	}
}
