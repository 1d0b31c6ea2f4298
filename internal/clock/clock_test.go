package clock

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAClockTicksAtOnceEveryMinuteAndAtMidnight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now() // midnight, in a test
		time.Sleep(23*time.Hour + 57*time.Minute + 30*time.Second)
		begun := time.Now()
		var ticks []time.Duration
		c := Start(func(context.Context) error { ticks = append(ticks, time.Since(start)); return nil }, time.Now, slog.New(slog.DiscardHandler))
		time.Sleep(4*time.Minute + time.Second)
		c.Close()
		day := 24 * time.Hour
		want := []time.Duration{begun.Sub(start), day - 90*time.Second, day - 30*time.Second, day, day + time.Minute}
		if len(ticks) != len(want) {
			t.Fatalf("the clock ticked at %v, not at %v", ticks, want)
		}
		for i := range want {
			if ticks[i] != want[i] {
				t.Errorf("the clock ticked at %v, not at %v", ticks, want)
			}
		}
	})
}

func TestAClockTellsOnceThatItsTicksFailAndOnceThatTheyDoNotAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ticks := 0
		c := Start(func(context.Context) error {
			if ticks++; ticks%4 == 0 {
				return nil
			}
			return errors.New("the store is away")
		}, time.Now, slog.New(slog.NewTextHandler(&log, nil)))
		time.Sleep(5*time.Minute + time.Second)
		c.Close()
		if lines := strings.Split(strings.TrimSpace(log.String()), "\n"); ticks != 6 || len(lines) != 3 ||
			!strings.Contains(lines[0], "away") || strings.Contains(lines[1], "away") || !strings.Contains(lines[2], "away") {
			t.Errorf("after %d ticks the log is %s", ticks, log.String())
		}
	})
}

func TestAClockThatIsClosedBreaksOffItsTickAndSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		over := false
		c := Start(func(ctx context.Context) error { <-ctx.Done(); over = true; return ctx.Err() }, time.Now, slog.New(slog.NewTextHandler(&log, nil)))
		synctest.Wait()
		c.Close()
		if !over || log.Len() > 0 {
			t.Errorf("closed, the tick is over: %v, and the log is %s", over, log.String())
		}
	})
}
