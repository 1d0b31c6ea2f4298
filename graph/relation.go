package graph

import "slices"

// relationEnds says of a relation which kind of node stands at its far end, and which parents such a node
// names.
type relationEnds struct {
	kind    Kind
	parents func(Node) []string
}

// relationEndsOf says what each relation leads to.
var relationEndsOf = map[Relation]relationEnds{
	PartnerOffices:         ends(KindOffice, func(o *Office) []string { return named(o.Partner) }),
	PartnerUnits:           ends(KindPartner, func(p *Partner) []string { return named(p.PartOf) }),
	PartnerHoldings:        ends(KindHolding, func(h *Holding) []string { return named(h.Partner) }),
	PartnerCertifications:  ends(KindCertification, func(c *Certification) []string { return named(c.Partner) }),
	PartnerContacts:        ends(KindContact, func(c *Contact) []string { return named(c.Partner) }),
	PartnerCustomers:       ends(KindCustomerPartner, func(c *CustomerPartner) []string { return named(c.Partner) }),
	PartnerSolutions:       ends(KindSolution, func(s *Solution) []string { return s.Partners }),
	PartnerPartnerships:    ends(KindPartnership, func(p *Partnership) []string { return p.Parties }),
	PartnerReceived:        ends(KindReferral, func(r *Referral) []string { return named(r.To) }),
	PartnerSent:            ends(KindReferral, func(r *Referral) []string { return named(r.From) }),
	PartnerOpportunities:   ends(KindOpportunity, (*Opportunity).Involved),
	OfficeHoldings:         ends(KindHolding, func(h *Holding) []string { return named(h.Office) }),
	OfficeContacts:         ends(KindContact, func(c *Contact) []string { return named(c.Office) }),
	CompetencyNarrower:     ends(KindCompetency, func(c *Competency) []string { return c.Broader }),
	CompetencyHoldings:     ends(KindHolding, func(h *Holding) []string { return named(h.Competency) }),
	CompetencyCertified:    ends(KindCertification, func(c *Certification) []string { return named(c.Competency) }),
	CompetencySolutions:    ends(KindSolution, func(s *Solution) []string { return s.Competencies }),
	CustomerSites:          ends(KindSite, func(s *Site) []string { return named(s.Customer) }),
	CustomerContacts:       ends(KindContact, func(c *Contact) []string { return named(c.Customer) }),
	CustomerPartners:       ends(KindCustomerPartner, func(c *CustomerPartner) []string { return named(c.Customer) }),
	CustomerOpportunities:  ends(KindOpportunity, func(o *Opportunity) []string { return named(o.Customer) }),
	CustomerReferrals:      ends(KindReferral, func(r *Referral) []string { return named(r.Customer) }),
	RegionParts:            ends(KindRegion, func(r *Region) []string { return named(r.Parent) }),
	SolutionUsedBy:         ends(KindSolution, func(s *Solution) []string { return s.BuildsOn }),
	OpportunityInvitations: ends(KindInvitation, func(i *Invitation) []string { return named(i.Opportunity) }),
	ReferralChildren:       ends(KindReferral, func(r *Referral) []string { return named(r.Parent) }),
}

func ends[T Node](kind Kind, parents func(T) []string) relationEnds {
	return relationEnds{kind, func(n Node) []string { return parents(n.(T)) }}
}

func named(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
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

// Parents lists the ids from which the relation leads to a node of the kind that it leads to.
func (r Relation) Parents(node Node) []string { return relationEndsOf[r].parents(node) }

// Engaged lists the partners that lead or joined the opportunity, each once.
func (o *Opportunity) Engaged() []string {
	return distinct(append(named(o.Lead), o.Members...))
}

// Involved lists the partners that own, lead or joined the opportunity, each once.
func (o *Opportunity) Involved() []string {
	return distinct(append(o.Engaged(), o.Owner))
}

// distinct keeps the first of equal texts, and none that is empty.
func distinct(texts []string) []string {
	var all []string
	for _, text := range texts {
		if text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
