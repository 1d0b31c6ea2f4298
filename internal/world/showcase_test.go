package world

import (
	"math"
	"slices"
	"strconv"
	"testing"
)

const asOf = "2026-11-22"

// The showcase of doc.go.
const (
	showcaseNeed     = "video-to-streaming"
	showcaseLevel    = 3
	showcaseCustomer = "theatre-belquorme"
	showcaseAsker    = "ombrevane-systems"
)

func TestLyonIsWellServed(t *testing.T) {
	lyon := place{at: point{4574846, 484671}}
	forEverySeed(t, func(t *testing.T, world tables) {
		partners, customers := map[string]bool{}, map[string]bool{}
		for _, o := range world["offices"] {
			if km(o, degrees(lyon.at.lat), degrees(lyon.at.lng)) <= 25 {
				partners[o["partner_id"]] = true
			}
		}
		for _, s := range world["sites"] {
			if km(s, degrees(lyon.at.lat), degrees(lyon.at.lng)) <= 25 {
				customers[s["customer_id"]] = true
			}
		}
		if len(partners) < 8 || len(customers) < 3 {
			t.Errorf("%d partners and %d customers are in Lyon", len(partners), len(customers))
		}
	})
}

func TestTheShowcaseQuestionHasAGoodAnswer(t *testing.T) {
	forEverySeed(t, func(t *testing.T, world tables) {
		verdicts := judge(t, world)
		hops := distances(t, world, showcaseAsker)
		answered := map[int]int{}
		for partner, verdict := range verdicts {
			if verdict == "" {
				answered[hops[partner]]++
			}
		}
		if qualified := answered[0] + answered[1] + answered[2] + answered[3]; qualified < 6 || answered[1] < 2 || answered[2] < 2 || answered[3] < 1 {
			t.Errorf("qualifying partners by ties from the asker: %v", answered)
		}
		for partner, want := range map[string]string{
			"quillarde-works": "", "fenoquist-streaming": "", "tarvelune-studios": "", "zolmarinde-video": "", "wexandrel-digital": "", "brivontelle-house": "",
			"ystrabelle-vision": "", "morvaquin-post": "level", "jostrevale-media": "status", "ulverquant-studios": "capacity", "cindrelow-remote": "noOffice",
			"narquelle-broadcast": "radius", "evarnolde-cast": "wall",
		} {
			if got, held := verdicts[partner]; !held || got != want {
				t.Errorf("%s is left out by %q, want %q", partner, got, want)
			}
		}
		for partner, want := range map[string]int{"quillarde-works": 1, "fenoquist-streaming": 1, "tarvelune-studios": 2, "zolmarinde-video": 2, "wexandrel-digital": 3,
			"brivontelle-house": 0} {
			if hops[partner] != want {
				t.Errorf("%s is %d ties away, want %d", partner, hops[partner], want)
			}
		}
	})
}

func TestACertificateOfTheShowcaseLapsesSoonAndOnePartnerDeclined(t *testing.T) {
	forEverySeed(t, func(t *testing.T, world tables) {
		lapsing := slices.ContainsFunc(world["certifications"], func(c record) bool {
			return c["partner_id"] == "fenoquist-streaming" && c["competency_id"] == showcaseNeed && c["verified"] == "true" && c["expires_on"] == "2026-12-31"
		})
		o := by(t, world["opportunities"], "id", "opp-0001")
		if !lapsing || o["customer_id"] != showcaseCustomer || !slices.Contains(o.list("declined_partner_ids"), "ystrabelle-vision") {
			t.Errorf("lapsing: %v, opportunity: %v", lapsing, o)
		}
	})
}

// judge tells for every partner that holds the need, the asker apart, which test of 2-questions.md leaves it out of the
// showcase; "" for none.
func judge(t *testing.T, world tables) map[string]string {
	t.Helper()
	site := by(t, world["sites"], "customer_id", showcaseCustomer)
	narrower := []string{showcaseNeed, "video-to-adaptive-streaming"}
	verdicts := map[string]string{}
	for _, p := range world["partners"] {
		var held []record
		for _, h := range world["partner_competencies"] {
			if h["partner_id"] == p["id"] && slices.Contains(narrower, h["competency_id"]) && h["since"] <= asOf && (h["until"] == "" || h["until"] >= asOf) {
				held = append(held, h)
			}
		}
		if len(held) > 0 && p["id"] != showcaseAsker {
			verdicts[p["id"]] = verdict(world, p, held, site)
		}
	}
	return verdicts
}

func verdict(world tables, p record, held []record, site record) string {
	for _, wall := range world["walls"] {
		if wall["partner_id"] == p["id"] && wall["customer_id"] == showcaseCustomer {
			return "wall"
		}
	}
	held = slices.DeleteFunc(held, func(h record) bool { return h["level"] != "" && h["level"] < strconv.Itoa(showcaseLevel) })
	nearest, offices := math.Inf(1), 0
	for _, o := range world["offices"] {
		if o["partner_id"] != p["id"] {
			continue
		}
		offices++
		if slices.ContainsFunc(held, func(h record) bool { return h["office_id"] == "" || h["office_id"] == o["id"] }) {
			nearest = min(nearest, km(o, site["lat"], site["lng"]))
		}
	}
	switch {
	case p["status"] != active:
		return "status"
	case len(held) == 0:
		return "level"
	case p["capacity"] == "0":
		return "capacity"
	case offices == 0:
		return "noOffice"
	case nearest > 100:
		return "radius"
	}
	return ""
}

// distances counts the ties from one ACTIVE partner to the others; who cannot be reached is absent.
func distances(t *testing.T, world tables, from string) map[string]int {
	t.Helper()
	ties := map[string][]string{}
	tie := func(a, b string) {
		if by(t, world["partners"], "id", a)["status"] == active && by(t, world["partners"], "id", b)["status"] == active {
			ties[a], ties[b] = append(ties[a], b), append(ties[b], a)
		}
	}
	for _, r := range world["referrals"] {
		if !slices.Contains([]string{"DECLINED", "LOST", "EXPIRED"}, r["state"]) {
			tie(r["from_partner_id"], r["to_partner_id"])
		}
	}
	for _, s := range world["partnerships"] {
		if s["starts_on"] <= asOf && (s["ends_on"] == "" || s["ends_on"] >= asOf) {
			parties := s.list("partners")
			for i, a := range parties {
				for _, b := range parties[i+1:] {
					tie(a, b)
				}
			}
		}
	}
	hops, reached := map[string]int{from: 0}, []string{from}
	for len(reached) > 0 {
		a := reached[0]
		reached = reached[1:]
		for _, b := range ties[a] {
			if _, known := hops[b]; !known {
				hops[b] = hops[a] + 1
				reached = append(reached, b)
			}
		}
	}
	return hops
}

// km is the distance of a row with a point from another point, on the sphere of 1-graph.md.
func km(r record, lat, lng string) float64 {
	radians := func(cell string) float64 {
		v, _ := strconv.ParseFloat(cell, 64)
		return v * math.Pi / 180
	}
	a, b := radians(r["lat"]), radians(lat)
	h := hav(b-a) + math.Cos(a)*math.Cos(b)*hav(radians(lng)-radians(r["lng"]))
	return 2 * 6371.0088 * math.Asin(math.Sqrt(h))
}

func hav(angle float64) float64 {
	return math.Pow(math.Sin(angle/2), 2)
}
