package embedded

import (
	"context"
	"sync"

	"valueweb/graph"
)

// sight is a state as a viewer sees it.
type sight struct {
	*state
	access *graph.Access // nil: everything
	// clouded are the partners that received referrals which are hidden from the viewer: the sums of what they
	// received are not the viewer's.
	clouded map[string]bool
}

// everything is a state as an operator sees it.
func (s *state) everything() *sight { return &sight{state: s} }

// errApart is what a viewer gets whose organisation takes no part.
var errApart = &graph.Error{Code: graph.CodeForbidden, Message: "the organisation that this viewer asks for takes no part in the network"}

// mostSights bounds how many sights are kept.
const mostSights = 1000

// sights keeps what was compiled for viewers, while the state and the day are those that it was compiled for.
type sights struct {
	mu sync.Mutex
	of map[asker]compiled
}

type asker struct {
	role         graph.Role
	organisation string
}

// compiled does not keep the state: an old one is let go.
type compiled struct {
	edition uint64
	today   graph.Date
	access  *graph.Access
	clouded map[string]bool
}

// view returns the state that a viewer reads, as it sees it.
func (s *Store) view(ctx context.Context, v graph.Viewer) (*sight, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if v.Validate() != nil {
		return nil, errViewer
	}
	now := s.current.Load()
	if !v.Confined() {
		return now.everything(), nil
	}
	return s.sights.see(now, v, graph.DateOf(s.clock()))
}

// see is a state as a confined viewer sees it on a day.
func (s *sights) see(now *state, v graph.Viewer, today graph.Date) (*sight, error) {
	who := asker{v.Role, v.Organisation}
	s.mu.Lock()
	known, ok := s.of[who]
	s.mu.Unlock()
	if ok && known.edition == now.edition && known.today == today {
		return &sight{state: now, access: known.access, clouded: known.clouded}, nil
	}
	c := &compiler{sight: sight{state: now, access: graph.NewAccess(v, today)}}
	if err := c.compile(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || len(s.of) >= mostSights {
		s.of = map[asker]compiled{}
	}
	s.of[who] = compiled{now.edition, today, c.access, c.clouded}
	return &c.sight, nil
}

// Access implements graph.Store.
func (s *Store) Access(ctx context.Context, v graph.Viewer) (*graph.Access, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.access, nil
}

// find returns a node that the viewer may read, nil if there is none.
func (s *sight) find(kind graph.Kind, id string) graph.Node {
	node := s.get(kind, id)
	if node == nil || !s.sees(node) {
		return nil
	}
	return node
}

// tell is a node as far as the viewer is told of it.
func (s *sight) tell(node graph.Node) graph.Node {
	customer := ""
	if o, ok := node.(*graph.Opportunity); ok && s.access != nil {
		customer = s.customerOf(o)
	}
	return s.access.Told(node, customer)
}

// sees reports whether the viewer may read a node.
func (s *sight) sees(node graph.Node) bool {
	if s.access == nil {
		return true
	}
	switch n := node.(type) {
	case *graph.Region, *graph.Competency:
		return true
	case *graph.Partner:
		return s.access.Partner(n)
	case *graph.Office:
		return s.seesPartner(n.Partner)
	case *graph.Holding:
		return s.seesPartner(n.Partner)
	case *graph.Certification:
		return s.seesPartner(n.Partner)
	case *graph.Contact:
		return s.seesContact(n)
	case *graph.Customer:
		return s.access.Customers[n.ID]
	case *graph.Site:
		return n.Customer == "" || s.access.Customers[n.Customer]
	case *graph.CustomerPartner:
		return s.access.Customers[n.Customer] && s.seesPartner(n.Partner)
	case *graph.Solution:
		return len(n.Partners) == 0 || s.seesAny(n.Partners)
	case *graph.Partnership:
		return s.seesPartnership(n)
	case *graph.Opportunity:
		return s.access.Viewer.Role != graph.RoleAnalyst && s.isThere(n)
	case *graph.Invitation:
		return s.seesInvitation(n)
	case *graph.Referral:
		return s.seesReferral(n)
	}
	return false
}

func (s *sight) seesPartner(id string) bool {
	p, ok := lookup[*graph.Partner](s.state, graph.KindPartner, id)
	return ok && s.access.Partner(p)
}

func (s *sight) seesAny(partners []string) bool {
	for _, id := range partners {
		if s.seesPartner(id) {
			return true
		}
	}
	return false
}

func (s *sight) seesContact(c *graph.Contact) bool {
	me := s.access.Viewer.Organisation
	switch s.access.Viewer.Role {
	case graph.RolePartner:
		if c.Customer != "" {
			return s.access.Contacts[c.Customer]
		}
		return c.Partner == me || c.Role == graph.SalesContact && s.seesActive(c.Partner)
	case graph.RoleCustomer:
		if c.Customer != "" {
			return c.Customer == me
		}
		return s.access.Contacts[c.Partner] && s.seesActive(c.Partner)
	}
	return false
}

func (s *sight) seesActive(partner string) bool {
	p, ok := lookup[*graph.Partner](s.state, graph.KindPartner, partner)
	return ok && p.Status == graph.Active && s.access.Partner(p)
}

func (s *sight) seesPartnership(p *graph.Partnership) bool {
	switch s.access.Viewer.Role {
	case graph.RolePartner:
		return contains(p.Parties, s.access.Viewer.Organisation)
	case graph.RoleAnalyst:
		left := 0
		for _, party := range p.Parties {
			if !s.access.Hidden[party] {
				left++
			}
		}
		return left >= 2
	}
	return false
}

func (s *sight) seesInvitation(i *graph.Invitation) bool {
	o, ok := lookup[*graph.Opportunity](s.state, graph.KindOpportunity, i.Opportunity)
	if !ok || !s.sees(o) || !s.seesPartner(i.Partner) {
		return false
	}
	me := s.access.Viewer
	return me.Role == graph.RoleCustomer || me.Is(i.Partner) || me.Is(o.Owner) || me.Is(o.Lead) || contains(o.Members, me.Organisation)
}

func (s *sight) seesReferral(r *graph.Referral) bool {
	me := s.access.Viewer
	switch me.Role {
	case graph.RolePartner:
		return !s.hides(r) && s.concerns(r)
	case graph.RoleCustomer:
		if r.Customer != me.Organisation || !s.seesPartner(r.From) || !s.seesPartner(r.To) {
			return false
		}
		c, ok := lookup[*graph.Customer](s.state, graph.KindCustomer, r.Customer)
		return ok && c.Consent
	}
	return false
}

// concerns reports whether the viewer is an end of a referral, or of one that it passes on over steps of which
// no wall hides any.
func (s *sight) concerns(r *graph.Referral) bool {
	me := s.access.Viewer
	for seen := map[string]bool{}; !me.Is(r.From) && !me.Is(r.To); {
		seen[r.ID] = true
		parent, ok := lookup[*graph.Referral](s.state, graph.KindReferral, r.Parent)
		if !ok || seen[parent.ID] || s.walled(parent) {
			return false
		}
		r = parent
	}
	return true
}

// hidden reports whether a partner is hidden.
func (s *sight) hidden(partner string) bool { return s.access != nil && s.access.Hidden[partner] }

// hides reports whether a referral is hidden.
func (s *sight) hides(r *graph.Referral) bool {
	return s.access.Hidden[r.From] || s.access.Hidden[r.To] || s.walled(r)
}

// walled reports whether a wall hides a referral.
func (s *sight) walled(r *graph.Referral) bool {
	return s.beyond(s.access.Barriers, r.Customer, func(b *graph.Barrier) bool { return b.KeepsOut(r.Competency) })
}

// beyond reports whether one of some barriers applies to a customer and passes a test.
func (s *sight) beyond(barriers []graph.Barrier, customer string, test func(*graph.Barrier) bool) bool {
	if len(barriers) == 0 || customer == "" {
		return false
	}
	c, ok := lookup[*graph.Customer](s.state, graph.KindCustomer, customer)
	if !ok {
		return false
	}
	for i := range barriers {
		if barriers[i].Applies(c.ID, c.Segment) && test(&barriers[i]) {
			return true
		}
	}
	return false
}

// customerOf is the customer of an opportunity, or of its site; empty if it has none.
func (s *state) customerOf(o *graph.Opportunity) string {
	if o.Customer != "" || o.Site == "" {
		return o.Customer
	}
	if site, ok := lookup[*graph.Site](s, graph.KindSite, o.Site); ok {
		return site.Customer
	}
	return ""
}

// isThere reports whether an opportunity is not hidden.
func (s *sight) isThere(o *graph.Opportunity) bool {
	if s.access == nil {
		return true
	}
	me := s.access.Viewer
	switch me.Role {
	case graph.RoleAnalyst:
		return o.Stage != graph.Draft
	case graph.RoleCustomer:
		return s.customerOf(o) == me.Organisation && (o.Stage != graph.Draft || o.Owner == "")
	}
	customer := s.customerOf(o)
	outside := func(b *graph.Barrier) bool { return b.KeepsOutAny(o.Needs) }
	if s.beyond(s.access.Barriers, customer, outside) {
		return false
	}
	if me.Is(o.Owner) || o.Stage == graph.Draft {
		return me.Is(o.Owner)
	}
	return me.Is(o.Lead) || contains(o.Members, me.Organisation) || s.access.Profile.Fits(&o.Audience) || s.invited(o) || s.shared(o, customer, outside)
}

// invited reports whether the viewer has an invitation that still stands.
func (s *sight) invited(o *graph.Opportunity) bool {
	return anyUnder(s.state, invitationsByOpportunity, o.ID, func(i *graph.Invitation) bool {
		return s.access.Viewer.Is(i.Partner) && (i.State == graph.InvitationPending || i.State == graph.InvitationAccepted)
	})
}

// shared reports whether an opportunity is shared with the viewer in a partnership.
func (s *sight) shared(o *graph.Opportunity, customer string, outside func(*graph.Barrier) bool) bool {
	for i := range s.access.Shares {
		share := &s.access.Shares[i]
		if contains(o.SharedIn, share.Partnership) && !s.beyond(share.Barriers, customer, outside) {
			return true
		}
	}
	return false
}

// own is the way into the nodes of a kind that the viewer may read, where they are few; nil: there is none.
func (s *sight) own(kind graph.Kind) func(add func(graph.Node)) {
	me := s.access.Viewer
	switch {
	case kind == graph.KindCustomer:
		return func(add func(graph.Node)) {
			for id := range s.access.Customers {
				add(s.get(graph.KindCustomer, id))
			}
		}
	case kind == graph.KindPartnership && me.Role == graph.RolePartner:
		return gatherIndex(s.state, partnershipsByParty, me.Organisation)
	case kind == graph.KindReferral && me.Role == graph.RoleCustomer:
		return gatherIndex(s.state, referralsByCustomer, me.Organisation)
	case kind == graph.KindReferral && me.Role == graph.RolePartner:
		return func(add func(graph.Node)) { s.eachReferral(me.Organisation, func(r *graph.Referral) { add(r) }) }
	}
	return nil
}

// eachReferral calls yield for the referrals from and to a partner, and for those that pass them on, once each; a
// wall hides what it hides, and what is passed on beyond.
func (s *sight) eachReferral(partner string, yield func(*graph.Referral)) {
	seen := map[string]bool{}
	var follow func(r *graph.Referral) bool
	follow = func(r *graph.Referral) bool {
		if seen[r.ID] || s.walled(r) {
			return true
		}
		seen[r.ID] = true
		yield(r)
		related(s.state, referralsByParent, r.ID, follow)
		return true
	}
	related(s.state, referralsBySender, partner, follow)
	related(s.state, referralsByRecipient, partner, follow)
}
