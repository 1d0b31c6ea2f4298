package transport

import (
	"sync"
	"time"
)

// crew hands out the messages of all subscriptions over WebSockets. Thousands may have something at the same moment,
// and few at a time can go on: so each has its turn, and only a few have a goroutine.
type crew struct {
	busy func() bool // whether more messages are about to come to everybody; nil: it is not known
	most int         // work at a time: as many as there are processors

	mu      sync.Mutex
	waiting queue[call]
	pressed queue[*operation] // of these, those that wait no longer
	working int               // those that wait for the store or for a peer are not counted
	coming  bool              // one of these has not begun yet
	asking  int               // those that wait for the store
	timer   *time.Timer       // until it is looked again at those that linger; nil: nobody does
}

// call is when an operation was called.
type call struct {
	of *operation
	at time.Time
}

const (
	// mostAsking is how many may wait for the store at a time, while others have their turn.
	mostAsking = 32
	// linger is how long an operation waits for more, while more is about to come: so that several frames go out with
	// one write.
	linger = 200 * time.Millisecond
	// pressing is the number of messages that wait no longer.
	pressing = 32
)

// take lets an operation have its turn.
func (c *crew) take(o *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o.waits = true
	c.waiting.push(call{o, time.Now()})
	c.man()
}

// press lets an operation that waits have its turn before others.
func (c *crew) press(o *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o.waits {
		c.pressed.push(o)
		c.man()
	}
}

// man has one more work, where there is something to do now and a processor for it: more would only take time from who
// finds out what there is to do. The crew is locked.
func (c *crew) man() {
	if !c.waiting.empty() && (c.timer == nil || !c.pressed.empty()) && c.working < c.most {
		c.working++
		c.coming = true
		go c.work()
	}
}

// work gives turns as long as somebody waits for one.
func (c *crew) work() {
	for o := c.begin(); o != nil; o = c.next() {
		if o.following.holder.Behind() { // it reads the log, however long it takes
			o.manned = false
			go o.turn()
		} else {
			o.manned = true
			o.turn()
		}
	}
}

// begin is who has its turn first; nil: whoever rested is back already.
func (c *crew) begin() *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.coming = false
	return c.offer()
}

// next is who has its turn next; nil: there is enough without the one who asks.
func (c *crew) next() *operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offer()
}

func (c *crew) offer() *operation {
	working := c.working
	if c.coming { // it may leave again, which is cheap, and this one need not begin again
		working--
	}
	if working <= c.most {
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
	for !c.pressed.empty() {
		if o := c.pressed.pop(); o.waits {
			return o
		}
	}
	for !c.waiting.empty() {
		first := c.waiting.first()
		if first.of.waits && c.lingers(first) {
			return nil
		}
		if c.waiting.pop(); first.of.waits {
			return first.of
		}
	}
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

// ask is called by one that works before it asks the store for something. Where it may rest meanwhile, it calls
// answered behind it.
func (c *crew) ask() (mayRest bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking == mostAsking {
		return false
	}
	c.asking++
	c.working--
	c.man()
	return true
}

func (c *crew) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asking--
	c.working++
}

// queue hands out what was put into it, in that order. It keeps the room of as many as waited at a time.
type queue[T any] struct {
	items []T
	taken int // of the items, which are empty
}

func (q *queue[T]) empty() bool { return q.taken == len(q.items) }

func (q *queue[T]) push(item T) {
	if q.taken > len(q.items)/2 && len(q.items) == cap(q.items) { // instead of more room
		left := copy(q.items, q.items[q.taken:])
		clear(q.items[left:])
		q.items, q.taken = q.items[:left], 0
	}
	q.items = append(q.items, item)
}

// first is the one that pop takes.
func (q *queue[T]) first() T { return q.items[q.taken] }

func (q *queue[T]) pop() T {
	var none T
	item := q.items[q.taken]
	q.items[q.taken] = none
	if q.taken++; q.empty() {
		q.items, q.taken = q.items[:0], 0
	}
	return item
}
