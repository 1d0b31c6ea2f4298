package transport

import (
	"sync"
	"time"
)

// crew hands out the messages of all subscriptions over WebSockets. Thousands may have something at the same moment,
// and few at a time can go on: so each has its turn, and only a few have a goroutine.
type crew struct {
	busy func() bool // whether more messages are about to come to everybody; nil: it is not known

	mu      sync.Mutex
	waiting []call
	pressed []*operation // of these, those that wait no longer
	working int          // those that wait for a peer to take something are not counted
	timer   *time.Timer  // until it is looked again at those that linger; nil: nobody does
}

// call is when an operation was called.
type call struct {
	of *operation
	at time.Time
}

const (
	// mostWorking is how many have their turn at a time, beside those that wait for their peers. It is more than there
	// are processors, because some wait for the store.
	mostWorking = 32
	// linger is how long an operation waits for more, while more is about to come: so that several frames go out with
	// one write.
	linger = 200 * time.Millisecond
	// pressing is the number of messages that wait no longer.
	pressing = 16
)

// take lets an operation have its turn.
func (c *crew) take(o *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o.waits = true
	c.waiting = append(c.waiting, call{o, time.Now()})
	c.man()
}

// press lets an operation that waits have its turn before others.
func (c *crew) press(o *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o.waits {
		c.pressed = append(c.pressed, o)
		c.man()
	}
}

// man has one more work, where there is something to do now and not enough do it. The crew is locked.
func (c *crew) man() {
	if len(c.waiting) > 0 && (c.timer == nil || len(c.pressed) > 0) && c.working < mostWorking {
		c.working++
		go c.work()
	}
}

// work gives turns as long as somebody waits for one.
func (c *crew) work() {
	for o := c.next(); o != nil; o = c.next() {
		if o.following.holder.Behind() { // it reads the log, however long it takes
			o.manned = false
			go o.turn()
		} else {
			o.manned = true
			o.turn()
		}
	}
}

// next is who has its turn next; nil: there is enough without the one who asks.
func (c *crew) next() *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.working <= mostWorking {
		if o := c.pop(); o != nil {
			o.waits = false
			return o
		}
	}
	c.working--
	return nil
}

// pop takes away who has its turn next, if anybody has. The crew is locked.
func (c *crew) pop() *operation {
	for len(c.pressed) > 0 {
		o := c.pressed[0]
		c.pressed = c.pressed[1:]
		if o.waits {
			return o
		}
	}
	c.pressed = nil
	for len(c.waiting) > 0 {
		first := c.waiting[0]
		if first.of.waits && c.lingers(first) {
			return nil
		}
		c.waiting[0] = call{}
		c.waiting = c.waiting[1:]
		if first.of.waits {
			return first.of
		}
	}
	c.waiting = nil
	return nil
}

// lingers reports whether it is better to wait for more, and has it looked at again then.
func (c *crew) lingers(first call) bool {
	if c.busy == nil || !c.busy() {
		return false
	}
	rest := linger - time.Since(first.at)
	if rest <= 0 {
		return false
	}
	if c.timer == nil {
		c.timer = time.AfterFunc(rest, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.timer = nil
			c.man()
		})
	}
	return true
}

// rest is called by one that works before it waits for a peer, and back behind it.
func (c *crew) rest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working--
	c.man()
}

func (c *crew) back() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working++
}
