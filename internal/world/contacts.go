package world

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// contact is an invented person; mail goes nowhere (example.com, example.org), and telephone numbers are among those that
// the regulators of France, Britain and North America set apart for fiction.
type contact struct {
	id, name, email, phone, office, role, territories string
}

var contactRoles = []string{"SALES", "MANAGEMENT", "TECHNICAL", "SUPPORT"}

// contacts of partner i: a SALES contact first, unless it is new or small; the second one is the MANAGEMENT.
func (w *world) contacts(i int) []contact {
	p, r := &w.partners[i], w.stream("contacts", i)
	var contacts []contact
	first := r.IntN(10_000)
	for n := range between(r, 1, 2) + len(p.offices)/3 {
		c := newContact(p.id, "example.com", first+n)
		c.id = w.partID(p.id, slug(c.name), "c", n)
		c.role = contactRoles[min(n, 1)]
		if n > 1 {
			c.role = one(r, contactRoles)
		}
		country := "FR"
		if len(p.offices) > 0 {
			o := p.offices[n%len(p.offices)]
			c.office, country = o.id, w.places[o.place].country
		}
		c.phone = fictionalPhone(r, country)
		if c.role == "SALES" {
			c.territories = territories(r, country)
		}
		contacts = append(contacts, c)
	}
	return contacts
}

// newContact names the n-th person and makes the address of the name.
func newContact(organisation, domain string, n int) contact {
	name := personName(n)
	handle := slug(name)
	first, rest, _ := strings.Cut(handle, "-")
	return contact{name: name, email: first + "." + rest + "@" + organisation + "." + domain}
}

// territories hold the country of the contact's office, and now and then another region.
func territories(r *rand.Rand, country string) string {
	own := one(r, regionsOf(country))
	if other := one(r, regions).id; other != own && chance(r, 30) {
		return list(own, other)
	}
	return own
}

func fictionalPhone(r *rand.Rand, country string) string {
	switch country {
	case "FR":
		return fmt.Sprintf("+33 1 99 00 %02d %02d", r.IntN(100), r.IntN(100))
	case "GB":
		return fmt.Sprintf("+44 1632 960%03d", r.IntN(1000))
	case "US", "CA":
		return fmt.Sprintf("+1 202-555-01%02d", r.IntN(100))
	}
	return ""
}

func (w *world) contactRows(yield func([]string) bool) {
	for i := range w.partners {
		for _, c := range w.contacts(i) {
			if !yield([]string{c.id, w.partners[i].id, "", c.office, c.name, c.email, c.phone, c.role, c.territories, synthetic}) {
				return
			}
		}
	}
	for i := range w.spec.customers {
		r := w.stream("customer contacts", i)
		customer := w.customerID(i)
		c := newContact(customer, "example.org", r.IntN(10_000))
		if !chance(r, w.customerContacts) {
			continue
		}
		if !yield([]string{w.partID(customer, slug(c.name), "c", 0), "", customer, "", c.name, c.email, "", "MANAGEMENT", "", synthetic}) {
			return
		}
	}
}
