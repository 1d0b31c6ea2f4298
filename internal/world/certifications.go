package world

import (
	"math/rand/v2"
	"strconv"
)

// certificate attests a competency; issued and expires may be absent.
type certificate struct {
	competency, scheme, level string
	office                    int // as in holding
	issued, expires           day
	holders                   int
	unverified                bool
}

// issuers of the invented schemes.
var issuers = map[string]string{
	"Lanternmark Delivery":  "Lanternmark Institute",
	"Quorumseal Practice":   "Quorumseal Board",
	"Tidestone Reliability": "Tidestone Assessors",
}

var (
	schemes           = []string{"Lanternmark Delivery", "Quorumseal Practice", "Tidestone Reliability"}
	certificateLevels = []string{"foundation", "practitioner", "expert"}
)

// newCertificates attests some of a partner's holdings: some certificates ran out, some will soon, some nobody has verified.
func (w *world) newCertificates(i int) []certificate {
	p, r := &w.partners[i], w.stream("certifications", i)
	var certificates []certificate
	for _, h := range p.holdings {
		if !chance(r, w.certified) {
			continue
		}
		c := certificate{competency: h.competency, scheme: one(r, schemes), level: one(r, certificateLevels),
			holders: between(r, 1, 12), unverified: chance(r, 8)}
		if chance(r, 50) {
			c.office = h.office
		}
		c.issued, c.expires = w.validity(r)
		certificates = append(certificates, c)
	}
	return certificates
}

// validity is three years, which for some are over; a few certificates never end.
func (w *world) validity(r *rand.Rand) (issued, expires day) {
	const term = 3 * 365
	switch kind := r.IntN(100); {
	case kind < 12: // never ends
		return w.until - day(between(r, 30, 2000)), 0
	case kind < 27: // expired
		expires = w.until - day(between(r, 5, 400))
	case kind < 40: // lapses within 90 days
		expires = w.until + day(between(r, 8, 85))
	default:
		expires = w.until + day(between(r, 100, w.valid))
	}
	return expires - term, expires
}

func (w *world) certificationRows(yield func([]string) bool) {
	n := 0
	for i := range w.partners {
		p := &w.partners[i]
		certificates := p.certificates
		if i >= len(w.cast.partners) {
			certificates = w.newCertificates(i)
		}
		for _, c := range certificates {
			n++
			row := []string{number("certificate", n, w.spec.partners*4), p.id, c.competency, p.officeID(c.office), c.scheme, c.level, issuers[c.scheme],
				c.issued.String(), c.expires.String(), stated(c.holders), strconv.FormatBool(!c.unverified), synthetic}
			if !yield(row) {
				return
			}
		}
	}
}
