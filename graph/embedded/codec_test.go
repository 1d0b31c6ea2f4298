package embedded

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"valueweb/graph"
)

// anyReferral draws a referral, as often as not with a field at the end of its range.
func anyReferral(t *rapid.T) *graph.Referral {
	text := func(name string) string {
		return rapid.OneOf(rapid.Just(""), rapid.SampledFrom([]string{"p1", "p2", "né"}), rapid.StringN(1, 300, -1)).Draw(t, name)
	}
	date := func(name string) graph.Date { return graph.Date(rapid.Int32().Draw(t, name)) }
	at := func(name string) time.Time {
		return time.UnixMilli(rapid.Int64Range(0, 1<<41).Draw(t, name)).UTC()
	}
	r := &graph.Referral{
		Meta: graph.Meta{ID: text("id"), Version: rapid.IntRange(0, 1<<40).Draw(t, "version"), CreatedAt: at("created"), UpdatedAt: at("updated"), RetiredOn: date("retired"), Synthetic: rapid.Bool().Draw(t, "synthetic")},
		From: text("from"), To: text("to"), Customer: text("customer"), Competency: text("competency"),
		State:  rapid.SampledFrom(append(slices.Clone(graph.ReferralStates), "", "OTHER")).Draw(t, "state"),
		SentOn: date("sent"), AnsweredOn: date("answered"), ClosedOn: date("closed"), Parent: text("parent"),
	}
	if rapid.Bool().Draw(t, "money") {
		r.Value = &graph.Money{Amount: text("amount"), Currency: text("currency")}
	}
	if rapid.Bool().Draw(t, "external") {
		r.ExternalIDs = []graph.ExternalID{{System: text("system"), ID: text("id there")}}
	}
	return r
}

func TestAReferralIsReadAsTheGeneralDecoderReadsIt(t *testing.T) {
	d := referrals{known: map[string]string{"p1": "p1", "p2": "p2"}}
	random := rand.New(rand.NewPCG(1, 2))
	quick, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		record, err := encode(anyReferral(t))
		if err != nil {
			t.Fatal(err)
		}
		want := new(graph.Referral)
		if err := decode(record, want); err != nil {
			t.Fatal(err)
		}
		got, err := d.node(graph.KindReferral, record)
		if err != nil || !reflect.DeepEqual(got, graph.Node(want)) {
			t.Fatalf("%+v is read as\n%+v (%v)", want, got, err)
		}
		all++
		if d.decode(record[4:], new(graph.Referral)) {
			quick++
		}
		for range 20 { // it must stop at what it does not know, wherever that is
			broken := slices.Clone(record[4:])
			broken[random.IntN(len(broken))] ^= byte(1 << random.IntN(8))
			d.decode(broken[:random.IntN(len(broken)+1)], new(graph.Referral))
		}
	})
	if quick < all/10 {
		t.Errorf("only %d of %d referrals were read the quick way", quick, all)
	}
}
