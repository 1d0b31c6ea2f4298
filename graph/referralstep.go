package graph

import "slices"

// AnswerDays is for how many days after the one on which it was sent a referral or an invitation can be answered.
const AnswerDays = 14

// MaxChain is the number of referrals in the longest chain: one, and four that pass it on.
const MaxChain = 5

// ReferralChange is something that happens to a referral.
type ReferralChange string

// What happens to a referral.
const (
	SendReferral    ReferralChange = "SEND"
	AcceptReferral  ReferralChange = "ACCEPT"
	DeclineReferral ReferralChange = "DECLINE"
	ForwardReferral ReferralChange = "FORWARD"
	WinReferral     ReferralChange = "WIN"
	LoseReferral    ReferralChange = "LOSE"
	ExpireReferral  ReferralChange = "EXPIRE"
)

// ReferralParty is who makes something happen to a referral. An operator does it for a partner.
type ReferralParty string

// The parties of a referral.
const (
	BySender    ReferralParty = "the sender"
	ByRecipient ReferralParty = "the recipient"
	ByClock     ReferralParty = "the clock"
	WithChild   ReferralParty = "the closing of a referral that passes it on"
)

// ReferralStep is a row of the lifecycle: what can happen to a referral in a state, who makes it happen and under which
// condition, what the referral is afterwards, and the event that tells of it.
type ReferralStep struct {
	In     ReferralState // empty: before there is one
	Change ReferralChange
	By     ReferralParty
	If     *ReferralGuard // nil: always
	Then   ReferralState
	Event  string
}

// ReferralLifecycle is all that can happen to referrals. An import takes states as they are.
var ReferralLifecycle = []ReferralStep{
	{"", SendReferral, BySender, betweenActive, ReferralNew, "referral.sent"},
	{ReferralNew, AcceptReferral, ByRecipient, inTime, ReferralActive, "referral.accepted"},
	{ReferralNew, DeclineReferral, ByRecipient, inTime, ReferralDeclined, "referral.declined"},
	{ReferralNew, ExpireReferral, ByClock, overdue, ReferralExpired, "referral.expired"},
	{ReferralActive, ForwardReferral, ByRecipient, openChain, ReferralForwarded, "referral.forwarded"},
	{ReferralActive, WinReferral, ByRecipient, nil, ReferralWon, "referral.won"},
	{ReferralActive, LoseReferral, ByRecipient, nil, ReferralLost, "referral.lost"},
	{ReferralForwarded, WinReferral, WithChild, childWon, ReferralWon, "referral.won"},
	{ReferralForwarded, LoseReferral, WithChild, noChildLeft, ReferralLost, "referral.lost"},
}

// ReferralGuard is a condition of a step.
type ReferralGuard struct {
	Words string
	// holds judges it; nil: it is judged where what it is about is read, with an error of its own.
	holds func(referralFacts) bool
}

// referralFacts are what conditions are about.
type referralFacts struct {
	referral *Referral
	children []ReferralState
	today    Date
}

var (
	betweenActive = &ReferralGuard{Words: "both are ACTIVE, and the sender may read all that it names"}
	openChain     = &ReferralGuard{Words: "to an ACTIVE partner that is not in the chain yet, of five referrals at most"}
	inTime        = &ReferralGuard{"through the 14th day after it was sent", func(f referralFacts) bool { return f.today <= f.referral.SentOn.AddDays(AnswerDays) }}
	overdue       = &ReferralGuard{"from the 15th day after it was sent", func(f referralFacts) bool { return f.today > f.referral.SentOn.AddDays(AnswerDays) }}
	childWon      = &ReferralGuard{"one is WON", func(f referralFacts) bool { return slices.Contains(f.children, ReferralWon) }}
	noChildLeft   = &ReferralGuard{"all have closed, and none is WON", func(f referralFacts) bool {
		return !slices.ContainsFunc(f.children, func(s ReferralState) bool { return !s.Closed() || s == ReferralWon })
	}}
)

// allows reports whether the condition of a step holds.
func (s ReferralStep) allows(f referralFacts) bool {
	return s.If == nil || s.If.holds == nil || s.If.holds(f)
}

// by is who makes a change happen by hand.
func (c ReferralChange) by() ReferralParty {
	i := slices.IndexFunc(ReferralLifecycle, func(s ReferralStep) bool { return s.Change == c })
	return ReferralLifecycle[i].By
}

// done is what has happened, as a word in a sentence.
func (c ReferralChange) done() string {
	switch c {
	case AcceptReferral:
		return "accepted"
	case DeclineReferral:
		return "declined"
	case ForwardReferral:
		return "forwarded"
	}
	return "closed"
}

// is reports whether a viewer may act as a party.
func (p ReferralParty) is(v Viewer, r *Referral) bool {
	switch p {
	case BySender:
		return !v.Confined() || v.Is(r.From)
	case ByRecipient:
		return !v.Confined() || v.Is(r.To)
	}
	return false
}

// referralSteps are the rows of a state that are a party's.
func referralSteps(in ReferralState, by ReferralParty) []ReferralStep {
	var steps []ReferralStep
	for _, step := range ReferralLifecycle {
		if step.In == in && step.By == by {
			steps = append(steps, step)
		}
	}
	return steps
}

// WaitsSince is the day on which a referral was sent that the clock ends if it is not answered in time; zero: it does
// not wait. An import takes states as they are: what came, or was changed last, when its time was over stays as it is.
func (r *Referral) WaitsSince() Date { return waitsSince(r.State == ReferralNew, &r.Meta, r.SentOn) }

// WaitsSince is the day on which an invitation was sent that the clock ends likewise.
func (i *Invitation) WaitsSince() Date {
	return waitsSince(i.State == InvitationPending, &i.Meta, i.SentOn)
}

func waitsSince(waiting bool, m *Meta, sentOn Date) Date {
	if !waiting || !m.RetiredOn.IsZero() || sentOn.IsZero() || DateOf(m.UpdatedAt) > sentOn.AddDays(AnswerDays) {
		return 0
	}
	return sentOn
}
