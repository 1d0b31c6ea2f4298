package scenarios

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// judge stops the writers, has the subscribers hear the log to its end, and compares all that was written down: what
// was acknowledged, what was heard, the log and the graph.
func (c *torture) judge() {
	c.stopWriting()
	log := c.log()
	for i, event := range log {
		if event.Seq != strconv.Itoa(i+1) {
			c.Fatalf("event %d of the log has seq %s", i+1, event.Seq)
		}
	}
	graph := c.graphNow()
	must := map[string][]message{}
	until := map[string]int64{}
	for i := range tortureSubscribers {
		name := "s" + strconv.Itoa(i)
		s := c.named(name)
		for _, event := range log {
			if graph.reaches(s, event) {
				must[name] = append(must[name], event)
				until[name], _ = strconv.ParseInt(event.Seq, 10, 64)
			}
		}
	}
	c.stopListening(until)
	again := 0
	for i := range c.subscribers {
		again += c.compare(&c.subscribers[i], must[c.subscribers[i].Name])
	}
	c.audit(log, graph)
	c.report(log, again)
}

// named is what a subscriber was told to be.
func (c *torture) named(name string) *subscriber {
	i, _ := strconv.Atoi(name[1:])
	as := "PARTNER:p" + strconv.Itoa(i%torturePartners)
	if i%10 == 9 {
		as = "OPERATOR"
	}
	return &subscriber{Name: name, As: as, Stream: []string{"opportunities", "referrals", "events"}[i/torturePartners%3]}
}

// standing is the graph in the end, by gid.
type standing struct {
	opportunities map[string]*posted
	referrals     map[string]*sent
}

// posted is an opportunity as an operator reads it.
type posted struct {
	GID, Title, Stage string
	Version           int
	Owner, Lead       *struct{ ID string }
	Audience          struct {
		Kind     string
		Partners []struct{ ID string }
	}
}

// sent is a referral.
type sent struct {
	GID, State string
	Version    int
	From, To   struct{ ID string }
}

func (c *torture) graphNow() *standing {
	g := &standing{map[string]*posted{}, map[string]*sent{}}
	postings, err := everything[*posted](c.Context(), c.urls()[0], "opportunities", "gid title stage version owner { id } lead { id } audience { kind partners { id } }")
	if err != nil {
		c.Fatal(err)
	}
	for _, o := range postings {
		g.opportunities[o.GID] = o
	}
	referrals, err := everything[*sent](c.Context(), c.urls()[0], "referrals", "gid state version from { id } to { id }")
	if err != nil {
		c.Fatal(err)
	}
	for _, r := range referrals {
		g.referrals[r.GID] = r
	}
	return g
}

// reaches reports whether an event must be told to a subscriber. Nobody's rights change in this world, so that they
// are in the end what they were at each delivery.
func (g *standing) reaches(s *subscriber, event message) bool {
	gid := event.about()
	opportunity, referral := g.opportunities[gid], g.referrals[gid]
	switch {
	case s.Stream == "opportunities" && opportunity == nil, s.Stream == "referrals" && referral == nil:
		return false
	case s.As == "OPERATOR":
		return true
	}
	_, me, _ := strings.Cut(s.As, ":")
	switch {
	case opportunity != nil:
		named := slices.ContainsFunc(opportunity.Audience.Partners, func(p struct{ ID string }) bool { return p.ID == me })
		return opportunity.Audience.Kind == "ALL" || named || opportunity.Owner.ID == me
	case referral != nil:
		return referral.From.ID == me || referral.To.ID == me
	}
	return false
}

// compare holds what a subscriber has heard against what it must hear. A message may come again when a connection
// begins, and is known by its seq; nothing else may.
func (c *torture) compare(s *subscriber, must []message) (again int) {
	if s.Fault != "" {
		c.Errorf("%s (%s of %s): %s", s.Name, s.Stream, s.As, s.Fault)
	}
	var once []heard
	repeating := false
	for _, h := range s.Heard {
		repeating = h.First || repeating
		if len(once) > 0 && h.Seq <= once[len(once)-1].Seq {
			if !repeating {
				c.Errorf("%s heard %d after %d on one connection", s.Name, h.Seq, once[len(once)-1].Seq)
			}
			again++
			continue
		}
		repeating = false
		once = append(once, h)
	}
	for i := range max(len(once), len(must)) {
		if i >= len(once) || i >= len(must) || strconv.FormatInt(once[i].Seq, 10) != must[i].Seq || once[i].Type != must[i].Type || once[i].Node != must[i].about() {
			c.Errorf("%s (%s of %s) heard %d messages and must hear %d; they differ at %d: %+v, %+v", s.Name, s.Stream, s.As, len(once), len(must), i, once[min(i, len(once)):min(i+1, len(once))], must[min(i, len(must)):min(i+1, len(must))])
			break
		}
	}
	return again
}

// audit holds the log and the graph against each other, and both against what was acknowledged.
func (c *torture) audit(log []message, graph *standing) {
	told := map[string][]string{} // types of event by node
	by := map[string]message{}
	for _, event := range log {
		by[event.Seq] = event
		told[event.about()] = append(told[event.about()], event.Type)
	}
	titles := map[string]int{}
	for gid, o := range graph.opportunities {
		titles[o.Title]++
		c.whole(gid, o.Version, told[gid], "opportunity.posted")
		claims := count(told[gid], "opportunity.claimed")
		if (o.Lead != nil) != (claims == 1) || claims > 1 {
			c.Errorf("%s has the lead %v, and the log %d claims", gid, o.Lead, claims)
		}
		if (o.Stage == "QUALIFIED") != (count(told[gid], "opportunity.stageChanged") == 1) {
			c.Errorf("%s is %s, and the log tells %v", gid, o.Stage, told[gid])
		}
	}
	for gid, r := range graph.referrals {
		c.whole(gid, r.Version, told[gid], "referral.sent")
		if (r.State == "ACTIVE") != (count(told[gid], "referral.accepted") == 1) {
			c.Errorf("%s is %s, and the log tells %v", gid, r.State, told[gid])
		}
	}
	for title, n := range titles {
		if n != 1 {
			c.Errorf("%q was posted %d times", title, n)
		}
	}
	c.acknowledgements(by, graph, titles)
}

func count(types []string, one string) (n int) {
	for _, t := range types {
		if t == one {
			n++
		}
	}
	return n
}

// whole refuses a node in half: each of its versions has its event, the first of which tells that it was made.
func (c *torture) whole(gid string, version int, told []string, made string) {
	if version != len(told) || told[0] != made || count(told, made) != 1 {
		c.Errorf("%s has version %d, and the log tells of it %v", gid, version, told)
	}
}

// acknowledgements checks that all that was acknowledged is in the log and in the graph.
func (c *torture) acknowledgements(by map[string]message, graph *standing, titles map[string]int) {
	types := map[string]string{"post": "opportunity.posted", "claim": "opportunity.claimed", "advance": "opportunity.stageChanged", "refer": "referral.sent", "answer": "referral.accepted"}
	tokens := map[string]string{}
	for _, n := range c.noted {
		if n.Seq == "" {
			continue
		}
		event := by[n.Seq]
		if event.Type != types[n.Act] || event.about() != n.Node {
			c.Errorf("%s of %s was acknowledged with seq %s, which tells of %+v", n.Act, n.Node, n.Seq, event)
		}
		switch n.Act {
		case "post":
			if titles[n.Title] != 1 || graph.opportunities[n.Node] == nil || graph.opportunities[n.Node].Title != n.Title {
				c.Errorf("the acknowledged posting %s %q is not there", n.Node, n.Title)
			}
		case "claim":
			if o := graph.opportunities[n.Node]; o == nil || o.Lead == nil || o.Lead.ID != n.By {
				c.Errorf("%s claimed %s, which is led by %+v", n.By, n.Node, o)
			}
		case "refer":
			if r := graph.referrals[n.Node]; r == nil || r.From.ID != n.By || r.To.ID != n.To {
				c.Errorf("the acknowledged referral %s is %+v", n.Node, r)
			}
			if other := tokens[n.Title]; other != "" {
				c.Errorf("the token %s made %s and %s", n.Title, other, n.Node)
			}
			tokens[n.Title] = n.Node
		}
	}
}

// deliveryWindow is how short before a kill a message must have come from the server that deliveries were in flight.
const deliveryWindow = 250 * time.Millisecond

// report tells what the run was made of: kills that cut off nothing prove nothing, so that most must cut off both.
func (c *torture) report(log []message, again int) {
	acknowledged, refused, lost := 0, 0, 0
	for _, n := range c.noted {
		switch {
		case n.Seq != "":
			acknowledged++
		case n.Refused != "":
			refused++
		default:
			lost++
		}
	}
	writing, delivering, both, messages, connections := 0, 0, 0, 0, 0
	for i := range c.subscribers {
		messages += len(c.subscribers[i].Heard)
		connections += c.subscribers[i].Connections
	}
	for _, k := range c.kills {
		w, d := c.cutWrites(k), c.cutDeliveries(k)
		if w {
			writing++
		}
		if d {
			delivering++
		}
		if w && d {
			both++
		}
	}
	c.Logf("%d kills: %d fell while writes were in flight, %d while deliveries were, %d while both were; %d events, %d changes acknowledged, %d refused, %d cut off; %d subscribers heard %d messages over %d connections, %d of them twice",
		len(c.kills), writing, delivering, both, len(log), acknowledged, refused, lost, len(c.subscribers), messages, connections, again)
	c.Logf("from the acknowledgement of a change until it was heard, kills and all: %v at the median, %v at the 99th of 100", percentile(c.delays(), 50), percentile(c.delays(), 99))
	if delivering == 0 || len(c.kills) > 20 && (writing < 5 || delivering < len(c.kills)/2) {
		c.Error("the kills fell where nothing was going on")
	}
}

// cutWrites reports whether a request to the server was under way when it was killed, and got no answer.
func (c *torture) cutWrites(k kill) bool {
	return slices.ContainsFunc(c.noted, func(n noted) bool {
		return n.Server == k.server && n.Lost != "" && n.Began.Before(k.at) && n.Ended.After(k.at)
	})
}

// cutDeliveries reports whether the server was telling a subscriber something when it was killed: a message had come
// from it just before, and the connection broke off.
func (c *torture) cutDeliveries(k kill) bool {
	return slices.ContainsFunc(c.subscribers, func(s subscriber) bool {
		return slices.ContainsFunc(s.Heard, func(h heard) bool {
			return h.Server == k.server && h.At.Before(k.at) && k.at.Sub(h.At) < deliveryWindow
		}) && slices.ContainsFunc(s.Ends, func(e ended) bool {
			return e.Server == k.server && e.At.After(k.at) && e.At.Sub(k.at) < 2*time.Second
		})
	})
}

// delays are how long after a change was acknowledged it was heard, sorted.
func (c *torture) delays() []time.Duration {
	acknowledged := map[string]time.Time{}
	for _, n := range c.noted {
		if n.Seq != "" {
			acknowledged[n.Seq] = n.Ended
		}
	}
	var all []time.Duration
	for i := range c.subscribers {
		for _, h := range c.subscribers[i].Heard {
			if at, ok := acknowledged[strconv.FormatInt(h.Seq, 10)]; ok {
				all = append(all, h.At.Sub(at))
			}
		}
	}
	slices.Sort(all)
	return all
}

func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, len(sorted)*p/100)].Round(time.Millisecond)
}
