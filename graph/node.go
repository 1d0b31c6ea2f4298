package graph

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Kind names a type of node.
type Kind string

// The kinds of node, in the order in which they can be loaded: what a kind refers to stands before it.
const (
	KindRegion          Kind = "Region"
	KindCompetency      Kind = "Competency"
	KindPartner         Kind = "Partner"
	KindOffice          Kind = "Office"
	KindCustomer        Kind = "Customer"
	KindSite            Kind = "Site"
	KindContact         Kind = "Contact"
	KindHolding         Kind = "Holding"
	KindCertification   Kind = "Certification"
	KindCustomerPartner Kind = "CustomerPartner"
	KindSolution        Kind = "Solution"
	KindPartnership     Kind = "Partnership"
	KindOpportunity     Kind = "Opportunity"
	KindInvitation      Kind = "Invitation"
	KindReferral        Kind = "Referral"
	KindWall            Kind = "Wall"
	KindAPIKey          Kind = "ApiKey"
)

// Kinds lists every kind, in the order of loading.
var Kinds = []Kind{
	KindRegion, KindCompetency, KindPartner, KindOffice, KindCustomer, KindSite, KindContact, KindHolding,
	KindCertification, KindCustomerPartner, KindSolution, KindPartnership, KindOpportunity, KindInvitation,
	KindReferral, KindWall, KindAPIKey,
}

// NewNode returns an empty node of a kind, nil for an unknown one.
func NewNode(kind Kind) Node {
	switch kind {
	case KindRegion:
		return new(Region)
	case KindCompetency:
		return new(Competency)
	case KindPartner:
		return new(Partner)
	case KindOffice:
		return new(Office)
	case KindCustomer:
		return new(Customer)
	case KindSite:
		return new(Site)
	case KindContact:
		return new(Contact)
	case KindHolding:
		return new(Holding)
	case KindCertification:
		return new(Certification)
	case KindCustomerPartner:
		return new(CustomerPartner)
	case KindSolution:
		return new(Solution)
	case KindPartnership:
		return new(Partnership)
	case KindOpportunity:
		return new(Opportunity)
	case KindInvitation:
		return new(Invitation)
	case KindReferral:
		return new(Referral)
	case KindWall:
		return new(Wall)
	case KindAPIKey:
		return new(APIKey)
	}
	return nil
}

// Meta is what every node has. ID, Synthetic, RetiredOn and ExternalIDs are the writer's; version and
// time stamps are the store's.
type Meta struct {
	ID          string       `cbor:"1,keyasint"`
	Version     int          `cbor:"2,keyasint"`
	CreatedAt   time.Time    `cbor:"3,keyasint"`
	UpdatedAt   time.Time    `cbor:"4,keyasint"`
	RetiredOn   Date         `cbor:"5,keyasint,omitempty"`
	Synthetic   bool         `cbor:"6,keyasint,omitempty"`
	ExternalIDs []ExternalID `cbor:"7,keyasint,omitempty"`
}

// ExternalID is the name under which another system knows a node.
type ExternalID struct {
	System string `cbor:"1,keyasint"`
	ID     string `cbor:"2,keyasint"`
}

// Header gives access to what every node has.
func (m *Meta) Header() *Meta { return m }

// LiveAt reports whether the node was not yet retired on a date.
func (m *Meta) LiveAt(asOf Date) bool { return m.RetiredOn.IsZero() || asOf < m.RetiredOn }

// Node is a record of the graph. A node that a store has returned is shared and must not be changed:
// copy it first.
type Node interface {
	Kind() Kind
	Header() *Meta
	// GID is unique over all kinds.
	GID() string
	// References lists the nodes that this one names; none of them may be missing.
	References() []Reference
}

// Reference is one node named by another: the field that names it, and whom.
type Reference struct {
	Field string
	Kind  Kind
	ID    string
}

// GID joins kind and id to an id that is unique over all kinds.
func GID(kind Kind, id string) string { return string(kind) + ":" + id }

// ParseGID splits a gid; ok is false for what is none.
func ParseGID(gid string) (kind Kind, id string, ok bool) {
	name, id, found := strings.Cut(gid, ":")
	if !found || id == "" || !slices.Contains(Kinds, Kind(name)) {
		return "", "", false
	}
	return Kind(name), id, true
}

// CheckID reports why a text cannot be an id: ids are 1..200 bytes of printable text without blanks,
// and stand in a URL once escaped.
func CheckID(id string) error {
	switch {
	case id == "":
		return Invalid("id", "an id is required")
	case len(id) > MaxID:
		return Invalid("id", "the id is %d bytes long; %d are allowed", len(id), MaxID)
	case isPlainID(id):
		return nil
	case strings.ContainsFunc(id, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == unicode.ReplacementChar }):
		return Invalid("id", "the id %q holds a blank or a character that cannot be printed", id)
	case strings.Contains(id, ";"):
		return Invalid("id", "the id %q holds a semicolon, which splits lists", id)
	}
	return nil
}

// isPlainID reports whether an id holds nothing but ASCII that may stand in ids: nearly all do, and every
// row of an import checks several.
func isPlainID(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' || id[i] == ';' {
			return false
		}
	}
	return true
}

// references collects Reference values and leaves out what is not stated.
type references []Reference

func (r *references) add(field string, kind Kind, ids ...string) {
	for _, id := range ids {
		if id != "" {
			*r = append(*r, Reference{Field: field, Kind: kind, ID: id})
		}
	}
}
