package graph

import "testing"

func TestACountryIsTheTwoLettersOfOne(t *testing.T) {
	for code, want := range map[string]bool{"FR": true, "SS": true, "HK": true, "TW": true, "GB": true, "PR": true, "XK": true, "fr": false, "XX": false, "UK": false, "ZZ": false, "EU": false, "F": false, "FRA": false, "250": false, "": false, "Schweiz": false} {
		if IsCountry(code) != want {
			t.Errorf("IsCountry(%q) is %v", code, !want)
		}
	}
}
