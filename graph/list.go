package graph

// ListQuery asks for a page of the nodes of one kind.
type ListQuery struct {
	Kind   Kind
	Filter Filter
	Order  Order
	Page   PageQuery
}

// Filter narrows a list; all that is stated must hold. A store honours the fields that make sense for
// the kind listed, and Validate refuses the others before it is asked.
type Filter struct {
	Text      string // contained in a name, an alias or an id, without regard to case and accents
	Kinds     []PartnerKind
	Statuses  []PartnerStatus
	MinTier   string
	Holds     []Need // partner: all of them; office: at that office
	Certified string // partner: a valid certification of this competency or a narrower one
	Scheme    string // partner: a valid certification under this scheme
	Near      *Place
	RadiusKm  float64 // with Near; 0: any distance
	Region    string
	Countries []string
	Tags      []string
	HasOffice *bool
	Roles     []OfficeRole
	Partner   string // office and key: of it; customer: served by it
	Customer  string // site: of it
	Free      *bool  // site: without a customer
	Segments  []string
	Industry  []string
	Within    string // competency: narrower than this one, any depth
	Roots     *bool  // competency: without a broader one
	AsOf      Date   // the day on which holdings and certifications must be current
}

// OrderField is what a list is ordered by. Ties are broken by id.
type OrderField string

// The orders. Every kind can be ordered by id; those with a name by name; offices and sites by their
// distance in kilometres from Filter.Near; partners by tier and date of joining.
const (
	OrderByID     OrderField = "ID"
	OrderByName   OrderField = "NAME"
	OrderByKm     OrderField = "KM"
	OrderByTier   OrderField = "TIER"
	OrderByJoined OrderField = "JOINED_ON"
	OrderBySent   OrderField = "SENT_ON"
	OrderByPosted OrderField = "POSTED_ON"
)

// Order is a total order over a list: the field, then the id, both descending if asked.
type Order struct {
	Field      OrderField
	Descending bool
}

// PageQuery is a keyset page: First rows after a key, or Last rows before one.
type PageQuery struct {
	First, Last   int
	After, Before *Key
	Total         bool // count all that match, too
}

// Backward reports whether the page is taken from the end.
func (p PageQuery) Backward() bool { return p.Last > 0 }

// Limit is the number of rows asked for.
func (p PageQuery) Limit() int {
	if p.Backward() {
		return p.Last
	}
	return p.First
}

// Key is the place of a row in a total order.
type Key struct {
	Text   string  `json:"t,omitempty"` // of an order by text
	Number float64 `json:"n,omitempty"` // of an order by number: kilometres, days, rank
	ID     string  `json:"i"`
}

// Page is a part of a list.
type Page struct {
	Nodes       []Node
	Keys        []Key     // of the nodes
	Km          []float64 // of the nodes, for an order by kilometres
	HasNext     bool
	HasPrevious bool
	Total       int // -1 where it was not asked for
}

// Relation names a way from a node to others.
type Relation string

// The relations that can be followed from many parents in one call, by the index that serves them.
const (
	PartnerOffices         Relation = "partner.offices"
	PartnerUnits           Relation = "partner.units"
	PartnerHoldings        Relation = "partner.holdings"
	PartnerCertifications  Relation = "partner.certifications"
	PartnerContacts        Relation = "partner.contacts"
	PartnerCustomers       Relation = "partner.customers"
	PartnerSolutions       Relation = "partner.solutions"
	PartnerPartnerships    Relation = "partner.partnerships"
	PartnerReceived        Relation = "partner.referralsReceived"
	PartnerSent            Relation = "partner.referralsSent"
	PartnerOpportunities   Relation = "partner.opportunities"
	PartnerKeys            Relation = "partner.keys"
	OfficeHoldings         Relation = "office.holdings"
	OfficeContacts         Relation = "office.contacts"
	CompetencyNarrower     Relation = "competency.narrower"
	CompetencyHoldings     Relation = "competency.holdings"
	CompetencyCertified    Relation = "competency.certifications"
	CompetencySolutions    Relation = "competency.solutions"
	CustomerSites          Relation = "customer.sites"
	CustomerContacts       Relation = "customer.contacts"
	CustomerPartners       Relation = "customer.partners"
	CustomerOpportunities  Relation = "customer.opportunities"
	CustomerReferrals      Relation = "customer.referrals"
	SiteOpportunities      Relation = "site.opportunities"
	RegionParts            Relation = "region.parts"
	SolutionUsedBy         Relation = "solution.usedBy"
	OpportunityInvitations Relation = "opportunity.invitations"
	ReferralChildren       Relation = "referral.children"
)

// RelatedQuery asks for the nodes related to each of many parents, in the order of their ids.
type RelatedQuery struct {
	Relation Relation
	Parents  []string
	Page     PageQuery // applies to each parent
}
