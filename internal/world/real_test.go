package world

import (
	"slices"
	"strings"
	"testing"
)

func TestNoFictionalOrganisationHasTheNameOrIdOfARealOne(t *testing.T) {
	real := map[string]bool{}
	for _, r := range realRows(t, "partners.csv") {
		real[r["id"]] = true
		for _, name := range append(r.list("aliases"), r["name"]) {
			real[strings.ToLower(name)] = true
		}
	}
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for _, r := range slices.Concat(world["partners"], world["customers"]) {
			if real[r["id"]] || real[strings.ToLower(r["name"])] {
				t.Errorf("%s (%s) is a real organisation", r["id"], r["name"])
			}
		}
	})
}

func TestNoIdOfAFictionalNodeIsTakenByTheRealDataSet(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for _, sheet := range []string{"offices", "sites", "solutions"} {
			taken := values(realRows(t, sheet+".csv"), "id")
			for _, r := range world[sheet] {
				if taken[r["id"]] {
					t.Errorf("%s %s is real", sheet, r["id"])
				}
			}
		}
	})
}

func TestCompetenciesAreRealRowsAsTheyStandOrSyntheticOnes(t *testing.T) {
	real := realRows(t, "competencies.csv")
	taken := values(real, "id")
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for _, r := range world["competencies"] {
			if r["synthetic"] == "true" {
				if taken[r["id"]] {
					t.Errorf("%s is real, but marked synthetic", r["id"])
				}
				continue
			}
			if want := by(t, real, "id", r["id"]); want["name"] != r["name"] || want["parent_id"] != r["parent_id"] {
				t.Errorf("%s is not as in the real data set: %v", r["id"], r)
			}
		}
	})
}

func TestEveryNodeButTheRealTaxonomyIsSynthetic(t *testing.T) {
	forEveryWorld(t, func(t *testing.T, _ spec, world tables) {
		for sheet, rows := range world {
			for _, r := range rows {
				if r["synthetic"] != "true" && sheet != "competencies" {
					t.Errorf("%s: %v is not synthetic", sheet, r)
				}
			}
		}
	})
}

func TestPlacesAreThoseOfTheRealSites(t *testing.T) {
	real := realRows(t, "sites.csv")
	if len(real) != len(realPlaces) {
		t.Errorf("%d places for %d sites", len(realPlaces), len(real))
	}
	for _, p := range realPlaces {
		want := by(t, real, "id", p.id)
		if want["city"] != p.name || want["country"] != p.country || want["lat"] != degrees(p.at.lat) || want["lng"] != degrees(p.at.lng) {
			t.Errorf("%v is not as in the real data set: %v", p, want)
		}
	}
}

func TestEveryPlaceIsInARegion(t *testing.T) {
	for _, p := range realPlaces {
		if len(regionsOf(p.country)) == 0 {
			t.Errorf("no region holds %s", p.country)
		}
	}
}
