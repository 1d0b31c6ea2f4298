package world

import (
	"math/rand/v2"
	"strconv"
)

// customer is made anew whenever a sheet needs it; nothing is kept per customer.
type customer struct {
	id, name, segment, industry string
	wants                       []string // roots of the competencies that it asks for
	consent                     bool
	sites                       []site
	homes                       []int     // of the cast: the places of its sites
	services                    []service // of the cast
}

// site is one of a customer's; its id is made of the customer's and the place's.
type site struct {
	id, name string
	place    int
	at       point
}

var segments = []string{"enterprise", "mid-market", "mid-market", "small business", "small business", "public sector"}

func (w *world) customer(i int) customer {
	r := w.stream("customers", i)
	var c customer
	if i < len(w.cast.customers) {
		c = w.cast.customers[i]
	} else {
		name, trade := w.customerName(i)
		c = customer{name: name, segment: one(r, segments), industry: trade.industry, wants: trade.wants, consent: chance(r, 60)}
	}
	if c.id == "" {
		c.id = w.organisationID("c", i, w.spec.customers, c.name)
	}
	for n := range w.siteCount(r, i, c) {
		c.sites = append(c.sites, w.newSite(r, c, i, n))
	}
	return c
}

// siteCount is 1 to 3, and 0 for the last customers.
func (w *world) siteCount(r *rand.Rand, i int, c customer) int {
	switch {
	case len(c.homes) > 0:
		return len(c.homes)
	case !w.hasSite(i):
		return 0
	}
	return one(r, []int{1, 1, 1, 2, 2, 3})
}

func (w *world) hasSite(i int) bool {
	return i < w.spec.customers-w.siteless
}

var siteNames = []string{"Head office", "Works", "Branch"}

// newSite draws a place where customer i is not yet, for its n-th site.
func (w *world) newSite(r *rand.Rand, c customer, i, n int) site {
	place := w.anyPlace(r, w.continentOf(i))
	for c.standsIn(place) {
		place = w.anyPlace(r, w.continentOf(i))
	}
	if n < len(c.homes) {
		place = c.homes[n]
	}
	at := w.places[place]
	return site{id: w.partID(c.id, at.id, "s", n), name: siteNames[n] + " " + at.name, place: place, at: at.near(r)}
}

func (c customer) standsIn(place int) bool {
	for _, s := range c.sites {
		if s.place == place {
			return true
		}
	}
	return false
}

// currencyFor is that of the customer's first site.
func (w *world) currencyFor(c customer) string {
	if len(c.sites) == 0 {
		return "EUR"
	}
	return currencyOf(w.places[c.sites[0].place].country)
}

func currencyOf(country string) string {
	switch country {
	case "CH":
		return "CHF"
	case "GB":
		return "GBP"
	case "US", "CA":
		return "USD"
	}
	return "EUR"
}

func (w *world) customerRows(yield func([]string) bool) {
	for i := range w.spec.customers {
		c := w.customer(i)
		if !yield([]string{c.id, c.name, c.segment, c.industry, strconv.FormatBool(c.consent), synthetic}) {
			return
		}
	}
}

func (w *world) siteRows(yield func([]string) bool) {
	for i := range w.spec.customers {
		c := w.customer(i)
		for _, s := range c.sites {
			at := w.places[s.place]
			if !yield([]string{s.id, c.id, s.name, at.name, at.country, degrees(s.at.lat), degrees(s.at.lng), synthetic}) {
				return
			}
		}
	}
	for i := range w.freeSites {
		at := w.places[w.spec.hubs[i%len(w.spec.hubs)][i/len(w.spec.hubs)]]
		if !yield([]string{at.id, "", at.name, at.name, at.country, degrees(at.at.lat), degrees(at.at.lng), synthetic}) {
			return
		}
	}
}
