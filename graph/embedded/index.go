package embedded

import (
	"encoding/binary"

	"github.com/golang/geo/s2"

	"valueweb/graph"
)

// separator joins the parts of a key; no id holds it.
const separator = "\x00"

// indexID is the place of an index in indexes.
type indexID int

// The indexes. Each is kept by the write that changes a node of its kind.
const (
	officesByPartner indexID = iota
	officesByCell
	officesByName
	sitesByCustomer
	sitesByCell
	sitesByName
	partnersByName
	partnersByParent
	competenciesByName
	competenciesByBroader
	regionsByName
	regionsByParent
	customersByName
	contactsByPartner
	contactsByCustomer
	contactsByOffice
	holdingsByPartner
	holdingsByCompetency
	holdingsByOffice
	remoteByCompetency
	certificationsByPartner
	certificationsByCompetency
	servicesByCustomer
	servicesByPartner
	solutionsByName
	solutionsByPartner
	solutionsByCompetency
	solutionsByBase
	partnershipsByParty
	opportunitiesByCustomer
	opportunitiesByPartner
	opportunitiesByDuty
	invitationsByOpportunity
	invitationsByPartner
	referralsByRecipient
	referralsBySender
	referralsByCustomer
	referralsByParent
	wallsByCustomer
	wallsBySegment
	indexCount
)

// index says under which keys a node of a kind stands; every key ends in the node's id.
type index struct {
	kind graph.Kind
	keys func(graph.Node) []string
}

// indexes defines every index once.
var indexes = [indexCount]index{
	officesByPartner:           under(graph.PartnerOffices),
	officesByCell:              byCell(graph.KindOffice, func(o *graph.Office) graph.Point { return o.Location }),
	officesByName:              by(graph.KindOffice, func(o *graph.Office) []string { return name(o.Label()) }),
	sitesByCustomer:            under(graph.CustomerSites),
	sitesByCell:                byCell(graph.KindSite, func(s *graph.Site) graph.Point { return s.Location }),
	sitesByName:                by(graph.KindSite, func(s *graph.Site) []string { return name(s.Name) }),
	partnersByName:             by(graph.KindPartner, func(p *graph.Partner) []string { return name(p.Name) }),
	partnersByParent:           under(graph.PartnerUnits),
	competenciesByName:         by(graph.KindCompetency, func(c *graph.Competency) []string { return name(c.Name) }),
	competenciesByBroader:      under(graph.CompetencyNarrower),
	regionsByName:              by(graph.KindRegion, func(r *graph.Region) []string { return name(r.Name) }),
	regionsByParent:            under(graph.RegionParts),
	customersByName:            by(graph.KindCustomer, func(c *graph.Customer) []string { return name(c.Name) }),
	contactsByPartner:          under(graph.PartnerContacts),
	contactsByCustomer:         under(graph.CustomerContacts),
	contactsByOffice:           under(graph.OfficeContacts),
	holdingsByPartner:          under(graph.PartnerHoldings),
	holdingsByCompetency:       under(graph.CompetencyHoldings),
	holdingsByOffice:           under(graph.OfficeHoldings),
	remoteByCompetency:         by(graph.KindHolding, remoteCompetency),
	certificationsByPartner:    under(graph.PartnerCertifications),
	certificationsByCompetency: under(graph.CompetencyCertified),
	servicesByCustomer:         under(graph.CustomerPartners),
	servicesByPartner:          under(graph.PartnerCustomers),
	solutionsByName:            by(graph.KindSolution, func(s *graph.Solution) []string { return name(s.Name) }),
	solutionsByPartner:         under(graph.PartnerSolutions),
	solutionsByCompetency:      under(graph.CompetencySolutions),
	solutionsByBase:            under(graph.SolutionUsedBy),
	partnershipsByParty:        under(graph.PartnerPartnerships),
	opportunitiesByCustomer:    under(graph.CustomerOpportunities),
	opportunitiesByPartner:     under(graph.PartnerOpportunities),
	opportunitiesByDuty:        by(graph.KindOpportunity, (*graph.Opportunity).Engaged),
	invitationsByOpportunity:   under(graph.OpportunityInvitations),
	invitationsByPartner:       by(graph.KindInvitation, func(i *graph.Invitation) []string { return one(i.Partner) }),
	referralsByRecipient:       under(graph.PartnerReceived),
	referralsBySender:          under(graph.PartnerSent),
	referralsByCustomer:        under(graph.CustomerReferrals),
	referralsByParent:          under(graph.ReferralChildren),
	wallsByCustomer:            by(graph.KindWall, func(w *graph.Wall) []string { return one(w.Customer) }),
	wallsBySegment:             by(graph.KindWall, func(w *graph.Wall) []string { return one(w.Segment) }),
}

// indexesOf lists the indexes of a kind.
var indexesOf = func() map[graph.Kind][]indexID {
	of := map[graph.Kind][]indexID{}
	for i := range indexes {
		of[indexes[i].kind] = append(of[indexes[i].kind], indexID(i))
	}
	return of
}()

// by makes an index under some text of a node; no text, no entry.
func by[T graph.Node](kind graph.Kind, parts func(T) []string) index {
	return index{kind: kind, keys: func(node graph.Node) []string {
		id := node.Header().ID
		texts := parts(node.(T))
		keys := make([]string, 0, len(texts))
		for _, text := range texts {
			keys = append(keys, text+separator+id)
		}
		return keys
	}}
}

// under makes the index that serves a relation: nodes under the ids that they name.
func under(relation graph.Relation) index {
	kind, _ := relation.Leads()
	return by(kind, relation.Parents)
}

// byCell makes an index by place: the S2 cell of the point, in the order of the cells, then the id.
func byCell[T graph.Node](kind graph.Kind, at func(T) graph.Point) index {
	return index{kind: kind, keys: func(node graph.Node) []string {
		return []string{cellKey(cellOf(at(node.(T)))) + node.Header().ID}
	}}
}

func cellOf(p graph.Point) s2.CellID {
	return s2.CellIDFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lng))
}

func cellKey(cell s2.CellID) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(cell)))
}

func one(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// name is the form by which a list is ordered.
func name(text string) []string { return []string{graph.NameKey(text)} }

func remoteCompetency(h *graph.Holding) []string {
	if !h.Remote {
		return nil
	}
	return one(h.Competency)
}
