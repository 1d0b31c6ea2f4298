package graph

// PartnerKind is what a partner is in its trade.
type PartnerKind string

// The kinds of partner.
const (
	Vendor          PartnerKind = "VENDOR"
	Distributor     PartnerKind = "DISTRIBUTOR"
	Reseller        PartnerKind = "RESELLER"
	Integrator      PartnerKind = "INTEGRATOR"
	ISV             PartnerKind = "ISV"
	Consultancy     PartnerKind = "CONSULTANCY"
	ServiceProvider PartnerKind = "SERVICE_PROVIDER"
	Manufacturer    PartnerKind = "MANUFACTURER"
	Agency          PartnerKind = "AGENCY"
	OtherKind       PartnerKind = "OTHER"
)

// PartnerKinds lists the kinds of partner.
var PartnerKinds = []PartnerKind{Vendor, Distributor, Reseller, Integrator, ISV, Consultancy, ServiceProvider, Manufacturer, Agency, OtherKind}

// PartnerStatus is where a partner stands in the programme.
type PartnerStatus string

// The statuses of a partner.
const (
	Pending   PartnerStatus = "PENDING"
	Active    PartnerStatus = "ACTIVE"
	Suspended PartnerStatus = "SUSPENDED"
	Left      PartnerStatus = "LEFT"
)

// PartnerStatuses lists the statuses of a partner.
var PartnerStatuses = []PartnerStatus{Pending, Active, Suspended, Left}

// Tiers lists the programme's tiers from the lowest to the highest. A partner without one stands at
// the lowest.
var Tiers = []string{"REGISTERED", "SILVER", "GOLD", "PLATINUM"}

// DefaultCapacity is the number of engagements that a partner carries at once where it states none.
const DefaultCapacity = 10

// Partner is an organisation that sells, delivers or supports through the network.
type Partner struct {
	Meta
	Name           string        `cbor:"10,keyasint"`
	Aliases        []string      `cbor:"11,keyasint,omitempty"`
	PartnerKind    PartnerKind   `cbor:"12,keyasint,omitempty"`
	Status         PartnerStatus `cbor:"13,keyasint"`
	Tier           string        `cbor:"14,keyasint,omitempty"` // one of Tiers; empty: none stated
	Website        string        `cbor:"15,keyasint,omitempty"`
	Employees      *int          `cbor:"16,keyasint,omitempty"`
	JoinedOn       Date          `cbor:"17,keyasint,omitempty"`
	Capacity       *int          `cbor:"18,keyasint,omitempty"` // engagements at once; nil: none stated
	Tags           []string      `cbor:"19,keyasint,omitempty"`
	Undisclosed    bool          `cbor:"20,keyasint,omitempty"` // chose not to be discoverable
	PartOf         string        `cbor:"21,keyasint,omitempty"` // the parent partner
	ChannelManager string        `cbor:"22,keyasint,omitempty"` // the contact on the operator's side
}

// Kind returns KindPartner.
func (*Partner) Kind() Kind { return KindPartner }

// GID is unique over all kinds.
func (p *Partner) GID() string { return GID(KindPartner, p.ID) }

// References lists the parent partner and the channel manager.
func (p *Partner) References() []Reference {
	var refs references
	refs.add("part_of", KindPartner, p.PartOf)
	refs.add("channel_manager", KindContact, p.ChannelManager)
	return refs
}

// Discoverable reports whether others may find the partner.
func (p *Partner) Discoverable() bool { return !p.Undisclosed }

// EffectiveCapacity is the number of engagements at once, DefaultCapacity where none is stated.
func (p *Partner) EffectiveCapacity() int {
	if p.Capacity == nil {
		return DefaultCapacity
	}
	return *p.Capacity
}

// TierRank is the place of a tier in Tiers: 0 for the lowest and for none stated, -1 for an unknown one.
func TierRank(tier string) int {
	if tier == "" {
		return 0
	}
	for i, t := range Tiers {
		if t == tier {
			return i
		}
	}
	return -1
}
