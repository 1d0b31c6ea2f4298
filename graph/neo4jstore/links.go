package neo4jstore

import "valueweb/graph"

// linkFields are the fields that the relations of a node stand for, by kind. Where a relation leads to nodes of several
// kinds, and each is a field of its own, the label of the other end follows its type. The relations of a kind that is not
// here are read by name.
var linkFields = map[graph.Kind]map[string]string{
	graph.KindCompetency:    {"BROADER": "broader", "RELATED": "related"},
	graph.KindPartner:       {"PART_OF": "partOf", "MANAGED_BY": "channelManager"},
	graph.KindHolding:       {"HAS_HOLDING": "partner", "OF": "competency", "AT": "office"},
	graph.KindCertification: {"HAS_CERTIFICATION": "partner", "ATTESTS": "competency", "AT": "office"},
	graph.KindContact:       {"HAS_CONTACT Partner": "partner", "HAS_CONTACT Customer": "customer", "AT": "office", "ANSWERS_FOR": "territories"},
	graph.KindSolution:      {"DELIVERS": "partners", "REQUIRES": "competencies", "BUILDS_ON": "buildsOn"},
	graph.KindPartnership:   {"PARTY_TO": "parties", "AWAITS": "pending", "AT": "sites"},
	graph.KindOpportunity: {
		"FOR": "customer", "AT": "site", "NEEDS": "needs", "OWNS": "owner", "LEADS": "lead", "JOINS": "members", "DECLINED": "declined",
		"OFFERED_TO": "transferTo", "SHARED_IN": "sharedIn",
		"ADDRESSES Partner": "audiencePartners", "ADDRESSES Competency": "audienceCompetencies", "ADDRESSES Region": "audienceRegion",
	},
	graph.KindInvitation: {"HAS_INVITATION": "opportunity", "INVITES": "partner"},
	graph.KindReferral:   {"SENT": "from", "TO": "to", "ABOUT": "customer", "FOR": "competency", "CONTINUES": "parent"},
	graph.KindWall:       {"KEEPS_OUT": "partner", "FROM": "customer", "WITHIN Competency": "competency", "WITHIN Partnership": "partnership"},
}

// severalOf are those of these fields that hold several, in the order of their positions.
var severalOf = map[string]bool{
	"broader": true, "related": true, "territories": true, "partners": true, "competencies": true, "buildsOn": true, "parties": true,
	"pending": true, "sites": true, "needs": true, "members": true, "declined": true, "sharedIn": true, "audiencePartners": true,
	"audienceCompetencies": true,
}

// linked puts the relations of a node, which are read all at once, into their fields: to plan a pattern for each of
// them takes the database longer than all the rest of a question.
func (r row) linked(kind graph.Kind) {
	fields := linkFields[kind]
	for _, value := range r.list("links") {
		link, _ := value.([]any) // type, position, id; where they tell the labels of the other end, and what more there is
		field, plain := fields[textAt(link, 0)]
		if !plain {
			labels, _ := link[3].([]any)
			for i := range labels {
				if of, there := fields[textAt(link, 0)+" "+textAt(labels, i)]; there {
					field = of
				}
			}
		}
		if severalOf[field] {
			r[field] = append(r.list(field), link[1:])
		} else {
			r[field] = link[2]
		}
	}
	delete(r, "links")
}
