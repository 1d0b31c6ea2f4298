package resolvers

import (
	"context"
	"fmt"
	"sync"
)

// A cache loads values by key, each key once, also where several ask for it at the same time.
type cache[K comparable, V any] struct {
	mu    sync.Mutex
	loads map[K]*load[K, V]
}

// A load is one fetch of many keys.
type load[K comparable, V any] struct {
	ready  chan struct{} // closed when the rest is set
	values map[K]V
	err    error
}

// get returns the values of the keys. Those that nobody has asked for yet are fetched in one call; those
// that somebody else is fetching are waited for. fetch returns one value a key, in their order.
func (c *cache[K, V]) get(ctx context.Context, keys []K, fetch func(missing []K) ([]V, error)) (map[K]V, error) {
	own, missing, loads := c.claim(keys)
	if len(missing) > 0 {
		own.fetch(missing, fetch)
	}
	values := make(map[K]V, len(keys))
	for i, load := range loads {
		select {
		case <-load.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if load.err != nil {
			return nil, load.err
		}
		values[keys[i]] = load.values[keys[i]]
	}
	return values, nil
}

// claim finds the load of every key and makes a new one for the keys that have none.
func (c *cache[K, V]) claim(keys []K) (own *load[K, V], missing []K, loads []*load[K, V]) {
	own = &load[K, V]{ready: make(chan struct{}), err: errUnfinished}
	loads = make([]*load[K, V], len(keys))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loads == nil {
		c.loads = map[K]*load[K, V]{}
	}
	for i, key := range keys {
		known := c.loads[key]
		if known == nil {
			known = own
			c.loads[key] = own
			missing = append(missing, key)
		}
		loads[i] = known
	}
	return own, missing, loads
}

func (l *load[K, V]) fetch(missing []K, fetch func([]K) ([]V, error)) {
	defer close(l.ready)
	values, err := fetch(missing)
	if err == nil && len(values) != len(missing) {
		err = fmt.Errorf("%d values for %d keys", len(values), len(missing))
	}
	if l.err = err; err != nil {
		return
	}
	l.values = make(map[K]V, len(missing))
	for i, key := range missing {
		l.values[key] = values[i]
	}
}

// forget lets go of all values.
func (c *cache[K, V]) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loads = nil
}

// learn keeps values that came along with others; what is known already stays.
func (c *cache[K, V]) learn(values map[K]V) {
	known := &load[K, V]{ready: make(chan struct{}), values: values}
	close(known.ready)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loads == nil {
		c.loads = map[K]*load[K, V]{}
	}
	for key := range values {
		if c.loads[key] == nil {
			c.loads[key] = known
		}
	}
}
