package storetest

import "valueweb/graph"

// attested asks for certified holders only.
func attested(need string) graph.GapQuery {
	q := Ask(need)
	q.CertifiedOnly = true
	return q
}

// attestations is a case in which partner "yes" is certified and partner "no" is not.
func attestations(build func(w *World)) func(w *World) {
	return func(w *World) {
		w.Competency("it").Competency("erp", "it").Competency("gl", "erp")
		build(w)
		w.qualify(Ask("erp"), "no", "yes") // both hold it: the certificate alone makes the difference
		w.qualify(attested("erp"), "yes")
	}
}

func certificationCases() []testCase {
	return []testCase{
		{"A certification of the held competency attests it", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("erp").Candidate("no", Here, "erp")
		})},
		{"A certification of something narrower attests a holding, of something broader does not", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("gl").Candidate("no", Here, "erp").Certified("it")
		})},
		{"A certification of the need does not attest a narrower holding", attestations(func(w *World) {
			w.Candidate("yes", Here, "gl").Certified("gl").Candidate("no", Here, "gl").Certified("erp")
		})},
		{"A certification of something else beside the holding does not attest it", attestations(func(w *World) {
			w.Competency("crm", "erp").Candidate("yes", Here, "crm").Certified("crm").Candidate("no", Here, "gl").Certified("crm")
		})},
		{"A certification of another partner attests nothing", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("erp").Candidate("no", Here, "erp").Partner("other").Certified("erp")
		})},
		{"A certification counts on its first day and not before", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("erp", graph.Certification{IssuedOn: Today}).Candidate("no", Here, "erp").Certified("erp", graph.Certification{IssuedOn: Today + 1})
		})},
		{"A certification counts on its last day and not after", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("erp", graph.Certification{ExpiresOn: Today}).Candidate("no", Here, "erp").Certified("erp", graph.Certification{ExpiresOn: Today - 1})
		})},
		{"A certification counts once it is verified", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("erp").Candidate("no", Here, "erp").Add(&graph.Certification{Meta: graph.Meta{ID: "c"}, Partner: "no", Competency: "erp"})
		})},
		{"A retired certification does not count", attestations(func(w *World) {
			w.Candidate("yes", Here, "erp").Certified("erp").Candidate("no", Here, "erp").Certified("erp", graph.Certification{Meta: graph.Meta{ID: "c", RetiredOn: Today}})
		})},
		{"A certification tied to an office attests holdings there and partner-wide ones", func(w *World) {
			w.Competency("erp")
			w.Candidate("wide", Here, "erp").Certified("erp", graph.Certification{Office: "wide-office"})
			w.Candidate("there", Here, "erp", graph.Holding{Office: "there-office"}).Certified("erp", graph.Certification{Office: "there-office"})
			w.Candidate("elsewhere", Here, "erp", graph.Holding{Office: "elsewhere-office"}).Office("second", Here).Certified("erp", graph.Certification{Office: "second"})
			w.Candidate("any", Here, "erp", graph.Holding{Office: "any-office"}).Certified("erp")
			w.qualify(attested("erp"), "any", "there", "wide")
		}},
		{"A certification tied to a far office attests a partner-wide holding here", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp").Office("far", Far).Certified("erp", graph.Certification{Office: "far"})
			w.qualify(attested("erp"), "acme")
		}},
		{"Where only certified ones count, only attested holdings are told", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("crm", "erp").Candidate("acme", Here, "gl").Holds("crm").Certified("crm")
			w.same("all", holdingIDs(w.candidate(Ask("erp"), "acme")), [][]string{{"acme-crm", "acme-gl"}})
			w.same("certified", holdingIDs(w.candidate(attested("erp"), "acme")), [][]string{{"acme-crm"}})
		}},
		{"Of several certifications the one that lasts longest is told, then the smaller id", func(w *World) {
			w.Competency("erp").Candidate("acme", Here, "erp").Certified("erp", graph.Certification{Meta: graph.Meta{ID: "a"}, ExpiresOn: Today + 1})
			w.Certified("erp", graph.Certification{Meta: graph.Meta{ID: "d"}, ExpiresOn: Today + 9, Scheme: "D"}).Certified("erp", graph.Certification{Meta: graph.Meta{ID: "c"}, ExpiresOn: Today + 9, Scheme: "C"})
			told := func() *graph.CertificationFacts { return w.candidate(Ask("erp"), "acme").Holdings[0][0].Certification }
			w.same("certification", told(), &graph.CertificationFacts{ID: "c", Scheme: "C", ExpiresOn: Today + 9})
			w.Certified("erp", graph.Certification{Meta: graph.Meta{ID: "z"}}) // never expires
			w.same("certification", told(), &graph.CertificationFacts{ID: "z"})
		}},
		{"The level must be reached by the very holding that is attested", func(w *World) {
			w.Competency("erp").Competency("gl", "erp").Competency("crm", "erp").Candidate("acme", Here, "gl", graph.Holding{Level: 5}).Holds("crm", graph.Holding{Level: 1}).Certified("crm")
			q := attested("erp")
			w.qualify(q, "acme")
			q.Needs[0].MinLevel = 2
			w.qualify(q)
		}},
	}
}
