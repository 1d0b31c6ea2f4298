package resolvers

import (
	"valueweb/graph"
	"valueweb/internal/gql"
)

// A page of the domain as the connection of the schema, one function a type; each takes what a list or a
// relation returns.

func partners(page *graph.ListPage, err error) (*gql.PartnerConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Partner, _ *float64) *gql.PartnerEdge {
		return &gql.PartnerEdge{Cursor: cursor, Node: node}
	})
	return &gql.PartnerConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func offices(page *graph.ListPage, err error) (*gql.OfficeConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Office, km *float64) *gql.OfficeEdge {
		return &gql.OfficeEdge{Cursor: cursor, Node: node, Km: km}
	})
	return &gql.OfficeConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func contacts(page *graph.ListPage, err error) (*gql.ContactConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Contact, _ *float64) *gql.ContactEdge {
		return &gql.ContactEdge{Cursor: cursor, Node: node}
	})
	return &gql.ContactConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func regions(page *graph.ListPage, err error) (*gql.RegionConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Region, _ *float64) *gql.RegionEdge {
		return &gql.RegionEdge{Cursor: cursor, Node: node}
	})
	return &gql.RegionConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func competencies(page *graph.ListPage, err error) (*gql.CompetencyConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Competency, _ *float64) *gql.CompetencyEdge {
		return &gql.CompetencyEdge{Cursor: cursor, Node: node}
	})
	return &gql.CompetencyConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func holdings(page *graph.ListPage, err error) (*gql.HoldingConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Holding, _ *float64) *gql.HoldingEdge {
		return &gql.HoldingEdge{Cursor: cursor, Node: node}
	})
	return &gql.HoldingConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func certifications(page *graph.ListPage, err error) (*gql.CertificationConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Certification, _ *float64) *gql.CertificationEdge {
		return &gql.CertificationEdge{Cursor: cursor, Node: node}
	})
	return &gql.CertificationConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func customers(page *graph.ListPage, err error) (*gql.CustomerConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Customer, _ *float64) *gql.CustomerEdge {
		return &gql.CustomerEdge{Cursor: cursor, Node: node}
	})
	return &gql.CustomerConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func sites(page *graph.ListPage, err error) (*gql.SiteConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Site, km *float64) *gql.SiteEdge {
		return &gql.SiteEdge{Cursor: cursor, Node: node, Km: km}
	})
	return &gql.SiteConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func customerPartners(page *graph.ListPage, err error) (*gql.CustomerPartnerConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.CustomerPartner, _ *float64) *gql.CustomerPartnerEdge {
		return &gql.CustomerPartnerEdge{Cursor: cursor, Node: node}
	})
	return &gql.CustomerPartnerConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func solutions(page *graph.ListPage, err error) (*gql.SolutionConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Solution, _ *float64) *gql.SolutionEdge {
		return &gql.SolutionEdge{Cursor: cursor, Node: node}
	})
	return &gql.SolutionConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func partnerships(page *graph.ListPage, err error) (*gql.PartnershipConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Partnership, _ *float64) *gql.PartnershipEdge {
		return &gql.PartnershipEdge{Cursor: cursor, Node: node}
	})
	return &gql.PartnershipConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func opportunities(page *graph.ListPage, err error) (*gql.OpportunityConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Opportunity, _ *float64) *gql.OpportunityEdge {
		return &gql.OpportunityEdge{Cursor: cursor, Node: node}
	})
	return &gql.OpportunityConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func invitations(page *graph.ListPage, err error) (*gql.InvitationConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Invitation, _ *float64) *gql.InvitationEdge {
		return &gql.InvitationEdge{Cursor: cursor, Node: node}
	})
	return &gql.InvitationConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func referrals(page *graph.ListPage, err error) (*gql.ReferralConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Referral, _ *float64) *gql.ReferralEdge {
		return &gql.ReferralEdge{Cursor: cursor, Node: node}
	})
	return &gql.ReferralConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func walls(page *graph.ListPage, err error) (*gql.WallConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.Wall, _ *float64) *gql.WallEdge {
		return &gql.WallEdge{Cursor: cursor, Node: node}
	})
	return &gql.WallConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}

func apiKeys(page *graph.ListPage, err error) (*gql.APIKeyConnection, error) {
	if err != nil {
		return nil, err
	}
	edges, nodes := rows(page, func(cursor string, node *graph.APIKey, _ *float64) *gql.APIKeyEdge {
		return &gql.APIKeyEdge{Cursor: cursor, Node: node}
	})
	return &gql.APIKeyConnection{Edges: edges, Nodes: nodes, PageInfo: infoOf(page), TotalCount: page.Total}, nil
}
