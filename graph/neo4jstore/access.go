package neo4jstore

import (
	"context"
	"strings"
	"sync"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"valueweb/graph"
)

// compilers are the statements by which it is compiled what a viewer may see, by role.
var compilers = func() map[graph.Role]statement {
	all := map[graph.Role]statement{}
	for role := range accessFiles {
		all[role] = moment("access for "+string(role), accessOf(role))
	}
	return all
}()

// manyCompilers are the statements by which it is compiled what each of many viewers of a role may see.
var manyCompilers = func() map[graph.Role]statement {
	all := map[graph.Role]statement{}
	for role := range accessFiles {
		all[role] = moment("accesses for "+string(role), filled(file("access-many"), "ACCESS", indent(strings.ReplaceAll(accessOf(role), "$me", "asking"))))
	}
	return all
}()

// accessFiles are the files of these statements.
var accessFiles = map[graph.Role]string{graph.RolePartner: "access-partner", graph.RoleCustomer: "access-customer", graph.RoleAnalyst: "access-analyst"}

func accessOf(role graph.Role) string {
	return filled(file(accessFiles[role]), "SERVES(row)", file("serves"))
}

// Access implements graph.Gatekeeper.
func (s *Store) Access(ctx context.Context, v graph.Viewer) (access *graph.Access, err error) {
	_, err = s.view(ctx, v, func(ctx context.Context, r sight) error {
		access = r.access
		_, err := r.ask(ctx, readSeq, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return access, nil
}

// mostVisions bounds how many visions are kept.
const mostVisions = 20_000

// visions keep what was compiled for viewers.
type visions struct {
	mu sync.Mutex
	of map[asker]*vision
}

type asker struct {
	role         graph.Role
	organisation string
}

func askerOf(v graph.Viewer) asker { return asker{v.Role, v.Organisation} }

// vision is what a viewer may see of the graph at a seq.
type vision struct {
	access *graph.Access
	lists  map[string]any
	seq    int64
}

// through is what the viewer sees of what a reader reads.
func (c *vision) through(r reader) sight { return sight{reader: r, access: c.access, lists: c.lists} }

// valid is what was compiled for a viewer, nil where there is nothing, or where the log has taken a course since that
// altered it, or moved opportunities.
func (s *visions) valid(v graph.Viewer, today graph.Date, course course) *vision {
	if known := s.unaltered(v, today, course); known != nil && known.holds(course, course.moved) {
		return known
	}
	return nil
}

// unaltered is what was compiled for a viewer, nil where there is nothing, or where its access was altered since; its
// lists of opportunities may be out of date.
func (s *visions) unaltered(v graph.Viewer, today graph.Date, course course) *vision {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.of[askerOf(v)]
	if known == nil || known.access.Today != today || known.seq < course.altered {
		return nil
	}
	return known
}

// holds reports whether a vision is right where the log has come to a seq, and the last event that could have made it
// wrong has another. A vision of a later seq is one of a graph that is there no more.
func (c *vision) holds(now course, last int64) bool { return last <= c.seq && c.seq <= now.seq }

// keep keeps what was compiled. Where there is too much, something else is let go.
func (s *visions) keep(compiled *vision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = map[asker]*vision{}
	}
	who := askerOf(compiled.access.Viewer)
	for other := range s.of {
		if len(s.of) < mostVisions {
			break
		}
		delete(s.of, other)
	}
	s.of[who] = compiled
}

// forget lets go of what turned out to be out of date.
func (s *visions) forget(old *vision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if who := askerOf(old.access.Viewer); s.of[who] == old {
		delete(s.of, who)
	}
}

// errApart is what a viewer gets whose organisation takes no part.
var errApart = &graph.Error{Code: graph.CodeForbidden, Message: "the organisation that this viewer asks for takes no part in the network"}

// compileAccess compiles what a viewer may see.
func compileAccess(ctx context.Context, r reader, v graph.Viewer, today graph.Date) (*vision, error) {
	found, err := r.ask(ctx, compilers[v.Role], map[string]any{"me": v.Organisation, "today": dateParam(today)})
	if err != nil {
		return nil, err
	}
	return visionOf(found.within("answer"), v, today)
}

// visionOf reads what was compiled for a viewer.
func visionOf(answer row, v graph.Viewer, today graph.Date) (*vision, error) {
	v = graph.Viewer{Role: v.Role, Organisation: v.Organisation} // who asks for it sees the same
	compiled := &vision{access: graph.NewAccess(v, today)}
	compiled.lists = listsOf(answer, v)
	a := compiled.access
	note(a.Hidden, answer, "hidden")
	note(a.Kin, answer, "kin")
	note(a.Contacts, answer, "contacts")
	note(a.Customers, answer, "customers")
	switch v.Role {
	case graph.RolePartner:
		if status := graph.PartnerStatus(answer.text("status")); status != graph.Active && status != graph.Pending {
			return nil, errApart
		}
		compiled.partner(answer)
	case graph.RoleCustomer:
		if !answer.truth("known") {
			return nil, errApart
		}
		a.Customers[v.Organisation] = true
		compiled.lists["customers"] = []string{v.Organisation}
	}
	a.Trim()
	return compiled, nil
}

// listsOf are what conditions compare with.
func listsOf(answer row, v graph.Viewer) map[string]any {
	hidden := map[string]any{} // a key each, to be looked up
	for _, partner := range texts[string](answer, "hidden") {
		hidden[partner] = true
	}
	lists := map[string]any{"me": v.Organisation, "profile": nil, "hidden": hidden}
	for _, name := range []string{"kin", "customers", "contacts", "partnerships", "referrals", "opportunities", "walledOpportunities", "walledCustomers"} {
		lists[name] = plain(texts[string](answer, name))
	}
	lists["walledReferrals"] = []string{}
	return lists
}

func note(in map[string]bool, answer row, name string) {
	for _, id := range texts[string](answer, name) {
		in[id] = true
	}
}

// partner notes what is about partners only.
func (c *vision) partner(answer row) {
	within := map[string][]graph.Barrier{}
	for _, value := range answer.list("walls") {
		wall := row(value.(map[string]any))
		barrier := graph.Barrier{Customer: wall.text("customer"), Segment: wall.text("segment")}
		if wall["scope"] != nil {
			barrier.Scope = map[string]bool{}
			note(barrier.Scope, wall, "scope")
		}
		if partnership := wall.text("within"); partnership != "" {
			within[partnership] = append(within[partnership], barrier)
		} else {
			c.access.Barriers = append(c.access.Barriers, barrier)
		}
	}
	for _, partnership := range texts[string](answer, "shares") {
		c.access.Shares = append(c.access.Shares, graph.Share{Partnership: partnership, Barriers: within[partnership]})
	}
	for _, partnership := range texts[string](answer, "tellers") {
		c.access.Tellers = append(c.access.Tellers, graph.Share{Partnership: partnership, Barriers: within[partnership]})
	}
	c.conceal(answer)
	if graph.PartnerStatus(answer.text("status")) == graph.Active {
		c.profile(answer)
	}
}

// conceal notes the referrals that a wall hides.
func (c *vision) conceal(answer row) {
	walled := []string{}
	for _, value := range answer.list("concealed") {
		one := value.([]any)
		referral := &graph.Referral{From: textAt(one, 1), To: textAt(one, 2)}
		readTimeline(textAt(one, 0), referral)
		walled = append(walled, referral.ID)
		if !c.access.Hidden[referral.From] && !c.access.Hidden[referral.To] {
			c.access.Concealed = append(c.access.Concealed, referral)
		}
	}
	c.lists["walledReferrals"] = walled
}

// profile notes what audiences ask about the partner.
func (c *vision) profile(answer row) {
	p := &graph.Profile{
		Partner: c.access.Viewer.Organisation, Kind: graph.PartnerKind(answer.text("kind")), Tier: answer.text("tier"), Tags: texts[string](answer, "tags"),
		Held: map[string]bool{}, Regions: map[string]bool{}, Countries: map[string]bool{},
	}
	note(p.Held, answer, "held")
	note(p.Regions, answer, "regions")
	note(p.Countries, answer, "countries")
	for _, value := range answer.list("points") {
		at := value.(dbtype.Point2D)
		p.Points = append(p.Points, graph.Point{Lat: at.Y, Lng: at.X})
	}
	c.access.Profile = p
	c.lists["profile"] = map[string]any{
		"kind": string(p.Kind), "tags": plain(p.Tags), "tiersAbove": graph.Tiers[max(0, graph.TierRank(p.Tier))+1:], "points": pointParams(p.Points),
		"held": answer.list("held"), "regions": answer.list("regions"), "countries": answer.list("countries"),
	}
}
