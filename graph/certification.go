package graph

// Certification attests one competency for one partner, optionally at one office.
type Certification struct {
	Meta
	Partner    string `cbor:"10,keyasint"`
	Competency string `cbor:"11,keyasint"`
	Office     string `cbor:"12,keyasint,omitempty"`
	Scheme     string `cbor:"13,keyasint,omitempty"`
	Level      string `cbor:"14,keyasint,omitempty"`
	Issuer     string `cbor:"15,keyasint,omitempty"`
	IssuedOn   Date   `cbor:"16,keyasint,omitempty"`
	ExpiresOn  Date   `cbor:"17,keyasint,omitempty"`
	Holders    *int   `cbor:"18,keyasint,omitempty"` // people who hold it
	Verified   bool   `cbor:"19,keyasint,omitempty"`
}

// Kind returns KindCertification.
func (*Certification) Kind() Kind { return KindCertification }

// GID is unique over all kinds.
func (c *Certification) GID() string { return GID(KindCertification, c.ID) }

// References lists partner, competency and office.
func (c *Certification) References() []Reference {
	var refs references
	refs.add("partner_id", KindPartner, c.Partner)
	refs.add("competency_id", KindCompetency, c.Competency)
	refs.add("office_id", KindOffice, c.Office)
	return refs
}

// NaturalKey is what makes the id of a certification that states none.
func (c *Certification) NaturalKey() []string {
	return []string{c.Partner, c.Competency, c.Office, c.Scheme, c.Level, c.IssuedOn.String()}
}

// ValidAt reports whether the certification counts on a date: verified, issued and not expired.
func (c *Certification) ValidAt(asOf Date) bool {
	return c.Verified && c.LiveAt(asOf) && asOf.within(c.IssuedOn, c.ExpiresOn)
}

// CoversOffice reports whether the certification attests a holding at an office: one that is tied to an
// office attests only holdings there or partner-wide ones.
func (c *Certification) CoversOffice(holdingOffice string) bool {
	return c.Office == "" || holdingOffice == "" || c.Office == holdingOffice
}

// Better orders the certifications that attest one holding: the one that lasts longest, then the
// smaller id.
func (c *Certification) Better(other *Certification) bool {
	if c.ExpiresOn != other.ExpiresOn {
		return !other.ExpiresOn.IsZero() && (c.ExpiresOn.IsZero() || c.ExpiresOn > other.ExpiresOn)
	}
	return c.ID < other.ID
}
