package stream

import (
	"context"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"valueweb/graph"
)

// subject is what events of a batch are about, as an operator reads it, and what others may read of it.
type subject struct {
	number uint64 // no other one has the same
	kind   graph.Kind
	id     string
	node   graph.Node // nil where it is not needed, or not there
	// opportunity is the subject itself, or that of an invitation.
	opportunity *graph.Opportunity
	at          *whereabouts // of the opportunity, where anybody asks
	above       []string     // the competencies that it needs, and broader ones, where anybody asks
	reach       reach

	asking []*party     // for whom the subject is read
	nodes  []graph.Node // what each may read
	owners []graph.Node // of an invitation: the opportunity, as far as each may read it
}

// reach is who may read something at most, beside operators: whether it may is asked of the store.
type reach struct {
	everyPartner, everyCustomer bool
	partners                    []string
	customer                    string
}

// about finds out what events are about: a few reads of the store, however many events there are. The land is no
// older than a seq.
func (f *Feed) about(ctx context.Context, events []*graph.Event, seq int64, placed, taxonomic bool) (map[string]*subject, *land, error) {
	subjects := map[string]*subject{}
	for _, event := range events {
		kind, id, _ := graph.ParseGID(event.Subject)
		f.subjects++
		subjects[event.Subject] = &subject{number: f.subjects, kind: kind, id: id, reach: reachOf(kind)}
	}
	if err := f.readSubjects(ctx, subjects); err != nil {
		return nil, nil, err
	}
	if err := f.describe(ctx, subjects, placed); err != nil {
		return nil, nil, err
	}
	if err := f.followChains(ctx, subjects); err != nil {
		return nil, nil, err
	}
	if !taxonomic {
		return subjects, nil, nil
	}
	l, err := f.lands.at(ctx, seq)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range subjects {
		if s.opportunity != nil {
			s.above = l.above(s.opportunity)
		}
	}
	return subjects, l, nil
}

// reachOf is the reach of a kind of which the single node need not be looked at.
func reachOf(kind graph.Kind) reach {
	switch kind {
	case graph.KindOpportunity, graph.KindInvitation, graph.KindReferral, graph.KindPartnership, graph.KindWall, graph.KindAPIKey, "":
		return reach{}
	}
	return reach{everyPartner: true, everyCustomer: true}
}

// readSubjects reads the subjects of which it must be known who they are about.
func (f *Feed) readSubjects(ctx context.Context, subjects map[string]*subject) error {
	nodes := map[string]graph.Node{}
	for _, kind := range []graph.Kind{graph.KindInvitation, graph.KindOpportunity, graph.KindReferral, graph.KindPartnership} {
		var ids []string
		for _, s := range subjects {
			if s.kind == kind {
				ids = append(ids, s.id)
			}
		}
		if kind == graph.KindOpportunity {
			for _, node := range nodes {
				ids = append(ids, node.(*graph.Invitation).Opportunity)
			}
		}
		if err := f.gather(ctx, graph.Operator, kind, ids, nodes); err != nil {
			return err
		}
	}
	for gid, s := range subjects {
		s.node = nodes[gid]
		switch n := s.node.(type) {
		case *graph.Opportunity:
			s.opportunity = n
		case *graph.Invitation:
			s.opportunity, _ = nodes[graph.GID(graph.KindOpportunity, n.Opportunity)].(*graph.Opportunity)
		case *graph.Partnership:
			s.reach.partners = n.Parties
		}
	}
	return nil
}

// describe finds out whom opportunities reach, and where they are.
func (f *Feed) describe(ctx context.Context, subjects map[string]*subject, placed bool) error {
	byID := map[string]*graph.Opportunity{}
	var without, narrow, shared []string
	for _, s := range subjects {
		o := s.opportunity
		if o == nil {
			continue
		}
		byID[o.ID] = o
		if o.Customer == "" && o.Site != "" {
			without = append(without, o.Site)
		}
		if s.kind == graph.KindOpportunity && !open(o) {
			narrow = append(narrow, o.ID)
			shared = append(shared, o.SharedIn...)
		}
	}
	sites, err := readAll[*graph.Site](ctx, f.store, graph.Operator, without)
	if err != nil {
		return err
	}
	partnerships, err := readAll[*graph.Partnership](ctx, f.store, graph.Operator, shared)
	if err != nil {
		return err
	}
	invited := map[string][]string{}
	err = f.related(ctx, graph.OpportunityInvitations, narrow, func(opportunity string, node graph.Node) {
		invited[opportunity] = append(invited[opportunity], node.(*graph.Invitation).Partner)
	})
	if err != nil {
		return err
	}
	at := map[string]*whereabouts{}
	if placed {
		if at, err = f.whereabouts(ctx, valuesOf(byID)); err != nil {
			return err
		}
	}
	for _, s := range subjects {
		if o := s.opportunity; o != nil {
			s.at = at[o.ID]
			s.reach = s.reachOfOpportunity(partnerships, invited[o.ID], customerOf(o, sites[o.Site]))
		}
	}
	return nil
}

func valuesOf[K comparable, V any](m map[K]V) []V {
	values := make([]V, 0, len(m))
	for _, value := range m {
		values = append(values, value)
	}
	return values
}

// open reports whether any partner may turn out to be addressed by an opportunity.
func open(o *graph.Opportunity) bool {
	return o.Stage != graph.Draft && (o.Audience.Kind == graph.AudienceAll || o.Audience.Kind == graph.AudienceFilter)
}

// reachOfOpportunity is who may read an opportunity, or an invitation to it.
func (s *subject) reachOfOpportunity(partnerships map[string]*graph.Partnership, invited []string, customer string) reach {
	o := s.opportunity
	r := reach{customer: customer, partners: append([]string{o.Owner, o.Lead}, o.Members...)}
	if i, ok := s.node.(*graph.Invitation); ok {
		r.partners = append(r.partners, i.Partner)
		return r
	}
	if o.Stage == graph.Draft {
		return r
	}
	if open(o) {
		return reach{customer: customer, everyPartner: true}
	}
	r.partners = append(append(r.partners, o.Audience.Partners...), invited...)
	for _, id := range o.SharedIn {
		if p := partnerships[id]; p != nil {
			r.partners = append(r.partners, p.Parties...)
		}
	}
	return r
}

// followChains finds out whom referrals reach: their ends, and those of the referrals that they pass on. It is a
// read a step.
func (f *Feed) followChains(ctx context.Context, subjects map[string]*subject) error {
	known := map[string]*graph.Referral{}
	var parents []string
	for _, s := range subjects {
		if r, ok := s.node.(*graph.Referral); ok {
			known[r.ID] = r
			parents = append(parents, r.Parent)
		}
	}
	for len(parents) > 0 {
		wanted := slices.DeleteFunc(parents, func(id string) bool { return id == "" || known[id] != nil })
		found, err := readAll[*graph.Referral](ctx, f.store, graph.Operator, wanted)
		if err != nil {
			return err
		}
		parents = nil
		for id, r := range found {
			known[id] = r
			parents = append(parents, r.Parent)
		}
	}
	for _, s := range subjects {
		r, ok := s.node.(*graph.Referral)
		if !ok {
			continue
		}
		s.reach.customer = r.Customer
		for seen := map[string]bool{}; r != nil && !seen[r.ID]; r = known[r.Parent] {
			seen[r.ID] = true
			s.reach.partners = append(s.reach.partners, r.From, r.To)
		}
	}
	return nil
}

// ask makes sure that a subject is read for whom a subscription asks, and returns where it stands among those.
func (f *Feed) ask(s *subject, of *Subscription) int {
	p := of.party
	if p.asked != s.number {
		if s.asking == nil {
			s.asking = f.asking.empty()
		}
		p.asked, p.asks = s.number, len(s.asking)
		s.asking = append(s.asking, p)
	}
	return p.asks
}

// judgeAll reads subjects for all who are to be told of them, a few at the same time.
func (f *Feed) judgeAll(ctx context.Context, subjects []*subject) error {
	subjects = slices.DeleteFunc(subjects, func(s *subject) bool {
		return len(s.asking) == 0 || s.kind == "" // what tells of many is for operators, who read everything
	})
	var next atomic.Int64
	judging, within := errgroup.WithContext(ctx)
	for nth := range min(judges, len(subjects)) {
		judging.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(subjects) {
					return nil
				}
				viewers := f.viewers[nth][:0]
				for _, p := range subjects[i].asking {
					viewers = append(viewers, p.viewer())
				}
				if f.viewers[nth] = viewers; cap(viewers) > mostSpare {
					f.viewers[nth] = nil
				}
				if err := f.judge(within, subjects[i], viewers); err != nil {
					return err
				}
			}
		})
	}
	return judging.Wait()
}

// judge reads the subject for all who are to be told of it.
func (f *Feed) judge(ctx context.Context, s *subject, asking []graph.Viewer) (err error) {
	if s.nodes, err = f.store.ReadFor(ctx, asking, s.kind, s.id); err != nil {
		return err
	}
	if s.kind == graph.KindInvitation && s.opportunity != nil {
		s.owners, err = f.store.ReadFor(ctx, asking, graph.KindOpportunity, s.opportunity.ID)
	}
	return err
}

// tell is what a subscription is told of an event about the subject.
func (s *subject) tell(to recipient, event *graph.Event) (t told, ok bool) {
	if event.Subject == "" {
		return told{event: event}, true
	}
	t = told{event: event, subject: s.nodes[to.asks]}
	if i, invitation := t.subject.(*graph.Invitation); invitation && to.wants.topic == Opportunities {
		t = told{event: event, subject: nil, invitation: i}
		if s.owners != nil {
			t.subject = s.owners[to.asks]
		}
	}
	return t, t.subject != nil && to.who.viewer().Hears(event, t.subject)
}
