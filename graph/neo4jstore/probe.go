package neo4jstore

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"valueweb/graph"
)

// An index of texts is searched as it was last opened, which may be a moment before the commit that has just
// returned: a text that a transaction brought is then found neither in its new place nor in its old one. So
// that no reader takes this for the graph, the end of a commit is told only once the indexes find what it
// brought.

// probe is a text that an index must find: one a kind is enough, for an index is opened anew with all that
// was committed.
type probe struct {
	kind     graph.Kind
	id, text string
}

// The probes of a commit are tried this often, with a pause in between, and given up then: another server may
// have changed the node again.
const (
	probeTries = 50
	probePause = 2 * time.Millisecond
)

var probeTexts = func() map[graph.Kind]statement {
	all := map[graph.Kind]statement{}
	for kind := range searched {
		all[kind] = newStatement(ofKind("probe text", kind), filled(file("probe-text"), "KIND", string(kind)))
	}
	return all
}()

// probesOf are a node a kind with a text that is new in the index.
func (t *tx) probesOf(changed []graph.Node) []probe {
	var probes []probe
	seen := map[graph.Kind]bool{}
	for _, node := range changed {
		kind := node.Kind()
		if !searched[kind] || seen[kind] || len(textsOf(node)) > maxIndexed {
			continue
		}
		if text := newText(t.stored[nameOf(node)], node); text != "" {
			seen[kind] = true
			probes = append(probes, probe{kind, node.Header().ID, text})
		}
	}
	return probes
}

// shortestProbe is the number of bytes below which a text is found in too many nodes to be looked for.
const shortestProbe = 3

// newText is a text of a node that it did not have before, empty where there is none.
func newText(before, node graph.Node) string {
	var had []string
	if before != nil {
		had = strings.Split(textsOf(before), separator)
	}
	for text := range strings.SplitSeq(textsOf(node), separator) {
		if len(text) >= shortestProbe && !slices.Contains(had, text) {
			return text
		}
	}
	return ""
}

// findable returns once the indexes find the probes. A failure is none of the transaction's, which is
// committed.
func (s *Store) findable(ctx context.Context, probes []probe) {
	if len(probes) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
	defer cancel()
	session := s.session(ctx, neo4j.AccessModeRead)
	defer s.closed(ctx, session)
	for _, p := range probes {
		for try := 0; try < probeTries && !s.found(ctx, session, p); try++ {
			rest(ctx, probePause)
		}
	}
}

// found looks for a probe once; a database that is away has nothing to wait for.
func (s *Store) found(ctx context.Context, session neo4j.SessionWithContext, p probe) bool {
	answer, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return managed{s, tx}.ask(ctx, probeTexts[p.kind], map[string]any{"text": p.text, "id": p.id})
	})
	if err != nil {
		return true
	}
	found, _ := answer.(row)
	return found.truth("found")
}

// rest returns after a pause, or once the context ends.
func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
