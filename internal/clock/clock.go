// Package clock has a server do, at its times, what the passing of time asks for.
package clock

import (
	"context"
	"log/slog"
	"time"
)

// tickEvery is how long after it came something that is due may wait, where its day had begun already.
const tickEvery = time.Minute

// Clock ticks.
type Clock struct {
	stop  context.CancelFunc
	ended chan struct{}
}

// Start ticks at once, at each midnight UTC, and every minute between, until the clock is closed. A tick that fails is
// tried again at the next one.
func Start(tick func(context.Context) error, now func() time.Time, log *slog.Logger) *Clock {
	ctx, stop := context.WithCancel(context.Background())
	c := &Clock{stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		run(ctx, tick, now, log)
	}()
	return c
}

// Close stops the clock, and waits for a tick under way to be broken off.
func (c *Clock) Close() {
	c.stop()
	<-c.ended
}

func run(ctx context.Context, tick func(context.Context) error, now func() time.Time, log *slog.Logger) {
	for failing := false; ; {
		failing = told(ctx, log, tick(ctx), failing)
		timer := time.NewTimer(untilNext(now()))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// untilNext is how long after an instant the next tick is.
func untilNext(now time.Time) time.Duration {
	midnight := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	return min(tickEvery, midnight.Sub(now))
}

// told logs that ticks begin to fail, and that they fail no more; it returns whether they do.
func told(ctx context.Context, log *slog.Logger, failure error, before bool) bool {
	switch {
	case ctx.Err() != nil:
		return before
	case failure != nil && !before:
		log.Warn("what is due by the clock could not be ended; it is tried again every minute", "error", failure)
	case failure == nil && before:
		log.Info("what is due by the clock was ended")
	}
	return failure != nil
}
