package resolvers

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
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

// way is how a subscription asks: the field, of a document that all share who send the same text, and the conditions
// of @skip and @include. Those who ask the same way are answered alike where they are told alike.
type way struct {
	field      *ast.Field
	conditions string
}

// wayOf is how a subscription asks; nil where its answers depend on who reads them.
func wayOf(operation *graphql.OperationContext) *way {
	if len(operation.Operation.SelectionSet) != 1 {
		return nil
	}
	field, ok := operation.Operation.SelectionSet[0].(*ast.Field)
	if !ok || field.Definition == nil {
		return nil
	}
	w := walk{variables: operation.Variables, alike: true}
	w.conditioned(field.Directives)
	w.selected(field.Definition.Type.Name(), field.SelectionSet)
	if !w.alike {
		return nil
	}
	return &way{field, w.conditions.String()}
}

// walk goes through a selection.
type walk struct {
	variables  map[string]any
	alike      bool
	conditions strings.Builder
}

func (w *walk) selected(of string, set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			w.conditioned(s.Directives)
			w.alike = w.alike && isAlike()[of][s.Name] && len(s.Arguments) == 0 && s.Definition != nil
			if len(s.SelectionSet) > 0 && w.alike {
				w.selected(s.Definition.Type.Name(), s.SelectionSet)
			}
		case *ast.InlineFragment:
			w.conditioned(s.Directives)
			w.selected(orType(s.TypeCondition, of), s.SelectionSet)
		case *ast.FragmentSpread:
			w.conditioned(s.Directives)
			if w.alike = w.alike && s.Definition != nil; w.alike {
				w.selected(s.Definition.TypeCondition, s.Definition.SelectionSet)
			}
		}
	}
}

func orType(condition, of string) string {
	if condition == "" {
		return of
	}
	return condition
}

// conditioned notes on what it depends whether something is answered.
func (w *walk) conditioned(directives ast.DirectiveList) {
	for _, directive := range directives {
		argument := directive.Arguments.ForName("if")
		if directive.Name != "skip" && directive.Name != "include" || argument == nil {
			w.alike = false
			return
		}
		value, err := argument.Value.Value(w.variables)
		w.alike = w.alike && err == nil
		fmt.Fprint(&w.conditions, value, ",")
	}
}

// form is an answer with places for a cursor.
type form struct {
	text   []byte
	places []int // where they begin
}

// blank stands in a form where a cursor is to stand. It is as long as one, and nobody can guess it: so it is in no
// record.
var blank = sync.OnceValue(func() string {
	var random [24]byte
	rand.Read(random[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
})

func formOf(text []byte) *form {
	f := &form{text: text}
	for at := 0; ; at += len(blank()) {
		next := bytes.Index(text[at:], []byte(blank()))
		if next < 0 {
			return f
		}
		at += next
		f.places = append(f.places, at)
	}
}

// filled is the answer with a cursor in it.
func (f *form) filled(cursor string) []byte {
	text := bytes.Clone(f.text)
	for _, at := range f.places {
		copy(text[at:], cursor)
	}
	return text
}

// alike answers a message by the form that serves all who ask this way and are told the same; ok says whether there is
// one.
func (o *operation) alike(ctx context.Context, message stream.Message) (response *graphql.Response, ok bool) {
	if o.plan.way == nil || message.Alike == nil || len(message.Cursor) != len(blank()) {
		return nil, false
	}
	if _, noted := message.Subject.(*graph.Customer); noted && o.plan.shown {
		return nil, false
	}
	made := message.Alike.Once(*o.plan.way, func() any {
		of := message
		of.Cursor = blank()
		response := o.each(context.WithoutCancel(ctx), of) // others wait for it, who do not leave when this reader does
		if response == nil || len(response.Errors) > 0 || len(response.Extensions) > 0 {
			return nil
		}
		return formOf(response.Data)
	})
	f, ok := made.(*form)
	if !ok { // something went wrong: with the next one it may not
		return nil, false
	}
	return &graphql.Response{Data: f.filled(message.Cursor)}, true
}
