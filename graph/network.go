package graph

import "context"

// Network is the partner-to-partner network in memory: what no query of a store can serve. It follows
// the log of a store and says which seq it reflects.
type Network interface {
	// Seq is the seq of the log that the network reflects.
	Seq() int64
	// Await returns once the network reflects a seq, or with the error of the context.
	Await(ctx context.Context, seq int64) error
	// Name returns the name of a partner, its id where it is not known.
	Name(id string) string
	// Trust returns the strongest path of at most MaxTrustTies ties over ACTIVE partners from an asker
	// to each of the candidates that has one; candidates without a path are absent. Equal strengths
	// (within StrengthTolerance): fewer ties, then the lexicographically smallest ids.
	Trust(ctx context.Context, q TrustQuery) (TrustFacts, error)
	// Paths returns the strongest loopless paths over ACTIVE partners, strongest first; equal strengths
	// as for Trust.
	Paths(ctx context.Context, q PathQuery) (PathFacts, error)
}

// MaxTrustTies is the number of ties over which trust reaches.
const MaxTrustTies = 3

// StrengthTolerance is the difference within which two strengths are equal.
const StrengthTolerance = 1e-12

// Limits of a question for paths.
const (
	MaxHops  = 6
	MaxPaths = 20
)

// TrustQuery asks how an asker reaches candidates.
type TrustQuery struct {
	Asker      string
	Candidates []string
	Without    []string // partners that carry no trust
	Hidden     Concealment
	AsOf       Date
}

// TrustFacts is what the network knows about how an asker reaches candidates.
type TrustFacts struct {
	Seq   int64                // that the ties reflect
	Paths map[string]TrustPath // by candidate
}

// PathQuery asks for the paths between two partners.
type PathQuery struct {
	From, To string
	MaxHops  int // 1..MaxHops
	First    int // 1..MaxPaths
	Avoid    []string
	Hidden   Concealment
	AsOf     Date
}

// NotDisclosed is a number that the viewer is not told.
const NotDisclosed = -1

// Tie joins two partners. Its strength is s = w / (w + 2) with
// w = Σ referrals either way · outcome · 0.5^(age/548 days) + partnership (2-questions.md, 3).
type Tie struct {
	A, B         string
	Strength     float64
	Referrals    int    // sent by the day asked about, either way; NotDisclosed
	LastActivity Date   // the latest sending, answer or closing up to that day; zero: no referral, or not disclosed
	Partnership  string // the closest one in force; empty: none, or not disclosed
}

// TrustPath is a chain of partners, each tied to the next. Its strength is the product of its ties.
type TrustPath struct {
	Partners []string
	Ties     []Tie // one fewer than Partners
	Strength float64
}

// PathFacts is what the network knows about the paths between two partners.
type PathFacts struct {
	Seq   int64
	Paths []TrustPath
	Apart *Apart // why there is no path; nil where there is one
}

// Apart says why no path was found: the sizes of the components that the two ends belong to, of the
// ACTIVE partners that are not to be avoided, and the fewest ties that would join them if more were
// allowed (0: none would, they are in different components).
type Apart struct {
	From, To int
	Hops     int
}
