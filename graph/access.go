package graph

import "slices"

// Access is what a viewer may see today, as docs/access.md defines it: compiled once, small, and applied by both
// stores while they match. A nil Access is an operator's, who sees everything.
type Access struct {
	Viewer Viewer
	Today  Date
	// Kin are the partners that the viewer may read though they are not public: not ACTIVE, or not discoverable.
	Kin map[string]bool
	// Hidden are the partners that are hidden.
	Hidden map[string]bool
	// Barriers are the walls of the viewer.
	Barriers []Barrier
	// Customers are those that the viewer may read.
	Customers map[string]bool
	// Contacts are whose contacts it may read, beside its own: customers, where the viewer is a partner, and
	// partners, where it is a customer.
	Contacts map[string]bool
	// Shares are the partnerships in which opportunities are shared with the viewer.
	Shares []Share
	// Tellers are the partnerships whose figures the viewer may ask for.
	Tellers []Share
	// Profile is what decides whether an audience is the viewer; nil: none is.
	Profile *Profile
	// Concealed are the referrals that are hidden by a wall, those of hidden partners apart.
	Concealed []*Referral
}

// AltersAccess reports whether a change of a node of the kind can alter what an access says. Of the other kinds it
// is decided by an access what of them is seen, and nothing else depends on them.
func (k Kind) AltersAccess() bool {
	switch k {
	case KindSite, KindContact, KindCertification, KindSolution, KindOpportunity, KindInvitation, KindAPIKey:
		return false
	}
	return true
}

// NewAccess is the access of a viewer to whom nothing is granted yet.
func NewAccess(v Viewer, today Date) *Access {
	return &Access{
		Viewer: v, Today: today, Kin: map[string]bool{}, Hidden: map[string]bool{}, Customers: map[string]bool{}, Contacts: map[string]bool{},
	}
}

// Trim lets go of the sets that are empty, once all is granted: accesses are kept by the thousand.
func (a *Access) Trim() {
	sets := []*map[string]bool{&a.Kin, &a.Hidden, &a.Customers, &a.Contacts}
	if p := a.Profile; p != nil {
		sets = append(sets, &p.Held, &p.Regions, &p.Countries)
	}
	for _, set := range sets {
		if len(*set) == 0 {
			*set = nil
		}
	}
}

// Barrier is a wall as it meets one viewer.
type Barrier struct {
	Customer, Segment string          // whom it is around; one is empty
	Scope             map[string]bool // the competencies that it keeps out; nil: all
}

// Applies reports whether the barrier is around a customer.
func (b *Barrier) Applies(customer, segment string) bool {
	return b.Customer != "" && b.Customer == customer || b.Segment != "" && b.Segment == segment
}

// KeepsOut reports whether a competency is in the scope; the empty one is where the scope is everything.
func (b *Barrier) KeepsOut(competency string) bool { return b.Scope == nil || b.Scope[competency] }

// KeepsOutAny reports whether one of some needs is in the scope.
func (b *Barrier) KeepsOutAny(needs []Need) bool {
	return b.Scope == nil || slices.ContainsFunc(needs, func(n Need) bool { return b.Scope[n.Competency] })
}

// Share is a partnership that shares something with a viewer, and what keeps some of it out.
type Share struct {
	Partnership string
	Barriers    []Barrier
}

// Profile is what an audience asks about a partner, today.
type Profile struct {
	Partner   string
	Kind      PartnerKind
	Tier      string
	Tags      []string
	Held      map[string]bool // competencies held, and all that are broader
	Regions   map[string]bool // that hold the country of an office
	Countries map[string]bool // of its offices
	Points    []Point         // of its offices
}

// Fits reports whether an audience is the partner.
func (p *Profile) Fits(a *Audience) bool {
	if p == nil {
		return false
	}
	switch a.Kind {
	case AudienceAll:
		return true
	case AudienceNamed:
		return slices.Contains(a.Partners, p.Partner)
	case AudienceFilter:
		return p.passes(a)
	}
	return false
}

func (p *Profile) passes(a *Audience) bool {
	in := func(set map[string]bool) func(string) bool { return func(id string) bool { return set[id] } }
	switch {
	case len(a.Competencies) > 0 && !slices.ContainsFunc(a.Competencies, in(p.Held)),
		a.Region != "" && !p.Regions[a.Region],
		len(a.Countries) > 0 && !slices.ContainsFunc(a.Countries, in(p.Countries)),
		len(a.Kinds) > 0 && !slices.Contains(a.Kinds, p.Kind),
		TierRank(a.MinTier) > 0 && TierRank(p.Tier) < TierRank(a.MinTier):
		return false
	}
	for _, tag := range a.Tags {
		if !slices.Contains(p.Tags, tag) {
			return false
		}
	}
	if a.Near == nil || a.RadiusKm == 0 {
		return true
	}
	return slices.ContainsFunc(p.Points, func(at Point) bool { return Kilometres(at, *a.Near) <= a.RadiusKm })
}

// Public reports whether a partner is ACTIVE and discoverable.
func (p *Partner) Public() bool { return p.Status == Active && p.Discoverable() }

// Shy reports whether a partner is hidden from whom it has nothing to do with: it is PENDING or chose not to be
// discoverable. To an analyst it is only while it is PENDING.
func (p *Partner) Shy(to Role) bool {
	return p.Status == Pending || to != RoleAnalyst && !p.Discoverable()
}

// Partner reports whether the viewer may read a partner.
func (a *Access) Partner(p *Partner) bool {
	return a == nil || p.Status == Active && !p.Shy(a.Viewer.Role) || a.Kin[p.ID]
}

// Owner reports whether the viewer is the one who posted an opportunity: its owner, or its customer where no
// partner owns it. customer is the one of the opportunity, or of its site.
func (a *Access) Owner(o *Opportunity, customer string) bool {
	switch a.Viewer.Role {
	case RolePartner:
		return o.Owner == a.Viewer.Organisation
	case RoleCustomer:
		return o.Owner == "" && customer == a.Viewer.Organisation
	}
	return false
}

// Told is a node as far as the viewer is told of it: one that it may read, without what it is not told. customer
// is the one of an opportunity, or of its site.
func (a *Access) Told(node Node, customer string) Node { return a.degree(node, customer).of(node) }

// A degree is how much is told of a node: all who are told as much of it are told the same.
type degree uint8

const (
	toldInPart  degree = 1 << iota // else the whole node
	toldEngaged                    // of an opportunity: as who leads it, or joined it
	toldOffered                    // of an opportunity: as whom it is offered to
	degrees     = 1 << iota
)

// degree is how much the viewer is told of a node.
func (a *Access) degree(node Node, customer string) (d degree) {
	if a == nil {
		return d
	}
	switch n := node.(type) {
	case *Referral:
		if a.Viewer.Role == RolePartner && !a.Viewer.Is(n.From) && !a.Viewer.Is(n.To) {
			d = toldInPart
		}
	case *Opportunity:
		if a.Owner(n, customer) {
			return d
		}
		d = toldInPart
		if a.Viewer.Role == RolePartner && (n.Lead == a.Viewer.Organisation || slices.Contains(n.Members, a.Viewer.Organisation)) {
			d |= toldEngaged
		}
		if a.Viewer.Is(n.TransferTo) {
			d |= toldOffered
		}
	case *Partnership:
		if a.Viewer.Role == RoleAnalyst {
			d = toldInPart
		}
	}
	return d
}

// of is as much of a node.
func (d degree) of(node Node) Node {
	if d&toldInPart == 0 {
		return node
	}
	switch n := node.(type) {
	case *Referral:
		told := *n
		told.Value = nil
		return &told
	case *Opportunity:
		return d.ofOpportunity(n)
	case *Partnership:
		return &Partnership{Meta: n.Meta, Parties: n.Parties, Collaboration: n.Collaboration}
	}
	return node
}

// ofOpportunity is an opportunity as others than its owner are told of it.
func (d degree) ofOpportunity(o *Opportunity) *Opportunity {
	told := *o
	told.Declined, told.Audience = nil, Audience{Kind: o.Audience.Kind}
	told.PostedBy, told.SubmittedBy, told.ReviewFields, told.ReviewNote = "", "", nil, ""
	if d&toldEngaged == 0 {
		told.ProtectedUntil = 0
	}
	if d&toldOffered == 0 {
		told.TransferTo = ""
	}
	return &told
}

// Telling tells many viewers of one node, customer being the one of an opportunity, or of its site: all who are told
// as much of it get one copy.
type Telling struct {
	Node     Node
	Customer string
	copies   [degrees]Node
}

// To is the node as far as a viewer is told of it, see [Access.Told].
func (t *Telling) To(a *Access) Node {
	d := a.degree(t.Node, t.Customer)
	if t.copies[d] == nil {
		t.copies[d] = d.of(t.Node)
	}
	return t.copies[d]
}

// tell takes from ties what the viewer is not told of them.
func (v Viewer) tell(ties []Tie) {
	if !v.Confined() {
		return
	}
	for i := range ties {
		t := &ties[i]
		if v.Is(t.A) || v.Is(t.B) {
			continue
		}
		t.LastActivity, t.Partnership = 0, ""
		if v.Role != RoleAnalyst {
			t.Referrals = NotDisclosed
		}
	}
}

// Concealment is what of the network is hidden from a viewer; the zero value: nothing.
type Concealment struct {
	Partners  map[string]bool
	Referrals []*Referral // beside those of these partners
}

// Concealment is what of the network is hidden from the viewer.
func (a *Access) Concealment() Concealment {
	if a == nil {
		return Concealment{}
	}
	return Concealment{Partners: a.Hidden, Referrals: a.Concealed}
}
