package graph

// opportunityFields are the fields of an opportunity.
var opportunityFields = changeable{
	copied: copyOf[Opportunity],
	fields: []changeableField{
		fieldOf("title", "title", func(o *Opportunity) any { return o.Title }),
		fieldOf("customer", "customer_id", func(o *Opportunity) any { return o.Customer }),
		fieldOf("site", "site_id", func(o *Opportunity) any { return o.Site }),
		fieldOf("point", "lat", func(o *Opportunity) any { return o.Point }),
		fieldOf("needs", "needs", func(o *Opportunity) any { return o.Needs }),
		fieldOf("value", "value", func(o *Opportunity) any { return o.Value }),
		fieldOf("stage", "stage", func(o *Opportunity) any { return o.Stage }),
		fieldOf("review", "review", func(o *Opportunity) any { return o.Review }),
		fieldOf("reviewFields", "review_fields", func(o *Opportunity) any { return o.ReviewFields }),
		fieldOf("reviewNote", "review_note", func(o *Opportunity) any { return o.ReviewNote }),
		fieldOf("protectedUntil", "protected_until", func(o *Opportunity) any { return o.ProtectedUntil }),
		fieldOf("audience", "audience", func(o *Opportunity) any { return o.Audience }),
		fieldOf("owner", "owner_partner_id", func(o *Opportunity) any { return o.Owner }),
		fieldOf("transferTo", "transfer_to", func(o *Opportunity) any { return o.TransferTo }),
		fieldOf("lead", "lead_partner_id", func(o *Opportunity) any { return o.Lead }),
		fieldOf("members", "member_partner_ids", func(o *Opportunity) any { return o.Members }),
		fieldOf("declined", "declined_partner_ids", func(o *Opportunity) any { return o.Declined }),
		fieldOf("postedOn", "posted_on", func(o *Opportunity) any { return o.PostedOn }),
		fieldOf("closedOn", "closed_on", func(o *Opportunity) any { return o.ClosedOn }),
		fieldOf("lostReason", "lost_reason", func(o *Opportunity) any { return o.LostReason }),
		fieldOf("sharedIn", "shared_in", func(o *Opportunity) any { return o.SharedIn }),
		retirement,
	},
}

// invitationFields are the fields of an invitation.
var invitationFields = changeable{
	copied: copyOf[Invitation],
	fields: []changeableField{
		fieldOf("opportunity", "opportunity_id", func(i *Invitation) any { return i.Opportunity }),
		fieldOf("partner", "partner_id", func(i *Invitation) any { return i.Partner }),
		fieldOf("state", "state", func(i *Invitation) any { return i.State }),
		fieldOf("sentOn", "sent_on", func(i *Invitation) any { return i.SentOn }),
		fieldOf("answeredOn", "answered_on", func(i *Invitation) any { return i.AnsweredOn }),
		fieldOf("reason", "reason", func(i *Invitation) any { return i.Reason }),
		retirement,
	},
}
