package storetest

import "valueweb/graph"

// claim is a holding of acme.
func claim(id, office, since, until string) *graph.Holding {
	h := &graph.Holding{Meta: graph.Meta{ID: id}, Partner: "acme", Competency: "erp", Office: office}
	if since != "" {
		h.Since = Day(since)
	}
	if until != "" {
		h.Until = Day(until)
	}
	return h
}

func holdingCases() []testCase {
	return []testCase{
		{"A second holding of one partner, competency and office is refused while the first holds", func(w *World) {
			grounds(w).Add(claim("first", "", "2025-01-01", "2025-12-31")).Save()
			for _, overlapping := range []*graph.Holding{
				claim("second", "", "", ""),
				claim("second", "", "2025-12-31", ""), // both ends count
				claim("second", "", "", "2025-01-01"),
				claim("second", "", "2025-03-01", "2025-04-01"),
			} {
				w.refused(w.Put(overlapping)[0], graph.CodeValidation, "competency_id")
			}
			w.same("second", w.node(graph.KindHolding, "second"), graph.Node(nil))
		}},
		{"Holdings of one partner, competency and office may follow each other", func(w *World) {
			grounds(w).Add(claim("first", "", "2025-01-01", "2025-12-31"), claim("second", "", "2026-01-01", ""), claim("before", "", "", "2024-12-31")).Save()
		}},
		{"A holding at an office stands beside one that is partner-wide and one elsewhere", func(w *World) {
			grounds(w).About("acme").Office("acme-munich", Far).Save()
			w.Add(claim("wide", "", "", ""), claim("berlin", "acme-berlin", "", ""), claim("munich", "acme-munich", "", "")).Save()
		}},
		{"A holding may be changed in its own period", func(w *World) {
			grounds(w).Add(claim("first", "", "2025-01-01", "2025-12-31")).Save()
			w.Add(claim("first", "", "2025-06-01", "")).Save()
			w.same("version", w.node(graph.KindHolding, "first").Header().Version, 2)
		}},
		{"A holding that was merged into another claims nothing", func(w *World) {
			grounds(w)
			merged := claim("first", "", "", "")
			merged.MergedInto = "second"
			w.Add(claim("first", "", "", "")).Save()
			w.Add(merged, claim("second", "", "", "")).Save()
			w.same("holdings", holdingIDs(w.candidate(Ask("erp"), "acme")), [][]string{{"second"}})
		}},
		{"A holding counts from its first to its last day, both included", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp", graph.Holding{Since: Day("2026-06-10"), Until: Day("2026-06-20")})
			for day, holds := range map[string]bool{"2026-06-09": false, "2026-06-10": true, "2026-06-20": true, "2026-06-21": false} {
				q := Ask("erp")
				q.AsOf = Day(day)
				if holds {
					w.qualify(q, "acme")
				} else {
					w.qualify(q)
				}
			}
		}},
		{"A holding without dates counts on every day", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp")
			q := Ask("erp")
			q.AsOf = Day("1999-12-31")
			w.qualify(q, "acme")
		}},
		{"A level that is not stated counts as 3", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp")
			q := Ask("erp")
			q.Needs[0].MinLevel = 3
			c := w.candidate(q, "acme")
			w.same("level", c.Holdings[0][0].Level, 0) // the facts still say that none was stated
			q.Needs[0].MinLevel = 4
			w.qualify(q)
		}},
		{"A stated level must be reached", func(w *World) {
			w.Competency("erp").Candidate("two", Here, "erp", graph.Holding{Level: 2}).Candidate("three", Here, "erp", graph.Holding{Level: 3})
			q := Ask("erp")
			q.Needs[0].MinLevel = 3
			w.qualify(q, "three")
		}},
		{"A partner-wide holding counts at every office within the radius", func(w *World) {
			w.Competency("erp").Partner("acme").Office("a", North(10)).Office("b", North(20)).Office("c", North(60)).Holds("erp")
			w.same("offices", officeIDs(w.candidate(Ask("erp"), "acme")), []string{"a", "b"})
		}},
		{"A holding tied to an office counts only there", func(w *World) {
			w.Competency("erp").Partner("acme").Office("near", North(10)).Office("also-near", North(5)).Holds("erp", graph.Holding{Office: "near"})
			w.Partner("beta").Office("beta-near", North(10)).Office("beta-far", North(500)).Holds("erp", graph.Holding{Office: "beta-far"})
			w.qualify(Ask("erp"), "acme")
			w.same("offices", officeIDs(w.candidate(Ask("erp"), "acme")), []string{"near"})
		}},
		{"A partner must hold every need", func(w *World) {
			w.Competency("erp").Competency("iot").Candidate("both", Here, "erp").Holds("iot").Candidate("one", Here, "erp").Candidate("other", Here, "iot")
			w.qualify(Ask("erp", "iot"), "both")
			w.same("holdings by need", holdingIDs(w.candidate(Ask("iot", "erp"), "both")), [][]string{{"both-iot"}, {"both-erp"}})
		}},
		{"Two needs may be filled from two offices", func(w *World) {
			w.Competency("erp").Competency("iot").Partner("acme").Office("a", North(10)).Office("b", North(20))
			w.Holds("erp", graph.Holding{Office: "a"}).Holds("iot", graph.Holding{Office: "b"})
			w.same("offices", officeIDs(w.candidate(Ask("erp", "iot"), "acme")), []string{"a", "b"})
		}},
		{"Two needs may be filled by one holding", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Candidate("acme", Here, "gl")
			w.same("holdings", holdingIDs(w.candidate(Ask("erp", "gl"), "acme")), [][]string{{"acme-gl"}, {"acme-gl"}})
		}},
		{"A remote holding counts from anywhere only where the question allows it", func(w *World) {
			w.Competency("erp").Candidate("acme", Far, "erp", graph.Holding{Remote: true}).Candidate("beta", Far, "erp")
			w.qualify(Ask("erp"))
			q := Ask("erp")
			q.Remote = true
			w.qualify(q, "acme")
		}},
		{"A remote holding tied to a far office counts remotely", func(w *World) {
			w.Competency("erp").Partner("acme").Office("far", Far).Holds("erp", graph.Holding{Remote: true, Office: "far"})
			q := Ask("erp")
			q.Remote = true
			w.same("remote", w.candidate(q, "acme").Holdings[0][0].Remote, true)
		}},
		{"A remote holding of one need does not carry the others", func(w *World) {
			w.Competency("erp").Competency("iot").Candidate("acme", Far, "erp", graph.Holding{Remote: true}).Holds("iot")
			for _, needs := range [][]string{{"erp", "iot"}, {"iot", "erp"}} {
				q := Ask(needs...)
				q.Remote = true
				w.qualify(q)
			}
		}},
		{"A remote holding of one need goes with an office for the other", func(w *World) {
			w.Competency("erp").Competency("iot").Partner("acme").Office("near", North(10)).Office("far", Far)
			w.Holds("erp", graph.Holding{Remote: true, Office: "far"}).Holds("iot", graph.Holding{Office: "near"})
			for _, needs := range [][]string{{"erp", "iot"}, {"iot", "erp"}} {
				q := Ask(needs...)
				q.Remote = true
				w.same("offices", officeIDs(w.candidate(q, "acme")), []string{"near"})
			}
		}},
		{"A partner without an office qualifies only remotely", func(w *World) {
			w.Competency("erp").Partner("remote").Holds("erp", graph.Holding{Remote: true}).Partner("silent").Holds("erp")
			for _, radius := range []float64{50, anywhere} {
				q := Ask("erp")
				q.Radii = []float64{radius}
				w.qualify(q)
				q.Remote = true
				w.qualify(q, "remote")
				w.same("offices", len(w.candidate(q, "remote").Offices), 0)
			}
		}},
		{"The facts of a holding are those stated", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Candidate("acme", Here, "gl", graph.Holding{
				Office: "acme-office", Level: 4, Since: Day("2026-01-01"), Until: Day("2026-12-31"), Remote: true, Offers: []string{"x"},
			})
			w.same("holding", w.candidate(Ask("erp"), "acme").Holdings[0], []graph.HoldingFacts{{
				ID: "acme-gl", Competency: "gl", CompetencyName: "The gl", Office: "acme-office", Level: 4,
				Since: Day("2026-01-01"), Until: Day("2026-12-31"), Remote: true,
			}})
			w.same("exact", w.candidate(Ask("gl"), "acme").Holdings[0][0].Exact, true)
		}},
	}
}

// holdingIDs are the holdings of a candidate by need.
func holdingIDs(c graph.CandidateFacts) [][]string {
	ids := make([][]string, len(c.Holdings))
	for need, holdings := range c.Holdings {
		for _, h := range holdings {
			ids[need] = append(ids[need], h.ID)
		}
	}
	return ids
}

// officeIDs are the offices of a candidate.
func officeIDs(c graph.CandidateFacts) []string {
	var ids []string
	for _, o := range c.Offices {
		ids = append(ids, o.ID)
	}
	return ids
}
