package resolvers

import (
	"fmt"
	"testing"
	"time"

	"valueweb/graph"
)

func init() {
	mutationCases["createStreamTicket"] = func(t *testing.T, f *fixture) {
		clock := *f.clock.Load()
		f.setClock(time.Now) // a store looks at its own clock whether a ticket is over
		defer f.setClock(clock)
		now := f.graph.Clock()
		expires := now.Add(30 * time.Second)
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p000", Subject: "ada", Expires: expires}
		before, err := f.store.Seq(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		made := f.ask(t, "mutation { a: createStreamTicket { ticket expiresAt seq } b: createStreamTicket(input: {}) { ticket } }")
		first, second := made["a"].(map[string]any), made["b"].(map[string]any)
		if first["seq"] != fmt.Sprint(before) || first["expiresAt"] != expires.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.000Z") {
			t.Errorf("%v, after %d, for a token that expires at %v", first, before, expires)
		}
		ticket := first["ticket"].(string)
		if len(ticket) != 43 || ticket == second["ticket"] {
			t.Errorf("the tickets are %v and %v", first, second)
		}
		viewer, err := f.graph.Redeem(t.Context(), ticket)
		if err != nil || viewer.String() != f.viewer.String() || !viewer.Expires.Equal(expires) {
			t.Errorf("it lets in %v until %v, %v", viewer, viewer.Expires, err)
		}
		for name, text := range map[string]string{"used": ticket, "invented": ticket[:42] + "~", "none": ""} {
			_, err := f.graph.Redeem(t.Context(), text)
			if failure, _ := graph.AsError(err); failure == nil || failure.Code != graph.CodeUnauthenticated {
				t.Errorf("one that is %s: %v", name, err)
			}
		}
		if after, err := f.store.Seq(t.Context()); err != nil || after != before {
			t.Errorf("the log went on from %d to %d, %v", before, after, err)
		}
		late := fmt.Sprintf("{expiresAt: %q}", now.Add(2*time.Minute).UTC().Format(time.RFC3339))
		f.refuse(t, graph.CodeValidation, "input.expiresAt", "createStreamTicket", late)
		past := fmt.Sprintf("{expiresAt: %q}", now.Add(-time.Minute).UTC().Format(time.RFC3339))
		f.refuse(t, graph.CodeValidation, "input.expiresAt", "createStreamTicket", past)
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "nobody"}
		f.refuse(t, graph.CodeForbidden, "", "createStreamTicket", "{}")
		f.viewer = graph.Viewer{Role: graph.RolePartner, Organisation: "p000", Key: "k", Scopes: graph.ScopesOf([]graph.Scope{graph.ScopeRead, graph.ScopePost})}
		f.refuse(t, graph.CodeForbidden, "", "createStreamTicket", "{}")
		f.viewer.Scopes = graph.ScopesOf([]graph.Scope{graph.ScopeSubscribe})
		made = f.ask(t, "mutation { createStreamTicket { ticket } }")
		viewer, err = f.graph.Redeem(t.Context(), made["createStreamTicket"].(map[string]any)["ticket"].(string))
		if err != nil || viewer != f.viewer {
			t.Errorf("a ticket of a program lets in %+v, %v", viewer, err)
		}
	}
}
