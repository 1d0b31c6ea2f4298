package resolvers

import (
	"fmt"
	"testing"

	"valueweb/graph"
)

// TestTheExplanationOfAccessIsTheAccess asks about every node of a world what each of some viewers sees of it, and
// reads it as that viewer.
func TestTheExplanationOfAccessIsTheAccess(t *testing.T) {
	onEveryStore(t, 3, func(t *testing.T, f *fixture) {
		degrees := map[string]int{}
		for _, name := range []string{"OPERATOR", "ANALYST", "PARTNER:p000", "PARTNER:p000-unit", "PARTNER:p001", "CUSTOMER:acme"} {
			viewer, ok := graph.ParseViewer(name)
			if !ok {
				t.Fatal(name)
			}
			for _, node := range world(3) {
				read, err := f.graph.Store.Read(t.Context(), viewer, node.Kind(), []string{node.Header().ID})
				if err != nil {
					t.Fatal(err)
				}
				gid := graph.GID(node.Kind(), node.Header().ID)
				explained := f.ask(t, fmt.Sprintf("{ explainAccess(viewer: %q, gid: %q) { degree because } }", name, gid))["explainAccess"].(map[string]any)
				if (explained["degree"] == "SHOWN") != (read[0] != nil) {
					t.Errorf("%s of %s: %v, and the store reads %v", name, gid, explained, read[0])
				}
				degrees[explained["degree"].(string)]++
			}
		}
		if degrees["SHOWN"] == 0 || degrees["HIDDEN"] == 0 || degrees["UNDISCLOSED"] == 0 {
			t.Errorf("the degrees are %v", degrees)
		}
	})
}

func TestAccessIsExplainedToOperatorsOnlyAndOfWhatThereIs(t *testing.T) {
	onEveryStore(t, 1, func(t *testing.T, f *fixture) {
		for query, code := range map[string]graph.Code{
			`{ explainAccess(viewer: "PARTNER", gid: "Partner:p000") { because } }`:       graph.CodeValidation,
			`{ explainAccess(viewer: "ANALYST", gid: "p000") { because } }`:               graph.CodeValidation,
			`{ explainAccess(viewer: "ANALYST", gid: "Partner:nobody") { because } }`:     graph.CodeNotFound,
			`{ explainAccess(viewer: "ANALYST", gid: "Partner:p000") { because degree} }`: "",
		} {
			a := f.post(t, query, nil)
			got := graph.Code("")
			if len(a.Errors) > 0 {
				got = graph.Code(a.Errors[0].Extensions["code"].(string))
			}
			if got != code {
				t.Errorf("%s: %q, not %q", query, got, code)
			}
		}
		analyst := graph.Viewer{Role: graph.RoleAnalyst}
		if _, err := f.graph.ExplainAccess(t.Context(), analyst, graph.Operator, "Partner:p000"); !hasCode(err, graph.CodeForbidden) {
			t.Errorf("an analyst is told: %v", err)
		}
		nobody := graph.Viewer{Role: graph.RolePartner, Organisation: "nobody"}
		explained, err := f.graph.ExplainAccess(t.Context(), graph.Operator, nobody, "Partner:p000")
		if err != nil || explained.Degree != graph.Undisclosed {
			t.Errorf("to a partner that there is not: %+v %v", explained, err)
		}
	})
}

func hasCode(err error, code graph.Code) bool {
	e, ok := graph.AsError(err)
	return ok && e.Code == code
}
