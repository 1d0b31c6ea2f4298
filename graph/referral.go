package graph

// ReferralState is where a referral stands.
type ReferralState string

// The states of a referral.
const (
	ReferralNew       ReferralState = "NEW"
	ReferralActive    ReferralState = "ACTIVE"
	ReferralForwarded ReferralState = "FORWARDED"
	ReferralWon       ReferralState = "WON"
	ReferralLost      ReferralState = "LOST"
	ReferralDeclined  ReferralState = "DECLINED"
	ReferralExpired   ReferralState = "EXPIRED"
)

// ReferralStates lists the states of a referral.
var ReferralStates = []ReferralState{ReferralNew, ReferralActive, ReferralForwarded, ReferralWon, ReferralLost, ReferralDeclined, ReferralExpired}

// Closed reports whether nothing more can happen in this state.
func (s ReferralState) Closed() bool {
	switch s {
	case ReferralWon, ReferralLost, ReferralDeclined, ReferralExpired:
		return true
	}
	return false
}

// Answered reports whether the state says that the recipient took the referral up.
func (s ReferralState) Answered() bool {
	switch s {
	case ReferralActive, ReferralForwarded, ReferralWon, ReferralLost:
		return true
	}
	return false
}

// Referral is an introduction of a customer by one partner to another; chains run by Parent.
type Referral struct {
	Meta
	From       string        `cbor:"10,keyasint"`
	To         string        `cbor:"11,keyasint"`
	Customer   string        `cbor:"12,keyasint,omitempty"`
	Competency string        `cbor:"13,keyasint,omitempty"`
	State      ReferralState `cbor:"14,keyasint"`
	Value      *Money        `cbor:"15,keyasint,omitempty"`
	SentOn     Date          `cbor:"16,keyasint"`
	AnsweredOn Date          `cbor:"17,keyasint,omitempty"`
	ClosedOn   Date          `cbor:"18,keyasint,omitempty"`
	Parent     string        `cbor:"19,keyasint,omitempty"`
}

// Kind returns KindReferral.
func (*Referral) Kind() Kind { return KindReferral }

// GID is unique over all kinds.
func (r *Referral) GID() string { return GID(KindReferral, r.ID) }

// References lists sender, recipient, customer, competency and parent.
func (r *Referral) References() []Reference {
	refs := make(references, 0, 5)
	refs.add("from_partner_id", KindPartner, r.From)
	refs.add("to_partner_id", KindPartner, r.To)
	refs.add("customer_id", KindCustomer, r.Customer)
	refs.add("competency_id", KindCompetency, r.Competency)
	refs.add("parent_id", KindReferral, r.Parent)
	return refs
}

// Timeline is what happened to a referral, and when.
func (r *Referral) Timeline() ReferralTimeline {
	return ReferralTimeline{State: r.State, SentOn: r.SentOn, AnsweredOn: r.AnsweredOn, ClosedOn: r.ClosedOn}
}

// ReferralTimeline is the dated part of a referral, from which every figure about it is read.
type ReferralTimeline struct {
	State                        ReferralState
	SentOn, AnsweredOn, ClosedOn Date
}

// SentBy reports whether the referral existed on a date.
func (t ReferralTimeline) SentBy(asOf Date) bool { return t.SentOn <= asOf }

// Closing is the date on which a closed referral closed: closedOn, else answeredOn, else sentOn; zero
// for one that is not closed.
func (t ReferralTimeline) Closing() Date {
	switch {
	case !t.State.Closed():
		return 0
	case !t.ClosedOn.IsZero():
		return t.ClosedOn
	case !t.AnsweredOn.IsZero():
		return t.AnsweredOn
	}
	return t.SentOn
}

// ClosedBy reports whether the referral had closed by a date.
func (t ReferralTimeline) ClosedBy(asOf Date) bool {
	return t.State.Closed() && t.Closing() <= asOf
}

// AnsweredBy reports whether the recipient had answered by a date: by answeredOn, or where that is
// not stated, by the state.
func (t ReferralTimeline) AnsweredBy(asOf Date) bool {
	if !t.AnsweredOn.IsZero() {
		return t.AnsweredOn <= asOf
	}
	return t.State.Answered()
}

// OpenAt reports whether the referral occupies its recipient on a date: sent, answered, not closed.
func (t ReferralTimeline) OpenAt(asOf Date) bool {
	return t.SentBy(asOf) && t.AnsweredBy(asOf) && !t.ClosedBy(asOf)
}
