package transport

import "sync"

// crew hands out the messages of all subscriptions over WebSockets. Thousands may have something at the same moment,
// and few at a time can go on: so each has its turn, and only a few have a goroutine.
type crew struct {
	mu      sync.Mutex
	waiting []*operation // in the order in which they were called
	working int          // those that wait for a peer to take something are not counted
}

// mostWorking is how many have their turn at a time, beside those that wait for their peers. It is more than there are
// processors, because some wait for the store.
const mostWorking = 32

// take lets an operation have its turn.
func (c *crew) take(o *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, o)
	c.man()
}

// man has one more work, where there is something to do and not enough do it. The crew is locked.
func (c *crew) man() {
	if len(c.waiting) > 0 && c.working < mostWorking {
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
	if len(c.waiting) == 0 || c.working > mostWorking {
		c.working--
		return nil
	}
	o := c.waiting[0]
	c.waiting[0] = nil
	if c.waiting = c.waiting[1:]; len(c.waiting) == 0 {
		c.waiting = nil
	}
	return o
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
