package neo4jstore

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"valueweb/graph"
)

// sight is what a reader reads, as a viewer sees it. The reader of a viewer that sees everything is asked as if
// there were no others.
type sight struct {
	reader
	access *graph.Access // nil: everything
	// lists are what the conditions of statements compare with, by name.
	lists map[string]any
	// renew returns the lists for statements about opportunities, where those may be older; nil: they are not.
	renew func(ctx context.Context) (map[string]any, error)
}

// everything is what a reader reads.
func everything(r reader) sight { return sight{reader: r} }

// look asks a statement in the variant of the viewer.
func (s sight) look(ctx context.Context, what sighted, params map[string]any) (row, error) {
	if s.access == nil {
		return s.ask(ctx, what.as(everybody), params)
	}
	confined := what.as(s.access.Viewer.Role)
	if confined.ofOpportunities() && s.renew != nil {
		lists, err := s.renew(ctx)
		if err != nil {
			return nil, err
		}
		s.lists = lists
	}
	viewer := make(map[string]any, len(confined.viewer))
	for _, name := range confined.viewer {
		viewer[name] = s.lists[name]
	}
	if params == nil {
		params = map[string]any{}
	}
	params["viewer"] = viewer
	return s.ask(ctx, confined, params)
}

// decode makes a node, as far as the viewer is told of it, of what its projection returned.
func (s sight) decode(kind graph.Kind, value any) graph.Node {
	node := decode(kind, value)
	customer := ""
	if o, ok := node.(*graph.Opportunity); ok && s.access != nil {
		fields, _ := value.(map[string]any)
		if customer = o.Customer; customer == "" {
			customer = row(fields).text("siteOf")
		}
	}
	return s.access.Told(node, customer)
}

// decodeAll makes the nodes of a list of projections.
func (s sight) decodeAll(kind graph.Kind, values []any) []graph.Node {
	nodes := make([]graph.Node, len(values))
	for i, value := range values {
		nodes[i] = s.decode(kind, value)
	}
	return nodes
}

// reads reports whether the viewer may read a customer, or there is none.
func (s sight) reads(customer string) bool {
	return s.access == nil || customer == "" || s.access.Customers[customer]
}

// sighted is a question in its variants: one for whoever sees everything, and one for each role that does not.
// In its text stand the conditions SEEN(Kind node), that the viewer may read a node, and THERE(Kind node), that
// it is not hidden from the viewer; in figures COUNTED, that it counts, and TOLD, that what a record names says where
// the record counts; each after an AND or a WHERE that goes with it where it holds anyway.
type sighted struct {
	name, body string
	made       *sync.Map // statements by role, each made when it is first asked: there are hundreds
}

// everybody stands for the role of whoever sees everything.
const everybody graph.Role = ""

// momentFor makes a question of a body as [moment] takes it.
func momentFor(name, body string) sighted { return sighted{name, body, &sync.Map{}} }

// as is the question as a role asks it.
func (s sighted) as(role graph.Role) statement {
	made, ok := s.made.Load(role)
	if !ok {
		made, _ = s.made.LoadOrStore(role, s.make(role))
	}
	return made.(statement)
}

func (s sighted) make(role graph.Role) statement {
	if role == everybody {
		return moment(s.name, open(s.body))
	}
	text := strings.ReplaceAll(confined(s.body, role), linksOfOpportunity, customerOfSite+linksOfOpportunity)
	return moment(s.name+" for "+string(role), text)
}

// Where the projection of an opportunity says what it is related to, and what it says besides where it matters whose its
// site is.
const (
	linksOfOpportunity = "links: [(n)-[link:FOR|AT|"
	customerOfSite     = "siteOf: [(n)-[:AT]->(:Site)<-[:HAS_SITE]-(owner:Customer) | owner.id][0], "
)

var (
	condition   = regexp.MustCompile(`(SEEN|THERE|COUNTED|TOLD)\((\w+) (\w+)\)`)
	conjunction = regexp.MustCompile(`\s+(?:AND|WHERE) (?:SEEN|THERE|COUNTED|TOLD)\(\w+ \w+\)`)
	theNode     = regexp.MustCompile(`\bn\b`)
)

// open is a text without conditions.
func open(text string) string { return conjunction.ReplaceAllString(text, "") }

// confined is a text with the conditions of a role.
func confined(text string, role graph.Role) string {
	text = conjunction.ReplaceAllStringFunc(text, func(whole string) string {
		if conditionOf(condition.FindStringSubmatch(whole), role) == anybody {
			return ""
		}
		return whole
	})
	return condition.ReplaceAllStringFunc(text, func(whole string) string {
		words := condition.FindStringSubmatch(whole)
		return "(" + theNode.ReplaceAllLiteralString(confined(conditionOf(words, role), role), words[3]) + ")"
	})
}

// Conditions that need no file.
const (
	anybody = "true"
	nobody  = "false"
)

// conditionOf is the condition of a role about a node n: the file of the role, of all roles, or none, where
// nobody but an operator sees a kind. Every region and competency is seen by everybody.
func conditionOf(words []string, role graph.Role) string {
	if kind := graph.Kind(words[2]); kind == graph.KindRegion || kind == graph.KindCompetency {
		return anybody
	}
	name := strings.ToLower(words[1] + "-" + words[2])
	for _, name := range []string{name + "-" + strings.ToLower(string(role)), name} {
		if _, err := files.Open(name + ".cypher"); err == nil {
			return file(name)
		}
	}
	return nobody
}
