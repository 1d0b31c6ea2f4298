package resolvers

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/storetest/every"
	"valueweb/graph/stream"
)

// ownFields are the fields that depend on more than what a viewer is told of an event: on what else it may read.
var ownFields = map[string]string{
	"Opportunity":     "customer site owner lead members declined sharedIn transferTo invitations",
	"Invitation":      "opportunity partner",
	"Referral":        "from to customer parent children",
	"Partner":         "partOf channelManager offices units holdings certifications contacts customers solutions partnerships referralsSent referralsReceived opportunities",
	"Office":          "partner holdings contacts",
	"Competency":      "narrower holdings certifications solutions",
	"Region":          "parts",
	"Holding":         "partner office",
	"Certification":   "partner office",
	"CustomerPartner": "partner customer",
	"Solution":        "partners buildsOn usedBy",
	"Audience":        "partners",
}

// ownTypes are the types of which no answer is shared: of records that are told to few, or whose reading is noted, and
// of lists.
var ownTypes = strings.Fields("Customer Site Contact Partnership Wall ApiKey PageInfo")

func TestOfEveryFieldOfAStreamItIsKnownWhetherItIsTheSameToAll(t *testing.T) {
	all := schema()
	seen := map[string]bool{}
	var below func(of string)
	below = func(of string) {
		definition := all.Types[of]
		if seen[of] || definition == nil || len(definition.Fields) == 0 || slices.Contains(ownTypes, of) || strings.HasSuffix(of, "Connection") {
			return
		}
		seen[of] = true
		shared, own := strings.Fields(alikeFields[of]), strings.Fields(ownFields[of])
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			if slices.Contains(shared, field.Name) == slices.Contains(own, field.Name) {
				t.Errorf("of %s.%s it is not known whether it is the same to all who are told alike of an event", of, field.Name)
			}
			if slices.Contains(shared, field.Name) && len(field.Arguments) > 0 {
				t.Errorf("%s.%s takes arguments, and is never the same", of, field.Name)
			}
			below(field.Type.Name())
		}
		for _, name := range append(shared, own...) {
			if definition.Fields.ForName(name) == nil {
				t.Errorf("there is no %s.%s", of, name)
			}
		}
		for _, possible := range all.GetPossibleTypes(definition) {
			below(possible.Name)
		}
	}
	for _, field := range all.Subscription.Fields {
		below(field.Type.Name())
	}
	for name := range alikeFields {
		if !seen[name] {
			t.Errorf("%s does not stand below a stream", name)
		}
	}
}

// scribe writes documents by chance.
type scribe struct {
	*rand.Rand
	fragments []string
	selects   int // fields selected so far
}

// topics are the fields of Subscription, by their stream.Topic.
var topics = []string{stream.Opportunities: "opportunities", stream.Referrals: "referrals", stream.Everything: "events"}

// document is a subscription, more often than not to what happens to opportunities. Most of it is the same to all who are told alike.
func (s *scribe) document() (topic int, text string) {
	s.fragments, s.selects = nil, 0
	topic = max(0, s.IntN(5)-2)
	field := schema().Subscription.Fields.ForName(topics[topic])
	body := s.selection(field.Type.Name(), 4)
	text = []string{"", "said: "}[s.IntN(2)] + field.Name + " " + body + " } " + strings.Join(s.fragments, " ")
	var variables []string
	for name, value := range map[string]bool{"$yes": true, "$no": false} {
		if strings.Contains(text, name) {
			variables = append(variables, fmt.Sprint(name, ": Boolean = ", value))
		}
	}
	if len(variables) > 0 {
		return topic, "subscription (" + strings.Join(variables, " ") + ") { " + text
	}
	return topic, "subscription { " + text
}

func (s *scribe) selection(of string, depth int) string {
	definition := schema().Types[of]
	var b strings.Builder
	b.WriteString("{ __typename")
	for range 2 + s.IntN(8) {
		if s.selects == 40 {
			break
		}
		if text := s.field(of, definition, depth); text != "" {
			b.WriteString(" " + text)
		}
	}
	if possible := schema().GetPossibleTypes(definition); len(possible) > 1 && depth > 0 {
		kind := possible[s.IntN(len(possible))].Name
		if isAlike()[kind] != nil || s.IntN(8) == 0 {
			b.WriteString(" ... on " + kind + s.condition() + " " + s.selection(kind, depth-1))
		}
	} else if depth > 0 && s.IntN(4) == 0 {
		body := s.selection(of, depth-1)
		name := fmt.Sprint("part", len(s.fragments))
		s.fragments = append(s.fragments, "fragment "+name+" on "+of+" "+body)
		b.WriteString(" ..." + name + s.condition())
	}
	b.WriteString(" }")
	return b.String()
}

func (s *scribe) field(of string, definition *ast.Definition, depth int) string {
	field := definition.Fields[s.IntN(len(definition.Fields))]
	if strings.HasPrefix(field.Name, "__") || !isAlike()[of][field.Name] && s.IntN(40) > 0 {
		return ""
	}
	s.selects++
	name, body := fmt.Sprint("a", s.selects), ""
	if named := schema().Types[field.Type.Name()]; len(named.Fields) > 0 {
		if depth == 0 {
			return ""
		}
		body = " " + s.selection(named.Name, depth-1)
	}
	// Two fields of one name must ask for the same, so each has one of its own.
	return fmt.Sprintf("%s: %s%s%s", name, field.Name, s.condition(), body)
}

func (s *scribe) condition() string {
	return []string{"", "", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: $yes)", " @include(if: true)"}[s.IntN(8)]
}

// happening changes the world by chance, so that viewers are told of it to different degrees.
func (s *scribe) happening(t *testing.T, f *fixture) {
	t.Helper()
	day := graph.NewDate(2026, 11, 1+s.IntN(20))
	of := []string{"p000", "p000-unit", "p001", ""}
	switch s.IntN(8) {
	case 0:
		f.happens(t, "partner.updated", &graph.Partner{Meta: graph.Meta{ID: "p001"}, Name: fmt.Sprint("Partner ", s.IntN(100)), Status: graph.Active, Undisclosed: s.IntN(4) == 0}, "name")
	case 1:
		f.happens(t, "competency.updated", &graph.Competency{Meta: graph.Meta{ID: "cloud"}, Name: fmt.Sprint("Cloud ", s.IntN(100)), Broader: []string{"it"}}, "name")
	case 2:
		f.happens(t, "referral.sent", &graph.Referral{Meta: graph.Meta{ID: "sent"}, From: of[s.IntN(2)], To: "p001", Parent: "p000-referral", Competency: "cloud", State: graph.ReferralNew, SentOn: day, Value: &graph.Money{Amount: fmt.Sprint(1 + s.IntN(9)), Currency: "CHF"}}, "value", "state")
	case 3:
		f.happens(t, "invitation.created", &graph.Invitation{Meta: graph.Meta{ID: "p000-invitation"}, Opportunity: "p000-gap", Partner: of[s.IntN(3)], State: graph.InvitationStates[s.IntN(3)], SentOn: day})
	case 4:
		f.happens(t, "customer.updated", &graph.Customer{Meta: graph.Meta{ID: "acme"}, Name: fmt.Sprint("Acme ", s.IntN(100)), Consent: true}, "name")
	default:
		o := gapNamed(of[s.IntN(4)], fmt.Sprint("Gap \"", s.IntN(100), "\""))
		o.Customer = []string{"acme", "bank"}[s.IntN(2)]
		o.Lead, o.TransferTo, o.ProtectedUntil = of[s.IntN(4)], of[s.IntN(4)], graph.NewDate(2027, 1, 1)
		if o.Owner != "" {
			o.Members = []string{of[s.IntN(3)]}
		}
		o.Audience.Competencies, o.Declined, o.ReviewNote, o.PostedOn = []string{"edge"}, []string{"p001"}, "Say more", day
		if o.TransferTo == o.Owner {
			o.TransferTo = ""
		}
		f.happens(t, "opportunity.updated", o, "title", "audience", "protectedUntil", "transferTo", "lead")
	}
}

// TestWhoIsAnsweredAlikeIsAnsweredAsByItself has many viewers subscribe by random documents, so that they are answered
// by one answer with their own cursors where they are told alike. Each answer is, byte by byte, what the executor
// answers to the viewer alone, who reads the log anew. VALUEWEB_TORTURE=1 does it forty times as often.
func TestWhoIsAnsweredAlikeIsAnsweredAsByItself(t *testing.T) {
	every.Embedded(t)
	seeds := uint64(50)
	switch {
	case os.Getenv("VALUEWEB_TORTURE") != "":
		seeds = 2000
	case testing.Short():
		seeds = 25
	}
	shared, messages := 0, 0
	for seed := range seeds {
		store := embedded.Memory(embedded.Options{})
		f := newFixture(t, store, 2)
		f.bring(t, &graph.Customer{Meta: meta("bank"), Name: "Bank"}, &graph.CustomerPartner{Meta: meta("bank-p001"), Customer: "bank", Partner: "p001", Role: graph.CustomerRoles[0]}) // others do not read it
		s := &scribe{Rand: rand.New(rand.NewPCG(seed, 6))}
		viewers := []graph.Viewer{
			graph.Operator, {Role: graph.RolePartner, Organisation: "p000"}, {Role: graph.RolePartner, Organisation: "p001"}, {Role: graph.RolePartner, Organisation: "p001", Subject: "eve"},
			{Role: graph.RolePartner, Organisation: "p000-unit"}, {Role: graph.RolePartner, Organisation: "p001-unit"}, {Role: graph.RoleCustomer, Organisation: "acme"},
		}
		for range 12 {
			topic, document := s.document()
			if f.alike(t, document) {
				shared++
			}
			var ears []*ear
			var cursors []string
			var variables []map[string]any
			for _, v := range viewers {
				f.viewer = v
				f.variables = map[string]any{"yes": s.IntN(2) == 0}
				variables = append(variables, f.variables)
				ears = append(ears, f.hear(t, document, ""))
				cursors = append(cursors, f.page(t, topic, "").End)
			}
			s.happening(t, f)
			for i, v := range viewers {
				f.viewer, f.variables = v, variables[i]
				if len(f.page(t, topic, cursors[i]).Messages) == 0 {
					continue
				}
				messages++
				got, want := ears[i].answer(), f.hear(t, document, cursors[i]).answer()
				if !bytes.Equal(got.Data, want.Data) || len(got.Errors) != len(want.Errors) || ears[i].holder.Cursor() == cursors[i] {
					t.Fatalf("seed %d: %s\nis answered to %v among others\n%s %v\nand alone\n%s %v", seed, document, v, got.Data, got.Errors, want.Data, want.Errors)
				}
			}
			for _, e := range ears {
				e.hang()
			}
		}
	}
	if messages < 200 || shared < 60 {
		t.Errorf("only %d messages came, and %d documents could be answered for many", messages, shared)
	}
}

// page is what the viewer is told after a cursor.
func (f *fixture) page(t *testing.T, topic int, after string) *stream.Page {
	t.Helper()
	page, err := f.streams.Page(t.Context(), f.viewer, stream.Interest{Topic: stream.Topic(topic)}, after, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// alike reports whether who is told alike is answered alike to a document.
func (f *fixture) alike(t *testing.T, document string) bool {
	t.Helper()
	ctx, _ := WithCursorHolder(WithViewer(t.Context(), f.viewer), f.exec)
	operation, refused := f.exec.CreateOperationContext(graphql.StartOperationTrace(ctx), &graphql.RawParams{Query: document})
	if refused != nil {
		t.Fatalf("%s: %v", document, refused)
	}
	return answersAlike(operation)
}

func TestWhoIsToldOfACustomerIsNotedAlsoWhereOthersAskAlike(t *testing.T) {
	f := newFixture(t, embedded.Memory(embedded.Options{}), 2)
	partners := []graph.Viewer{{Role: graph.RolePartner, Organisation: "p000"}, {Role: graph.RolePartner, Organisation: "p001"}}
	var ears []*ear
	for _, f.viewer = range partners {
		ears = append(ears, f.hear(t, `subscription { events(types: ["customer.*"]) { seq subject { id } } }`, ""))
	}
	f.happens(t, "customer.updated", &graph.Customer{Meta: graph.Meta{ID: "acme"}, Name: "Acme & Co", Consent: true}, "name")
	for i, v := range partners {
		ears[i].says(t)
		f.audit.Flush(t.Context())
		page, err := f.graph.CustomerAccesses(t.Context(), graph.Operator, graph.AccessArgs{AccessQuery: graph.AccessQuery{Customer: "acme", Viewer: v.String()}})
		if err != nil || len(page.Accesses) != 1 {
			t.Errorf("of %v it is noted %+v: %v", v, page, err)
		}
	}
}

func TestHeartbeatsAreAlikeAndTheirCursorsAreNot(t *testing.T) {
	f := newFixture(t, embedded.Memory(embedded.Options{}), 2)
	const document = `subscription { opportunities { cursor again: cursor seq type opportunity { id } } }`
	partners := []graph.Viewer{{Role: graph.RolePartner, Organisation: "p000"}, {Role: graph.RolePartner, Organisation: "p001"}, {Role: graph.RolePartner, Organisation: "p000", Subject: "eve"}}
	var ears []*ear
	for _, f.viewer = range partners {
		ears = append(ears, f.hear(t, document, ""))
	}
	f.later.Add(int64(15 * time.Second))
	f.ticks <- time.Time{}
	for i, v := range partners {
		f.viewer = v
		got := ears[i].says(t)
		end := f.page(t, int(stream.Opportunities), "").End // of the same viewer, at the same place
		if want := map[string]any{"cursor": end, "again": end, "seq": "1", "type": "heartbeat", "opportunity": nil}; !reflect.DeepEqual(got, want) {
			t.Errorf("%v is told %v, not %v", v, got, want)
		}
	}
}
