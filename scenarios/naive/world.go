package naive

// World is every fact of the sheets that the two questions can see.
type World struct {
	Partners      []Partner // in id order
	Offices       map[string][]Office
	Holdings      map[string][]Holding
	Certificates  map[string][]Certificate
	Broader       map[string][]string        // competency → its broader ones; a key for every competency
	Below         map[string]map[string]bool // competency → itself and all narrower ones
	Customers     map[string]Customer
	Sites         map[string]Site
	Partnerships  []Partnership
	Referrals     []Referral // in id order
	Opportunities map[string]Opportunity
	Walls         []Wall
}

// Partner is one row of partners; Capacity is 10 and Tier REGISTERED where none is stated.
type Partner struct {
	ID, Kind, Status, Tier string
	Capacity               float64
}

// Office is where a partner can be near.
type Office struct {
	ID, Partner string
	At          Point
}

// Point is a place in WGS-84 degrees.
type Point struct{ Lat, Lng float64 }

// Holding is a claim to a competency. Office is "" where it is partner-wide,
// Level 0 where none is stated.
type Holding struct {
	Partner, Competency, Office string
	Level                       float64
	Since, Until                string
	Remote                      bool
}

// Certificate attests one competency for one partner, at one office if Office is not "".
type Certificate struct {
	ID, Partner, Competency, Office string
	Issued, Expires                 string
	Verified                        bool
}

// Customer has a segment that walls may name.
type Customer struct{ ID, Segment string }

// Site is a named point; Customer is "" for a place that anyone may name.
type Site struct {
	ID, Customer string
	At           Point
}

// Partnership ties every pair of its parties while it is in force.
type Partnership struct {
	ID, Collaboration, Starts, Ends string
	Parties                         []string
}

// Referral is one introduction.
type Referral struct {
	ID, From, To, Competency, State string
	Sent, Answered, Closed          string
}

// Opportunity is a posted gap.
type Opportunity struct {
	ID, Customer, Site         string
	At                         *Point
	Needs                      []Need
	Owner, Lead, Stage, Review string
	Members, Declined          []string
	Posted, Closed             string
}

// Need is a competency at a level or above.
type Need struct {
	Competency string
	MinLevel   float64
}

// Wall keeps a partner out of what concerns a customer or a segment.
type Wall struct{ Partner, Customer, Segment, Competency, Partnership string }

// partner finds a partner by its id.
func (w *World) partner(id string) (Partner, bool) {
	for _, p := range w.Partners {
		if p.ID == id {
			return p, true
		}
	}
	return Partner{}, false
}

// narrower is the competency itself and all that is reachable downwards from it.
func (w *World) narrower(competency string) map[string]bool {
	found := map[string]bool{competency: true}
	for grew := true; grew; {
		grew = false
		for c, broader := range w.Broader {
			for _, b := range broader {
				if found[b] && !found[c] {
					found[c], grew = true, true
				}
			}
		}
	}
	return found
}
