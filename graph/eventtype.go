package graph

import (
	"slices"
	"strings"
)

// EventType is a type of event: what it tells of, and who is told.
type EventType struct {
	Name    string
	Subject Kind // what it is about; empty: it tells of many, and only operators are told
}

// EventTypes lists every type of event, in the order of the tables of the lifecycles.
var EventTypes = slices.Concat(
	typesOf(KindOpportunity, "opportunity.", "drafted", "posted", "updated", "submitted", "inReview", "approved", "actionRequired", "rejected",
		"withdrawn", "claimed", "stageChanged", "lost", "transferOffered", "transferDeclined", "ownerChanged", "protectionLapsed", "imported"),
	typesOf(KindOpportunity, "member.", "joined", "left"),
	typesOf(KindInvitation, "invitation.", "created", "accepted", "declined", "expired"),
	typesOf(KindReferral, "referral.", "sent", "accepted", "declined", "expired", "forwarded", "won", "lost", "imported"),
	typesOf(KindPartner, "partner.", "applied", "approved", "suspended", "left", Created, Updated, Retired),
	byHand(KindRegion), byHand(KindCompetency), byHand(KindOffice), byHand(KindCustomer), byHand(KindSite), byHand(KindContact), byHand(KindHolding),
	byHand(KindCertification), byHand(KindCustomerPartner), byHand(KindSolution), byHand(KindPartnership), byHand(KindWall),
	typesOf(KindAPIKey, "apiKey.", Created, Revoked),
	typesOf("", "import.", "applied"),
)

func typesOf(subject Kind, prefix string, became ...string) []EventType {
	types := make([]EventType, len(became))
	for i, name := range became {
		types[i] = EventType{prefix + name, subject}
	}
	return types
}

// byHand are the types of what is created, updated and retired.
func byHand(kind Kind) []EventType {
	var types []EventType
	for _, became := range []string{Created, Updated, Retired} {
		types = append(types, EventType{EventOf(kind, became), kind})
	}
	return types
}

// Audience says who is told of an event of the type: whoever may read its subject at the moment when it is delivered,
// and what the name of the type says of it. An analyst is told of none.
func (t EventType) Audience() string {
	switch t.Name {
	case EventOpportunityTransferOffered:
		return "owner of the opportunity, who it is offered to, operators"
	case EventOpportunityTransferDeclined:
		return "owner of the opportunity, who turned it down, operators"
	case EventProtectionLapsed:
		return "owner, lead and members of the opportunity, operators"
	}
	switch t.Subject {
	case KindOpportunity:
		return "owner, lead, members and invitees of the opportunity, its customer, those to whom it is addressed or with whom it is shared, operators; of a draft its owner and operators only"
	case KindInvitation:
		return "who is invited; owner, lead, members and customer of the opportunity; operators"
	case KindReferral:
		return "sender and recipient, those of the referrals that it passes on, its customer after consent, operators"
	case KindRegion, KindCompetency:
		return "everybody"
	case KindWall, KindAPIKey, "":
		return "operators"
	case KindPartnership:
		return "its parties, operators"
	}
	return "whoever may read the " + t.Subject.noun() + "; operators"
}

// Untold are the fields of a node, as events name them, that a viewer who may read the node is not told: that they
// changed is not told either. See [Access.Told].
func (v Viewer) Untold(node Node) []string {
	switch n := node.(type) {
	case *Referral:
		if v.Role == RolePartner && !v.Is(n.From) && !v.Is(n.To) {
			return []string{"value"}
		}
	case *Opportunity:
		if v.Confined() && !v.Is(n.Owner) && !(v.Role == RoleCustomer && n.Owner == "") {
			untold := []string{"audience", "declined", "postedBy", "submittedBy", "reviewFields", "reviewNote"}
			if !v.Is(n.Lead) && !slices.ContainsFunc(n.Members, v.Is) {
				untold = append(untold, "protectedUntil")
			}
			if !v.Is(n.TransferTo) {
				untold = append(untold, "transferTo")
			}
			return untold
		}
	}
	return nil
}

// saysByName are the fields of which the name of an event says what has become of them.
var saysByName = map[string]string{
	EventOpportunityTransferOffered: "transferTo", EventOpportunityTransferDeclined: "transferTo", EventProtectionLapsed: "protectedUntil",
}

// Hears reports whether a viewer who may read a node is told of an event about it: not where the name of the event says
// what the viewer is not told of the node. Whoever made the change knows of it.
func (v Viewer) Hears(event *Event, node Node) bool {
	field, says := saysByName[event.Type]
	return !says || event.by(v) || !slices.Contains(v.Untold(node), field)
}

// by reports whether the organisation of a viewer made the change that the event tells of, itself or by a program.
func (e *Event) by(v Viewer) bool {
	who, _, _ := strings.Cut(e.Actor, " ")
	role, organisation, _ := strings.Cut(who, ":")
	return v.Organisation != "" && organisation == v.Organisation && (role == string(v.Role) || role == string(RoleService) && v.Role == RolePartner)
}
