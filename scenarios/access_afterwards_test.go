package scenarios

import (
	"fmt"
	"strings"

	"valueweb/scenarios/naive"
)

// questionsAfterwards is how many questions a viewer asks of a world that it has changed.
const questionsAfterwards = 6

// allRecords is a question for all records of all types, with what they name and what names them.
var allRecords = func() string {
	var fields []string
	for _, k := range kindsOfNodes {
		if k.list != "" {
			fields = append(fields, fmt.Sprintf("%s(first: 1000) { totalCount nodes { %s } }", k.list, whole(k.name)))
		}
	}
	return "{ " + strings.Join(fields, "\n") + " }"
}()

// heardSince is a question for what has happened.
const heardSince = `query($after: String) { events(after: $after, first: 1000) { nodes { seq type version changed subject { __typename id gid } } } }`

// afterwards holds what the viewer reads in both worlds, and what it is told has happened.
func (d *duel) afterwards() {
	read := operation{text: allRecords}
	if d.brief {
		k := kindNamed(d.oneOf("Opportunity", "Referral", "Partner", "Customer"))
		read.text = fmt.Sprintf("{ %s(first: 1000) { totalCount nodes { %s } } }", k.list, d.whole(k.name))
	}
	got := d.ask(d.full, "", read)
	d.overhear(read, got)
	if wrong := differences(plain(d.here(d.ask(d.apart, "", read)).answer), plain(got.answer)); len(wrong) > 0 {
		d.complain(operation{text: "what there is afterwards"}, "%s", strings.Join(wrong[:min(len(wrong), 6)], "\n  "))
	}
	heard := func(i int) operation {
		return operation{text: heardSince, variables: map[string]any{"after": d.starts[i]}}
	}
	got = d.ask(d.full, "", heard(0))
	d.overhear(heard(0), got)
	if wrong := differences(plain(d.here(d.ask(d.apart, "", heard(1))).answer), plain(got.answer)); len(wrong) > 0 {
		d.complain(operation{text: "what has happened"}, "%s", strings.Join(wrong[:min(len(wrong), 6)], "\n  "))
	}
}

// holdAfterwards holds what the viewer is answered in the world that has changed, its rights among it, to the law of
// questions: it is answered what an operator is answered from whose world all is taken that the viewer may not see.
func (d *duel) holdAfterwards() {
	l := &law{T: d.T, Rand: d.Rand, seed: d.seed, rows: d.after, full: d.full, operator: d.full}
	var err error
	if l.model, err = naive.Load(sheets(l.rows.Records()).files()); err != nil {
		d.Fatalf("seed %d: %v", d.seed, err)
	}
	c := l.open(d.viewer)
	defer c.close()
	for range questionsAfterwards {
		c.try([]func() operation{c.byID, c.byGIDs, c.nested, c.listing, c.figures, c.question}[c.IntN(6)]())
	}
	d.questions += l.cases
	d.broken = append(d.broken, c.broken...)
}
