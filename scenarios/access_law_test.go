package scenarios

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/scenarios/naive"
)

// law is what holds for every viewer of a world: it is answered what an operator is answered from whose world
// everything is taken that the viewer may not see.
type law struct {
	*testing.T
	*rand.Rand
	seed     uint64
	rows     naive.Rows
	model    *naive.World
	full     *answerer
	operator *answerer // of the same world, by the embedded store
	cases    int
	effects  int      // cases in which an operator is answered something else
	broken   []string // what was against the law
}

// openMemory opens a store in memory.
func openMemory() (graph.Store, error) { return embedded.Memory(embedded.Options{}), nil }

// today is the day whose rights count.
func today() string { return time.Now().UTC().Format(time.DateOnly) }

// newLaw makes a world and a server of it, on a store of its own.
func newLaw(t *testing.T, seed uint64, open func() (graph.Store, error)) *law {
	l := &law{T: t, Rand: rand.New(rand.NewPCG(seed, 5)), seed: seed}
	l.rows = naive.RandomGuarded(l.Rand, today())
	var err error
	if l.model, err = naive.Load(sheets(l.rows.Records()).files()); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	l.full, l.operator = serveRows(t, l.rows, open), serveRows(t, l.rows, openMemory)
	return l
}

func (l *law) close() {
	l.full.close()
	l.operator.close()
}

// viewers draws some of each role. Analysts are all alike.
func (l *law) viewers(ofEach int) []naive.Viewer {
	all := []naive.Viewer{{Role: "ANALYST"}}
	for _, p := range l.some("partners", ofEach) {
		all = append(all, naive.Viewer{Role: "PARTNER", Organisation: p})
	}
	for _, c := range l.some("customers", ofEach) {
		all = append(all, naive.Viewer{Role: "CUSTOMER", Organisation: c})
	}
	return all
}

// some draws different ids of a sheet.
func (l *law) some(sheet string, n int) []string {
	var ids []string
	for _, i := range l.Perm(len(l.rows[sheet])) {
		ids = append(ids, l.rows[sheet][i]["id"])
	}
	return ids[:min(n, len(ids))]
}

// any draws an id of a sheet, and now and then one that never was, or one that is mistyped: the nearest ones
// are then offered.
func (l *law) any(sheet string) string {
	if len(l.rows[sheet]) == 0 || l.chance(3) {
		return "nobody-has-this"
	}
	id := l.rows[sheet][l.IntN(len(l.rows[sheet]))]["id"]
	if l.chance(4) {
		return id[:len(id)-1]
	}
	return id
}

func (l *law) chance(percent int) bool { return l.IntN(100) < percent }

// hold asks for a viewer, and asks an operator what the viewer may see.
func (l *law) hold(v naive.Viewer, operations int) {
	c := l.open(v)
	defer c.close()
	c.status()
	c.degrees()
	c.audit()
	c.ask(operations)
}

// lawful is one viewer of a world: what it sees by the model, and servers of what is left, whom operators ask.
type lawful struct {
	*law
	viewer            naive.Viewer
	sight             *naive.Sight
	seen, told        naive.Rows
	tokens            map[string]bool // that it may be told
	visible, readable *answerer       // nil for who may ask nothing
	worlds            []*naive.World  // to draw questions from
}

func (l *law) open(v naive.Viewer) *lawful {
	c := &lawful{law: l, viewer: v, sight: naive.See(l.rows, v, today()), tokens: map[string]bool{}, worlds: []*naive.World{l.model}}
	if c.sight.Refused() {
		return c
	}
	c.seen, c.told = c.sight.Visible(), c.sight.Readable()
	c.tokens = c.told.Tokens()
	shown := c.seen
	if v.Role == "CUSTOMER" {
		shown = withoutOwners(c.seen)
	}
	c.visible, c.readable = serveRows(l.T, shown, openMemory), serveRows(l.T, c.told, openMemory)
	if w, err := naive.Load(sheets(c.told.Records()).files()); err == nil && len(w.Customers) > 0 && len(w.Partners) > 1 {
		c.worlds = append(c.worlds, w)
	}
	return c
}

func (c *lawful) close() {
	if c.visible != nil {
		c.visible.close()
		c.readable.close()
	}
}

func (c *lawful) ask(operations int) {
	for range operations {
		c.try(c.random())
	}
}

// withoutOwners takes the owners from opportunities: they would be askers, of whom a customer has none.
func withoutOwners(rows naive.Rows) naive.Rows {
	rows = maps.Clone(rows)
	var owned []naive.Row
	for _, o := range rows["opportunities"] {
		o = maps.Clone(o)
		delete(o, "owner_partner_id")
		owned = append(owned, o)
	}
	rows["opportunities"] = owned
	return rows
}

// operation is a request and how its answers are compared.
type operation struct {
	text      string
	variables map[string]any
	pages     string // the connection that is paged through; "": none
	question  bool   // asked of the network, not for records
	figures   bool   // asked for figures
}

// try asks the viewer's question and holds the answers against those of the operator.
func (c *lawful) try(o operation) {
	got := c.full.pages(c.viewer, o)
	c.cases++
	c.canary(o, got)
	if code := got[0].refusal["code"]; code == "BAD_REQUEST" || code == "COST_EXCEEDED" || code == "INTERNAL" {
		c.complain(o, "nobody was answered: %v", got)
	}
	if c.sight.Refused() {
		if code := got[0].refusal["code"]; code != "FORBIDDEN" && code != "VALIDATION" { // what is wrong by itself is so to anybody
			c.complain(o, "expected FORBIDDEN for who takes no part, got %v", got)
		}
		return
	}
	if c.forbidden(o) {
		if got[0].refusal == nil {
			c.complain(o, "expected FORBIDDEN, got %v", got)
		}
		return
	}
	asked := c.asOperator(o)
	if c.modelled(o) {
		c.tryFigures(o, got[0])
	} else if wrong := differences(c.expected(asked), c.comparable(got)); len(wrong) > 0 {
		c.complain(o, "%s", strings.Join(wrong[:min(len(wrong), 6)], "\n  "))
	}
	if len(differences(c.masked(asked, c.operator.pages(operator, asked)), c.comparable(got))) > 0 {
		c.effects++
	}
}

var operator = naive.Viewer{Role: "OPERATOR"}

// canary looks for the tokens of what the viewer may not learn in everything that went back.
func (c *lawful) canary(o operation, got []reply) {
	asked := map[string]bool{}
	for _, token := range naive.TokensIn(fmt.Sprint(o.text, o.variables, c.viewer)) {
		asked[token] = true
	}
	for _, r := range got {
		for _, token := range naive.TokensIn(r.raw) {
			if !c.tokens[token] && !asked[token] {
				c.complain(o, "the answer holds %s, of %s: %.600s", token, c.whose(token), r.raw)
				return
			}
		}
	}
}

// whose says of which cell a token is.
func (c *lawful) whose(token string) string {
	for sheet, rows := range c.rows {
		for _, row := range rows {
			for column, cell := range row {
				if strings.Contains(cell, token) && (column == "id" || !strings.HasSuffix(column, "_id")) {
					return fmt.Sprintf("%s.%s of %s", sheet, column, row["id"])
				}
			}
		}
	}
	return "nothing"
}

func (c *lawful) complain(o operation, format string, args ...any) {
	c.broken = append(c.broken, fmt.Sprintf("seed %d, %s asks\n  %s\n  %s\n  %s", c.seed, c.viewer, o.text, short(o.variables), fmt.Sprintf(format, args...)))
}

// keep writes the sheets of the world to a folder that outlives the test.
func (l *law) keep() string {
	dir, err := os.MkdirTemp("", fmt.Sprintf("valueweb-guarded-%d-", l.seed))
	if err != nil {
		l.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "sheets"), sheets(l.rows.Records()).files()); err != nil {
		l.Fatal(err)
	}
	return dir
}

// status says what the server is, and how much there is to nobody.
func (c *lawful) status() {
	o := operation{text: "{ viewer { role organisation } status { counts { type count } } }"}
	got := c.full.ask(c.viewer, o.text, nil)
	want := map[string]any{
		"viewer": map[string]any{"role": c.viewer.Role, "organisation": nil}, "status": map[string]any{"counts": []any{}},
	}
	if c.viewer.Organisation != "" {
		want["viewer"].(map[string]any)["organisation"] = c.viewer.Organisation
	}
	if wrong := differences(want, got.data); len(wrong) > 0 && !c.sight.Refused() {
		c.complain(o, "%s %v", wrong, got.refusal)
	}
}

// degrees holds what an operator is told of the rights of the viewer against the model.
func (c *lawful) degrees() {
	if c.sight.Refused() {
		return
	}
	var fields, want []string
	for range 40 {
		of := kindsOfNodes[c.IntN(len(kindsOfNodes))]
		if len(c.rows[of.sheet]) == 0 {
			continue
		}
		id := c.rows[of.sheet][c.IntN(len(c.rows[of.sheet]))]["id"]
		fields = append(fields, fmt.Sprintf("n%d: explainAccess(viewer: %q, gid: %q) { degree because }", len(fields), c.viewer, of.name+":"+id))
		want = append(want, c.degree(of.sheet, id))
	}
	o := operation{text: "{ " + strings.Join(fields, "\n") + " }"}
	got := c.full.ask(operator, o.text, nil)
	for i := range fields {
		told, _ := got.data[fmt.Sprintf("n%d", i)].(map[string]any)
		if told["degree"] != want[i] {
			c.complain(operation{text: fields[i]}, "expected the degree %s, got %v %v", want[i], told, got.refusal)
		}
	}
}

func (c *lawful) degree(sheet, id string) string {
	is := func(row naive.Row) bool { return row["id"] == id }
	switch {
	case slices.ContainsFunc(c.told[sheet], is):
		return "SHOWN"
	case slices.ContainsFunc(c.seen[sheet], is):
		return "UNDISCLOSED"
	}
	return "HIDDEN"
}

// serveRows is an answerer of a world, in a store that it opens.
func serveRows(t *testing.T, rows naive.Rows, open func() (graph.Store, error)) *answerer {
	store, err := open()
	if err != nil {
		t.Fatal(err)
	}
	a, err := serveStore(context.Background(), rows, store)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
