package neo4jstore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"valueweb/graph"
	"valueweb/graph/storetest"
)

// drawer draws nodes with ids from a small universe, so that they change each other: most of what they name
// was put before, some never was. What it draws depends on the source of chance alone, not on any store.
type drawer struct {
	*rand.Rand
	ids     map[graph.Kind][]string // the universe
	put     map[graph.Kind][]string // ids that a node was drawn for
	history []graph.Node
}

func newDrawer(seed uint64) *drawer {
	d := &drawer{Rand: rand.New(rand.NewPCG(seed, 20)), ids: map[graph.Kind][]string{}, put: map[graph.Kind][]string{}}
	for _, kind := range graph.Kinds {
		letter := strings.ToLower(string(kind[:2]))
		d.ids[kind] = []string{letter, letter + "0", letter + "1", letter + "10", letter + ":2", strings.ToUpper(letter), `"` + letter + `\`, letter + "é", "🙂" + letter, "ﬁ" + letter, letter + "\uFF21"}
	}
	return d
}

func (d *drawer) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d *drawer, from []T) T { return from[d.IntN(len(from))] }

// several picks up to n different ones, none more often than not.
func several[T any](d *drawer, from []T, n int) []T {
	if len(from) == 0 || d.chance(50) {
		return nil
	}
	all := slices.Clone(from)
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), 1+d.IntN(n))]
}

func maybe[T any](d *drawer, percent int, value T) T {
	if d.chance(percent) {
		return value
	}
	return *new(T)
}

// one names a node of a kind that was most likely put.
func (d *drawer) one(kind graph.Kind) string {
	if known := d.put[kind]; len(known) > 0 && d.chance(95) {
		return pick(d, known)
	}
	return pick(d, d.ids[kind])
}

func (d *drawer) some(kind graph.Kind, n int) []string { return several(d, d.put[kind], n) }

// clone copies a node: what is put belongs to a store.
func clone(node graph.Node) graph.Node {
	text, err := cbor.Marshal(node)
	if err != nil {
		panic(err) // nodes are kept in this form
	}
	copied := graph.NewNode(node.Kind())
	if err := cbor.Unmarshal(text, copied); err != nil {
		panic(err)
	}
	if key, ok := copied.(*graph.APIKey); ok { // whose instants are those of the machine's zone now
		key.ExpiresAt, key.RevokedAt = key.ExpiresAt.UTC(), key.RevokedAt.UTC()
	}
	return copied
}

// nodes are some that one call puts: new ones, changed ones, and some again as they were drawn before.
func (d *drawer) nodes(n int) []graph.Node {
	var nodes []graph.Node
	for range n {
		var node graph.Node
		switch {
		case len(d.history) > 0 && d.chance(20):
			node = clone(pick(d, d.history))
		case len(d.history) > 0 && d.chance(30):
			node = d.touched(clone(pick(d, d.history)))
		default:
			node = d.node(pick(d, graph.Kinds))
		}
		d.remember(node)
		nodes = append(nodes, node)
	}
	return nodes
}

// world is a node or two of every kind, in the order in which they can be put.
func (d *drawer) world() []graph.Node {
	var nodes []graph.Node
	for _, kind := range graph.Kinds {
		n := 3
		switch kind {
		case graph.KindHolding, graph.KindReferral:
			n = 12
		case graph.KindPartner, graph.KindOffice, graph.KindCompetency, graph.KindCertification, graph.KindSite:
			n = 6
		}
		for range n {
			node := d.node(kind)
			d.remember(node)
			nodes = append(nodes, node)
		}
	}
	return nodes
}

func (d *drawer) remember(node graph.Node) {
	d.history = append(d.history, clone(node))
	if id := node.Header().ID; !slices.Contains(d.put[node.Kind()], id) {
		d.put[node.Kind()] = append(d.put[node.Kind()], id)
	}
}

// touched changes one thing of a node.
func (d *drawer) touched(node graph.Node) graph.Node {
	switch n := node.(type) {
	case *graph.Competency:
		n.Broader = d.some(graph.KindCompetency, 3)
	case *graph.Partner:
		n.PartOf = maybe(d, 70, d.one(graph.KindPartner))
	case *graph.Region:
		n.Parent = maybe(d, 70, d.one(graph.KindRegion))
	case *graph.Solution:
		n.BuildsOn = d.some(graph.KindSolution, 3)
	case *graph.Referral:
		n.Parent, n.State = maybe(d, 50, d.one(graph.KindReferral)), pick(d, graph.ReferralStates)
	case *graph.Holding:
		n.Since, n.Until = d.period()
	case *graph.Office:
		n.Location = d.point()
	case *graph.Site:
		n.Location = d.point()
	default:
		node.Header().RetiredOn = d.date()
	}
	return node
}

func (d *drawer) meta(kind graph.Kind) graph.Meta {
	id := pick(d, d.ids[kind])
	if d.chance(1) {
		id = pick(d, []string{"", "a b", "a;b", strings.Repeat("x", graph.MaxID+1)})
	}
	meta := graph.Meta{ID: id, Version: d.IntN(3), Synthetic: d.chance(20), RetiredOn: maybe(d, 20, d.day())}
	for _, system := range several(d, []string{"crm", "e;rp", `c:\`}, 3) {
		meta.ExternalIDs = append(meta.ExternalIDs, graph.ExternalID{System: system, ID: pick(d, names)})
	}
	return meta
}

// names are near each other in order, and some are equal once they are folded.
var names = []string{
	"Müller", "MULLER", "muller ", "Straße", "STRASSE", "İstanbul", "ﬁnance", "Finance", "🙂", "a", "a b", "A\x00b", "ab", "中文", "é", "e\u0301",
	"Ωmega", "ß", strings.Repeat("long ", 9),
}

func (d *drawer) name() string {
	if d.chance(1) {
		return pick(d, []string{"", strings.Repeat("x", graph.MaxName+1), strings.Repeat("🙂", graph.MaxName)})
	}
	return pick(d, names)
}

func (d *drawer) text() string { return maybe(d, 60, d.name()) }

// anchors are the days around which periods begin and end.
var anchors = []graph.Date{storetest.Day("2026-06-30"), storetest.Day("2024-02-29"), storetest.Day("1970-01-01")}

func (d *drawer) day() graph.Date {
	anchor := pick(d, anchors)
	switch d.IntN(8) {
	case 0:
		return anchor.AddDays(pick(d, []int{-1, 1}))
	case 1:
		return anchor.AddDays(pick(d, []int{-91, -graph.FairDays, 1 - graph.FairDays}))
	case 2:
		return anchor.AddMonths(-graph.ProofMonths).AddDays(pick(d, []int{-1, 0, 1}))
	case 3:
		return anchor.AddDays(d.IntN(2400) - 1200)
	case 4:
		return pick(d, []graph.Date{storetest.Day("0001-01-01"), storetest.Day("9999-12-31")})
	}
	return anchor
}

func (d *drawer) date() graph.Date { return maybe(d, 60, d.day()) }

// period is in order, but for a few.
func (d *drawer) period() (from, to graph.Date) {
	from, to = d.date(), d.date()
	if from != 0 && to != 0 && to < from && d.chance(95) {
		return to, from
	}
	return from, to
}

func (d *drawer) number() *int {
	if d.chance(50) {
		return nil
	}
	n := pick(d, []int{0, 1, 2, 5, 10})
	return &n
}

// points lie on the edges of the map, on each other, and at distances that questions ask about.
var points = []graph.Point{
	storetest.Here, storetest.Here, storetest.North(50), storetest.North(100), storetest.North(250), storetest.North(49.999999999), storetest.Far,
	{Lat: 0, Lng: 180}, {Lat: 0, Lng: -180}, {Lat: -16.8, Lng: 179.99}, {Lat: -16.9, Lng: -179.99}, {Lat: 0.1, Lng: 179.9}, {Lat: 0, Lng: -179.9},
	{Lat: 90, Lng: 0}, {Lat: 90, Lng: 77}, {Lat: 89.9, Lng: -100}, {Lat: 89.9, Lng: 80}, {Lat: -90, Lng: 180}, {Lat: -89.8, Lng: 0}, {Lat: -33.87, Lng: -28.79},
}

func (d *drawer) point() graph.Point {
	at := pick(d, points)
	if d.chance(20) {
		at.Lat = max(-90, min(90, at.Lat+d.Float64()-0.5))
		at.Lng = max(-180, min(180, at.Lng+d.Float64()-0.5))
	}
	if d.chance(1) {
		at.Lat = 91
	}
	return at
}

var (
	countries  = []string{"FR", "CH", "DE", "GB"}
	segments   = []string{"", "SMB", "Öffentliche Hand"}
	industries = []string{"", "Banks", "Bahn"}
	schemes    = []string{"", "ISO 27001", "iso 27001", "é"}
	tags       = []string{"a", "A", "b;c", "é"}
	amounts    = []string{"0", "-0.10", "1250.00", "999999999999999999.000001"}
)

func (d *drawer) money() *graph.Money {
	if d.chance(50) {
		return nil
	}
	return &graph.Money{Amount: pick(d, amounts), Currency: pick(d, []string{"EUR", "JPY"})}
}

// node draws one of a kind, with a value outside its list at times.
func (d *drawer) node(kind graph.Kind) graph.Node {
	meta := d.meta(kind)
	switch kind {
	case graph.KindRegion:
		return &graph.Region{Meta: meta, Name: d.name(), Countries: several(d, countries, 3), Parent: maybe(d, 40, d.one(kind))}
	case graph.KindCompetency:
		return &graph.Competency{Meta: meta, Name: d.name(), Aliases: several(d, names, 2), Description: d.text(), Broader: d.some(kind, 3), Related: d.some(kind, 2)}
	case graph.KindPartner:
		return d.partner(meta)
	case graph.KindOffice:
		return &graph.Office{
			Meta: meta, Partner: d.one(graph.KindPartner), Name: maybe(d, 50, d.name()), Address: d.text(), City: maybe(d, 50, d.name()), Country: maybe(d, 70, pick(d, countries)),
			Location: d.point(), Roles: several(d, graph.OfficeRoles, 3), Tags: several(d, tags, 3),
		}
	case graph.KindCustomer:
		return &graph.Customer{Meta: meta, Name: d.name(), Segment: pick(d, segments), Industry: pick(d, industries), Consent: d.chance(50)}
	case graph.KindSite:
		return &graph.Site{
			Meta: meta, Customer: maybe(d, 85, d.one(graph.KindCustomer)), Name: d.text(), City: d.text(), Country: maybe(d, 70, pick(d, countries)), Location: d.point(),
		}
	case graph.KindContact:
		return d.contact(meta)
	case graph.KindHolding:
		return d.holding(meta)
	case graph.KindCertification:
		c := &graph.Certification{
			Meta: meta, Partner: d.one(graph.KindPartner), Competency: d.one(graph.KindCompetency), Office: d.office(20), Scheme: pick(d, schemes), Level: d.text(),
			Holders: d.number(), Verified: d.chance(80),
		}
		c.IssuedOn, c.ExpiresOn = d.period()
		return c
	case graph.KindAPIKey:
		return &graph.APIKey{Meta: meta, Partner: d.one(graph.KindPartner), Name: d.name(), Scopes: several(d, graph.Scopes, 4), Digest: d.text(), ExpiresAt: d.instant(), RevokedAt: d.instant()}
	}
	return d.deal(kind, meta)
}

// instant is one that may not be stated.
func (d *drawer) instant() time.Time {
	return maybe(d, 50, time.UnixMilli(1_700_000_000_000+d.Int64N(1_000_000_000_000)).UTC())
}

func (d *drawer) partner(meta graph.Meta) graph.Node {
	p := &graph.Partner{
		Meta: meta, Name: d.name(), Aliases: several(d, names, 3), PartnerKind: maybe(d, 90, pick(d, graph.PartnerKinds)), Status: graph.Active, Tier: maybe(d, 70, pick(d, graph.Tiers)),
		Website: d.text(), Employees: d.number(), JoinedOn: d.date(), Capacity: d.number(), Tags: several(d, tags, 3), Undisclosed: d.chance(20),
		PartOf: maybe(d, 30, d.one(graph.KindPartner)), ChannelManager: maybe(d, 20, d.one(graph.KindContact)),
	}
	if d.chance(20) {
		p.Status = pick(d, graph.PartnerStatuses)
	}
	if d.chance(1) {
		p.Tier = "TIN"
	}
	return p
}

// office names one, often of another partner: those are refused.
func (d *drawer) office(percent int) string { return maybe(d, percent, d.one(graph.KindOffice)) }

// ownOffice is one that was drawn for a partner, if there is one.
func (d *drawer) ownOffice(partner string) string {
	var own []string
	for _, node := range d.history {
		if o, ok := node.(*graph.Office); ok && o.Partner == partner {
			own = append(own, o.ID)
		}
	}
	if len(own) == 0 || d.chance(10) {
		return d.office(30)
	}
	return maybe(d, 60, pick(d, own))
}

func (d *drawer) contact(meta graph.Meta) graph.Node {
	c := &graph.Contact{
		Meta: meta, Name: d.name(), Email: d.text(), Phone: d.text(), Role: maybe(d, 60, pick(d, graph.ContactRoles)), Territories: d.some(graph.KindRegion, 3),
	}
	if d.chance(60) {
		c.Partner = d.one(graph.KindPartner)
		c.Office = d.ownOffice(c.Partner)
	} else {
		c.Customer = d.one(graph.KindCustomer)
	}
	return c
}

func (d *drawer) holding(meta graph.Meta) graph.Node {
	meta.ID = fmt.Sprint(meta.ID, d.IntN(3)) // more of them than of other kinds
	h := &graph.Holding{
		Meta: meta, Partner: d.one(graph.KindPartner), Competency: d.one(graph.KindCompetency), Level: d.IntN(graph.MaxLevel + 1), Remote: d.chance(30), Offers: several(d, names, 2),
	}
	h.Office = d.ownOffice(h.Partner)
	h.Since, h.Until = d.period()
	switch {
	case d.chance(4):
		h.MergedInto = d.one(graph.KindHolding)
	case d.chance(20):
		h.Merge(&graph.Holding{Level: d.IntN(graph.MaxLevel + 1), Since: h.Since, Offers: several(d, names, 1)})
	case d.chance(1):
		h.Level = 6
	}
	return h
}

// deal draws what joins partners, customers and each other.
func (d *drawer) deal(kind graph.Kind, meta graph.Meta) graph.Node {
	switch kind {
	case graph.KindCustomerPartner:
		c := &graph.CustomerPartner{Meta: meta, Customer: d.one(graph.KindCustomer), Partner: d.one(graph.KindPartner), Role: pick(d, graph.CustomerRoles)}
		c.Since, c.Until = d.period()
		return c
	case graph.KindSolution:
		return &graph.Solution{
			Meta: meta, Name: d.name(), Partners: d.some(graph.KindPartner, 3), Origin: maybe(d, 60, pick(d, graph.SolutionOrigins)),
			Competencies: d.some(graph.KindCompetency, 3), BuildsOn: d.some(kind, 2), Description: d.text(),
		}
	case graph.KindPartnership:
		p := &graph.Partnership{
			Meta: meta, Parties: []string{d.one(graph.KindPartner), d.one(graph.KindPartner)}, Form: d.text(), Collaboration: pick(d, graph.Collaborations), DataSharing: maybe(d, 40, pick(d, graph.DataSharings)),
			Sponsor: d.text(), Manager: d.text(), Sites: d.some(graph.KindSite, 3),
		}
		p.StartsOn, p.EndsOn = d.period()
		if d.chance(20) {
			p.Pending = several(d, p.Parties, 2)
		}
		return p
	case graph.KindOpportunity:
		return d.opportunity(meta)
	case graph.KindInvitation:
		return &graph.Invitation{
			Meta: meta, Opportunity: d.one(graph.KindOpportunity), Partner: d.one(graph.KindPartner), State: pick(d, graph.InvitationStates),
			SentOn: d.date(), AnsweredOn: d.date(), Reason: maybe(d, 30, pick(d, graph.DeclineReasons)),
		}
	case graph.KindReferral:
		return &graph.Referral{
			Meta: meta, From: d.one(graph.KindPartner), To: d.one(graph.KindPartner), Customer: maybe(d, 50, d.one(graph.KindCustomer)), Competency: maybe(d, 80, d.one(graph.KindCompetency)),
			State: pick(d, graph.ReferralStates), Value: d.money(), SentOn: maybe(d, 90, d.day()), AnsweredOn: d.date(), ClosedOn: d.date(), Parent: maybe(d, 30, d.one(kind)),
		}
	}
	w := &graph.Wall{
		Meta: meta, Partner: d.one(graph.KindPartner), Customer: maybe(d, 60, d.one(graph.KindCustomer)), Competency: maybe(d, 50, d.one(graph.KindCompetency)),
		Partnership: maybe(d, 20, d.one(graph.KindPartnership)),
	}
	if w.Customer == "" || d.chance(2) {
		w.Segment = pick(d, segments)
	}
	return w
}

func (d *drawer) opportunity(meta graph.Meta) graph.Node {
	o := &graph.Opportunity{
		Meta: meta, Title: d.name(), Customer: maybe(d, 60, d.one(graph.KindCustomer)), Site: maybe(d, 40, d.one(graph.KindSite)), Owner: maybe(d, 50, d.one(graph.KindPartner)),
		Lead: maybe(d, 60, d.one(graph.KindPartner)), Members: d.some(graph.KindPartner, 3), Declined: d.some(graph.KindPartner, 2), Stage: pick(d, graph.Stages),
		Review: maybe(d, 30, pick(d, graph.Reviews)), Value: d.money(), PostedOn: d.date(), ClosedOn: d.date(), LostReason: maybe(d, 20, pick(d, graph.LossReasons)),
		SharedIn: d.some(graph.KindPartnership, 2), PostedBy: d.text(), SubmittedBy: d.text(), ReviewFields: several(d, names, 2), ReviewNote: d.text(),
		ProtectedUntil: d.date(), TransferTo: maybe(d, 20, d.one(graph.KindPartner)),
		Audience: graph.Audience{
			Kind: pick(d, graph.AudienceKinds), Partners: d.some(graph.KindPartner, 2), Competencies: d.some(graph.KindCompetency, 2), Region: maybe(d, 30, d.one(graph.KindRegion)),
			Countries: several(d, countries, 2), Tags: several(d, tags, 2), Kinds: several(d, graph.PartnerKinds, 2), MinTier: maybe(d, 30, pick(d, graph.Tiers)),
		},
	}
	if d.chance(40) {
		at := d.point()
		o.Point = &at
	}
	if d.chance(20) {
		at := d.point()
		o.Audience.Near, o.Audience.RadiusKm = &at, d.Float64()*500
	}
	for _, competency := range d.some(graph.KindCompetency, 3) {
		o.Needs = append(o.Needs, graph.Need{Competency: competency, MinLevel: 1 + d.IntN(graph.MaxLevel)})
	}
	return o
}
