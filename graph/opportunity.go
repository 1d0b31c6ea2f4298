package graph

// Stage is how far an opportunity has come.
type Stage string

// The stages of an opportunity, in order; LOST may follow any but DRAFT and LAUNCHED.
const (
	Draft               Stage = "DRAFT"
	Prospect            Stage = "PROSPECT"
	Qualified           Stage = "QUALIFIED"
	TechnicalValidation Stage = "TECHNICAL_VALIDATION"
	BusinessValidation  Stage = "BUSINESS_VALIDATION"
	Committed           Stage = "COMMITTED"
	Launched            Stage = "LAUNCHED"
	Lost                Stage = "LOST"
)

// Stages lists the stages of an opportunity.
var Stages = []Stage{Draft, Prospect, Qualified, TechnicalValidation, BusinessValidation, Committed, Launched, Lost}

// Review is where the registration of an opportunity stands; empty: not registered.
type Review string

// The states of a review.
const (
	ReviewSubmitted      Review = "SUBMITTED"
	ReviewInReview       Review = "IN_REVIEW"
	ReviewApproved       Review = "APPROVED"
	ReviewActionRequired Review = "ACTION_REQUIRED"
	ReviewRejected       Review = "REJECTED"
	ReviewWithdrawn      Review = "WITHDRAWN"
)

// Reviews lists the states of a review.
var Reviews = []Review{ReviewSubmitted, ReviewInReview, ReviewApproved, ReviewActionRequired, ReviewRejected, ReviewWithdrawn}

// LossReasons is the closed list of reasons for a loss.
var LossReasons = []string{"PRICE", "TIMING", "COMPETITOR", "NO_BUDGET", "NO_DECISION", "PARTNER_GAP", "PEOPLE", "SCOPE", "OTHER"}

// AudienceKind is to whom an opportunity is addressed.
type AudienceKind string

// The kinds of audience: everybody, named partners, or whoever a filter finds.
const (
	AudienceAll    AudienceKind = "ALL"
	AudienceNamed  AudienceKind = "NAMED"
	AudienceFilter AudienceKind = "FILTER"
)

// AudienceKinds lists the kinds of audience.
var AudienceKinds = []AudienceKind{AudienceAll, AudienceNamed, AudienceFilter}

// Audience is to whom an opportunity is addressed.
type Audience struct {
	Kind         AudienceKind  `cbor:"1,keyasint,omitempty"`
	Partners     []string      `cbor:"2,keyasint,omitempty"`
	Competencies []string      `cbor:"3,keyasint,omitempty"`
	Region       string        `cbor:"4,keyasint,omitempty"`
	Countries    []string      `cbor:"5,keyasint,omitempty"`
	Tags         []string      `cbor:"6,keyasint,omitempty"`
	Kinds        []PartnerKind `cbor:"7,keyasint,omitempty"`
	MinTier      string        `cbor:"8,keyasint,omitempty"`
	Near         *Point        `cbor:"9,keyasint,omitempty"`
	RadiusKm     float64       `cbor:"10,keyasint,omitempty"`
}

// Need is a competency that is asked for, at a level or above.
type Need struct {
	Competency string `cbor:"1,keyasint"`
	MinLevel   int    `cbor:"2,keyasint"` // 1..5
}

// Opportunity is a posted gap.
type Opportunity struct {
	Meta
	Title      string   `cbor:"10,keyasint"`
	Customer   string   `cbor:"11,keyasint,omitempty"`
	Site       string   `cbor:"12,keyasint,omitempty"`
	Point      *Point   `cbor:"13,keyasint,omitempty"`
	Needs      []Need   `cbor:"14,keyasint,omitempty"`
	Owner      string   `cbor:"15,keyasint,omitempty"` // a partner; empty: the customer's or the operator's own posting
	Lead       string   `cbor:"16,keyasint,omitempty"`
	Members    []string `cbor:"17,keyasint,omitempty"`
	Declined   []string `cbor:"18,keyasint,omitempty"`
	Stage      Stage    `cbor:"19,keyasint"`
	Review     Review   `cbor:"20,keyasint,omitempty"`
	Value      *Money   `cbor:"21,keyasint,omitempty"`
	PostedOn   Date     `cbor:"22,keyasint,omitempty"`
	ClosedOn   Date     `cbor:"23,keyasint,omitempty"`
	LostReason string   `cbor:"24,keyasint,omitempty"`
	Audience   Audience `cbor:"25,keyasint"`
	SharedIn   []string `cbor:"26,keyasint,omitempty"` // partnerships
	// PostedBy and SubmittedBy are who posted the opportunity and who submitted it, as [Viewer.String] names them: neither
	// reviews it. Of several it is the last who is not noted as the other already. Empty: not known, as of one that was
	// imported.
	PostedBy    string `cbor:"27,keyasint,omitempty"`
	SubmittedBy string `cbor:"28,keyasint,omitempty"`
	// ReviewFields are those that an ACTION_REQUIRED asks the owner to change, as clients know them; ReviewNote is
	// what the reviewer said.
	ReviewFields []string `cbor:"29,keyasint,omitempty"`
	ReviewNote   string   `cbor:"30,keyasint,omitempty"`
	// ProtectedUntil is the day on which the protection of an APPROVED opportunity is over; zero: it has none.
	ProtectedUntil Date `cbor:"31,keyasint,omitempty"`
	// TransferTo is the partner whom the owner offers the opportunity; empty: none.
	TransferTo string `cbor:"32,keyasint,omitempty"`
}

// Kind returns KindOpportunity.
func (*Opportunity) Kind() Kind { return KindOpportunity }

// GID is unique over all kinds.
func (o *Opportunity) GID() string { return GID(KindOpportunity, o.ID) }

// References lists every node that the opportunity names.
func (o *Opportunity) References() []Reference {
	var refs references
	refs.add("customer_id", KindCustomer, o.Customer)
	refs.add("site_id", KindSite, o.Site)
	for _, need := range o.Needs {
		refs.add("needs", KindCompetency, need.Competency)
	}
	refs.add("owner_partner_id", KindPartner, o.Owner)
	refs.add("lead_partner_id", KindPartner, o.Lead)
	refs.add("member_partner_ids", KindPartner, o.Members...)
	refs.add("declined_partner_ids", KindPartner, o.Declined...)
	refs.add("audience_partner_ids", KindPartner, o.Audience.Partners...)
	refs.add("audience_competency_ids", KindCompetency, o.Audience.Competencies...)
	refs.add("audience_region", KindRegion, o.Audience.Region)
	refs.add("shared_in", KindPartnership, o.SharedIn...)
	refs.add("transfer_to", KindPartner, o.TransferTo)
	return refs
}

// Closing is the date on which a launched or lost opportunity closed: closedOn, else postedOn; zero for
// one that is open.
func (o *Opportunity) Closing() Date {
	switch {
	case o.Stage != Launched && o.Stage != Lost:
		return 0
	case !o.ClosedOn.IsZero():
		return o.ClosedOn
	}
	return o.PostedOn
}

// Counts reports whether the opportunity counts in a partner's figures at all: drafts and those
// withdrawn or rejected never do.
func (o *Opportunity) Counts() bool {
	return o.Stage != Draft && o.Review != ReviewWithdrawn && o.Review != ReviewRejected
}

// OpenAt reports whether the opportunity occupies those who lead or joined it on a date.
func (o *Opportunity) OpenAt(asOf Date) bool {
	if !o.Counts() || o.PostedOn > asOf {
		return false
	}
	closing := o.Closing()
	if o.Stage == Launched || o.Stage == Lost {
		return closing > asOf
	}
	return true
}

// InvitationState is where an invitation stands.
type InvitationState string

// The states that count for more than being listed.
const (
	InvitationPending  InvitationState = "PENDING"
	InvitationAccepted InvitationState = "ACCEPTED"
	InvitationDeclined InvitationState = "DECLINED"
	InvitationExpired  InvitationState = "EXPIRED"
)

// InvitationStates lists the states of an invitation.
var InvitationStates = []InvitationState{InvitationPending, InvitationAccepted, InvitationDeclined, InvitationExpired}

// DeclineReasons is the closed list of reasons for a decline.
var DeclineReasons = []string{"CAPACITY", "COMPETENCY", "PLACE", "CONFLICT", "DUPLICATE", "TERMS", "OTHER"}

// Invitation asks one partner to join one opportunity.
type Invitation struct {
	Meta
	Opportunity string          `cbor:"10,keyasint"`
	Partner     string          `cbor:"11,keyasint"`
	State       InvitationState `cbor:"12,keyasint"`
	SentOn      Date            `cbor:"13,keyasint,omitempty"`
	AnsweredOn  Date            `cbor:"14,keyasint,omitempty"`
	Reason      string          `cbor:"15,keyasint,omitempty"`
}

// Kind returns KindInvitation.
func (*Invitation) Kind() Kind { return KindInvitation }

// GID is unique over all kinds.
func (i *Invitation) GID() string { return GID(KindInvitation, i.ID) }

// References lists opportunity and partner.
func (i *Invitation) References() []Reference {
	var refs references
	refs.add("opportunity_id", KindOpportunity, i.Opportunity)
	refs.add("partner_id", KindPartner, i.Partner)
	return refs
}

// Stands reports whether the invitation is one of a partner, and neither declined nor expired.
func (i *Invitation) Stands(partner string) bool {
	return i.Partner == partner && (i.State == InvitationPending || i.State == InvitationAccepted)
}
