package graph

import (
	"net/mail"
	"net/url"
	"slices"
)

// changeables are the types of node that are changed by hand.
var changeables = map[Kind]changeable{
	KindPartner: {
		copied: copyOf[Partner],
		fields: []changeableField{
			fieldOf("name", "name", func(p *Partner) any { return p.Name }),
			fieldOf("aliases", "aliases", func(p *Partner) any { return p.Aliases }),
			fieldOf("kind", "kind", func(p *Partner) any { return p.PartnerKind }),
			fieldOf("status", "status", func(p *Partner) any { return p.Status }),
			fieldOf("tier", "tier", func(p *Partner) any { return p.Tier }),
			fieldOf("website", "website", func(p *Partner) any { return p.Website }),
			fieldOf("employees", "employees", func(p *Partner) any { return p.Employees }),
			fieldOf("joinedOn", "joined_on", func(p *Partner) any { return p.JoinedOn }),
			fieldOf("capacity", "capacity", func(p *Partner) any { return p.Capacity }),
			fieldOf("tags", "tags", func(p *Partner) any { return p.Tags }),
			fieldOf("discoverable", "discoverable", func(p *Partner) any { return p.Undisclosed }),
			fieldOf("partOf", "part_of", func(p *Partner) any { return p.PartOf }),
			fieldOf("channelManager", "channel_manager", func(p *Partner) any { return p.ChannelManager }),
			retirement,
		},
		reserved: []string{"status", "tier", "joinedOn", "partOf", "channelManager"},
		check:    checked(checkProfile),
		step:     partnerStep,
		event:    partnerEvent,
	},
	KindOffice: {
		copied: copyOf[Office],
		key:    naturalKey((*Office).NaturalKey),
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(o *Office) any { return o.Partner }),
			fieldOf("name", "name", func(o *Office) any { return o.Name }),
			fieldOf("address", "address", func(o *Office) any { return o.Address }),
			fieldOf("city", "city", func(o *Office) any { return o.City }),
			fieldOf("country", "country", func(o *Office) any { return o.Country }),
			fieldOf("location", "lat", func(o *Office) any { return o.Location }),
			fieldOf("roles", "roles", func(o *Office) any { return o.Roles }),
			fieldOf("tags", "tags", func(o *Office) any { return o.Tags }),
			retirement,
		},
		check: checked(func(o *Office) error { return checkLength("tags", MaxName, o.Tags...) }),
	},
	KindContact: {
		copied: copyOf[Contact],
		key:    naturalKey((*Contact).NaturalKey),
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(c *Contact) any { return c.Partner }),
			fieldOf("customer", "customer_id", func(c *Contact) any { return c.Customer }),
			fieldOf("office", "office_id", func(c *Contact) any { return c.Office }),
			fieldOf("name", "name", func(c *Contact) any { return c.Name }),
			fieldOf("email", "email", func(c *Contact) any { return c.Email }),
			fieldOf("phone", "phone", func(c *Contact) any { return c.Phone }),
			fieldOf("role", "role", func(c *Contact) any { return c.Role }),
			fieldOf("territories", "territories", func(c *Contact) any { return c.Territories }),
			retirement,
		},
		check: checked(checkContact),
	},
	KindRegion: {
		copied: copyOf[Region],
		fields: []changeableField{
			fieldOf("name", "name", func(r *Region) any { return r.Name }),
			fieldOf("countries", "countries", func(r *Region) any { return r.Countries }),
			fieldOf("parent", "parent_id", func(r *Region) any { return r.Parent }),
			retirement,
		},
	},
	KindCompetency: {
		copied: copyOf[Competency],
		fields: []changeableField{
			fieldOf("name", "name", func(c *Competency) any { return c.Name }),
			fieldOf("aliases", "aliases", func(c *Competency) any { return c.Aliases }),
			fieldOf("description", "description", func(c *Competency) any { return c.Description }),
			fieldOf("broader", "parent_id", func(c *Competency) any { return c.Broader }),
			fieldOf("related", "related", func(c *Competency) any { return c.Related }),
			retirement,
		},
	},
	KindHolding: {
		copied: copyOf[Holding],
		key:    naturalKey((*Holding).NaturalKey),
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(h *Holding) any { return h.Partner }),
			fieldOf("competency", "competency_id", func(h *Holding) any { return h.Competency }),
			fieldOf("office", "office_id", func(h *Holding) any { return h.Office }),
			fieldOf("level", "level", func(h *Holding) any { return h.Level }),
			fieldOf("since", "since", func(h *Holding) any { return h.Since }),
			fieldOf("until", "until", func(h *Holding) any { return h.Until }),
			fieldOf("remote", "remote", func(h *Holding) any { return h.Remote }),
			fieldOf("offers", "offer", func(h *Holding) any { return h.Offers }),
			retirement,
		},
		settle: func(t changeable, before, after Node) {
			if len(t.differing(before, after)) > 0 { // what was changed by hand is one claim
				after.(*Holding).Parts = nil
			}
		},
	},
	KindCertification: {
		copied: copyOf[Certification],
		key:    naturalKey((*Certification).NaturalKey),
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(c *Certification) any { return c.Partner }),
			fieldOf("competency", "competency_id", func(c *Certification) any { return c.Competency }),
			fieldOf("office", "office_id", func(c *Certification) any { return c.Office }),
			fieldOf("scheme", "scheme", func(c *Certification) any { return c.Scheme }),
			fieldOf("level", "level", func(c *Certification) any { return c.Level }),
			fieldOf("issuer", "issuer", func(c *Certification) any { return c.Issuer }),
			fieldOf("issuedOn", "issued_on", func(c *Certification) any { return c.IssuedOn }),
			fieldOf("expiresOn", "expires_on", func(c *Certification) any { return c.ExpiresOn }),
			fieldOf("holders", "holders", func(c *Certification) any { return c.Holders }),
			fieldOf("verified", "verified", func(c *Certification) any { return c.Verified }),
			retirement,
		},
		check:   checked(func(c *Certification) error { return notNegative("holders", c.Holders) }),
		confine: confineCertification,
	},
	KindCustomer: {
		copied: copyOf[Customer],
		fields: []changeableField{
			fieldOf("name", "name", func(c *Customer) any { return c.Name }),
			fieldOf("segment", "segment", func(c *Customer) any { return c.Segment }),
			fieldOf("industry", "industry", func(c *Customer) any { return c.Industry }),
			fieldOf("consent", "consent", func(c *Customer) any { return c.Consent }),
			retirement,
		},
		companion: ownership,
	},
	KindSite: {
		copied: copyOf[Site],
		fields: []changeableField{
			fieldOf("customer", "customer_id", func(s *Site) any { return s.Customer }),
			fieldOf("name", "name", func(s *Site) any { return s.Name }),
			fieldOf("city", "city", func(s *Site) any { return s.City }),
			fieldOf("country", "country", func(s *Site) any { return s.Country }),
			fieldOf("location", "lat", func(s *Site) any { return s.Location }),
			retirement,
		},
	},
	KindSolution: {
		copied: copyOf[Solution],
		fields: []changeableField{
			fieldOf("name", "name", func(s *Solution) any { return s.Name }),
			fieldOf("partners", "partner_id", func(s *Solution) any { return s.Partners }),
			fieldOf("origin", "origin", func(s *Solution) any { return s.Origin }),
			fieldOf("competencies", "competency_ids", func(s *Solution) any { return s.Competencies }),
			fieldOf("buildsOn", "builds_on", func(s *Solution) any { return s.BuildsOn }),
			fieldOf("description", "description", func(s *Solution) any { return s.Description }),
			retirement,
		},
		confine: confineSolution,
	},
	KindWall: {
		copied: copyOf[Wall],
		key:    naturalKey((*Wall).NaturalKey),
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(w *Wall) any { return w.Partner }),
			fieldOf("customer", "customer_id", func(w *Wall) any { return w.Customer }),
			fieldOf("segment", "segment", func(w *Wall) any { return w.Segment }),
			fieldOf("competency", "competency_id", func(w *Wall) any { return w.Competency }),
			fieldOf("partnership", "partnership_id", func(w *Wall) any { return w.Partnership }),
			retirement,
		},
	},
	KindPartnership: {
		copied: copyOf[Partnership],
		key:    naturalKey((*Partnership).NaturalKey),
		fields: []changeableField{
			fieldOf("parties", "partners", func(p *Partnership) any { return p.Parties }),
			fieldOf("kind", "kind", func(p *Partnership) any { return p.Form }),
			fieldOf("collaboration", "collaboration", func(p *Partnership) any { return p.Collaboration }),
			fieldOf("dataSharing", "data_sharing", func(p *Partnership) any { return p.DataSharing }),
			fieldOf("startsOn", "starts_on", func(p *Partnership) any { return p.StartsOn }),
			fieldOf("endsOn", "ends_on", func(p *Partnership) any { return p.EndsOn }),
			fieldOf("sponsor", "sponsor", func(p *Partnership) any { return p.Sponsor }),
			fieldOf("manager", "manager", func(p *Partnership) any { return p.Manager }),
			fieldOf("sites", "sites", func(p *Partnership) any { return p.Sites }),
			fieldOf("pending", "pending", func(p *Partnership) any { return p.Pending }),
			retirement,
		},
		reserved: []string{"kind", "collaboration", "dataSharing", "startsOn", "endsOn", "sites"},
		check:    checked(func(p *Partnership) error { return checkParties(p.Parties) }),
	},
	KindCustomerPartner: {
		copied: copyOf[CustomerPartner],
		key:    naturalKey((*CustomerPartner).NaturalKey),
		fields: []changeableField{
			fieldOf("customer", "customer_id", func(c *CustomerPartner) any { return c.Customer }),
			fieldOf("partner", "partner_id", func(c *CustomerPartner) any { return c.Partner }),
			fieldOf("role", "role", func(c *CustomerPartner) any { return c.Role }),
			fieldOf("since", "since", func(c *CustomerPartner) any { return c.Since }),
			fieldOf("until", "until", func(c *CustomerPartner) any { return c.Until }),
			retirement,
		},
	},
	KindReferral: {
		copied: copyOf[Referral],
		fields: []changeableField{
			fieldOf("from", "from_partner_id", func(r *Referral) any { return r.From }),
			fieldOf("to", "to_partner_id", func(r *Referral) any { return r.To }),
			fieldOf("customer", "customer_id", func(r *Referral) any { return r.Customer }),
			fieldOf("competency", "competency_id", func(r *Referral) any { return r.Competency }),
			fieldOf("state", "state", func(r *Referral) any { return r.State }),
			fieldOf("value", "value", func(r *Referral) any { return r.Value }),
			fieldOf("sentOn", "sent_on", func(r *Referral) any { return r.SentOn }),
			fieldOf("answeredOn", "answered_on", func(r *Referral) any { return r.AnsweredOn }),
			fieldOf("closedOn", "closed_on", func(r *Referral) any { return r.ClosedOn }),
			fieldOf("parent", "parent_id", func(r *Referral) any { return r.Parent }),
			retirement,
		},
	},
	KindOpportunity: opportunityFields,
	KindInvitation:  invitationFields,
	KindAPIKey: {
		copied: copyOf[APIKey],
		fields: []changeableField{
			fieldOf("partner", "partner_id", func(k *APIKey) any { return k.Partner }),
			fieldOf("name", "name", func(k *APIKey) any { return k.Name }),
			fieldOf("scopes", "scopes", func(k *APIKey) any { return k.Scopes }),
			fieldOf("expiresAt", "expires_at", func(k *APIKey) any { return k.ExpiresAt }),
			fieldOf("revokedAt", "revoked_at", func(k *APIKey) any { return k.RevokedAt }),
		},
	},
}

// checkParties refuses a partnership of fewer than two, or with one party twice.
func checkParties(parties []string) error {
	for i, party := range parties {
		if slices.Contains(parties[:i], party) {
			return Invalid("partners", "the partner %q is named twice", party)
		}
	}
	if len(parties) < 2 {
		return Invalid("partners", "a partnership joins two partners or more")
	}
	return nil
}

// naturalKey makes a natural key of one of a type of node.
func naturalKey[N Node](key func(N) []string) func(Node) []string {
	return func(n Node) []string { return key(n.(N)) }
}

// checked makes a check of one of a type of node.
func checked[N Node](check func(N) error) func(Node) error {
	return func(n Node) error { return check(n.(N)) }
}

// checkProfile refuses what no partner says of itself.
func checkProfile(p *Partner) error {
	if p.Website != "" && !IsWebsite(p.Website) {
		return Invalid("website", "%q is not a web address such as https://example.org", shorten(p.Website))
	}
	return firstError(checkLength("website", MaxName, p.Website), notNegative("employees", p.Employees), notNegative("capacity", p.Capacity))
}

// checkContact refuses a person who works for nobody, or for two, and an address that is none.
func checkContact(c *Contact) error {
	switch {
	case c.Partner == "" && c.Customer == "":
		return Invalid("partner_id", "a contact works for a partner or a customer: name one of them")
	case c.Partner != "" && c.Customer != "":
		return Invalid("customer_id", "a contact works for a partner or a customer: name only one of them")
	case c.Office != "" && c.Partner == "":
		return Invalid("office_id", "an office is a partner's, and the contact is a customer's")
	case c.Email != "" && !IsEmail(c.Email):
		return Invalid("email", "%q is not a mail address such as someone@example.org", shorten(c.Email))
	}
	return nil
}

// IsWebsite reports whether a text is an address of the web.
func IsWebsite(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// IsEmail reports whether a text is a bare mail address.
func IsEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

// notNegative refuses a number below zero.
func notNegative(field string, number *int) error {
	if number != nil && *number < 0 {
		return Invalid(field, "%d is less than nothing", *number)
	}
	return nil
}

// confineCertification lets a certification of a partner count only once an operator has verified it as it is.
func confineCertification(t changeable, _ Viewer, before, after Node) error {
	now := after.(*Certification)
	was := &Certification{}
	if !isNew(before) {
		was = before.(*Certification)
	}
	if now.Verified && !was.Verified {
		return forbidden("verified", "only operators verify certifications")
	}
	if was.Verified && len(t.differing(before, after)) > 0 {
		now.Verified = false
	}
	return nil
}

// confineSolution lets a partner say of itself alone that it delivers a solution.
func confineSolution(_ changeable, v Viewer, before, after Node) error {
	was, now := []string(nil), after.(*Solution).Partners
	if !isNew(before) {
		was = before.(*Solution).Partners
	}
	for _, partner := range slices.Concat(was, now) {
		if !v.Is(partner) && slices.Contains(was, partner) != slices.Contains(now, partner) {
			return forbidden("partner_id", "a partner says of itself alone that it delivers a solution; others are for operators to name")
		}
	}
	if len(now) == 0 {
		return Invalid("partner_id", "a solution that nobody delivers any more is retired")
	}
	return nil
}

// ownership makes a partner the owner of a customer that it has made.
func ownership(a author, fresh Node) Node {
	if a.viewer.Role != RolePartner {
		return nil
	}
	return &CustomerPartner{Customer: fresh.Header().ID, Partner: a.viewer.Organisation, Role: CustomerOwner, Since: a.today}
}
