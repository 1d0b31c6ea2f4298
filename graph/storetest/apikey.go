package storetest

import (
	"time"

	"valueweb/graph"
)

// Key adds an API key of the partner that the world is about, which may read.
func (w *World) Key(id string, as ...graph.APIKey) *World {
	k := template(as)
	k.ID, k.Partner, k.Name, k.Digest = id, w.partner, "Key "+id, "9f86d081"
	if k.Scopes == nil {
		k.Scopes = []graph.Scope{graph.ScopeRead}
	}
	return w.Add(k)
}

// key finds an API key as a request does.
func (w *World) key(id string) *graph.APIKey {
	w.Helper()
	w.Save()
	k, err := w.Store.Key(w.Context(), id)
	w.must(err)
	return k
}

func keyCases() []testCase {
	return []testCase{
		{"A key is found by its id, and one that there is not is none", func(w *World) {
			w.Partner("acme").Key("one", graph.APIKey{Scopes: []graph.Scope{graph.ScopeClaim, graph.ScopeRead}})
			k := w.key("one")
			w.same("partner", k.Partner, "acme")
			w.same("scopes", k.Scopes, []graph.Scope{graph.ScopeClaim, graph.ScopeRead})
			w.same("version", k.Version, 1)
			for range 2 {
				w.same("none", w.key("two"), (*graph.APIKey)(nil))
			}
		}},
		{"A key that is made after it was asked for is found", func(w *World) {
			w.Partner("acme").Save()
			w.same("before", w.key("one"), (*graph.APIKey)(nil))
			w.Key("one")
			w.same("after", w.key("one").Partner, "acme")
		}},
		{"A key that was revoked is found so at once, however often it was asked for", func(w *World) {
			w.Partner("acme").Key("one").Key("two")
			at := time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)
			for range 3 {
				w.same("revoked", w.key("one").RevokedAt, time.Time{})
			}
			w.Key("one", graph.APIKey{RevokedAt: at})
			for range 3 {
				w.same("revoked", w.key("one").RevokedAt, at)
				w.same("the other", w.key("two").RevokedAt, time.Time{})
			}
		}},
		{"Keys have versions and events as every node has", func(w *World) {
			w.Partner("acme").Key("one").Save()
			w.Key("one", graph.APIKey{Scopes: []graph.Scope{graph.ScopePost}}).Save()
			w.same("version", w.node(graph.KindAPIKey, "one").Header().Version, 2)
			w.same("changes", w.events()[1].Changes, []string{"ApiKey:one"})
		}},
		{"A key names its partner, and the keys of a partner are found from it", func(w *World) {
			w.Partner("acme").Key("b").Key("a").Partner("beta").Key("c").Save()
			w.refused(w.Put(&graph.APIKey{Meta: graph.Meta{ID: "d"}, Name: "D", Partner: "nobody", Scopes: graph.Scopes})[0], graph.CodeNotFound, "partner_id")
			w.same("related", w.relatedIDs(graph.PartnerKeys, "acme"), []string{"a", "b"})
			w.same("filtered", w.all(graph.KindAPIKey, graph.Filter{Partner: "acme"}, byID), []string{"a", "b"})
			w.same("filtered down", w.all(graph.KindAPIKey, graph.Filter{Partner: "acme"}, graph.Order{Field: graph.OrderByID, Descending: true}), []string{"b", "a"})
			w.same("all", w.all(graph.KindAPIKey, graph.Filter{}, byID), []string{"a", "b", "c"})
		}},
		{"A key without a name, or without scopes, or with such as are none, is refused", func(w *World) {
			w.Partner("acme").Save()
			key := func(name string, scopes ...graph.Scope) graph.Node {
				return &graph.APIKey{Meta: graph.Meta{ID: "one"}, Partner: "acme", Name: name, Scopes: scopes}
			}
			refusals := w.Put(key("", graph.ScopeRead), key("K"), key("K", "FLY"), key("K", graph.ScopeRead, graph.ScopeRead))
			for i, field := range []string{"name", "scopes", "scopes", "scopes"} {
				w.refused(refusals[i], graph.CodeValidation, field)
			}
		}},
		{"Who asks by a key sees what its partner sees", func(w *World) {
			w.Partner("me").Partner("beta").Shy("shy").About("me").Key("one").Save()
			w.as(w.key("one").Viewer()).sees(graph.KindPartner, "beta", "me")
			w.asPartner("me").sees(graph.KindPartner, "beta", "me")
			w.as(w.key("one").Viewer()).sees(graph.KindAPIKey)
		}},
		{"The key of a partner that takes no part is refused as its partner is", func(w *World) {
			w.Partner("me", graph.Partner{Status: graph.Suspended}).Key("one").Save()
			_, err := w.Read(w.Context(), w.key("one").Viewer(), graph.KindPartner, []string{"me"})
			w.refused(err, graph.CodeForbidden, "")
		}},
	}
}
