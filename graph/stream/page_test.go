package stream

import (
	"context"
	"testing"

	"valueweb/graph"
)

func TestAPageReadsABoundedPartOfTheLog(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	site := &graph.Site{Meta: id("square"), Location: bern}
	if _, err := w.store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, []graph.Node{site}); err != nil {
			return err
		}
		for range 2*mostLooked + 10 {
			if err := tx.Log(ctx, graph.Event{Type: "site.updated", Subject: site.GID(), Changes: tx.Changed()}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.put("opportunity.posted", posting("gap"))
	empty, cursor := 0, ""
	for {
		page, err := w.feed.Page(t.Context(), partnerOf("bolt"), Interest{}, cursor, 10)
		if err != nil {
			t.Fatal(err)
		}
		if page.End == cursor {
			t.Fatal("a page leads nowhere")
		}
		if cursor = page.End; len(page.Messages) == 0 {
			empty++
			continue
		}
		if len(page.Messages) != 1 || page.HasNext || empty != 1 && empty != 2 {
			t.Errorf("after %d empty pages there comes %+v", empty, page)
		}
		break
	}
	all, seqs := Interest{Topic: Everything}, []int64{}
	for cursor, more := "", true; more; {
		page, err := w.feed.Page(t.Context(), graph.Operator, all, cursor, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			seqs = append(seqs, m.Seq)
		}
		cursor, more = page.End, page.HasNext
	}
	for i, seq := range seqs {
		if seq != int64(i+1) {
			t.Fatalf("%d stands at %d", seq, i)
		}
	}
	if len(seqs) != 2*mostLooked+12 {
		t.Errorf("there are %d events", len(seqs))
	}
	for _, first := range []int{0, -1, 1001} {
		if _, err := w.feed.Page(t.Context(), graph.Operator, all, "", first); err == nil {
			t.Errorf("a page of %d is answered", first)
		}
	}
}
