package graph

import (
	"slices"
	"strings"
)

// The life of an opportunity and of its invitations, as a partner manager would write it down: who may do what, while
// what stands how, under which condition, and what comes of it. Everything that decides is read from this table; the
// conditions by their names stand in opportunityguard.go.
//
// Two things move, each by itself: the stage, which is how far the deal has come, and the review, which is where its
// registration stands. What is LAUNCHED or LOST is the end: nothing of it changes any more.

// OpportunityChange is something that is done to an opportunity or an invitation.
type OpportunityChange string

// What is done.
const (
	PostOpportunity     OpportunityChange = "post"
	PublishOpportunity  OpportunityChange = "publish"
	EditOpportunity     OpportunityChange = "edit"
	SubmitOpportunity   OpportunityChange = "submit"
	ReviewOpportunity   OpportunityChange = "review"
	WithdrawOpportunity OpportunityChange = "withdraw"
	InvitePartner       OpportunityChange = "invite partners to"
	AcceptInvitation    OpportunityChange = "accept the invitation to"
	DeclineInvitation   OpportunityChange = "decline the invitation to"
	ClaimOpportunity    OpportunityChange = "claim"
	AdvanceOpportunity  OpportunityChange = "advance"
	LoseOpportunity     OpportunityChange = "give up"
	LeaveOpportunity    OpportunityChange = "leave"
	RemoveMember        OpportunityChange = "remove partners from"
	OfferTransfer       OpportunityChange = "offer"
	AcceptTransfer      OpportunityChange = "take over"
	DeclineTransfer     OpportunityChange = "turn down the offer of"
)

// Part is what somebody is to an opportunity.
type Part string

// The parts. The owner is the partner that owns it; where none does, the customer that it is about.
const (
	AnyPartner  Part = "partners"
	AnyCustomer Part = "customers"
	TheOwner    Part = "its owner"
	TheLead     Part = "its lead"
	AMember     Part = "its members"
	TheInvitee  Part = "who is invited"
	TheNewOwner Part = "who it is offered to"
	AReader     Part = "partners that it is addressed to and that do not own it"
)

// The events that tell of opportunities and invitations.
const (
	EventOpportunityDrafted          = "opportunity.drafted"
	EventOpportunityPosted           = "opportunity.posted"
	EventOpportunityUpdated          = "opportunity.updated"
	EventOpportunitySubmitted        = "opportunity.submitted"
	EventOpportunityInReview         = "opportunity.inReview"
	EventOpportunityApproved         = "opportunity.approved"
	EventOpportunityActionRequired   = "opportunity.actionRequired"
	EventOpportunityRejected         = "opportunity.rejected"
	EventOpportunityWithdrawn        = "opportunity.withdrawn"
	EventOpportunityClaimed          = "opportunity.claimed"
	EventOpportunityStageChanged     = "opportunity.stageChanged"
	EventOpportunityLost             = "opportunity.lost"
	EventOpportunityTransferOffered  = "opportunity.transferOffered"
	EventOpportunityTransferDeclined = "opportunity.transferDeclined"
	EventOpportunityOwnerChanged     = "opportunity.ownerChanged"
	EventInvitationCreated           = "invitation.created"
	EventInvitationAccepted          = "invitation.accepted"
	EventInvitationDeclined          = "invitation.declined"
	EventInvitationExpired           = "invitation.expired"
	EventMemberJoined                = "member.joined"
	EventMemberLeft                  = "member.left"
)

// ProtectionDays is on how many days an approval protects, the first of which is its own.
const ProtectionDays = 90

// Step is a row of the table.
type Step struct {
	Change OpportunityChange
	By     []Part // beside operators, who make every change
	// How things stand before it: the stage, the review (empty: not registered; nil: however) and, where it is about
	// an invitation, that one.
	Stages     []Stage
	Reviews    []Review
	Invitation InvitationState
	// How they stand after it; empty: as before.
	Stage   Stage
	Review  Review
	Answer  InvitationState
	Guards  []Guard
	Event   string
	Besides string // an event that tells of the opportunity where Event tells of the invitation
	Scope   Scope  // what a key needs
}

// NotRegistered is the review of an opportunity that is not registered.
const NotRegistered Review = ""

var (
	openStages  = []Stage{Prospect, Qualified, TechnicalValidation, BusinessValidation, Committed} // published, and not at its end
	aliveStages = append([]Stage{Draft}, openStages...)
)

// OpportunityLife is the table.
var OpportunityLife = []Step{
	{Change: PostOpportunity, By: []Part{AnyPartner, AnyCustomer}, Stage: Draft, Guards: []Guard{postable}, Event: EventOpportunityDrafted, Scope: ScopePost},
	{Change: PostOpportunity, By: []Part{AnyPartner, AnyCustomer}, Stage: Prospect, Guards: []Guard{postable}, Event: EventOpportunityPosted, Scope: ScopePost},
	{Change: PublishOpportunity, By: []Part{TheOwner}, Stages: []Stage{Draft}, Stage: Prospect, Guards: []Guard{postable}, Event: EventOpportunityPosted, Scope: ScopePost},
	{Change: EditOpportunity, By: []Part{TheOwner}, Stages: aliveStages, Reviews: []Review{NotRegistered, ReviewApproved, ReviewActionRequired, ReviewRejected, ReviewWithdrawn},
		Guards: []Guard{openForEdit, postable, keepsItsValue}, Event: EventOpportunityUpdated, Scope: ScopePost},

	{Change: SubmitOpportunity, By: []Part{TheOwner}, Stages: aliveStages, Reviews: []Review{NotRegistered, ReviewActionRequired}, Review: ReviewSubmitted,
		Guards: []Guard{complete, unprotected}, Event: EventOpportunitySubmitted, Scope: ScopePost},
	{Change: ReviewOpportunity, Stages: aliveStages, Reviews: []Review{ReviewSubmitted}, Review: ReviewInReview, Guards: []Guard{fourEyes}, Event: EventOpportunityInReview},
	{Change: ReviewOpportunity, Stages: aliveStages, Reviews: []Review{ReviewInReview}, Review: ReviewApproved, Guards: []Guard{fourEyes, unprotected}, Event: EventOpportunityApproved},
	{Change: ReviewOpportunity, Stages: aliveStages, Reviews: []Review{ReviewInReview}, Review: ReviewActionRequired, Guards: []Guard{fourEyes, actionable}, Event: EventOpportunityActionRequired},
	{Change: ReviewOpportunity, Stages: aliveStages, Reviews: []Review{ReviewInReview}, Review: ReviewRejected, Guards: []Guard{fourEyes}, Event: EventOpportunityRejected},
	{Change: WithdrawOpportunity, By: []Part{TheOwner}, Stages: aliveStages, Reviews: []Review{NotRegistered, ReviewSubmitted, ReviewInReview, ReviewApproved, ReviewActionRequired},
		Review: ReviewWithdrawn, Event: EventOpportunityWithdrawn, Scope: ScopePost},

	{Change: InvitePartner, By: []Part{TheOwner, TheLead}, Stages: openStages, Answer: InvitationPending, Guards: []Guard{invitable}, Event: EventInvitationCreated, Scope: ScopePost},
	{Change: AcceptInvitation, By: []Part{TheInvitee}, Stages: openStages, Invitation: InvitationPending, Answer: InvitationAccepted, Guards: []Guard{withinItsDays, joinable},
		Event: EventInvitationAccepted, Besides: EventMemberJoined, Scope: ScopeClaim},
	{Change: DeclineInvitation, By: []Part{TheInvitee}, Stages: openStages, Invitation: InvitationPending, Answer: InvitationDeclined, Guards: []Guard{withinItsDays, declinedForAReason},
		Event: EventInvitationDeclined, Scope: ScopeClaim},
	{Change: ClaimOpportunity, By: []Part{AReader}, Stages: openStages, Guards: []Guard{leadFree}, Event: EventOpportunityClaimed, Scope: ScopeClaim},

	{Change: AdvanceOpportunity, By: []Part{TheOwner, TheLead}, Stages: []Stage{Prospect}, Stage: Qualified, Event: EventOpportunityStageChanged, Scope: ScopePost},
	{Change: AdvanceOpportunity, By: []Part{TheOwner, TheLead}, Stages: []Stage{Qualified}, Stage: TechnicalValidation, Event: EventOpportunityStageChanged, Scope: ScopePost},
	{Change: AdvanceOpportunity, By: []Part{TheOwner, TheLead}, Stages: []Stage{TechnicalValidation}, Stage: BusinessValidation, Event: EventOpportunityStageChanged, Scope: ScopePost},
	{Change: AdvanceOpportunity, By: []Part{TheOwner, TheLead}, Stages: []Stage{BusinessValidation}, Stage: Committed, Guards: []Guard{valued}, Event: EventOpportunityStageChanged, Scope: ScopePost},
	{Change: AdvanceOpportunity, By: []Part{TheOwner, TheLead}, Stages: []Stage{Committed}, Stage: Launched, Guards: []Guard{dated}, Event: EventOpportunityStageChanged, Scope: ScopePost},
	{Change: LoseOpportunity, By: []Part{TheOwner}, Stages: openStages, Stage: Lost, Guards: []Guard{lostForAReason, dated}, Event: EventOpportunityLost, Scope: ScopePost},

	{Change: LeaveOpportunity, By: []Part{TheLead, AMember}, Stages: openStages, Event: EventMemberLeft, Scope: ScopeClaim},
	{Change: RemoveMember, By: []Part{TheOwner}, Stages: openStages, Event: EventMemberLeft, Scope: ScopePost},
	{Change: OfferTransfer, By: []Part{TheOwner}, Stages: openStages, Guards: []Guard{transferable}, Event: EventOpportunityTransferOffered, Scope: ScopePost},
	{Change: AcceptTransfer, By: []Part{TheNewOwner}, Stages: openStages, Guards: []Guard{offered, takeable}, Event: EventOpportunityOwnerChanged, Scope: ScopeClaim},
	{Change: DeclineTransfer, By: []Part{TheNewOwner}, Stages: openStages, Guards: []Guard{offered}, Event: EventOpportunityTransferDeclined, Scope: ScopeClaim},
}

// editable are the fields of an opportunity that an edit changes, as clients know them. An ACTION_REQUIRED names some.
var editable = []string{"title", "customer", "site", "point", "needs", "value", "audience", "sharedIn", "closedOn"}

// approvedFor are the fields that an approval protects: they stay while it stands.
var approvedFor = []string{"customer", "site", "needs"}

// EditableIn are the fields that can be edited while the registration of an opportunity stands as it does.
func (o *Opportunity) EditableIn() []string {
	switch o.Review {
	case ReviewActionRequired:
		return o.ReviewFields
	case ReviewApproved:
		return slices.DeleteFunc(slices.Clone(editable), func(field string) bool { return slices.Contains(approvedFor, field) })
	}
	return editable
}

// steps are the rows of one change.
type steps []Step

// stepsOf are the rows of a change.
func stepsOf(change OpportunityChange) steps {
	var rows steps
	for _, step := range OpportunityLife {
		if step.Change == change {
			rows = append(rows, step)
		}
	}
	return rows
}

// admit refuses whoever makes no such change, whatever it is made to: analysts, keys without the scope, and others than
// operators where nobody else does.
func (s steps) admit(v Viewer) error {
	switch {
	case v.Validate() != nil || v.Role == RoleAnalyst:
		return &Error{Code: CodeForbidden, Message: "analysts change nothing"}
	case len(s[0].By) == 0 && v.Confined():
		return v.OnlyOperators(string(s[0].Change) + " opportunities")
	case s[0].Scope == "":
		return nil
	}
	return v.Within(s[0].Scope)
}

// leading are those that lead to a stage and a review, where the change leaves a choice.
func (s steps) leading(stage Stage, review Review) steps {
	return slices.DeleteFunc(slices.Clone(s), func(step Step) bool {
		return stage != "" && step.Stage != stage || review != "" && step.Review != review
	})
}

// fits reports whether an opportunity stands as the step asks.
func (s Step) fits(o *Opportunity) bool {
	return s.begins(o.Stage) && (s.Reviews == nil || slices.Contains(s.Reviews, o.Review))
}

func (s Step) begins(stage Stage) bool { return slices.Contains(s.Stages, stage) }

// pick returns the row by which an opportunity changes; INVALID_TRANSITION, with what it can become, where there is
// none. The field is the one that states what it shall become.
func (s steps) pick(o *Opportunity, field string, stage Stage, review Review) (Step, error) {
	leading := s.leading(stage, review)
	for _, step := range leading {
		if step.fits(o) {
			return step, nil
		}
	}
	refused := &Error{Code: CodeInvalidTransition, Field: field}
	begins := func(step Step) bool { return step.begins(o.Stage) }
	if slices.ContainsFunc(leading, begins) || review != "" && slices.ContainsFunc(s, begins) {
		refused.Allowed = s.after(o, func(step Step) string { return string(step.Review) })
		refused.Message = "its registration is " + orWord(string(o.Review), "not begun") + ": this does not follow"
	} else {
		refused.Allowed = s.after(o, func(step Step) string { return string(step.Stage) })
		refused.Message = "the opportunity is " + string(o.Stage) + ": this does not follow"
	}
	if len(refused.Allowed) > 0 {
		refused.Message += "; it can become " + strings.Join(refused.Allowed, " or ")
	}
	return Step{}, refused
}

// after is what an opportunity can come to next: by this change, or where it leads nowhere from here, by any.
func (s steps) after(o *Opportunity, to func(Step) string) []string {
	for _, rows := range []steps{s, OpportunityLife} {
		var names []string
		for _, step := range rows {
			if step.fits(o) {
				names = append(names, to(step))
			}
		}
		if names = distinct(names); len(names) > 0 {
			return names
		}
	}
	return nil
}

// orWord is a word, or another where there is none.
func orWord(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}

// Over reports whether an invitation can be answered no more on a day, whatever the clock has ended yet.
func (i *Invitation) Over(today Date) bool {
	return !i.SentOn.IsZero() && today > i.SentOn.AddDays(AnswerDays)
}

// Protects reports whether the registration of an opportunity protects what it needs on a day.
func (o *Opportunity) Protects(today Date) bool {
	return o.Review == ReviewApproved && o.Stage != Lost && today < o.ProtectedUntil && o.LiveAt(today)
}
