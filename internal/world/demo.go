package world

import (
	"strings"
	"time"
)

// demo is the world of 7-api.md: some eighty partners in the cities of the real data set, and two years of referrals.
func demo() spec {
	return spec{
		partners: 80, offices: 196, customers: 40, partnerships: 44, walls: 8, solutions: 14, referrals: 620, opportunities: 60,
		officeless: 2, hidden: 1, pending: 2, suspended: 1, left: 2, siteless: 1,
		standingSkew: 1.2, sendingSkew: 0.4, hubSkew: 0.9, marketSkew: 0.7,
		places: realPlaces,
		hubs: [][]int{at(strings.Fields("paris-fr lyon-fr frankfurt-de london-gb zurich-ch amsterdam-nl munich-de milan-it geneva-ch brussels-be madrid-es " +
			"vienna-at marseille-fr berlin-de barcelona-es stockholm-se copenhagen-dk dublin-ie warsaw-pl lisbon-pt hamburg-de lausanne-ch new-york-us")...)},
		hubShare: 88,
		market: strings.Fields("web-hosting video-streaming managed-security card-payments data-analytics kubernetes-consulting video-to-streaming " +
			"online-shops cloud-network-transformation video-conversion data-migration integration media-hosting live-streaming recurring-payments " +
			"managed-databases connectivity order-management kubernetes-training content-delivery card-terminals subtitling colocation sensor-data " +
			"film-digitisation kubernetes-platform video-to-adaptive-streaming"),
		taxonomy: demoTaxonomy,
		trades:   demoTrades,
		circle:   10, circleShare: 70, campaigns: 14, chains: []int{1, 1, 1, 1, 1, 1, 1, 2, 2, 3},
		from: date(2024, time.November, 21), until: date(2026, time.November, 20), arrivals: 300, lookback: 700, longest: 210, load: 1, closed: 32, valid: 1_065,
		certified: 50, customerContacts: 100, servicesMost: 4,
		cast: demoCast(),
	}
}

// The partners of the demo cast, by number; doc.go says what each is there to show.
const (
	ombrevane = iota
	quillarde
	fenoquist
	tarvelune
	zolmarinde
	wexandrel
	brivontelle
	morvaquin
	jostrevale
	ulverquant
	cindrelow
	narquelle
	ystrabelle
	evarnolde
	halquorin
	pelcastrine
)

// The customers of the demo cast, by number.
const (
	belquorme = iota
	orvelaine
	rhodaquist
)

func demoCast() cast {
	return cast{
		partners:      demoPartners(),
		customers:     demoCustomers(),
		partnerships:  demoPartnerships(),
		walls:         []wall{{partner: evarnolde, customer: belquorme, competency: "video"}},
		referrals:     demoReferrals(),
		opportunities: demoOpportunities(),
	}
}

// at lists places of the demo world by id.
func at(ids ...string) []int {
	return numbersOf(realPlaces, ids)
}

func demoCustomers() []customer {
	since := date(2023, time.May, 2)
	return []customer{
		{name: "Théâtre Belquorme", segment: "mid-market", industry: "culture", wants: []string{"video", "payments"}, consent: true, homes: at("lyon-fr"),
			services: []service{{partner: ombrevane, role: "OWNER", since: since}, {partner: quillarde, role: "IMPLEMENTS", since: since}}},
		{name: "Maison Orvelaine", segment: "enterprise", industry: "retail", wants: []string{"commerce", "payments", "video"}, consent: true,
			homes:    at("lyon-fr", "milan-it"),
			services: []service{{partner: fenoquist, role: "OWNER", since: since}, {partner: ombrevane, role: "IMPLEMENTS", since: since}}},
		{name: "Rhodaquist Pharma", segment: "enterprise", industry: "life sciences", wants: []string{"data", "managed-services"},
			homes:    at("lyon-fr", "basel-ch", "geneva-ch"),
			services: []service{{partner: halquorin, role: "OWNER", since: since}, {partner: ombrevane, role: "CO_OWNER", since: since}}},
	}
}

func demoPartnerships() []partnership {
	return []partnership{
		{parties: []int{ombrevane, fenoquist}, kind: "alliance", collaboration: "HIGH", starts: date(2025, time.March, 1)},
		{parties: []int{quillarde, zolmarinde}, kind: "delivery", collaboration: "MEDIUM", starts: date(2024, time.September, 15), ends: date(2027, time.September, 14)},
		{parties: []int{halquorin, pelcastrine, narquelle}, kind: "joint venture", collaboration: "MEDIUM", starts: date(2025, time.June, 1)},
		{parties: []int{tarvelune, halquorin}, kind: "channel", collaboration: "LOW", starts: date(2023, time.January, 1), ends: date(2025, time.December, 31)},
	}
}

// demoReferrals hold chains of two (1, 2), (4, 5) and three (6, 7, 8), a refusal, a loss and one not yet answered.
func demoReferrals() []referral {
	const need = "video-to-streaming"
	eur := func(cents int64) money { return money{cents, "EUR"} }
	d := date
	return []referral{
		{ombrevane, quillarde, belquorme, need, "WON", eur(4_812_000), d(2026, 2, 3), d(2026, 2, 6), d(2026, 6, 18), 0},
		{quillarde, zolmarinde, belquorme, need, "WON", eur(4_812_000), d(2026, 2, 9), d(2026, 2, 13), d(2026, 6, 18), 1},
		{ombrevane, quillarde, orvelaine, "live-streaming", "WON", eur(1_950_050), d(2025, 9, 15), d(2025, 9, 18), d(2025, 12, 1), 0},
		{ombrevane, halquorin, orvelaine, need, "WON", eur(3_325_020), d(2026, 3, 2), d(2026, 3, 5), d(2026, 8, 27), 0},
		{halquorin, tarvelune, orvelaine, need, "WON", eur(3_325_020), d(2026, 3, 10), d(2026, 3, 16), d(2026, 8, 27), 4},
		{ombrevane, halquorin, rhodaquist, need, "FORWARDED", eur(2_700_000), d(2026, 9, 7), d(2026, 9, 9), 0, 0},
		{halquorin, pelcastrine, rhodaquist, need, "FORWARDED", eur(2_700_000), d(2026, 9, 14), d(2026, 9, 17), 0, 6},
		{pelcastrine, wexandrel, rhodaquist, need, "ACTIVE", eur(2_700_000), d(2026, 9, 21), d(2026, 9, 25), 0, 7},
		{pelcastrine, wexandrel, nobody, need, "WON", eur(880_000), d(2025, 11, 4), d(2025, 11, 10), d(2026, 1, 20), 0},
		{quillarde, ombrevane, orvelaine, "integration", "WON", eur(6_140_099), d(2026, 4, 13), d(2026, 4, 15), d(2026, 7, 31), 0},
		{ombrevane, morvaquin, belquorme, need, "DECLINED", money{}, d(2026, 1, 12), d(2026, 1, 15), d(2026, 1, 15), 0},
		{ombrevane, ystrabelle, orvelaine, "subtitling", "LOST", money{}, d(2025, 10, 6), d(2025, 10, 9), d(2025, 11, 28), 0},
		{fenoquist, quillarde, belquorme, "film-digitisation", "WON", eur(1_210_000), d(2026, 5, 4), d(2026, 5, 8), d(2026, 9, 30), 0},
		{tarvelune, quillarde, belquorme, "live-streaming", "NEW", money{}, d(2026, 11, 18), 0, 0, 0},
	}
}

func demoOpportunities() []opportunity {
	return []opportunity{
		{title: "The archive of Théâtre Belquorme as streams", customer: belquorme, needs: []need{{"video-to-streaming", 3}}, owner: ombrevane, lead: nobody,
			stage: "PROSPECT", value: money{7_500_000, "EUR"}, posted: date(2026, time.November, 9), audience: audience{kind: "ALL"},
			invitations: []invitation{
				{ystrabelle, "DECLINED", date(2026, time.November, 10), date(2026, time.November, 13), "CAPACITY"},
				{tarvelune, "PENDING", date(2026, time.November, 17), 0, ""},
			}},
		{title: "Films and tickets on line for Maison Orvelaine", customer: orvelaine, site: "maison-orvelaine--lyon-fr",
			needs: []need{{"video-to-streaming", 3}, {"card-payments", 0}}, owner: fenoquist, lead: nobody,
			stage: "QUALIFIED", posted: date(2026, time.October, 19), audience: audience{kind: "FILTER", region: "france-benelux"}},
	}
}
