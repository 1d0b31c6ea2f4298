package storetest

import (
	"context"
	"math"

	"valueweb/graph"
)

func checkCases() []testCase {
	return []testCase{
		{"A value outside its closed list or range is refused, and its field is named", func(w *World) {
			w.Competency("erp").Partner("acme").Customer("city", Here).Save()
			for field, node := range map[string]graph.Node{
				"status":        &graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Status: "NONSENSE"},
				"tier":          &graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", Tier: "IRON"},
				"kind":          &graph.Partner{Meta: graph.Meta{ID: "a"}, Name: "A", PartnerKind: "WIZARD"},
				"level":         &graph.Holding{Meta: graph.Meta{ID: "a"}, Partner: "acme", Competency: "erp", Level: 6},
				"until":         &graph.Holding{Meta: graph.Meta{ID: "a"}, Partner: "acme", Competency: "erp", Since: Today, Until: Today.AddDays(-1)},
				"expires_on":    &graph.Certification{Meta: graph.Meta{ID: "a"}, Partner: "acme", Competency: "erp", IssuedOn: Today, ExpiresOn: Today.AddDays(-1)},
				"lat":           &graph.Office{Meta: graph.Meta{ID: "a"}, Partner: "acme", Location: graph.Point{Lat: math.NaN()}},
				"collaboration": &graph.Partnership{Meta: graph.Meta{ID: "a"}, Parties: []string{"acme"}, Collaboration: "CLOSE"},
				"data_sharing":  &graph.Partnership{Meta: graph.Meta{ID: "a"}, Parties: []string{"acme"}, Collaboration: graph.LowCollaboration, DataSharing: "SOME"},
				"state":         &graph.Referral{Meta: graph.Meta{ID: "a"}, From: "acme", To: "acme", State: "LATE"},
				"customer_id":   &graph.Wall{Meta: graph.Meta{ID: "a"}, Partner: "acme"},
			} {
				w.refused(w.Put(node)[0], graph.CodeValidation, field)
			}
		}},
		{"The event of a node that changed tells its version", func(w *World) {
			w.Partner("acme").Save()
			w.write(func(ctx context.Context, tx graph.Tx) error {
				w.put(ctx, tx, &graph.Partner{Meta: graph.Meta{ID: "acme"}, Name: "Renamed", Status: graph.Active})
				return tx.Log(ctx, graph.Event{Type: graph.EventReferralImported, Subject: "Partner:acme"})
			})
			events := w.events()
			w.same("version", events[len(events)-1].Version, 2)
		}},
		{"A wall, a certification and a holding count until the day on which they are retired", func(w *World) {
			later := graph.Meta{RetiredOn: Today.AddDays(1)}
			w.Competency("erp").Customer("city", Here).Candidate("walled", Here, "erp").Wall(graph.Wall{Meta: later, Customer: "city"})
			w.Candidate("holds", Here, "erp", graph.Holding{Meta: later}).Certified("erp", graph.Certification{Meta: later})
			q := at(graph.Place{Customer: "city"})
			q.CertifiedOnly = true
			w.qualify(q, "holds")
			q.CertifiedOnly = false
			q.AsOf = Today.AddDays(1)
			w.qualify(q, "walled")
		}},
	}
}
