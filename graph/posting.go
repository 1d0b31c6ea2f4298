package graph

import (
	"context"
	"slices"
)

// Posting is an opportunity as somebody posts it.
type Posting struct {
	Title          string
	Customer, Site string
	Point          *Point
	Needs          []Need
	Value          *Money
	Audience       Addressees
	Owner          string // a partner; for operators only
	Draft          bool   // it is not published yet
}

// Addressees say to whom an opportunity is to be addressed: all, partners by name, or whoever a filter finds.
type Addressees struct {
	All      bool
	Partners []string
	Filter   *Filter
}

// inputPartner is the field of an input that names a partner.
const inputPartner = "input.partner"

// PostOpportunity posts an opportunity, or drafts it. A creation that was asked for before is not made again: the
// opportunity is answered as the viewer may read it now.
func (g *Graph) PostOpportunity(ctx context.Context, v Viewer, c Creation, p Posting) (OpportunityChanged, error) {
	rows := stepsOf(PostOpportunity)
	if err := rows.admit(v); err != nil {
		return OpportunityChanged{}, err
	}
	var h *hand
	var known *Receipt
	seq, err := g.Store.Write(ctx, v, func(ctx context.Context, tx Tx) (err error) {
		h = g.hand(tx, v)
		if err := h.takesPart(ctx); err != nil {
			return err
		}
		if known, err = c.recall(ctx, tx, v); err != nil || known != nil {
			return err
		}
		if err := h.draw(ctx, p); err != nil {
			return err
		}
		if err := h.take(ctx, rows[slices.IndexFunc(rows, func(s Step) bool { return (s.Stage == Draft) == p.Draft })], nil); err != nil {
			return err
		}
		return c.keep(ctx, tx, v, h.after)
	})
	switch {
	case err != nil:
		return OpportunityChanged{}, g.suggest(ctx, v, err)
	case known != nil:
		return g.recalled(ctx, v, known)
	}
	return g.told(ctx, h, seq)
}

// recalled is what came of a creation before.
func (g *Graph) recalled(ctx context.Context, v Viewer, receipt *Receipt) (OpportunityChanged, error) {
	_, id, _ := ParseGID(receipt.Node)
	nodes, err := g.Store.Read(ctx, v, KindOpportunity, []string{id})
	if err != nil {
		return OpportunityChanged{}, err
	}
	if nodes[0] == nil {
		return OpportunityChanged{}, NotFound("input.clientToken", KindOpportunity, id)
	}
	return OpportunityChanged{Opportunity: nodes[0].(*Opportunity), Seq: receipt.Seq}, nil
}

// draw makes of a posting the opportunity at hand.
func (h *hand) draw(ctx context.Context, p Posting) error {
	owner, err := h.ownerOf(ctx, p)
	if err != nil {
		return err
	}
	h.after = &Opportunity{
		Meta: Meta{ID: newKeyID()}, Title: Normalise(p.Title), Customer: p.Customer, Site: p.Site, Point: p.Point, Needs: p.Needs, Value: p.Value,
		Owner: owner, PostedBy: h.viewer.String(),
	}
	if h.viewer.Role == RoleCustomer && p.Customer == "" {
		h.after.Customer = h.viewer.Organisation
	}
	if !p.Draft {
		h.after.PostedOn = h.today
	}
	if err := h.named(ctx, &Opportunity{}); err != nil {
		return err
	}
	return h.address(ctx, p.Audience)
}

// ownerOf is the partner that is to own a posting; empty: it is the customer's or the operator's own.
func (h *hand) ownerOf(ctx context.Context, p Posting) (string, error) {
	switch {
	case h.viewer.Confined() && p.Owner != "":
		return "", &Error{Code: CodeForbidden, Field: "input.owner", Message: "only operators post for others: leave the owner out"}
	case h.viewer.Role == RolePartner:
		return h.viewer.Organisation, nil
	case p.Owner == "":
		return "", nil
	}
	owner, err := h.seen(ctx, KindPartner, p.Owner, "input.owner")
	if err == nil && owner.(*Partner).Status != Active {
		err = Invalid("input.owner", "the partner %q is %s: only those that are ACTIVE post", p.Owner, owner.(*Partner).Status)
	}
	return p.Owner, err
}

// named checks what the opportunity at hand names beyond what another one did: it must be there for the viewer and in
// use, and belong together.
func (h *hand) named(ctx context.Context, before *Opportunity) error {
	o := h.after
	if !slices.Equal(o.Needs, before.Needs) {
		if err := CheckNeeds("input.needs", o.Needs, MaxNeeds); err != nil {
			return err
		}
	}
	for i, need := range o.Needs {
		if slices.ContainsFunc(before.Needs, func(n Need) bool { return n.Competency == need.Competency }) {
			continue
		}
		if _, err := h.inUse(ctx, KindCompetency, need.Competency, indexed("input.needs", i)+".competency"); err != nil {
			return err
		}
	}
	if o.Point != nil && !o.Point.Valid() {
		return Place{Point: o.Point}.Validate("input")
	}
	if o.Customer != "" && o.Customer != before.Customer {
		if _, err := h.inUse(ctx, KindCustomer, o.Customer, "input.customer"); err != nil {
			return err
		}
	}
	return h.siteFits(ctx, before)
}

// siteFits checks the site of the opportunity at hand, which brings its customer along.
func (h *hand) siteFits(ctx context.Context, before *Opportunity) error {
	o := h.after
	if o.Site == "" || o.Site == before.Site && o.Customer == before.Customer {
		return nil
	}
	site, err := fact[*Site](ctx, h.tx, KindSite, o.Site)
	if err != nil {
		return err
	}
	if o.Site != before.Site {
		if _, err := h.inUse(ctx, KindSite, o.Site, "input.site"); err != nil {
			return err
		}
	}
	switch {
	case o.Customer == "":
		o.Customer = site.Customer
	case site.Customer != "" && site.Customer != o.Customer: // whose name the owner may not know
		return Invalid("input.site", "the site %q belongs to another customer", o.Site)
	}
	return nil
}

// inUse is a node as the viewer is told of it, refused where it was retired.
func (h *hand) inUse(ctx context.Context, kind Kind, id, field string) (Node, error) {
	node, err := h.seen(ctx, kind, id, field)
	if err == nil && !node.Header().LiveAt(h.today) {
		err = Invalid(field, "the %s %q was retired on %s", kind.noun(), id, node.Header().RetiredOn)
	}
	return node, err
}

// address gives the opportunity at hand its audience.
func (h *hand) address(ctx context.Context, to Addressees) (err error) {
	stated := 0
	for _, is := range []bool{to.All, to.Partners != nil, to.Filter != nil} {
		if is {
			stated++
		}
	}
	switch {
	case stated != 1:
		return Invalid("input.audience", "say to whom in one way: all, partners or a filter")
	case to.All:
		h.after.Audience = Audience{Kind: AudienceAll}
	case to.Filter != nil:
		h.after.Audience, err = h.addressed(ctx, *to.Filter)
	default:
		h.after.Audience, err = h.addressedByName(ctx, to.Partners)
	}
	return err
}

// addressedByName is the audience of partners that are named.
func (h *hand) addressedByName(ctx context.Context, partners []string) (Audience, error) {
	const field = "input.audience.partners"
	switch {
	case len(partners) == 0:
		return Audience{}, Invalid(field, "name one partner at least")
	case len(partners) > MaxPage:
		return Audience{}, Invalid(field, "%d partners are named; %d can be: use a filter", len(partners), MaxPage)
	}
	nodes, err := h.tx.Read(ctx, h.viewer, KindPartner, partners)
	if err != nil {
		return Audience{}, err
	}
	for i, node := range nodes {
		if node == nil {
			return Audience{}, NotFound(indexed(field, i), KindPartner, partners[i])
		}
	}
	return Audience{Kind: AudienceNamed, Partners: distinct(partners)}, nil
}

// addressed is the audience that a filter over partners finds. It is kept as it is said: whom it finds is found out
// again whenever somebody is told.
func (h *hand) addressed(ctx context.Context, f Filter) (Audience, error) {
	const field = "input.audience.filter"
	if err := f.checkAudience(field); err != nil {
		return Audience{}, err
	}
	a := Audience{Kind: AudienceFilter, Region: f.Region, Countries: distinct(f.Countries), Kinds: distinct(f.Kinds), MinTier: f.MinTier, RadiusKm: f.RadiusKm}
	for i, need := range f.Holds {
		at := indexed(field+".holds", i)
		if need.MinLevel > 1 {
			return a, Invalid(at+".minLevel", "an audience asks for what is held, not how well: leave the level out")
		}
		if _, err := h.inUse(ctx, KindCompetency, need.Competency, at+".competency"); err != nil {
			return a, err
		}
		a.Competencies = append(a.Competencies, need.Competency)
	}
	if f.Region != "" {
		if _, err := h.inUse(ctx, KindRegion, f.Region, field+".region"); err != nil {
			return a, err
		}
	}
	for i, tag := range f.Tags {
		tag = Normalise(tag)
		if err := checkName(indexed(field+".tags", i), tag); err != nil {
			return a, err
		}
		a.Tags = distinct(append(a.Tags, tag))
	}
	var err error
	if f.Near != nil {
		a.Near, err = h.pointOf(ctx, *f.Near, field+".near")
	}
	return a, err
}

// checkAudience refuses what an audience cannot keep of a filter, and one that states nothing: it would be all.
func (f Filter) checkAudience(field string) error {
	for _, other := range []struct {
		name   string
		stated bool
	}{{"text", f.Text != ""}, {"statuses", len(f.Statuses) > 0}, {"certifiedIn", f.Certified != ""}, {"scheme", f.Scheme != ""}, {"hasOffice", f.HasOffice != nil}} {
		if other.stated {
			e := Invalid(field+"."+other.name, "an audience is not chosen by %s", other.name)
			e.Allowed = []string{"holds", "region", "countries", "near", "radiusKm", "kinds", "minTier", "tags"}
			return e
		}
	}
	switch {
	case len(f.Holds) == 0 && f.Region == "" && len(f.Countries) == 0 && f.Near == nil && len(f.Kinds) == 0 && f.MinTier == "" && len(f.Tags) == 0 && f.RadiusKm == 0:
		return Invalid(field, "a filter that states nothing finds everybody: say all instead")
	case f.RadiusKm != 0 && f.Near == nil:
		return Invalid(field+".near", "a radius is measured from a place: name it")
	case f.Near != nil && f.RadiusKm == 0:
		return Invalid(field+".radiusKm", "how near? State a radius")
	case len(f.Countries) > MaxPage || len(f.Kinds) > MaxPage || len(f.Tags) > MaxPage:
		return Invalid(field, "a filter states %d values of one sort at most", MaxPage)
	}
	return firstError(CheckTier(field+".minTier", f.MinTier), CheckNeeds(field+".holds", f.Holds, MaxNeeds))
}

// pointOf is the point that a place of a filter stands for: itself, a site, or the one site that a customer has.
func (h *hand) pointOf(ctx context.Context, p Place, field string) (*Point, error) {
	if err := p.Validate(field); err != nil {
		return nil, err
	}
	switch {
	case p.Opportunity != "":
		return nil, Invalid(field+".opportunity", "an audience is near a point, a site or a customer")
	case p.Point != nil:
		return p.Point, nil
	case p.Customer != "":
		if _, err := h.inUse(ctx, KindCustomer, p.Customer, field+".customer"); err != nil {
			return nil, err
		}
	}
	if p.Site != "" {
		site, err := h.inUse(ctx, KindSite, p.Site, field+".site")
		switch {
		case err != nil:
			return nil, err
		case p.Customer != "" && site.(*Site).Customer != p.Customer:
			return nil, Invalid(field+".site", "the site %q is not one of the customer %q", p.Site, p.Customer)
		}
		return &site.(*Site).Location, nil
	}
	var sites []*Site
	err := each(ctx, h.tx, CustomerSites, []string{p.Customer}, func(n Node) error {
		if site := n.(*Site); site.LiveAt(h.today) {
			sites = append(sites, site)
		}
		return nil
	})
	if err == nil && len(sites) != 1 {
		err = Invalid(field+".customer", "the customer %q has %d sites: name the one that is meant", p.Customer, len(sites))
	}
	if err != nil {
		return nil, err
	}
	return &sites[0].Location, nil
}

// PublishOpportunity posts a draft.
func (g *Graph) PublishOpportunity(ctx context.Context, v Viewer, e Edit) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: PublishOpportunity, edit: e, does: func(_ context.Context, h *hand) error {
		h.after.PostedOn, h.after.PostedBy = h.today, signed(h.before.PostedBy, h.before.SubmittedBy, v)
		return nil
	}})
}

// EditOpportunity changes what a function changes of the fields that can be edited, and, where it is given, to whom the
// opportunity is addressed. Where nothing differs there is no event.
func (g *Graph) EditOpportunity(ctx context.Context, v Viewer, e Edit, edit func(*Opportunity) error, to *Addressees) (OpportunityChanged, error) {
	return g.alter(ctx, v, alteration{change: EditOpportunity, edit: e, does: func(ctx context.Context, h *hand) error {
		node, err := withoutUntold(ctx, h.tx, v, h.before)
		if err != nil {
			return err
		}
		told := node.(*Opportunity)
		h.after = copyOf[Opportunity](told).(*Opportunity)
		if err := edit(h.after); err != nil {
			return err
		}
		if err := firstError(h.named(ctx, told), h.sharable(ctx, told), h.staysTheirs(ctx)); err != nil {
			return err
		}
		another := h.after.Customer != told.Customer
		if putBack(h.before, told, h.after); another && h.after.Site != "" && told.Site == "" && h.after.Site == h.before.Site {
			h.after.Site = "" // it was one of the customer before
		}
		if to == nil {
			return nil
		}
		return h.address(ctx, *to)
	}})
}

// sharable refuses to share within a partnership of which the owner is no party.
func (h *hand) sharable(ctx context.Context, before *Opportunity) error {
	for i, id := range h.after.SharedIn {
		if slices.Contains(before.SharedIn, id) {
			continue
		}
		if slices.Contains(h.after.SharedIn[:i], id) {
			return Invalid(indexed("input.sharedIn", i), "the partnership %q is named twice", id)
		}
		at := indexed("input.sharedIn", i)
		partnership, err := h.inUse(ctx, KindPartnership, id, at)
		if err != nil {
			return err
		}
		if !slices.Contains(partnership.(*Partnership).Parties, h.after.Owner) {
			return Invalid(at, "the owner of the opportunity is no party of the partnership %q", id)
		}
	}
	return nil
}

// staysTheirs refuses a customer that would give away what it owns by naming another customer, or none.
func (h *hand) staysTheirs(ctx context.Context) error {
	if h.viewer.Role != RoleCustomer {
		return nil
	}
	customer, err := h.customerOf(ctx, h.after)
	if err == nil && customer != h.viewer.Organisation {
		err = Invalid("input.customer", "the opportunity is about yourself: its customer stays")
	}
	return err
}
