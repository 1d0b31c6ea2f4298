package graph

import "context"

// A registration that is approved protects (customer × competency): while it does, no other is accepted for the same
// customer of which any need equals one of its needs, or is broader or narrower at any depth.

// unprotected refuses a registration that is in the way of a protected one. It is looked at when a registration is
// handed in, and again when it is approved: the first approval wins. Nothing of the other one is told.
func unprotected(ctx context.Context, h *hand) error {
	customer, err := h.customerOf(ctx, h.after)
	if err != nil || customer == "" {
		return err
	}
	taken, err := h.protectedFor(ctx, customer)
	if err != nil || len(taken) == 0 {
		return err
	}
	lines := &lineage{ctx: ctx, tx: h.tx, above: map[string]map[string]bool{}}
	for _, mine := range h.after.Needs {
		for _, other := range taken {
			if meet, err := lines.meet(mine.Competency, other); err != nil {
				return err
			} else if meet {
				return &Error{Code: CodeAlreadyProtected, Field: inputOpportunity, Message: "what it needs is protected for this customer by a registration that was approved before"}
			}
		}
	}
	return nil
}

// protectedFor are the competencies that other opportunities protect for a customer today.
func (h *hand) protectedFor(ctx context.Context, customer string) ([]string, error) {
	var taken []string
	protects := func(n Node) error {
		o := n.(*Opportunity)
		if o.ID == h.after.ID || !o.Protects(h.today) {
			return nil
		}
		of, err := h.customerOf(ctx, o)
		if err == nil && of == customer {
			for _, need := range o.Needs {
				taken = append(taken, need.Competency)
			}
		}
		return err
	}
	if err := each(ctx, h.tx, CustomerOpportunities, []string{customer}, protects); err != nil {
		return nil, err
	}
	var sites []string
	err := each(ctx, h.tx, CustomerSites, []string{customer}, func(n Node) error {
		sites = append(sites, n.Header().ID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, h.tx, SiteOpportunities, sites, protects)
	return distinct(taken), err
}

// lineage knows what competencies are broader than others.
type lineage struct {
	ctx   context.Context
	tx    Tx
	above map[string]map[string]bool // of a competency: itself, and all that is broader
}

// meet reports whether two competencies are the same, or one is broader than the other.
func (l *lineage) meet(a, b string) (bool, error) {
	of, err := l.of(a)
	if err != nil || of[b] {
		return of[b], err
	}
	of, err = l.of(b)
	return of[a], err
}

// of is a competency with all that is broader.
func (l *lineage) of(competency string) (map[string]bool, error) {
	if known := l.above[competency]; known != nil {
		return known, nil
	}
	all := map[string]bool{competency: true}
	for level := []string{competency}; len(level) > 0; {
		nodes, err := l.tx.Read(l.ctx, Operator, KindCompetency, level)
		if err != nil {
			return nil, err
		}
		level = nil
		for _, node := range nodes {
			if node == nil {
				continue
			}
			for _, broader := range node.(*Competency).Broader {
				if !all[broader] {
					all[broader] = true
					level = append(level, broader)
				}
			}
		}
	}
	l.above[competency] = all
	return all, nil
}
