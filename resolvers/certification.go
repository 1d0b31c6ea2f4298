package resolvers

import (
	"context"

	"valueweb/graph"
	"valueweb/internal/gql"
)

type certificationResolver struct{}

func (certificationResolver) Partner(ctx context.Context, c *graph.Certification) (*graph.Partner, error) {
	return one[*graph.Partner](ctx, c.Partner, func(c *graph.Certification) []string { return []string{c.Partner} })
}

func (certificationResolver) Competency(ctx context.Context, c *graph.Certification) (*graph.Competency, error) {
	return one[*graph.Competency](ctx, c.Competency, func(c *graph.Certification) []string { return []string{c.Competency} })
}

func (certificationResolver) Office(ctx context.Context, c *graph.Certification) (*graph.Office, error) {
	return one[*graph.Office](ctx, c.Office, func(c *graph.Certification) []string { return []string{c.Office} })
}

// CreateCertification makes a certification.
func (m mutation) CreateCertification(ctx context.Context, input gql.CreateCertificationInput) (*gql.CertificationPayload, error) {
	certification := &graph.Certification{Meta: graph.Meta{ID: given(input.ID)}, Partner: input.Partner, Competency: input.Competency}
	patch(input.Office, &certification.Office)
	patchText(input.Scheme, &certification.Scheme)
	patchText(input.Level, &certification.Level)
	patchText(input.Issuer, &certification.Issuer)
	patch(input.IssuedOn, &certification.IssuedOn)
	patch(input.ExpiresOn, &certification.ExpiresOn)
	patchNumber(input.Holders, &certification.Holders)
	return certificationPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Certification], error) {
		certification.Verified = *orElse(input.Verified.Value(), !v.Confined())
		return graph.Create(ctx, m.graph, v, creation(ctx, input.ClientToken), certification)
	})
}

// UpdateCertification changes a certification.
func (m mutation) UpdateCertification(ctx context.Context, input gql.UpdateCertificationInput) (*gql.CertificationPayload, error) {
	return certificationPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Certification], error) {
		return graph.Update(ctx, m.graph, v, edit(input.ID, input.ExpectedVersion), func(certification *graph.Certification) error {
			patchText(input.Scheme, &certification.Scheme)
			patchText(input.Level, &certification.Level)
			patchText(input.Issuer, &certification.Issuer)
			patch(input.IssuedOn, &certification.IssuedOn)
			patch(input.ExpiresOn, &certification.ExpiresOn)
			patchNumber(input.Holders, &certification.Holders)
			return patchRequired("verified", input.Verified, &certification.Verified)
		})
	})
}

// RetireCertification ends a certification.
func (m mutation) RetireCertification(ctx context.Context, input gql.RetireCertificationInput) (*gql.CertificationPayload, error) {
	return certificationPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Certification], error) {
		return graph.Retire[*graph.Certification](ctx, m.graph, v, edit(input.ID, input.ExpectedVersion))
	})
}

func certificationPayload(ctx context.Context, change func(graph.Viewer) (graph.Changed[*graph.Certification], error)) (*gql.CertificationPayload, error) {
	certification, seq, err := changed(ctx, change)
	if err != nil {
		return nil, err
	}
	return &gql.CertificationPayload{Certification: certification, Seq: seq}, nil
}

// VerifyCertification says whether a certification counts.
func (m mutation) VerifyCertification(ctx context.Context, input gql.VerifyCertificationInput) (*gql.CertificationPayload, error) {
	return certificationPayload(ctx, func(v graph.Viewer) (graph.Changed[*graph.Certification], error) {
		return m.graph.Verify(ctx, v, editOf("certification", input.Certification, input.ExpectedVersion), *orElse(input.Verified.Value(), true))
	})
}
