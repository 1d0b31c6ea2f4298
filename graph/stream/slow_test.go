package stream

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestASlowReaderReadsTheLogAndHoldsUpNobody(t *testing.T) {
	w := newWorld(t, memory(t), Options{Buffer: 4})
	w.small()
	slow, prompt := w.subscribe(partnerOf("bolt"), Interest{}, ""), w.subscribe(partnerOf("coil"), Interest{}, "")
	var got []Message
	for i := range 50 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
		if m := w.next(prompt); m.Subject.Header().ID != fmt.Sprint("gap", i) {
			t.Errorf("the prompt reader is told of %s", m.Subject.Header().ID)
		}
		if waiting := waitingFor(slow); waiting > 4 {
			t.Fatalf("%d messages wait", waiting)
		}
		if i%10 == 9 {
			got = append(got, w.next(slow))
		}
	}
	rest, err := w.drain(slow)
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, rest...)
	if len(got) != 50 {
		t.Fatalf("the slow reader is told of %d", len(got))
	}
	for i, m := range got {
		if m.Subject.Header().ID != fmt.Sprint("gap", i) {
			t.Errorf("the slow reader is told of %s at %d", m.Subject.Header().ID, i)
		}
	}
	if slow.Behind() {
		t.Error("a reader that has caught up is told by the feed again")
	}
}

func TestAReaderThatFallsEverFurtherBehindIsSentAway(t *testing.T) {
	w := newWorld(t, memory(t), Options{Buffer: 2, MostBehind: 20})
	w.small()
	first := w.put("opportunity.posted", posting("first"))
	for i := range 100 {
		w.put("opportunity.posted", posting(fmt.Sprint("before", i)))
	}
	b, _ := w.feed.binding(t.Context(), partnerOf("bolt"))
	replaying := w.subscribe(partnerOf("bolt"), Interest{}, b.cursor(first)) // 100 events behind from the start
	slow := w.subscribe(partnerOf("coil"), Interest{}, "")
	for i := range 30 {
		w.put("opportunity.posted", posting(fmt.Sprint("gap", i)))
	}
	w.settled()
	m := Message{}
	for i := range 2 { // what waits in the buffer is told
		if m = w.next(slow); m.Subject.Header().ID != fmt.Sprint("gap", i) {
			t.Errorf("the message is %+v", m)
		}
	}
	if _, err := slow.Next(t.Context()); !errors.Is(err, ErrResume) {
		t.Errorf("it ends with %v", err)
	}
	if again, err := w.drain(w.subscribe(partnerOf("coil"), Interest{}, m.Cursor.String())); err != nil || len(again) != 28 {
		t.Errorf("it goes on with %d, %v", len(again), err)
	}
	if _, err := w.drain(replaying); !errors.Is(err, ErrResume) { // the log has grown by more than it may lag
		t.Errorf("the replay ends with %v", err)
	}
	if messages, err := w.drain(w.subscribe(partnerOf("bolt"), Interest{}, b.cursor(first))); err != nil || len(messages) != 130 {
		t.Errorf("a replay is told of %d, %v", len(messages), err)
	}
}

func TestAReaderThatTakesNothingIsSentAway(t *testing.T) {
	w := newWorld(t, memory(t), Options{})
	w.small()
	s := w.subscribe(partnerOf("bolt"), Interest{}, "")
	w.put("opportunity.posted", posting("gap"))
	w.settled()
	w.clock.pass(time.Minute + time.Second)
	w.ticks <- w.clock.time()
	w.ticks <- w.clock.time() // the first was seen
	if waitingFor(s) > 0 {
		t.Error("what waits for a reader that takes nothing is kept")
	}
	if _, err := s.Next(t.Context()); !errors.Is(err, ErrResume) {
		t.Errorf("it ends with %v", err)
	}
}
