package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/resolvers"
	"valueweb/scenarios/naive"
)

// schema is the schema that clients are given: what can be sent is drawn from it, so that no mutation and no field of
// an input is forgotten.
var schema = gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: resolvers.SDL()})

// sheetsOfFields says of which sheet an id is that a field of an input names.
var sheetsOfFields = map[string]string{
	"partner": "partners", "parties": "partners", "partners": "partners", "owner": "partners", "from": "partners", "to": "partners", "asker": "partners",
	"partOf": "partners", "customer": "customers", "site": "sites", "sites": "sites", "opportunity": "opportunities", "referral": "referrals",
	"partnership": "partnerships", "sharedIn": "partnerships", "invitation": "invitations", "certification": "certifications", "office": "offices",
	"competency": "competencies", "competencies": "competencies", "certifiedIn": "competencies", "broader": "competencies", "related": "competencies",
	"region": "regions", "parent": "regions", "territories": "regions", "buildsOn": "solutions", "channelManager": "contacts",
}

// sheetsOfTypes says of which sheet the record is that an input changes as `id`, by the name of the input.
var sheetsOfTypes = map[string]string{
	"Partner": "partners", "Office": "offices", "Contact": "contacts", "Region": "regions", "Competency": "competencies", "Holding": "partner_competencies",
	"Certification": "certifications", "Customer": "customers", "Site": "sites", "Solution": "solutions", "Partnership": "partnerships", "Wall": "walls",
	"CustomerPartner": "customer_partners", "ApiKey": "api_keys",
}

// draft draws the input of a mutation.
type draft struct {
	*duel
	mutation *ast.FieldDefinition
}

// input draws what a mutation is sent.
func (c *duel) input(mutation *ast.FieldDefinition) map[string]any {
	d := draft{c, mutation}
	input := d.object(mutation.Arguments.ForName("input").Type.Name())
	if field, ids := c.subjects(mutation.Name); len(ids) > 0 && d.chance(75) {
		input[field] = ids[d.IntN(len(ids))]
	}
	d.sharpen(input)
	return input
}

// subjects are the ids of what the viewer may well change by a mutation, and the field that names it; none for others
// than those of opportunities, invitations, partnerships and referrals.
func (c *duel) subjects(mutation string) (field string, ids []string) {
	field, sheet, fits := c.subject(mutation)
	if field == "" {
		return "", nil
	}
	for _, row := range c.before[sheet] {
		if fits(row) {
			ids = append(ids, row["id"])
		}
	}
	return field, ids
}

func (c *duel) subject(mutation string) (field, sheet string, fits func(naive.Row) bool) {
	me := c.viewer.Organisation
	is := func(columns ...string) func(naive.Row) bool {
		return func(row naive.Row) bool {
			for _, column := range columns {
				if slices.Contains(elements(row[column]), me) {
					return true
				}
			}
			return false
		}
	}
	posted := func(o naive.Row) bool {
		return o["owner_partner_id"] == me && me != "" || c.viewer.Role == "CUSTOMER" && o["owner_partner_id"] == "" && o["customer_id"] == me
	}
	both := func(one, other func(naive.Row) bool) func(naive.Row) bool {
		return func(row naive.Row) bool { return one(row) && other(row) }
	}
	in := func(column, value string) func(naive.Row) bool {
		return func(row naive.Row) bool { return row[column] == value }
	}
	switch mutation {
	case "answerInvitation":
		return "invitation", "invitations", both(is("partner_id"), in("state", "PENDING"))
	case "answerPartnership":
		return "partnership", "partnerships", is("pending")
	case "answerReferral":
		return "referral", "referrals", both(is("to_partner_id"), in("state", "NEW"))
	case "forwardReferral", "closeReferral":
		return "referral", "referrals", both(is("to_partner_id"), in("state", "ACTIVE"))
	case "answerTransfer":
		return "opportunity", "opportunities", is("transfer_to")
	case "leaveOpportunity":
		return "opportunity", "opportunities", is("lead_partner_id", "member_partner_ids")
	case "claimOpportunity":
		return "opportunity", "opportunities", func(o naive.Row) bool {
			return c.told.Has("opportunities", o["id"]) && !posted(o) && o["lead_partner_id"] == ""
		}
	case "publishOpportunity":
		return "opportunity", "opportunities", both(posted, in("stage", "DRAFT"))
	case "editOpportunity", "submitOpportunity", "withdrawOpportunity", "loseOpportunity", "removeMember", "offerTransfer":
		return "opportunity", "opportunities", posted
	case "advanceOpportunity", "invite":
		return "opportunity", "opportunities", func(o naive.Row) bool { return posted(o) || is("lead_partner_id")(o) }
	}
	return "", "", nil
}

// object draws an input of a type: what it must state, and some of the rest.
func (d draft) object(name string) map[string]any {
	of := schema.Types[name]
	object := map[string]any{}
	for _, field := range of.Fields {
		switch {
		case field.Name == "clientToken":
			if d.chance(15) {
				object[field.Name] = d.oneOf("token-1", "token-2")
			}
		case field.Name == "expectedVersion":
			if d.chance(30) {
				object[field.Name] = []int{1, 1, 0, 0, 2}[d.IntN(5)]
			}
		case field.Type.NonNull || d.chance(35):
			object[field.Name] = d.value(of, field.Name, field.Type)
		}
	}
	switch name { // of which one alone is stated
	case "AudienceInput":
		return map[string]any{"filter": d.audience()}
	case "PlaceInput":
		return d.lone(of, "customer", "site", "point")
	}
	return object
}

// lone states one of some fields.
func (d draft) lone(of *ast.Definition, fields ...string) map[string]any {
	field := of.Fields.ForName(d.oneOf(fields...))
	return map[string]any{field.Name: d.value(of, field.Name, field.Type)}
}

// audience is a filter of an audience, of what an audience can be chosen by.
func (d draft) audience() map[string]any {
	of := schema.Types["PartnerFilter"]
	field := of.Fields.ForName(d.oneOf("holds", "region", "countries", "kinds", "tags", "minTier"))
	filter := map[string]any{field.Name: d.value(of, field.Name, field.Type)}
	if needs, is := filter["holds"].([]any); is {
		for _, need := range needs {
			delete(need.(map[string]any), "minLevel")
		}
	}
	return filter
}

// value draws a value of a field; null clears it now and then.
func (d draft) value(of *ast.Definition, field string, t *ast.Type) any {
	if !t.NonNull && d.chance(8) {
		return nil
	}
	if t.Elem != nil {
		var all []any
		for range 1 + d.IntN(2) {
			all = append(all, d.value(of, field, t.Elem))
		}
		return all
	}
	switch name := t.Name(); name {
	case "ID":
		return d.id(of, field)
	case "String":
		return d.text(field)
	case "Int":
		return 1 + d.IntN(4)
	case "Float":
		return 50.0
	case "Boolean":
		return d.chance(65)
	case "Date":
		return naive.DayAfter(d.today, d.IntN(60)-30)
	case "DateTime":
		return naive.DayAfter(d.today, 1) + "T00:00:00Z"
	case "Decimal":
		return fmt.Sprintf("%d.50", 100+d.IntN(900))
	case "Country":
		return d.oneOf("FR", "DE", "CH", "SE")
	case "URL":
		return "https://made.example"
	case "EmailAddress":
		return d.oneOf("made@example.org", "other@example.org")
	default:
		if of := schema.Types[name]; of.Kind == ast.Enum {
			return of.EnumValues[d.IntN(len(of.EnumValues))].Name
		}
		return d.object(name)
	}
}

// text draws a text: names that others have as well.
func (d draft) text(field string) string {
	switch field {
	case "currency":
		return "EUR"
	case "minTier", "tier":
		return d.oneOf("REGISTERED", "SILVER")
	case "segment":
		return d.oneOf("SMB", "Öffentliche Hand")
	case "reason":
		return d.oneOf("PRICE", "CAPACITY", "OTHER")
	case "tags":
		return d.oneOf("cloud", "green")
	case "fields":
		return d.oneOf("title", "value")
	}
	if row := d.rows["partners"][d.IntN(len(d.rows["partners"]))]; d.chance(10) {
		return row["name"]
	}
	return fmt.Sprintf("Made %d", d.IntN(5))
}

// id draws an id of what a field names: mostly what the viewer may read, often what it may not, and now and then what
// is not there at all.
func (d draft) id(of *ast.Definition, field string) string {
	sheet := sheetsOfFields[field]
	if field == "id" {
		for name, s := range sheetsOfTypes {
			if strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(of.Name, "Update"), "Retire"), "Revoke"), "Input") == name {
				sheet = s
			}
		}
		if sheet == "" { // of what is to be made
			return d.oneOf("made-id", d.any("partners"))
		}
	}
	if sheet == "" {
		panic(fmt.Sprintf("nobody says what %s.%s names", of.Name, field)) // add it to sheetsOfFields
	}
	return d.named(sheet, field)
}

// named draws an id of a sheet.
func (d draft) named(sheet, field string) string {
	mine := d.own(sheet)
	if made := d.made[sheet]; len(made) > 0 && d.chance(25) {
		return made[d.IntN(len(made))]
	}
	if len(mine) > 0 && field != "to" && d.chance(60) {
		return mine[d.IntN(len(mine))]
	}
	if told := d.told[sheet]; len(told) > 0 && d.chance(60) {
		return told[d.IntN(len(told))]["id"]
	}
	return d.any(sheet)
}

// own are the ids of a sheet that the viewer may change, or that wait for it.
func (d draft) own(sheet string) (ids []string) {
	if d.mine == nil {
		d.mine = d.belongings()
	}
	for _, row := range d.told[sheet] {
		if d.mine[sheet+" "+row["id"]] {
			ids = append(ids, row["id"])
		}
	}
	return ids
}

// belongings are the rows that name the viewer, or a customer that it owns.
func (d draft) belongings() map[string]bool {
	me, customers := d.viewer.Organisation, map[string]bool{}
	for _, row := range d.rows["customer_partners"] {
		if row["partner_id"] == me && strings.HasSuffix(row["role"], "OWNER") {
			customers[row["customer_id"]] = true
		}
	}
	mine := map[string]bool{}
	for sheet, rows := range d.rows {
		for _, row := range rows {
			for _, column := range []string{"id", "partner_id", "partners", "customer_id", "owner_partner_id", "lead_partner_id", "to_partner_id", "transfer_to", "member_partner_ids"} {
				for _, cell := range elements(row[column]) {
					if cell == me && me != "" || customers[cell] && (column == "customer_id" || column == "id") && sheet != "opportunities" {
						mine[sheet+" "+row["id"]] = true
					}
				}
			}
		}
	}
	return mine
}

// sharpen makes of an input one that is more often right: mutations that are refused for what they are tell nothing of
// what there is.
func (d draft) sharpen(input map[string]any) {
	switch d.mutation.Name {
	case "createContact":
		if d.chance(80) {
			delete(input, d.oneOf("customer", "office"))
			if input["customer"] != nil {
				delete(input, "partner")
				delete(input, "office")
			} else if input["partner"] == nil {
				input["partner"] = d.named("partners", "partner")
			}
		}
	case "createWall":
		delete(input, "segment")
	case "postOpportunity", "editOpportunity":
		d.sharpenPosting(input)
	case "advanceOpportunity":
		if o := d.before.Row("opportunities", fmt.Sprint(input["opportunity"])); o != nil && d.chance(80) {
			input["to"] = next[o["stage"]]
			if input["to"] == "" {
				input["to"] = "QUALIFIED"
			}
		}
	case "removeMember":
		if o := d.before.Row("opportunities", fmt.Sprint(input["opportunity"])); o != nil && d.chance(70) {
			if engaged := elements(strings.Trim(o["lead_partner_id"]+";"+o["member_partner_ids"], ";")); len(engaged) > 0 {
				input["partner"] = engaged[d.IntN(len(engaged))]
			}
		}
	case "proposePartnership":
		if parties, is := input["parties"].([]any); is && d.viewer.Role == "PARTNER" && d.chance(80) {
			input["parties"] = append(parties[:1:1], d.viewer.Organisation)
		}
	}
	if d.viewer.Role != "OPERATOR" && d.chance(90) { // what is for operators to state
		for _, field := range reserved[d.mutation.Name] {
			delete(input, field)
		}
	}
}

// sharpenPosting names one place at most, and addresses in one way.
func (d draft) sharpenPosting(input map[string]any) {
	if input["site"] != nil {
		delete(input, "point")
		if d.chance(80) {
			delete(input, "customer")
		}
	}
	if _, stated := input["audience"]; !stated || input["audience"] == nil {
		return
	}
	switch d.IntN(3) {
	case 0:
		input["audience"] = map[string]any{"all": true}
	case 1:
		input["audience"] = map[string]any{"partners": []any{d.named("partners", "to"), d.named("partners", "to")}}
	}
}

// next is the stage after another.
var next = map[string]string{
	"PROSPECT": "QUALIFIED", "QUALIFIED": "TECHNICAL_VALIDATION", "TECHNICAL_VALIDATION": "BUSINESS_VALIDATION", "BUSINESS_VALIDATION": "COMMITTED", "COMMITTED": "LAUNCHED",
}

// reserved are the fields of inputs that are for operators alone.
var reserved = map[string][]string{
	"applyAsPartner": {"id"}, "updatePartner": {"status", "tier", "joinedOn", "partOf", "channelManager"}, "createOffice": {"id"}, "createContact": {"id"},
	"createCertification": {"id", "verified"}, "updateCertification": {"verified"}, "createCustomer": {"id"}, "createSite": {"id"}, "createSolution": {"id"},
	"updatePartnership": {"kind", "collaboration", "dataSharing", "startsOn", "endsOn", "sites"}, "answerPartnership": {"partner"}, "postOpportunity": {"owner"},
	"claimOpportunity": {"partner"}, "leaveOpportunity": {"partner"}, "sendReferral": {"from"},
}
