package embedded

import (
	"context"
	"fmt"

	"valueweb/graph"
)

// relations says which index serves a relation.
var relations = map[graph.Relation]indexID{
	graph.PartnerOffices: officesByPartner, graph.PartnerUnits: partnersByParent, graph.PartnerHoldings: holdingsByPartner,
	graph.PartnerCertifications: certificationsByPartner, graph.PartnerContacts: contactsByPartner, graph.PartnerKeys: keysByPartner, graph.PartnerCustomers: servicesByPartner,
	graph.PartnerSolutions: solutionsByPartner, graph.PartnerPartnerships: partnershipsByParty, graph.PartnerReceived: referralsByRecipient,
	graph.PartnerSent: referralsBySender, graph.PartnerOpportunities: opportunitiesByPartner,
	graph.OfficeHoldings: holdingsByOffice, graph.OfficeContacts: contactsByOffice,
	graph.CompetencyNarrower: competenciesByBroader, graph.CompetencyHoldings: holdingsByCompetency,
	graph.CompetencyCertified: certificationsByCompetency, graph.CompetencySolutions: solutionsByCompetency,
	graph.CustomerSites: sitesByCustomer, graph.CustomerContacts: contactsByCustomer, graph.CustomerPartners: servicesByCustomer,
	graph.CustomerOpportunities: opportunitiesByCustomer, graph.CustomerReferrals: referralsByCustomer,
	graph.SiteOpportunities: opportunitiesBySite,
	graph.RegionParts:       regionsByParent, graph.SolutionUsedBy: solutionsByBase,
	graph.OpportunityInvitations: invitationsByOpportunity, graph.ReferralChildren: referralsByParent,
}

// Related implements graph.Navigator.
func (s *Store) Related(ctx context.Context, v graph.Viewer, q graph.RelatedQuery) ([]graph.Page, error) {
	now, err := s.view(ctx, v)
	if err != nil {
		return nil, err
	}
	return now.relatedPages(q)
}

func (s *sight) relatedPages(q graph.RelatedQuery) ([]graph.Page, error) {
	i, ok := relations[q.Relation]
	if !ok {
		return nil, fmt.Errorf("there is no relation %q", q.Relation)
	}
	pages := make([]graph.Page, len(q.Parents))
	for n, parent := range q.Parents {
		pages[n] = s.paginate(q.Page, false, s.children(i, parent))
	}
	return pages, nil
}

// children walks the entries of an index under one parent, ordered by id.
func (s *sight) children(i indexID, parent string) walker {
	return func(descending bool, beyond *graph.Key, yield func(entry) bool) {
		from := ""
		if beyond != nil {
			from = beyond.ID
		}
		visit := func(node graph.Node) bool {
			id := node.Header().ID
			if beyond != nil && id == beyond.ID || !s.Sees(node) {
				return true
			}
			return yield(entry{node: node, key: graph.Key{ID: id}})
		}
		s.reach(i)
		if descending {
			s.groups[i].backwards(parent, from, visit)
		} else {
			s.groups[i].under(parent, from, visit)
		}
	}
}
