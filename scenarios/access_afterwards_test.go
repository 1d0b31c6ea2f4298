package scenarios

import (
	"fmt"
	"strings"
)

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
