// Command streams measures subscriptions: thousands of partner apps, each on a WebSocket of its own with a filter, of
// which one of a hundred matches each posting. It prints a Markdown table for docs/performance.md.
//
//	VALUEWEB_BENCH_SUBSCRIBERS  how many, 5,000 by default
//	VALUEWEB_BENCH_POSTINGS     how many are posted one after the other, 300 by default
//	VALUEWEB_BENCH_BURST        how many come at once, in one import, 2,000 by default
//	VALUEWEB_BENCH_BURSTS       how many such imports, 1 by default: one by one they tell how far runs scatter
//	VALUEWEB_BENCH_STORE        an address of Neo4j; by default the embedded store
//	VALUEWEB_BENCH_SERVER       the program to serve with; by default it is built
//	VALUEWEB_BENCH_PROFILE      a file to which perf writes what the server does while bursts are told; it reads the
//	                            names of functions in the program, which is to be named, too
//
// The server is the program as it is shipped, a process of its own on one core (GOMAXPROCS=1). Every subscriber is a
// partner of its own, so that each is judged by its own rights, and each message is counted: none may be missing, come
// twice or out of order.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measure(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "streams:", err)
		os.Exit(1)
	}
}

// setting reads a number that the environment may state.
func setting(name string, otherwise int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s: %q is no number of them", name, text)
	}
	return n, nil
}

// classes is the number of competencies: each subscriber listens for one, each posting needs one.
const classes = 100

// stalled is the number of subscribers that stop to read.
const stalled = 100

// run is a measurement under way.
type run struct {
	server      *process
	subscribers []*subscriber
	wanted      [classes]int // messages that each subscriber of a class must have got
	postings    map[string]posting
}

// posting is when an opportunity was sent, and when it was acknowledged: in between it was committed.
type posting struct{ sent, acknowledged time.Time }

func measure(ctx context.Context) (err error) {
	subscribers, err := setting("VALUEWEB_BENCH_SUBSCRIBERS", 5000)
	if err != nil {
		return err
	}
	postings, err := setting("VALUEWEB_BENCH_POSTINGS", 300)
	if err != nil {
		return err
	}
	burst, err := setting("VALUEWEB_BENCH_BURST", 2000)
	if err != nil {
		return err
	}
	bursts, err := setting("VALUEWEB_BENCH_BURSTS", 1)
	if err != nil {
		return err
	}
	server, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	r := &run{server: server, postings: map[string]posting{}}
	defer func() {
		for _, s := range r.subscribers {
			s.socket.CloseNow()
		}
	}()
	if err := server.lay(ctx, subscribers); err != nil {
		return err
	}
	fmt.Printf("| %d subscribers, %d match each posting | |\n|---|---|\n", subscribers, subscribers/classes)
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return r.connect(ctx, subscribers) },
		func(ctx context.Context) error { return r.post(ctx, postings, "") },
		func(ctx context.Context) error { return r.bursts(ctx, bursts, burst) },
		func(ctx context.Context) error { return r.stall(ctx) },
		func(ctx context.Context) error {
			return r.post(ctx, postings, fmt.Sprintf(", beside %d that do not read", stalled))
		},
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// connect opens all subscriptions.
func (r *run) connect(ctx context.Context, n int) error {
	before, err := r.server.memory()
	if err != nil {
		return err
	}
	for i := range n {
		s, err := subscribe(ctx, r.server.address, i)
		if err != nil {
			return fmt.Errorf("subscriber %d: %w", i, err)
		}
		r.subscribers = append(r.subscribers, s)
		go s.read()
	}
	if err := r.post(ctx, classes, ""); err != nil { // each has got a message: all are connected
		return err
	}
	after, err := r.server.memory()
	if err != nil {
		return err
	}
	fmt.Printf("| memory of the server (resident), without and with the subscribers | %d MB, %d MB: %.1f kB each |\n", before>>20, after>>20, float64(after-before)/1024/float64(n))
	return nil
}

// post posts opportunities one after the other, and waits until all are told.
func (r *run) post(ctx context.Context, n int, how string) error {
	before, err := r.server.cpu()
	if err != nil {
		return err
	}
	for i := range n {
		class := i % classes
		p := posting{sent: time.Now()}
		seq, err := r.server.post(ctx, class)
		if err != nil {
			return err
		}
		p.acknowledged = time.Now()
		r.postings[seq] = p
		r.wanted[class]++
	}
	if err := r.await(ctx); err != nil {
		return err
	}
	after, err := r.server.cpu()
	if err != nil {
		return err
	}
	fromSent, fromAcknowledged := r.latencies()
	if n > classes || how != "" {
		fmt.Printf("| from the request that posts to the frame%s, p50 and p99 of %d | %s, %s |\n", how, len(fromSent), percentile(fromSent, 50), percentile(fromSent, 99))
		fmt.Printf("| from the acknowledgement to the frame%s, p50 and p99 | %s, %s |\n", how, percentile(fromAcknowledged, 50), percentile(fromAcknowledged, 99))
		fmt.Printf("| CPU of the server a posting with its deliveries%s | %.2f ms |\n", how, (after-before).Seconds()*1000/float64(n))
	}
	return nil
}

// bursts has so many bursts follow each other, and a profile of them where one is wanted.
func (r *run) bursts(ctx context.Context, times, n int) error {
	stop, err := r.server.profile(os.Getenv("VALUEWEB_BENCH_PROFILE"))
	if err != nil {
		return err
	}
	defer stop()
	for nth := range times {
		if err := r.burst(ctx, nth*n, n); err != nil {
			return err
		}
	}
	return nil
}

// burst imports opportunities in one transaction, and measures how fast they are told.
func (r *run) burst(ctx context.Context, from, n int) error {
	before, err := r.server.cpu()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := r.server.importPostings(ctx, from, n); err != nil {
		return err
	}
	imported := time.Now()
	afterImport, err := r.server.cpu()
	if err != nil {
		return err
	}
	deliveries := 0
	for i := range n {
		r.wanted[i%classes]++
		deliveries += len(r.subscribers) / classes
	}
	if err := r.await(ctx); err != nil {
		return err
	}
	took := time.Since(begin)
	after, err := r.server.cpu()
	if err != nil {
		return err
	}
	memory, err := r.server.memory()
	if err != nil {
		return err
	}
	r.latencies()
	fmt.Printf("| %d postings at once (imported in %.0f ms): deliveries/s, by the clock from the request on | %.0f |\n", n, imported.Sub(begin).Seconds()*1000, float64(deliveries)/took.Seconds())
	fmt.Printf("| … by the CPU time of the server, all of it; without what was spent until the import was acknowledged | %.0f; %.0f |\n", float64(deliveries)/(after-before).Seconds(), float64(deliveries)/(after-afterImport).Seconds())
	fmt.Printf("| … memory of the server then | %d MB |\n", memory>>20)
	return nil
}

// stall has some subscribers read no more.
func (r *run) stall(ctx context.Context) error {
	for _, s := range r.subscribers[:min(stalled, len(r.subscribers)/2)] {
		s.stalls.Store(true)
	}
	return nil
}

// await waits until every subscriber that reads has got what it must.
func (r *run) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for _, s := range r.subscribers {
		if s.stalls.Load() {
			continue
		}
		if err := s.await(ctx, r.wanted[s.class]); err != nil {
			return fmt.Errorf("subscriber %s: %w", s.name, err)
		}
	}
	return nil
}

// latencies takes from all subscribers what they have got, and returns how long it took to come, sorted.
func (r *run) latencies() (fromSent, fromAcknowledged []time.Duration) {
	for _, s := range r.subscribers {
		for _, got := range s.take() {
			if p, ok := r.postings[got.seq]; ok && !s.stalls.Load() {
				fromSent = append(fromSent, got.at.Sub(p.sent))
				fromAcknowledged = append(fromAcknowledged, got.at.Sub(p.acknowledged))
			}
		}
	}
	clear(r.postings)
	slices.Sort(fromSent)
	slices.Sort(fromAcknowledged)
	return fromSent, fromAcknowledged
}

func percentile(sorted []time.Duration, p int) string {
	if len(sorted) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f ms", sorted[min(len(sorted)-1, len(sorted)*p/100)].Seconds()*1000)
}
