package graph

import (
	"math"

	"golang.org/x/text/language"
)

// EarthRadiusKm is the radius of the sphere on which all distances are measured.
const EarthRadiusKm = 6371.0088

// Point is a place on the WGS-84 globe in decimal degrees.
type Point struct {
	Lat float64 `cbor:"1,keyasint"`
	Lng float64 `cbor:"2,keyasint"`
}

// Valid reports whether the point lies on the globe: latitude -90..90, longitude -180..180.
func (p Point) Valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180
}

// Kilometres is the great-circle distance of two points by the haversine formula. Every store measures
// with it, so that answers agree to the last bit.
func Kilometres(a, b Point) float64 {
	const radian = math.Pi / 180
	lat := math.Sin((b.Lat - a.Lat) * radian / 2)
	lng := math.Sin((b.Lng - a.Lng) * radian / 2)
	h := lat*lat + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*lng*lng
	return 2 * EarthRadiusKm * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Nearest is the distance in kilometres from p to the nearest of the points, +Inf for none.
func (p Point) Nearest(points []Point) float64 {
	best := math.Inf(1)
	for _, q := range points {
		best = math.Min(best, Kilometres(q, p))
	}
	return best
}

// DistanceKm is how far an office or site stands from a place, in kilometres to the nearest of its points;
// 0 for other nodes and without a place (nil).
func DistanceKm(node Node, place []Point) float64 {
	if place == nil {
		return 0
	}
	switch n := node.(type) {
	case *Office:
		return n.Location.Nearest(place)
	case *Site:
		return n.Location.Nearest(place)
	}
	return 0
}

// IsCountry reports whether a text is the two letters that ISO 3166-1 gives a country.
func IsCountry(code string) bool {
	region, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && region.IsCountry() && region.Canonicalize().String() == code
}
