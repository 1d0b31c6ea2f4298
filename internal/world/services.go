package world

import (
	"math/rand/v2"
	"slices"
)

// service is what joins a partner to a customer: SERVES, in some role.
type service struct {
	partner      int
	role         string
	since, until day
}

var serviceRoles = []string{"IMPLEMENTS", "SUPPORTS", "IDENTIFIES", "CO_OWNER", "SUPPORTS"}

// services gives customer i one owner, first, and some others, all ACTIVE and not walled off, preferably near it.
func (w *world) services(i int, c customer) []service {
	if len(c.services) > 0 {
		return c.services
	}
	r := w.stream("services", i)
	var services []service
	for n := range 1 + r.IntN(w.servicesMost) {
		p := w.neighbour(r, i, c, func(p int) bool {
			return w.partners[p].status == active && !w.keptOut(p, i, c) &&
				!slices.ContainsFunc(services, func(s service) bool { return s.partner == p })
		})
		if p < 0 {
			continue
		}
		s := service{partner: p, role: "OWNER", since: w.partners[p].joined + day(r.IntN(60))}
		if n > 0 {
			s.role = one(r, serviceRoles)
			if chance(r, 20) {
				s.until = max(s.since, w.until-day(between(r, 10, 400)))
			}
		}
		services = append(services, s)
	}
	return services
}

// neighbour is a suitable partner, from a city of customer i if possible; -1 if none was found.
func (w *world) neighbour(r *rand.Rand, i int, c customer, suitable func(int) bool) int {
	if len(c.sites) > 0 {
		here := w.local[one(r, c.sites).place]
		for n := 0; n < 8 && len(here) > 0; n++ {
			if p := one(r, here); suitable(p) {
				return p
			}
		}
	}
	return pick(r, w.continents[w.continentOf(i)].peers.draw, suitable)
}

func (w *world) serviceRows(yield func([]string) bool) {
	for i := range w.spec.customers {
		c := w.customer(i)
		for _, s := range w.services(i, c) {
			if !yield([]string{c.id, w.partners[s.partner].id, s.role, s.since.String(), s.until.String(), synthetic}) {
				return
			}
		}
	}
}
