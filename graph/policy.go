package graph

import "slices"

// Facts is what a ruling looks up. Neither call sees with the eyes of the viewer.
type Facts interface {
	// Node returns a node, nil if there is none.
	Node(kind Kind, id string) Node
	// Invited reports whether a partner has an invitation to an opportunity that is PENDING or ACCEPTED.
	Invited(opportunity, partner string) bool
}

// Ruling decides what a viewer sees of the facts of one moment, by the rules of docs/access.md. The Access is of
// the same moment.
type Ruling struct {
	*Access
	Facts
}

// Rule is a rule that shows a node to a viewer, hides it, or keeps it undisclosed.
type Rule uint8

// The rules: first those that show a node, then those that hide it, then those that keep it undisclosed.
const (
	ShownToOperators Rule = iota
	ShownToAll
	ShownPublic
	ShownItself
	ShownKin
	ShownWithPartner
	ShownBlueprint
	ShownOwn
	ShownSales
	ShownServing
	ShownContact
	ShownCustomer
	ShownWithCustomer
	ShownParty
	ShownStructure
	ShownPoster
	ShownEngaged
	ShownAddressed
	ShownInvited
	ShownShared
	ShownEnd
	ShownChain
	ShownConsented
	HiddenByWall
	HiddenShy
	HiddenWithPartner
	HiddenDraft
	HiddenNotAddressed
	KeptStatus
	KeptWithPartner
	KeptContact
	KeptCustomer
	KeptWithCustomer
	KeptFromRole
	KeptPartnership
	KeptInvitation
	KeptReferral
)

// words say a rule to an operator.
var words = [...]string{
	ShownToOperators:   "operators read everything",
	ShownToAll:         "everybody reads regions, competencies and free sites",
	ShownPublic:        "the partner is ACTIVE and discoverable, or ACTIVE to an analyst",
	ShownItself:        "it is the viewer's own organisation",
	ShownKin:           "a partnership or a referral joins the partner with the viewer",
	ShownWithPartner:   "the partner that it belongs to may be read",
	ShownBlueprint:     "no partner delivers the solution, so that everybody reads it",
	ShownOwn:           "it belongs to the viewer",
	ShownSales:         "it is a SALES contact of an ACTIVE partner",
	ShownServing:       "it is a contact of a partner that serves the viewer",
	ShownContact:       "the viewer serves the contact's customer, or the customer consented and a partnership shares it",
	ShownCustomer:      "the viewer serves the customer, sent a referral about it that passes on none it received, or a partnership or the customer's consent shares it",
	ShownWithCustomer:  "the customer that it belongs to may be read",
	ShownParty:         "the viewer is a party of the partnership",
	ShownStructure:     "an analyst reads that there is a partnership, and how close it is",
	ShownPoster:        "the viewer posted the opportunity",
	ShownEngaged:       "the viewer leads the opportunity or joined it",
	ShownAddressed:     "the opportunity is addressed to the viewer",
	ShownInvited:       "the viewer is invited to the opportunity",
	ShownShared:        "the opportunity is shared within a partnership of the viewer that shares individual data",
	ShownEnd:           "the viewer sent or received the referral",
	ShownChain:         "the referral passes on one that the viewer sent or received",
	ShownConsented:     "the referral is about the viewer, who consented",
	HiddenByWall:       "a wall keeps the viewer out",
	HiddenShy:          "the partner is PENDING or chose not to be discoverable, and nothing joins it with the viewer",
	HiddenWithPartner:  "it belongs to a partner that is hidden from the viewer",
	HiddenDraft:        "the opportunity is a draft of somebody else",
	HiddenNotAddressed: "the opportunity is not addressed to the viewer",
	KeptStatus:         "the partner is SUSPENDED or has LEFT",
	KeptWithPartner:    "it belongs to a partner that may not be read",
	KeptContact:        "contacts are read by their own organisation; of ACTIVE partners SALES contacts by partners, and all by the customers that the partner serves",
	KeptCustomer:       "nothing lets the viewer read the customer: it does not serve it, and neither a partnership in force nor a referral shares it",
	KeptWithCustomer:   "the customer that it belongs to may not be read",
	KeptFromRole:       "viewers of this role read no records of this kind",
	KeptPartnership:    "the viewer is no party of the partnership",
	KeptInvitation:     "invitations are read by who is invited, and by owner, lead and members of the opportunity",
	KeptReferral:       "the viewer is neither an end of the referral nor of one that it passes on, or is a customer and did not consent",
}

// String is the rule in words.
func (r Rule) String() string { return words[r] }

// Shows reports whether the rule shows a node.
func (r Rule) Shows() bool { return r < HiddenByWall }

// Hides reports whether the rule hides a node, so that it is as if it were not there.
func (r Rule) Hides() bool { return r >= HiddenByWall && r < KeptStatus }

// Sees reports whether the viewer may read a node.
func (r Ruling) Sees(node Node) bool { return r.Access == nil || r.Rule(node).Shows() }

// Rule is the rule that decides about a node.
func (r Ruling) Rule(node Node) Rule {
	if r.Access == nil {
		return ShownToOperators
	}
	switch n := node.(type) {
	case *Region, *Competency:
		return ShownToAll
	case *Partner:
		return r.partner(n)
	case *Office:
		return r.with(n.Partner)
	case *Holding:
		return r.with(n.Partner)
	case *Certification:
		return r.with(n.Partner)
	case *Contact:
		return r.contact(n)
	case *Customer:
		return r.customer(n.ID)
	case *Site:
		return r.site(n)
	case *CustomerPartner:
		return both(r.ofCustomer(n.Customer), r.with(n.Partner))
	case *Solution:
		return r.solution(n)
	case *Partnership:
		return r.partnership(n)
	case *Opportunity:
		return r.opportunity(n)
	case *Invitation:
		return r.invitation(n)
	case *Referral:
		return r.referral(n)
	}
	return KeptFromRole
}

// both is the rule of what needs two to show it: one that hides before one that keeps undisclosed.
func both(one, other Rule) Rule {
	if !one.Shows() && !other.Hides() {
		return one
	}
	return other
}

func (r Ruling) partner(p *Partner) Rule {
	switch {
	case p.Status == Active && !p.Shy(r.Viewer.Role):
		return ShownPublic
	case r.Viewer.Is(p.ID):
		return ShownItself
	case r.Kin[p.ID]:
		return ShownKin
	case r.Hidden[p.ID]:
		return HiddenShy
	}
	return KeptStatus
}

// nodeOf returns the node of an id as its type.
func nodeOf[T Node](f Facts, kind Kind, id string) (T, bool) {
	node, ok := f.Node(kind, id).(T)
	return node, ok
}

// with is the rule of what must name a partner.
func (r Ruling) with(partner string) Rule {
	p, ok := nodeOf[*Partner](r.Facts, KindPartner, partner)
	if !ok {
		return KeptWithPartner
	}
	switch rule := r.partner(p); {
	case rule.Shows():
		return ShownWithPartner
	case rule.Hides():
		return HiddenWithPartner
	}
	return KeptWithPartner
}

func (r Ruling) contact(c *Contact) Rule {
	if c.Partner != "" {
		if rule := r.with(c.Partner); !rule.Shows() {
			return rule
		}
	}
	p, _ := nodeOf[*Partner](r.Facts, KindPartner, c.Partner)
	active := p != nil && p.Status == Active
	switch me := r.Viewer; {
	case me.Role == RolePartner && me.Is(c.Partner), me.Role == RoleCustomer && me.Organisation == c.Customer:
		return ShownOwn
	case me.Role == RolePartner && active && c.Role == SalesContact:
		return ShownSales
	case me.Role == RoleCustomer && active && r.Contacts[c.Partner]:
		return ShownServing
	case me.Role == RolePartner && r.Contacts[c.Customer]:
		return ShownContact
	case r.walledOff(c.Customer):
		return HiddenByWall
	}
	return KeptContact
}

func (r Ruling) customer(id string) Rule {
	switch {
	case r.Viewer.Role == RoleCustomer && r.Viewer.Organisation == id:
		return ShownItself
	case r.Customers[id]:
		return ShownCustomer
	case r.walledOff(id):
		return HiddenByWall
	case r.Viewer.Role == RoleAnalyst:
		return KeptFromRole
	}
	return KeptCustomer
}

// ofCustomer is the rule of what belongs to a customer.
func (r Ruling) ofCustomer(customer string) Rule {
	switch rule := r.customer(customer); {
	case rule.Shows():
		return ShownWithCustomer
	case rule.Hides():
		return rule
	}
	return KeptWithCustomer
}

func (r Ruling) site(s *Site) Rule {
	if s.Customer == "" {
		return ShownToAll
	}
	return r.ofCustomer(s.Customer)
}

func (r Ruling) solution(s *Solution) Rule {
	if len(s.Partners) == 0 {
		return ShownBlueprint
	}
	rule := HiddenWithPartner
	for _, partner := range s.Partners {
		switch of := r.with(partner); {
		case of.Shows():
			return of
		case !of.Hides():
			rule = of
		}
	}
	return rule
}

func (r Ruling) partnership(p *Partnership) Rule {
	left := 0
	for _, party := range p.Parties {
		if !r.Hidden[party] {
			left++
		}
	}
	switch {
	case r.Viewer.Role == RolePartner && slices.Contains(p.Parties, r.Viewer.Organisation):
		return ShownParty
	case left < 2:
		return HiddenWithPartner
	case r.Viewer.Role == RoleAnalyst:
		return ShownStructure
	case r.Viewer.Role == RoleCustomer:
		return KeptFromRole
	}
	return KeptPartnership
}

// CustomerOf is the customer of an opportunity, or of its site; empty if it has none.
func CustomerOf(f Facts, o *Opportunity) string {
	if o.Customer != "" || o.Site == "" {
		return o.Customer
	}
	if site, ok := nodeOf[*Site](f, KindSite, o.Site); ok {
		return site.Customer
	}
	return ""
}

func (r Ruling) opportunity(o *Opportunity) Rule {
	me := r.Viewer
	customer := CustomerOf(r.Facts, o)
	switch me.Role {
	case RoleAnalyst:
		if o.Stage == Draft {
			return HiddenDraft
		}
		return KeptFromRole
	case RoleCustomer:
		switch {
		case customer != me.Organisation:
			return HiddenNotAddressed
		case o.Stage == Draft && o.Owner != "":
			return HiddenDraft
		}
		return ShownPoster
	}
	outside := func(b *Barrier) bool { return b.KeepsOutAny(o.Needs) }
	switch {
	case r.beyond(r.Barriers, customer, outside):
		return HiddenByWall
	case me.Is(o.Owner):
		return ShownPoster
	case o.Stage == Draft:
		return HiddenDraft
	case me.Is(o.Lead) || slices.Contains(o.Members, me.Organisation):
		return ShownEngaged
	case r.Profile.Fits(&o.Audience):
		return ShownAddressed
	case r.Invited(o.ID, me.Organisation):
		return ShownInvited
	case r.shared(o, customer, outside):
		return ShownShared
	}
	return HiddenNotAddressed
}

// shared reports whether an opportunity is shared with the viewer in a partnership.
func (r Ruling) shared(o *Opportunity, customer string, outside func(*Barrier) bool) bool {
	return slices.ContainsFunc(r.Shares, func(s Share) bool {
		return slices.Contains(o.SharedIn, s.Partnership) && !r.beyond(s.Barriers, customer, outside)
	})
}

func (r Ruling) invitation(i *Invitation) Rule {
	o, ok := nodeOf[*Opportunity](r.Facts, KindOpportunity, i.Opportunity)
	if !ok {
		return KeptInvitation
	}
	if rule := both(r.opportunity(o), r.with(i.Partner)); !rule.Shows() {
		return rule
	}
	switch me := r.Viewer; {
	case me.Role == RoleCustomer, me.Is(o.Owner):
		return ShownPoster
	case me.Is(i.Partner):
		return ShownInvited
	case me.Is(o.Lead) || slices.Contains(o.Members, me.Organisation):
		return ShownEngaged
	}
	return KeptInvitation
}

func (r Ruling) referral(n *Referral) Rule {
	me := r.Viewer
	switch {
	case r.Walled(n):
		return HiddenByWall
	case r.Hidden[n.From] || r.Hidden[n.To]:
		return HiddenWithPartner
	case me.Is(n.From) || me.Is(n.To):
		return ShownEnd
	case me.Role == RoleAnalyst:
		return KeptFromRole
	case me.Role == RolePartner && r.passesOn(n):
		return ShownChain
	case me.Role == RoleCustomer && n.Customer == me.Organisation && r.consents():
		return both(both(r.with(n.From), r.with(n.To)), ShownConsented)
	}
	return KeptReferral
}

func (r Ruling) consents() bool {
	c, ok := nodeOf[*Customer](r.Facts, KindCustomer, r.Viewer.Organisation)
	return ok && c.Consent
}

// passesOn reports whether a referral passes on, over steps of which no wall hides any, one of which the viewer is
// an end.
func (r Ruling) passesOn(n *Referral) bool {
	for seen := map[string]bool{}; n.Parent != "" && !seen[n.ID]; {
		seen[n.ID] = true
		parent, ok := nodeOf[*Referral](r.Facts, KindReferral, n.Parent)
		if !ok || r.Walled(parent) {
			return false
		}
		if r.Viewer.Is(parent.From) || r.Viewer.Is(parent.To) {
			return true
		}
		n = parent
	}
	return false
}

// Conceals reports whether a referral is hidden.
func (r Ruling) Conceals(n *Referral) bool {
	return r.Access != nil && (r.Hidden[n.From] || r.Hidden[n.To] || r.Walled(n))
}

// Walled reports whether a wall hides a referral.
func (r Ruling) Walled(n *Referral) bool { return r.Withheld(r.Barriers, n) }

// Withheld reports whether one of some barriers hides a customer, an opportunity or a referral.
func (r Ruling) Withheld(barriers []Barrier, node Node) bool {
	switch n := node.(type) {
	case *Customer:
		return r.Beyond(barriers, n.ID)
	case *Opportunity:
		return r.beyond(barriers, CustomerOf(r.Facts, n), func(b *Barrier) bool { return b.KeepsOutAny(n.Needs) })
	case *Referral:
		return r.beyond(barriers, n.Customer, func(b *Barrier) bool { return b.KeepsOut(n.Competency) })
	}
	return false
}

// Counts reports whether a node counts in figures, and whether it does without the viewer's being able to read it.
func (r Ruling) Counts(node Node) (counts, unknown bool) {
	if r.Access == nil {
		return true, false
	}
	rule := r.Rule(node)
	return !rule.Hides(), !rule.Shows()
}

// walledOff reports whether a wall hides a customer itself.
func (r Ruling) walledOff(customer string) bool { return r.Beyond(r.Barriers, customer) }

// Beyond reports whether one of some barriers is around everything of a customer.
func (r Ruling) Beyond(barriers []Barrier, customer string) bool {
	return r.beyond(barriers, customer, func(b *Barrier) bool { return b.Scope == nil })
}

// beyond reports whether one of some barriers applies to a customer and passes a test.
func (r Ruling) beyond(barriers []Barrier, customer string, test func(*Barrier) bool) bool {
	if len(barriers) == 0 || customer == "" {
		return false
	}
	c, ok := nodeOf[*Customer](r.Facts, KindCustomer, customer)
	return ok && slices.ContainsFunc(barriers, func(b Barrier) bool { return b.Applies(c.ID, c.Segment) && test(&b) })
}
