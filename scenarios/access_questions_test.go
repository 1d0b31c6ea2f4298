package scenarios

import (
	"fmt"
	"maps"
	"strings"

	"valueweb/scenarios/naive"
)

const guardedGap = `query($gap: GapInput!, $first: Int, $after: String) { whoCanFill(gap: $gap, first: $first, after: $after) {
  totalCount ringKm asOf changed pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  leftOut { kind tier status level certification capacity noOffice radius declined }
  loosen { filter to wouldFind }
  nodes {
    rank score km partner { ` + guardedPartner + ` } office { id name address city } contact { id name email phone role }
    terms { term value weight contribution because evidence { name value gid } } caveats { code text }
    trustPath { strength partners { id name } ties { ` + guardedTie + ` } }
    matches { need { id } exact km office { id name } holding { id level offers competency { id } } certification { id issuer } }
  }
} }`

const guardedPartner = `id name aliases website externalIds { id } partOf { id name } channelManager { id name }
  contacts(first: 3) { totalCount nodes { id name email } } customers(first: 3) { totalCount nodes { id customer { id name } } }
  referralsReceived(first: 3) { totalCount nodes { id value { amount } customer { id } } }
  partnerships(first: 3) { totalCount nodes { id kind parties { id } } } opportunities(first: 3) { totalCount nodes { id title } }`

const guardedTie = `a { id } b { id } strength referrals lastActivity partnership { id kind sponsor }`

const guardedPaths = `query($from: ID!, $to: ID!, $maxHops: Int, $first: Int, $avoid: [ID!], $asOf: Date) {
  paths(from: $from, to: $to, maxHops: $maxHops, first: $first, avoid: $avoid, asOf: $asOf) {
    nodes { strength partners { id name } ties { ` + guardedTie + ` } } apart { from to hops }
  }
}`

// question draws a question from the whole world, or from what the viewer may read of it.
func (c *lawful) question() operation {
	variables := naive.RandomQuestions(c.Rand, c.worlds[c.IntN(len(c.worlds))], 1)[0]
	if variables["gap"] == nil {
		return operation{text: guardedPaths, variables: variables, question: true}
	}
	gap := variables["gap"].(map[string]any)
	if c.viewer.Role == "PARTNER" || c.viewer.Role == "CUSTOMER" {
		if c.chance(90) {
			delete(gap, "asker")
		} else if c.viewer.Role == "PARTNER" && c.chance(60) {
			gap["asker"] = c.viewer.Organisation
		}
	}
	if c.chance(12) {
		gap["place"] = map[string]any{"opportunity": c.any("opportunities")}
	}
	if c.chance(30) {
		variables["first"] = 3
	}
	return operation{text: guardedGap, variables: variables, pages: "whoCanFill", question: true}
}

// forbidden reports whether the viewer may not ask this at all: a customer for paths, either for another asker.
func (c *lawful) forbidden(o operation) bool {
	gap, isGap := o.variables["gap"].(map[string]any)
	asker, named := gap["asker"].(string)
	switch c.viewer.Role {
	case "ANALYST":
		return o.figures && o.variables["partnership"] != nil
	case "CUSTOMER":
		return o.question && !isGap || named
	case "PARTNER":
		return named && asker != c.viewer.Organisation
	}
	return false
}

// asOperator is what an operator would ask to be told the same: for a partner itself.
func (c *lawful) asOperator(o operation) operation {
	gap, isGap := o.variables["gap"].(map[string]any)
	if isGap && c.viewer.Role == "PARTNER" {
		gap = maps.Clone(gap)
		gap["asker"] = c.viewer.Organisation
		o.variables = maps.Clone(o.variables)
		o.variables["gap"] = gap
	}
	return o
}

// readsArguments reports whether the viewer may read what a question names.
func (c *lawful) readsArguments(variables map[string]any) bool {
	gap, _ := variables["gap"].(map[string]any)
	place, _ := gap["place"].(map[string]any)
	for sheet, ids := range map[string][]any{
		"customers": {place["customer"]}, "sites": {place["site"]}, "opportunities": {place["opportunity"]},
		"partners": append([]any{gap["asker"], variables["from"], variables["to"]}, anyList(variables["avoid"])...),
	} {
		for _, id := range ids {
			if id != nil && c.degree(sheet, id.(string)) != "SHOWN" {
				return false
			}
		}
	}
	return true
}

func anyList(v any) []any {
	all, _ := v.([]any)
	return all
}

// maskRefusal takes from what is wrong with the place of an opportunity the names of the customer and the site that
// the viewer is not told.
func (c *lawful) maskRefusal(asked operation, refusal map[string]any) {
	gap, _ := asked.variables["gap"].(map[string]any)
	place, _ := gap["place"].(map[string]any)
	id, named := place["opportunity"].(string)
	message, _ := refusal["message"].(string)
	if named && (strings.HasPrefix(message, "the customer ") || strings.HasPrefix(message, "the site ")) && !c.tellsPlace(id) {
		refusal["message"], refusal["field"] = fmt.Sprintf("the opportunity %q has no place: name one", id), "gap.place.opportunity"
	}
}

// maskQuestion takes from an operator's answer what the viewer is not told.
func (c *lawful) maskQuestion(answer map[string]any) {
	if left, ok := answer["leftOut"].(map[string]any); ok && c.viewer.Role != "ANALYST" {
		left["status"] = 0.0
	}
	for _, node := range anyList(answer["nodes"]) {
		node := node.(map[string]any)
		c.maskTies(node)
		if path, ok := node["trustPath"].(map[string]any); ok {
			c.maskTies(path)
		}
		for _, term := range anyList(node["terms"]) {
			maskTerm(term.(map[string]any))
		}
		if contact, ok := node["contact"].(map[string]any); ok && c.degree("contacts", contact["id"].(string)) != "SHOWN" {
			node["contact"] = nil
		}
		if partner, ok := node["partner"].(map[string]any); ok {
			node["partner"] = c.readable.ask(operator, `query($id: ID!) { partner(id: $id) { `+guardedPartner+` } }`, map[string]any{"id": partner["id"]}).data["partner"]
		}
	}
}

// maskTies leaves the evidence of the viewer's own ties; an analyst is told the counts of all.
func (c *lawful) maskTies(path map[string]any) {
	for _, tie := range anyList(path["ties"]) {
		tie := tie.(map[string]any)
		mine := func(end string) bool {
			return c.viewer.Role == "PARTNER" && tie[end].(map[string]any)["id"] == c.viewer.Organisation
		}
		if mine("a") || mine("b") {
			continue
		}
		tie["lastActivity"], tie["partnership"] = nil, nil
		if c.viewer.Role != "ANALYST" {
			tie["referrals"] = nil
		}
	}
}

// maskTerm takes the day of the last win, and the word that a wall keeps the asker out.
func maskTerm(term map[string]any) {
	var evidence []any
	for _, e := range anyList(term["evidence"]) {
		if e.(map[string]any)["name"] != "lastWon" {
			evidence = append(evidence, e)
		}
	}
	if evidence == nil {
		evidence = []any{}
	}
	term["evidence"] = evidence
	because := term["because"].(string)
	if said, _, ok := strings.Cut(because, ", the last win on "); ok && term["term"] == "PROOF" {
		because = said + "."
	}
	if said, ok := strings.CutSuffix(because, " does not count for this question."); ok && term["term"] == "TRUST" {
		because = "No path of at most 3 ties leads here from " + strings.TrimPrefix(said, "Trust from ") + "."
	}
	term["because"] = because
}
