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
	partnersByManager
	competenciesByName
	competenciesByBroader
	regionsByName
	regionsByParent
	customersByName
	contactsByPartner
	contactsByCustomer
	contactsByOffice
	contactsByRegion
	holdingsByPartner
	holdingsByCompetency
	holdingsByOffice
	remoteByCompetency
	certificationsByPartner
	certificationsByCompetency
	certificationsByOffice
	servicesByCustomer
	servicesByPartner
	solutionsByName
	solutionsByPartner
	solutionsByCompetency
	solutionsByBase
	partnershipsByParty
	partnershipsBySite
	opportunitiesByCustomer
	opportunitiesBySite
	opportunitiesByNeed
	opportunitiesByRegion
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
	wallsByPartner
	keysByPartner
	shyPartners
	referralsDue
	invitationsDue
	protectionsDue
	indexCount
)

// index says where a node of a kind stands: under the parents that it belongs to, or in a tree of its own
// order under keys that end in the node's id. An index has one or the other.
type index struct {
	kind    graph.Kind
	parents func(to []string, node graph.Node) []string // appends to a list
	key     func(graph.Node) string                     // empty: the node does not stand in the index
}

// indexes defines every index once.
var indexes = [indexCount]index{
	officesByPartner:           under(graph.PartnerOffices),
	officesByCell:              byCell(graph.KindOffice, func(o *graph.Office) graph.Point { return o.Location }),
	officesByName:              byName(graph.KindOffice, func(o *graph.Office) string { return o.Label() }),
	sitesByCustomer:            under(graph.CustomerSites),
	sitesByCell:                byCell(graph.KindSite, func(s *graph.Site) graph.Point { return s.Location }),
	sitesByName:                byName(graph.KindSite, func(s *graph.Site) string { return s.Name }),
	partnersByName:             byName(graph.KindPartner, func(p *graph.Partner) string { return p.Name }),
	partnersByParent:           under(graph.PartnerUnits),
	partnersByManager:          under(graph.ContactPartners),
	competenciesByName:         byName(graph.KindCompetency, func(c *graph.Competency) string { return c.Name }),
	competenciesByBroader:      under(graph.CompetencyNarrower),
	regionsByName:              byName(graph.KindRegion, func(r *graph.Region) string { return r.Name }),
	regionsByParent:            under(graph.RegionParts),
	customersByName:            byName(graph.KindCustomer, func(c *graph.Customer) string { return c.Name }),
	contactsByPartner:          under(graph.PartnerContacts),
	contactsByCustomer:         under(graph.CustomerContacts),
	contactsByOffice:           under(graph.OfficeContacts),
	contactsByRegion:           under(graph.RegionContacts),
	holdingsByPartner:          under(graph.PartnerHoldings),
	holdingsByCompetency:       under(graph.CompetencyHoldings),
	holdingsByOffice:           under(graph.OfficeHoldings),
	remoteByCompetency:         by(graph.KindHolding, remoteCompetency),
	certificationsByPartner:    under(graph.PartnerCertifications),
	certificationsByCompetency: under(graph.CompetencyCertified),
	certificationsByOffice:     under(graph.OfficeCertifications),
	servicesByCustomer:         under(graph.CustomerPartners),
	servicesByPartner:          under(graph.PartnerCustomers),
	solutionsByName:            byName(graph.KindSolution, func(s *graph.Solution) string { return s.Name }),
	solutionsByPartner:         under(graph.PartnerSolutions),
	solutionsByCompetency:      under(graph.CompetencySolutions),
	solutionsByBase:            under(graph.SolutionUsedBy),
	partnershipsByParty:        under(graph.PartnerPartnerships),
	partnershipsBySite:         under(graph.SitePartnerships),
	opportunitiesByCustomer:    under(graph.CustomerOpportunities),
	opportunitiesBySite:        under(graph.SiteOpportunities),
	opportunitiesByNeed:        under(graph.CompetencyNeeds),
	opportunitiesByRegion:      under(graph.RegionAudiences),
	opportunitiesByPartner:     under(graph.PartnerOpportunities),
	opportunitiesByDuty:        byEach(graph.KindOpportunity, (*graph.Opportunity).Engaged),
	invitationsByOpportunity:   under(graph.OpportunityInvitations),
	invitationsByPartner:       by(graph.KindInvitation, func(i *graph.Invitation) string { return i.Partner }),
	referralsByRecipient:       under(graph.PartnerReceived),
	referralsBySender:          under(graph.PartnerSent),
	referralsByCustomer:        under(graph.CustomerReferrals),
	referralsByParent:          under(graph.ReferralChildren),
	wallsByCustomer:            by(graph.KindWall, func(w *graph.Wall) string { return w.Customer }),
	wallsBySegment:             by(graph.KindWall, func(w *graph.Wall) string { return w.Segment }),
	wallsByPartner:             by(graph.KindWall, func(w *graph.Wall) string { return w.Partner }),
	keysByPartner:              under(graph.PartnerKeys),
	shyPartners:                by(graph.KindPartner, shyParent),
	referralsDue:               byDay(graph.KindReferral, (*graph.Referral).WaitsSince),
	invitationsDue:             byDay(graph.KindInvitation, (*graph.Invitation).WaitsSince),
	protectionsDue:             byDay(graph.KindOpportunity, protectedUntil),
}

// indexesOf lists the indexes of a kind.
var indexesOf = func() map[graph.Kind][]indexID {
	of := map[graph.Kind][]indexID{}
	for i := range indexes {
		of[indexes[i].kind] = append(of[indexes[i].kind], indexID(i))
	}
	return of
}()

// by makes an index under one parent; none, no entry.
func by[T graph.Node](kind graph.Kind, parent func(T) string) index {
	return index{kind: kind, parents: func(to []string, node graph.Node) []string {
		if text := parent(node.(T)); text != "" {
			to = append(to, text)
		}
		return to
	}}
}

// byEach makes an index under several parents.
func byEach[T graph.Node](kind graph.Kind, parents func(T) []string) index {
	return index{kind: kind, parents: func(to []string, node graph.Node) []string { return append(to, parents(node.(T))...) }}
}

// byName makes an index in the order of names, then ids.
func byName[T graph.Node](kind graph.Kind, text func(T) string) index {
	return index{kind: kind, key: func(node graph.Node) string {
		return graph.NameKey(text(node.(T))) + separator + node.Header().ID
	}}
}

// under makes the index that serves a relation.
func under(relation graph.Relation) index {
	kind, _ := relation.Leads()
	return index{kind: kind, parents: relation.AppendParents}
}

// byCell makes an index by place: the S2 cell of the point, in the order of the cells, then the id.
func byCell[T graph.Node](kind graph.Kind, at func(T) graph.Point) index {
	return index{kind: kind, key: func(node graph.Node) string {
		return cellKey(cellOf(at(node.(T)))) + node.Header().ID
	}}
}

// byDay makes an index in the order of days, then ids, of the nodes that state one.
func byDay[T graph.Node](kind graph.Kind, day func(T) graph.Date) index {
	return index{kind: kind, key: func(node graph.Node) string {
		d := day(node.(T))
		if d.IsZero() {
			return ""
		}
		return dayKey(d) + node.Header().ID
	}}
}

// dayKey is a day in the order of the days.
func dayKey(d graph.Date) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(d)^1<<31))
}

func cellOf(p graph.Point) s2.CellID {
	return s2.CellIDFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lng))
}

func cellKey(cell s2.CellID) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(cell)))
}

// shy is the parent of the partners that are hidden from some viewers.
const shy = "shy"

func shyParent(p *graph.Partner) string {
	if !p.Shy(graph.RolePartner) {
		return ""
	}
	return shy
}

func remoteCompetency(h *graph.Holding) string {
	if !h.Remote {
		return ""
	}
	return h.Competency
}
