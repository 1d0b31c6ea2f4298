package stream

import "context"

// Wait returns once there may be something to poll, or with the context.
func (s *Subscription) Wait(ctx context.Context) {
	s.mu.Lock()
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
	}
	wake := s.wake
	s.mu.Unlock()
	for !s.Ready() {
		select {
		case <-wake:
		case <-ctx.Done():
			return
		}
	}
}

// Ready reports whether there may be something to poll.
func (s *Subscription) Ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil || len(s.queue) > 0 || !s.live || s.beat
}

// AtHand is what was made by a key of what others are told alike, where the next message can be had without asking the
// store: it need not be judged again.
func (s *Subscription) AtHand(key any) (made any, ok bool) {
	s.mu.Lock()
	if s.err != nil || len(s.queue) == 0 {
		s.mu.Unlock()
		return nil, false
	}
	first := s.queue[0]
	s.mu.Unlock()
	if first.alike == nil || s.feed.stale(first.told, first.judged) {
		return nil, false
	}
	return first.alike.atHand(key)
}
