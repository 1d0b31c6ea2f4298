package world

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// continents are the centres of the discs in which made cities lie. Each disc has the same number of cities, whose sizes follow
// the same power law, and no two discs meet: a world of ten continents has ten times the cities of a world of one, and
// around each of them is as much within any radius.
var continents = []point{
	{4900000, 1000000}, {3800000, -8200000}, {3300000, 11500000}, {-1800000, -5000000}, {2000000, 7700000},
	{4300000, -12200000}, {-3000000, 14500000}, {-2700000, 2600000}, {2400000, 4600000}, {-300000, 11000000},
}

// discRadius is that of a continent, in 1/100,000 of a degree of latitude: some 1,330 km.
const discRadius = 1_200_000

// makeCities gives so many continents so many cities each, and ranks those of each continent, the largest first. A city does
// not depend on the seed, nor on the number of continents.
func makeCities(count, each int) (cities []place, hubs [][]int) {
	for c := range count {
		r := stream(0, "cities", c)
		points := settle(r, continents[c], each)
		hubs = append(hubs, make([]int, each))
		for i, rank := range r.Perm(each) {
			n := len(cities)
			name, country := townName(n), nearestCountry(points[i])
			cities = append(cities, place{slug(name) + "-" + strings.ToLower(country), name, country, points[i], spreadOf(rank)})
			hubs[c][rank] = n
		}
	}
	return cities, hubs
}

// settle puts cities on a disc: two in five anywhere, the others around a conurbation of some ten. They come from south to
// north by bands, so that neighbouring numbers are near.
func settle(r *rand.Rand, centre point, cities int) []point {
	var conurbations, points []point
	for range 1 + cities/16 {
		conurbations = append(conurbations, anywhere(r, centre))
	}
	for range cities {
		at := anywhere(r, centre)
		if chance(r, 60) {
			at = scattered(r, one(r, conurbations), 40_000)
		}
		points = append(points, at)
	}
	const band = 150_000
	slices.SortFunc(points, func(a, b point) int {
		return cmp.Or(cmp.Compare((a.lat+9_000_000)/band, (b.lat+9_000_000)/band), cmp.Compare(a.lng, b.lng), cmp.Compare(a.lat, b.lat))
	})
	return points
}

// anywhere is uniform over the disc around a centre.
func anywhere(r *rand.Rand, centre point) point {
	for {
		north, east := between(r, -discRadius, discRadius), between(r, -discRadius, discRadius)
		if north*north+east*east <= discRadius*discRadius {
			return moved(centre, north, east)
		}
	}
}

// scattered is near a centre rather than far, and at most twice the spread away in each direction.
func scattered(r *rand.Rand, centre point, spread int) point {
	return moved(centre, between(r, -spread, spread)+between(r, -spread, spread), between(r, -spread, spread)+between(r, -spread, spread))
}

// moved is a point so far north and east of another, both in 1/100,000 of a degree of latitude.
func moved(from point, north, east int) point {
	lat := from.lat + north
	return point{lat, from.lng + east*1000/cosine(lat)}
}

// spreadOf is how far the offices of a city lie apart: 3 km, and up to 20 km in the largest.
func spreadOf(rank int) int {
	return 2_700 + 15_000/(1+rank/8)
}

// nearestCountry is that of the nearest of the real places.
func nearestCountry(at point) string {
	nearest := slices.MinFunc(realPlaces, func(p, q place) int { return cmp.Compare(apart(at, p.at), apart(at, q.at)) })
	return nearest.country
}

// apart is the square of a rough distance.
func apart(a, b point) int {
	north, east := a.lat-b.lat, (a.lng-b.lng)*cosine((a.lat+b.lat)/2)/1000
	return north*north + east*east
}

// cosine of a latitude, in thousandths.
func cosine(lat int) int {
	return cosines[max(lat, -lat)/100_000]
}

// cosines by whole degrees.
var cosines = func() (thousandths [91]int) {
	for degree := range thousandths {
		thousandths[degree] = int(math.Round(1000 * math.Cos(float64(degree)*math.Pi/180)))
	}
	return thousandths
}()
