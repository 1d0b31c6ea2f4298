package graph

// ContactRole is what a contact answers for.
type ContactRole string

// SalesContact is the role of the contact that others may write to first.
const SalesContact ContactRole = "SALES"

// ContactRoles lists the roles of a contact.
var ContactRoles = []ContactRole{SalesContact, "TECHNICAL", "MANAGEMENT", "SUPPORT"}

// Contact is a person at a partner (optionally at one office) or at a customer.
type Contact struct {
	Meta
	Partner     string      `cbor:"10,keyasint,omitempty"`
	Customer    string      `cbor:"11,keyasint,omitempty"`
	Office      string      `cbor:"12,keyasint,omitempty"`
	Name        string      `cbor:"13,keyasint"`
	Email       string      `cbor:"14,keyasint,omitempty"`
	Phone       string      `cbor:"15,keyasint,omitempty"`
	Role        ContactRole `cbor:"16,keyasint,omitempty"`
	Territories []string    `cbor:"17,keyasint,omitempty"` // regions it answers for
}

// Kind returns KindContact.
func (*Contact) Kind() Kind { return KindContact }

// GID is unique over all kinds.
func (c *Contact) GID() string { return GID(KindContact, c.ID) }

// References lists partner, customer, office and territories.
func (c *Contact) References() []Reference {
	var refs references
	refs.add("partner_id", KindPartner, c.Partner)
	refs.add("customer_id", KindCustomer, c.Customer)
	refs.add("office_id", KindOffice, c.Office)
	refs.add("territories", KindRegion, c.Territories...)
	return refs
}

// NaturalKey is what makes the id of a contact that states none.
func (c *Contact) NaturalKey() []string {
	called := c.Email
	if called == "" {
		called = c.Name
	}
	return []string{c.Partner + c.Customer, called}
}
