package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Entry is a contestant asked by a number of clients at once.
type Entry struct {
	Contestant
	Clients int
	// Unlike marks one whose answers are of another kind, and are not held against the others'.
	Unlike bool
}

// Result is what one entry did.
type Result struct {
	Entry
	Requests   int
	PerSecond  float64
	P50, P99   time.Duration
	PerRequest Spent
}

// round is how many questions one entry answers before it is the next one's turn.
const round = 50

// Measure has all entries answer all questions so many times, in alternating rounds of one run. Before
// that, each answers all of them once unmeasured; what the first entry says then is what every answer is
// held against. The results come with the right answers, by question.
func Measure(ctx context.Context, entries []Entry, questions []Question, times int) ([]Result, []Answer, error) {
	m := measurement{questions: questions, right: make([]Answer, len(questions))}
	for i, entry := range entries {
		if err := m.warmUp(ctx, entry, i == 0); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		m.tallies = append(m.tallies, &tally{Entry: entry})
	}
	for range times {
		if err := m.pass(ctx); err != nil {
			return nil, nil, err
		}
	}
	return m.results(), m.right, nil
}

// measurement is a run under way.
type measurement struct {
	questions []Question
	right     []Answer // by question: what the first entry answered
	tallies   []*tally
	turns     int
}

// tally is what one entry has done so far.
type tally struct {
	Entry
	took    []time.Duration
	elapsed time.Duration // of its rounds
	spent   Spent         // in its rounds
}

func (m *measurement) warmUp(ctx context.Context, entry Entry, first bool) error {
	replies, _, err := ask(ctx, entry, m.questions)
	if err != nil {
		return err
	}
	if !first {
		return m.check(entry, m.questions, replies, m.right)
	}
	for i, reply := range replies {
		if m.right[i], err = reply(); err != nil {
			return fmt.Errorf("question %d, %+v: %w", i, m.questions[i], err)
		}
	}
	return nil
}

// check holds replies against the right answers.
func (m *measurement) check(entry Entry, questions []Question, replies []Reply, right []Answer) error {
	for i, reply := range replies {
		answer, err := reply()
		if err == nil && !entry.Unlike {
			err = answer.Differs(right[i])
		}
		if err != nil {
			return fmt.Errorf("%+v: %w", questions[i], err)
		}
	}
	return nil
}

// pass has every entry answer every question once. Who begins changes from round to round.
func (m *measurement) pass(ctx context.Context) error {
	for from := 0; from < len(m.questions); from += round {
		to := min(from+round, len(m.questions))
		for i := range m.tallies {
			t := m.tallies[(m.turns+i)%len(m.tallies)]
			replies, err := t.turn(ctx, m.questions[from:to])
			if err == nil {
				err = m.check(t.Entry, m.questions[from:to], replies, m.right[from:to])
			}
			if err != nil {
				return fmt.Errorf("%s: %w", t.Name(), err)
			}
		}
		m.turns++
	}
	return nil
}

// turn has an entry answer the questions of a round.
func (t *tally) turn(ctx context.Context, questions []Question) ([]Reply, error) {
	before, err := t.Spent(ctx)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	replies, took, err := ask(ctx, t.Entry, questions)
	if err != nil {
		return nil, err
	}
	t.elapsed += time.Since(start)
	t.took = append(t.took, took...)
	after, err := t.Spent(ctx)
	t.spent = t.spent.plus(after.minus(before))
	return replies, err
}

// ask has an entry's clients answer the questions, each the next one that is free.
func ask(ctx context.Context, entry Entry, questions []Question) ([]Reply, []time.Duration, error) {
	replies, took := make([]Reply, len(questions)), make([]time.Duration, len(questions))
	next := make(chan int, len(questions))
	for i := range questions {
		next <- i
	}
	close(next)
	clients, ctx := errgroup.WithContext(ctx)
	for range entry.Clients {
		clients.Go(func() error {
			for i := range next {
				start := time.Now()
				reply, err := entry.Ask(ctx, questions[i])
				if err != nil {
					return fmt.Errorf("%+v: %w", questions[i], err)
				}
				replies[i], took[i] = reply, time.Since(start)
			}
			return nil
		})
	}
	return replies, took, clients.Wait()
}

func (m *measurement) results() []Result {
	var all []Result
	for _, t := range m.tallies {
		slices.Sort(t.took)
		requests := len(t.took)
		at := func(p float64) time.Duration { return t.took[min(requests-1, int(float64(requests)*p))] }
		all = append(all, Result{
			Entry: t.Entry, Requests: requests, PerSecond: float64(requests) / t.elapsed.Seconds(), P50: at(0.5), P99: at(0.99),
			PerRequest: t.spent.each(requests),
		})
	}
	return all
}
