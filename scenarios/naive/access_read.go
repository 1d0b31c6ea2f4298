package naive

import (
	"slices"
	"strings"
)

// Readable is the world without what is hidden, without what the viewer may not read, and without what it is
// not told of the rest.
func (s *Sight) Readable() Rows {
	if s.Role == "OPERATOR" {
		return s.rows
	}
	told := s.Visible().keep(s.reads)
	for _, o := range told["opportunities"] {
		s.blankOpportunity(o)
	}
	for _, r := range told["referrals"] {
		if s.Role == "PARTNER" && !s.mine(r) {
			blank(r, "value", "currency")
		}
	}
	if s.Role == "ANALYST" {
		for _, p := range told["partnerships"] {
			blank(p, "kind", "data_sharing", "starts_on", "ends_on", "sponsor", "manager", "sites", "pending")
		}
	}
	return told
}

func blank(row Row, columns ...string) {
	for _, column := range columns {
		delete(row, column)
	}
}

// blankOpportunity leaves of the audience its kind, for all but who posted the opportunity.
func (s *Sight) blankOpportunity(o Row) {
	if s.posted(s.byID["opportunities"][o["id"]]) {
		return
	}
	blank(o, "declined_partner_ids", "posted_by", "submitted_by", "review_fields", "review_note")
	if engaged := append(list(o["member_partner_ids"]), o["lead_partner_id"]); s.Role != "PARTNER" || !slices.Contains(engaged, s.Organisation) {
		blank(o, "protected_until")
	}
	if s.Role != "PARTNER" || o["transfer_to"] != s.Organisation {
		blank(o, "transfer_to")
	}
	for column := range o {
		if strings.HasPrefix(column, "audience_") {
			blank(o, column)
		}
	}
}

// posted reports whether I posted an opportunity that I may read.
func (s *Sight) posted(o Row) bool {
	owner := o["owner_partner_id"]
	return s.Role == "PARTNER" && owner == s.Organisation || s.Role == "CUSTOMER" && owner == ""
}

// reads reports whether the viewer may read a row that is not hidden, if it may read what the row must name.
func (s *Sight) reads(sheet string, row Row) bool {
	switch sheet {
	case "partners":
		return s.readsPartner(row)
	case "customers":
		return s.Role == "CUSTOMER" && row["id"] == s.Organisation || s.customers[row["id"]]
	case "contacts":
		return s.readsContact(row)
	case "solutions":
		return row["partner_id"] == "" || slices.ContainsFunc(list(row["partner_id"]), func(id string) bool { return s.readsPartner(s.byID["partners"][id]) })
	case "partnerships":
		return s.Role == "ANALYST" || s.Role == "PARTNER" && slices.Contains(list(row["partners"]), s.Organisation)
	case "opportunities":
		return s.Role != "ANALYST" && s.readsOpportunity(row)
	case "invitations":
		return s.readsInvitation(row)
	case "referrals":
		return s.readsReferral(row)
	case "walls":
		return false
	}
	return true
}

func (s *Sight) readsPartner(p Row) bool { return active(p) || s.kin[p["id"]] }

func (s *Sight) readsReferral(r Row) bool {
	switch s.Role {
	case "PARTNER":
		return s.follows(r)
	case "CUSTOMER":
		return r["customer_id"] == s.Organisation && s.consented(s.Organisation)
	}
	return false
}

func (s *Sight) readsInvitation(i Row) bool {
	o := s.byID["opportunities"][i["opportunity_id"]]
	engaged := append(list(o["member_partner_ids"]), o["owner_partner_id"], o["lead_partner_id"])
	return s.Role == "CUSTOMER" || s.Role == "PARTNER" && (i["partner_id"] == s.Organisation || slices.Contains(engaged, s.Organisation))
}

func (s *Sight) readsContact(c Row) bool {
	of := s.byID["partners"][c["partner_id"]]
	switch s.Role {
	case "PARTNER":
		if of == nil {
			return s.servedBy(c["customer_id"], s.Organisation, "") || s.consented(c["customer_id"]) && s.sharedWithMe(c["customer_id"])
		}
		return c["partner_id"] == s.Organisation || c["role"] == "SALES" && active(of)
	case "CUSTOMER":
		return c["customer_id"] == s.Organisation || of != nil && active(of) && s.servedBy(s.Organisation, c["partner_id"], "")
	}
	return false
}

func (s *Sight) consented(customer string) bool {
	return truth(s.byID["customers"][customer]["consent"])
}

// servedBy reports whether a partner serves a customer today, in a role that ends so: "OWNER" are owners and
// co-owners, "" is any.
func (s *Sight) servedBy(customer, partner, role string) bool {
	return slices.ContainsFunc(s.rows["customer_partners"], func(row Row) bool {
		return row["customer_id"] == customer && row["partner_id"] == partner && strings.HasSuffix(row["role"], role) && s.serves(row)
	})
}

// sharedWithMe reports whether I may read a customer through a partnership.
func (s *Sight) sharedWithMe(customer string) bool {
	return slices.ContainsFunc(s.rows["partnerships"], func(p Row) bool {
		parties := list(p["partners"])
		shares := sharing(p) == "INDIVIDUAL" || sharing(p) == "CONSENTED" && s.consented(customer)
		if !shares || !slices.Contains(parties, s.Organisation) || !s.inForce(p) || s.around(s.wallsOf(p["id"]), customer) {
			return false
		}
		return slices.ContainsFunc(parties, func(party string) bool {
			return party != s.Organisation && s.servedBy(customer, party, "OWNER")
		})
	})
}

// customersOfMe are those that a PARTNER may read.
func (s *Sight) customersOfMe() map[string]bool {
	mine := map[string]bool{}
	for _, c := range s.rows["customers"] {
		id := c["id"]
		if !s.around(s.walls, id) && (s.servedBy(id, s.Organisation, "") || s.referred(id) || s.sharedWithMe(id)) {
			mine[id] = true
		}
	}
	return mine
}

// referred reports whether I sent a referral of a customer that passes on none that I received, or may read one of a
// customer that consented.
func (s *Sight) referred(customer string) bool {
	return slices.ContainsFunc(s.rows["referrals"], func(r Row) bool {
		return r["customer_id"] == customer && !s.referralWalled(r) &&
			(r["from_partner_id"] == s.Organisation && !s.passedOn(r) || s.consented(customer) && s.follows(r))
	})
}

// passedOn reports whether a referral passes on one that I received, and that no wall hides.
func (s *Sight) passedOn(r Row) bool {
	parent := s.byID["referrals"][r["parent_id"]]
	return parent != nil && parent["to_partner_id"] == s.Organisation && !s.referralWalled(parent)
}

// readsOpportunity is also what decides whether an opportunity is addressed.
func (s *Sight) readsOpportunity(o Row) bool {
	customer, owner := s.customerOf(o), o["owner_partner_id"]
	if s.Role == "CUSTOMER" {
		return customer == s.Organisation && (o["stage"] != "DRAFT" || owner == "")
	}
	switch {
	case s.around(s.walls, customer, needsOf(o)...):
		return false
	case owner == s.Organisation:
		return true
	case o["stage"] == "DRAFT":
		return false
	}
	return o["lead_partner_id"] == s.Organisation || slices.Contains(list(o["member_partner_ids"]), s.Organisation) ||
		s.invited(o) || s.pooled(o) || s.addressed(o)
}

func (s *Sight) invited(o Row) bool {
	return slices.ContainsFunc(s.rows["invitations"], func(i Row) bool {
		state := or(i["state"], "PENDING")
		return i["opportunity_id"] == o["id"] && i["partner_id"] == s.Organisation && (state == "PENDING" || state == "ACCEPTED")
	})
}

// pooled reports whether an opportunity is shared with me in a partnership.
func (s *Sight) pooled(o Row) bool {
	return slices.ContainsFunc(list(o["shared_in"]), func(id string) bool {
		p := s.byID["partnerships"][id]
		return sharing(p) == "INDIVIDUAL" && slices.Contains(list(p["partners"]), s.Organisation) && s.inForce(p) &&
			!s.around(s.wallsOf(id), s.customerOf(o), needsOf(o)...)
	})
}
