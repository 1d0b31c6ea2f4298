package storetest

import "valueweb/graph"

func competencyCases() []testCase {
	return []testCase{
		{"A narrower competency fills a need, a broader one does not", func(w *World) {
			w.Competency("it").Competency("erp", "it").Competency("gl", "erp").Candidate("broader", Here, "it").Candidate("exact", Here, "erp").Candidate("narrower", Here, "gl")
			w.qualify(Ask("erp"), "exact", "narrower")
			w.same("exact", w.candidate(Ask("erp"), "exact").Holdings[0][0].Exact, true)
			w.same("narrower", w.candidate(Ask("erp"), "narrower").Holdings[0][0].Exact, false)
		}},
		{"Narrower reaches any depth, through several parents", func(w *World) {
			w.Competency("top").Competency("other").Competency("a", "top").Competency("b", "a").Competency("c", "b", "other").Competency("d", "c", "a")
			w.Candidate("acme", Here, "d").Candidate("beta", Here, "other")
			for _, need := range []string{"top", "a", "b", "c", "d"} {
				w.qualify(Ask(need), "acme")
			}
			w.qualify(Ask("other"), "acme", "beta")
		}},
		{"A competency reached by two ways counts once", func(w *World) {
			w.Competency("top").Competency("left", "top").Competency("right", "top").Competency("both", "left", "right").Candidate("acme", Here, "both")
			w.same("holdings", holdingIDs(w.candidate(Ask("top"), "acme")), [][]string{{"acme-both"}})
			q := Ask("top")
			q.Radii = []float64{anywhere}
			w.same("anywhere", holdingIDs(w.candidate(q, "acme")), [][]string{{"acme-both"}})
		}},
		{"A related competency does not fill a need", func(w *World) {
			w.Competency("erp").Add(&graph.Competency{Meta: graph.Meta{ID: "crm"}, Name: "CRM", Related: []string{"erp"}}).Candidate("acme", Here, "crm")
			w.qualify(Ask("erp"))
		}},
		{"Every holding that fills a need is told", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Candidate("acme", Here, "erp").Holds("gl").Holds("erp", graph.Holding{Office: "acme-office"})
			w.same("holdings", holdingIDs(w.candidate(Ask("erp"), "acme")), [][]string{{"acme-erp", "acme-erp.2", "acme-gl"}})
		}},
		{"A changed taxonomy counts at once, in both directions", func(w *World) {
			w.Competency("top").Competency("mid").Competency("low", "mid").Candidate("acme", Here, "low")
			w.qualify(Ask("top"))
			w.Competency("mid", "top")
			w.qualify(Ask("top"), "acme")
			w.Competency("mid")
			w.qualify(Ask("top"))
			w.qualify(Ask("mid"), "acme")
		}},
		{"A parent added to a narrower competency keeps the others", func(w *World) {
			w.Competency("a").Competency("b").Competency("c", "a").Candidate("acme", Here, "c").Save()
			w.Competency("c", "a", "b")
			w.qualify(Ask("a"), "acme")
			w.qualify(Ask("b"), "acme")
		}},
	}
}
