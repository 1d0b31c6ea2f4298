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

var holdings = define(graph.Holding{}, table{
	sheet: "partner_competencies",
	columns: []column{
		reference("partner_id", func(h *graph.Holding) *string { return &h.Partner }).must(),
		reference("competency_id", func(h *graph.Holding) *string { return &h.Competency }).must(),
		reference("office_id", func(h *graph.Holding) *string { return &h.Office }),
		columnOf("level", setLevel, func(h *graph.Holding) string {
			if h.Level == 0 {
				return ""
			}
			return strconv.Itoa(h.Level)
		}),
		date("since", func(h *graph.Holding) *graph.Date { return &h.Since }),
		date("until", func(h *graph.Holding) *graph.Date { return &h.Until }),
		truth("remote", false, func(h *graph.Holding) *bool { return &h.Remote }),
		columnOf("offer", func(h *graph.Holding, c cell) error {
			h.Offers = nil
			if c.text != "" {
				h.Offers = []string{c.text}
			}
			return checkLength(c.text, graph.MaxName)
		}, offerOf),
		reference("merged_into", func(h *graph.Holding) *string { return &h.MergedInto }),
	},
	key: naturalKey((*graph.Holding).NaturalKey),
	check: checked(func(h *graph.Holding, found *findings) {
		ordered(found, h.Since, h.Until, "since", "until")
	}),
	// Rows of one partner stay together, so that those which make one holding do.
	together: func(a, b graph.Node) bool { return a.(*graph.Holding).Partner == b.(*graph.Holding).Partner },
	put:      putHoldings,
	mark: func(n graph.Node) []string {
		h := n.(*graph.Holding)
		return []string{h.Partner, h.Competency, h.Office, h.Since.String(), offerOf(h), h.MergedInto}
	},
	void:    func(n graph.Node) bool { return n.(*graph.Holding).MergedInto != "" },
	rows:    holdingRows,
	join:    joinHolding,
	settled: settledHolding,
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

// triple is what there is one holding of at a time.
type triple struct{ partner, competency, office string }

func tripleOf(h *graph.Holding) triple { return triple{h.Partner, h.Competency, h.Office} }

// claim is a holding while rows are put into it.
type claim struct {
	stored   *graph.Holding // nil: the holding is new
	node     *graph.Holding
	parts    []*part          // that the rows put into it
	absorbed []*graph.Holding // stored holdings that the rows join to it
	touched  bool             // by a row of this file
	restated bool             // a row says that its period is another one
}

// part is a row as a part of a claim.
type part struct {
	holding  *graph.Holding
	row      *row
	corrects bool // it took the place of a stored one
}

// says returns the part as a holding keeps it.
func (a *part) says() graph.HoldingPart { return a.holding.Claims()[0] }

// putting is the rows of one transaction on their way into claims.
type putting struct {
	*pass
	claims map[triple][]*claim
	byID   map[string]*graph.Holding
	marks  map[uint64]bool // of the rows of this transaction
	taken  map[string]bool // ids of which rows of this transaction say that others took them over
}

// putHoldings stores rows of holdings: those of one partner, competency and office whose dates overlap
// make one holding, together with what is stored of them.
func putHoldings(ctx context.Context, pass *pass) error {
	p := &putting{pass, map[triple][]*claim{}, map[string]*graph.Holding{}, map[uint64]bool{}, map[string]bool{}}
	if err := p.storedClaims(ctx); err != nil {
		return err
	}
	claiming, void := p.split()
	if err := p.putVoid(ctx, void); err != nil {
		return err
	}
	var order []triple
	seen := map[triple]bool{}
	for _, a := range claiming {
		p.adopt(a)
		if p.refuse(a) || p.contradicted(a) {
			continue
		}
		p.join(a)
		if t := tripleOf(a.holding); !seen[t] {
			seen[t] = true
			order = append(order, t)
		}
	}
	var touched []*claim
	for _, t := range order {
		touched = append(touched, slices.DeleteFunc(p.claims[t], func(c *claim) bool { return len(c.parts) == 0 })...)
	}
	return putClaims(ctx, pass, touched)
}

// split tells the rows that claim something from those about holdings that others took over.
func (p *putting) split() (claiming, void []*part) {
	for _, r := range p.rows {
		a := &part{holding: p.compose(&group{id: r.id, rows: []*row{r}}).(*graph.Holding), row: r}
		if a.holding.MergedInto == "" {
			claiming = append(claiming, a)
		} else {
			void = append(void, a)
		}
	}
	return claiming, void
}

// storedClaims reads the holdings of the partners of the rows, and those whose ids the rows state.
func (p *putting) storedClaims(ctx context.Context) error {
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
			p.byID[h.ID] = h
			if h.MergedInto == "" {
				t := tripleOf(h)
				p.claims[t] = append(p.claims[t], p.claimOf(h))
			}
		}
	}
	stated, err := p.tx.Read(ctx, p.viewer, graph.KindHolding, ids)
	if err != nil {
		return fmt.Errorf("reading %d holdings: %w", len(ids), err)
	}
	for _, n := range stated {
		if n != nil {
			p.byID[n.Header().ID] = n.(*graph.Holding)
		}
	}
	return nil
}

func (p *putting) claimOf(stored *graph.Holding) *claim {
	_, touched := p.seen[hashOf(stored.GID())]
	return &claim{stored: stored, node: stored, touched: touched}
}

func offerOf(h *graph.Holding) string {
	if len(h.Offers) == 0 {
		return ""
	}
	return h.Offers[0]
}

// adopt fills in what the file has no columns for from what is known of the same claim: from a part that
// says all that the row says, else from the first one of the same since and offer.
func (p *putting) adopt(a *part) {
	said := a.says()
	anySince, anyOffer := !hasKey(p.places, "since"), !hasKey(p.places, "offer")
	var parts []graph.HoldingPart
	for _, c := range p.claims[tripleOf(a.holding)] {
		for _, old := range c.node.Claims() {
			if (anySince || old.Since == said.Since) && (anyOffer || old.Offer == said.Offer) {
				parts = append(parts, old)
			}
		}
	}
	if len(parts) == 0 {
		return
	}
	slices.SortFunc(parts, graph.HoldingPart.Compare)
	at := max(0, slices.IndexFunc(parts, func(old graph.HoldingPart) bool { return p.filled(said, old) == old }))
	a.fill(p.filled(said, parts[at]))
}

// filled returns what a part says, and what another one says where the file has no column for it.
func (p *putting) filled(now, old graph.HoldingPart) graph.HoldingPart {
	lacks := func(column string) bool { return !hasKey(p.places, column) }
	if lacks("since") {
		now.Since = old.Since
	}
	if lacks("offer") {
		now.Offer = old.Offer
	}
	if lacks("level") {
		now.Level = old.Level
	}
	if lacks("until") {
		now.Until = old.Until
	}
	if lacks("remote") {
		now.Remote = old.Remote
	}
	if lacks("synthetic") {
		now.Synthetic = old.Synthetic
	}
	if lacks("retired_on") {
		now.RetiredOn = old.RetiredOn
	}
	return now
}

func (a *part) fill(now graph.HoldingPart) {
	h := a.holding
	h.Level, h.Since, h.Until, h.Remote, h.Synthetic, h.RetiredOn = now.Level, now.Since, now.Until, now.Remote, now.Synthetic, now.RetiredOn
	h.Offers = nil
	if now.Offer != "" {
		h.Offers = []string{now.Offer}
	}
}

// refuse refuses a row that cannot be stored whatever else is.
func (p *putting) refuse(a *part) bool {
	var found findings
	p.check(a.holding, &found)
	if into := a.holding.MergedInto; into != "" && p.text("id", a.row.cells) == "" {
		found.fail("merged_into", into, "a holding that was taken over needs its id")
	} else if into == a.holding.ID {
		found.fail("merged_into", into, "a holding cannot take over itself")
	}
	if old := p.byID[a.holding.ID]; old != nil && tripleOf(old) != tripleOf(a.holding) {
		found.fail("id", a.holding.ID, fmt.Sprintf("the id is that of a holding of %q in %q", old.Partner, old.Competency))
	}
	if !found.failed() {
		return false
	}
	p.outcomes = append(p.outcomes, outcome{row: a.row, status: rejected, found: p.valued(found, a.row)})
	return true
}

// putVoid stores what rows say of holdings that others took over. These claim nothing and may overlap
// anything.
func (p *putting) putVoid(ctx context.Context, parts []*part) error {
	var claims []*claim
	byID := map[string]*claim{}
	for _, a := range parts {
		if p.refuse(a) {
			continue
		}
		c := byID[a.holding.ID]
		if c == nil {
			c = p.voidOf(a)
			byID[a.holding.ID], claims = c, append(claims, c)
		}
		if c.node.MergedInto != a.holding.MergedInto {
			p.contradict(a)
			continue
		}
		p.taken[a.holding.ID] = true
		c.edit()
		p.add(c, a)
	}
	return putClaims(ctx, p.pass, claims)
}

// contradicted refuses a row that claims something for a holding of which the file says that another one
// took it over.
func (p *putting) contradicted(a *part) bool {
	if !p.taken[a.holding.ID] && p.seen[hashOf(a.holding.GID())] != saidVoid {
		return false
	}
	p.contradict(a)
	return true
}

func (p *putting) contradict(a *part) {
	o := outcome{row: a.row, status: rejected}
	o.found.fail("merged_into", a.holding.MergedInto, "another row of the same id says something else about who took the holding over")
	p.outcomes = append(p.outcomes, o)
}

// voidOf is the holding that a row says was taken over, which from then on claims nothing.
func (p *putting) voidOf(a *part) *claim {
	old := p.byID[a.holding.ID]
	if old == nil {
		node := *a.holding
		return &claim{node: &node}
	}
	c := p.claimOf(old)
	if !c.touched && old.MergedInto != a.holding.MergedInto {
		c.edit()
		c.node.MergedInto, c.restated = a.holding.MergedInto, true
		t := tripleOf(old)
		p.claims[t] = slices.DeleteFunc(p.claims[t], func(live *claim) bool { return live.stored == old })
	}
	return c
}

// join puts a part into the claim that it overlaps, and joins all that overlap then to one: the stored
// one with the smallest id, else the new one with the smallest id.
func (p *putting) join(a *part) {
	t := tripleOf(a.holding)
	var target *claim
	for _, c := range p.claims[t] {
		if c.node.Overlaps(a.holding) && (target == nil || c.before(target)) {
			target = c
		}
	}
	if target == nil {
		if target = p.claimOfID(a); !slices.Contains(p.claims[t], target) {
			p.claims[t] = append(p.claims[t], target)
		}
	}
	target.edit()
	p.absorb(target, a.holding)
	p.add(target, a)
	p.absorb(target, target.node)
}

// add puts a part into a claim. One that is there already changes nothing. Else it takes the place of the
// only one of the same since and offer, unless a row of this file said something about these before; or
// it is one more.
func (p *putting) add(c *claim, a *part) {
	if hasKey(p.places, "external_ids") {
		c.node.ExternalIDs = with(c.node.ExternalIDs, a.holding.ExternalIDs...)
	}
	_, before := p.seen[a.row.mark]
	known := slices.Contains(c.node.Claims(), a.says())
	if !known && !before && !p.marks[a.row.mark] {
		a.corrects = c.node.Correct(a.says())
	}
	if !known && !a.corrects {
		c.node.Merge(a.holding)
	}
	p.marks[a.row.mark] = true
	c.parts, c.touched = append(c.parts, a), true
}

// claimOfID returns a claim for a part that overlaps none: a new one, or the one whose id the part
// states. Its period is corrected, unless a row of this file said something about it before.
func (p *putting) claimOfID(a *part) *claim {
	for _, c := range p.claims[tripleOf(a.holding)] {
		if c.node.ID == a.holding.ID {
			if !c.touched {
				p.restate(c, a)
			}
			return c
		}
	}
	if old := p.byID[a.holding.ID]; old != nil {
		c := p.claimOf(old)
		p.restate(c, a)
		return c
	}
	node := *a.holding
	return &claim{node: &node}
}

// restate makes the claim say what one row says and nothing else.
func (p *putting) restate(c *claim, a *part) {
	a.fill(p.filled(a.says(), c.stored.Claims()[0]))
	node := *a.holding
	node.Meta = c.stored.Meta
	node.Synthetic, node.RetiredOn = a.holding.Synthetic, a.holding.RetiredOn
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

// absorb joins to a claim all others of its kind that overlap a period, and then what overlaps it.
func (p *putting) absorb(c *claim, period *graph.Holding) {
	t := tripleOf(c.node)
	for {
		at := slices.IndexFunc(p.claims[t], func(other *claim) bool { return other != c && other.node.Overlaps(period) })
		if at < 0 {
			return
		}
		other := p.claims[t][at]
		p.claims[t] = slices.Delete(p.claims[t], at, at+1)
		c.node.Merge(other.node)
		c.node.ExternalIDs = with(c.node.ExternalIDs, other.node.ExternalIDs...)
		c.parts = append(c.parts, other.parts...)
		c.touched = c.touched || other.touched
		c.absorbed = append(c.absorbed, other.absorbed...)
		if other.stored != nil {
			c.absorbed = append(c.absorbed, other.stored)
		}
	}
}

// putClaims stores claims: what a claim absorbed gives way first.
func putClaims(ctx context.Context, p *pass, claims []*claim) error {
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
func tell(p *pass, c *claim, refusal error) {
	first := math.MaxInt
	for _, a := range c.parts {
		first = min(first, a.row.number)
	}
	for _, a := range c.parts {
		o := outcome{row: a.row, status: c.verdict(a), gid: c.node.GID()}
		switch {
		case refusal != nil:
			o = refused(p, a.row, refusal)
		case c.stored == nil && a.row.number == first:
			o.status = added
		}
		p.outcomes = append(p.outcomes, o)
	}
}

// verdict says what a part did to what was stored.
func (c *claim) verdict(a *part) status {
	if c.restated || a.corrects {
		return changed
	}
	for _, stored := range append(slices.Clip(c.absorbed), c.stored) {
		if stored == nil || !slices.Contains(stored.Claims(), a.says()) {
			continue
		}
		if c.stored == nil || !slices.Equal(c.node.ExternalIDs, c.stored.ExternalIDs) {
			return changed
		}
		return unchanged
	}
	return merged
}

func refused(p *pass, r *row, refusal error) outcome {
	e := asRefusal(refusal)
	o := outcome{row: r, status: rejected, refusal: e}
	o.found.fail(e.Field, p.text(e.Field, r.cells), e.Message)
	return o
}

// holdingRows are the rows that a holding is written as: one for each of its claims, all with its id. The
// external ids stand in the first of them, but a row holds one of each system.
func holdingRows(n graph.Node) []graph.Node {
	h := n.(*graph.Holding)
	claims, ids := h.Claims(), apart(h.ExternalIDs)
	rows := make([]graph.Node, max(len(claims), len(ids)))
	for i := range rows {
		row := &part{holding: &graph.Holding{
			Meta: graph.Meta{ID: h.ID}, Partner: h.Partner, Competency: h.Competency, Office: h.Office, MergedInto: h.MergedInto,
		}}
		row.fill(claims[min(i, len(claims)-1)])
		if i < len(ids) {
			row.holding.ExternalIDs = ids[i]
		}
		rows[i] = row.holding
	}
	return rows
}

// apart cuts a list of external ids where a system comes again.
func apart(ids []graph.ExternalID) (runs [][]graph.ExternalID) {
	for start := 0; start < len(ids); {
		end, systems := start, map[string]bool{}
		for ; end < len(ids) && !systems[ids[end].System]; end++ {
			systems[ids[end].System] = true
		}
		runs = append(runs, ids[start:end])
		start = end
	}
	return runs
}

// joinHolding joins a row to those of the same id before it, as an import into an empty graph does.
func joinHolding(to, from graph.Node) {
	whole, row := to.(*graph.Holding), from.(*graph.Holding)
	if !slices.Contains(whole.Claims(), row.Claims()[0]) {
		whole.Merge(row)
	}
	whole.ExternalIDs = with(whole.ExternalIDs, row.ExternalIDs...)
}

// settledHolding is a holding as it comes back from its rows: its parts, which are a set, in their order,
// and several offers that it makes by itself as a part each. It says the same.
func settledHolding(n graph.Node) graph.Node {
	h := n.(*graph.Holding)
	settled := *h
	switch {
	case len(h.Parts) > 0:
		settled.Parts = slices.Clone(h.Parts)
		slices.SortFunc(settled.Parts, graph.HoldingPart.Compare)
		settled.Parts = slices.Compact(settled.Parts)
	case len(h.Offers) > 1:
		settled.Merge(h)
	}
	return &settled
}
