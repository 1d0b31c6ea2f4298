package stream

import (
	"context"
	"slices"
	"sync"

	"valueweb/graph"
)

// land is what filters are read by: the taxonomy, and which regions hold a country, as of a seq.
type land struct {
	seq     int64
	broader map[string][]string // of a competency
	regions map[string][]string // that hold a country, those above them included
}

// asksFor reports whether a need of an opportunity is a competency, or narrower.
func (l *land) asksFor(o *graph.Opportunity, competency string) bool {
	for _, need := range o.Needs {
		if need.Competency == competency {
			return true
		}
	}
	return slices.Contains(l.above(o), competency)
}

// above are the competencies that an opportunity needs, and all that are broader, each once.
func (l *land) above(o *graph.Opportunity) []string {
	var all []string
	for _, need := range o.Needs {
		if !slices.Contains(all, need.Competency) {
			all = append(all, need.Competency)
		}
	}
	for i := 0; i < len(all); i++ {
		for _, broader := range l.broader[all[i]] {
			if !slices.Contains(all, broader) {
				all = append(all, broader)
			}
		}
	}
	return all
}

// lands keeps the newest land.
type lands struct {
	store graph.Store
	mu    sync.Mutex
	land  *land // nil: not read yet
}

const (
	nodesAtOnce  = 1000
	eventsAtOnce = 256
)

// at returns a land that is no older than a seq.
func (l *lands) at(ctx context.Context, seq int64) (*land, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.land != nil && l.land.seq < seq && seq-l.land.seq <= eventsAtOnce {
		events, err := l.store.Events(ctx, graph.Operator, l.land.seq, eventsAtOnce)
		if err != nil {
			return nil, err
		}
		l.pass(events)
	}
	if l.land == nil || l.land.seq < seq {
		fresh, err := survey(ctx, l.store)
		if err != nil {
			return nil, err
		}
		l.land = fresh
	}
	return l.land, nil
}

// observe takes the land along over events that do not touch it.
func (l *lands) observe(events []graph.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass(events)
}

func (l *lands) pass(events []graph.Event) {
	if l.land == nil {
		return
	}
	seq := l.land.seq
	for _, event := range events {
		if event.Seq <= seq {
			continue
		}
		if event.Seq != seq+1 || touches(&event, graph.KindCompetency, graph.KindRegion) {
			l.land = nil
			return
		}
		seq = event.Seq
	}
	if seq != l.land.seq {
		l.land = &land{seq: seq, broader: l.land.broader, regions: l.land.regions}
	}
}

// touches reports whether an event changed nodes of some kinds.
func touches(event *graph.Event, kinds ...graph.Kind) bool {
	of := func(gid string) bool {
		kind, _, ok := graph.ParseGID(gid)
		return ok && slices.Contains(kinds, kind)
	}
	return of(event.Subject) || slices.ContainsFunc(event.Changes, of)
}

// survey reads the land.
func survey(ctx context.Context, store graph.Store) (*land, error) {
	seq, err := store.Seq(ctx) // what is read afterwards is not older
	if err != nil {
		return nil, err
	}
	fresh := &land{seq: seq, broader: map[string][]string{}, regions: map[string][]string{}}
	err = all(ctx, store, graph.KindCompetency, func(node graph.Node) {
		c := node.(*graph.Competency)
		fresh.broader[c.ID] = c.Broader
	})
	if err != nil {
		return nil, err
	}
	regions := map[string]*graph.Region{}
	err = all(ctx, store, graph.KindRegion, func(node graph.Node) { regions[node.Header().ID] = node.(*graph.Region) })
	if err != nil {
		return nil, err
	}
	for _, region := range regions {
		for _, country := range region.Countries {
			for seen := region; seen != nil && !slices.Contains(fresh.regions[country], seen.ID); seen = regions[seen.Parent] {
				fresh.regions[country] = append(fresh.regions[country], seen.ID)
			}
		}
	}
	return fresh, nil
}

// all reads every node of a kind.
func all(ctx context.Context, store graph.Store, kind graph.Kind, yield func(graph.Node)) error {
	q := graph.ListQuery{Kind: kind, Order: graph.Order{Field: graph.OrderByID}, Page: graph.PageQuery{First: nodesAtOnce}}
	for {
		page, err := store.List(ctx, graph.Operator, q)
		if err != nil {
			return err
		}
		for _, node := range page.Nodes {
			yield(node)
		}
		if !page.HasNext {
			return nil
		}
		q.Page.After = &page.Keys[len(page.Keys)-1]
	}
}
