package embedded

import (
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
