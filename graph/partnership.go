package graph

import "strings"

// Collaboration is how closely the parties of a partnership work together.
type Collaboration string

// The levels of collaboration.
const (
	LowCollaboration    Collaboration = "LOW"
	MediumCollaboration Collaboration = "MEDIUM"
	HighCollaboration   Collaboration = "HIGH"
)

// Collaborations lists the levels of collaboration.
var Collaborations = []Collaboration{LowCollaboration, MediumCollaboration, HighCollaboration}

// DataSharing is what the parties of a partnership let each other know of their customers and opportunities.
type DataSharing string

// The kinds of data sharing; each lets know all that the one before it does.
const (
	NoSharing         DataSharing = "NONE"       // nothing, not even figures
	AggregateSharing  DataSharing = "AGGREGATE"  // figures
	ConsentedSharing  DataSharing = "CONSENTED"  // the records of customers that consented
	IndividualSharing DataSharing = "INDIVIDUAL" // all records, and the opportunities that are shared in the partnership
)

// DataSharings lists the kinds of data sharing.
var DataSharings = []DataSharing{NoSharing, AggregateSharing, ConsentedSharing, IndividualSharing}

// Partnership joins two or more partners. The order of the parties is kept: where the kind has a
// direction, the first relies on the second.
type Partnership struct {
	Meta
	Parties       []string      `cbor:"10,keyasint"`
	Form          string        `cbor:"11,keyasint,omitempty"` // the kind of partnership, in the words of whoever entered it
	Collaboration Collaboration `cbor:"12,keyasint"`
	StartsOn      Date          `cbor:"13,keyasint,omitempty"`
	EndsOn        Date          `cbor:"14,keyasint,omitempty"`
	Sponsor       string        `cbor:"15,keyasint,omitempty"`
	Manager       string        `cbor:"16,keyasint,omitempty"`
	Sites         []string      `cbor:"17,keyasint,omitempty"`
	DataSharing   DataSharing   `cbor:"18,keyasint,omitempty"` // empty: what the collaboration implies; see Sharing
	// Pending are the parties that have not accepted yet: until all have, the partnership is only proposed, and not in
	// force.
	Pending []string `cbor:"19,keyasint,omitempty"`
}

// Kind returns KindPartnership.
func (*Partnership) Kind() Kind { return KindPartnership }

// GID is unique over all kinds.
func (p *Partnership) GID() string { return GID(KindPartnership, p.ID) }

// References lists the parties and the sites.
func (p *Partnership) References() []Reference {
	var refs references
	refs.add("partners", KindPartner, p.Parties...)
	refs.add("sites", KindSite, p.Sites...)
	refs.add("pending", KindPartner, p.Pending...)
	return refs
}

// NaturalKey is what makes the id of a partnership that states none.
func (p *Partnership) NaturalKey() []string {
	return []string{strings.Join(p.Parties, ";"), p.Form, p.StartsOn.String()}
}

// InForceAt reports whether every party has accepted the partnership and it holds on a date; both ends count.
func (p *Partnership) InForceAt(asOf Date) bool {
	return len(p.Pending) == 0 && p.LiveAt(asOf) && asOf.within(p.StartsOn, p.EndsOn)
}

// Sharing is what the parties let each other know: what the terms state, else what the collaboration implies.
func (p *Partnership) Sharing() DataSharing {
	switch {
	case p.DataSharing != "":
		return p.DataSharing
	case p.Collaboration == HighCollaboration:
		return IndividualSharing
	case p.Collaboration == MediumCollaboration:
		return ConsentedSharing
	}
	return AggregateSharing
}

// Weight is what a partnership in force adds to a tie: 0.5 LOW, 1 MEDIUM, 2 HIGH.
func (c Collaboration) Weight() float64 {
	switch c {
	case LowCollaboration:
		return 0.5
	case MediumCollaboration:
		return 1
	case HighCollaboration:
		return 2
	}
	return 0
}

// PartnershipState is where a partnership stands on a day.
type PartnershipState string

// The states of a partnership.
const (
	PartnershipProposed PartnershipState = "PROPOSED" // a party has not accepted it yet
	PartnershipAgreed   PartnershipState = "AGREED"   // its first day is still to come
	PartnershipActive   PartnershipState = "ACTIVE"   // it is in force
	PartnershipEnded    PartnershipState = "ENDED"    // it is over, or was declined
)

// StateAt is where the partnership stands on a day.
func (p *Partnership) StateAt(asOf Date) PartnershipState {
	switch {
	case !p.LiveAt(asOf) || !p.EndsOn.IsZero() && p.EndsOn < asOf:
		return PartnershipEnded
	case len(p.Pending) > 0:
		return PartnershipProposed
	case p.StartsOn > asOf:
		return PartnershipAgreed
	}
	return PartnershipActive
}
