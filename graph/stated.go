package graph

// stated are the nodes that some rows name, as [CandidatePage] says.
func (r *ranking) stated(rows []row) []Node {
	var nodes []Node
	for i := range r.facts.Needs {
		need := &r.facts.Needs[i]
		nodes = append(nodes, &Competency{Meta: Meta{ID: need.Competency}, Name: need.Name})
	}
	for i := range rows {
		nodes = rows[i].stated(nodes)
	}
	return nodes
}

func (row *row) stated(nodes []Node) []Node {
	c := row.facts
	nodes = append(nodes, &Partner{
		Meta: Meta{ID: c.Partner, Synthetic: c.Synthetic}, Name: c.Name, PartnerKind: c.Kind, Status: Active, Tier: c.Tier, Capacity: c.Capacity,
	})
	for _, m := range row.matches {
		h := m.holding
		nodes = append(nodes,
			&Competency{Meta: Meta{ID: h.Competency}, Name: h.CompetencyName},
			&Holding{
				Meta: Meta{ID: h.ID}, Partner: c.Partner, Competency: h.Competency, Office: h.Office, Level: h.Level,
				Since: h.Since, Until: h.Until, Remote: h.Remote,
			})
		if m.office != nil {
			nodes = append(nodes, m.office.node(c.Partner))
		}
		if office := c.office(h.Office); office != nil {
			nodes = append(nodes, office.node(c.Partner))
		}
		if cert := h.Certification; cert != nil {
			nodes = append(nodes, &Certification{Meta: Meta{ID: cert.ID}, Partner: c.Partner, Scheme: cert.Scheme, ExpiresOn: cert.ExpiresOn})
		}
	}
	return nodes
}

// office is the office of an id if the facts know it.
func (c *CandidateFacts) office(id string) *OfficeFacts {
	for i := range c.Offices {
		if c.Offices[i].ID == id {
			return &c.Offices[i]
		}
	}
	return nil
}
