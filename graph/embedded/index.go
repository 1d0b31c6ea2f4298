package embedded

import (
	"encoding/binary"
	"strings"

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

// index says where a node of a kind stands: under the parents that it belongs to, or in a tree of its own
// order under keys that end in the node's id. An index has one or the other.
type index struct {
	kind    graph.Kind
	parents func(to []string, node graph.Node) []string // appends to a list
	key     func(graph.Node) string
}

// indexes defines every index once.
var indexes = [indexCount]index{
	officesByPartner:           by(graph.KindOffice, func(o *graph.Office) string { return o.Partner }),
	officesByCell:              byCell(graph.KindOffice, func(o *graph.Office) graph.Point { return o.Location }),
	officesByName:              byName(graph.KindOffice, func(o *graph.Office) string { return o.Label() }),
	sitesByCustomer:            by(graph.KindSite, func(s *graph.Site) string { return s.Customer }),
	sitesByCell:                byCell(graph.KindSite, func(s *graph.Site) graph.Point { return s.Location }),
	sitesByName:                byName(graph.KindSite, func(s *graph.Site) string { return s.Name }),
	partnersByName:             byName(graph.KindPartner, func(p *graph.Partner) string { return p.Name }),
	partnersByParent:           by(graph.KindPartner, func(p *graph.Partner) string { return p.PartOf }),
	competenciesByName:         byName(graph.KindCompetency, func(c *graph.Competency) string { return c.Name }),
	competenciesByBroader:      byEach(graph.KindCompetency, func(c *graph.Competency) []string { return c.Broader }),
	regionsByName:              byName(graph.KindRegion, func(r *graph.Region) string { return r.Name }),
	regionsByParent:            by(graph.KindRegion, func(r *graph.Region) string { return r.Parent }),
	customersByName:            byName(graph.KindCustomer, func(c *graph.Customer) string { return c.Name }),
	contactsByPartner:          by(graph.KindContact, func(c *graph.Contact) string { return c.Partner }),
	contactsByCustomer:         by(graph.KindContact, func(c *graph.Contact) string { return c.Customer }),
	contactsByOffice:           by(graph.KindContact, func(c *graph.Contact) string { return c.Office }),
	holdingsByPartner:          by(graph.KindHolding, func(h *graph.Holding) string { return h.Partner }),
	holdingsByCompetency:       by(graph.KindHolding, func(h *graph.Holding) string { return h.Competency }),
	holdingsByOffice:           by(graph.KindHolding, func(h *graph.Holding) string { return h.Office }),
	remoteByCompetency:         by(graph.KindHolding, remoteCompetency),
	certificationsByPartner:    by(graph.KindCertification, func(c *graph.Certification) string { return c.Partner }),
	certificationsByCompetency: by(graph.KindCertification, func(c *graph.Certification) string { return c.Competency }),
	servicesByCustomer:         by(graph.KindCustomerPartner, func(c *graph.CustomerPartner) string { return c.Customer }),
	servicesByPartner:          by(graph.KindCustomerPartner, func(c *graph.CustomerPartner) string { return c.Partner }),
	solutionsByName:            byName(graph.KindSolution, func(s *graph.Solution) string { return s.Name }),
	solutionsByPartner:         byEach(graph.KindSolution, func(s *graph.Solution) []string { return s.Partners }),
	solutionsByCompetency:      byEach(graph.KindSolution, func(s *graph.Solution) []string { return s.Competencies }),
	solutionsByBase:            byEach(graph.KindSolution, func(s *graph.Solution) []string { return s.BuildsOn }),
	partnershipsByParty:        byEach(graph.KindPartnership, func(p *graph.Partnership) []string { return p.Parties }),
	opportunitiesByCustomer:    by(graph.KindOpportunity, func(o *graph.Opportunity) string { return o.Customer }),
	opportunitiesByPartner:     byEach(graph.KindOpportunity, involved),
	opportunitiesByDuty:        byEach(graph.KindOpportunity, engaged),
	invitationsByOpportunity:   by(graph.KindInvitation, func(i *graph.Invitation) string { return i.Opportunity }),
	invitationsByPartner:       by(graph.KindInvitation, func(i *graph.Invitation) string { return i.Partner }),
	referralsByRecipient:       by(graph.KindReferral, func(r *graph.Referral) string { return r.To }),
	referralsBySender:          by(graph.KindReferral, func(r *graph.Referral) string { return r.From }),
	referralsByCustomer:        by(graph.KindReferral, func(r *graph.Referral) string { return r.Customer }),
	referralsByParent:          by(graph.KindReferral, func(r *graph.Referral) string { return r.Parent }),
	wallsByCustomer:            by(graph.KindWall, func(w *graph.Wall) string { return w.Customer }),
	wallsBySegment:             by(graph.KindWall, func(w *graph.Wall) string { return w.Segment }),
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
		return name(text(node.(T)))[0] + separator + node.Header().ID
	}}
}

// byCell makes an index by place: the S2 cell of the point, in the order of the cells, then the id.
func byCell[T graph.Node](kind graph.Kind, at func(T) graph.Point) index {
	return index{kind: kind, key: func(node graph.Node) string {
		return cellKey(cellOf(at(node.(T)))) + node.Header().ID
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

// name is the form by which a list is ordered; a separator in it would break the key.
func name(text string) []string {
	return []string{strings.ReplaceAll(graph.Fold(text), separator, "")}
}

func remoteCompetency(h *graph.Holding) string {
	if !h.Remote {
		return ""
	}
	return h.Competency
}

// involved lists the partners that own, lead or joined an opportunity, each once.
func involved(o *graph.Opportunity) []string {
	partners := engaged(o)
	if o.Owner != "" && !contains(partners, o.Owner) {
		partners = append(partners, o.Owner)
	}
	return partners
}

// engaged lists the partners that lead or joined an opportunity, each once.
func engaged(o *graph.Opportunity) []string {
	var partners []string
	for _, partner := range append([]string{o.Lead}, o.Members...) {
		if partner != "" && !contains(partners, partner) {
			partners = append(partners, partner)
		}
	}
	return partners
}
