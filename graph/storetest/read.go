package storetest

import "valueweb/graph"

func readCases() []testCase {
	return []testCase{
		{"Nodes stand in the order of their ids, nil where there is none", func(w *World) {
			w.Competency("a").Competency("b").Partner("p").Save()
			nodes, err := w.Read(w.Context(), graph.Operator, graph.KindCompetency, []string{"b", "none", "a", "b", "p", ""})
			w.must(err)
			var got []string
			for _, node := range nodes {
				if node == nil {
					got = append(got, "-")
				} else {
					got = append(got, node.Header().ID)
				}
			}
			w.same("nodes", got, []string{"b", "-", "a", "b", "-", "-"})
		}},
		{"No ids, no nodes", func(w *World) {
			nodes, err := w.Read(w.Context(), graph.Operator, graph.KindCompetency, nil)
			w.must(err)
			w.same("nodes", len(nodes), 0)
		}},
		{"Ids are told apart by case and accents", func(w *World) {
			w.Competency("erp").Competency("ERP").Competency("èrp").Save()
			w.same("ERP", w.node(graph.KindCompetency, "ERP").(*graph.Competency).Name, "The ERP")
			w.same("Erp", w.node(graph.KindCompetency, "Erp"), graph.Node(nil))
		}},
		{"The nearest ids are those most like the text, best first", func(w *World) {
			w.Competency("erp-finance").Competency("erp-logistics").Competency("networking").Competency("erp-finances").Save()
			for text, want := range map[string][]string{
				"erp-finance":     {"erp-finance"},
				"ERP-Fínance":     {"erp-finance"}, // without regard to case and accents
				"erp-finanec":     {"erp-finance"},
				"The networking":  {"networking"}, // by name
				"quantum foundry": nil,
			} {
				nearest, err := w.Nearest(w.Context(), graph.Operator, graph.KindCompetency, text, 1)
				w.must(err)
				w.same(text, nearest, want)
			}
		}},
		{"No more than n nearest ids come, equal ones by id", func(w *World) {
			w.Region("de").Region("dk").Region("da").Save()
			nearest, err := w.Nearest(w.Context(), graph.Operator, graph.KindRegion, "dx", 2)
			w.must(err)
			w.same("nearest", nearest, []string{"da", "de"})
		}},
		{"The status counts nodes by kind", func(w *World) {
			w.Competency("a").Competency("b", "a").Partner("p").Save()
			status := w.status()
			w.same("competencies", status.Counts[graph.KindCompetency], 2)
			w.same("partners", status.Counts[graph.KindPartner], 1)
			w.same("offices", status.Counts[graph.KindOffice], 0)
			w.same("seq", status.Seq, int64(1))
			w.same("engine is named", status.Engine != "", true)
		}},
	}
}

// Region adds one, with its countries.
func (w *World) Region(id string, countries ...string) *World {
	return w.Add(&graph.Region{Meta: graph.Meta{ID: id}, Name: "The " + id, Countries: countries})
}
