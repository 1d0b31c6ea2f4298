package neo4jstore_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
	"valueweb/graph/neo4jstore/neo4jtest"
	"valueweb/graph/sheet"
)

// hostile are texts that mean something to Cypher, to Lucene, to templates or to nobody.
var hostile = []string{
	`'}) DETACH DELETE n //`, `") MATCH (n) DETACH DELETE n`, "`) DETACH DELETE n //", `\'}) DETACH DELETE n //`, `\u0027}) DETACH DELETE n //`,
	`$param`, `$text`, `{{name}}`, `{name: 'x'}`, `[1, 2, 'three']`, `null`, `true`, `KIND`, `BODY`, `PROJECTION`, `n.texts`, `; MATCH (n) DETACH DELETE n`,
	`foo) OR *:*`, `*:*`, `name:*`, `"unbalanced`, `a~0.5^2`, `[a TO z]`, `+a -b && c || !d`, `a\`, `a?b*c`, `%`, `_`, `<script>alert(1)</script>`,
	"nul\x00byte", "line\nbreak", "tab\tbed", "\u202eright to left", "e\u0301", "ẞ", "İ", "ﷺ", "𝔘𝔫𝔦", "\U0010ffff", "a\u200db", "\ufeffmark", "broken \xff utf-8",
	strings.Repeat("𝔘", graph.MaxName), strings.Repeat("ﷺ", graph.MaxName), strings.Repeat("x", graph.MaxName+1), strings.Repeat("n", 1<<20),
}

// TestATextIsATextWhateverItSays writes such texts into every column of every sheet, of this store and of the
// embedded one, which knows no language to inject: both must keep and refuse the same, and find it again.
func TestATextIsATextWhateverItSays(t *testing.T) {
	pair := open(t)
	reports := [2]string{}
	for i, store := range pair.stores {
		report, err := sheet.Import(t.Context(), store, graph.Operator, hostileSheets(), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Totals.Rejected == 0 || report.Totals.Added < 5*len(hostile) {
			t.Errorf("the sheets are no good: %+v", report.Totals)
		}
		text, _ := json.Marshal(report)
		reports[i] = string(text)
	}
	if reports[0] != reports[1] {
		t.Errorf("the reports differ:\n%s\n%s", reports[0], reports[1])
	}
	before := pair.everything(t)
	pair.find(t, hostile)
	for _, text := range hostile {
		pair.same(t, "nearest", func(store graph.Store) (any, error) {
			return store.Nearest(t.Context(), graph.Operator, graph.KindPartner, text, 5)
		})
		pair.same(t, "read", func(store graph.Store) (any, error) {
			return store.Read(t.Context(), graph.Operator, graph.KindPartner, []string{text})
		})
	}
	if after := pair.everything(t); after != before {
		t.Errorf("there were %d nodes before the questions and %d after", before, after)
	}
}

// TestWhatIsAllowedCanBeKept writes nodes at the limits of graph.CheckNode. An index of the database has
// limits of its own, which must not show.
func TestWhatIsAllowedCanBeKept(t *testing.T) {
	widest := func(n int) string { return strings.Repeat("𝔘", n) }
	swelling := strings.Repeat("ﷺ", graph.MaxName) // one character that folds to 18
	id := strings.Repeat("i", graph.MaxID)
	var aliases, offers, tags []string
	for i := range 200 {
		aliases = append(aliases, fmt.Sprintf("%04d", i)+widest(graph.MaxName-4))
		tags = append(tags, fmt.Sprintf("%04d", i)+widest(graph.MaxName-4))
	}
	for i := range 10_000 {
		offers = append(offers, fmt.Sprintf("offer %d", i))
	}
	pair := open(t)
	for i, nodes := range [][]graph.Node{
		{
			&graph.Competency{Meta: graph.Meta{ID: id}, Name: swelling, Aliases: aliases, Description: widest(graph.MaxDescription)},
			&graph.Partner{Meta: graph.Meta{ID: id, ExternalIDs: []graph.ExternalID{{System: widest(1000), ID: widest(1000)}}}, Name: swelling, Aliases: aliases, Tags: tags, Status: graph.Active, Website: "https://example.com/" + strings.Repeat("w", 9000)},
			&graph.Partner{Meta: graph.Meta{ID: "swollen"}, Name: "Swollen", Aliases: []string{swelling, swelling, swelling}, Status: graph.Active},
			&graph.Customer{Meta: graph.Meta{ID: id}, Name: swelling, Segment: widest(graph.MaxName), Industry: widest(graph.MaxName)},
			&graph.Region{Meta: graph.Meta{ID: id}, Name: swelling},
			&graph.Solution{Meta: graph.Meta{ID: id}, Name: swelling, Description: widest(graph.MaxDescription)},
		},
		{
			&graph.Office{Meta: graph.Meta{ID: id}, Partner: id, Name: swelling, City: swelling, Address: widest(graph.MaxName), Tags: tags},
			&graph.Site{Meta: graph.Meta{ID: id}, Customer: id, Name: swelling, City: swelling},
			&graph.Contact{Meta: graph.Meta{ID: id}, Partner: id, Name: swelling, Email: widest(graph.MaxName), Phone: widest(graph.MaxName)},
			&graph.Holding{Meta: graph.Meta{ID: id}, Partner: id, Competency: id, Level: 3, Offers: offers},
			&graph.Certification{Meta: graph.Meta{ID: id}, Partner: id, Competency: id, Scheme: widest(graph.MaxName), Level: widest(graph.MaxName), Issuer: widest(graph.MaxName), Verified: true},
			&graph.Opportunity{Meta: graph.Meta{ID: id}, Title: swelling, Customer: id, Owner: id, Stage: graph.Prospect, Audience: graph.Audience{Kind: graph.AudienceAll, Tags: tags}},
			&graph.Wall{Meta: graph.Meta{ID: id}, Partner: id, Segment: widest(graph.MaxName)},
			&graph.Wall{Meta: graph.Meta{ID: "swelling"}, Partner: id, Segment: swelling},
		},
	} {
		for _, node := range nodes {
			pair.same(t, fmt.Sprintf("put %d %s", i, node.GID()), func(store graph.Store) (any, error) { return put(t.Context(), store, copied(node)) })
		}
	}
	pair.everything(t)
	pair.find(t, []string{"0199" + widest(5), widest(graph.MaxName - 4), swelling, "swollen", id, strings.Repeat("ﷺ", 3)})
}

// pair is a store in Neo4j and one in memory that are asked the same.
type pair struct{ stores [2]graph.Store }

func open(t *testing.T) pair {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	return pair{[2]graph.Store{
		embedded.Memory(embedded.Options{Clock: clock}),
		neo4jtest.Open(t, func(o *neo4jstore.Options) { o.Clock = clock }),
	}}
}

// same asks both stores and compares the answers, errors and their codes included.
func (p pair) same(t *testing.T, what string, ask func(graph.Store) (any, error)) any {
	t.Helper()
	var answers [2]any
	var failures [2]string
	for i, store := range p.stores {
		answer, err := ask(store)
		if answers[i] = answer; err != nil {
			e, known := graph.AsError(err)
			if !known {
				t.Fatalf("%s: %T %.300v", what, store, err)
			}
			failures[i] = string(e.Code) + " " + e.Field
		}
	}
	if failures[0] != failures[1] || !reflect.DeepEqual(answers[0], answers[1]) {
		t.Fatalf("%s differs:\n%s %.600s\n%s %.600s", what, failures[0], shown(answers[0]), failures[1], shown(answers[1]))
	}
	return answers[0]
}

func shown(answer any) string {
	text, err := json.Marshal(answer)
	if err != nil {
		return fmt.Sprintf("%+v", answer)
	}
	return string(text)
}

// named are the kinds that are listed by name, too.
var named = []graph.Kind{graph.KindRegion, graph.KindCompetency, graph.KindPartner, graph.KindOffice, graph.KindCustomer, graph.KindSite, graph.KindSolution}

// everything reads both graphs in small pages, by id and by name, and returns the number of nodes.
func (p pair) everything(t *testing.T) (nodes int) {
	t.Helper()
	for _, kind := range graph.Kinds {
		nodes += p.walk(t, kind, graph.OrderByID)
	}
	for _, kind := range named {
		p.walk(t, kind, graph.OrderByName)
	}
	return nodes
}

func (p pair) walk(t *testing.T, kind graph.Kind, field graph.OrderField) (nodes int) {
	t.Helper()
	var after *graph.Key
	for {
		q := graph.ListQuery{Kind: kind, Order: graph.Order{Field: field}, Page: graph.PageQuery{First: 7, After: after, Total: true}}
		page := p.list(t, q)
		nodes += len(page.Nodes)
		if !page.HasNext {
			return nodes
		}
		after = &page.Keys[len(page.Keys)-1]
	}
}

func (p pair) list(t *testing.T, q graph.ListQuery) graph.Page {
	t.Helper()
	return p.same(t, fmt.Sprintf("list %s by %s with %.50q", q.Kind, q.Order.Field, q.Filter.Text), func(store graph.Store) (any, error) {
		page, err := store.List(t.Context(), graph.Operator, q)
		page.Km = nil
		return page, err
	}).(graph.Page)
}

// find looks for texts in every list that has a filter by text.
func (p pair) find(t *testing.T, all []string) {
	t.Helper()
	found := 0
	for _, text := range all {
		for _, kind := range []graph.Kind{graph.KindPartner, graph.KindOffice, graph.KindCompetency, graph.KindCustomer, graph.KindSite} {
			q := graph.ListQuery{Kind: kind, Filter: graph.Filter{Text: text}, Order: graph.Order{Field: graph.OrderByName}, Page: graph.PageQuery{First: 100, Total: true}}
			found += len(p.list(t, q).Nodes)
		}
	}
	if found < len(all) {
		t.Errorf("%d texts found %d nodes", len(all), found)
	}
}

// put writes one node and returns how it was refused.
func put(ctx context.Context, store graph.Store, node graph.Node) (string, error) {
	refusal := ""
	_, err := store.Write(ctx, graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		refusals, err := tx.Put(ctx, []graph.Node{node})
		if err != nil {
			return err
		}
		refusal = fmt.Sprint(refusals[0])
		if refusals[0] != nil {
			return nil
		}
		return tx.Log(ctx, graph.Event{Type: "test.put", Subject: node.GID()})
	})
	return refusal, err
}

// copied is a node of its own: what is put belongs to the store.
func copied(node graph.Node) graph.Node {
	value := reflect.New(reflect.TypeOf(node).Elem())
	value.Elem().Set(reflect.ValueOf(node).Elem())
	return value.Interface().(graph.Node)
}

// hostileSheets are sheets with a hostile text in every column that takes a text, row by row.
func hostileSheets() []sheet.Source {
	all := map[string][][]string{}
	add := func(name string, cells ...string) { all[name] = append(all[name], cells) }
	add("regions", "id", "name", "countries", "parent_id")
	add("competencies", "id", "name", "parent_id", "related", "aliases", "description")
	add("partners", "id", "name", "aliases", "tags", "kind", "tier", "website", "part_of", "external_ids")
	add("offices", "id", "partner_id", "name", "city", "country", "lat", "lng", "roles", "address", "tags")
	add("customers", "id", "name", "segment", "industry")
	add("sites", "id", "customer_id", "name", "city", "country", "lat", "lng")
	add("contacts", "id", "partner_id", "customer_id", "name", "email", "phone", "role", "territories")
	add("partner_competencies", "partner_id", "competency_id", "office_id", "level", "offer")
	add("certifications", "partner_id", "competency_id", "scheme", "level", "issuer")
	add("solutions", "id", "name", "partner_id", "origin", "description")
	add("partnerships", "id", "partners", "kind", "collaboration", "sponsor", "manager")
	add("opportunities", "id", "title", "customer_id", "needs", "owner_partner_id", "audience", "audience_tags")
	add("walls", "partner_id", "segment")
	for i, text := range hostile {
		is := fmt.Sprintf("h%d", i)
		for _, id := range []string{is, text} { // the text as an id, too
			add("regions", id, text, "", "")
			add("competencies", id, text, "", "", text, text)
			add("partners", id, text, text, text, "", "", "", "", "system:"+text)
			add("customers", id, text, text, text)
			add("solutions", id, text, id, "", text)
			add("opportunities", id, text, id, id, id, "ALL", text)
			add("offices", id, id, text, text, "FR", "45.1", "4.9", "", text, text)
			add("sites", id, id, text, text, "FR", "45.1", "4.9")
			add("partner_competencies", id, id, "", "3", text)
			add("walls", id, text)
		}
		add("contacts", is, is, "", text, text, text, "", "")
		add("certifications", is, is, text, text, text)
		add("partnerships", is, is+";h0", text, "", text, text)
		for _, closed := range [][]string{{is + "k", "n", "", "", text, "", "", "", ""}, {is + "t", "n", "", "", "", text, "", "", ""}, {is + "w", "n", "", "", "", "", text, "", ""}, {is + "p", "n", "", "", "", "", "", text, ""}} {
			add("partners", closed...)
		}
	}
	var sources []sheet.Source
	for name, records := range all {
		var body bytes.Buffer
		if err := csv.NewWriter(&body).WriteAll(records); err != nil {
			panic(err) // a buffer takes everything
		}
		sources = append(sources, sheet.Source{Name: name + ".csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body.Bytes())), nil }})
	}
	return sources
}
