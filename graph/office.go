package graph

// OfficeRole is what an office is for.
type OfficeRole string

// OfficeRoles lists the roles of an office.
var OfficeRoles = []OfficeRole{"SALES", "DELIVERY", "SUPPORT", "MANAGEMENT", "TRAINING"}

// Office is a place from which a partner serves. A partner is near through its offices.
type Office struct {
	Meta
	Partner  string       `cbor:"10,keyasint"`
	Name     string       `cbor:"11,keyasint,omitempty"`
	Address  string       `cbor:"12,keyasint,omitempty"`
	City     string       `cbor:"13,keyasint,omitempty"`
	Country  string       `cbor:"14,keyasint,omitempty"` // ISO 3166-1 alpha-2
	Location Point        `cbor:"15,keyasint"`
	Roles    []OfficeRole `cbor:"16,keyasint,omitempty"`
	Tags     []string     `cbor:"17,keyasint,omitempty"`
}

// Kind returns KindOffice.
func (*Office) Kind() Kind { return KindOffice }

// GID is unique over all kinds.
func (o *Office) GID() string { return GID(KindOffice, o.ID) }

// References lists the partner.
func (o *Office) References() []Reference {
	return []Reference{{Field: "partner_id", Kind: KindPartner, ID: o.Partner}}
}

// NaturalKey is what makes the id of an office that states none.
func (o *Office) NaturalKey() []string { return []string{o.Partner, o.Name, o.City} }

// Label is the name by which a sentence calls the office.
func (o *Office) Label() string {
	switch {
	case o.Name != "":
		return o.Name
	case o.City != "":
		return o.City
	}
	return o.ID
}
