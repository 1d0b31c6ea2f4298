package world

import "time"

// askedOn is the day on which questions about the made worlds are asked; some of what happens in them lies after it.
var askedOn = date(2026, time.November, 22)

// alliance is one alliance of vendors: small enough to look through.
func alliance() spec {
	s := scaled(size{partners: 700, offices: 2_100, customers: 2_800, competencies: 200, referrals: 20_000, opportunities: 2_000, continents: 1, cities: 80})
	s.circle, s.campaigns, s.load, s.busiest = 20, 200, 1, 40
	s.numbered = false
	return s
}

// medium is a continent.
func medium() spec {
	return scaled(size{partners: 10_000, offices: 25_000, customers: 100_000, competencies: 1_000, referrals: 1_000_000, opportunities: 50_000,
		continents: 1, cities: 500})
}

// large is ten continents, each as dense as that of medium, with little trade between them.
func large() spec {
	return scaled(size{partners: 100_000, offices: 250_000, customers: 1_000_000, competencies: 5_000, referrals: 10_000_000, opportunities: 500_000,
		continents: 10, cities: 500})
}

// size is what tells one made world from another; cities are those of each continent.
type size struct {
	partners, offices, customers, competencies, referrals, opportunities, continents, cities int
}

// scaled is a made world of a size; all else is in proportion.
func scaled(n size) spec {
	taxonomy := makeTaxonomy(n.competencies)
	places, hubs := makeCities(n.continents, n.cities)
	return spec{
		partners: n.partners, offices: n.offices, customers: n.customers, partnerships: n.partners, walls: max(4, n.partners/100),
		solutions: n.partners / 20, referrals: n.referrals, opportunities: n.opportunities, freeSites: max(2, n.cities*n.continents/20),
		officeless: n.partners / 100, hidden: n.partners / 50, pending: max(1, n.partners/100), suspended: max(1, n.partners/100), left: max(1, n.partners/50),
		standingSkew: 0.85, sendingSkew: 0.5, hubSkew: 0.7, marketSkew: 0.9,
		places: places, hubs: hubs, hubShare: 100,
		taxonomy: competenciesOf(taxonomy), market: makeMarket(taxonomy), trades: makeTrades(),
		fewest: 3, most: 10,
		circle: 30, circleShare: 80, campaigns: n.partners / 5, chains: []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 5},
		acquaintances: 14, abroad: 10, load: 2, busiest: 400,
		from: askedOn - 4*365 - 1, until: askedOn + 21, arrivals: 1_100, lookback: 1_400, longest: 270, closed: 68, valid: 500,
		season:    []int{75, 85, 100, 90, 85, 80, 55, 40, 95, 100, 95, 60},
		certified: 25, customerContacts: 15, servicesMost: 2,
		numbered: true,
	}
}
