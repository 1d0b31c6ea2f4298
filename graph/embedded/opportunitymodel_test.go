package embedded_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"valueweb/graph"
	"valueweb/graph/embedded"
)

// A naive model of the life of opportunities: it knows no table and no transaction, and says by plain conditions what
// becomes of whatever anybody tries. The service must agree after every step.

// deal is an opportunity of the model.
type deal struct {
	id, title, owner, customer, need string
	audience                         []string // nil: all
	stage                            int      // of stages; -1: lost
	review                           string
	by                               []string // who posted and who submitted it, each the last that is not the other one
	fields                           []string
	until                            int // the day on which its protection is over
	lead, transfer                   string
	members, declined                []string
	valued                           bool
	version                          int
	asked                            map[string]*asking
}

// asking is an invitation of the model.
type asking struct {
	id    string
	state string
	sent  int
}

var stages = []graph.Stage{graph.Draft, graph.Prospect, graph.Qualified, graph.TechnicalValidation, graph.BusinessValidation, graph.Committed, graph.Launched}

func (d *deal) closed() bool { return d.stage < 0 || d.stage == len(stages)-1 }
func (d *deal) open() bool   { return d.stage > 0 && !d.closed() }

// The people of the model: five partners that are active, one that is suspended, two customers. p4 is kept out of
// what c0 needs of b and narrower; b is narrower than a, c narrower than b, and d stands alone.
var (
	active    = []string{"p0", "p1", "p2", "p3", "p4"}
	needs     = []string{"a", "b", "c", "d"}
	lines     = map[string]string{"a": "a", "b": "ab", "c": "abc", "d": "d"}
	clientele = []string{"c0", "c1"}
)

func related(one, other string) bool {
	return slices.Contains([]byte(lines[one]), other[0]) || slices.Contains([]byte(lines[other]), one[0])
}

func walled(partner string, d *deal) bool {
	return partner == "p4" && d.customer == "c0" && slices.Contains([]byte(lines[d.need]), 'b')
}

// model is the whole of it.
type model struct {
	day   int
	deals []*deal
}

// reads is whether somebody may read a deal.
func (d *deal) reads(v graph.Viewer) bool {
	me := v.Organisation
	switch v.Role {
	case graph.RoleOperator:
		return true
	case graph.RoleCustomer:
		return me == d.customer && (d.stage != 0 || d.owner == "")
	case graph.RolePartner:
		if walled(me, d) {
			return false
		}
		if d.stage == 0 {
			return me == d.owner
		}
		i := d.asked[me]
		return me == d.owner || me == d.lead || slices.Contains(d.members, me) || d.audience == nil || slices.Contains(d.audience, me) || i != nil && (i.state == "PENDING" || i.state == "ACCEPTED")
	}
	return false
}

func (d *deal) owns(v graph.Viewer) bool {
	return v.Role == graph.RoleOperator || v.Role == graph.RolePartner && d.owner == v.Organisation || v.Role == graph.RoleCustomer && d.owner == "" && d.customer == v.Organisation
}

func (d *deal) leads(v graph.Viewer) bool {
	return v.Role == graph.RolePartner && d.lead == v.Organisation
}

func (d *deal) engaged(partner string) bool {
	return partner != "" && (d.lead == partner || slices.Contains(d.members, partner))
}

// taken is whether somebody else's protection is in the way.
func (m *model) taken(d *deal) bool {
	return slices.ContainsFunc(m.deals, func(o *deal) bool {
		return o != d && o.customer == d.customer && o.review == "APPROVED" && o.stage >= 0 && m.day < o.until && related(o.need, d.need)
	})
}

func remove(from []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(text string) bool { return text == one })
}

// world is the model beside the service.
type world struct {
	model
	store *embedded.Store
	graph *graph.Graph
	now   time.Time
	// chance chooses what is tried. Numbers that rapid draws are small more often than not, by which few deals would
	// come anywhere.
	chance *rand.Rand
}

func (w *world) between(least, most int) int { return least + w.chance.IntN(most-least+1) }

func one[T any](chance *rand.Rand, of []T) T { return of[chance.IntN(len(of))] }

func (w *world) today() graph.Date { return graph.DateOf(w.now) }

// date is a day of the model.
func (w *world) date(day int) graph.Date { return graph.NewDate(2026, 1, 1).AddDays(day) }

func newWorld(t *rapid.T) *world {
	w := &world{now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), chance: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))}
	clock := func() time.Time { return w.now }
	w.store = embedded.Memory(embedded.Options{Clock: clock})
	w.graph = &graph.Graph{Store: w.store, Clock: clock}
	named := func(id string) graph.Meta { return graph.Meta{ID: id} }
	nodes := []graph.Node{
		&graph.Competency{Meta: named("a"), Name: "a"}, &graph.Competency{Meta: named("b"), Name: "b", Broader: []string{"a"}},
		&graph.Competency{Meta: named("c"), Name: "c", Broader: []string{"b"}}, &graph.Competency{Meta: named("d"), Name: "d"},
		&graph.Partner{Meta: named("gone"), Name: "gone", Status: graph.Suspended},
	}
	for _, id := range active {
		nodes = append(nodes, &graph.Partner{Meta: named(id), Name: id, Status: graph.Active})
	}
	for _, id := range clientele {
		nodes = append(nodes, &graph.Customer{Meta: named(id), Name: id})
		for _, partner := range active {
			nodes = append(nodes, &graph.CustomerPartner{Meta: named(id + partner), Customer: id, Partner: partner, Role: "OWNER"})
		}
	}
	nodes = append(nodes, &graph.Wall{Meta: named("wall"), Partner: "p4", Customer: "c0", Competency: "b"})
	fill(t, w.store, nodes...)
	return w
}

var viewers = func() []graph.Viewer {
	all := []graph.Viewer{{Role: graph.RoleAnalyst}, {Role: graph.RoleOperator, Subject: "olga"}, {Role: graph.RoleOperator, Subject: "otto"}}
	for _, id := range active {
		all = append(all, graph.Viewer{Role: graph.RolePartner, Organisation: id})
	}
	for _, id := range clientele {
		all = append(all, graph.Viewer{Role: graph.RoleCustomer, Organisation: id})
	}
	return all
}()

// attempt is what somebody tries, and what the model says of it.
type attempt struct {
	kind   string
	what   string
	code   graph.Code // empty: it is let
	events int
	err    error
	done   graph.OpportunityChanged
}

func TestOpportunitiesLiveAsANaiveModelSays(t *testing.T) {
	let := map[string]int{}
	defer func() { t.Log(let) }()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		defer w.store.Close()
		for n := rapid.IntRange(100, 400).Draw(t, "steps"); n > 0; n-- {
			before, err := w.store.Seq(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			a := w.try()
			if a.what == "" {
				continue
			}
			after, err := w.store.Seq(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			failure, _ := graph.AsError(a.err)
			switch {
			case a.code == "" && a.err != nil, a.code != "" && (failure == nil || failure.Code != a.code):
				t.Fatalf("%s: %v, not %q", a.what, a.err, a.code)
			case int(after-before) != a.events:
				t.Fatalf("%s: %d events, not %d", a.what, after-before, a.events)
			}
			let[fmt.Sprint(a.kind, " ", a.code)]++
			w.compare(t, a.what)
		}
	})
}

// kinds are what is tried, the more often the more it takes to come anywhere.
var kinds = []string{
	"publish", "publish", "retitle", "reneed", "revalue", "submit", "submit", "submit", "review", "review", "review", "review", "review", "review", "withdraw", "invite", "invite", "invite", "answer", "answer", "answer", "claim", "claim",
	"advance", "advance", "advance", "lose", "leave", "remove", "offer", "offer", "take over", "take over",
}

// likely is somebody who may well make a change.
func (w *world) likely(d *deal, kind string) graph.Viewer {
	of := func(partner string) graph.Viewer {
		if partner == "" {
			return one(w.chance, viewers)
		}
		return graph.Viewer{Role: graph.RolePartner, Organisation: partner}
	}
	switch kind {
	case "review":
		return viewers[w.between(1, 2)]
	case "claim":
		return of(one(w.chance, active))
	case "answer":
		for _, n := range w.chance.Perm(len(active)) {
			if i := d.asked[active[n]]; i != nil && i.state == "PENDING" {
				return of(active[n])
			}
		}
	case "leave":
		return of(one(w.chance, append(d.members, d.lead)))
	case "take over":
		return of(d.transfer)
	case "invite", "advance":
		if d.lead != "" && w.between(0, 1) == 0 {
			return of(d.lead)
		}
	}
	if d.owner == "" {
		return graph.Viewer{Role: graph.RoleCustomer, Organisation: d.customer}
	}
	return of(d.owner)
}

// try lets somebody try something.
func (w *world) try() attempt {
	if days := one(w.chance, []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 7, 14, 15, 89}); days > 0 {
		w.day, w.now = w.day+days, w.now.AddDate(0, 0, days)
	}
	if len(w.deals) == 0 || w.between(0, 19) == 0 {
		return w.post(one(w.chance, viewers))
	}
	d := one(w.chance, w.deals[max(0, len(w.deals)-4):])
	kind := one(w.chance, kinds)
	v := one(w.chance, viewers)
	if w.between(0, 3) > 0 {
		v = w.likely(d, kind)
	}
	e := graph.Edit{ID: d.id}
	stale := w.between(0, 15) == 0
	if stale {
		wrong := d.version + 1
		e.ExpectedVersion = &wrong
	}
	a := attempt{kind: kind, what: fmt.Sprintf("day %d: %s: %s of %s (stale: %v)", w.day, v, kind, d.id, stale)}
	// first is what is said before anything of the deal matters, to whoever may not make the change.
	first := func(may bool) graph.Code {
		switch {
		case v.Role == graph.RoleAnalyst:
			return graph.CodeForbidden
		case !d.reads(v):
			return graph.CodeNotFound
		case !may:
			return graph.CodeForbidden
		case stale:
			return graph.CodeConflict
		}
		return ""
	}
	pick := func(codes ...graph.Code) graph.Code {
		for _, code := range codes {
			if code != "" {
				return code
			}
		}
		return ""
	}
	unless := func(ok bool, code graph.Code) graph.Code {
		if ok {
			return ""
		}
		return code
	}
	let := func(events int, change func()) {
		if a.code == "" {
			a.events = events
			if events > 0 {
				change()
				d.version++
			}
		}
	}
	ctx, g := context.Background(), w.graph
	const follows, valid = graph.CodeInvalidTransition, graph.CodeValidation
	switch kind {
	case "publish":
		a.code = pick(first(d.owns(v)), unless(d.stage == 0, follows))
		let(1, func() {
			if d.stage = 1; d.by[1] != v.String() {
				d.by[0] = v.String()
			}
		})
		a.done, a.err = g.PublishOpportunity(ctx, v, e)
	case "retitle", "reneed", "revalue":
		field, value, same := "title", fmt.Sprint("title ", w.between(0, 2)), false
		edit := func(o *graph.Opportunity) error { o.Title = value; return nil }
		same = value == d.title
		if kind == "reneed" {
			field, value = "needs", one(w.chance, needs)
			edit = func(o *graph.Opportunity) error {
				o.Needs = []graph.Need{{Competency: value, MinLevel: 1}}
				return nil
			}
			same = value == d.need
		}
		valued := w.between(0, 1) == 0
		if kind == "revalue" {
			field, same = "value", valued == d.valued
			edit = func(o *graph.Opportunity) error {
				if o.Value = nil; valued {
					o.Value = &graph.Money{Amount: "10.00", Currency: "EUR"}
				}
				return nil
			}
		}
		state := d.review != "SUBMITTED" && d.review != "IN_REVIEW" && !d.closed()
		fits := same || d.review != "ACTION_REQUIRED" && (d.review != "APPROVED" || field != "needs") || d.review == "ACTION_REQUIRED" && slices.Contains(d.fields, field)
		a.code = pick(first(d.owns(v)), unless(state && fits, follows), unless(field != "value" || valued || same || d.stage != 5, valid))
		events := 1
		if same {
			events = 0
		}
		let(events, func() {
			switch field {
			case "title":
				d.title = value
			case "needs":
				d.need = value
			default:
				d.valued = valued
			}
		})
		a.done, a.err = g.EditOpportunity(ctx, v, e, edit, nil)
	case "submit":
		a.code = pick(first(d.owns(v)), unless(!d.closed() && (d.review == "" || d.review == "ACTION_REQUIRED"), follows), unless(!w.taken(d), graph.CodeAlreadyProtected))
		let(1, func() {
			if d.review, d.fields = "SUBMITTED", nil; d.by[1] == "" || d.by[0] != v.String() {
				d.by[1] = v.String()
			}
		})
		a.done, a.err = g.SubmitOpportunity(ctx, v, e)
	case "review":
		decision := one(w.chance, []graph.Review{"IN_REVIEW", "APPROVED", "APPROVED", "ACTION_REQUIRED", "REJECTED"})
		if d.review == "SUBMITTED" && w.between(0, 3) > 0 {
			decision = "IN_REVIEW"
		}
		from := graph.Review("IN_REVIEW")
		if decision == from {
			from = "SUBMITTED"
		}
		said := graph.Decision{Review: decision}
		if decision == "ACTION_REQUIRED" {
			said.Fields = []string{one(w.chance, []string{"title", "needs"})}
		}
		operator := v.Role == graph.RoleOperator
		a.code = pick(unless(operator, graph.CodeForbidden), first(true), unless(!d.closed() && d.review == string(from), follows), unless(!slices.Contains(d.by, v.String()), graph.CodeForbidden),
			unless(decision != "APPROVED" || !w.taken(d), graph.CodeAlreadyProtected))
		let(1, func() {
			d.review, d.fields = string(decision), said.Fields
			if decision == "APPROVED" {
				d.until = w.day + 90
			}
		})
		a.done, a.err = g.ReviewOpportunity(ctx, v, e, said)
	case "withdraw":
		a.code = pick(first(d.owns(v)), unless(!d.closed() && d.review != "REJECTED" && d.review != "WITHDRAWN", follows))
		let(1, func() { d.review, d.until, d.fields = "WITHDRAWN", 0, nil })
		a.done, a.err = g.WithdrawOpportunity(ctx, v, e)
	case "invite":
		whom := one(w.chance, append([]string{"gone"}, active...))
		i := d.asked[whom]
		pending := i != nil && i.state == "PENDING" && w.day <= i.sent+14
		fits := whom != "gone" && whom != d.owner && !d.engaged(whom) && !pending && !slices.Contains(d.declined, whom) && !walled(whom, d)
		a.code = pick(first(d.owns(v) || d.leads(v)), unless(d.open(), follows), unless(whom != "gone" || v.Role == graph.RoleOperator, graph.CodeNotFound), unless(fits, valid))
		let(1, func() { d.asked[whom] = &asking{state: "PENDING", sent: w.day}; d.version-- })
		a.done, a.err = g.Invite(ctx, v, e, whom)
		if a.err == nil && d.asked[whom] != nil {
			d.asked[whom].id = a.done.Invitation.ID
		}
	case "answer":
		who := v.Organisation
		if d.asked[who] == nil {
			who = one(w.chance, active)
		}
		i := d.asked[who]
		if i == nil {
			return attempt{}
		}
		e = graph.Edit{ID: i.id}
		accept := w.between(0, 1) == 0
		reason := ""
		if !accept {
			reason = one(w.chance, []string{"TERMS", "TERMS", "NONSENSE"})
		}
		// An invitation is read by who is invited, and by owner, lead, members and customer.
		me := v.Organisation
		sees := d.reads(v) && (v.Role != graph.RolePartner || me == who || me == d.owner || d.engaged(me))
		may := v.Role == graph.RoleOperator || v.Role == graph.RolePartner && me == who
		a.code = pick(unless(v.Role != graph.RoleAnalyst, graph.CodeForbidden), unless(sees, graph.CodeNotFound), unless(may, graph.CodeForbidden), unless(d.open() && i.state == "PENDING" && w.day <= i.sent+14, follows), unless(reason != "NONSENSE", valid),
			unless(!accept || d.reads(graph.Viewer{Role: graph.RolePartner, Organisation: who}), valid))
		joins := accept && who != d.owner && !d.engaged(who)
		events := 1
		if joins {
			events = 2
		}
		let(events, func() {
			if d.version--; accept {
				i.state = "ACCEPTED"
			} else {
				i.state = "DECLINED"
			}
			if joins {
				d.members, d.version = append(d.members, who), d.version+1
			} else if !accept && !slices.Contains(d.declined, who) {
				d.declined, d.version = append(d.declined, who), d.version+1
			}
		})
		a.done, a.err = g.AnswerInvitation(ctx, v, e, accept, reason)
	case "claim":
		who, named := v.Organisation, ""
		if v.Role == graph.RoleOperator {
			who = one(w.chance, active)
			named = who
		}
		addressed := d.reads(graph.Viewer{Role: graph.RolePartner, Organisation: who})
		may := v.Role == graph.RoleOperator || v.Role == graph.RolePartner && who != d.owner
		a.code = first(may)
		if (a.code == "" || a.code == graph.CodeConflict) && d.lead != "" {
			a.code = graph.CodeAlreadyClaimed
		}
		a.code = pick(a.code, unless(d.open(), follows), unless(who != d.owner && addressed, valid))
		let(1, func() { d.lead, d.members = who, remove(d.members, who) })
		a.done, a.err = g.ClaimOpportunity(ctx, v, e, named)
	case "advance":
		to := w.between(1, len(stages)-1)
		if d.stage >= 0 && w.between(0, 3) > 0 {
			to = min(d.stage+1, len(stages)-1)
		}
		step := graph.Advance{To: stages[to]}
		value, day := to == 5 && w.between(0, 1) == 0, to == 6 && w.between(0, 2) > 0
		if value {
			step.Value = &graph.Money{Amount: "10.00", Currency: "EUR"}
		}
		ahead := w.between(0, 4) / 4 * 2 // days
		if day {
			step.ClosedOn = w.today().AddDays(ahead)
		}
		a.code = pick(first(d.owns(v) || d.leads(v)), unless(d.open() && to == d.stage+1, follows), unless(to != 5 || value || d.valued, valid), unless(to != 6 || day && ahead == 0, valid))
		let(1, func() {
			d.stage, d.valued = to, d.valued || value
			if to == 6 {
				d.transfer = ""
			}
		})
		a.done, a.err = g.AdvanceOpportunity(ctx, v, e, step)
	case "lose":
		reason := one(w.chance, []string{"PRICE", "PRICE", "NONSENSE"})
		on := one(w.chance, []graph.Date{0, w.today(), w.today().AddDays(2)})
		a.code = pick(first(d.owns(v)), unless(d.open(), follows), unless(reason != "NONSENSE" && on <= w.today(), valid))
		let(1, func() { d.stage, d.until, d.transfer = -1, 0, "" })
		a.done, a.err = g.LoseOpportunity(ctx, v, e, reason, on)
	case "leave", "remove":
		who, named := v.Organisation, ""
		if v.Role == graph.RoleOperator || kind == "remove" {
			who = one(w.chance, active)
			named = who
		}
		may := v.Role == graph.RoleOperator || v.Role == graph.RolePartner && d.engaged(v.Organisation)
		if kind == "remove" {
			may = d.owns(v)
		}
		a.code = pick(first(may), unless(d.open(), follows), unless(d.engaged(who), valid))
		let(1, func() {
			if d.lead == who {
				d.lead = ""
			}
			d.members = remove(d.members, who)
			if i := d.asked[who]; i != nil && (i.state == "PENDING" || i.state == "ACCEPTED") {
				i.state = "EXPIRED"
			}
		})
		if kind == "leave" {
			a.done, a.err = g.LeaveOpportunity(ctx, v, e, named)
		} else {
			a.done, a.err = g.RemoveMember(ctx, v, e, named)
		}
	case "offer":
		to := one(w.chance, active)
		a.code = pick(first(d.owns(v)), unless(d.open(), follows), unless(to != d.owner && d.reads(graph.Viewer{Role: graph.RolePartner, Organisation: to}), valid))
		events := 1
		if d.transfer == to {
			events = 0
		}
		let(events, func() { d.transfer = to })
		a.done, a.err = g.OfferTransfer(ctx, v, e, to)
	case "take over":
		accept := w.between(0, 1) == 0
		may := v.Role == graph.RoleOperator || v.Role == graph.RolePartner && d.transfer == v.Organisation
		a.code = pick(first(may), unless(d.open() && d.transfer != "", follows), unless(!accept || d.reads(graph.Viewer{Role: graph.RolePartner, Organisation: d.transfer}), valid))
		let(1, func() {
			if accept {
				d.owner, d.members = d.transfer, remove(d.members, d.transfer)
			}
			d.transfer = ""
		})
		a.done, a.err = g.AnswerTransfer(ctx, v, e, accept)
	}
	return a
}

// post lets somebody post.
func (w *world) post(v graph.Viewer) attempt {
	d := &deal{title: "title 0", customer: one(w.chance, clientele), need: one(w.chance, needs), stage: 1, by: []string{v.String(), ""}, version: 1, asked: map[string]*asking{}}
	p := graph.Posting{Title: d.title, Customer: d.customer, Needs: []graph.Need{{Competency: d.need, MinLevel: 1}}, Audience: graph.Addressees{All: true}, Draft: w.between(0, 3) == 0}
	if p.Draft {
		d.stage = 0
	}
	if w.between(0, 1) == 0 {
		for _, n := range w.chance.Perm(len(active))[:w.between(1, 3)] {
			d.audience = append(d.audience, active[n])
		}
		p.Audience = graph.Addressees{Partners: d.audience}
	}
	a := attempt{kind: "post", what: fmt.Sprintf("day %d: %s posts for %s", w.day, v, d.customer), events: 1}
	switch {
	case v.Role == graph.RoleAnalyst:
		a.code = graph.CodeForbidden
	case v.Role == graph.RoleCustomer && d.customer != v.Organisation:
		a.code = graph.CodeNotFound
	case v.Role == graph.RolePartner:
		d.owner = v.Organisation
	}
	a.done, a.err = w.graph.PostOpportunity(context.Background(), v, graph.Creation{Mutation: "postOpportunity"}, p)
	if a.code != "" {
		a.events = 0
	} else if a.err == nil {
		d.id = a.done.Opportunity.ID
		w.deals = append(w.deals, d)
	}
	return a
}

// compare compares every deal of the model with what the service keeps, and who may read it with who does.
func (w *world) compare(t *rapid.T, after string) {
	ctx := context.Background()
	for _, d := range w.deals {
		nodes, err := w.store.Read(ctx, graph.Operator, graph.KindOpportunity, []string{d.id})
		if err != nil {
			t.Fatal(err)
		}
		o := nodes[0].(*graph.Opportunity)
		stage, until := graph.Lost, graph.Date(0)
		if d.stage >= 0 {
			stage = stages[d.stage]
		}
		if d.until > 0 {
			until = w.date(d.until)
		}
		is := fmt.Sprint(o.Title, o.Owner, o.Lead, sorted(o.Members), sorted(o.Declined), o.Stage, o.Review, o.TransferTo, o.ProtectedUntil, o.Version, o.ReviewFields, o.Needs[0].Competency, o.Value != nil)
		want := fmt.Sprint(d.title, d.owner, d.lead, sorted(d.members), sorted(d.declined), stage, d.review, d.transfer, until, d.version, d.fields, d.need, d.valued)
		if is != want {
			t.Fatalf("%s: %s is\n%s, not\n%s", after, d.id, is, want)
		}
		for _, v := range viewers {
			nodes, err := w.store.Read(ctx, v, graph.KindOpportunity, []string{d.id})
			if err != nil {
				t.Fatal(err)
			}
			if (nodes[0] != nil) != d.reads(v) {
				t.Fatalf("%s: %s reads %s: %v", after, v, d.id, nodes[0] != nil)
			}
		}
		for partner, i := range d.asked {
			nodes, err := w.store.Read(ctx, graph.Operator, graph.KindInvitation, []string{i.id})
			if err != nil || nodes[0] == nil || string(nodes[0].(*graph.Invitation).State) != i.state {
				t.Fatalf("%s: the invitation of %s is %+v, not %s (%v)", after, partner, nodes, i.state, err)
			}
		}
	}
}

func sorted(texts []string) []string {
	all := slices.Clone(texts)
	slices.Sort(all)
	return all
}
