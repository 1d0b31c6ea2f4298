package graph

import "slices"

// relationEnds says of a relation which kind of node stands at its far end, and which parents such a node
// names.
type relationEnds struct {
	kind    Kind
	parents func(to []string, node Node) []string // appends to a list
}

// relationEndsOf says what each relation leads to.
var relationEndsOf = map[Relation]relationEnds{
	PartnerOffices:         endOf(KindOffice, func(o *Office) string { return o.Partner }),
	PartnerUnits:           endOf(KindPartner, func(p *Partner) string { return p.PartOf }),
	PartnerHoldings:        endOf(KindHolding, func(h *Holding) string { return h.Partner }),
	PartnerCertifications:  endOf(KindCertification, func(c *Certification) string { return c.Partner }),
	PartnerContacts:        endOf(KindContact, func(c *Contact) string { return c.Partner }),
	PartnerCustomers:       endOf(KindCustomerPartner, func(c *CustomerPartner) string { return c.Partner }),
	PartnerSolutions:       endsOf(KindSolution, func(s *Solution) []string { return s.Partners }),
	PartnerPartnerships:    endsOf(KindPartnership, func(p *Partnership) []string { return p.Parties }),
	PartnerReceived:        endOf(KindReferral, func(r *Referral) string { return r.To }),
	PartnerSent:            endOf(KindReferral, func(r *Referral) string { return r.From }),
	PartnerOpportunities:   endsOf(KindOpportunity, (*Opportunity).Involved),
	PartnerKeys:            endOf(KindAPIKey, func(k *APIKey) string { return k.Partner }),
	OfficeHoldings:         endOf(KindHolding, func(h *Holding) string { return h.Office }),
	OfficeContacts:         endOf(KindContact, func(c *Contact) string { return c.Office }),
	CompetencyNarrower:     endsOf(KindCompetency, func(c *Competency) []string { return c.Broader }),
	CompetencyHoldings:     endOf(KindHolding, func(h *Holding) string { return h.Competency }),
	CompetencyCertified:    endOf(KindCertification, func(c *Certification) string { return c.Competency }),
	CompetencySolutions:    endsOf(KindSolution, func(s *Solution) []string { return s.Competencies }),
	CustomerSites:          endOf(KindSite, func(s *Site) string { return s.Customer }),
	CustomerContacts:       endOf(KindContact, func(c *Contact) string { return c.Customer }),
	CustomerPartners:       endOf(KindCustomerPartner, func(c *CustomerPartner) string { return c.Customer }),
	CustomerOpportunities:  endOf(KindOpportunity, func(o *Opportunity) string { return o.Customer }),
	CustomerReferrals:      endOf(KindReferral, func(r *Referral) string { return r.Customer }),
	SiteOpportunities:      endOf(KindOpportunity, func(o *Opportunity) string { return o.Site }),
	RegionParts:            endOf(KindRegion, func(r *Region) string { return r.Parent }),
	SolutionUsedBy:         endsOf(KindSolution, func(s *Solution) []string { return s.BuildsOn }),
	OpportunityInvitations: endOf(KindInvitation, func(i *Invitation) string { return i.Opportunity }),
	ReferralChildren:       endOf(KindReferral, func(r *Referral) string { return r.Parent }),
}

// endOf is a relation of nodes that name one parent at most.
func endOf[T Node](kind Kind, parent func(T) string) relationEnds {
	return relationEnds{kind, func(to []string, n Node) []string {
		if id := parent(n.(T)); id != "" {
			to = append(to, id)
		}
		return to
	}}
}

// endsOf is a relation of nodes that name several.
func endsOf[T Node](kind Kind, parents func(T) []string) relationEnds {
	return relationEnds{kind, func(to []string, n Node) []string { return append(to, parents(n.(T))...) }}
}

// Relations lists every relation.
var Relations = func() []Relation {
	all := make([]Relation, 0, len(relationEndsOf))
	for relation := range relationEndsOf {
		all = append(all, relation)
	}
	slices.Sort(all)
	return all
}()

// Leads returns the kind of node that the relation leads to; ok is false for an unknown relation.
func (r Relation) Leads() (kind Kind, ok bool) {
	ends, ok := relationEndsOf[r]
	return ends.kind, ok
}

// AppendParents appends to a list the ids from which the relation leads to a node of the kind that it leads to.
func (r Relation) AppendParents(to []string, node Node) []string {
	return relationEndsOf[r].parents(to, node)
}

// Engaged lists the partners that lead or joined the opportunity, each once.
func (o *Opportunity) Engaged() []string {
	return distinct(append([]string{o.Lead}, o.Members...))
}

// Involved lists the partners that own, lead or joined the opportunity, each once.
func (o *Opportunity) Involved() []string {
	return distinct(append(o.Engaged(), o.Owner))
}

// distinct keeps the first of equal texts, and none that is empty.
func distinct[T ~string](texts []T) []T {
	var all []T
	for _, text := range texts {
		if text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
