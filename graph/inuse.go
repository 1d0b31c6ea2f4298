package graph

import (
	"context"
	"fmt"
	"slices"
)

// What others still need is not retired: IN_USE names who needs it. Who is hidden from whoever asks is as if it were
// not there, and keeps nothing in use.

// dependence is a way in which others need a node.
type dependence struct {
	through Relation // first to what hangs on the node; empty: the node itself
	by      Relation
	still   func(other Node, id string, today Date) bool
}

// dependences are the ways in which nodes of a kind are needed. A kind that is missing is needed by nobody.
var dependences = map[Kind][]dependence{
	KindCompetency: {
		{by: CompetencyHoldings, still: inForce}, {by: CompetencyCertified, still: inForce}, {by: CompetencyNarrower, still: inForce},
		{by: CompetencySolutions, still: inForce}, {by: CompetencyNeeds, still: inForce},
	},
	KindRegion:   {{by: RegionParts, still: inForce}, {by: RegionContacts, still: inForce}, {by: RegionAudiences, still: inForce}},
	KindOffice:   {{by: OfficeHoldings, still: inForce}, {by: OfficeCertifications, still: inForce}, {by: OfficeContacts, still: inForce}},
	KindCustomer: {{by: CustomerOpportunities, still: inForce}, {through: CustomerSites, by: SiteOpportunities, still: inForce}, {by: CustomerReferrals, still: inForce}},
	KindSite:     {{by: SiteOpportunities, still: inForce}, {by: SitePartnerships, still: inForce}},
	KindSolution: {{by: SolutionUsedBy, still: inForce}},
	KindPartner:  {{by: PartnerOpportunities, still: inCharge}, {by: PartnerUnits, still: inForce}},
	KindContact:  {{by: ContactPartners, still: inForce}},
}

// inForce reports whether a node needs anything any more: it is neither retired nor over.
func inForce(node Node, _ string, today Date) bool {
	if !node.Header().LiveAt(today) || endedOf(node) {
		return false
	}
	switch n := node.(type) {
	case *Holding:
		return n.Until.IsZero() || n.Until >= today
	case *Certification:
		return n.ExpiresOn.IsZero() || n.ExpiresOn >= today
	case *Partnership:
		return n.EndsOn.IsZero() || n.EndsOn >= today
	case *Opportunity:
		return n.Stage != Launched && n.Stage != Lost
	case *Referral:
		return !n.State.Closed()
	}
	return true
}

// inCharge reports whether a partner owns or leads an opportunity that is open.
func inCharge(node Node, partner string, today Date) bool {
	o := node.(*Opportunity)
	return (o.Owner == partner || o.Lead == partner) && inForce(o, partner, today)
}

// Limits of an IN_USE: how many referrers are named, and how many are counted.
const (
	mostReferrers = 20
	mostCounted   = 1000
)

// isNeeded refuses to retire a node that others still need.
func (a author) isNeeded(ctx context.Context, node Node) error {
	var referrers []string
	for _, d := range dependences[node.Kind()] {
		found, err := a.referrers(ctx, d, node.Header().ID)
		if err != nil {
			return err
		}
		referrers = append(referrers, found...)
		if len(referrers) >= mostCounted {
			break
		}
	}
	referrers = distinct(referrers)
	if len(referrers) == 0 {
		return nil
	}
	count := fmt.Sprint(len(referrers))
	if len(referrers) >= mostCounted {
		count = fmt.Sprintf("at least %d", mostCounted)
	}
	return &Error{
		Code: CodeInUse, Field: inputID, Referrers: referrers[:min(len(referrers), mostReferrers)],
		Message: fmt.Sprintf("the %s is still needed: %s of what refers to it is in use", node.Kind().noun(), count),
	}
}

// referrers are the gids of those that need a node in one way and that the author may read; no more than mostCounted.
func (a author) referrers(ctx context.Context, d dependence, id string) (gids []string, err error) {
	parents := []string{id}
	if d.through != "" {
		parents = nil
		if err := relatedTo(ctx, a.tx, d.through, []string{id}, func(node Node) bool {
			parents = append(parents, node.Header().ID)
			return true
		}); err != nil {
			return nil, err
		}
	}
	kind, _ := d.by.Leads()
	var ids []string
	err = relatedTo(ctx, a.tx, d.by, parents, func(node Node) bool {
		if d.still(node, id, a.today) {
			ids = append(ids, node.Header().ID)
		}
		return len(ids) < mostCounted
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	seen, err := a.tx.Read(ctx, a.viewer, kind, ids)
	if err != nil {
		return nil, err
	}
	for _, node := range seen {
		if node != nil {
			gids = append(gids, node.GID())
		}
	}
	return gids, nil
}

// relatedTo follows a relation from each of some parents until a function has seen enough.
func relatedTo(ctx context.Context, tx Tx, relation Relation, parents []string, visit func(Node) bool) error {
	for _, parent := range parents {
		page := PageQuery{First: MaxPage}
		for {
			pages, err := tx.Related(ctx, Operator, RelatedQuery{Relation: relation, Parents: []string{parent}, Page: page})
			if err != nil {
				return err
			}
			if slices.ContainsFunc(pages[0].Nodes, func(node Node) bool { return !visit(node) }) {
				return nil
			}
			if !pages[0].HasNext {
				break
			}
			page.After = &pages[0].Keys[len(pages[0].Keys)-1]
		}
	}
	return nil
}
