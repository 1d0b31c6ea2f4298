package scenarios

import (
	"context"
	"testing"

	"valueweb/graph"
)

// TestTheLawFindsEveryFaultOfChangesThatIsPlanted breaks on purpose what a change looks at, one way at a time.
func TestTheLawFindsEveryFaultOfChangesThatIsPlanted(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(graph.Store) graph.Store{
		"what is hidden keeps things in use": func(s graph.Store) graph.Store {
			return meddles{s, func(tx graph.Tx) graph.Tx { return &uses{Tx: tx} }}
		},
		"what is hidden is FORBIDDEN":               func(s graph.Store) graph.Store { return meddles{s, findsAny(graph.KindOpportunity)} },
		"referrals of others are FORBIDDEN":         func(s graph.Store) graph.Store { return meddles{s, findsAny(graph.KindReferral)} },
		"hidden partners can be named":              func(s graph.Store) graph.Store { return meddles{s, findsAny(graph.KindPartner)} },
		"customers of others can be named":          func(s graph.Store) graph.Store { return meddles{s, findsAny(graph.KindCustomer)} },
		"nearest names are of everything":           func(s graph.Store) graph.Store { return suggests{s} },
		"what is read after a change is read whole": func(s graph.Store) graph.Store { return follows{s, graph.PartnerReceived} },
		"streams tell of every opportunity":         func(s graph.Store) graph.Store { return tellsOf{s, graph.KindOpportunity} },
		"pages of the log tell of every referral":   func(s graph.Store) graph.Store { return reads{s, graph.KindReferral} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := func() (graph.Store, error) {
				s, err := openMemory()
				return broken(s), err
			}
			for seed := range uint64(worldsForAFault) {
				if d := changesBreak(t, seed, open); d != nil {
					t.Logf("found in world %d: %.700s", seed, d.broken[0])
					return
				}
			}
			t.Errorf("the law found nothing in %d worlds", worldsForAFault)
		})
	}
}

// changesBreak is a duel of a world that is against the law, nil where none is. What it says is no error of the test.
func changesBreak(t *testing.T, seed uint64, open func() (graph.Store, error)) *duel {
	rows := livelyWorld(seed)
	for _, d := range duels(t, seed, rows, partnersThatChange, open) {
		if d.run(); len(d.broken) > 0 {
			return d
		}
	}
	return nil
}

// meddles puts something between a change and its transaction.
type meddles struct {
	graph.Store
	between func(graph.Tx) graph.Tx
}

func (s meddles) Write(ctx context.Context, v graph.Viewer, change func(context.Context, graph.Tx) error) (int64, error) {
	return s.Store.Write(ctx, v, func(ctx context.Context, tx graph.Tx) error { return change(ctx, s.between(tx)) })
}

// findsAny forgets who makes a change for one kind: whatever there is it finds.
func findsAny(kind graph.Kind) func(graph.Tx) graph.Tx {
	return func(tx graph.Tx) graph.Tx { return finds{tx, kind} }
}

type finds struct {
	graph.Tx
	kind graph.Kind
}

func (tx finds) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if kind == tx.kind {
		v = graph.Operator
	}
	return tx.Tx.Read(ctx, v, kind, ids)
}

// uses forgets who makes a change once the change has looked at what refers to a record.
type uses struct {
	graph.Tx
	looked bool
}

func (tx *uses) Related(ctx context.Context, v graph.Viewer, q graph.RelatedQuery) ([]graph.Page, error) {
	tx.looked = true
	return tx.Tx.Related(ctx, v, q)
}

func (tx *uses) Read(ctx context.Context, v graph.Viewer, kind graph.Kind, ids []string) ([]graph.Node, error) {
	if tx.looked {
		v = graph.Operator
	}
	return tx.Tx.Read(ctx, v, kind, ids)
}

// tellsOf forgets for whom streams read what they tell of.
type tellsOf struct {
	graph.Store
	kind graph.Kind
}

func (s tellsOf) ReadFor(ctx context.Context, viewers []graph.Viewer, kind graph.Kind, id string) ([]graph.Node, error) {
	if kind != s.kind {
		return s.Store.ReadFor(ctx, viewers, kind, id)
	}
	nodes := make([]graph.Node, len(viewers))
	read, err := s.Store.Read(ctx, graph.Operator, kind, []string{id})
	for i := range nodes {
		if err == nil {
			nodes[i] = read[0]
		}
	}
	return nodes, err
}
