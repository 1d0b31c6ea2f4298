// Package world makes partner worlds: whole networks of fictional organisations, written as the CSV sheets that
// `valueweb import` reads. It knows no file of the repository at run time and no other package of it.
//
// # Design
//
// A world is its spec (counts, skew, cities, taxonomy, cast) and a seed. What is small, the state per partner, is built
// once: who the partners are, their offices and holdings, the circles in which they trade, their partnerships and walls.
// The spec of the demo world is written by hand; scale.go derives those of the others from a size, with cities, a taxonomy and
// a market that are made (cities.go, fields.go) and do not depend on the seed.
// Everything else (contacts, certifications, customers, referrals, opportunities) is a pure function of the seed, the name of
// its sheet and its own number: a sheet that needs a fact of another one computes it again. So rows stream, memory does not
// grow with them, and each (sheet, number) draws from its own random stream: adding a sheet moves no other.
//
// Arithmetic that reaches a cell is done in integers (1/100,000 of a degree, cents, days, whole weights), so that the same
// seed gives the same bytes on every machine.
//
// Worlds are skewed as real networks are: partners are sent referrals by a power law over their standing, offices cluster in
// hubs, competencies follow Zipf's law, referrals stay mostly within a circle and come in campaigns.
//
// Organisations are on a continent, and trade there but for a few. A larger world has more continents, not denser ones: within
// a radius, within a circle and within a few ties there is as much in l as in m, and cost that grows is the product's own.
//
// Every node made here is synthetic, except the rows of the real taxonomy that are in use, which are repeated as they
// stand. No real organisation occurs. Names do not depend on the seed: another seed gives the same organisations other facts.
//
// # The showcase of the demo world
//
// Whatever the seed, the demo world answers this question of 2-questions.md well, at asOf 2026-11-22:
//
//	whoCanFill: need video-to-streaming at level 3, near customer theatre-belquorme (Lyon), radius 100 km,
//	            asked by ombrevane-systems
//
// Who is in the answer, who is not, and why:
//
//   - one tie from the asker: quillarde-works (referrals won), fenoquist-streaming (a partnership of level HIGH; its
//     certificate lapses on 2026-12-31); two: zolmarinde-video (holds the narrower video-to-adaptive-streaming),
//     tarvelune-studios; three: wexandrel-digital (neither level nor capacity stated); none: brivontelle-house.
//     More partners qualify, by seed.
//   - left out: morvaquin-post by its level, jostrevale-media by its status (SUSPENDED), ulverquant-studios by its
//     capacity (0), cindrelow-remote because it has no office (it qualifies with remote: true), narquelle-broadcast by
//     the radius (Paris). With place.opportunity opp-0001, of the same customer, ystrabelle-vision has declined.
//   - evarnolde-cast holds the need in Lyon and is walled off from this customer for video: it is neither in the answer
//     nor counted.
//
// A team question with an answer: opp-0002, video-to-streaming and card-payments near maison-orvelaine in Lyon.
package world
