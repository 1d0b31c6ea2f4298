package graph

// Customer is an organisation that buys; it stands at its sites.
type Customer struct {
	Meta
	Name     string `cbor:"10,keyasint"`
	Segment  string `cbor:"11,keyasint,omitempty"`
	Industry string `cbor:"12,keyasint,omitempty"`
	Consent  bool   `cbor:"13,keyasint,omitempty"` // its fields travel with a referral
}

// Kind returns KindCustomer.
func (*Customer) Kind() Kind { return KindCustomer }

// GID is unique over all kinds.
func (c *Customer) GID() string { return GID(KindCustomer, c.ID) }

// References is empty: a customer names nothing.
func (c *Customer) References() []Reference { return nil }

// Site is a named point: a customer's, or a free place that anyone may name.
type Site struct {
	Meta
	Customer string `cbor:"10,keyasint,omitempty"` // empty: a free site
	Name     string `cbor:"11,keyasint,omitempty"`
	City     string `cbor:"12,keyasint,omitempty"`
	Country  string `cbor:"13,keyasint,omitempty"` // ISO 3166-1 alpha-2
	Location Point  `cbor:"14,keyasint"`
}

// Kind returns KindSite.
func (*Site) Kind() Kind { return KindSite }

// GID is unique over all kinds.
func (s *Site) GID() string { return GID(KindSite, s.ID) }

// References lists the customer.
func (s *Site) References() []Reference {
	var refs references
	refs.add("customer_id", KindCustomer, s.Customer)
	return refs
}

// CustomerRole is what a partner is to a customer.
type CustomerRole string

// The roles of those who own the relation to a customer.
const (
	CustomerOwner   CustomerRole = "OWNER"
	CustomerCoOwner CustomerRole = "CO_OWNER"
)

// CustomerRoles lists what a partner can be to a customer.
var CustomerRoles = []CustomerRole{CustomerOwner, CustomerCoOwner, "IDENTIFIES", "IMPLEMENTS", "SUPPORTS"}

// CustomerPartner says that a partner serves a customer in a role over a period.
type CustomerPartner struct {
	Meta
	Customer string       `cbor:"10,keyasint"`
	Partner  string       `cbor:"11,keyasint"`
	Role     CustomerRole `cbor:"12,keyasint"`
	Since    Date         `cbor:"13,keyasint,omitempty"`
	Until    Date         `cbor:"14,keyasint,omitempty"`
}

// Kind returns KindCustomerPartner.
func (*CustomerPartner) Kind() Kind { return KindCustomerPartner }

// GID is unique over all kinds.
func (c *CustomerPartner) GID() string { return GID(KindCustomerPartner, c.ID) }

// References lists customer and partner.
func (c *CustomerPartner) References() []Reference {
	var refs references
	refs.add("customer_id", KindCustomer, c.Customer)
	refs.add("partner_id", KindPartner, c.Partner)
	return refs
}

// NaturalKey is what makes the id of a customer's partner that states none.
func (c *CustomerPartner) NaturalKey() []string {
	return []string{c.Customer, c.Partner, string(c.Role), c.Since.String()}
}

// CurrentAt reports whether the partner has its role on a day.
func (c *CustomerPartner) CurrentAt(asOf Date) bool {
	return c.LiveAt(asOf) && asOf.within(c.Since, c.Until)
}

// Owns reports whether the role is that of an owner.
func (c *CustomerPartner) Owns() bool { return c.Role == CustomerOwner || c.Role == CustomerCoOwner }
