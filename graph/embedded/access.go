package embedded

import (
	"context"
	"sync"

	"valueweb/graph"
)

// sight is a state as a viewer sees it.
type sight struct {
	*state
	graph.Ruling
	// shaded are the referrals that may be hidden from the viewer, by recipient: what they add to its sums is taken
	// away again.
	shaded []shade
}

// shade is referrals by recipient.
type shade map[string][]*graph.Referral

// as is a state with the eyes of whom an access was compiled for; nil: an operator.
func (s *state) as(access *graph.Access) sight {
	return sight{state: s, Ruling: graph.Ruling{Access: access, Facts: s}}
}

// everything is a state as an operator sees it.
func (s *state) everything() *sight {
	all := s.as(nil)
	return &all
}

// Node implements graph.Facts.
func (s *state) Node(kind graph.Kind, id string) graph.Node { return s.get(kind, id) }

// Invited implements graph.Facts.
func (s *state) Invited(opportunity, partner string) bool {
	return anyUnder(s, invitationsByOpportunity, opportunity, func(i *graph.Invitation) bool { return i.Stands(partner) })
}

// errApart is what a viewer gets whose organisation takes no part.
var errApart = &graph.Error{Code: graph.CodeForbidden, Message: "the organisation that this viewer asks for takes no part in the network"}

// mostSights bounds how many sights are kept.
const mostSights = 20_000

// sights keeps what was compiled for viewers, while the day and all that it depends on are those that it was
// compiled for.
type sights struct {
	mu   sync.Mutex
	of   map[asker]compiled
	sent struct { // by partners that are hidden from some viewers
		edition uint64
		shade   shade
	}
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
	walled  shade
}

// view returns the state that a viewer reads, as it sees it.
func (s *Store) view(ctx context.Context, v graph.Viewer) (*sight, error) {
	return s.viewOf(ctx, s.current.Load(), v)
}

// viewOf returns a state as a viewer sees it today.
func (s *Store) viewOf(ctx context.Context, now *state, v graph.Viewer) (*sight, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case v.Validate() != nil:
		return nil, errViewer
	case !v.Confined():
		return now.everything(), nil
	}
	return s.sights.see(now, v, graph.DateOf(s.clock()))
}

// see is a state as a confined viewer sees it on a day.
func (s *sights) see(now *state, v graph.Viewer, today graph.Date) (*sight, error) {
	known, sent, err := s.compiled(now, v, today)
	if err != nil {
		return nil, err
	}
	seen := now.as(known.access)
	seen.shaded = []shade{sent, known.walled}
	return &seen, nil
}

// compiled is what a confined viewer sees of a state on a day, and the referrals of partners that are hidden from some.
func (s *sights) compiled(now *state, v graph.Viewer, today graph.Date) (compiled, shade, error) {
	who := asker{v.Role, v.Organisation}
	s.mu.Lock()
	known, ok := s.of[who]
	sent := s.sent
	s.mu.Unlock()
	stale := !ok || known.edition != now.edition || known.today != today
	if stale {
		same := graph.Viewer{Role: v.Role, Organisation: v.Organisation} // who asks for it sees the same
		c := &compiler{sight: now.as(graph.NewAccess(same, today)), walled: shade{}}
		if err := c.compile(); err != nil {
			return compiled{}, nil, err
		}
		if c.Access.Trim(); len(c.walled) == 0 {
			c.walled = nil
		}
		known = compiled{now.edition, today, c.Access, c.walled}
	}
	if sent.shade == nil || sent.edition != now.edition {
		sent.edition, sent.shade = now.edition, now.sentByShy()
		stale = true
	}
	if stale {
		s.keep(who, known, sent.shade)
	}
	return known, sent.shade, nil
}

// keep remembers what was compiled, and the referrals of shy partners, of the same edition.
func (s *sights) keep(who asker, known compiled, sent shade) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || len(s.of) >= mostSights {
		s.of = map[asker]compiled{}
	}
	s.of[who] = known
	s.sent.edition, s.sent.shade = known.edition, sent
}

// sentByShy are the referrals of partners that are hidden from some viewers.
func (s *state) sentByShy() shade {
	sent := shade{}
	related(s, shyPartners, shy, func(p *graph.Partner) bool {
		related(s, referralsBySender, p.ID, func(r *graph.Referral) bool {
			sent[r.To] = append(sent[r.To], r)
			return true
		})
		return true
	})
	return sent
}

// Access implements graph.Gatekeeper.
func (s *Store) Access(ctx context.Context, v graph.Viewer) (*graph.Access, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.Access, nil
}

// find returns a node that the viewer may read, nil if there is none.
func (s *sight) find(kind graph.Kind, id string) graph.Node {
	node := s.get(kind, id)
	if node == nil || !s.Sees(node) {
		return nil
	}
	return node
}

// tell is a node as far as the viewer is told of it.
func (s *sight) tell(node graph.Node) graph.Node {
	customer := ""
	if o, ok := node.(*graph.Opportunity); ok && s.Access != nil {
		customer = graph.CustomerOf(s.state, o)
	}
	return s.Told(node, customer)
}

// reads reports whether the viewer may read a customer, or there is none.
func (s *sight) reads(customer string) bool {
	return s.Access == nil || customer == "" || s.Customers[customer]
}

// hidden reports whether a partner is hidden.
func (s *sight) hidden(partner string) bool { return s.Access != nil && s.Hidden[partner] }

// own is the way into the nodes of a kind that the viewer may read, where they are few; nil: there is none.
func (s *sight) own(kind graph.Kind) func(add func(graph.Node)) {
	me := s.Viewer
	switch {
	case kind == graph.KindCustomer:
		return func(add func(graph.Node)) {
			for id := range s.Customers {
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
		if seen[r.ID] || s.Walled(r) {
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
