package graph

// Wall keeps a partner out of what concerns a customer, or the customers of a segment, for a competency
// subtree (all, where none is named), optionally within one partnership only.
type Wall struct {
	Meta
	Partner     string `cbor:"10,keyasint"`
	Customer    string `cbor:"11,keyasint,omitempty"`
	Segment     string `cbor:"12,keyasint,omitempty"`
	Competency  string `cbor:"13,keyasint,omitempty"`
	Partnership string `cbor:"14,keyasint,omitempty"`
}

// Kind returns KindWall.
func (*Wall) Kind() Kind { return KindWall }

// GID is unique over all kinds.
func (w *Wall) GID() string { return GID(KindWall, w.ID) }

// References lists partner, customer, competency and partnership.
func (w *Wall) References() []Reference {
	var refs references
	refs.add("partner_id", KindPartner, w.Partner)
	refs.add("customer_id", KindCustomer, w.Customer)
	refs.add("competency_id", KindCompetency, w.Competency)
	refs.add("partnership_id", KindPartnership, w.Partnership)
	return refs
}

// NaturalKey is what makes the id of a wall that states none.
func (w *Wall) NaturalKey() []string {
	return []string{w.Partner, w.Customer, w.Segment, w.Competency, w.Partnership}
}
