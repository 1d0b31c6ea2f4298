package scenarios

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/graph"
	"valueweb/graph/sheet"
	"valueweb/scenarios/naive"
)

// duel is a viewer that sends the same mutations to two worlds: to the one that there is, and to what is left of it
// where all is taken that the viewer may not read. It must be answered the same, refusals included, and read the same
// afterwards.
type duel struct {
	*lawful
	open    func() (graph.Store, error) // opens a store for the world as it is
	apart   *answerer
	keys    [2]string           // tokens of API keys of either world by which it asks; empty: by itself
	scopes  []string            // of the keys
	today   string              // the day
	before  naive.Rows          // the world before a mutation
	after   naive.Rows          // and after it
	mine    map[string]bool     // what belongs to the viewer, by sheet and id
	made    map[string][]string // ids of what it has made, by sheet
	twins   map[string]string   // ids of what it has made: those of the world apart, and what they are in the other one
	starts  [2]string           // the cursors of either log before the first mutation
	parted  string              // why the worlds have gone apart; empty: they have not
	done    int                 // mutations that were carried out
	answers map[string]int      // by mutation and code

	brief          bool // little is asked of what is nested: a database plans each of it anew
	listening      bool // those who stand by listen to streams
	bystanders     []*bystander
	operatorsStart string
	questions      int // that the viewer asked afterwards
	heard          int // events that they were told of
}

// run opens the worlds, sends mutations to both, and reads what has become of them. The servers are its own: it changes
// what there is.
func (d *duel) run() {
	d.today, d.before, d.after = today(), d.rows, d.rows
	d.made, d.twins, d.answers, d.tokens = map[string][]string{}, map[string]string{}, map[string]int{}, map[string]bool{}
	d.sight = naive.See(d.rows, d.viewer, d.today)
	d.full = serveRows(d.T, d.rows, d.open)
	defer d.full.close()
	if !d.sight.Refused() {
		d.told = d.sight.Readable()
		d.tokens = d.told.Tokens()
		d.apart = serveRows(d.T, d.sight.Acting(), openMemory)
		defer d.apart.close()
		if d.viewer.Role == "PARTNER" && d.chance(25) {
			d.takeKey()
		}
		d.starts = [2]string{logEnd(d.full, d.viewer), logEnd(d.apart, d.viewer)}
	}
	d.operatorsStart = logEnd(d.full, operator)
	defer d.standBy()()
	d.mutate(mutationsOfAViewer)
}

func (d *duel) both() []*answerer { return []*answerer{d.full, d.apart} }

// takeKey has operators of both worlds make an API key, by which the viewer asks from now on.
func (d *duel) takeKey() {
	for _, scope := range []string{"READ", "POST", "CLAIM", "REFER", "SUBSCRIBE"} {
		if d.chance(60) {
			d.scopes = append(d.scopes, scope)
		}
	}
	if d.scopes == nil {
		d.scopes = []string{"POST"}
	}
	for i, a := range d.both() {
		got := a.ask(operator, `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { token } }`,
			map[string]any{"input": map[string]any{"partner": d.viewer.Organisation, "name": "CRM", "scopes": d.scopes}})
		if got.refusal != nil {
			d.Fatalf("no key: %v", got.refusal)
		}
		d.keys[i] = got.data["createApiKey"].(map[string]any)["token"].(string)
	}
}

// logEnd is the cursor at which the log of a viewer ends.
func logEnd(a *answerer, v naive.Viewer) string {
	after := "0"
	for {
		got := a.ask(v, `query($after: String) { events(after: $after, first: 1000) { pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after})
		page, _ := got.data["events"].(map[string]any)
		info, _ := page["pageInfo"].(map[string]any)
		if info == nil {
			return after // it is told nothing
		}
		if after, _ = info["endCursor"].(string); info["hasNextPage"] != true {
			return after
		}
	}
}

// mutate sends mutations, and reads what has become of the worlds.
func (d *duel) mutate(mutations int) {
	for i := 0; i < mutations && d.parted == "" && len(d.broken) == 0; i++ {
		d.send(d.drawn())
	}
	if d.parted == "" && len(d.broken) == 0 && !d.sight.Refused() {
		d.afterwards()
	}
	d.overheard()
	if d.parted == mayReadMore && !d.brief || d.chance(5) {
		d.holdAfterwards()
	}
}

// mayReadMore is why a duel ends whose viewer may read more than the world apart ever held.
const mayReadMore = "may read more"

// drawn draws a mutation, mostly of those that the viewer's role is for.
func (d *duel) drawn() *ast.FieldDefinition {
	all := schema.Mutation.Fields
	for {
		m := all[d.IntN(len(all))]
		if forOperators(m.Name) && d.chance(95) || d.viewer.Role == "CUSTOMER" && !forCustomers(m.Name) && d.chance(85) {
			continue
		}
		if field, ids := d.subjects(m.Name); field != "" && len(ids) == 0 && d.chance(85) {
			continue
		}
		return m
	}
}

// forOperators reports whether a mutation is for operators alone.
func forOperators(name string) bool {
	for _, what := range []string{"Region", "Competency", "Wall", "CustomerPartner", "ApiKey"} {
		if strings.HasSuffix(name, what) {
			return true
		}
	}
	return slices.Contains([]string{"createPartner", "retirePartner", "approvePartner", "suspendPartner", "verifyCertification", "reviewOpportunity", "createPartnership"}, name)
}

// forCustomers reports whether a mutation is for customers, too.
func forCustomers(name string) bool {
	for _, what := range []string{"Contact", "Site", "Opportunity", "Transfer", "invite", "removeMember", "updateCustomer"} {
		if strings.HasSuffix(name, what) {
			return true
		}
	}
	return false
}

// said is an answer to a mutation, as text and read.
type said struct {
	text   string
	answer map[string]any
}

func (d *duel) ask(a *answerer, key string, o operation) said {
	return read(a.post(d.viewer, key, o.text, o.variables).Body.String())
}

func read(text string) said {
	s := said{text: text}
	if err := json.Unmarshal([]byte(text), &s.answer); err != nil {
		s.answer = map[string]any{"errors": []any{map[string]any{"message": text, "extensions": map[string]any{"code": "no answer"}}}}
	}
	return s
}

// refusal is the first error of an answer, nil where there is none.
func (s said) refusal() map[string]any {
	errors, _ := s.answer["errors"].([]any)
	if len(errors) == 0 {
		return nil
	}
	return errors[0].(map[string]any)
}

// code is that of the first error, empty where there is none.
func (s said) code() string {
	extensions, _ := s.refusal()["extensions"].(map[string]any)
	code, _ := extensions["code"].(string)
	return code
}

// carriedOut reports whether what was asked for is done, be it that a key is not answered what is nested.
func (s said) carriedOut() bool {
	return s.code() == "" || strings.Contains(s.message(), "has not the scope READ")
}

func (s said) message() string {
	message, _ := s.refusal()["message"].(string)
	return message
}

// send sends a mutation to both worlds.
func (d *duel) send(m *ast.FieldDefinition) {
	o := operation{text: d.mutation(m), variables: map[string]any{"input": d.input(m)}}
	got := d.ask(d.full, d.keys[0], o)
	d.cases++
	d.note(m, got)
	if got.carriedOut() {
		d.look()
	}
	d.overhear(o, got)
	d.conflicts(o, got)
	if d.sight.Refused() {
		if code := got.code(); code != "FORBIDDEN" && code != "VALIDATION" { // what is wrong by itself is so to anybody
			d.complain(o, "expected FORBIDDEN for who takes no part, got %s", got.text)
		}
		return
	}
	there := o
	there.variables = d.elsewhere(o.variables)
	want := d.ask(d.apart, d.keys[1], there)
	if got.code() == "" && want.code() == "" {
		d.done++
		d.pair(got.answer, want.answer)
		d.learn(m, got.answer)
	}
	if d.parted != "" { // it is told of more than the world apart ever held
		return
	}
	if wrong := differences(plain(d.here(want).answer), plain(got.answer)); len(wrong) > 0 {
		if d.parted = d.permitted(m.Name, o.variables["input"].(map[string]any), got, want); d.parted == "" {
			d.complain(o, "%s", strings.Join(wrong[:min(len(wrong), 6)], "\n  "))
		}
	}
	d.before = d.after
}

// note counts an answer.
func (d *duel) note(m *ast.FieldDefinition, got said) {
	code := got.code()
	switch code {
	case "":
		code = "done"
	case "BAD_REQUEST", "COST_EXCEEDED", "INTERNAL", "no answer":
		d.complain(operation{text: m.Name}, "nobody was answered: %s", got.text)
	}
	d.answers[m.Name+" "+code]++
}

// overhear looks for what the viewer may not learn in an answer.
func (d *duel) overhear(o operation, got said) {
	asked := map[string]bool{}
	for _, token := range naive.TokensIn(fmt.Sprint(o.text, short(o.variables), d.viewer)) {
		asked[token] = true
	}
	for _, token := range naive.TokensIn(got.text) {
		if !d.tokens[token] && !asked[token] {
			d.complain(o, "the answer holds %s, of %s: %.600s", token, d.whose(token), got.text)
			return
		}
	}
}

// conflicts holds a conflict against the model: of the fields that it says have changed the viewer is told.
func (d *duel) conflicts(o operation, got said) {
	extensions, _ := got.refusal()["extensions"].(map[string]any)
	id, _ := o.variables["input"].(map[string]any)["opportunity"].(string)
	if untold := naive.See(d.before, d.viewer, d.today).Untold("opportunities", id); id != "" {
		for _, field := range anyList(extensions["changedFields"]) {
			if slices.Contains(untold, field.(string)) {
				d.complain(o, "the conflict says that %s has changed: %s", field, got.text)
			}
		}
	}
}

// look looks at the world after a change. What the viewer may learn grows with what it changes: who joins a posting
// reads its invitations, who opens an office is addressed by more postings. The world apart never held what it may
// read from then on, and the duel is over.
func (d *duel) look() {
	d.after = d.now()
	for _, b := range d.bystanders {
		if b.heard != nil {
			b.look(d)
		}
	}
	told := naive.See(d.after, d.viewer, d.today).Readable()
	for token := range told.Tokens() {
		d.tokens[token] = true
	}
	for sheet, rows := range told {
		for _, row := range rows {
			if d.rows.Has(sheet, row["id"]) && !d.told.Has(sheet, row["id"]) {
				d.parted = mayReadMore
			}
		}
	}
}

// now are the sheets of the world as it stands.
func (d *duel) now() naive.Rows { return exportRows(d.T, d.full.store) }

// exportRows are the sheets of a store.
func exportRows(t *testing.T, store graph.Store) naive.Rows {
	texts := map[string]*buffer{}
	report, err := sheet.Export(context.Background(), store, graph.Operator, func(name string) (io.WriteCloser, error) {
		texts[name+".csv"] = &buffer{}
		return texts[name+".csv"], nil
	})
	if err != nil || !report.Complete() {
		t.Fatalf("the export is not complete: %v %+v", err, report.Problems)
	}
	files := map[string][]byte{}
	for name, text := range texts {
		files[name] = text.Bytes()
	}
	rows, err := naive.ReadRows(files)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// buffer is a sheet in memory.
type buffer struct{ bytes.Buffer }

func (*buffer) Close() error { return nil }

// elsewhere are variables as the world apart knows what they name.
func (d *duel) elsewhere(variables map[string]any) map[string]any {
	if len(d.twins) == 0 {
		return variables
	}
	var pairs []string
	for there, here := range d.twins {
		pairs = append(pairs, strconv.Quote(here), strconv.Quote(there))
	}
	text, err := json.Marshal(variables)
	if err != nil {
		d.Fatal(err)
	}
	return read(strings.NewReplacer(pairs...).Replace(string(text))).answer
}

// here is an answer of the world apart in the names of the other one.
func (d *duel) here(s said) said {
	if len(d.twins) == 0 {
		return s
	}
	theirs := slices.SortedFunc(maps.Keys(d.twins), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, there := range theirs { // longer ones first: ids may begin with others
		pairs = append(pairs, there, d.twins[there])
	}
	return read(strings.NewReplacer(pairs...).Replace(s.text))
}

// pair learns which ids of what was made in the two worlds stand for the same.
func (d *duel) pair(here, there any) {
	switch h := here.(type) {
	case map[string]any:
		t, _ := there.(map[string]any)
		a, _ := h["id"].(string)
		b, _ := t["id"].(string)
		if a != b && b != "" && d.twins[b] == "" && !d.known(a) && !d.known(b) {
			d.twins[b] = a
		}
		for name, value := range h {
			d.pair(value, t[name])
		}
	case []any:
		t, _ := there.([]any)
		for i := range min(len(h), len(t)) {
			d.pair(h[i], t[i])
		}
	}
}

// known reports whether an id was there before, or has been paired.
func (d *duel) known(id string) bool {
	for _, here := range d.twins {
		if here == id {
			return true
		}
	}
	for sheet := range d.rows {
		if d.rows.Has(sheet, id) {
			return true
		}
	}
	return false
}

// learn remembers what a mutation has made.
func (d *duel) learn(m *ast.FieldDefinition, answer map[string]any) {
	data, _ := answer["data"].(map[string]any)
	payload, _ := data[m.Name].(map[string]any)
	for _, field := range schema.Types[m.Type.Name()].Fields {
		node, _ := payload[field.Name].(map[string]any)
		id, is := node["id"].(string)
		if !is {
			continue
		}
		sheet := sheetsOfTypes[field.Type.Name()]
		switch field.Type.Name() {
		case "Opportunity", "Referral", "Invitation":
			sheet = kindNamed(field.Type.Name()).sheet
		}
		if !d.rows.Has(sheet, id) && !slices.Contains(d.made[sheet], id) {
			d.made[sheet] = append(d.made[sheet], id)
		}
		if m.Name == "createCustomer" { // and with it who owns it
			o := operation{text: `query($id: ID!) { customer(id: $id) { id partners(first: 10) { nodes { id } } } }`, variables: map[string]any{"id": id}}
			there := o
			there.variables = d.elsewhere(o.variables)
			d.pair(d.ask(d.full, "", o).answer, d.ask(d.apart, "", there).answer)
		}
	}
}

// mutation is the text of a mutation. A key that may not read asks mostly for what it is answered.
func (d *duel) mutation(m *ast.FieldDefinition) string {
	deep := d.reads() || !makes(m.Name) && d.chance(40) // what it makes it must be answered, to name it later
	var fields []string
	for _, field := range schema.Types[m.Type.Name()].Fields {
		name := field.Type.Name()
		switch {
		case schema.Types[name].Kind != ast.Object:
			fields = append(fields, field.Name)
		case name == "Wall" || name == "ApiKey":
			fields = append(fields, field.Name+" { id }")
		case deep:
			fields = append(fields, field.Name+" { "+d.whole(name)+" }")
		default:
			fields = append(fields, field.Name+" { id gid version }")
		}
	}
	return fmt.Sprintf("mutation($input: %s) { %s(input: $input) { __typename %s } }", m.Arguments.ForName("input").Type, m.Name, strings.Join(fields, " "))
}

// reads reports whether the viewer may read what is nested in an answer: its key has the scope.
func (d *duel) reads() bool { return d.scopes == nil || slices.Contains(d.scopes, "READ") }

// makes reports whether a mutation makes a record.
func makes(name string) bool {
	return slices.ContainsFunc([]string{"create", "post", "send", "forward", "propose", "apply", "invite"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
}

// whole asks for a record as whole as the duel asks.
func (d *duel) whole(name string) string {
	if d.brief {
		return "version " + everyNode + kindNamed(name).own
	}
	return whole(name)
}

// whole asks for all that a record states, and for what it names and what names it.
func whole(name string) string {
	k := kindNamed(name)
	var text strings.Builder
	text.WriteString("version " + everyNode + k.own)
	for _, field := range sortedNames(k.one) {
		fmt.Fprintf(&text, " %s { id }", field)
	}
	for _, field := range sortedNames(k.pages) {
		fmt.Fprintf(&text, " %s(first: 1000) { totalCount nodes { id } }", field)
	}
	return text.String()
}

// plain is an answer without what differs between any two worlds: the places in their logs, what is drawn at random,
// and the order of what was made, which is that of ids.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, value := range v {
			switch name {
			case "seq", "ticket", "expiresAt", "token", "requestId":
				continue
			}
			if referrers, is := value.([]any); is && name == "referrers" {
				value = slices.SortedFunc(slices.Values(referrers), func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			}
			kept[name] = plain(value)
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i, value := range v {
			kept[i] = plain(value)
		}
		if len(kept) > 0 {
			if _, is := kept[0].(map[string]any); is {
				slices.SortFunc(kept, func(a, b any) int { return strings.Compare(inOrder(a), inOrder(b)) })
			}
		}
		return kept
	}
	return v
}

func inOrder(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
