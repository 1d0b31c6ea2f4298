package storetest

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"valueweb/graph"
)

// Anything draws a small graph with nodes of every kind and whatever their fields can hold that a sheet can
// say: texts full of separators, ids in no order, explicit noughts, holdings of several claims and some that
// were taken over. The nodes of first can be put in their order; those of then are some of them again, with
// what names nodes behind them.
func Anything(t *rapid.T) (first, then []graph.Node) {
	d := &drawer{T: t, ids: map[graph.Kind][]string{}, offices: map[string][]string{}}
	for range d.upTo(2) {
		d.add(&graph.Region{Meta: d.meta(graph.KindRegion), Name: d.name(), Countries: d.countries(), Parent: d.maybe(graph.KindRegion)})
	}
	for range 1 + d.upTo(3) {
		d.add(&graph.Competency{Meta: d.meta(graph.KindCompetency), Name: d.name(), Aliases: d.texts(), Description: d.text(), Broader: d.some(graph.KindCompetency)})
	}
	for range 2 + d.upTo(2) {
		d.add(d.partner())
	}
	d.places()
	d.claims()
	d.ties()
	d.deals()
	return d.nodes, d.again()
}

// drawer draws a graph; what a later node can name is among the ids.
type drawer struct {
	*rapid.T
	nodes   []graph.Node
	ids     map[graph.Kind][]string
	offices map[string][]string // of partners
}

func (d *drawer) add(node graph.Node) {
	d.nodes = append(d.nodes, node)
	d.ids[node.Kind()] = append(d.ids[node.Kind()], node.Header().ID)
}

func (d *drawer) upTo(n int) int { return rapid.IntRange(0, n).Draw(d.T, "number") }

func (d *drawer) yes() bool { return rapid.Bool().Draw(d.T, "yes") }

func pick[E any](d *drawer, from []E) E { return rapid.SampledFrom(from).Draw(d.T, "one of") }

// maybeOf is one of a closed list, or none.
func maybeOf[E ~string](d *drawer, from []E) E {
	if d.yes() {
		return ""
	}
	return pick(d, from)
}

var (
	idRune   = rapid.StringOfN(rapid.SampledFrom([]rune(`aZ9:\,"'=.-é中`)), 1, 6, -1)
	textRune = rapid.StringOfN(rapid.SampledFrom([]rune("aZ9 ;;;\\\\,\"'=:\n\r\té\u0301中🙂")), 0, 9, -1)
)

func (d *drawer) meta(kind graph.Kind) graph.Meta {
	id := graph.Normalise(idRune.Draw(d.T, "id"))
	for slices.Contains(d.ids[kind], id) {
		id += ":2"
	}
	return graph.Meta{ID: id, Synthetic: d.yes(), RetiredOn: d.date(), ExternalIDs: d.externalIDs()}
}

func (d *drawer) externalIDs() (ids []graph.ExternalID) {
	for _, system := range []string{"crm", "e;rp", `c:\`}[:d.upTo(3)] {
		ids = append(ids, graph.ExternalID{System: system, ID: "7" + d.text() + "=1"})
	}
	return ids
}

// text is one that is normalised, as every text is that comes in, and whose lines end as those of a cell do.
func (d *drawer) text() string {
	text := textRune.Draw(d.T, "text")
	for strings.Contains(text, "\r\n") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return graph.Normalise(text)
}

func (d *drawer) name() string {
	if text := d.text(); text != "" {
		return text
	}
	return "Nobody"
}

func (d *drawer) texts() (texts []string) {
	for range d.upTo(3) {
		// An accent alone is put on the separator before it, where there is one to put it on.
		if text := graph.Normalise(strings.TrimLeft(d.text(), "\u0301")); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

func (d *drawer) countries() []string { return d.among([]string{"FR", "CH", "DE", "GB"}) }

func (d *drawer) among(from []string) []string {
	if len(from) == 0 || d.yes() {
		return nil
	}
	return rapid.Permutation(from).Draw(d.T, "order")[:1+d.upTo(len(from)-1)]
}

func several[E any](d *drawer, from []E) []E {
	if d.yes() {
		return nil
	}
	return rapid.Permutation(from).Draw(d.T, "order")[:1+d.upTo(len(from)-1)]
}

func (d *drawer) date() graph.Date {
	if d.yes() {
		return 0
	}
	return d.day()
}

func (d *drawer) day() graph.Date { return Day("1969-12-25").AddDays(d.upTo(12)) }

func (d *drawer) period() (from, to graph.Date) {
	from, to = d.date(), d.date()
	if from != 0 && to != 0 && to < from {
		return to, from
	}
	return from, to
}

func (d *drawer) number() *int {
	if d.yes() {
		return nil
	}
	return new(d.upTo(3))
}

func (d *drawer) point() graph.Point {
	return graph.Point{Lat: rapid.Float64Range(-90, 90).Draw(d.T, "lat"), Lng: rapid.Float64Range(-180, 180).Draw(d.T, "lng")}
}

func (d *drawer) maybePoint() *graph.Point {
	if d.yes() {
		return nil
	}
	return new(d.point())
}

func (d *drawer) money() *graph.Money {
	if d.yes() {
		return nil
	}
	return &graph.Money{Amount: pick(d, []string{"0", "-0.10", "1250.00", "999999999999999999.000001"}), Currency: pick(d, []string{"EUR", "JPY"})}
}

// one names a node that is there; maybe may name none, and some name several, or none where there are none.
func (d *drawer) one(kind graph.Kind) string { return pick(d, d.ids[kind]) }

func (d *drawer) maybe(kind graph.Kind) string {
	if len(d.ids[kind]) == 0 || d.yes() {
		return ""
	}
	return d.one(kind)
}

func (d *drawer) some(kind graph.Kind) []string { return d.among(d.ids[kind]) }

func (d *drawer) office(partner string) string {
	if len(d.offices[partner]) == 0 || d.yes() {
		return ""
	}
	return pick(d, d.offices[partner])
}

func (d *drawer) partner() graph.Node {
	return &graph.Partner{
		Meta: d.meta(graph.KindPartner), Name: d.name(), Aliases: d.texts(), PartnerKind: pick(d, graph.PartnerKinds), Status: pick(d, graph.PartnerStatuses),
		Tier: maybeOf(d, graph.Tiers), Website: maybeOf(d, []string{`https://a.example/?q="x";y,z\`}), Employees: d.number(), JoinedOn: d.date(),
		Capacity: d.number(), Tags: d.texts(), Undisclosed: d.yes(), PartOf: d.maybe(graph.KindPartner),
	}
}

func (d *drawer) places() {
	for range d.upTo(3) {
		o := &graph.Office{
			Meta: d.meta(graph.KindOffice), Partner: d.one(graph.KindPartner), Name: d.text(), Address: d.text(), City: d.text(), Country: maybeOf(d, []string{"FR", "CH"}),
			Location: d.point(), Roles: several(d, graph.OfficeRoles), Tags: d.texts(),
		}
		d.offices[o.Partner] = append(d.offices[o.Partner], o.ID)
		d.add(o)
	}
	for range 1 + d.upTo(1) {
		d.add(&graph.Customer{Meta: d.meta(graph.KindCustomer), Name: d.name(), Segment: d.text(), Industry: d.text(), Consent: d.yes()})
	}
	for range d.upTo(2) {
		d.add(&graph.Site{Meta: d.meta(graph.KindSite), Customer: d.maybe(graph.KindCustomer), Name: d.text(), City: d.text(), Country: maybeOf(d, []string{"FR", "CH"}), Location: d.point()})
	}
	for range d.upTo(2) {
		c := &graph.Contact{
			Meta: d.meta(graph.KindContact), Partner: d.maybe(graph.KindPartner), Name: d.name(), Email: maybeOf(d, []string{"o'hara@example.org"}), Phone: d.text(),
			Role: maybeOf(d, graph.ContactRoles), Territories: d.some(graph.KindRegion),
		}
		if c.Partner == "" {
			c.Customer = d.one(graph.KindCustomer)
		} else {
			c.Office = d.office(c.Partner)
		}
		d.add(c)
	}
}

// claims draws holdings, no two of one partner, competency and office at a time, others that these took
// over, and certifications.
func (d *drawer) claims() {
	taken := map[string]bool{}
	for range d.upTo(3) {
		partner, competency := d.one(graph.KindPartner), d.one(graph.KindCompetency)
		office := d.office(partner)
		if triple := partner + " " + competency + " " + office; !taken[triple] {
			taken[triple] = true
			split := Day("1975-01-01")
			if d.yes() {
				d.add(d.holding(partner, competency, office, d.date(), 0))
			} else {
				d.add(d.holding(partner, competency, office, 0, split))
				d.add(d.holding(partner, competency, office, split.AddDays(1), 0))
			}
		}
		if d.yes() {
			void := d.holding(partner, competency, office, 0, 0)
			void.MergedInto = d.one(graph.KindHolding)
			d.add(void)
		}
	}
	for range d.upTo(2) {
		c := &graph.Certification{
			Meta: d.meta(graph.KindCertification), Partner: d.one(graph.KindPartner), Competency: d.one(graph.KindCompetency), Scheme: d.text(), Level: d.text(), Issuer: d.text(),
			Holders: d.number(), Verified: d.yes(),
		}
		c.Office = d.office(c.Partner)
		c.IssuedOn, c.ExpiresOn = d.period()
		d.add(c)
	}
}

// holding is one of up to three claims within a period.
func (d *drawer) holding(partner, competency, office string, from, to graph.Date) *graph.Holding {
	claim := func() *graph.Holding {
		h := &graph.Holding{Meta: graph.Meta{Synthetic: d.yes(), RetiredOn: d.date()}, Partner: partner, Competency: competency, Office: office, Level: d.upTo(graph.MaxLevel), Remote: d.yes()}
		h.Since, h.Until = d.period()
		if from != 0 && (h.Since == 0 || h.Since < from) {
			h.Since, h.Until = from.AddDays(d.upTo(3)), 0
		}
		if to != 0 && (h.Until == 0 || h.Until > to) {
			h.Until = to
		}
		if offer := d.text(); offer != "" {
			h.Offers = []string{offer}
		}
		return h
	}
	h := claim()
	header := d.meta(graph.KindHolding)
	h.ID, h.ExternalIDs = header.ID, header.ExternalIDs
	if d.yes() {
		h.ExternalIDs = append(h.ExternalIDs, graph.ExternalID{System: "crm", ID: "again"}, graph.ExternalID{System: "last", ID: "1"})
		h.ExternalIDs = slices.Compact(h.ExternalIDs)
	}
	if len(h.Offers) > 0 && d.yes() {
		h.Offers = append(h.Offers, h.Offers[0]+"!")
	}
	for range d.upTo(2) {
		h.Merge(claim())
	}
	return h
}

// ties draws what joins partners to customers and to each other.
func (d *drawer) ties() {
	for range d.upTo(2) {
		c := &graph.CustomerPartner{Meta: d.meta(graph.KindCustomerPartner), Customer: d.one(graph.KindCustomer), Partner: d.one(graph.KindPartner), Role: pick(d, graph.CustomerRoles)}
		c.Since, c.Until = d.period()
		d.add(c)
	}
	for range d.upTo(2) {
		d.add(&graph.Solution{
			Meta: d.meta(graph.KindSolution), Name: d.name(), Partners: d.some(graph.KindPartner), Origin: maybeOf(d, graph.SolutionOrigins),
			Competencies: d.some(graph.KindCompetency), BuildsOn: d.some(graph.KindSolution), Description: d.text(),
		})
	}
	for range d.upTo(2) {
		p := &graph.Partnership{
			Meta: d.meta(graph.KindPartnership), Parties: d.pair(), Form: d.text(), Collaboration: pick(d, graph.Collaborations), DataSharing: maybeOf(d, graph.DataSharings), Sponsor: d.text(), Manager: d.text(), Sites: d.some(graph.KindSite),
		}
		p.StartsOn, p.EndsOn = d.period()
		p.Pending = d.among(p.Parties)
		d.add(p)
	}
}

// pair is two partners or more, in any order.
func (d *drawer) pair() []string {
	all := rapid.Permutation(d.ids[graph.KindPartner]).Draw(d.T, "parties")
	return all[:2+d.upTo(len(all)-2)]
}

// deals draws opportunities, invitations, referrals and walls.
func (d *drawer) deals() {
	for range d.upTo(2) {
		d.add(d.opportunity())
	}
	if len(d.ids[graph.KindOpportunity]) > 0 {
		for range d.upTo(2) {
			d.add(&graph.Invitation{
				Meta: d.meta(graph.KindInvitation), Opportunity: d.one(graph.KindOpportunity), Partner: d.one(graph.KindPartner), State: pick(d, graph.InvitationStates),
				SentOn: d.date(), AnsweredOn: d.date(), Reason: maybeOf(d, graph.DeclineReasons),
			})
		}
	}
	for range d.upTo(3) {
		pair := d.pair()
		d.add(&graph.Referral{
			Meta: d.meta(graph.KindReferral), From: pair[0], To: pair[1], Customer: d.maybe(graph.KindCustomer), Competency: d.maybe(graph.KindCompetency), State: pick(d, graph.ReferralStates),
			Value: d.money(), SentOn: d.day(), AnsweredOn: d.date(), ClosedOn: d.date(), Parent: d.maybe(graph.KindReferral),
		})
	}
	for range d.upTo(2) {
		w := &graph.Wall{
			Meta: d.meta(graph.KindWall), Partner: d.one(graph.KindPartner), Customer: d.maybe(graph.KindCustomer), Competency: d.maybe(graph.KindCompetency), Partnership: d.maybe(graph.KindPartnership),
		}
		if w.Customer == "" {
			w.Segment = d.name()
		}
		d.add(w)
	}
}

func (d *drawer) opportunity() graph.Node {
	o := &graph.Opportunity{
		Meta: d.meta(graph.KindOpportunity), Title: d.name(), Customer: d.maybe(graph.KindCustomer), Site: d.maybe(graph.KindSite), Point: d.maybePoint(), Owner: d.maybe(graph.KindPartner),
		Lead: d.maybe(graph.KindPartner), Members: d.some(graph.KindPartner), Declined: d.some(graph.KindPartner), Stage: pick(d, graph.Stages), Review: maybeOf(d, graph.Reviews),
		Value: d.money(), PostedOn: d.date(), ClosedOn: d.date(), LostReason: maybeOf(d, graph.LossReasons), SharedIn: d.some(graph.KindPartnership),
		PostedBy: d.text(), SubmittedBy: d.text(), ReviewFields: d.texts(), ReviewNote: d.text(), ProtectedUntil: d.date(), TransferTo: d.maybe(graph.KindPartner),
		Audience: graph.Audience{
			Kind: pick(d, graph.AudienceKinds), Partners: d.some(graph.KindPartner), Competencies: d.some(graph.KindCompetency), Region: d.maybe(graph.KindRegion), Countries: d.countries(),
			Tags: d.texts(), Kinds: several(d, graph.PartnerKinds), MinTier: maybeOf(d, graph.Tiers), Near: d.maybePoint(),
		},
	}
	for _, competency := range d.some(graph.KindCompetency) {
		o.Needs = append(o.Needs, graph.Need{Competency: competency, MinLevel: 1 + d.upTo(graph.MaxLevel-1)})
	}
	if o.Audience.Near != nil && d.yes() {
		o.Audience.RadiusKm = rapid.Float64Range(1e-7, 20000).Draw(d.T, "km")
	}
	return o
}

// again returns copies of nodes with what names nodes that come after them.
func (d *drawer) again() (again []graph.Node) {
	for _, node := range d.nodes {
		switch n := node.(type) {
		case *graph.Competency:
			c := *n
			c.Related = slices.DeleteFunc(d.some(graph.KindCompetency), func(id string) bool { return id == c.ID })
			again = append(again, &c)
		case *graph.Partner:
			p := *n
			p.ChannelManager = d.maybe(graph.KindContact)
			again = append(again, &p)
		}
	}
	return again
}
