package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"valueweb/scenarios/naive"
)

// bystander is somebody who changes nothing, and is told of what others change.
type bystander struct {
	viewer naive.Viewer
	start  string // the cursor of its log before the first mutation
	heard  *listener
	ids    map[string]bool // by sheet and id, of what it could read at any moment
	tokens map[string]bool // and what stood in it
}

// subjectsTold is what messages tell of what they are about.
var subjectsTold = func() string {
	var text strings.Builder
	text.WriteString("seq type version changed subject { __typename id gid")
	for _, name := range []string{"Opportunity", "Referral", "Customer", "Partner", "Contact", "Solution", "Partnership"} {
		k := kindNamed(name)
		fmt.Fprintf(&text, " ... on %s { %s }", name, aliased(k))
	}
	return text.String() + " }"
}()

// aliased asks for what a record names: fields of one name have other types in other records.
func aliased(k nodeKind) string {
	var fields []string
	for _, field := range sortedNames(k.one) {
		fields = append(fields, fmt.Sprintf("%s_%s: %s { id }", field, k.name, field))
	}
	for _, field := range sortedNames(k.pages) {
		fields = append(fields, fmt.Sprintf("%s_%s: %s(first: 100) { totalCount nodes { id } }", field, k.name, field))
	}
	return strings.Join(fields, " ")
}

// standBy draws who stands by, and has them listen to a stream, or look at their pages of the log alone. The function
// ends that.
func (d *duel) standBy() (end func()) {
	var server *httptest.Server
	if d.listening {
		server = httptest.NewServer(d.full.routes)
	}
	for _, id := range append(d.some("partners", 4), d.some("customers", 1)...) {
		v := naive.Viewer{Role: "PARTNER", Organisation: id}
		if d.rows.Has("customers", id) {
			v.Role = "CUSTOMER"
		}
		if v == d.viewer || naive.See(d.rows, v, d.today).Refused() {
			continue
		}
		b := &bystander{viewer: v, start: logEnd(d.full, v), ids: map[string]bool{}, tokens: map[string]bool{}}
		if d.listening {
			b.listen(d, server.URL)
			b.look(d)
		}
		d.bystanders = append(d.bystanders, b)
	}
	return func() {
		for _, b := range d.bystanders {
			if b.heard != nil {
				b.heard.leave()
			}
		}
		if server != nil {
			server.Close()
		}
	}
}

// listen opens a stream.
func (b *bystander) listen(d *duel, server string) {
	query := fmt.Sprintf(`subscription { events(after: %q) { %s } }`, b.start, subjectsTold)
	ctx, leave := context.WithCancel(context.Background())
	asked, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/graphql?query="+url.QueryEscape(query), nil)
	if err != nil {
		d.Fatal(err)
	}
	asked.Header.Set("Accept", "text/event-stream")
	asked.Header.Set("X-Valueweb-As", b.viewer.String())
	response, err := http.DefaultClient.Do(asked)
	if err != nil || response.StatusCode != http.StatusOK {
		d.Fatalf("no stream: %v %v", err, response)
	}
	b.heard = &listener{leave: leave, heard: make(chan string, 1000), ids: make(chan string, 1000)}
	go b.heard.read(response.Body)
}

// look notes what a bystander can read now.
func (b *bystander) look(d *duel) {
	told := naive.See(d.after, b.viewer, d.today).Readable()
	for token := range told.Tokens() {
		b.tokens[token] = true
	}
	for sheet, rows := range told {
		for _, row := range rows {
			b.ids[sheet+" "+row["id"]] = true
		}
	}
}

// sheetOf is the sheet and the id of a gid.
func sheetOf(gid string) (sheet, id string) {
	kind, id, _ := strings.Cut(gid, ":")
	i := slices.IndexFunc(kindsOfNodes, func(k nodeKind) bool { return k.name == kind })
	if i < 0 {
		return kind, id
	}
	return kindsOfNodes[i].sheet, id
}

// overheard holds what those who stand by are told against the model: of what they may read, all that has happened to
// it, and of nothing else anything.
func (d *duel) overheard() {
	d.after = d.now()
	told := subjectsTold
	if d.brief {
		told = "seq type version changed subject { id gid }"
	}
	page := `query($after: String) { events(after: $after, first: 1000) { nodes { ` + told + ` } } }`
	all := d.full.ask(operator, page, map[string]any{"after": d.operatorsStart})
	for _, b := range d.bystanders {
		o := operation{text: page, variables: map[string]any{"after": b.start}}
		got := d.full.ask(b.viewer, o.text, o.variables)
		sight := naive.See(d.after, b.viewer, d.today)
		if sight.Refused() {
			continue
		}
		told := sight.Readable()
		var want, heard []string
		for _, event := range eventsOf(all) {
			if sheet, id := sheetOf(gidOf(event)); told.Has(sheet, id) && sight.Hears(event["type"].(string), sheet, id) {
				want = append(want, fmt.Sprint(event["seq"], event["type"], gidOf(event)))
			}
		}
		for _, event := range eventsOf(got) {
			sheet, id := sheetOf(gidOf(event))
			for _, field := range sight.Untold(sheet, id) {
				if slices.Contains(anyList(event["changed"]), any(field)) {
					d.complain(o, "%s stands by, and is told that %s has changed: %v", b.viewer, field, event)
				}
			}
			heard = append(heard, fmt.Sprint(event["seq"], event["type"], gidOf(event)))
		}
		if !slices.Equal(want, heard) {
			d.complain(o, "%s stands by: expected the events %v, got %v", b.viewer, want, heard)
		}
		d.listenIn(b, o, got.raw, told.Tokens())
		d.heard += len(heard)
	}
	d.streamed()
}

func eventsOf(r reply) (events []map[string]any) {
	page, _ := r.data["events"].(map[string]any)
	for _, node := range anyList(page["nodes"]) {
		events = append(events, node.(map[string]any))
	}
	return events
}

func gidOf(event map[string]any) string {
	subject, _ := event["subject"].(map[string]any)
	gid, _ := subject["gid"].(string)
	return gid
}

// listenIn looks for what a bystander may not learn in what it was told.
func (d *duel) listenIn(b *bystander, o operation, text string, tokens map[string]bool) {
	for _, token := range naive.TokensIn(text) {
		if !tokens[token] && !strings.Contains(b.viewer.Organisation, token) {
			d.complain(o, "%s stands by, and is told %s, of %s: %.600s", b.viewer, token, d.whose(token), text)
			return
		}
	}
}

// streamed holds what was heard on the streams against all that their readers could read at any moment. A region that is
// made at the end, and that everybody may read, says that a stream has told all.
func (d *duel) streamed() {
	if len(d.bystanders) == 0 || d.bystanders[0].heard == nil {
		return
	}
	made := d.full.ask(operator, `mutation { createRegion(input: {id: "the-end", name: "The end"}) { seq } }`, nil)
	if made.refusal != nil {
		d.Fatalf("no region: %v", made.refusal)
	}
	d.after = d.now()
	late := time.After(patience)
	for _, b := range d.bystanders {
		b.look(d)
		for ended := false; !ended; {
			select {
			case text, more := <-b.heard.heard:
				if !more {
					if ended = true; !naive.See(d.after, b.viewer, d.today).Refused() {
						d.complain(operation{text: "a stream of events"}, "%s stands by, may ask, and its stream has ended", b.viewer)
					}
					break
				}
				<-b.heard.ids
				ended = strings.Contains(text, `"Region:the-end"`)
				d.hears(b, text)
			case <-late:
				d.Fatalf("%s has waited in vain", b.viewer)
			}
		}
	}
}

func (d *duel) hears(b *bystander, text string) {
	o := operation{text: "a stream of events"}
	var message struct {
		Data struct{ Events map[string]any }
	}
	if json.Unmarshal([]byte(text), &message) != nil {
		return // the end of a stream
	}
	d.heard++
	if sheet, id := sheetOf(gidOf(message.Data.Events)); !b.ids[sheet+" "+id] {
		d.complain(o, "%s stands by, and is told of what it may not read: %.600s", b.viewer, text)
	}
	d.listenIn(b, o, text, b.tokens)
}
