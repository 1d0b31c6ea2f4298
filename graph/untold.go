package graph

import (
	"context"
	"slices"
)

// Who changes a record changes what it is told of it: what the record names and its author may not read is not there
// while the change is made, and is put back behind it. Else a list that is sent back as it was read would take out
// what is hidden, an id that is named would be accepted where the record names it already and NOT_FOUND elsewhere, and
// a partner that leaves a list as it knows it would be told that others are in it.

// naming is a field of a node that names others of a kind: one, or many.
type naming struct {
	kind Kind
	one  *string
	many *[]string
}

// namings are the fields of a node in which it may name what others read it without. A field that is missing names
// what may be read by whoever reads the node, or is not changed by others than operators.
func namings(node Node) []naming {
	switch n := node.(type) {
	case *Partner:
		return []naming{{kind: KindPartner, one: &n.PartOf}, {kind: KindContact, one: &n.ChannelManager}}
	case *Solution:
		return []naming{{kind: KindPartner, many: &n.Partners}, {kind: KindSolution, many: &n.BuildsOn}}
	case *Partnership:
		return []naming{{kind: KindSite, many: &n.Sites}}
	case *Opportunity:
		return []naming{{kind: KindCustomer, one: &n.Customer}, {kind: KindSite, one: &n.Site}, {kind: KindPartnership, many: &n.SharedIn}}
	}
	return nil
}

// ids are what the field names.
func (n naming) ids() []string {
	switch {
	case n.many != nil:
		return *n.many
	case *n.one != "":
		return []string{*n.one}
	}
	return nil
}

// withoutUntold is a node without what it names and the viewer may not read: the node itself where there is no such
// thing.
func withoutUntold(ctx context.Context, tx Tx, v Viewer, node Node) (Node, error) {
	if !v.Confined() {
		return node, nil
	}
	told := changeables[node.Kind()].copied(node)
	blanked := false
	for _, field := range namings(told) {
		ids := field.ids()
		if len(ids) == 0 {
			continue
		}
		seen, err := tx.Read(ctx, v, field.kind, ids)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(seen, nil) {
			continue
		}
		blanked = true
		if field.one != nil {
			*field.one = ""
			continue
		}
		var left []string
		for i, id := range ids {
			if seen[i] != nil {
				left = append(left, id)
			}
		}
		*field.many = left
	}
	if !blanked {
		return node, nil
	}
	return told, nil
}

// putBack puts behind a change what the node named and its author was not told of: in a field that the author left as
// it was, all that was there, and in a list that it changed what it did not know of.
func putBack(before, told, after Node) {
	was, known, now := namings(before), namings(told), namings(after)
	for i := range was {
		switch {
		case was[i].one != nil && *now[i].one == *known[i].one:
			*now[i].one = *was[i].one
		case was[i].one != nil:
		case slices.Equal(*now[i].many, *known[i].many):
			*now[i].many = *was[i].many
		default:
			*now[i].many = distinct(slices.Concat(*now[i].many, slices.DeleteFunc(slices.Clone(*was[i].many), func(id string) bool {
				return slices.Contains(*known[i].many, id)
			})))
		}
	}
}
