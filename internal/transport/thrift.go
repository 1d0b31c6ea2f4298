package transport

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
)

// Thousands of streams that wait keep some memory each, and the garbage collector lets the heap grow to twice what is
// kept before it collects. Where that is small, to collect earlier costs little and saves most of it.
const (
	manyStreams    = 1000
	thriftyPercent = 40
	smallHeap      = 256 << 20 // bytes in use: with more, it is not streams that keep them
)

// Thrift has the collector of the process collect earlier while there are many streams. It is for whoever sets up the
// process; a setting of GOGC wins.
func (s *Streams) Thrift() {
	if os.Getenv("GOGC") != "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.many = func(many bool) {
		if !many {
			debug.SetGCPercent(100)
		} else if heapInUse() < smallHeap {
			debug.SetGCPercent(thriftyPercent)
		}
	}
}

func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
