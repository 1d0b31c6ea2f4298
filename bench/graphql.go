package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"

	"valueweb/graph"
)

// Selection is what of an answer is asked for over HTTP.
type Selection string

// The selections.
const (
	// Terms asks for the rows with their terms alone.
	Terms Selection = `partner { id name } score km office { id } terms { term value weight contribution because }`
	// Facts asks for what the terms rest on, too.
	Facts = Terms + ` matches { exact km office { id name } holding { level competency { id name } office { id } } certification { id scheme expiresOn } }`
)

// GraphQL asks a server of the product over HTTP.
type GraphQL struct {
	Title     string
	URL       string // of /graphql
	Selection Selection
	AsPartner bool // ask on behalf of the asker, whom something is hidden from, instead of an operator
	Client    *http.Client
	// Server tells what the server has spent.
	Server func(ctx context.Context) (Spent, error)
}

// Name implements Contestant.
func (g *GraphQL) Name() string { return g.Title }

// Spent implements Contestant.
func (g *GraphQL) Spent(ctx context.Context) (Spent, error) { return g.Server(ctx) }

// Ask implements Contestant.
func (g *GraphQL) Ask(ctx context.Context, q Question) (Reply, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(g.body(q)))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if g.AsPartner {
		request.Header.Set("X-Valueweb-As", graph.Viewer{Role: graph.RolePartner, Organisation: q.Asker}.String())
	}
	response, err := g.Client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %.300s", response.Status, body)
	}
	return func() (Answer, error) { return g.read(body) }, nil
}

func (g *GraphQL) body(q Question) []byte {
	type object map[string]any
	body, err := json.Marshal(object{
		"query": `query WhoCanFill($gap: GapInput!, $first: Int) { whoCanFill(gap: $gap, first: $first) { totalCount nodes { ` + g.Selection + ` } } }`,
		"variables": object{"first": q.First, "gap": object{
			"needs": []object{{"competency": q.Competency, "minLevel": q.MinLevel}}, "place": object{"point": object{"lat": q.At.Lat, "lng": q.At.Lng}},
			"radiusKm": q.RadiusKm, "asker": q.Asker, "asOf": q.AsOf.String(),
		}},
	})
	if err != nil {
		panic(err) // of maps, texts and numbers
	}
	return body
}

// told is the body of an answer.
type told struct {
	Data struct {
		WhoCanFill struct {
			TotalCount int
			Nodes      []node
		}
	}
	Errors []struct{ Message string }
}

type node struct {
	Partner   identified
	Score, Km float64
	Office    identified
	Terms     []struct {
		Term    graph.Term
		Value   float64
		Because string
	}
	Matches []struct {
		Holding struct {
			Level      int
			Competency identified
		}
		Certification identified
	}
}

type identified struct{ ID string }

func (g *GraphQL) read(body []byte) (Answer, error) {
	var t told
	if err := json.Unmarshal(body, &t); err != nil {
		return Answer{}, fmt.Errorf("%w: %.300s", err, body)
	}
	if len(t.Errors) > 0 {
		return Answer{}, fmt.Errorf("answered with an error: %s", t.Errors[0].Message)
	}
	answer := Answer{Total: t.Data.WhoCanFill.TotalCount}
	for _, n := range t.Data.WhoCanFill.Nodes {
		row, err := n.row()
		if err == nil && g.Selection == Facts && row.Held == "" {
			err = fmt.Errorf("%s comes without the holding that fills the need", n.Partner.ID)
		}
		if err != nil {
			return Answer{}, err
		}
		answer.Rows = append(answer.Rows, row)
	}
	return answer, nil
}

func (n node) row() (Row, error) {
	row := Row{Partner: n.Partner.ID, Score: n.Score, Km: n.Km, Office: n.Office.ID}
	if len(n.Terms) != TermCount {
		return row, fmt.Errorf("%s has %d terms, want %d", n.Partner.ID, len(n.Terms), TermCount)
	}
	for _, term := range n.Terms {
		at := slices.Index(graph.Terms, term.Term)
		if at < 0 || term.Because == "" {
			return row, fmt.Errorf("%s has a term %+v", n.Partner.ID, term)
		}
		row.Terms[at] = term.Value
	}
	for _, m := range n.Matches {
		row.Held, row.Level, row.Certification = m.Holding.Competency.ID, m.Holding.Level, m.Certification.ID
	}
	return row, nil
}
