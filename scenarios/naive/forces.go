package naive

import "slices"

// What refuses a change without being told to who makes it: docs/access.md, *What shows in a refusal*.

// KeptFrom reports whether a wall keeps me from an opportunity.
func (s *Sight) KeptFrom(o Row) bool { return s.around(s.walls, s.customerOf(o), needsOf(o)...) }

// ReadsActive reports whether I am ACTIVE and may read an opportunity.
func (s *Sight) ReadsActive(o Row) bool {
	me := s.byID["partners"][s.Organisation]
	return me != nil && active(me) && s.readsOpportunity(o)
}

// Protected are the ids of the opportunities whose registrations are in the way of another one's on a day.
func (r Rows) Protected(o Row, today string) (ids []string) {
	s, below := See(r, Viewer{Role: "OPERATOR"}, today), r.below()
	customer := s.customerOf(o)
	meets := func(mine string) bool {
		return slices.ContainsFunc(needsOf(o), func(other string) bool { return below[mine][other] || below[other][mine] })
	}
	for _, other := range r["opportunities"] {
		if other["id"] != o["id"] && customer != "" && s.customerOf(other) == customer && other["review"] == "APPROVED" && other["stage"] != "LOST" &&
			today < other["protected_until"] && s.live(other) && slices.ContainsFunc(needsOf(other), meets) {
			ids = append(ids, other["id"])
		}
	}
	return ids
}

// Chain is a referral and those that it passes on, the first one of all last.
func (r Rows) Chain(referral Row) (chain []Row) {
	for referral != nil && len(chain) <= len(r["referrals"]) {
		chain = append(chain, referral)
		referral = r.Row("referrals", referral["parent_id"])
	}
	return chain
}

// Hears reports whether I am told of an event about a row that I may read: that a posting is offered is between who
// offers it and who it is offered to.
func (s *Sight) Hears(event, sheet, id string) bool {
	o := s.byID[sheet][id]
	switch event {
	case "opportunity.transferOffered":
		return s.Role == "OPERATOR" || s.posted(o) || s.Role == "PARTNER" && o["transfer_to"] == s.Organisation
	case "opportunity.transferDeclined":
		return s.Role == "OPERATOR" || s.posted(o)
	}
	return true
}

// Untold are the fields of a row that I may read, as clients know them, of which I am not told what they say: that they
// have changed is not told either.
func (s *Sight) Untold(sheet, id string) (fields []string) {
	row := s.byID[sheet][id]
	switch {
	case s.Role == "OPERATOR":
	case sheet == "referrals" && s.Role == "PARTNER" && !s.mine(row):
		fields = []string{"value"}
	case sheet == "opportunities" && !s.posted(row):
		fields = []string{"audience", "declined", "postedBy", "submittedBy", "reviewFields", "reviewNote"}
		if engaged := append(list(row["member_partner_ids"]), row["lead_partner_id"]); s.Role != "PARTNER" || !slices.Contains(engaged, s.Organisation) {
			fields = append(fields, "protectedUntil")
		}
		if s.Role != "PARTNER" || row["transfer_to"] != s.Organisation {
			fields = append(fields, "transferTo")
		}
	}
	return fields
}
