package stream

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"valueweb/graph"
)

// BenchmarkFanOut tells 5,000 subscribers of postings of which each matches the filter of one in a hundred. It prints
// deliveries a second, judged and taken by their readers, and the bytes that a subscriber holds while it waits.
func BenchmarkFanOut(b *testing.B) {
	const subscribers, groups = 5000, 100
	store := memory(b)
	var nodes []graph.Node
	for i := range groups {
		nodes = append(nodes, &graph.Competency{Meta: id(fmt.Sprint("c", i)), Name: fmt.Sprint(i)})
	}
	for i := range subscribers {
		nodes = append(nodes, &graph.Partner{Meta: id(fmt.Sprint("p", i)), Name: fmt.Sprint(i), Status: graph.Active})
	}
	put(b, store, nodes)
	feed, err := Follow(b.Context(), store, Options{Ticks: make(chan time.Time)})
	if err != nil {
		b.Fatal(err)
	}
	defer feed.Close()
	var delivered sync.WaitGroup
	var reading sync.WaitGroup
	before := held()
	streams := make([]*Subscription, subscribers)
	for i := range streams {
		streams[i], err = feed.Subscribe(b.Context(), partnerOf(fmt.Sprint("p", i)), Interest{Filter: Filter{Competency: fmt.Sprint("c", i%groups)}}, "")
		if err != nil {
			b.Fatal(err)
		}
	}
	bytes := float64(held()-before) / subscribers
	for _, s := range streams {
		reading.Go(func() {
			for {
				if _, err := s.Next(context.Background()); err != nil {
					return
				}
				delivered.Done()
			}
		})
	}
	n := 0
	b.ResetTimer()
	for b.Loop() {
		delivered.Add(subscribers / groups)
		put(b, store, []graph.Node{&graph.Opportunity{
			Meta: id(fmt.Sprint("o", n)), Title: "A gap", Stage: graph.Prospect, Needs: []graph.Need{{Competency: fmt.Sprint("c", n%groups), MinLevel: 1}}, Audience: graph.Audience{Kind: graph.AudienceAll},
		}})
		n++
	}
	delivered.Wait()
	b.ReportMetric(float64(n)*subscribers/groups/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(bytes, "bytes/subscriber")
	feed.Close()
	reading.Wait()
}

// held is how many bytes are in use.
func held() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func put(b *testing.B, store graph.Store, nodes []graph.Node) {
	_, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, nodes); err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: "opportunity.posted", Subject: nodes[0].GID(), Changes: tx.Changed()})
	})
	if err != nil {
		b.Fatal(err)
	}
}
