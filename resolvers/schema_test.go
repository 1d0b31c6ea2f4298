package resolvers

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/graph"
)

func TestTheSchemaServedIsTheFile(t *testing.T) {
	file, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	if SDL() != string(file) {
		t.Error("the generated code was made from another schema: run go tool gqlgen generate")
	}
}

func TestEverythingInTheSchemaIsDescribed(t *testing.T) {
	described := func(description, format string, args ...any) {
		if len(strings.TrimSpace(description)) < 4 {
			t.Errorf("%s has no description", fmt.Sprintf(format, args...))
		}
	}
	for _, definition := range schema().Types {
		if definition.BuiltIn {
			continue
		}
		described(definition.Description, "%s", definition.Name)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			described(field.Description, "%s.%s", definition.Name, field.Name)
			for _, argument := range field.Arguments {
				described(argument.Description, "%s.%s(%s)", definition.Name, field.Name, argument.Name)
			}
		}
		for _, value := range definition.EnumValues {
			described(value.Description, "%s.%s", definition.Name, value.Name)
		}
	}
}

func TestTheQuestionsOfTheWorldsFitTheSchema(t *testing.T) {
	files, err := filepath.Glob("../testdata/worlds/*/questions.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no worlds: %v", err)
	}
	fit := 0
	for _, file := range append(files, "../testdata/worlds/real-questions.json") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var questions []struct{ ID, Operation string }
		if err := json.Unmarshal(text, &questions); err != nil {
			t.Fatal(err)
		}
		for _, question := range questions {
			if !strings.Contains(question.Operation, "{ whoCanFill(") && !strings.Contains(question.Operation, "{ paths(") {
				continue // a later question
			}
			if _, errs := gqlparser.LoadQueryWithRules(schema(), question.Operation, nil); errs != nil {
				t.Errorf("%s %s: %v", file, question.ID, errs)
			}
			fit++
		}
	}
	if fit < 100 {
		t.Errorf("only %d questions were found", fit)
	}
}

// TestEveryFieldIsAnswered asks for every field of every type that a list of Query leads to, two steps
// deep, in a world in which every kind of node occurs with all that it can have and without.
func TestEveryFieldIsAnswered(t *testing.T) {
	onEveryStore(t, 4, func(t *testing.T, f *fixture) {
		f.happens(t, "opportunity.posted", gapNamed("p000", "A gap"))
		f.happens(t, "referral.sent", &graph.Referral{Meta: graph.Meta{ID: "sent"}, From: "p000", To: "p000-unit", State: graph.ReferralNew, SentOn: graph.NewDate(2026, 11, 1)})
		for _, field := range schema().Query.Fields {
			if strings.HasPrefix(field.Name, "__") || len(requiredArguments(field)) > 0 {
				continue
			}
			f.ask(t, "{ "+field.Name+selection(schema().Types[field.Type.Name()], 2)+" }")
		}
		f.ask(t, `{ whoCanFill(gap: {needs: [{competency: "cloud"}, {competency: "edge"}], place: {customer: "acme"}, asker: "p000"})`+
			selection(schema().Types["CandidateConnection"], 3)+` }`)
		f.ask(t, `{ paths(from: "p000", to: "p000-unit")`+selection(schema().Types["PathAnswer"], 3)+` }`)
		f.ask(t, `{ whoCanFill(gap: {needs: [{competency: "cloud"}], place: {customer: "acme"}, kinds: [AGENCY]}) { edges { cursor node { rank } } leftOut { kind } loosen { filter to wouldFind } } }`)
		f.ask(t, `{ paths(from: "p000", to: "p001") { apart { from to hops } } }`)
		f.ask(t, `{ node(gid: "Partner:p000") { id gid version createdAt updatedAt retiredOn synthetic externalIds { system id } } }`)
		f.ask(t, `{ figures(of: CUSTOMERS, by: [SEGMENT, INDUSTRY, COUNTRY]) { segment industry country count } }`)
		f.ask(t, `{ explainAccess(viewer: "ANALYST", gid: "Partner:p000") { degree because } }`)
		for _, one := range []string{"partner", "office", "competency", "customer", "site", "solution", "opportunity", "referral", "partnership", "region", "wall", "apiKey"} {
			f.ask(t, "{ "+one+`(id: "nobody") { id } }`)
		}
		for field, input := range map[string]string{
			"postOpportunity":       `{title: "A gap", customer: "acme", needs: [{competency: "cloud"}], audience: {all: true}}`,
			"invite":                `{opportunity: "p001-gap", partner: "p002"}`,
			"createWall":            `{partner: "p000", segment: "SMB", competency: "cloud", partnership: "p000-alliance"}`,
			"updatePartnership":     `{id: "p000-alliance", endsOn: "2030-01-01"}`,
			"createCustomerPartner": `{customer: "acme", partner: "p000", role: SUPPORTS}`,
			"createPartner":         `{name: "Nova"}`,
			"updateOffice":          `{id: "p000-office"}`,
			"updateContact":         `{id: "p000-sales-1"}`,
			"updateRegion":          `{id: "dach"}`,
			"updateCompetency":      `{id: "edge"}`,
			"updateHolding":         `{id: "p000-cloud"}`,
			"updateCertification":   `{id: "p000-cert"}`,
			"updateCustomer":        `{id: "acme"}`,
			"updateSite":            `{id: "square"}`,
			"updateSolution":        `{id: "p000-solution"}`,
			"createApiKey":          `{partner: "p000", name: "CRM", scopes: [READ]}`,
			"revokeApiKey":          `{id: "p000-key"}`,
			"sendReferral":          `{from: "p000", to: "p001"}`,
			"createStreamTicket":    `{}`,
		} {
			payload := schema().Types[schema().Mutation.Fields.ForName(field).Type.Name()]
			f.ask(t, "mutation { "+field+"(input: "+input+")"+selection(payload, 2)+" }")
		}
		for _, field := range schema().Subscription.Fields {
			heard := f.hear(t, "subscription { "+field.Name+`(after: "0")`+selection(schema().Types[field.Type.Name()], 2)+" }", "")
			heard.says(t)
		}
		f.ask(t, `{ nodes(gids: []) { id } offices(filter: {near: {site: "square"}}) { edges { km } } sites(filter: {near: {site: "square"}}) { edges { km } } }`)
		for _, definition := range schema().Types {
			if definition.Kind != ast.Object || definition.BuiltIn || definition == schema().Mutation {
				continue
			}
			for _, field := range definition.Fields {
				if name := definition.Name + "." + field.Name; !f.fields[name] && !strings.HasPrefix(field.Name, "__") {
					t.Errorf("%s was never asked for", name)
				}
			}
		}
	})
}

// selection asks for all fields of a type, and for all fields of the types that they lead to, so many steps.
func selection(of *ast.Definition, steps int) string {
	var fields []string
	for _, field := range of.Fields {
		target, name := schema().Types[field.Type.Name()], field.Name
		switch {
		case strings.HasSuffix(target.Name, "Edge"):
			name += selection(target, 0)
		case strings.HasSuffix(target.Name, "Connection") && steps > 0: // the way to rows is no step
			name += selection(target, steps)
		case target.IsCompositeType() && steps > 0:
			name += selection(target, steps-1)
		case target.IsCompositeType():
			name += " { __typename }"
		}
		fields = append(fields, name)
	}
	return " { " + strings.Join(fields, " ") + " }"
}

func requiredArguments(field *ast.FieldDefinition) []string {
	var names []string
	for _, argument := range field.Arguments {
		if argument.Type.NonNull && argument.DefaultValue == nil {
			names = append(names, argument.Name)
		}
	}
	return names
}
