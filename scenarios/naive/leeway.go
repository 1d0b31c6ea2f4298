package naive

import "fmt"

// Leeway is what else is right beside the answer of Answer, as rules for Compare
// whose paths begin under the field: a level that is not stated may be told as
// 3, any certificate that attests the best holding may be shown, where two needs
// are equally far either office may stand beside the km, and of equally strong
// partnerships any may stand for a tie.
func (w *World) Leeway(variables map[string]any) map[string]any {
	accept := map[string]any{}
	if variables["gap"] != nil {
		w.leewayOfCandidates(variables, accept)
	} else {
		w.leewayOfPaths(variables, accept)
	}
	return map[string]any{"accept": accept, "unordered": []any{"nodes.*.terms"}}
}

func (w *World) leewayOfCandidates(variables map[string]any, accept map[string]any) {
	f, code := w.fill(variables)
	if code != "" {
		return
	}
	for i, c := range f.page() {
		node := fmt.Sprintf("nodes.%d", i)
		if len(c.far) > 1 {
			accept[node+".office"] = refs(c.far)
		}
		for j, m := range c.matches {
			at := fmt.Sprintf("%s.matches.%d", node, j)
			levels, certificates := []any{}, []string{}
			for _, h := range m.shown {
				levels = append(levels, orNull(h.Level, h.Level > 0), level(h))
			}
			for _, c := range m.certify {
				certificates = append(certificates, c.ID)
			}
			accept[at+".holding.level"] = levels
			if len(certificates) > 1 {
				accept[at+".certification"] = refs(certificates)
			}
		}
	}
}

func (w *World) leewayOfPaths(variables map[string]any, accept map[string]any) {
	answer, code := w.Paths(variables)
	if code != "" {
		return
	}
	in := reader{fields: variables}
	ties := w.ties(in.date("asOf"))
	for i, v := range answer["nodes"].([]any) {
		partners := v.(map[string]any)["partners"].([]any)
		for j := range partners[1:] {
			a, b := partners[j].(map[string]any)["id"].(string), partners[j+1].(map[string]any)["id"].(string)
			if equal := ties[a][b].partnership; len(equal) > 1 {
				var others []string
				for _, s := range equal {
					others = append(others, s.ID)
				}
				accept[fmt.Sprintf("nodes.%d.ties.%d.partnership", i, j)] = refs(others)
			}
		}
	}
}
