package embedded

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"

	"valueweb/graph"
)

// coverCells bounds the number of cells that cover a circle: more cells fit closer, fewer need fewer
// seeks.
const coverCells = 24

// coverMargin widens a circle by a metre or so, so that rounding in the cover never loses a point that
// the exact distance keeps.
const coverMargin = 2e-7

// near calls yield for every node of a spatial index within a radius of any of the points, with its
// distance in kilometres from the nearest of them. An infinite radius yields all.
func near[T graph.Node](s *state, i indexID, points []graph.Point, radiusKm float64, at func(T) graph.Point, yield func(T, float64)) (visited int) {
	visit := func(_ string, node graph.Node) bool {
		visited++
		n := node.(T)
		if km := at(n).Nearest(points); km <= radiusKm {
			yield(n, km)
		}
		return true
	}
	s.reach(i)
	angle := radiusKm/graph.EarthRadiusKm + coverMargin
	if angle > math.Pi/2 { // more than half the globe: a cover would leave little out
		s.index[i].Scan(visit)
		return visited
	}
	for _, cell := range cover(points, s1.Angle(angle)) {
		last := cellKey(cell.RangeMax())
		s.index[i].Ascend(cellKey(cell.RangeMin()), func(key string, node graph.Node) bool {
			return key[:len(last)] <= last && visit(key, node)
		})
	}
	return visited
}

// cover returns disjoint cells that hold every point within an angle of any of the points.
func cover(points []graph.Point, angle s1.Angle) s2.CellUnion {
	var all s2.CellUnion
	coverer := &s2.RegionCoverer{MaxLevel: s2.MaxLevel, MaxCells: coverCells}
	for _, p := range points {
		centre := s2.PointFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lng))
		all = append(all, coverer.Covering(s2.CapFromCenterAngle(centre, angle))...)
	}
	all.Normalize()
	return all
}

func officeAt(o *graph.Office) graph.Point { return o.Location }

func siteAt(s *graph.Site) graph.Point { return s.Location }
