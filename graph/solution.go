package graph

// SolutionOrigin is whose design a solution is.
type SolutionOrigin string

// SolutionOrigins lists the origins: the vendor's blueprint, a partner's own, or a joint one.
var SolutionOrigins = []SolutionOrigin{"BLUEPRINT", "PARTNER", "JOINT"}

// Solution is an offer that requires competencies and is delivered by partners.
type Solution struct {
	Meta
	Name         string         `cbor:"10,keyasint"`
	Partners     []string       `cbor:"11,keyasint,omitempty"`
	Origin       SolutionOrigin `cbor:"12,keyasint,omitempty"`
	Competencies []string       `cbor:"13,keyasint,omitempty"`
	BuildsOn     []string       `cbor:"14,keyasint,omitempty"`
	Description  string         `cbor:"15,keyasint,omitempty"`
}

// Kind returns KindSolution.
func (*Solution) Kind() Kind { return KindSolution }

// GID is unique over all kinds.
func (s *Solution) GID() string { return GID(KindSolution, s.ID) }

// References lists the partners that deliver it, the competencies it requires and what it builds on.
func (s *Solution) References() []Reference {
	var refs references
	refs.add("partner_id", KindPartner, s.Partners...)
	refs.add("competency_ids", KindCompetency, s.Competencies...)
	refs.add("builds_on", KindSolution, s.BuildsOn...)
	return refs
}
