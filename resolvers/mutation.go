package resolvers

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"valueweb/graph"
)

// changing begins a mutation. What was loaded before, for an earlier mutation of the same request, may be out of date;
// and a key that may not read is answered what it changed, and nothing that is nested in it.
func changing(ctx context.Context) (*batch, graph.Viewer, error) {
	viewer, err := ViewerFrom(ctx)
	if err != nil {
		return nil, viewer, err
	}
	b := batchFrom(ctx)
	b.forget()
	b.barred = viewer.Within(graph.ScopeRead)
	return b, viewer, nil
}

// changed answers a mutation of one node, which is the level that everything below it is loaded for.
func changed[N graph.Node](ctx context.Context, change func(v graph.Viewer) (graph.Changed[N], error)) (node N, seq string, err error) {
	b, viewer, err := changing(ctx)
	if err != nil {
		return node, "", err
	}
	done, err := rooted(ctx, func(l *level) (graph.Changed[N], error) {
		done, err := change(viewer)
		if err == nil {
			b.learn([]graph.Node{done.Node})
			l.items = append(l.items, done.Node)
		}
		return done, err
	})
	return done.Node, strconv.FormatInt(done.Seq, 10), err
}

// edit names the record that an input changes.
func edit(id string, expected graphql.Omittable[*int]) graph.Edit {
	return graph.Edit{ID: id, ExpectedVersion: expected.Value()}
}

// editOf names the record by a field of its own.
func editOf(field, id string, expected graphql.Omittable[*int]) graph.Edit {
	return graph.Edit{ID: id, ExpectedVersion: expected.Value(), Field: field}
}

// patch takes over a field of an input: absent it leaves what there is, null clears it.
func patch[T any](field graphql.Omittable[*T], to *T) {
	if field.IsSet() {
		*to = given(field)
	}
}

// patchText takes over a text as the graph keeps texts.
func patchText(field graphql.Omittable[*string], to *string) {
	if field.IsSet() {
		*to = graph.Normalise(given(field))
	}
}

// patchList takes over a list.
func patchList[T any](field graphql.Omittable[[]T], to *[]T) {
	if field.IsSet() {
		*to = field.Value()
	}
}

// patchRequired takes over a field that a record cannot be without: null is refused.
func patchRequired[T any](name string, field graphql.Omittable[*T], to *T) error {
	if field.IsSet() && field.Value() == nil {
		return graph.Invalid("input."+name, "%s is required, and cannot be cleared; leave it out to leave it as it is", name)
	}
	patch(field, to)
	return nil
}

// patchRequiredText takes over a text that a record cannot be without.
func patchRequiredText(name string, field graphql.Omittable[*string], to *string) error {
	if err := patchRequired(name, field, to); err != nil {
		return err
	}
	*to = graph.Normalise(*to)
	return nil
}

// patchOr takes over a field for which null stands for a value.
func patchOr[T any](field graphql.Omittable[*T], to *T, otherwise T) {
	if field.IsSet() {
		*to = *orElse(field.Value(), otherwise)
	}
}

// patchNumber takes over a number that may be missing.
func patchNumber(field graphql.Omittable[*int], to **int) {
	if field.IsSet() {
		*to = field.Value()
	}
}

// patchTexts takes over a list of texts as the graph keeps texts, each once.
func patchTexts(field graphql.Omittable[[]string], to *[]string) {
	if !field.IsSet() {
		return
	}
	texts := make([]string, len(field.Value()))
	for i, text := range field.Value() {
		texts[i] = graph.Normalise(text)
	}
	*to = graph.EachOnce(texts)
}

// patchSet takes over a list in which each counts once.
func patchSet[T ~string](field graphql.Omittable[[]T], to *[]T) {
	if field.IsSet() {
		patchList(field, to)
		*to = graph.EachOnce(*to)
	}
}

// anyOf is the first of some failures.
func anyOf(failures ...error) error {
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}
