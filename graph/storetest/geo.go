package storetest

import (
	"fmt"
	"math"

	"valueweb/graph"
)

func geoCases() []testCase {
	return []testCase{
		{"A radius is exact to the last bit of the haversine", func(w *World) {
			w.Competency("erp")
			for i, km := range []float64{0.001, 1, 49.7, 333, 4000, 9000, 15000} {
				id := fmt.Sprint("p", i)
				at := North(km)
				at.Lng += km / 500
				if at.Lat > 90 {
					at.Lat = 180 - at.Lat
					at.Lng -= 180
				}
				w.Candidate(id, at, "erp")
				exact := graph.Kilometres(at, Here)
				q := Ask("erp")
				q.Radii = []float64{exact}
				c := w.candidate(q, id)
				w.same("km", c.Offices[0].Km, exact)
				q.Radii = []float64{below(exact)}
				for _, c := range w.gap(q).Candidates {
					if c.Partner == id {
						w.Errorf("an office %v km away counts within %v km", exact, q.Radii[0])
					}
				}
			}
		}},
		{"A place is near across the 180th meridian", func(w *World) {
			w.Competency("erp").Candidate("east", graph.Point{Lat: -17, Lng: 179.9}, "erp").Candidate("west", graph.Point{Lat: -17, Lng: -179.9}, "erp").Candidate("line", graph.Point{Lat: -17, Lng: 180}, "erp")
			for _, lng := range []float64{179.9, -179.9, 180, -180} {
				q := Ask("erp")
				q.Place.Point = &graph.Point{Lat: -17, Lng: lng}
				w.qualify(q, "east", "line", "west")
			}
			q := Ask("erp")
			q.Place.Point, q.Radii = &graph.Point{Lat: -17, Lng: 179.9}, []float64{15}
			w.qualify(q, "east", "line")
		}},
		{"A place is near across a pole", func(w *World) {
			w.Competency("erp").Candidate("this-side", graph.Point{Lat: 89.9, Lng: 20}, "erp").Candidate("that-side", graph.Point{Lat: 89.9, Lng: -160}, "erp").Candidate("pole", graph.Point{Lat: 90, Lng: 77}, "erp")
			q := Ask("erp")
			q.Place.Point = &graph.Point{Lat: 89.9, Lng: 20}
			w.qualify(q, "pole", "that-side", "this-side")
			q.Radii = []float64{15}
			w.qualify(q, "pole", "this-side")
			q.Place.Point = &graph.Point{Lat: 90, Lng: -3}
			w.qualify(q, "pole", "that-side", "this-side")
		}},
		{"The other side of the globe is within the greatest radius", func(w *World) {
			antipode := graph.Point{Lat: -Here.Lat, Lng: Here.Lng - 180}
			w.Competency("erp").Candidate("acme", antipode, "erp")
			q := Ask("erp")
			q.Radii = []float64{graph.MaxRadiusKm}
			w.same("km", w.candidate(q, "acme").Offices[0].Km, graph.Kilometres(antipode, Here))
			q.Radii = []float64{math.Pi*graph.EarthRadiusKm - 1}
			w.qualify(q)
		}},
		{"Offices at one and the same point all count", func(w *World) {
			w.Competency("erp").Partner("acme").Office("a", Here).Office("b", Here).Holds("erp").Candidate("beta", Here, "erp")
			q := Ask("erp")
			q.Radii = []float64{1e-9}
			w.qualify(q, "acme", "beta")
			w.same("offices", w.candidate(q, "acme").Offices, []graph.OfficeFacts{{ID: "a"}, {ID: "b"}})
		}},
	}
}
