package resolvers

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/graph"
	"valueweb/graph/stream"
)

// Of thousands who subscribe most ask alike, and many are told the same of an event. They are answered alike, but for
// the cursor, as long as they ask for nothing that depends on who reads it: then the executor answers one of them, and
// the others get its answer with their cursors in it.

// alikeFields are the fields, by type, that are the same to all who are told the same of an event: what stands in the
// record as they are told it, and regions and competencies, which everybody reads. All others depend on what else the
// viewer may read, or are noted in the log of accesses: what asks for one is answered for each viewer by itself.
var alikeFields = map[string]string{
	"OpportunityEvent": "cursor seq type at opportunity invitation version changed",
	"ReferralEvent":    "cursor seq type at referral version changed",
	"EventMessage":     "cursor seq type at subject version changed",
	"Node":             header,
	"Opportunity": header + " title point needs value stage review audience postedOn closedOn lostReason protectedUntil" +
		" reviewFields reviewNote",
	"Invitation":      header + " state sentOn answeredOn reason",
	"Referral":        header + " competency state value sentOn answeredOn closedOn",
	"Partner":         header + " name aliases kind status tier website employees joinedOn capacity tags discoverable",
	"Office":          header + " name address city country location roles tags",
	"Competency":      header + " name aliases description broader related",
	"Region":          header + " name countries parent",
	"Holding":         header + " competency level since until remote offers",
	"Certification":   header + " competency scheme level issuer issuedOn expiresOn holders verified",
	"CustomerPartner": header + " role since until",
	"Solution":        header + " name origin description competencies",
	"Need":            "competency minLevel",
	"Audience":        "kind competencies region countries tags kinds minTier near radiusKm",
	"Money":           "amount currency",
	"Point":           "lat lng",
	"ExternalId":      "system id",
}

// header are the fields of every record.
const header = "id gid version createdAt updatedAt retiredOn synthetic externalIds"

// isAlike looks alikeFields up.
var isAlike = sync.OnceValue(func() map[string]map[string]bool {
	types := map[string]map[string]bool{}
	for name, fields := range alikeFields {
		types[name] = map[string]bool{"__typename": true}
		for field := range strings.FieldsSeq(fields) {
			types[name][field] = true
		}
	}
	return types
})

// answersAlike reports whether the answers to a subscription depend on nothing but what is told.
func answersAlike(operation *graphql.OperationContext) bool {
	if len(operation.Operation.SelectionSet) != 1 {
		return false
	}
	field, ok := operation.Operation.SelectionSet[0].(*ast.Field)
	return ok && field.Definition != nil && onlyConditions(field.Directives) && selectsAlike(field.Definition.Type.Name(), field.SelectionSet)
}

func selectsAlike(of string, set ast.SelectionSet) bool {
	for _, selection := range set {
		alike := false
		switch s := selection.(type) {
		case *ast.Field:
			alike = isAlike()[of][s.Name] && len(s.Arguments) == 0 && onlyConditions(s.Directives) &&
				(len(s.SelectionSet) == 0 || s.Definition != nil && selectsAlike(s.Definition.Type.Name(), s.SelectionSet))
		case *ast.InlineFragment:
			within := of
			if s.TypeCondition != "" {
				within = s.TypeCondition
			}
			alike = onlyConditions(s.Directives) && selectsAlike(within, s.SelectionSet)
		case *ast.FragmentSpread:
			alike = onlyConditions(s.Directives) && s.Definition != nil && selectsAlike(s.Definition.TypeCondition, s.Definition.SelectionSet)
		}
		if !alike {
			return false
		}
	}
	return true
}

// onlyConditions reports whether directives say no more than whether something is answered. A plan is of all who say
// the same.
func onlyConditions(directives ast.DirectiveList) bool {
	return !slices.ContainsFunc(directives, func(d *ast.Directive) bool { return d.Name != "skip" && d.Name != "include" })
}

// form is an answer with places for a cursor.
type form struct {
	response *graphql.Response
	places   []int // of its data, where a cursor begins
}

// blank stands in a form where a cursor is to stand. It is as long as one, and nobody can guess it: so it is in no
// record.
var blank = sync.OnceValue(func() (text stream.Cursor) {
	var random [len(text) / 4 * 3]byte
	rand.Read(random[:]) // it never fails
	base64.RawURLEncoding.Encode(text[:], random[:])
	return text
})

func formOf(response *graphql.Response) *form {
	f := &form{response: response}
	cursor := blank()
	for at := 0; ; at += len(cursor) {
		next := bytes.Index(response.Data[at:], cursor[:])
		if next < 0 {
			return f
		}
		at += next
		f.places = append(f.places, at)
	}
}

// alike returns the form in which all are answered who ask the same and are told the same, nil where there is none.
func (o *operation) alike(ctx context.Context, message *stream.Message) *form {
	if !o.plan.alike || message.Alike == nil {
		return nil
	}
	if _, noted := message.Subject.(*graph.Customer); noted && o.plan.shown {
		return nil
	}
	made, ok := message.Alike.Made(o.plan)
	if !ok {
		made = message.Alike.Once(o.plan, func() any { return o.fillIn(ctx, *message) })
	}
	return made.(*form) // nil: something went wrong, and with the next one it may not
}

// fillIn has the executor answer a message with a blank for a cursor. Others wait for it, who do not leave when this
// reader does.
func (o *operation) fillIn(ctx context.Context, message stream.Message) *form {
	message.Cursor = blank()
	response := o.each(context.WithoutCancel(ctx), message)
	if response == nil || len(response.Errors) > 0 || len(response.Extensions) > 0 {
		return nil
	}
	return formOf(response)
}
