package stream

import (
	"context"

	"valueweb/graph"
)

// What one page reads of the log at most, and in which portions.
const (
	mostLooked = 2000
	portion    = 256
)

// Page is a part of the log as a viewer is told of it.
type Page struct {
	Messages    []Message
	End         string // the cursor after which to go on
	HasNext     bool   // the log goes on there; whether there is anything for the viewer is not said
	HasPrevious bool   // the log goes back beyond the start
}

// Page returns up to a number of messages after a cursor, oldest first; without a cursor from the oldest event on
// that is kept. It reads a bounded part of the log, and comes back short where the viewer is told of little of it.
func (l *Log) Page(ctx context.Context, v graph.Viewer, i Interest, after string, first int) (*Page, error) {
	if err := graph.CheckFirst("first", first, graph.MaxPage); err != nil {
		return nil, err
	}
	c, b, err := l.prepare(ctx, v, i)
	if err != nil {
		return nil, err
	}
	if after == "" {
		after = beginning
	}
	e, err := l.extent(ctx)
	if err != nil {
		return nil, err
	}
	seq, err := l.start(ctx, b, after, e)
	if err != nil {
		return nil, err
	}
	page := &Page{HasPrevious: seq >= e.oldest, HasNext: true}
	for looked := 0; page.HasNext && looked < mostLooked && len(page.Messages) < first; {
		events, err := l.read(ctx, b, seq, portion)
		if err != nil {
			return nil, err
		}
		found, err := l.narrow(ctx, v, c, events)
		if err != nil {
			return nil, err
		}
		looked += len(events)
		page.HasNext = len(events) == portion
		if len(events) > 0 {
			seq = events[len(events)-1].Seq
		}
		if room := first - len(page.Messages); len(found) > room {
			found, page.HasNext = found[:room], true
			seq = found[room-1].event.Seq
		}
		for _, t := range found {
			page.Messages = append(page.Messages, t.message(v, b))
		}
	}
	page.End = b.cursor(seq)
	return page, nil
}
