package sheet

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"valueweb/graph"
)

// sheets lists the sheets in the order in which they can be imported.
var sheets = []*table{
	regions, competencies, partners, offices, customers, sites, contacts, holdings, certifications,
	customerPartners, solutions, partnerships, relations, opportunities, invitations, referrals, walls,
}

// table says how the rows of one sheet become nodes of one kind.
type table struct {
	sheet   string
	columns []column
	// initial is a new node with its defaults, and clone copies a node of this kind: see define.
	initial graph.Node
	clone   func(graph.Node) graph.Node
	// key returns the natural key from which an absent id is made; nil: the id is required. keyed names
	// its columns.
	key   func(graph.Node) []string
	keyed []string
	// check judges the node as a whole, as it will be stored.
	check func(graph.Node, *findings)
	// fields names the columns behind a reference whose field is not called like one.
	fields map[string][]string
	// joins: rows of one id add to each other; otherwise the first of them counts.
	joins bool
	// loose takes off the references by which new rows may name each other in a circle.
	loose func(graph.Node)
	// late takes off the references of kind lateKind, which a later sheet brings.
	late     func(graph.Node)
	lateKind graph.Kind
	// put stores rows; nil: each id is a node of its own. mark says by what it recognises rows about the
	// same; nil: the id.
	put  func(ctx context.Context, p *pass) error
	mark func(graph.Node) []string
	// void: the row is about a node that another one took over.
	void func(graph.Node) bool
	// together: two rows that follow each other must be stored in one transaction.
	together func(a, b graph.Node) bool
	// rows are the rows that a node is written as; nil: one, the node itself. join puts a row that was read
	// back to those before it, and settled is the node as it comes back from its rows.
	rows    func(graph.Node) []graph.Node
	join    func(whole, row graph.Node)
	settled func(graph.Node) graph.Node
	// theirs: the sheet is of the real data set and read only; what it says is written in another one.
	theirs bool
}

func (t *table) kind() graph.Kind { return t.initial.Kind() }

// fresh makes a node with its defaults.
func (t *table) fresh() graph.Node { return t.clone(t.initial) }

// column says how a cell changes a node, and how it is written: see columnOf. An empty cell sets what it stands
// for to its default.
type column struct {
	name     string
	alias    string // another name of the same column, in the real data set
	required bool
	set      func(graph.Node, cell) error
	// get writes the cell that set reads. A column of the real data set, whose meaning other columns keep,
	// has none and is foreign.
	get     func(graph.Node) string
	foreign bool
}

// must makes a column required: in the header and in every row.
func (c column) must() column {
	c.required = true
	return c
}

// also gives the column another name.
func (c column) also(alias string) column {
	c.alias = alias
	return c
}

// theirs marks a column of the real data set: it is read, and never written.
func (c column) theirs() column {
	c.foreign = true
	return c
}

// define makes a table of nodes that start as initial says. It is the one place beside the columns that knows
// the type of a node: what reads and writes sheets knows graph.Node alone, and is compiled once instead of
// once for each kind.
func define[T any, P interface {
	*T
	graph.Node
}](initial T, t table) *table {
	t.initial = P(&initial)
	t.clone = func(n graph.Node) graph.Node {
		clone := *n.(P)
		return P(&clone)
	}
	return t.completed()
}

// naturalKey makes a natural key of one of a type of node.
func naturalKey[P graph.Node](key func(P) []string) func(graph.Node) []string {
	return func(n graph.Node) []string { return key(n.(P)) }
}

// checked makes a check of one of a type of node.
func checked[P graph.Node](check func(P, *findings)) func(graph.Node, *findings) {
	return func(n graph.Node, found *findings) { check(n.(P), found) }
}

// completed is a table with the columns that every sheet may carry.
func (t table) completed() *table {
	id := reference("id", func(n graph.Node) *string { return &n.Header().ID })
	id.required = t.key == nil
	t.columns = append([]column{id}, t.columns...)
	t.columns = append(t.columns,
		truth("synthetic", false, func(n graph.Node) *bool { return &n.Header().Synthetic }),
		date("retired_on", func(n graph.Node) *graph.Date { return &n.Header().RetiredOn }),
		columnOf("external_ids", func(n graph.Node, c cell) (err error) {
			n.Header().ExternalIDs, err = c.externalIDs()
			return err
		}, func(n graph.Node) string { return writeExternalIDs(n.Header().ExternalIDs) }),
	)
	return &t
}

// binding joins the columns of a table to those of a file.
type binding struct {
	columns []column // those that the file has
	at      []int    // their places in a record
	places  map[string]int
}

// bind reads a header. A header that cannot be used is refused with the column at fault and a reason.
func (t *table) bind(header []string) (b *binding, unknown []string, column, reason string) {
	b = &binding{places: map[string]int{}}
	known := map[string]string{}
	for _, c := range t.columns {
		known[c.name] = c.name
		if c.alias != "" {
			known[c.alias] = c.name
		}
	}
	seen := map[string]bool{}
	for i, name := range header {
		canonical, ok := known[name]
		switch {
		case name != "" && seen[name]:
			return nil, nil, name, fmt.Sprintf("the column %q stands in the header twice", name)
		case !ok && name == "":
			unknown = append(unknown, fmt.Sprintf("(column %d, without a name)", i+1))
		case !ok:
			unknown = append(unknown, shorten(strings.ToValidUTF8(name, "\ufffd")))
		case hasKey(b.places, canonical):
			return nil, nil, name, fmt.Sprintf("the columns %q and %q mean the same", header[b.places[canonical]], name)
		default:
			b.places[canonical] = i
		}
		seen[name] = true
	}
	for _, c := range t.columns {
		if i, ok := b.places[c.name]; ok {
			b.columns, b.at = append(b.columns, c), append(b.at, i)
		} else if c.required {
			return nil, nil, c.name, fmt.Sprintf("the required column %q is missing%s; known columns: %s", c.name, separatorHint(header), t.columnNames())
		}
	}
	return b, unknown, "", ""
}

func hasKey(m map[string]int, key string) bool {
	_, ok := m[key]
	return ok
}

// separatorHint says what is probably wrong with a header of one cell.
func separatorHint(header []string) string {
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		return " (cells are separated by commas)"
	}
	return ""
}

func (t *table) columnNames() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// cell returns a cell of a record by the name of its column.
func (b *binding) cell(name string, cells []string) (cell, bool) {
	i, ok := b.places[name]
	if !ok {
		return cell{column: name}, false
	}
	return cell{column: name, text: graph.Normalise(cells[i]), cells: cells, places: b.places}, true
}

// saidVoid is what a row says that is about a node which another one took over.
const saidVoid = 1

// row is a record that holds no error in any cell.
type row struct {
	record
	id    string
	mark  uint64 // what the row is about, and what it says: see loader.seen
	said  uint64
	fresh graph.Node // the node that the row makes where there is none; nil once used
}

// parse turns a record into a row, or says what is wrong with it.
func (t *table) parse(b *binding, rec record) (*row, findings) {
	fresh := t.fresh()
	found := t.apply(b, rec.cells, fresh)
	if found.failed() {
		return nil, found
	}
	header := fresh.Header()
	if header.ID == "" {
		header.ID = graph.NaturalID(t.key(fresh))
	}
	r := &row{record: rec, id: header.ID, fresh: fresh}
	if t.mark != nil {
		r.mark = hashOf(t.mark(fresh))
		if t.void(fresh) {
			r.said = saidVoid
		}
	} else {
		r.mark, r.said = hashOf(r.id), hashOf(fresh)
	}
	return r, nil
}

// apply sets what the cells of a record say.
func (t *table) apply(b *binding, cells []string, n graph.Node) (found findings) {
	for i, column := range b.columns {
		raw := cells[b.at[i]]
		if !utf8.ValidString(raw) {
			found.fail(column.name, strings.ToValidUTF8(raw, "\ufffd"), "the cell is not valid UTF-8")
			continue
		}
		c := cell{column: column.name, text: graph.Normalise(raw), cells: cells, places: b.places}
		if c.text == "" && column.required {
			found.fail(column.name, "", column.name+" is required")
			continue
		}
		if err := column.set(n, c); err != nil {
			name, value := column.name, c.text
			if e, ok := graph.AsError(err); ok && e.Field != "" && e.Field != name {
				name = e.Field
				value = c.of(name)
			}
			found.fail(name, value, err.Error())
		}
	}
	return found
}
