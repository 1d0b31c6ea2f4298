package world

import "time"

// demoPartners is the cast of the demo world. The first is the asker; those that stand apart have no ties but those of
// demo.go, so that the number of ties from the asker to each holds whatever the seed.
func demoPartners() []partner {
	const need, narrower = "video-to-streaming", "video-to-adaptive-streaming"
	d := date
	since := d(2022, time.April, 1)
	lyon, paris := at("lyon-fr"), at("paris-fr")
	return []partner{
		{name: "Ombrevane Systems", kind: "INTEGRATOR", status: active, tier: "GOLD", capacity: 12, joined: d(2019, 5, 2), apart: true,
			homes:    at("geneva-ch", "lyon-fr"),
			holdings: []holding{{competency: "integration", level: 5, since: since}, {competency: "data-migration", level: 4, since: since}}},
		{name: "Quillarde Works", kind: "AGENCY", status: active, tier: "PLATINUM", capacity: 24, joined: d(2018, 9, 10),
			homes: at("lyon-fr", "marseille-fr"),
			holdings: []holding{{competency: need, office: 1, level: 5, since: since, offer: "Archive to stream"}, {competency: "live-streaming", level: 4, since: since},
				{competency: "film-digitisation", office: 1, level: 5, since: since}},
			certificates: []certificate{{competency: need, scheme: "Lanternmark Delivery", level: "expert", office: 1, issued: d(2025, 2, 10), expires: d(2028, 2, 9), holders: 9}}},
		{name: "Fenoquist Streaming", kind: "SERVICE_PROVIDER", status: active, tier: "GOLD", capacity: 16, joined: d(2020, 1, 20),
			homes:        at("lyon-fr", "paris-fr"),
			holdings:     []holding{{competency: need, level: 4, since: since}, {competency: "content-delivery", level: 4, since: since}},
			certificates: []certificate{{competency: need, scheme: "Quorumseal Practice", level: "practitioner", issued: d(2024, 1, 1), expires: d(2026, 12, 31), holders: 4}}},
		{name: "Tarvelune Studios", kind: "AGENCY", status: active, tier: "SILVER", capacity: 9, joined: d(2021, 6, 1), homes: lyon,
			holdings:     []holding{{competency: need, level: 4, since: since, until: d(2027, 1, 31)}, {competency: "subtitling", level: 5, since: since, remote: true}},
			certificates: []certificate{{competency: need, scheme: "Tidestone Reliability", level: "foundation", issued: d(2021, 9, 1), expires: d(2024, 8, 31)}}},
		{name: "Zolmarinde Video", kind: "CONSULTANCY", status: active, tier: "GOLD", capacity: 14, joined: d(2021, 2, 15), homes: lyon,
			holdings:     []holding{{competency: narrower, level: 5, since: since}, {competency: "media-hosting", level: 3, since: since}},
			certificates: []certificate{{competency: narrower, scheme: "Lanternmark Delivery", level: "expert", issued: d(2026, 3, 2), holders: 3}}},
		{name: "Wexandrel Digital", kind: "ISV", status: active, capacity: unstated, joined: d(2023, 3, 6), apart: true, homes: lyon,
			holdings:     []holding{{competency: need, since: d(2023, 3, 6)}, {competency: "card-payments", level: 3, since: d(2024, 1, 8)}},
			certificates: []certificate{{competency: need, scheme: "Quorumseal Practice", level: "foundation", issued: d(2025, 5, 5), expires: d(2028, 5, 4), unverified: true}}},
		{name: "Brivontelle House", kind: "OTHER", status: active, tier: "REGISTERED", capacity: 3, joined: d(2026, 9, 14), apart: true, homes: lyon,
			holdings: []holding{{competency: need, office: 1, level: 3, since: d(2026, 9, 14)}}},
		{name: "Morvaquin Post", kind: "SERVICE_PROVIDER", status: active, tier: "SILVER", capacity: 8, joined: d(2022, 11, 7), homes: lyon,
			holdings: []holding{{competency: need, level: 2, since: d(2023, 1, 1)}, {competency: "video-conversion", level: 4, since: d(2023, 1, 1)}}},
		{name: "Jostrevale Media", kind: "AGENCY", status: suspended, tier: "SILVER", capacity: 10, joined: d(2020, 8, 3), gone: d(2026, 8, 31), homes: lyon,
			holdings: []holding{{competency: need, level: 4, since: since}}},
		{name: "Ulverquant Studios", kind: "AGENCY", status: active, tier: "GOLD", capacity: 0, joined: d(2021, 10, 11), apart: true, homes: lyon,
			holdings: []holding{{competency: need, level: 5, since: since}}},
		{name: "Cindrelow Remote", kind: "CONSULTANCY", status: active, tier: "SILVER", capacity: 6, joined: d(2022, 2, 2),
			holdings: []holding{{competency: need, level: 4, since: since, remote: true}, {competency: "subtitling", level: 4, since: since, remote: true}}},
		{name: "Narquelle Broadcast", kind: "SERVICE_PROVIDER", status: active, tier: "PLATINUM", capacity: 30, joined: d(2017, 4, 18), homes: paris,
			holdings: []holding{{competency: need, level: 5, since: since}, {competency: "live-streaming", level: 5, since: since}}},
		{name: "Ystrabelle Vision", kind: "RESELLER", status: active, tier: "REGISTERED", capacity: 5, joined: d(2022, 5, 30), homes: lyon,
			holdings: []holding{{competency: need, level: 3, since: d(2022, 7, 1)}, {competency: "subtitling", level: 3, since: d(2022, 7, 1)}}},
		{name: "Evarnolde Cast", kind: "INTEGRATOR", status: active, tier: "GOLD", capacity: 11, joined: d(2019, 11, 25), homes: at("lyon-fr", "geneva-ch"),
			holdings: []holding{{competency: need, level: 5, since: since}, {competency: "card-payments", level: 4, since: since}}},
		{name: "Halquorin Group", kind: "DISTRIBUTOR", status: active, tier: "PLATINUM", capacity: 40, joined: d(2016, 3, 1),
			homes:    at("paris-fr", "lyon-fr", "brussels-be", "frankfurt-de"),
			holdings: []holding{{competency: "integration", level: 4, since: since}, {competency: "order-management", level: 4, since: since}}},
		{name: "Pelcastrine Data", kind: "CONSULTANCY", status: active, tier: "SILVER", capacity: 9, joined: d(2020, 10, 5), homes: at("geneva-ch", "lausanne-ch"),
			holdings: []holding{{competency: "data-analytics", level: 5, since: since}, {competency: "data-migration", level: 4, since: since}}},
	}
}
