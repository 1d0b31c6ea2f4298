package neo4jstore

import (
	"context"
	"iter"
	"math"
	"slices"

	"valueweb/graph"
)

var readKnown = moment("known", file("known"))

// readAbove are the statements that lead from ids to all that is above, as pairs of a node and one above it, by
// the relations of the hierarchies.
var readAbove = func() map[graph.Kind]statement {
	all := map[graph.Kind]statement{}
	for kind, relation := range map[graph.Kind]string{
		graph.KindCompetency: "BROADER", graph.KindPartner: "PART_OF", graph.KindRegion: "PART_OF", graph.KindReferral: "CONTINUES", graph.KindSolution: "BUILDS_ON",
	} {
		all[kind] = moment(ofKind("above", kind), filled(file("above"), "KIND", string(kind), "RELATION", relation))
	}
	return all
}()

// prepare reads all that is needed to check and put nodes: the nodes as they are stored, which of those that
// they name there are, the holdings beside holdings, and what is above those that move in a hierarchy.
func (t *tx) prepare(ctx context.Context, nodes []graph.Node) error {
	byKind := map[graph.Kind][]string{}
	for _, node := range nodes {
		byKind[node.Kind()] = append(byKind[node.Kind()], node.Header().ID)
	}
	for _, kind := range graph.Kinds {
		if err := t.load(ctx, kind, byKind[kind]); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context, []graph.Node) error{t.meet, t.visitOffices, t.visitHoldings, t.climb} {
		if err := step(ctx, nodes); err != nil {
			return err
		}
	}
	return nil
}

// meet finds out which of the nodes that others name there are.
func (t *tx) meet(ctx context.Context, nodes []graph.Node) error {
	unknown := map[string]any{}
	for _, kind := range graph.Kinds {
		unknown[string(kind)] = []string{}
	}
	seen := map[name]bool{}
	for _, node := range nodes {
		for _, ref := range node.References() {
			called := name{ref.Kind, ref.ID}
			if seen[called] || t.known(called) {
				continue
			}
			seen[called] = true
			unknown[string(ref.Kind)] = append(unknown[string(ref.Kind)].([]string), ref.ID)
		}
	}
	if len(seen) == 0 {
		return nil
	}
	found, err := t.reader.ask(ctx, readKnown, map[string]any{"ids": unknown})
	if err != nil {
		return err
	}
	for called := range seen {
		t.exists[called] = false
	}
	for _, kind := range graph.Kinds {
		for _, id := range texts[string](found.within("answer"), string(kind)) {
			t.exists[name{kind, id}] = true
		}
	}
	return nil
}

// known reports whether it is known if there is such a node.
func (t *tx) known(called name) bool {
	if t.put[called] != nil {
		return true
	}
	if _, asked := t.stored[called]; asked {
		return true
	}
	_, asked := t.exists[called]
	return asked
}

// there reports whether the transaction sees a node that was asked for.
func (t *tx) there(kind graph.Kind, id string) bool {
	return t.get(kind, id) != nil || t.exists[name{kind, id}]
}

// visitOffices reads the offices that holdings, certifications and contacts are tied to.
func (t *tx) visitOffices(ctx context.Context, nodes []graph.Node) error {
	var offices []string
	for _, node := range nodes {
		if id := officeOf(node); id != "" && t.put[name{graph.KindOffice, id}] == nil {
			offices = append(offices, id)
		}
	}
	return t.load(ctx, graph.KindOffice, offices)
}

// officeOf is the office that a node is tied to, which must be one of its partner.
func officeOf(node graph.Node) string {
	switch n := node.(type) {
	case *graph.Holding:
		return n.Office
	case *graph.Certification:
		return n.Office
	case *graph.Contact:
		if n.Partner != "" {
			return n.Office
		}
	}
	return ""
}

// visitHoldings reads the holdings of the partners of holdings.
func (t *tx) visitHoldings(ctx context.Context, nodes []graph.Node) error {
	var partners []string
	for _, node := range nodes {
		h, ok := node.(*graph.Holding)
		if !ok || h.Partner == "" {
			continue
		}
		if _, asked := t.holdingsOf[h.Partner]; !asked {
			t.holdingsOf[h.Partner] = nil
			partners = append(partners, h.Partner)
		}
	}
	pages, err := related(ctx, everything(t.reader), graph.RelatedQuery{
		Relation: graph.PartnerHoldings, Parents: partners, Page: graph.PageQuery{First: math.MaxInt32},
	}, nil)
	if err != nil {
		return err
	}
	for i, page := range pages {
		for _, node := range page.Nodes {
			t.note(node)
			t.holdingsOf[partners[i]] = append(t.holdingsOf[partners[i]], node.(*graph.Holding))
		}
	}
	return nil
}

// climb reads what is above the nodes that change their place in a hierarchy. What stands above nothing
// closes no circle, so a node that is new needs no look, unless it is put more than once.
func (t *tx) climb(ctx context.Context, nodes []graph.Node) error {
	times := map[name]int{}
	for _, node := range nodes {
		times[nameOf(node)]++
	}
	from := map[graph.Kind][]string{}
	for _, node := range nodes {
		h, ok := graph.Hierarchies[node.Kind()]
		if !ok {
			continue
		}
		before := t.get(node.Kind(), node.Header().ID)
		settled := before == nil || slices.Equal(h.Parents(before), h.Parents(node))
		if settled && times[nameOf(node)] == 1 {
			continue
		}
		from[node.Kind()] = append(from[node.Kind()], h.Parents(node)...)
	}
	for kind, ids := range from {
		if err := t.lookUp(ctx, kind, ids); err != nil {
			return err
		}
	}
	return nil
}

// lookUp reads all that is above some nodes.
func (t *tx) lookUp(ctx context.Context, kind graph.Kind, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := t.reader.ask(ctx, readAbove[kind], map[string]any{"ids": ids})
	if err != nil {
		return err
	}
	for _, value := range found.list("answer") {
		pair, _ := value.([]any)
		below, _ := pair[0].(string)
		above, _ := pair[1].(string)
		called := name{kind, below}
		if !slices.Contains(t.above[called], above) {
			t.above[called] = append(t.above[called], above)
		}
	}
	return nil
}

// check says which invariant a node would break, nil for none (1-graph.md, invariants 1, 4, 5 and 7).
func (t *tx) check(node graph.Node) error {
	if err := graph.CheckNode(node); err != nil {
		return err
	}
	for _, ref := range node.References() {
		if ref.Kind == node.Kind() && ref.ID == node.Header().ID {
			return graph.Invalid(ref.Field, "%q refers to itself", ref.ID)
		}
		if !t.there(ref.Kind, ref.ID) {
			return graph.NotFound(ref.Field, ref.Kind, ref.ID)
		}
	}
	if h, ok := graph.Hierarchies[node.Kind()]; ok {
		return t.checkAcyclic(h, node)
	}
	switch n := node.(type) {
	case *graph.Holding:
		return t.checkHolding(n)
	case *graph.Certification:
		return t.checkOffice(n.Office, n.Partner)
	case *graph.Contact:
		if n.Partner != "" {
			return t.checkOffice(n.Office, n.Partner)
		}
	}
	return nil
}

// checkAcyclic refuses parents from which the node itself is reached. A node that is new, or stays where it is,
// closes no circle.
func (t *tx) checkAcyclic(h graph.Hierarchy, node graph.Node) error {
	kind := node.Kind()
	before := t.get(kind, node.Header().ID)
	if before == nil || slices.Equal(h.Parents(before), h.Parents(node)) {
		return nil
	}
	return h.CheckAcyclic(node, func(id string) []string {
		if changed := t.put[name{kind, id}]; changed != nil {
			return h.Parents(changed)
		}
		return t.above[name{kind, id}]
	})
}

// checkHolding keeps one holding per partner, competency and office at a time.
func (t *tx) checkHolding(h *graph.Holding) error {
	if err := t.checkOffice(h.Office, h.Partner); err != nil {
		return err
	}
	if h.MergedInto != "" {
		return nil
	}
	var clash *graph.Holding
	for other := range t.holdings(h.Partner) {
		if other.ID != h.ID && other.Partner == h.Partner && other.MergedInto == "" && other.Competency == h.Competency && other.Office == h.Office && other.Overlaps(h) &&
			(clash == nil || other.ID < clash.ID) {
			clash = other
		}
	}
	if clash != nil {
		return graph.Invalid("competency_id", "the holding %q of the same partner, competency and office overlaps in time", clash.ID)
	}
	return nil
}

// holdings yields the holdings of a partner as the transaction sees them.
func (t *tx) holdings(partner string) iter.Seq[*graph.Holding] {
	return func(yield func(*graph.Holding) bool) {
		for _, h := range t.holdingsOf[partner] {
			if t.put[name{graph.KindHolding, h.ID}] == nil && !yield(h) {
				return
			}
		}
		for _, h := range t.putHoldings[partner] {
			if t.put[name{graph.KindHolding, h.ID}] == graph.Node(h) && !yield(h) {
				return
			}
		}
	}
}

// checkOffice refuses an office of another partner.
func (t *tx) checkOffice(office, partner string) error {
	if o, ok := t.get(graph.KindOffice, office).(*graph.Office); ok && o.Partner != partner {
		return graph.Invalid("office_id", "the office %q belongs to %q, not to %q", office, o.Partner, partner)
	}
	return nil
}
