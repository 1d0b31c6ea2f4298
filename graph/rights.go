package graph

import (
	"context"
	"slices"
)

// Who may write (3-lifecycle.md, docs/access.md): a table, and the one place that reads it. What a viewer may not
// read is NOT_FOUND to it before the table is asked.

// act is something that is done to a node.
type act uint8

// The acts.
const (
	toCreate act = iota
	toUpdate
	toRetire
	toAnswer // a partnership that was proposed
	actCount
)

// whose says whose nodes somebody may act on.
type whose uint8

// Whose nodes.
const (
	nobodys    whose = iota
	its              // what belongs to the viewer's organisation
	itsClients       // that, and what belongs to a customer that the partner owns today
	anybodys         // a new one will be the viewer's
)

// right is what a role may do to the nodes of a kind.
type right [actCount]whose

// rights are those of partners and customers. A kind or role that is missing has none; an OPERATOR has all.
var rights = map[Kind]map[Role]right{
	KindPartner:       {RolePartner: {toUpdate: its}},
	KindOffice:        {RolePartner: {toCreate: its, toUpdate: its, toRetire: its}},
	KindHolding:       {RolePartner: {toCreate: its, toUpdate: its, toRetire: its}},
	KindCertification: {RolePartner: {toCreate: its, toUpdate: its, toRetire: its}},
	KindSolution:      {RolePartner: {toCreate: its, toUpdate: its, toRetire: its}},
	KindPartnership:   {RolePartner: {toUpdate: its, toRetire: its, toAnswer: its}},
	KindContact: {
		RolePartner:  {toCreate: itsClients, toUpdate: itsClients, toRetire: itsClients},
		RoleCustomer: {toCreate: its, toUpdate: its, toRetire: its},
	},
	KindCustomer: {
		RolePartner:  {toCreate: anybodys, toUpdate: itsClients, toRetire: itsClients},
		RoleCustomer: {toUpdate: its},
	},
	KindSite: {
		RolePartner:  {toCreate: itsClients, toUpdate: itsClients, toRetire: itsClients},
		RoleCustomer: {toCreate: its, toUpdate: its, toRetire: its},
	},
}

// whoseOf says whose nodes of a kind a viewer may act on.
func (v Viewer) whoseOf(kind Kind, act act) whose {
	if !v.Confined() {
		return anybodys
	}
	return rights[kind][v.Role][act]
}

// mayEver refuses whoever may do something to no node of a kind, whatever there is.
func (v Viewer) mayEver(kind Kind, act act) error {
	if v.Validate() != nil || v.whoseOf(kind, act) == nobodys {
		return v.OnlyOperators(operatorsDo[act] + " " + kind.one())
	}
	return v.Within(ScopePost)
}

// operatorsDo says an act in words.
var operatorsDo = [actCount]string{toCreate: "make", toUpdate: "change", toRetire: "retire", toAnswer: "answer"}

// belonging says to whom a node belongs: to some partners, or to a customer.
func belonging(node Node) (partners []string, customer string) {
	switch n := node.(type) {
	case *Partner:
		return []string{n.ID}, ""
	case *Office:
		return []string{n.Partner}, ""
	case *Holding:
		return []string{n.Partner}, ""
	case *Certification:
		return []string{n.Partner}, ""
	case *Solution:
		return n.Partners, ""
	case *Partnership:
		return n.Parties, ""
	case *Contact:
		return oneID(n.Partner), n.Customer
	case *Customer:
		return nil, n.ID
	case *Site:
		return nil, n.Customer
	}
	return nil, ""
}

// author is who makes a change, in its transaction.
type author struct {
	viewer Viewer
	tx     Tx
	today  Date
}

// fact returns a node as it stands in the transaction, nil if there is none. Whether the author may read it is not
// asked.
func (a author) fact(ctx context.Context, kind Kind, id string) (Node, error) {
	nodes, err := a.tx.Read(ctx, Operator, kind, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// sees returns a node as the author is told of it, nil where it may not read it.
func (a author) sees(ctx context.Context, kind Kind, id string) (Node, error) {
	nodes, err := a.tx.Read(ctx, a.viewer, kind, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// owns refuses a node that the author may read and not act on.
func (a author) owns(ctx context.Context, node Node, act act, field string) error {
	whose := a.viewer.whoseOf(node.Kind(), act)
	if whose == anybodys {
		return nil
	}
	partners, customer := belonging(node)
	mine := slices.ContainsFunc(partners, a.viewer.Is) || customer != "" && a.viewer.Role == RoleCustomer && a.viewer.Organisation == customer
	if !mine && whose == itsClients && customer != "" {
		var err error
		if mine, err = a.ownsCustomer(ctx, customer); err != nil {
			return err
		}
	}
	if !mine {
		return forbidden(field, "it is for whom it belongs to, or an operator, to %s %s", operatorsDo[act], node.Kind().one())
	}
	return nil
}

// ownsCustomer reports whether the partner that asks owns a customer today.
func (a author) ownsCustomer(ctx context.Context, customer string) (owns bool, err error) {
	err = relatedTo(ctx, a.tx, CustomerPartners, []string{customer}, func(node Node) bool {
		row := node.(*CustomerPartner)
		owns = a.viewer.Is(row.Partner) && row.Owns() && row.CurrentAt(a.today)
		return !owns
	})
	return owns, err
}

// forbidden is a FORBIDDEN error of an input field.
func forbidden(field, format string, args ...any) *Error {
	e := Invalid(field, format, args...)
	e.Code = CodeForbidden
	return e
}

// mayCreate refuses a new node that is wrong, names what there is not for the author, or is not for it to make.
func (a author) mayCreate(ctx context.Context, t changeable, fresh Node) error {
	if a.viewer.Confined() && fresh.Header().ID != "" {
		return forbidden(inputID, "only operators choose ids; leave it out")
	}
	if err := t.checked(fresh); err != nil {
		return err
	}
	if err := t.stepped(nil, fresh); err != nil {
		return err
	}
	if err := a.takesPart(ctx, fresh.Kind()); err != nil {
		return err
	}
	if err := a.namesKnown(ctx, t, nil, fresh); err != nil {
		return err
	}
	if err := a.owns(ctx, fresh, toCreate, t.ownerField(fresh)); err != nil {
		return err
	}
	return a.confines(t, nil, fresh)
}

// mayAmend refuses what the author may not make of a node.
func (a author) mayAmend(ctx context.Context, t changeable, act act, before, after Node) error {
	if act == toUpdate {
		if t.settle != nil {
			t.settle(t, before, after)
		}
		if err := a.confines(t, before, after); err != nil {
			return err
		}
	}
	if err := t.checked(after); err != nil {
		return err
	}
	if err := t.stepped(before, after); err != nil {
		return err
	}
	if err := a.namesKnown(ctx, t, before, after); err != nil {
		return err
	}
	if before.Header().RetiredOn.IsZero() && !after.Header().RetiredOn.IsZero() {
		return a.isNeeded(ctx, before)
	}
	return nil
}

// takesPart refuses whoever takes no part in the network, and a partner that is still PENDING where it would bind
// others: it enters its own profile, and what hangs on it.
func (a author) takesPart(ctx context.Context, kind Kind) error {
	switch a.viewer.Role {
	case RolePartner:
		node, err := a.sees(ctx, KindPartner, a.viewer.Organisation)
		if err != nil {
			return err
		}
		if p, _ := node.(*Partner); slices.Contains(ofActive, kind) && (p == nil || p.Status != Active) {
			return forbidden("", "the partner is not ACTIVE: once it is approved it can do this")
		}
	case RoleCustomer:
		_, err := a.sees(ctx, KindCustomer, a.viewer.Organisation)
		return err
	}
	return nil
}

// ofActive are the kinds of which only an ACTIVE partner makes nodes.
var ofActive = []Kind{KindCustomer, KindSite, KindPartnership}

// confines refuses fields that are not the author's to set, and what it may not make of a node.
func (a author) confines(t changeable, before, after Node) error {
	if !a.viewer.Confined() {
		return nil
	}
	for _, field := range t.differing(before, after) {
		if slices.Contains(t.reserved, field) {
			return forbidden(inputField+"."+field, "only operators set this")
		}
	}
	if t.confine == nil {
		return nil
	}
	if err := t.confine(t, a.viewer, before, after); err != nil {
		return t.refused(err)
	}
	return nil
}

// namesKnown refuses what a node newly names where there is no such thing for the author, or it has ended.
func (a author) namesKnown(ctx context.Context, t changeable, before, after Node) error {
	var known []Reference
	if !isNew(before) {
		known = before.References()
	}
	fresh := map[Kind][]Reference{}
	for _, ref := range after.References() {
		if !slices.ContainsFunc(known, func(old Reference) bool { return old.Kind == ref.Kind && old.ID == ref.ID }) {
			fresh[ref.Kind] = append(fresh[ref.Kind], ref)
		}
	}
	for _, kind := range Kinds {
		if err := a.knows(ctx, kind, fresh[kind]); err != nil {
			return t.refused(err)
		}
	}
	return nil
}

// knows refuses references to nodes of a kind.
func (a author) knows(ctx context.Context, kind Kind, refs []Reference) error {
	if len(refs) == 0 {
		return nil
	}
	ids := make([]string, len(refs))
	for i, ref := range refs {
		ids[i] = ref.ID
	}
	nodes, err := a.tx.Read(ctx, a.viewer, kind, ids)
	if err != nil {
		return err
	}
	for i, ref := range refs {
		switch node := nodes[i]; {
		case node == nil:
			return NotFound(ref.Field, kind, ref.ID)
		case !node.Header().LiveAt(a.today) || endedOf(node):
			return Invalid(ref.Field, "the %s %q has been retired: name one that is in use", kind.noun(), ref.ID)
		}
	}
	return nil
}

// ownerField is the field of a new node that says whose it is.
func (t changeable) ownerField(fresh Node) string {
	for _, ref := range fresh.References() {
		partners, customer := belonging(fresh)
		if ref.Kind == KindPartner && slices.Contains(partners, ref.ID) || ref.Kind == KindCustomer && ref.ID == customer {
			e, _ := AsError(t.refused(Invalid(ref.Field, "")))
			return e.Field
		}
	}
	return inputField
}
