package graph

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
)

// A change of one node by hand: what a client asks for is one transaction with its event, and either happens as a
// whole or not at all. What is said here holds for every type of node; which types can be changed, and what can be
// changed of them, stands in changeable.go.

// Edit names a node that exists, and the version that whoever changes it has seen; none: it is not checked.
type Edit struct {
	ID              string
	ExpectedVersion *int
}

// Changed is what a change came to.
type Changed[N Node] struct {
	Node N
	Seq  int64 // of the last event of the log
}

// Create puts a new node. Its id is made from its natural key, as an import makes it, or is random where the type
// has none. One that is there already is refused with VALIDATION; where that one is retired, another id is made.
func Create[N Node](ctx context.Context, g *Graph, v Viewer, fresh N) (Changed[N], error) {
	t, err := changing(v, fresh.Kind())
	if err != nil {
		return Changed[N]{}, err
	}
	return change(ctx, g, v, t, Created, func(ctx context.Context, tx Tx) (before, after N, err error) {
		after = t.copied(fresh).(N)
		if err := t.checked(after); err != nil {
			return before, after, err
		}
		after.Header().ID, err = t.free(ctx, tx, v, after, g.Today())
		return before, after, err
	})
}

// Update changes what a function changes of a copy of a node; what it leaves is left. Where nothing differs there
// is no event, and the node is answered as it stands.
//
// A node that there is not is NOT_FOUND, another version than the expected one CONFLICT, and a node that is retired
// INVALID_TRANSITION.
func Update[N Node](ctx context.Context, g *Graph, v Viewer, e Edit, edit func(N) error) (Changed[N], error) {
	return amend(ctx, g, v, e, Updated, edit)
}

// Retire ends a node today, so that it counts from today on no more. It fails as Update does.
func Retire[N Node](ctx context.Context, g *Graph, v Viewer, e Edit) (Changed[N], error) {
	return amend(ctx, g, v, e, Retired, func(n N) error {
		n.Header().RetiredOn = g.Today()
		return nil
	})
}

// amend changes a node that exists.
func amend[N Node](ctx context.Context, g *Graph, v Viewer, e Edit, became string, edit func(N) error) (Changed[N], error) {
	var none N
	t, err := changing(v, none.Kind())
	if err != nil {
		return Changed[N]{}, err
	}
	changed, err := change(ctx, g, v, t, became, func(ctx context.Context, tx Tx) (before, after N, err error) {
		node, err := e.find(ctx, tx, v, none.Kind(), g.Today())
		if err != nil {
			return before, after, err
		}
		after = t.copied(node).(N)
		if err := edit(after); err != nil {
			return before, after, err
		}
		return node.(N), after, t.checked(after)
	})
	if failure, ok := AsError(err); ok && failure.Stale != nil {
		err = g.tellChanged(ctx, v, failure, none.Kind(), e)
	}
	return changed, err
}

// change puts what a function makes of what there was, and tells of it in the same transaction.
func change[N Node](ctx context.Context, g *Graph, v Viewer, t changeable, became string, edit func(ctx context.Context, tx Tx) (before, after N, err error)) (changed Changed[N], err error) {
	changed.Seq, err = g.Store.Write(ctx, v, func(ctx context.Context, tx Tx) error {
		before, after, err := edit(ctx, tx)
		if err != nil {
			return err
		}
		refusals, err := tx.Put(ctx, []Node{after})
		if err != nil {
			return err
		}
		if refusals[0] != nil {
			return t.refused(refusals[0])
		}
		if len(tx.Changed()) == 0 {
			changed.Node = before
			return nil
		}
		changed.Node = after
		return tx.Log(ctx, Event{Type: EventOf(after.Kind(), became), Subject: after.GID(), Changes: tx.Changed(), Fields: t.differing(before, after)})
	})
	if err != nil {
		return Changed[N]{}, g.suggest(ctx, v, err)
	}
	return changed, nil
}

// changing refuses whoever may not change nodes of a kind, before anything else is looked at.
func changing(v Viewer, kind Kind) (changeable, error) {
	t, known := changeables[kind]
	if !known {
		return t, fmt.Errorf("a %s is not changed by hand", kind.noun())
	}
	return t, v.OnlyOperators("administer the network")
}

// The fields of the input of a change.
const (
	inputField = "input"
	inputID    = "input.id"
)

// find returns the node that is to be changed.
func (e Edit) find(ctx context.Context, tx Tx, v Viewer, kind Kind, today Date) (Node, error) {
	nodes, err := tx.Read(ctx, v, kind, []string{e.ID})
	if err != nil {
		return nil, err
	}
	if nodes[0] == nil {
		return nil, NotFound(inputID, kind, e.ID)
	}
	switch header := nodes[0].Header(); {
	case e.ExpectedVersion != nil && *e.ExpectedVersion != header.Version:
		return nil, &Error{
			Code: CodeConflict, Field: "input.expectedVersion", Stale: &Stale{CurrentVersion: header.Version},
			Message: fmt.Sprintf("the %s has version %d, not %d: somebody else has changed it; read it again", kind.noun(), header.Version, *e.ExpectedVersion),
		}
	case !header.LiveAt(today):
		return nil, &Error{
			Code: CodeInvalidTransition, Field: inputID,
			Message: fmt.Sprintf("the %s was retired on %s, and what is retired is not changed any more", kind.noun(), header.RetiredOn),
		}
	}
	return nodes[0], nil
}

// tellChanged adds to a conflict the fields that were changed since the expected version: all that can be, where
// the log does not tell, as it does not of an import.
func (g *Graph) tellChanged(ctx context.Context, v Viewer, conflict *Error, kind Kind, e Edit) error {
	told := *conflict
	current, t := conflict.Stale.CurrentVersion, changeables[kind]
	fields, err := g.changedSince(ctx, v, GID(kind, e.ID), max(0, *e.ExpectedVersion), current)
	if err != nil {
		return err
	}
	told.Stale = &Stale{CurrentVersion: current, ChangedFields: t.sorted(fields)}
	return &told
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

// checked refuses what is wrong with a node, in the words of clients.
func (t changeable) checked(node Node) error {
	if t.check == nil {
		return nil
	}
	if err := t.check(node); err != nil {
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

// free is the id of a new node. The natural key makes it, as for an import, so that what is exported names the same
// node. What is retired keeps its id and its history: whoever comes after it has a number behind.
func (t changeable) free(ctx context.Context, tx Tx, v Viewer, fresh Node, today Date) (string, error) {
	natural := ""
	if t.key != nil {
		natural = NaturalID(t.key(fresh))
	}
	for n := 1; ; n++ {
		id := natural
		switch {
		case t.key == nil:
			id = newKeyID()
		case n > 1:
			id += "-" + strconv.Itoa(n)
		}
		nodes, err := tx.Read(ctx, v, fresh.Kind(), []string{id})
		if err != nil || nodes[0] == nil {
			return id, err
		}
		if t.key != nil && nodes[0].Header().LiveAt(today) && reflect.DeepEqual(t.key(nodes[0]), t.key(fresh)) {
			return "", Invalid(inputField, "there is such a %s already: %q", fresh.Kind().noun(), id)
		}
	}
}
