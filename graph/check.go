package graph

import (
	"slices"
	"unicode/utf8"
)

// CheckNode refuses a node that is wrong by itself, whatever else the graph holds: its id, its texts, and
// values outside the closed lists and ranges of the vocabulary. Every store checks it before the rest.
func CheckNode(node Node) error {
	return firstError(CheckID(node.Header().ID), CheckTexts(node), checkValues(node))
}

func checkValues(node Node) error {
	switch n := node.(type) {
	case *Partner:
		return firstError(oneOf("kind", n.PartnerKind, PartnerKinds), oneOf("status", n.Status, PartnerStatuses), oneOf("tier", n.Tier, Tiers))
	case *Office:
		return firstError(onGlobe(n.Location), allOf("roles", n.Roles, OfficeRoles))
	case *Site:
		return onGlobe(n.Location)
	case *Contact:
		return oneOf("role", n.Role, ContactRoles)
	case *Holding:
		if n.Level < 0 || n.Level > MaxLevel {
			return Invalid("level", "level %d is not between 1 and %d", n.Level, MaxLevel)
		}
		return inOrder("until", n.Since, n.Until)
	case *Certification:
		return inOrder("expires_on", n.IssuedOn, n.ExpiresOn)
	case *CustomerPartner:
		return firstError(oneOf("role", n.Role, CustomerRoles), inOrder("until", n.Since, n.Until))
	case *Solution:
		return oneOf("origin", n.Origin, SolutionOrigins)
	case *Partnership:
		return firstError(oneOf("collaboration", n.Collaboration, Collaborations), oneOf("data_sharing", n.DataSharing, DataSharings), inOrder("ends_on", n.StartsOn, n.EndsOn))
	case *Opportunity:
		return firstError(oneOf("stage", n.Stage, Stages), oneOf("review", n.Review, Reviews), oneOf("audience", n.Audience.Kind, AudienceKinds), oneOf("lost_reason", n.LostReason, LossReasons))
	case *Invitation:
		return firstError(oneOf("state", n.State, InvitationStates), oneOf("reason", n.Reason, DeclineReasons))
	case *Referral:
		return oneOf("state", n.State, ReferralStates)
	case *Wall:
		if (n.Customer == "") == (n.Segment == "") {
			return Invalid("customer_id", "a wall is around a customer or a segment: name one of them")
		}
	case *APIKey:
		return checkScopes(n.Scopes)
	}
	return nil
}

// oneOf refuses a value outside a closed list; one that is not stated is none.
func oneOf[T ~string](field string, value T, known []T) error {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	e := Invalid(field, "%q is not known here", shorten(string(value)))
	e.Allowed = namesOf(known)
	return e
}

// namesOf are the values of a closed list as texts.
func namesOf[T ~string](known []T) []string {
	names := make([]string, len(known))
	for i, value := range known {
		names[i] = string(value)
	}
	return names
}

func allOf[T ~string](field string, values, known []T) error {
	for _, value := range values {
		if err := oneOf(field, value, known); err != nil {
			return err
		}
	}
	return nil
}

func onGlobe(at Point) error {
	if !at.Valid() {
		return Invalid("lat", "%v, %v is no place: latitudes lie between -90 and 90, longitudes between -180 and 180", at.Lat, at.Lng)
	}
	return nil
}

func inOrder(field string, from, to Date) error {
	if !from.IsZero() && !to.IsZero() && to < from {
		return Invalid(field, "%s lies before %s", to, from)
	}
	return nil
}

// CheckTexts refuses a node whose name is missing or whose texts are longer than MaxName, or
// MaxDescription for a description (1-graph.md, invariant 7). Every store checks it.
func CheckTexts(node Node) error {
	switch n := node.(type) {
	case *Region:
		return checkName("name", n.Name)
	case *Competency:
		return firstError(checkName("name", n.Name), checkLength("aliases", MaxName, n.Aliases...), checkLength("description", MaxDescription, n.Description))
	case *Partner:
		return firstError(checkName("name", n.Name), checkLength("aliases", MaxName, n.Aliases...), checkLength("tags", MaxName, n.Tags...))
	case *Office:
		return checkLength("name", MaxName, n.Name, n.Address, n.City)
	case *Customer:
		return firstError(checkName("name", n.Name), checkLength("segment", MaxName, n.Segment, n.Industry))
	case *Site:
		return checkLength("name", MaxName, n.Name, n.City)
	case *Contact:
		return firstError(checkName("name", n.Name), checkLength("email", MaxName, n.Email, n.Phone))
	case *Holding:
		return checkLength("offer", MaxName, n.Offers...)
	case *Certification:
		return checkLength("scheme", MaxName, n.Scheme, n.Level, n.Issuer)
	case *Solution:
		return firstError(checkName("name", n.Name), checkLength("description", MaxDescription, n.Description))
	case *Partnership:
		return checkLength("kind", MaxName, n.Form, n.Sponsor, n.Manager)
	case *Opportunity:
		return firstError(checkName("title", n.Title), checkLength("review_note", MaxDescription, n.ReviewNote), checkLength("review_fields", MaxName, n.ReviewFields...))
	case *Wall:
		return checkLength("segment", MaxName, n.Segment)
	case *APIKey:
		return checkName("name", n.Name)
	}
	return nil
}

func checkName(field, name string) error {
	if name == "" {
		return Invalid(field, "a %s is required", field)
	}
	return checkLength(field, MaxName, name)
}

func checkLength(field string, most int, texts ...string) error {
	for _, text := range texts {
		if len(text) > most && utf8.RuneCountInString(text) > most {
			return Invalid(field, "a text of %d characters is too long: %d are allowed", utf8.RuneCountInString(text), most)
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
