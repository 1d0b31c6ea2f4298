package neo4jstore

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"valueweb/graph"
)

var (
	readNetworkPartners     = moment("network partners", file("network-partners"))
	readNetworkReferrals    = moment("network referrals", file("network-referrals"))
	readNetworkPartnerships = moment("network partnerships", filled(file("network-partnerships"), "PROJECTION", projections[graph.KindPartnership]))
)

// How much of the network is read in one statement, and how many are under way at the same time: the database
// works on the next while the answer to one is taken in.
const (
	partnersAtOnce = 20_000
	sendersAtOnce  = 200
	readersAtOnce  = 2
)

// Network implements graph.Traverser. It reads while others write, and then reads again what they changed,
// until nothing was changed any more.
func (s *Store) Network(ctx context.Context, v graph.Viewer, yield func(graph.NetworkChunk) error) (int64, error) {
	if err := admit(ctx, v); err != nil {
		return 0, err
	}
	seq, err := s.Seq(ctx)
	if err != nil {
		return 0, err
	}
	for _, part := range []func(context.Context, func(graph.NetworkChunk) error) error{s.networkPartners, s.networkPartnerships} {
		if err := part(ctx, yield); err != nil {
			return 0, failure(ctx, err)
		}
	}
	seq, err = s.catchUp(ctx, v, seq, yield)
	return seq, failure(ctx, err)
}

// networkPartners reads the partners, and then the referrals that they sent.
func (s *Store) networkPartners(ctx context.Context, yield func(graph.NetworkChunk) error) error {
	for after := firstKey; ; {
		found, err := s.current(ctx, readNetworkPartners, map[string]any{"from": after, "limit": partnersAtOnce})
		if err != nil {
			return err
		}
		chunk := graph.NetworkChunk{Partners: partnersOf(found)}
		if len(chunk.Partners) == 0 {
			return nil
		}
		if err := yield(chunk); err != nil {
			return err
		}
		if err := s.networkReferrals(ctx, chunk.Partners, yield); err != nil {
			return err
		}
		after = chunk.Partners[len(chunk.Partners)-1].ID
	}
}

// networkReferrals reads the referrals of some senders, several portions at a time.
func (s *Store) networkReferrals(ctx context.Context, senders []*graph.Partner, yield func(graph.NetworkChunk) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readersAtOnce)
	var taking sync.Mutex
	for portion := range slices.Chunk(senders, sendersAtOnce) {
		group.Go(func() error {
			found, err := s.current(ctx, readNetworkReferrals, map[string]any{"from": portion[0].ID, "to": portion[len(portion)-1].ID})
			if err != nil {
				return err
			}
			chunk := graph.NetworkChunk{Referrals: referralsOf(found)}
			taking.Lock()
			defer taking.Unlock()
			return yield(chunk)
		})
	}
	return group.Wait()
}

func (s *Store) networkPartnerships(ctx context.Context, yield func(graph.NetworkChunk) error) error {
	for after := firstKey; ; {
		found, err := s.current(ctx, readNetworkPartnerships, map[string]any{"from": after, "limit": partnersAtOnce})
		if err != nil {
			return err
		}
		var chunk graph.NetworkChunk
		for _, value := range found.list("answer") {
			chunk.Partnerships = append(chunk.Partnerships, decode(graph.KindPartnership, value).(*graph.Partnership))
		}
		if len(chunk.Partnerships) == 0 {
			return nil
		}
		if err := yield(chunk); err != nil {
			return err
		}
		after = chunk.Partnerships[len(chunk.Partnerships)-1].ID
	}
}

// current answers a statement about the present, whatever writers do meanwhile.
func (s *Store) current(ctx context.Context, what statement, params map[string]any) (found row, err error) {
	_, err = s.glance(ctx, graph.Operator, func(ctx context.Context, r sight) error {
		found, err = r.ask(ctx, what, params)
		return err
	})
	if err == errDisturbed {
		err = nil
	}
	return found, err
}

// columns reads what was collected column by column.
type columns map[string][]any

func columnsOf(found row) columns {
	all := columns{}
	answer, _ := found["answer"].(map[string]any)
	for name, column := range answer {
		all[name], _ = column.([]any)
	}
	return all
}

func (c columns) text(name string, i int) string {
	text, _ := c[name][i].(string)
	return text
}

func partnersOf(found row) []*graph.Partner {
	c := columnsOf(found)
	partners := make([]*graph.Partner, len(c["ids"]))
	for i := range partners {
		partners[i] = &graph.Partner{Meta: graph.Meta{ID: c.text("ids", i)}, Name: c.text("names", i), Status: graph.PartnerStatus(c.text("statuses", i))}
	}
	return partners
}

// referralsOf reads the timelines of the referrals between pairs of partners.
func referralsOf(found row) []*graph.Referral {
	var referrals []*graph.Referral
	for _, value := range found.list("answer") {
		pair := value.([]any)
		from, to, lines := textAt(pair, 0), textAt(pair, 1), pair[2].([]any)
		all := make([]graph.Referral, len(lines))
		for i := range all {
			all[i].From, all[i].To = from, to
			readTimeline(textAt(lines, i), &all[i])
			referrals = append(referrals, &all[i])
		}
	}
	return referrals
}

// changesAtOnce is the number of events that are caught up with in one go.
const changesAtOnce = 1000

// catchUp reads again what was changed after a seq, until the log ends. It returns the seq reached.
func (s *Store) catchUp(ctx context.Context, v graph.Viewer, seq int64, yield func(graph.NetworkChunk) error) (int64, error) {
	for {
		events, err := s.Events(ctx, v, seq, changesAtOnce)
		if err != nil || len(events) == 0 {
			return seq, err
		}
		chunk, err := s.changedIn(ctx, v, events)
		if err != nil {
			return seq, err
		}
		if err := yield(chunk); err != nil {
			return seq, err
		}
		seq = events[len(events)-1].Seq
	}
}

// changedIn reads the nodes of the network that events changed, as they are now.
func (s *Store) changedIn(ctx context.Context, v graph.Viewer, events []graph.Event) (chunk graph.NetworkChunk, err error) {
	chunk.Again = true
	ids := map[graph.Kind][]string{}
	for _, event := range events {
		for _, gid := range append(slices.Clone(event.Changes), event.Subject) {
			if kind, id, ok := graph.ParseGID(gid); ok {
				ids[kind] = append(ids[kind], id)
			}
		}
	}
	for _, kind := range []graph.Kind{graph.KindPartner, graph.KindReferral, graph.KindPartnership} {
		nodes, err := s.Read(ctx, v, kind, ids[kind])
		if err != nil {
			return chunk, err
		}
		for _, node := range nodes {
			switch n := node.(type) {
			case *graph.Partner:
				chunk.Partners = append(chunk.Partners, n)
			case *graph.Referral:
				chunk.Referrals = append(chunk.Referrals, n)
			case *graph.Partnership:
				chunk.Partnerships = append(chunk.Partnerships, n)
			}
		}
	}
	return chunk, nil
}
