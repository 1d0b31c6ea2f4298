package stream

import "context"

// Wait returns once Next may have something to return, or with the context. Whoever waits here and not in Next keeps
// little of a stack meanwhile, which counts where thousands of readers do.
func (s *Subscription) Wait(ctx context.Context) {
	if s.ready() {
		return
	}
	select {
	case <-s.wake:
		s.waken() // Next looks for it, too
	case <-ctx.Done():
	}
}

func (s *Subscription) ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil || len(s.queue) > 0 || !s.live
}
