package embedded

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"valueweb/graph"
)

// places draws points all over the globe, often at the poles, at the 180th meridian and close together.
func places() *rapid.Generator[graph.Point] {
	return rapid.Custom(func(t *rapid.T) graph.Point {
		lat := rapid.OneOf(rapid.Float64Range(-90, 90), rapid.SampledFrom([]float64{-90, -89.9999, 0, 45, 89.9999, 90}), rapid.Float64Range(44.9, 45.1)).Draw(t, "lat")
		lng := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{-180, -179.9999, 0, 90, 179.9999, 180}), rapid.Float64Range(-0.1, 0.1)).Draw(t, "lng")
		return graph.Point{Lat: lat, Lng: lng}
	})
}

func TestTheSpatialIndexFindsWhatLookingAtEveryOfficeFinds(t *testing.T) {
	const quarter = math.Pi / 2 * graph.EarthRadiusKm
	rapid.Check(t, func(t *rapid.T) {
		store := Memory(Options{})
		offices := rapid.SliceOfN(places(), 0, 60).Draw(t, "offices")
		if err := settle(store, offices); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			points := rapid.SliceOfN(places(), 1, 3).Draw(t, "points")
			km := rapid.OneOf(
				rapid.Float64Range(1e-6, graph.MaxRadiusKm), rapid.Float64Range(1e-6, 100),
				rapid.SampledFrom([]float64{1e-9, quarter, math.Nextafter(quarter, 0), quarter + 1, 2 * quarter, graph.MaxRadiusKm, math.Inf(1)}),
			).Draw(t, "km")
			if len(offices) > 0 && rapid.Bool().Draw(t, "exactly as far as an office") {
				km = offices[rapid.IntRange(0, len(offices)-1).Draw(t, "office")].Nearest(points)
			}
			var want, got []string
			for i, at := range offices {
				if d := at.Nearest(points); d <= km {
					want = append(want, fmt.Sprintf("o%03d at %v", i, d))
				}
			}
			near(store.current.Load(), officesByCell, points, km, officeAt, func(o *graph.Office, d float64) {
				got = append(got, fmt.Sprintf("%s at %v", o.ID, d))
			})
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("within %v km of %v there are\n%s\nnot\n%s", km, points, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	})
}

// settle gives a partner its offices, o000 and so on.
func settle(store *Store, at []graph.Point) error {
	_, err := store.Write(context.Background(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		nodes := []graph.Node{&graph.Partner{Meta: graph.Meta{ID: "p"}, Name: "P", Status: graph.Active}}
		for i, point := range at {
			nodes = append(nodes, &graph.Office{Meta: graph.Meta{ID: fmt.Sprintf("o%03d", i)}, Partner: "p", Location: point})
		}
		refusals, err := tx.Put(ctx, nodes)
		for _, refusal := range refusals {
			if refusal != nil {
				return refusal
			}
		}
		if err != nil {
			return err
		}
		return tx.Log(ctx, graph.Event{Type: "a"})
	})
	return err
}
