package graph

// CandidatePage is a page of the partners that can fill a gap, best first.
type CandidatePage struct {
	Candidates  []Candidate
	Cursors     []string // of the candidates
	Total       int
	HasNext     bool
	HasPrevious bool
	RingKm      *float64 // the radius given or the ring used; nil: anywhere
	AsOf        Date
	Seq         int64 // that the ties reflect
	Changed     bool  // facts changed since the page before
	LeftOut     LeftOut
	Loosen      []Loosening
	// Stated are the nodes that the candidates name, as far as the facts state them: of a partner id, name,
	// kind, status, tier, capacity and whether it is synthetic; of an office id, partner, name, city and country;
	// of a competency id and name; of a holding id, partner, competency, office, level, since, until and whether
	// it is remote; of a certification id, partner, scheme and expiry. The rest of them is empty. They are of the
	// moment of the facts. A node may come several times.
	Stated []Node
}

// Candidate is a partner that qualifies, with the reasons for its place.
type Candidate struct {
	Partner  string
	Rank     int // from 1
	Score    float64
	Km       *float64 // the farthest that anyone must travel; nil: all remote
	Office   string   // that Km belongs to
	Terms    []ScoreTerm
	Matches  []NeedMatch
	Trust    *TrustPath
	Caveats  []Caveat
	Country  string // of the place asked about, which decides the contact
	Evidence TrackFacts
}

// ScoreTerm is one part of a score: its value in [0, 1], its weight, their product, the facts it rests
// on and one sentence that says them.
type ScoreTerm struct {
	Term         Term
	Value        float64
	Weight       float64
	Contribution float64
	Because      string
	Evidence     []Evidence
}

// Evidence is one fact that a term rests on.
type Evidence struct {
	Name  string // what it is: level, km, won, closed …
	Value string // as it counts
	Of    string // gid of the node that states it; empty: a count over many
}

// NeedMatch says with which holding a need is filled, and from where.
type NeedMatch struct {
	Need          string
	Holding       string
	Exact         bool
	Certification string   // empty: none
	Office        string   // the nearest at which the need is filled; empty: remote
	Km            *float64 // nil: remote
}

// Caveat is something to know before relying on a candidate.
type Caveat struct {
	Code CaveatCode
	Text string
}

// CaveatCode is the closed list of caveats.
type CaveatCode string

// The caveats.
const (
	CertificateLapses CaveatCode = "CERTIFICATE_LAPSES"
	HoldingEnds       CaveatCode = "HOLDING_ENDS"
	LevelUnstated     CaveatCode = "LEVEL_UNSTATED"
	CapacityUnstated  CaveatCode = "CAPACITY_UNSTATED"
	SyntheticFact     CaveatCode = "SYNTHETIC"
)

// CaveatDays is how far ahead of the day asked about an end is worth a caveat.
const CaveatDays = 90
