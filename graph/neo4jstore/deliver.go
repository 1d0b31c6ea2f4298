package neo4jstore

import (
	"context"
	"slices"

	"valueweb/graph"
)

// ReadFor implements graph.Deliverer. The node is read once, with what decides who may read it, and so is what those
// viewers may see of whom that is not known; by these it is decided for each viewer here, by the rules themselves.
func (s *Store) ReadFor(ctx context.Context, viewers []graph.Viewer, kind graph.Kind, id string) ([]graph.Node, error) {
	nodes := make([]graph.Node, len(viewers))
	what, ok := readFacts[kind]
	if !ok || len(viewers) == 0 {
		return nodes, ctx.Err()
	}
	var compiled []*vision
	seq, err := s.view(ctx, graph.Operator, func(ctx context.Context, r sight) error {
		clear(nodes)
		compiled = nil
		found, err := r.ask(ctx, what, map[string]any{"id": id})
		if err != nil || len(found.list("answer")) == 0 {
			return err
		}
		known := factsOf(kind, row(found.list("answer")[0].(map[string]any)))
		now, _ := courseOf(found)
		rights, missing := s.rights(viewers, now)
		if compiled, err = s.compileMany(ctx, r, missing); err != nil {
			return err
		}
		for _, one := range compiled {
			rights[askerOf(one.access.Viewer)] = one.access
		}
		for i, v := range viewers {
			nodes[i] = known.told(v, rights[askerOf(v)])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, one := range compiled {
		one.seq = seq
		s.visions.keep(one)
	}
	return nodes, nil
}

// facts are a node, and of others as much as decides who may read it.
type facts struct {
	node    graph.Node
	of      map[name]graph.Node
	invited map[string]bool // partners, to the opportunity
	telling graph.Telling   // of the node
}

// Node implements graph.Facts.
func (f *facts) Node(kind graph.Kind, id string) graph.Node { return f.of[name{kind, id}] }

// Invited implements graph.Facts: there is one opportunity.
func (f *facts) Invited(_, partner string) bool { return f.invited[partner] }

// told is the node as far as a viewer is told of it, nil where it may not read it.
func (f *facts) told(v graph.Viewer, access *graph.Access) graph.Node {
	switch {
	case v.Validate() != nil || v.Confined() && access == nil:
		return nil
	case !v.Confined():
		return f.node
	}
	ruling := graph.Ruling{Access: access, Facts: f}
	if !ruling.Sees(f.node) {
		return nil
	}
	return f.telling.To(access)
}

// factKinds are the kinds of node that facts are of, by the name of their list.
var factKinds = map[string]graph.Kind{
	"partners": graph.KindPartner, "customers": graph.KindCustomer, "sites": graph.KindSite, "opportunities": graph.KindOpportunity, "referrals": graph.KindReferral,
}

func factsOf(kind graph.Kind, answer row) *facts {
	f := &facts{node: decode(kind, answer["node"]), of: map[name]graph.Node{}, invited: map[string]bool{}}
	f.of[nameOf(f.node)] = f.node
	for list, of := range factKinds {
		for _, value := range answer.list(list) {
			if node := decode(of, value); nameOf(node) != nameOf(f.node) {
				f.of[nameOf(node)] = node
			}
		}
	}
	for _, partner := range texts[string](answer, "invited") {
		f.invited[partner] = true
	}
	f.telling.Node = f.node
	if o, ok := f.node.(*graph.Opportunity); ok {
		f.telling.Customer = graph.CustomerOf(f, o)
	}
	return f
}

// What facts there are: of a partner whether it is public, of a customer its segment and consent.
const (
	somePartner  = "{.id, .status, .discoverable}"
	someCustomer = "{.id, .segment, .consent}"
)

// factsAbout says what decides who may read a node of a kind, beside the node. An opportunity is n, or that of an
// invitation.
var factsAbout = map[graph.Kind]string{
	graph.KindOffice:          "partners: [(n)<-[:HAS_OFFICE]-(who:Partner) | who " + somePartner + "]",
	graph.KindHolding:         "partners: [(n)<-[:HAS_HOLDING]-(who:Partner) | who " + somePartner + "]",
	graph.KindCertification:   "partners: [(n)<-[:HAS_CERTIFICATION]-(who:Partner) | who " + somePartner + "]",
	graph.KindSite:            "customers: [(n)<-[:HAS_SITE]-(whom:Customer) | whom " + someCustomer + "]",
	graph.KindSolution:        "partners: [(n)<-[:DELIVERS]-(who:Partner) | who " + somePartner + "]",
	graph.KindCustomerPartner: "partners: [partner " + somePartner + "], customers: [customer " + someCustomer + "]",
	graph.KindContact: "partners: [(n)<-[:HAS_CONTACT]-(who:Partner) | who " + somePartner + "]," +
		" customers: [(n)<-[:HAS_CONTACT]-(whom:Customer) | whom " + someCustomer + "]",
	graph.KindOpportunity: factsAboutOpportunity("(n)"),
	graph.KindInvitation: "partners: [(n)-[:INVITES]->(who:Partner) | who " + somePartner + "]," +
		" opportunities: [(n)<-[:HAS_INVITATION]-(gap:Opportunity) | " + called("gap", projections[graph.KindOpportunity]) + "], " +
		factsAboutOpportunity("(n)<-[:HAS_INVITATION]-(:Opportunity)") + // which does not come back to the invitation itself
		" + [(n)-[:INVITES]->(who:Partner) WHERE n.state IN ['PENDING', 'ACCEPTED'] | who.id]",
	graph.KindReferral: "partners: [(n)-[:SENT|TO]-(who:Partner) | who " + somePartner + "]," +
		" referrals: [(n)-[:CONTINUES*1..]->(up:Referral) | " + called("up", projections[graph.KindReferral]) + "]," +
		" customers: [(n)-[:CONTINUES*0..]->(:Referral)-[:ABOUT]->(whom:Customer) | whom " + someCustomer + "]",
}

// factsAboutOpportunity are those about the opportunity at the end of a pattern.
func factsAboutOpportunity(gap string) string {
	return "sites: [" + gap + "-[:AT]->(place:Site) | place {.id, customer: [(place)<-[:HAS_SITE]-(whom:Customer) | whom.id][0]}]," +
		" customers: [" + gap + "-[:FOR]->(whom:Customer) | whom " + someCustomer + "] + [" + gap + "-[:AT]->(:Site)<-[:HAS_SITE]-(whom:Customer) | whom " + someCustomer + "]," +
		" invited: [" + gap + "-[:HAS_INVITATION]->(one:Invitation)-[:INVITES]->(who:Partner) WHERE one.state IN ['PENDING', 'ACCEPTED'] | who.id]"
}

// called is the projection of a node by another name than n.
func called(as, projection string) string { return theNode.ReplaceAllLiteralString(projection, as) }

// readFacts are the statements that read a node with what decides who may read it.
var readFacts = byKind(func(kind graph.Kind) statement {
	about := factsAbout[kind]
	if about == "" {
		about = "partners: []"
	}
	return moment(ofKind("deliver", kind), filled(file("deliver"), "PATTERN", pattern(kind), "PROJECTION", indent(projections[kind]), "FACTS", about))
})

// accessesAtOnce is of how many viewers one statement compiles what they may see.
const accessesAtOnce = 500

// rights are what viewers may see where the log has taken a course, as far as it is known, and the organisations, by
// role, of whom it is not.
func (s *Store) rights(viewers []graph.Viewer, now course) (known map[asker]*graph.Access, missing map[graph.Role][]string) {
	known, missing = map[asker]*graph.Access{}, map[graph.Role][]string{}
	today := s.today()
	for _, v := range viewers {
		who := askerOf(v)
		if _, again := known[who]; again || !v.Confined() || v.Validate() != nil {
			continue
		}
		known[who] = nil // not yet, or it may ask nothing
		if of := s.visions.unaltered(v, today, now); of != nil && of.holds(now, now.altered) {
			known[who] = of.access
		} else {
			missing[v.Role] = append(missing[v.Role], v.Organisation)
		}
	}
	return known, missing
}

// compileMany compiles what viewers may see, as many at once as there are of a role. Who may ask nothing is missing.
func (s *Store) compileMany(ctx context.Context, r reader, organisations map[graph.Role][]string) (all []*vision, err error) {
	today := s.today()
	for role, of := range organisations {
		for some := range slices.Chunk(of, accessesAtOnce) {
			found, err := r.ask(ctx, manyCompilers[role], map[string]any{"asking": some, "today": dateParam(today)})
			if err != nil {
				return nil, err
			}
			for _, value := range found.list("answer") {
				pair := value.([]any)
				answer, _ := pair[1].(map[string]any)
				if compiled, err := visionOf(row(answer), graph.Viewer{Role: role, Organisation: textAt(pair, 0)}, today); err == nil {
					all = append(all, compiled)
				}
			}
		}
	}
	return all, nil
}
