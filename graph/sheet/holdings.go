package sheet

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"

	"valueweb/graph"
)

var holdings = define(table[graph.Holding, *graph.Holding]{
	sheet: "partner_competencies",
	columns: []column[graph.Holding]{
		reference("partner_id", func(h *graph.Holding) *string { return &h.Partner }).must(),
		reference("competency_id", func(h *graph.Holding) *string { return &h.Competency }).must(),
		reference("office_id", func(h *graph.Holding) *string { return &h.Office }),
		{name: "level", set: setLevel},
		date("since", func(h *graph.Holding) *graph.Date { return &h.Since }),
		date("until", func(h *graph.Holding) *graph.Date { return &h.Until }),
		truth("remote", false, func(h *graph.Holding) *bool { return &h.Remote }),
		{name: "offer", set: func(h *graph.Holding, c cell) error {
			h.Offers = nil
			if c.text != "" {
				h.Offers = []string{c.text}
			}
			return checkLength(c.text, graph.MaxName)
		}},
	},
	key: func(h *graph.Holding) []string {
		return []string{h.Partner, h.Competency, h.Office, h.Since.String()}
	},
	check: func(h *graph.Holding, found *findings) {
		ordered(found, h.Since, h.Until, "since", "until")
	},
	// Rows of one partner stay together, so that those which make one holding do.
	together: func(a, b *graph.Holding) bool { return a.Partner == b.Partner },
	put:      putHoldings,
})

func setLevel(h *graph.Holding, c cell) error {
	h.Level = 0
	if c.text == "" {
		return nil
	}
	level, err := strconv.Atoi(c.text)
	if err != nil || level < 1 || level > graph.MaxLevel {
		return fmt.Errorf("%q is not a level between 1 and %d", c.text, graph.MaxLevel)
	}
	h.Level = level
	return nil
}

type (
	holdingRow  = row[graph.Holding]
	holdingPass = pass[graph.Holding, *graph.Holding]
)

// triple is what there is one holding of at a time.
type triple struct{ partner, competency, office string }

func tripleOf(h *graph.Holding) triple { return triple{h.Partner, h.Competency, h.Office} }

// claim is a holding while rows are put into it.
type claim struct {
	stored   *graph.Holding // nil: the holding is new
	node     *graph.Holding
	parts    []*part          // that the rows put into it
	absorbed []*graph.Holding // stored holdings that the rows join to it
	restated bool             // a row says that its period is another one
}

// part is the rows of one claim that say the same since and offer: they count as one.
type part struct {
	holding  *graph.Holding
	rows     []*holdingRow
	explicit bool // the id was stated
}

// putHoldings stores rows of holdings: those of one partner, competency and office whose dates overlap
// make one holding, together with what is stored of them.
func putHoldings(ctx context.Context, p *holdingPass) error {
	claims := map[triple][]*claim{}
	byID := map[string]*graph.Holding{}
	if err := storedClaims(ctx, p, claims, byID); err != nil {
		return err
	}
	var order []triple
	seen := map[triple]bool{}
	for _, part := range collapse(p) {
		t := tripleOf(part.holding)
		part.adopt(p.binding, claims[t])
		if refusePart(p, part, byID) {
			continue
		}
		claims[t] = join(claims[t], part, byID, p.binding)
		if !seen[t] {
			seen[t] = true
			order = append(order, t)
		}
	}
	var touched []*claim
	for _, t := range order {
		touched = append(touched, slices.DeleteFunc(claims[t], func(c *claim) bool { return len(c.parts) == 0 })...)
	}
	return putClaims(ctx, p, touched)
}

// storedClaims reads the holdings of the partners of the rows, and those whose ids the rows state.
func storedClaims(ctx context.Context, p *holdingPass, claims map[triple][]*claim, byID map[string]*graph.Holding) error {
	var partners, ids []string
	seen := map[string]bool{}
	for _, r := range p.rows {
		if partner := p.text("partner_id", r.cells); !seen[partner] {
			seen[partner] = true
			partners = append(partners, partner)
		}
		if id := p.text("id", r.cells); id != "" {
			ids = append(ids, id)
		}
	}
	pages, err := p.tx.Related(ctx, p.viewer, graph.RelatedQuery{
		Relation: graph.PartnerHoldings, Parents: partners, Page: graph.PageQuery{First: math.MaxInt32},
	})
	if err != nil {
		return fmt.Errorf("reading the holdings of %d partners: %w", len(partners), err)
	}
	for _, page := range pages {
		for _, n := range page.Nodes {
			h := n.(*graph.Holding)
			byID[h.ID] = h
			if h.MergedInto == "" {
				t := tripleOf(h)
				claims[t] = append(claims[t], &claim{stored: h, node: h})
			}
		}
	}
	stated, err := p.tx.Read(ctx, p.viewer, graph.KindHolding, ids)
	if err != nil {
		return fmt.Errorf("reading %d holdings: %w", len(ids), err)
	}
	for _, n := range stated {
		if n != nil {
			byID[n.Header().ID] = n.(*graph.Holding)
		}
	}
	return nil
}

// collapse joins the rows that say the same since and offer: the highest level, the latest end, remote
// if any is.
func collapse(p *holdingPass) []*part {
	type key struct {
		triple
		since graph.Date
		offer string
	}
	var parts []*part
	known := map[key]*part{}
	for _, r := range p.rows {
		h := p.compose(&group[graph.Holding]{id: r.id, rows: []*holdingRow{r}})
		k := key{tripleOf(h), h.Since, offerOf(h)}
		if same := known[k]; same != nil {
			same.add(h, r)
			continue
		}
		known[k] = &part{holding: h, rows: []*holdingRow{r}, explicit: p.text("id", r.cells) != ""}
		parts = append(parts, known[k])
	}
	return parts
}

func (a *part) add(h *graph.Holding, r *holdingRow) {
	a.rows = append(a.rows, r)
	a.holding.Level = max(a.holding.Level, h.Level)
	a.holding.Remote = a.holding.Remote || h.Remote
	a.holding.Synthetic = a.holding.Synthetic || h.Synthetic
	a.holding.ExternalIDs = with(a.holding.ExternalIDs, h.ExternalIDs...)
	if a.holding.Until.IsZero() || h.Until.IsZero() {
		a.holding.Until = 0
	} else {
		a.holding.Until = max(a.holding.Until, h.Until)
	}
}

func offerOf(h *graph.Holding) string {
	if len(h.Offers) == 0 {
		return ""
	}
	return h.Offers[0]
}

// adopt fills in what the file has no columns for from what is stored of the same claim.
func (a *part) adopt(b *binding[graph.Holding], claims []*claim) {
	has := func(column string) bool { return hasKey(b.places, column) }
	if has("level") && has("since") && has("until") && has("remote") && has("offer") {
		return
	}
	for _, c := range claims {
		if c.stored == nil {
			continue
		}
		for _, old := range c.stored.Claims() {
			if has("since") && old.Since != a.holding.Since || has("offer") && old.Offer != offerOf(a.holding) {
				continue
			}
			a.fill(old, has)
			return
		}
	}
}

func (a *part) fill(old graph.HoldingPart, has func(column string) bool) {
	h := a.holding
	if !has("since") {
		h.Since = old.Since
	}
	if !has("offer") && old.Offer != "" {
		h.Offers = []string{old.Offer}
	}
	if !has("level") {
		h.Level = old.Level
	}
	if !has("until") {
		h.Until = old.Until
	}
	if !has("remote") {
		h.Remote = old.Remote
	}
}

// refusePart refuses the rows of a part that cannot be stored whatever else is.
func refusePart(p *holdingPass, a *part, byID map[string]*graph.Holding) bool {
	var found findings
	p.check(a.holding, &found)
	if old := byID[a.holding.ID]; old != nil && tripleOf(old) != tripleOf(a.holding) {
		found.fail("id", a.holding.ID, fmt.Sprintf("the id is that of a holding of %q in %q", old.Partner, old.Competency))
	}
	if !found.failed() {
		return false
	}
	for _, r := range a.rows {
		p.outcomes = append(p.outcomes, outcome[graph.Holding]{row: r, status: rejected, found: p.valued(slices.Clone(found), r)})
	}
	return true
}

// join puts a part into the claim that it overlaps, and joins all that it overlaps to one: the stored
// one with the smallest id, else the new one with the smallest id. It returns the claims that remain.
func join(claims []*claim, a *part, byID map[string]*graph.Holding, b *binding[graph.Holding]) []*claim {
	var target *claim
	for _, c := range claims {
		if c.node.Overlaps(a.holding) && (target == nil || c.before(target)) {
			target = c
		}
	}
	if target == nil {
		if target = claimOfID(claims, a, byID); !slices.Contains(claims, target) {
			claims = append(claims, target)
		}
	}
	target.edit()
	claims = slices.DeleteFunc(slices.Clone(claims), func(c *claim) bool {
		if c == target || !c.node.Overlaps(a.holding) {
			return false
		}
		target.absorb(c)
		return true
	})
	target.describe(a.holding, b)
	target.node.Merge(a.holding)
	target.parts = append(target.parts, a)
	return claims
}

// claimOfID returns a claim for a part that overlaps none: a new one, or the one whose id the part
// states, with its period corrected.
func claimOfID(claims []*claim, a *part, byID map[string]*graph.Holding) *claim {
	for _, c := range claims {
		if c.node.ID != a.holding.ID {
			continue
		}
		if len(c.parts) == 0 {
			c.restate(a.holding)
		}
		return c
	}
	node := *a.holding
	c := &claim{node: &node}
	if old := byID[a.holding.ID]; old != nil {
		c.stored = old
		c.restate(a.holding)
	}
	return c
}

// restate makes the claim say what one row says and nothing else.
func (c *claim) restate(h *graph.Holding) {
	node := *h
	node.Meta = c.stored.Meta
	c.node, c.restated = &node, true
}

// before orders the claims that may take over others: stored ones first, then by id.
func (c *claim) before(other *claim) bool {
	if (c.stored != nil) != (other.stored != nil) {
		return c.stored != nil
	}
	return c.node.ID < other.node.ID
}

// edit makes sure that the node is the claim's own.
func (c *claim) edit() {
	if c.node == c.stored {
		node := *c.stored
		c.node = &node
	}
}

// absorb takes over another claim.
func (c *claim) absorb(other *claim) {
	c.node.Merge(other.node)
	c.node.ExternalIDs = with(c.node.ExternalIDs, other.node.ExternalIDs...)
	c.parts = append(c.parts, other.parts...)
	c.absorbed = append(c.absorbed, other.absorbed...)
	if other.stored != nil {
		c.absorbed = append(c.absorbed, other.stored)
	}
}

// describe takes over what the rows say beside the claim itself.
func (c *claim) describe(h *graph.Holding, b *binding[graph.Holding]) {
	if hasKey(b.places, "synthetic") {
		c.node.Synthetic = h.Synthetic || len(c.parts) > 0 && c.node.Synthetic
	}
	if hasKey(b.places, "external_ids") {
		c.node.ExternalIDs = with(c.node.ExternalIDs, h.ExternalIDs...)
	}
	if hasKey(b.places, "retired_on") {
		c.node.RetiredOn = h.RetiredOn
	}
}

// putClaims stores claims: what a claim absorbed gives way first.
func putClaims(ctx context.Context, p *holdingPass, claims []*claim) error {
	var nodes []graph.Node
	var put []*claim
	var at []int // place in nodes of each claim put
	for _, c := range claims {
		if c.stored != nil && len(c.absorbed) == 0 && reflect.DeepEqual(c.stored, c.node) {
			tell(p, c, nil)
			continue
		}
		for _, other := range c.absorbed {
			void := *other
			void.MergedInto = c.node.ID
			nodes = append(nodes, &void)
		}
		nodes, put, at = append(nodes, c.node), append(put, c), append(at, len(nodes))
	}
	if len(nodes) == 0 {
		return nil
	}
	refusals, err := p.tx.Put(ctx, nodes)
	if err != nil {
		return fmt.Errorf("storing holdings: %w", err)
	}
	var restore []graph.Node
	for i, c := range put {
		var refusal error
		if at[i] < len(refusals) {
			refusal = refusals[at[i]]
		}
		if refusal != nil {
			for _, other := range c.absorbed {
				again := *other
				restore = append(restore, &again)
			}
		}
		tell(p, c, refusal)
	}
	if len(restore) > 0 {
		_, err = p.tx.Put(ctx, restore)
	}
	return err
}

// tell notes what became of the rows of a claim.
func tell(p *holdingPass, c *claim, refusal error) {
	first := 0
	for _, a := range c.parts {
		if n := a.rows[0].number; first == 0 || n < first {
			first = n
		}
	}
	for _, a := range c.parts {
		verdict := c.verdict(a)
		for i, r := range a.rows {
			o := outcome[graph.Holding]{row: r, status: verdict, gid: c.node.GID()}
			switch {
			case refusal != nil:
				o = refused(p, r, refusal)
			case c.stored == nil && r.number == first:
				o.status = added
			case i > 0 && verdict != unchanged:
				o.status = merged
			}
			p.outcomes = append(p.outcomes, o)
		}
	}
}

// verdict says what a part did to what was stored.
func (c *claim) verdict(a *part) status {
	if c.restated {
		return changed
	}
	h := a.holding
	now := graph.HoldingPart{Level: h.Level, Since: h.Since, Until: h.Until, Remote: h.Remote, Offer: offerOf(h)}
	for _, stored := range append(slices.Clip(c.absorbed), c.stored) {
		if stored == nil {
			continue
		}
		for _, old := range stored.Claims() {
			if old.Since == now.Since && old.Offer == now.Offer {
				if old == now && c.node.Synthetic == c.stored.Synthetic && reflect.DeepEqual(c.node.ExternalIDs, c.stored.ExternalIDs) && c.node.RetiredOn == c.stored.RetiredOn {
					return unchanged
				}
				return changed
			}
		}
	}
	return merged
}

func refused(p *holdingPass, r *holdingRow, refusal error) outcome[graph.Holding] {
	e := asRefusal(refusal)
	o := outcome[graph.Holding]{row: r, status: rejected, refusal: e}
	o.found.fail(e.Field, p.text(e.Field, r.cells), e.Message)
	return o
}
