package world

import (
	"slices"
	"strings"
)

// region is a named set of countries; it lists those of the regions within it as well.
type region struct{ id, name, countries, parent string }

// regions come broad before narrow.
var regions = []region{
	{"europe", "Europe", "AT BE CH CZ DE DK EE ES FI FR GB GR HU IE IT LT LU LV NL NO PL PT RO SE", ""},
	{"west-europe", "West Europe", "AT BE CH DE FR GB IE LU NL", "europe"},
	{"dach", "DACH", "AT CH DE", "west-europe"},
	{"france-benelux", "France and Benelux", "BE FR LU NL", "west-europe"},
	{"britain-ireland", "Britain and Ireland", "GB IE", "west-europe"},
	{"south-europe", "South Europe", "ES GR IT PT", "europe"},
	{"iberia", "Iberia", "ES PT", "south-europe"},
	{"nordics-baltics", "Nordics and Baltics", "DK EE FI LT LV NO SE", "europe"},
	{"central-europe", "Central Europe", "CZ HU PL RO", "europe"},
	{"americas", "Americas", "BR CA CL CO MX US", ""},
	{"north-america", "North America", "CA US", "americas"},
	{"latin-america", "Latin America", "BR CL CO MX", "americas"},
	{"asia-pacific", "Asia and Pacific", "AU CN HK ID IN JP KR MY NZ SG TH TW", ""},
	{"middle-east-africa", "Middle East and Africa", "AE IL KE QA TR ZA", ""},
}

func regionRows(yield func([]string) bool) {
	for _, g := range regions {
		if !yield([]string{g.id, g.name, list(strings.Fields(g.countries)...), g.parent, synthetic}) {
			return
		}
	}
}

// regionsOf lists the regions that hold a country, broad before narrow.
func regionsOf(country string) []string {
	var ids []string
	for _, g := range regions {
		if slices.Contains(strings.Fields(g.countries), country) {
			ids = append(ids, g.id)
		}
	}
	return ids
}
