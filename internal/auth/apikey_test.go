package auth

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// desk makes keys and lets them in, by a clock that is set.
type desk struct {
	Keys
	graph *graph.Graph
	now   time.Time
	used  []string
}

func newDesk(t *testing.T) *desk {
	d := &desk{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	store := embedded.Memory(embedded.Options{Clock: clock})
	_, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, []graph.Node{&graph.Partner{Meta: graph.Meta{ID: "acme"}, Name: "Acme", Status: graph.Active}})
		return errors.Join(err, tx.Log(ctx, graph.Event{Type: graph.EventImportApplied}))
	})
	if err != nil {
		t.Fatal(err)
	}
	d.graph = &graph.Graph{Store: store, Clock: clock}
	d.Keys = Keys{Ring: store, Clock: clock, Used: func(id string) { d.used = append(d.used, id) }}
	return d
}

// key makes a key that expires after a while, if any, and returns its token.
func (d *desk) key(t *testing.T, expires time.Time) (*graph.APIKey, string) {
	t.Helper()
	made, token, err := d.graph.CreateAPIKey(t.Context(), graph.Operator, graph.APIKey{Partner: "acme", Name: "CRM", Scopes: []graph.Scope{graph.ScopeRefer, graph.ScopeRead}, ExpiresAt: expires})
	if err != nil {
		t.Fatal(err)
	}
	return made.Node, token
}

func TestATokenOfAKeyHasAPublicAndASecretPart(t *testing.T) {
	d := newDesk(t)
	form := regexp.MustCompile(`^vw_([a-z2-7]{12})_([0-9a-zA-Z]{43})$`)
	seen := map[string]bool{}
	for range 100 {
		key, token := d.key(t, time.Time{})
		parts := form.FindStringSubmatch(token)
		if parts == nil || parts[1] != key.ID || seen[parts[1]] || seen[parts[2]] {
			t.Fatalf("the token of %s is %s", key.ID, token)
		}
		seen[parts[1]], seen[parts[2]] = true, true
		if strings.Contains(key.Digest, parts[2]) || len(key.Digest) != 64 {
			t.Errorf("what is kept of %s is %s", token, key.Digest)
		}
	}
}

func TestAKeyAsksForItsPartnerWithinItsScopes(t *testing.T) {
	d := newDesk(t)
	expires := d.now.Add(time.Hour)
	key, token := d.key(t, expires)
	viewer, err := d.Viewer(t.Context(), token)
	want := graph.Viewer{Expires: expires, Role: graph.RolePartner, Organisation: "acme", Key: key.ID, Scopes: graph.ScopesOf([]graph.Scope{graph.ScopeRead, graph.ScopeRefer})}
	if err != nil || viewer != want || viewer.Validate() != nil {
		t.Errorf("the viewer is %+v %v", viewer, err)
	}
	if viewer.Called() != graph.RoleService || viewer.String() != "SERVICE:acme "+key.ID {
		t.Errorf("it is called %s, %s", viewer.Called(), viewer)
	}
	if viewer.Within(graph.ScopeRead) != nil || viewer.Within(graph.ScopePost) == nil {
		t.Error("it may read and may not post")
	}
	if len(d.used) != 1 || d.used[0] != key.ID {
		t.Errorf("the uses are %v", d.used)
	}
}

func TestAKeyThatDoesNotCountIsRefusedInWords(t *testing.T) {
	d := newDesk(t)
	key, token := d.key(t, d.now.Add(time.Hour))
	secret := token[len(token)-43:]
	wrong := token[:len(token)-1] + map[bool]string{true: "A", false: "B"}[token[len(token)-1] == 'B']
	const unproven = "the API key does not count here"
	refuse := func(token, says string) {
		t.Helper()
		viewer, err := d.Viewer(t.Context(), token)
		e, ok := graph.AsError(err)
		if !ok || e.Code != graph.CodeUnauthenticated || !strings.Contains(e.Message, says) || viewer != (graph.Viewer{}) {
			t.Errorf("%s: %+v %v", token, viewer, err)
			return
		}
		for _, text := range []string{e.Message, causeOf(e)} {
			if strings.Contains(text, secret) || strings.Contains(text, wrong[len(wrong)-43:]) {
				t.Errorf("the secret is told: %s", text)
			}
		}
	}
	for _, bad := range []string{
		"vw_", "vw_" + key.ID, "vw_" + key.ID + "_", "vw__" + secret, "vw_" + key.ID + "-" + secret, token + "0", " " + token, wrong,
		"vw_aaaaaaaaaaaa_" + secret, "vw_" + key.ID + "_" + key.Digest[:43], strings.ToUpper(token),
	} {
		refuse(bad, unproven)
	}
	d.now = d.now.Add(time.Hour)
	refuse(token, "has expired")
	refuse(wrong, unproven)
	d.now = d.now.Add(-time.Second)
	if _, err := d.Viewer(t.Context(), token); err != nil {
		t.Errorf("before it expires: %v", err)
	}
	if _, err := d.graph.RevokeAPIKey(t.Context(), graph.Operator, graph.Edit{ID: key.ID}); err != nil {
		t.Fatal(err)
	}
	refuse(token, "was revoked")
	refuse(wrong, unproven)
	if len(d.used) != 1 {
		t.Errorf("the uses are %v", d.used)
	}
}

// silent is a ring that is away.
type silent struct{}

func (silent) Key(context.Context, string) (*graph.APIKey, error) {
	return nil, graph.Unavailable(nil, "away")
}

func TestWhileTheStoreIsAwayNoKeyIsCalledWrong(t *testing.T) {
	d := newDesk(t)
	_, token := d.key(t, time.Time{})
	d.Ring = silent{}
	_, err := d.Viewer(t.Context(), token)
	if e, ok := graph.AsError(err); !ok || e.Code != graph.CodeUnavailable {
		t.Errorf("the error is %v", err)
	}
}

func causeOf(e *graph.Error) string {
	if e.Unwrap() == nil {
		return ""
	}
	return e.Unwrap().Error()
}
