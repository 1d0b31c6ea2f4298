package naive

import "math"

const earthKm = 6371.0088

// kilometres is the haversine distance of two points on the sphere.
func kilometres(a, b Point) float64 {
	rad := math.Pi / 180
	s := math.Sin((b.Lat - a.Lat) * rad / 2)
	t := math.Sin((b.Lng - a.Lng) * rad / 2)
	h := s*s + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*t*t
	return 2 * earthKm * math.Asin(math.Sqrt(math.Min(1, h)))
}

// nearest is the distance to the nearest of several points: a customer without
// a site stands at each of its sites.
func nearest(from Point, to []Point) float64 {
	km := math.Inf(1)
	for _, p := range to {
		km = math.Min(km, kilometres(from, p))
	}
	return km
}
