package graph

import (
	"math"
	"slices"
)

// Limits of a question.
const (
	MaxNeeds    = 8
	MaxRadiusKm = 20_100 // a little more than half way round the globe
	MaxPage     = 1000
	DefaultPage = 20
)

// Rings are the radii in kilometres that a question without a radius tries in turn, until EnoughPartners
// are found; after the last, the place no longer counts.
var Rings = []float64{50, 100, 250, 1000, math.Inf(1)}

// EnoughPartners is the number of partners at which a ring is wide enough.
const EnoughPartners = 3

// Gap is the question who can fill this gap near this customer.
type Gap struct {
	Needs         []Need
	Place         Place
	RadiusKm      *float64 // nil: rings
	Anywhere      bool     // the distance does not count
	Asker         string   // a partner; empty: nobody in particular
	CertifiedOnly bool
	MinTier       string // empty: any
	Kinds         []PartnerKind
	Remote        bool // place ignored for holdings marked remote
	Weights       Weights
	AsOf          Date // zero: today
}

// Place says where: one of a customer (with one of its sites, or at all of them), a site, a point, or an
// opportunity, which also supplies needs and asker where the question states none.
type Place struct {
	Customer    string
	Site        string
	Point       *Point
	Opportunity string
}

// Validate checks that exactly one place is named.
func (p Place) Validate(field string) error {
	named := 0
	for _, is := range []bool{p.Customer != "" || p.Site != "", p.Point != nil, p.Opportunity != ""} {
		if is {
			named++
		}
	}
	switch {
	case named == 0:
		return Invalid(field, "name a place: a customer, a site, a point or an opportunity")
	case named > 1:
		return Invalid(field, "name one place, not several: a customer (with one of its sites), a site, a point or an opportunity")
	case p.Point != nil && !(math.Abs(p.Point.Lat) <= 90):
		return Invalid(field+".point.lat", "latitude %v is not between -90 and 90", p.Point.Lat)
	case p.Point != nil && !(math.Abs(p.Point.Lng) <= 180):
		return Invalid(field+".point.lng", "longitude %v is not between -180 and 180", p.Point.Lng)
	}
	return nil
}

// CheckRadius refuses a radius that is no distance on the globe.
func CheckRadius(field string, km float64) error {
	if !(km > 0 && km <= MaxRadiusKm) {
		return Invalid(field, "a radius is more than 0 and at most %d km, not %v", MaxRadiusKm, km)
	}
	return nil
}

// CheckNeeds refuses needs without a competency or with a level outside 1..5.
func CheckNeeds(field string, needs []Need, most int) error {
	if len(needs) > most {
		return Invalid(field, "%d needs are asked for; at most %d can be", len(needs), most)
	}
	for i, need := range needs {
		if need.Competency == "" {
			return Invalid(indexed(field, i)+".competency", "a need names a competency")
		}
		if need.MinLevel < 1 || need.MinLevel > MaxLevel {
			return Invalid(indexed(field, i)+".minLevel", "level %d is not between 1 and %d", need.MinLevel, MaxLevel)
		}
		if slices.ContainsFunc(needs[:i], func(n Need) bool { return n.Competency == need.Competency }) {
			return Invalid(indexed(field, i)+".competency", "%q is asked for twice", shorten(need.Competency))
		}
	}
	return nil
}

// CheckTier refuses a tier that the programme does not have.
func CheckTier(field, tier string) error {
	if TierRank(tier) < 0 {
		e := Invalid(field, "there is no tier %q", tier)
		e.Allowed = Tiers
		return e
	}
	return nil
}

// Validate checks the question as far as that needs no store.
func (q Gap) Validate() error {
	if len(q.Needs) == 0 && q.Place.Opportunity == "" {
		return Invalid("gap.needs", "name at least one need (an opportunity supplies its own)")
	}
	if err := CheckNeeds("gap.needs", q.Needs, MaxNeeds); err != nil {
		return err
	}
	if err := q.Place.Validate("gap.place"); err != nil {
		return err
	}
	if q.RadiusKm != nil {
		if q.Anywhere {
			return Invalid("gap.radiusKm", "a radius and anywhere exclude each other")
		}
		if err := CheckRadius("gap.radiusKm", *q.RadiusKm); err != nil {
			return err
		}
	}
	if err := CheckTier("gap.minTier", q.MinTier); err != nil {
		return err
	}
	return q.Weights.validate()
}

// radii are the distances that the store tries in turn.
func (q Gap) radii() []float64 {
	switch {
	case q.Anywhere:
		return []float64{math.Inf(1)}
	case q.RadiusKm != nil:
		return []float64{*q.RadiusKm}
	}
	return Rings
}

// GapQuery is a validated question as a store takes it.
type GapQuery struct {
	Gap
	Radii  []float64 // ascending; +Inf: anywhere
	Enough int       // partners at which a radius is wide enough
	Nobody bool      // there is no asker, and an opportunity supplies none
}

// GapFacts is what a store knows about a question: the question resolved, and the facts of every partner
// that qualifies, in no particular order.
type GapFacts struct {
	Seq        int64   // of the state that was read
	RadiusKm   float64 // the radius used; +Inf: anywhere
	Needs      []NeedFacts
	Customer   string  // whose walls count; empty: a point or a free site
	Points     []Point // where the customer stands, or the place itself
	Asker      string  // a partner; empty: nobody
	AskerState PartnerStatus
	Country    string // of the site, or of the first by id of several, ISO 3166-1 alpha-2; empty: a point
	// Blocked are the partners that a wall keeps out of a need itself: they carry no trust.
	Blocked    []string
	Candidates []CandidateFacts
	// Access is what the viewer may see, at the moment of the facts; nil: everything.
	Access  *Access
	Visited int // records read to answer, for the proof that a question stays local
}

// NeedFacts is a need with the name of its competency.
type NeedFacts struct {
	Need
	Name string
}

// CandidateFacts is what qualifies one partner.
type CandidateFacts struct {
	Partner   string
	Name      string
	Kind      PartnerKind // empty: not stated
	Tier      string      // empty: none stated
	Capacity  *int        // nil: not stated
	Synthetic bool
	Offices   []OfficeFacts    // within the radius at which some holding counts
	Holdings  [][]HoldingFacts // by need: those that qualify; a holding at an office has it in Offices
	Track     TrackFacts
}

// OfficeFacts is an office within the radius and its distance in kilometres, as Kilometres measures it,
// from the nearest of the points.
type OfficeFacts struct {
	ID      string
	Name    string // empty: none of its own
	City    string // empty: not stated
	Country string // ISO 3166-1 alpha-2; empty: not stated
	Km      float64
}

// node is the office as far as the facts state it.
func (o *OfficeFacts) node(partner string) *Office {
	return &Office{Meta: Meta{ID: o.ID}, Partner: partner, Name: o.Name, City: o.City, Country: o.Country}
}

// HoldingFacts is a holding that qualifies for a need.
type HoldingFacts struct {
	ID             string
	Competency     string
	CompetencyName string
	Office         string // empty: partner-wide
	Exact          bool   // the competency asked for, not a narrower one
	Level          int    // 0: not stated
	Since, Until   Date
	Remote         bool
	Certification  *CertificationFacts // the best that attests it; nil: none
}

// CertificationFacts is a valid certification.
type CertificationFacts struct {
	ID, Scheme string
	ExpiresOn  Date
}

// TrackFacts is what a partner has received, closed and carries.
type TrackFacts struct {
	Won, Closed       int  // in the 36 months up to asOf, for the needs or narrower
	LastWon           Date // zero: none, or not told to who asks
	OpenReferrals     int
	OpenOpportunities int
	Received          int // referrals sent to it in the 90 days up to asOf
}

// Open is the number of engagements that the partner carries.
func (t TrackFacts) Open() int { return t.OpenReferrals + t.OpenOpportunities }

// The periods that figures look back on.
const (
	ProofMonths = 36
	FairDays    = 90
)

// ProofPeriod is the half-open period (from, to] in which closings count as proof.
func ProofPeriod(asOf Date) (from, to Date) { return asOf.AddMonths(-ProofMonths), asOf }

// FairPeriod is the half-open period (from, to] in which referrals received count for fairness.
func FairPeriod(asOf Date) (from, to Date) { return asOf.AddDays(-FairDays), asOf }

// LeftOut counts the partners that hold every need and are not walled off, by the first test they fail.
type LeftOut struct {
	Kind, Tier, Status, Level, Certification, Capacity, NoOffice, Radius, Declined int
}

// GapShortfall is who was left out, and how many each variant of the question would find.
type GapShortfall struct {
	LeftOut LeftOut
	Found   []VariantFound
}

// VariantFound is what a variant of a question would find, and at which radius.
type VariantFound struct {
	Count    int
	RadiusKm float64
}

// GapFilter is a filter of the question that can be loosened.
type GapFilter string

// The filters that can be loosened, in the order in which equal ones are named.
const (
	LoosenRadius    GapFilter = "RADIUS"
	LoosenLevel     GapFilter = "LEVEL"
	LoosenCertified GapFilter = "CERTIFIED"
	LoosenTier      GapFilter = "TIER"
	LoosenKinds     GapFilter = "KINDS"
	LoosenRemote    GapFilter = "REMOTE"
)

// Loosening says what one filter would have to become, and how many partners that would find.
type Loosening struct {
	Filter    GapFilter
	To        string
	WouldFind int
}

// variant is the question with one filter loosened.
type variant struct {
	filter GapFilter
	to     string
	query  GapQuery
}

// variants are the questions with one filter loosened by one step each; filters that are already at their
// loosest have none. needs are those of the resolved question.
func variants(q GapQuery, needs []NeedFacts) []variant {
	var all []variant
	add := func(filter GapFilter, to string, loosen func(*GapQuery)) {
		v := variant{filter: filter, to: to, query: q}
		loosen(&v.query)
		all = append(all, v)
	}
	if q.RadiusKm != nil {
		wider := slices.IndexFunc(Rings, func(ring float64) bool { return ring > *q.RadiusKm })
		add(LoosenRadius, "", func(v *GapQuery) { v.Radii, v.Enough = Rings[wider:], 1 })
	}
	if slices.ContainsFunc(needs, func(n NeedFacts) bool { return n.MinLevel > 1 }) {
		add(LoosenLevel, "1", func(v *GapQuery) {
			v.Needs = nil
			for _, n := range needs {
				v.Needs = append(v.Needs, Need{Competency: n.Competency, MinLevel: 1})
			}
		})
	}
	if q.CertifiedOnly {
		add(LoosenCertified, "off", func(v *GapQuery) { v.CertifiedOnly = false })
	}
	if TierRank(q.MinTier) > 0 {
		add(LoosenTier, Tiers[0], func(v *GapQuery) { v.MinTier = "" })
	}
	if len(q.Kinds) > 0 {
		add(LoosenKinds, "any", func(v *GapQuery) { v.Kinds = nil })
	}
	if !q.Remote {
		add(LoosenRemote, "on", func(v *GapQuery) { v.Remote = true })
	}
	return all
}

// Count adds an engagement that closed, won or lost.
func (t *TrackFacts) Count(won bool, closing Date) {
	t.Closed++
	if won {
		t.Won++
		t.LastWon = max(t.LastWon, closing)
	}
}
