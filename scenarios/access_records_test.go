package scenarios

import (
	"fmt"
	"strings"
)

// nodeKind is a type of nodes: how it is asked for, and what it leads to.
type nodeKind struct {
	name, sheet string
	root, list  string            // the fields by id and of all; "": none
	own         string            // what it states
	one         map[string]string // what it names, by field: another type
	pages       map[string]string // what names it, by field
	orders      []string
}

const everyNode = "id gid retiredOn synthetic externalIds { system id } "

var kindsOfNodes = []nodeKind{
	{
		name: "Partner", sheet: "partners", root: "partner", list: "partners",
		own: "name aliases kind status tier website employees joinedOn capacity tags discoverable",
		one: map[string]string{"partOf": "Partner", "channelManager": "Contact"},
		pages: map[string]string{
			"offices": "Office", "units": "Partner", "holdings": "Holding", "certifications": "Certification", "contacts": "Contact",
			"customers": "CustomerPartner", "solutions": "Solution", "partnerships": "Partnership", "referralsSent": "Referral",
			"referralsReceived": "Referral", "opportunities": "Opportunity",
		},
		orders: []string{"ID", "NAME", "TIER", "JOINED_ON"},
	},
	{
		name: "Office", sheet: "offices", root: "office", list: "offices", own: "name address city country location { lat lng } roles tags",
		one: map[string]string{"partner": "Partner"}, pages: map[string]string{"holdings": "Holding", "contacts": "Contact"}, orders: []string{"ID", "NAME"},
	},
	{
		name: "Competency", sheet: "competencies", root: "competency", list: "competencies", own: "name aliases description",
		one:    map[string]string{"broader": "Competency", "related": "Competency"},
		pages:  map[string]string{"narrower": "Competency", "holdings": "Holding", "certifications": "Certification", "solutions": "Solution"},
		orders: []string{"ID", "NAME"},
	},
	{
		name: "Customer", sheet: "customers", root: "customer", list: "customers", own: "name segment industry consent",
		pages:  map[string]string{"sites": "Site", "contacts": "Contact", "partners": "CustomerPartner", "opportunities": "Opportunity", "referrals": "Referral"},
		orders: []string{"ID", "NAME"},
	},
	{name: "Site", sheet: "sites", root: "site", list: "sites", own: "name city country location { lat lng }", one: map[string]string{"customer": "Customer"}, orders: []string{"ID", "NAME"}},
	{
		name: "Solution", sheet: "solutions", root: "solution", list: "solutions", own: "name origin description",
		one: map[string]string{"partners": "Partner", "competencies": "Competency", "buildsOn": "Solution"}, pages: map[string]string{"usedBy": "Solution"},
	},
	{
		name: "Opportunity", sheet: "opportunities", root: "opportunity", list: "opportunities",
		own: `title point { lat lng } needs { minLevel competency { id } } value { amount currency } stage review reviewFields reviewNote protectedUntil postedOn closedOn lostReason
		  audience { kind partners { id } competencies { id } region { id } countries tags kinds minTier near { lat lng } radiusKm }`,
		one: map[string]string{
			"customer": "Customer", "site": "Site", "owner": "Partner", "lead": "Partner", "members": "Partner", "declined": "Partner", "sharedIn": "Partnership",
			"transferTo": "Partner",
		},
		pages: map[string]string{"invitations": "Invitation"},
	},
	{
		name: "Referral", sheet: "referrals", root: "referral", list: "referrals", own: "state value { amount currency } sentOn answeredOn closedOn",
		one:   map[string]string{"from": "Partner", "to": "Partner", "customer": "Customer", "competency": "Competency", "parent": "Referral"},
		pages: map[string]string{"children": "Referral"},
	},
	{
		name: "Partnership", sheet: "partnerships", root: "partnership", list: "partnerships", own: "kind collaboration dataSharing startsOn endsOn sponsor manager",
		one: map[string]string{"parties": "Partner", "sites": "Site"},
	},
	{name: "Region", sheet: "regions", root: "region", list: "regions", own: "name countries", one: map[string]string{"parent": "Region"}, pages: map[string]string{"parts": "Region"}},
	{
		name: "Contact", sheet: "contacts", own: "name email phone role",
		one: map[string]string{"partner": "Partner", "customer": "Customer", "office": "Office", "territories": "Region"},
	},
	{name: "Holding", sheet: "partner_competencies", own: "level since until remote offers", one: map[string]string{"partner": "Partner", "competency": "Competency", "office": "Office"}},
	{
		name: "Certification", sheet: "certifications", own: "scheme level issuer issuedOn expiresOn holders verified",
		one: map[string]string{"partner": "Partner", "competency": "Competency", "office": "Office"},
	},
	{name: "CustomerPartner", sheet: "customer_partners", own: "role since until", one: map[string]string{"partner": "Partner", "customer": "Customer"}},
	{name: "Invitation", sheet: "invitations", own: "state sentOn answeredOn reason", one: map[string]string{"opportunity": "Opportunity", "partner": "Partner"}},
}

func kindNamed(name string) nodeKind {
	for _, k := range kindsOfNodes {
		if k.name == name {
			return k
		}
	}
	panic("there is no type " + name)
}

// random draws an operation.
func (c *lawful) random() operation {
	switch c.IntN(12) {
	case 0, 1, 2, 3:
		return c.question()
	case 4, 5:
		return c.byID()
	case 6:
		return c.byGIDs()
	case 7:
		return c.nested()
	case 8:
		return c.figures()
	case 9:
		return c.happened()
	}
	return c.listing()
}

// happened asks what has happened to opportunities or referrals: what a stream delivers, and by the same rights.
func (c *lawful) happened() operation {
	of := []nodeKind{kindNamed("Opportunity"), kindNamed("Referral")}[c.IntN(2)]
	return operation{text: fmt.Sprintf(`{ %sEvents(after: "0", first: 1000) { nodes { type version %s { %s } } } }`, of.root, of.root, c.selection(of.name, c.IntN(3)))}
}

// selection draws what is asked of a node: all that it states, and some of where it leads.
func (c *lawful) selection(name string, depth int) string {
	k := kindNamed(name)
	var text strings.Builder
	text.WriteString(everyNode + k.own)
	if depth == 0 {
		return text.String()
	}
	for _, field := range sortedNames(k.one) {
		if c.chance(60) {
			fmt.Fprintf(&text, "\n%s { %s }", field, c.selection(k.one[field], depth-1))
		}
	}
	for _, field := range sortedNames(k.pages) {
		if c.chance(35) {
			fmt.Fprintf(&text, "\n%s(first: %d) { totalCount pageInfo { hasNextPage } nodes { %s } }", field, 1+c.IntN(4), c.selection(k.pages[field], depth-1))
		}
	}
	return text.String()
}

// rooted draws a type that is asked for by a field of its own.
func (c *lawful) rooted() nodeKind {
	for {
		if k := kindsOfNodes[c.IntN(len(kindsOfNodes))]; k.root != "" {
			return k
		}
	}
}

func (c *lawful) byID() operation {
	k := c.rooted()
	return operation{
		text:      fmt.Sprintf("query($id: ID!) { %s(id: $id) { %s } }", k.root, c.selection(k.name, 2)),
		variables: map[string]any{"id": c.any(k.sheet)},
	}
}

// byGIDs asks for nodes of a type, several at once.
func (c *lawful) byGIDs() operation {
	k := kindsOfNodes[c.IntN(len(kindsOfNodes))]
	var gids []any
	for range 1 + c.IntN(8) {
		gids = append(gids, k.name+":"+c.any(k.sheet))
	}
	return operation{
		text:      fmt.Sprintf("query($gids: [ID!]!, $gid: ID!) { nodes(gids: $gids) { ... on %s { %s } } node(gid: $gid) { __typename id } }", k.name, c.selection(k.name, 2)),
		variables: map[string]any{"gids": gids, "gid": gids[0]},
	}
}

// nested pages through what names a node.
func (c *lawful) nested() operation {
	for {
		k := c.rooted()
		if len(k.pages) == 0 {
			continue
		}
		fields := sortedNames(k.pages)
		field := fields[c.IntN(len(fields))]
		return operation{
			text: fmt.Sprintf("query($id: ID!, $first: Int) { %s(id: $id) { id %s(first: $first) { totalCount pageInfo { hasNextPage hasPreviousPage } edges { node { %s } } } } }",
				k.root, field, c.selection(k.pages[field], 1)),
			variables: map[string]any{"id": c.any(k.sheet), "first": 1 + c.IntN(20)},
		}
	}
}

// listing pages through a list, forward or backward, by a filter and an order.
func (c *lawful) listing() operation {
	k := c.rooted()
	o := operation{variables: map[string]any{}, pages: k.list}
	declared, passed := "$first: Int, $after: String, $last: Int, $before: String", "first: $first, after: $after, last: $last, before: $before"
	if len(k.orders) > 0 {
		declared += fmt.Sprintf(", $filter: %sFilter, $orderBy: %sOrder", k.name, k.name)
		passed += ", filter: $filter, orderBy: $orderBy"
		c.narrow(k, o.variables)
	}
	way := "first"
	if c.chance(35) {
		way = "last"
	}
	o.variables[way] = []int{1, 2, 5, 20, 1000}[c.IntN(5)]
	o.text = fmt.Sprintf("query(%s) { %s(%s) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { %s } } }", declared, k.list, passed, c.selection(k.name, c.IntN(2)))
	return o
}
