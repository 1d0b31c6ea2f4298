package resolvers

import (
	"valueweb/graph"
	"valueweb/graph/stream"
	"valueweb/internal/audit"
	"valueweb/internal/gql"
)

// root holds what the questions are asked of, and hands out the resolvers of every type.
type root struct {
	graph   *graph.Graph
	version string
	audit   *audit.Recorder
	log     *stream.Log
	streams *stream.Feed // nil: nobody may subscribe
}

// query resolves the fields of Query.
type query struct{ *root }

func (r *root) Query() gql.QueryResolver { return query{r} }

// mutation resolves the fields of Mutation.
type mutation struct{ *root }

func (r *root) Mutation() gql.MutationResolver { return mutation{r} }

func (r *root) ApiKey() gql.ApiKeyResolver { return apiKeyResolver{r} }

// The resolvers of a node need nothing: the batch of the operation loads what they name.

func (*root) Apart() gql.ApartResolver         { return apartResolver{} }
func (*root) Audience() gql.AudienceResolver   { return audienceResolver{} }
func (*root) Candidate() gql.CandidateResolver { return candidateResolver{} }
func (*root) CandidateConnection() gql.CandidateConnectionResolver {
	return candidateConnectionResolver{}
}
func (*root) Certification() gql.CertificationResolver     { return certificationResolver{} }
func (*root) Competency() gql.CompetencyResolver           { return competencyResolver{} }
func (*root) Contact() gql.ContactResolver                 { return contactResolver{} }
func (*root) Customer() gql.CustomerResolver               { return customerResolver{} }
func (*root) CustomerPartner() gql.CustomerPartnerResolver { return customerPartnerResolver{} }
func (*root) Holding() gql.HoldingResolver                 { return holdingResolver{} }
func (*root) Invitation() gql.InvitationResolver           { return invitationResolver{} }
func (*root) Need() gql.NeedResolver                       { return needResolver{} }
func (*root) NeedMatch() gql.NeedMatchResolver             { return needMatchResolver{} }
func (*root) Office() gql.OfficeResolver                   { return officeResolver{} }
func (*root) Opportunity() gql.OpportunityResolver         { return opportunityResolver{} }
func (*root) Partner() gql.PartnerResolver                 { return partnerResolver{} }
func (*root) Partnership() gql.PartnershipResolver         { return partnershipResolver{} }
func (*root) Referral() gql.ReferralResolver               { return referralResolver{} }
func (*root) Region() gql.RegionResolver                   { return regionResolver{} }
func (*root) Site() gql.SiteResolver                       { return siteResolver{} }
func (*root) Solution() gql.SolutionResolver               { return solutionResolver{} }
func (*root) Tie() gql.TieResolver                         { return tieResolver{} }
func (*root) TrustPath() gql.TrustPathResolver             { return trustPathResolver{} }
func (*root) Wall() gql.WallResolver                       { return wallResolver{} }
func (*root) CustomerAccess() gql.CustomerAccessResolver   { return customerAccessResolver{} }
