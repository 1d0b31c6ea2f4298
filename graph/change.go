package graph

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// A change of one node by hand: what a client asks for is one transaction with its event, and either happens as a
// whole or not at all. What is said here holds for every type of node; which types can be changed, and what can be
// changed of them, stands in changeable.go.

// Edit names a node that exists, and the version that whoever changes it has seen; none: it is not checked.
type Edit struct {
	ID              string
	ExpectedVersion *int
	Field           string // of the input, by which it names the node; empty: id
}

// Changed is what a change came to.
type Changed[N Node] struct {
	Node N
	Seq  int64 // of the last event of the log
}

// Create puts a new node. An id that is supplied is kept; one that is taken is refused with VALIDATION. Else it is made
// from its natural key, as an import makes it, or is random where the type has none. What is there already is refused
// with VALIDATION, too; where that is retired, another id is made.
//
// A creation that brings a token of its client is done once: asked for again it is answered with what came of it.
func Create[N Node](ctx context.Context, g *Graph, v Viewer, c Creation, fresh N) (Changed[N], error) {
	t, err := changing(v, fresh.Kind(), toCreate)
	if err != nil {
		return Changed[N]{}, err
	}
	return create(ctx, g, v, c, fresh.Kind(), func(ctx context.Context, a author) (N, error) {
		after := t.copied(fresh).(N)
		if err := a.mayCreate(ctx, t, after); err != nil {
			return after, err
		}
		return after, t.name(ctx, a, after)
	})
}

// create puts what a function makes, unless the creation has been done before.
func create[N Node](ctx context.Context, g *Graph, v Viewer, c Creation, kind Kind, fresh func(ctx context.Context, a author) (N, error)) (Changed[N], error) {
	var before *Receipt
	changed, err := change(ctx, g, v, kind, Created, func(ctx context.Context, a author) (none, after N, err error) {
		if before, err = c.recall(ctx, a.tx, v); err != nil {
			return none, after, err
		}
		if before != nil {
			after, err = recalled[N](ctx, a, before)
			return after, after, err
		}
		if after, err = fresh(ctx, a); err != nil {
			return none, after, err
		}
		return none, after, c.keep(ctx, a.tx, v, after)
	})
	if before != nil {
		changed.Seq = before.Seq
	}
	return changed, err
}

// recalled is what a creation has made before, as it stands now.
func recalled[N Node](ctx context.Context, a author, r *Receipt) (made N, err error) {
	kind, id, _ := ParseGID(r.Node)
	node, err := a.sees(ctx, kind, id)
	if err != nil {
		return made, err
	}
	made, ok := node.(N)
	if !ok {
		return made, &Error{Code: CodeNotFound, Field: "input.clientToken", Message: "what was made with this token is out of your sight by now"}
	}
	return made, nil
}

// Update changes what a function changes of a copy of a node; what it leaves is left. Where nothing differs there
// is no event, and the node is answered as it stands.
//
// A node that there is not, or that the viewer may not read, is NOT_FOUND; one that it may read and not change is
// FORBIDDEN, as is a field that it may not change. Another version than the expected one is CONFLICT, and a node that is
// retired INVALID_TRANSITION.
func Update[N Node](ctx context.Context, g *Graph, v Viewer, e Edit, edit func(N) error) (Changed[N], error) {
	return amend(ctx, g, v, e, toUpdate, Updated, edit)
}

// Retire ends a node today, so that it counts from today on no more: a partner leaves. What others still need is
// IN_USE; otherwise it fails as Update does.
func Retire[N Node](ctx context.Context, g *Graph, v Viewer, e Edit) (Changed[N], error) {
	return amend(ctx, g, v, e, toRetire, Retired, func(n N) error {
		retire(n, g.Today())
		return nil
	})
}

// retire ends a node by its fields.
func retire(n Node, today Date) {
	switch n := n.(type) {
	case *Partner:
		n.Status = Left
	case *Holding:
		n.End(today)
	}
	n.Header().RetiredOn = today
}

// amend changes a node that exists.
func amend[N Node](ctx context.Context, g *Graph, v Viewer, e Edit, act act, became string, edit func(N) error) (Changed[N], error) {
	var none N
	t, err := changing(v, none.Kind(), act)
	if err != nil {
		return Changed[N]{}, err
	}
	changed, err := change(ctx, g, v, none.Kind(), became, func(ctx context.Context, a author) (before, after N, err error) {
		node, err := a.find(ctx, e, none.Kind(), act)
		if err != nil {
			return before, after, err
		}
		told, err := withoutUntold(ctx, a.tx, v, node)
		if err != nil {
			return before, after, err
		}
		before, after = node.(N), t.copied(told).(N)
		if err := edit(after); err != nil {
			return before, after, err
		}
		if err := a.mayAmend(ctx, t, act, told, after); err != nil {
			return before, after, err
		}
		putBack(before, told, after)
		return before, after, nil
	})
	if failure, ok := AsError(err); ok && failure.Stale != nil {
		err = g.tellChanged(ctx, v, failure, none.Kind(), e)
	}
	return changed, err
}

// change puts what a function makes of what there was, and what comes with it, and tells of it in the same transaction.
func change[N Node](ctx context.Context, g *Graph, v Viewer, kind Kind, became string, edit func(ctx context.Context, a author) (before, after N, err error)) (changed Changed[N], err error) {
	t := changeables[kind]
	changed.Seq, err = g.Store.Write(ctx, v, func(ctx context.Context, tx Tx) error {
		a := author{viewer: v, tx: tx, today: g.Today()}
		before, after, err := edit(ctx, a)
		if err != nil {
			return err
		}
		changed.Node = after
		if Node(before) == Node(after) { // it has been done before
			return nil
		}
		told, err := a.put(ctx, t, before, after, became)
		if err != nil {
			return err
		}
		if !told {
			changed.Node = before
			return nil
		}
		if isNew(before) && t.companion != nil {
			return a.putCompanion(ctx, t.companion(a, after))
		}
		return nil
	})
	if err != nil {
		return Changed[N]{}, g.suggest(ctx, v, err)
	}
	return changed, nil
}

// put writes a node and its event; nothing where it does not differ from what it was.
func (a author) put(ctx context.Context, t changeable, before, after Node, became string) (told bool, err error) {
	refusals, err := a.tx.Put(ctx, []Node{after})
	if err != nil {
		return false, err
	}
	if refusals[0] != nil {
		return false, t.refused(refusals[0])
	}
	if !slices.Contains(a.tx.Changed(), after.GID()) {
		return false, nil
	}
	if t.event != nil {
		became = t.event(before, after, became)
	}
	return true, a.tx.Log(ctx, Event{Type: EventOf(after.Kind(), became), Subject: after.GID(), Changes: []string{after.GID()}, Fields: t.differing(before, after)})
}

// putCompanion writes a node that another one brings along, with its own event.
func (a author) putCompanion(ctx context.Context, node Node) error {
	if isNew(node) {
		return nil
	}
	t := changeables[node.Kind()]
	if err := t.name(ctx, a, node); err != nil {
		return err
	}
	_, err := a.put(ctx, t, nil, node, Created)
	return err
}

// changing refuses whoever may not change nodes of a kind at all, before anything else is looked at: that tells nothing
// of what there is.
func changing(v Viewer, kind Kind, act act) (changeable, error) {
	t, known := changeables[kind]
	if !known {
		return t, fmt.Errorf("a %s is not changed by hand", kind.noun())
	}
	return t, v.mayEver(kind, act)
}

// The fields of the input of a change.
const (
	inputField = "input"
	inputID    = "input.id"
)

// field is the field of the input that names the node.
func (e Edit) field() string {
	if e.Field == "" {
		return inputID
	}
	return inputField + "." + e.Field
}

// find returns the node that is to be changed.
func (a author) find(ctx context.Context, e Edit, kind Kind, act act) (Node, error) {
	seen, err := a.sees(ctx, kind, e.ID)
	if err != nil {
		return nil, err
	}
	if seen == nil {
		return nil, NotFound(e.field(), kind, e.ID)
	}
	node, err := a.fact(ctx, kind, e.ID)
	if err != nil {
		return nil, err
	}
	if err := a.owns(ctx, node, act, e.field()); err != nil {
		return nil, err
	}
	return node, e.fits(node, a.today)
}

// fits refuses a node that has another version than the expected one, or that has ended.
func (e Edit) fits(node Node, today Date) error {
	if err := e.current(node); err != nil {
		return err
	}
	if err := notRetired(node, today, e.field()); err != nil {
		return err
	}
	if endedOf(node) {
		return &Error{Code: CodeInvalidTransition, Field: e.field(), Message: fmt.Sprintf("the %s has ended, and what has ended is not changed any more", node.Kind().noun())}
	}
	return nil
}

// notRetired refuses to change what is retired. The field is the one that names it.
func notRetired(node Node, today Date, field string) error {
	if node.Header().LiveAt(today) {
		return nil
	}
	return &Error{
		Code: CodeInvalidTransition, Field: field,
		Message: fmt.Sprintf("the %s was retired on %s, and what is retired is not changed any more", node.Kind().noun(), node.Header().RetiredOn),
	}
}

// endedOf reports whether a node is over in another way than by the day of its retirement: a partner has left, and a
// holding is part of another one.
func endedOf(node Node) bool {
	switch n := node.(type) {
	case *Partner:
		return n.Status == Left
	case *Holding:
		return n.MergedInto != ""
	}
	return false
}

// tellChanged adds to a conflict the fields that were changed since the expected version, those that the viewer may
// know: all that can be changed, where the log does not tell, as it does not of an import.
func (g *Graph) tellChanged(ctx context.Context, v Viewer, conflict *Error, kind Kind, e Edit) error {
	told := *conflict
	current, t := conflict.Stale.CurrentVersion, changeables[kind]
	fields, err := g.changedSince(ctx, Operator, GID(kind, e.ID), max(0, *e.ExpectedVersion), current)
	if err != nil {
		return err
	}
	withheld, err := g.withheld(ctx, v, t, kind, e.ID)
	if err != nil {
		return err
	}
	names := slices.DeleteFunc(t.sorted(fields), func(name string) bool { return withheld[name] })
	told.Stale = &Stale{CurrentVersion: current, ChangedFields: names}
	return &told
}

// withheld are the fields of a node that the viewer is not told: those that say something else to it than to an
// operator.
func (g *Graph) withheld(ctx context.Context, v Viewer, t changeable, kind Kind, id string) (map[string]bool, error) {
	if !v.Confined() {
		return nil, nil
	}
	seen, err := g.Store.Read(ctx, v, kind, []string{id})
	if err != nil {
		return nil, err
	}
	all, err := g.Store.Read(ctx, Operator, kind, []string{id})
	if err != nil {
		return nil, err
	}
	fields := map[string]bool{}
	for _, field := range t.fields {
		if seen[0] == nil || !reflect.DeepEqual(field.of(seen[0]), field.of(all[0])) {
			fields[field.name] = true
		}
	}
	return fields, nil
}

// changedSince collects the fields of a node that events have told of, from one version to another; nil where some
// version has no event that tells.
func (g *Graph) changedSince(ctx context.Context, v Viewer, gid string, after, current int) (map[string]bool, error) {
	if after >= current {
		return map[string]bool{}, nil // the expected version is none that there has been
	}
	events, err := g.Store.History(ctx, v, gid, after)
	if err != nil {
		return nil, err
	}
	fields, versions := map[string]bool{}, 0
	for _, event := range events {
		if event.Version > current || len(event.Fields) == 0 {
			continue
		}
		versions++
		for _, field := range event.Fields {
			fields[field] = true
		}
	}
	if versions < current-after {
		return nil, nil
	}
	return fields, nil
}

// changeable says what of a type of node is changed by hand.
type changeable struct {
	fields []changeableField
	copied func(Node) Node
	// key is the natural key of a node; nil: ids are random.
	key func(Node) []string
	// check says what is wrong with a node beyond what every store checks; its fields are those of a store.
	check func(Node) error
	// reserved are the fields that are the operator's.
	reserved []string
	// confine refuses what another than an operator may not make of a node, or puts it right; before is nil for a new
	// one. Its fields are those of a store.
	confine func(t changeable, v Viewer, before, after Node) error
	// settle puts right what follows from an update; nil: nothing.
	settle func(t changeable, before, after Node)
	// step refuses what a node cannot become from what it was, and what a new one cannot be; nil: it can be anything.
	step func(before, after Node) error
	// event says what became of a node where that is told by its own name.
	event func(before, after Node, became string) string
	// companion is what a new node brings along; nil: nothing.
	companion func(a author, fresh Node) Node
}

// changeableField is a field as clients know it, as stores know it, and what a node states in it.
type changeableField struct {
	name, column string
	of           func(Node) any
}

// pointer is a type of node, and what it points to.
type pointer[T any] interface {
	*T
	Node
}

// fieldOf makes a field of a type of node.
func fieldOf[T any, P pointer[T]](name, column string, of func(P) any) changeableField {
	return changeableField{name, column, func(n Node) any { return of(n.(P)) }}
}

// copyOf copies a node. What its fields point to is shared: it is replaced, never changed.
func copyOf[T any, P pointer[T]](n Node) Node {
	next := *n.(P)
	return P(&next)
}

// retirement is a field of every type.
var retirement = changeableField{"retiredOn", "retired_on", func(n Node) any { return n.Header().RetiredOn }}

// checked refuses what is wrong with a node by itself, in the words of clients. Its id is not looked at: a new one has
// none yet.
func (t changeable) checked(node Node) error {
	err := firstError(CheckTexts(node), checkValues(node))
	if err == nil && t.check != nil {
		err = t.check(node)
	}
	if err != nil {
		return t.refused(err)
	}
	return nil
}

// stepped refuses what a node cannot become, in the words of clients.
func (t changeable) stepped(before, after Node) error {
	if t.step == nil {
		return nil
	}
	if err := t.step(before, after); err != nil {
		return t.refused(err)
	}
	return nil
}

// refused is a refusal of a store with the field that clients know.
func (t changeable) refused(refusal error) error {
	e, ok := AsError(refusal)
	if !ok {
		return refusal
	}
	told := *e
	told.Field = inputField
	if e.Field == "id" {
		told.Field = inputID
	}
	for _, field := range t.fields {
		if field.column == e.Field {
			told.Field = inputField + "." + field.name
		}
	}
	return &told
}

// differing are the fields in which a node differs from what it was; of a new one, those that are stated.
func (t changeable) differing(before, after Node) []string {
	var names []string
	for _, field := range t.fields {
		now := reflect.ValueOf(field.of(after))
		if isNew(before) && now.IsZero() || !isNew(before) && reflect.DeepEqual(field.of(before), now.Interface()) {
			continue
		}
		names = append(names, field.name)
	}
	return names
}

func isNew(before Node) bool { return before == nil || reflect.ValueOf(before).IsNil() }

// sorted lists fields in their order; nil: all of them.
func (t changeable) sorted(fields map[string]bool) []string {
	names := []string{}
	for _, field := range t.fields {
		if fields == nil || fields[field.name] {
			names = append(names, field.name)
		}
	}
	return names
}

// name gives a new node its id: the one that it brings, or one that is made.
func (t changeable) name(ctx context.Context, a author, fresh Node) (err error) {
	header := fresh.Header()
	if header.ID != "" {
		return a.isFree(ctx, fresh)
	}
	header.ID, err = t.free(ctx, a.tx, Operator, fresh, a.today)
	return err
}

// free is the id of a new node. The natural key makes it, as for an import, so that what is exported names the same
// node. What is retired keeps its id and its history: whoever comes after it has a number behind.
func (t changeable) free(ctx context.Context, tx Tx, v Viewer, fresh Node, today Date) (string, error) {
	if t.key == nil {
		return newKeyID(), nil
	}
	natural := NaturalID(t.key(fresh))
	for n := 1; ; n++ {
		id := natural
		if n > 1 {
			id += "-" + strconv.Itoa(n)
		}
		nodes, err := tx.Read(ctx, v, fresh.Kind(), []string{id})
		if err != nil || nodes[0] == nil {
			return id, err
		}
		if nodes[0].Header().LiveAt(today) && reflect.DeepEqual(t.key(nodes[0]), t.key(fresh)) {
			return "", Invalid(inputField, "there is such a %s already: %q", fresh.Kind().noun(), id)
		}
	}
}

// isFree refuses an id that is none, or that is taken.
func (a author) isFree(ctx context.Context, fresh Node) error {
	id := fresh.Header().ID
	if err := CheckID(id); err != nil {
		return Invalid(inputID, "%s", err)
	}
	node, err := a.fact(ctx, fresh.Kind(), id)
	if err == nil && node != nil {
		err = Invalid(inputID, "there is a %s %q already", fresh.Kind().noun(), id)
	}
	return err
}
