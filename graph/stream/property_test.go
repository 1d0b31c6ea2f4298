package stream

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"valueweb/graph"
	"valueweb/graph/storetest/every"
)

// chance writes random changes, each with its event, into a small world.
type chance struct {
	*rand.Rand
	w *world
	n int // makes ids
}

var (
	somePartners     = []string{"acme", "bolt", "coil", "dyne"}
	someCustomers    = []string{"bank", "shop"}
	someSites        = []string{"bank-bern", "shop-lyon", "square"}
	someCompetencies = []string{"it", "cloud", "edge", "print"}
	someCountries    = []string{"CH", "FR", "DE"}
)

func (c *chance) of(list []string) string { return list[c.IntN(len(list))] }

func (c *chance) orNone(list []string) string {
	if c.IntN(2) == 0 {
		return ""
	}
	return c.of(list)
}

func (c *chance) some(list []string) []string {
	var chosen []string
	for _, text := range list {
		if c.IntN(3) == 0 {
			chosen = append(chosen, text)
		}
	}
	return chosen
}

// change writes one.
func (c *chance) change() {
	c.n++
	name := func(kind string, most int) graph.Meta { return id(fmt.Sprint(kind, c.IntN(most))) }
	switch c.IntN(14) {
	case 0:
		c.w.put("wall.created", c.wall(name("wall", 3)))
	case 1:
		c.w.put("partner.updated", c.partner())
	case 2:
		broader := map[string]string{"cloud": "it", "edge": "cloud", "print": "it"}
		competency := c.of([]string{"cloud", "edge", "print"})
		n := &graph.Competency{Meta: id(competency), Name: fmt.Sprint(competency, c.n)}
		if c.IntN(3) > 0 {
			n.Broader = []string{broader[competency]}
		}
		c.w.put("competency.updated", n)
	case 3:
		c.w.put("region.updated", &graph.Region{Meta: id("west"), Name: fmt.Sprint("West", c.n), Countries: c.some(someCountries), Parent: c.orNone([]string{"europe"})})
	case 4:
		c.w.put("site.updated", &graph.Site{Meta: id(c.of(someSites)), Name: fmt.Sprint(c.n), Customer: c.orNone(someCustomers), Country: c.orNone(someCountries), Location: []graph.Point{bern, lyon}[c.IntN(2)]})
	case 5:
		c.w.put("office.created", &graph.Office{Meta: name("office", 4), Name: fmt.Sprint(c.n), Partner: c.of(somePartners), Country: c.of(someCountries), Location: bern})
	case 6:
		c.w.put("partnership.updated", &graph.Partnership{Meta: name("pact", 2), Parties: []string{"acme", c.of([]string{"bolt", "coil"})}, Form: fmt.Sprint(c.n), Collaboration: graph.HighCollaboration})
	case 7, 8:
		c.referral()
	case 9:
		c.invitation()
	default:
		c.w.put("opportunity.updated", c.opportunity(name("gap", 5)))
	}
}

func (c *chance) wall(m graph.Meta) *graph.Wall {
	if c.IntN(3) == 0 {
		m.RetiredOn = graph.NewDate(2026, 11, 1)
	}
	return &graph.Wall{Meta: m, Partner: c.of(somePartners), Customer: c.of(someCustomers), Competency: c.orNone(someCompetencies)}
}

func (c *chance) partner() *graph.Partner {
	shy := c.IntN(3) == 0
	status := graph.Active
	if c.IntN(12) == 0 {
		status = graph.Suspended
	}
	return &graph.Partner{Meta: id(c.of(somePartners)), Name: fmt.Sprint("Partner ", c.n), Status: status, Undisclosed: shy}
}

func (c *chance) referral() {
	n := c.IntN(6)
	r := &graph.Referral{Meta: id(fmt.Sprint("referral", n)), From: somePartners[n%4], To: somePartners[(n+1+n/4)%4], Customer: c.orNone(someCustomers), Competency: c.orNone(someCompetencies), State: graph.ReferralStates[c.IntN(2)], SentOn: graph.NewDate(2026, 1, 1+c.IntN(28))}
	if n > 0 && c.IntN(2) == 0 {
		if parent := fmt.Sprint("referral", n-1); c.there(graph.KindReferral, parent) {
			r.Parent = parent
		}
	}
	c.w.put("referral.sent", r)
}

func (c *chance) there(kind graph.Kind, id string) bool {
	nodes, err := c.w.store.Read(context.Background(), graph.Operator, kind, []string{id})
	return err == nil && nodes[0] != nil
}

func (c *chance) invitation() {
	gap := fmt.Sprint("gap", c.IntN(5))
	if !c.there(graph.KindOpportunity, gap) {
		return
	}
	partner := c.of(somePartners)
	c.w.put("invitation.created", &graph.Invitation{Meta: id("asks-" + partner + "-" + gap), Opportunity: gap, Partner: partner, State: graph.InvitationStates[c.IntN(4)], Reason: c.of(graph.DeclineReasons)})
}

func (c *chance) opportunity(m graph.Meta) *graph.Opportunity {
	o := &graph.Opportunity{
		Meta: m, Title: fmt.Sprint("Gap ", c.n), Customer: c.orNone(someCustomers), Owner: c.orNone(somePartners), Lead: c.orNone(somePartners), Members: c.some(somePartners),
		Declined: c.some(somePartners), Stage: graph.Stages[c.IntN(4)],
	}
	if c.IntN(2) == 0 && c.there(graph.KindSite, "square") {
		o.Site = c.of(someSites)
	} else if c.IntN(2) == 0 {
		o.Point = &lyon
	}
	for _, competency := range c.some(someCompetencies) {
		o.Needs = append(o.Needs, graph.Need{Competency: competency, MinLevel: 1})
	}
	switch c.IntN(4) {
	case 0:
		o.Audience.Kind = graph.AudienceAll
	case 1:
		o.Audience = graph.Audience{Kind: graph.AudienceNamed, Partners: c.some(somePartners)}
	case 2:
		o.Audience = graph.Audience{Kind: graph.AudienceFilter, Countries: c.some(someCountries)}
	}
	if c.IntN(2) == 0 && c.there(graph.KindPartnership, "pact0") {
		o.SharedIn = []string{"pact0"}
	}
	return o
}

// interest is what somebody may want.
func (c *chance) interest() Interest {
	switch c.IntN(4) {
	case 0:
		return Interest{Topic: Referrals}
	case 1:
		return Interest{Topic: Everything, Types: c.some([]string{"opportunity.*", "site.updated", "partner.*", "referral.sent", "invitation.created"})}
	}
	f := Filter{}
	if c.IntN(2) == 0 {
		f.Competency = c.orNone(someCompetencies)
	}
	switch c.IntN(4) {
	case 0:
		f.Region = c.of([]string{"west", "europe"})
	case 1:
		f.Countries = c.some(someCountries)
	case 2:
		f.Near, f.RadiusKm = &graph.Place{Point: &bern}, []float64{0, 50, 12000}[c.IntN(3)]
	}
	for _, stage := range graph.Stages[:4] {
		if c.IntN(4) == 0 {
			f.Stages = append(f.Stages, stage)
		}
	}
	return Interest{Filter: f}
}

func (c *chance) viewer() graph.Viewer {
	switch c.IntN(8) {
	case 0:
		return graph.Operator
	case 1:
		return customerViewer(c.of(someCustomers))
	case 2:
		if c.IntN(3) == 0 {
			return analyst
		}
	}
	return partnerOf(c.of(somePartners))
}

// naive is what a reader of the log is told who reads every event by itself, one after the other.
func (w *world) naive(v graph.Viewer, i Interest, after int64) []string {
	w.Helper()
	events, err := w.store.Events(context.Background(), graph.Operator, after, 1<<20)
	if err != nil {
		w.Fatal(err)
	}
	var told []string
	for _, event := range events {
		if v.Role == graph.RoleAnalyst {
			continue
		}
		kind, id, about := graph.ParseGID(event.Subject)
		if !about {
			if !v.Confined() && i.Topic == Everything && w.typed(i, event.Type) {
				told = append(told, fmt.Sprint(event.Seq, " ", event.Type))
			}
			continue
		}
		subject := w.read(v, kind, id)
		if subject == nil {
			continue
		}
		invitation, invited := subject.(*graph.Invitation)
		switch {
		case i.Topic == Referrals && kind != graph.KindReferral, i.Topic == Everything && !w.typed(i, event.Type), i.Topic == Opportunities && kind != graph.KindOpportunity && !invited:
			continue
		case i.Topic == Opportunities && invited:
			if subject = w.read(v, graph.KindOpportunity, invitation.Opportunity); subject == nil {
				continue
			}
		}
		if i.Topic == Opportunities && !w.fits(i.Filter, subject.(*graph.Opportunity)) {
			continue
		}
		told = append(told, sight(event.Seq, event.Type, subject))
	}
	return told
}

// sight is what a message says of a node.
func sight(seq int64, name string, subject graph.Node) string {
	return fmt.Sprintf("%d %s %s %+v", seq, name, subject.GID(), reflect.ValueOf(subject).Elem())
}

func saw(messages []Message) []string {
	var told []string
	for _, m := range messages {
		switch {
		case m.Subject == nil:
			told = append(told, fmt.Sprint(m.Seq, " ", m.Type))
		default:
			told = append(told, sight(m.Seq, m.Type, m.Subject))
		}
	}
	return told
}

func (w *world) typed(i Interest, name string) bool {
	if len(i.Types) == 0 {
		return true
	}
	return slices.ContainsFunc(i.Types, func(wanted string) bool {
		kind, all := strings.CutSuffix(wanted, "*")
		return wanted == name || all && strings.HasPrefix(name, kind)
	})
}

func (w *world) read(v graph.Viewer, kind graph.Kind, id string) graph.Node {
	w.Helper()
	nodes, err := w.store.Read(context.Background(), v, kind, []string{id})
	if err != nil {
		w.Fatal(err)
	}
	return nodes[0]
}

// fits decides a filter from the records alone.
func (w *world) fits(f Filter, o *graph.Opportunity) bool {
	if len(f.Stages) > 0 && !slices.Contains(f.Stages, o.Stage) {
		return false
	}
	if f.Competency != "" && !slices.ContainsFunc(o.Needs, func(n graph.Need) bool { return w.within(n.Competency, f.Competency) }) {
		return false
	}
	points, countries := w.where(o)
	if f.Near != nil && !slices.ContainsFunc(points, func(p graph.Point) bool {
		return f.RadiusKm == 0 || graph.Kilometres(p, *f.Near.Point) <= f.RadiusKm
	}) {
		return false
	}
	if f.Region == "" && len(f.Countries) == 0 {
		return true
	}
	return slices.ContainsFunc(countries, func(country string) bool {
		return (len(f.Countries) == 0 || slices.Contains(f.Countries, country)) && (f.Region == "" || w.lies(country, f.Region))
	})
}

func (w *world) within(competency, broad string) bool {
	if competency == broad {
		return true
	}
	c := w.read(graph.Operator, graph.KindCompetency, competency).(*graph.Competency)
	return slices.ContainsFunc(c.Broader, func(b string) bool { return w.within(b, broad) })
}

func (w *world) lies(country, region string) bool {
	west := w.read(graph.Operator, graph.KindRegion, "west").(*graph.Region)
	return slices.Contains(west.Countries, country) && (region == "west" || west.Parent == region)
}

func (w *world) where(o *graph.Opportunity) (points []graph.Point, countries []string) {
	customer := o.Customer
	if o.Site != "" {
		site := w.read(graph.Operator, graph.KindSite, o.Site).(*graph.Site)
		points = []graph.Point{site.Location}
		if site.Country != "" {
			return points, []string{site.Country}
		}
		if customer == "" {
			customer = site.Customer
		}
	} else if o.Point != nil {
		points = []graph.Point{*o.Point}
	}
	for _, name := range someSites {
		if !(&chance{w: w}).there(graph.KindSite, name) {
			continue
		}
		if site := w.read(graph.Operator, graph.KindSite, name).(*graph.Site); customer != "" && site.Customer == customer {
			if o.Site == "" && o.Point == nil {
				points = append(points, site.Location)
			}
			if site.Country != "" {
				countries = append(countries, site.Country)
			}
		}
	}
	return points, countries
}

// listener is one of the random subscribers.
type listener struct {
	viewer   graph.Viewer
	interest Interest
	stream   *Subscription
	cursor   string
	seq      int64          // up to which it has looked
	owed     map[int64]bool // what it could have been told when it happened
}

// TestEveryStreamTellsWhatANaiveReaderIsTold has readers who take everything at once, at long intervals, drop and
// come back, while the graph and with it their rights change at random. What each is told is, in order and exactly
// once, what reading the log event by event says at the moment when it is taken: all of it where the reader is
// prompt or reads what was before, else all that could have been told already when it happened. VALUEWEB_TORTURE=1
// draws a thousand worlds.
func TestEveryStreamTellsWhatANaiveReaderIsTold(t *testing.T) {
	every.Embedded(t)
	seeds := uint64(12)
	switch {
	case os.Getenv("VALUEWEB_TORTURE") != "":
		seeds = 1000
	case testing.Short():
		seeds = 8
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorld(t, memory(t), Options{Buffer: 6})
			w.small()
			w.put("site.created", &graph.Site{Meta: id("square"), Location: lyon})
			c := &chance{Rand: rand.New(rand.NewPCG(seed, 6)), w: w}
			var listeners []*listener
			for range 25 {
				l := &listener{viewer: c.viewer(), interest: c.interest(), cursor: beginning}
				listeners = append(listeners, l)
			}
			for range 150 {
				before, _ := w.store.Seq(t.Context())
				c.change()
				w.settled()
				for _, l := range listeners {
					w.owe(l, before)
				}
				for _, l := range listeners {
					w.turn(c, l)
				}
			}
			for _, l := range listeners {
				w.listen(l)
			}
		})
	}
}

// owe notes what a listener whose stream is open could be told at once.
func (w *world) owe(l *listener, after int64) {
	w.Helper()
	if _, refused := w.store.Access(w.Context(), l.viewer); l.stream == nil || refused != nil {
		return
	}
	for _, told := range w.naive(l.viewer, l.interest, after) {
		l.owed[seqOf(told)] = true
	}
}

func seqOf(told string) (seq int64) {
	if _, err := fmt.Sscan(told, &seq); err != nil {
		panic(err)
	}
	return seq
}

// turn lets a listener do something, or nothing.
func (w *world) turn(c *chance, l *listener) {
	switch {
	case l.stream == nil && c.IntN(4) > 0:
	case l.stream != nil && c.IntN(12) == 0:
		l.stream.Close()
		l.stream = nil
	case l.stream != nil && c.IntN(3) > 0:
	default:
		w.listen(l)
	}
}

// listen compares what a listener is told with what a naive reader is.
func (w *world) listen(l *listener) {
	w.Helper()
	_, refused := w.store.Access(w.Context(), l.viewer)
	replay := l.stream == nil
	if replay {
		stream, err := w.feed.Subscribe(w.Context(), l.viewer, l.interest, l.cursor)
		if refused != nil {
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeForbidden {
				w.Errorf("%v is refused with %v", l.viewer, err)
			}
			return
		}
		if err != nil {
			w.Fatal(err)
		}
		w.Cleanup(stream.Close)
		l.stream, l.owed = stream, map[int64]bool{}
	}
	messages, err := w.drain(l.stream)
	if err != nil {
		if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeForbidden || len(messages) > 0 {
			w.Errorf("the stream of %v ends with %v after %v", l.viewer, err, messages)
		}
		l.stream = nil // it was suspended at some time, and comes back
		return
	}
	if refused != nil {
		w.Fatalf("the stream of %v goes on: %v", l.viewer, refused)
	}
	got := saw(messages)
	expected := slices.DeleteFunc(w.naive(l.viewer, l.interest, l.seq), func(told string) bool {
		return !replay && !l.owed[seqOf(told)] && !slices.Contains(got, told)
	})
	if !slices.Equal(got, expected) {
		w.Fatalf("%v with %+v after %d is told of\n%s\nnot of\n%s", l.viewer, l.interest, l.seq, strings.Join(got, "\n"), strings.Join(expected, "\n"))
	}
	if l.seq, err = w.store.Seq(w.Context()); err != nil {
		w.Fatal(err)
	}
	b, _ := w.feed.binding(w.Context(), l.viewer)
	if l.cursor = b.cursor(l.seq); l.seq%5 == 0 {
		w.pages(l)
	}
}

// pages compares what a client is told that polls from the start.
func (w *world) pages(l *listener) {
	w.Helper()
	var got []string
	for cursor, more := "", true; more; {
		page, err := w.feed.Page(w.Context(), l.viewer, l.interest, cursor, 7)
		if err != nil {
			w.Fatal(err)
		}
		got = append(got, saw(page.Messages)...)
		cursor, more = page.End, page.HasNext
	}
	if expected := w.naive(l.viewer, l.interest, 0); !slices.Equal(got, expected) {
		w.Fatalf("%v with %+v is told page by page of\n%s\nnot of\n%s", l.viewer, l.interest, strings.Join(got, "\n"), strings.Join(expected, "\n"))
	}
}

// TestNothingIsLostOrDoubledWhileWritersAndReadersRun has writers and readers at the same time, who drop and resume.
func TestNothingIsLostOrDoubledWhileWritersAndReadersRun(t *testing.T) {
	w := newWorld(t, memory(t), Options{Buffer: 8, Patience: math.MaxInt64})
	w.small()
	const writers, each, readers = 4, 150, 12
	var writing, reading sync.WaitGroup
	last := make(chan int64, 1)
	for n := range writers {
		writing.Go(func() {
			for i := range each {
				o := posting(fmt.Sprintf("gap-%d-%d", n, i))
				if i%3 == 0 {
					o.Audience = graph.Audience{Kind: graph.AudienceNamed, Partners: []string{"bolt"}}
				}
				w.put("opportunity.posted", o)
			}
		})
	}
	records := make([][]string, readers)
	viewers := make([]graph.Viewer, readers)
	end := make(chan struct{})
	for n := range readers {
		viewers[n] = []graph.Viewer{graph.Operator, partnerOf("bolt"), partnerOf("coil"), customerViewer("bank")}[n%4]
		reading.Go(func() {
			c := rand.New(rand.NewPCG(uint64(n), 7))
			cursor := beginning
			for {
				s, err := w.feed.Subscribe(context.Background(), viewers[n], Interest{}, cursor)
				if err != nil {
					w.Error(err)
					return
				}
				for range 1 + c.IntN(80) {
					m, err := s.Next(context.Background())
					if err != nil {
						w.Error(err)
						return
					}
					if cursor = m.Cursor.String(); !m.Heartbeat() {
						records[n] = append(records[n], sight(m.Seq, m.Type, m.Subject))
						continue
					}
					select {
					case seq := <-last:
						last <- seq
						if m.Seq >= seq {
							s.Close()
							return
						}
					default:
					}
				}
				s.Close()
			}
		})
	}
	go func() { // lets readers know how far they have come
		for {
			w.clock.pass(15e9)
			select {
			case w.ticks <- w.clock.time():
			case <-end:
				return
			}
		}
	}()
	writing.Wait()
	seq, err := w.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last <- seq
	reading.Wait()
	close(end)
	for n, record := range records {
		if expected := w.naive(viewers[n], Interest{}, 0); !slices.Equal(record, expected) {
			t.Errorf("%v is told of %d events, not of %d", viewers[n], len(record), len(expected))
		}
	}
}
