package transport

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"valueweb/graph"
	"valueweb/resolvers"
)

// page is the landing page: what this is, one answer computed as the page is asked for, and how to ask.
type page struct {
	graph   *graph.Graph
	log     *slog.Logger
	command string // how people call the program
	keyed   bool   // are those who ask told apart by tokens
}

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// pagePolicy lets the page load nothing: its styles stand in it, its icon is in a data URL.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pageShown is the number of candidates on the page.
const pageShown = 3

// The question that the demo world answers well (package world).
const (
	showcaseNeed     = "video-to-streaming"
	showcaseLevel    = 3
	showcaseCustomer = "theatre-belquorme"
	showcaseAsker    = "ombrevane-systems"
)

// pageView is what the template shows: an answer, else why there is none.
type pageView struct {
	Question  *pageQuestion
	Answer    *pageAnswer
	Empty     bool   // the store holds nothing
	Missing   string // what a question needs and the store lacks
	Failed    bool
	Locked    bool // it is not the operator who asks
	Keyed     bool
	RequestID string
	Curl, Ask string
	Demo      string
	Import    string
}

// pageQuestion is a question with the names that its sentence needs.
type pageQuestion struct {
	gap                graph.Gap
	Need               string
	Level              int
	Place, City, Asker pageName
}

// pageName is a name as it is shown.
type pageName struct {
	Text      string
	Fictional bool
}

// pageAnswer is the first candidates of an answer and counts of the rest.
type pageAnswer struct {
	Candidates []pageCandidate
	Total      int
	More       int
	Within     string // empty: anywhere
	AsOf       graph.Date
	LeftOut    []pageCount
	Loosen     []graph.Loosening
}

type pageCount struct {
	Count int
	Why   string
}

type pageCandidate struct {
	ID        string
	Name      pageName
	Tier      string
	Rank      int
	Score, Km string // Km is empty where everything is remote
	Terms     []pageTerm
	Caveats   [][]pageText
}

// Marked reports whether somebody on the page is fictional.
func (v *pageView) Marked() bool {
	return v.Question.Place.Fictional || v.Question.Asker.Fictional ||
		slices.ContainsFunc(v.Answer.Candidates, func(c pageCandidate) bool { return c.Name.Fictional })
}

// pageTerm is a term with its bar: Track is as wide as the weight, Fill the part of it that was earned.
type pageTerm struct {
	Name, Class, Points, Of string
	Because                 []pageText
	Track, Fill             float64 // per cent
}

// pageText is a piece of a sentence: a day, which is not broken over two lines, or what stands between days.
type pageText struct {
	Text string
	Day  bool
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), QueryTimeout)
	defer cancel()
	status := http.StatusOK
	view, err := p.viewFor(ctx, origin(r))
	request := w.Header().Get("X-Request-Id")
	if err != nil {
		p.log.ErrorContext(ctx, "landing page", "error", err, "request", request)
		status, view = http.StatusInternalServerError, &pageView{Failed: true, RequestID: request}
	}
	view.Keyed = p.keyed
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, view); err != nil {
		p.log.ErrorContext(ctx, "landing page", "error", err, "request", request)
		http.Error(w, "The page could not be made; the log of the server says why.", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body.Bytes())
}

// origin is where the client reached this server.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// viewFor shows the operator an answer and everybody else how to ask.
func (p *page) viewFor(ctx context.Context, origin string) (*pageView, error) {
	if viewer, err := resolvers.ViewerFrom(ctx); err != nil || viewer.Role != graph.RoleOperator {
		curl := "curl -s " + origin + "/graphql -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' -d '{\"query\": \"{ viewer { role } }\"}'"
		return &pageView{Locked: true, Curl: curl}, nil
	}
	return p.view(ctx, origin)
}

// view asks the question that the store can answer.
func (p *page) view(ctx context.Context, origin string) (*pageView, error) {
	question, err := p.showcase(ctx)
	if err == nil && question == nil {
		var missing string
		if question, missing, err = p.anyQuestion(ctx); err == nil && question == nil {
			return p.nothing(ctx, missing, origin)
		}
	}
	if err != nil {
		return nil, err
	}
	extras := graph.CandidateExtras{LeftOut: true, Loosen: true}
	found, err := p.graph.WhoCanFill(ctx, graph.Operator, question.gap, graph.PageArgs{First: pageShown}, extras)
	if err != nil {
		return nil, fmt.Errorf("ask who can fill %q: %w", question.Need, err)
	}
	answer, err := p.answer(ctx, found)
	if err != nil {
		return nil, err
	}
	curl, err := curlLine(origin, question.gap)
	if err != nil {
		return nil, err
	}
	return &pageView{Question: question, Answer: answer, Curl: curl, Ask: askLine(p.command, origin, question.gap)}, nil
}

// nothing says why there is no question to ask.
func (p *page) nothing(ctx context.Context, missing, origin string) (*pageView, error) {
	status, err := p.graph.Store.Status(ctx, graph.Operator)
	if err != nil {
		return nil, fmt.Errorf("read the status of the store: %w", err)
	}
	view := &pageView{Empty: true, Missing: missing, Demo: p.command + " serve --demo", Import: p.command + " import DIR --server " + quoted(origin)}
	for _, count := range status.Counts {
		view.Empty = view.Empty && count == 0
	}
	return view, nil
}

// showcase is the question of the demo world, nil where the store lacks one of its ids.
func (p *page) showcase(ctx context.Context) (*pageQuestion, error) {
	competency, err := readOne[*graph.Competency](ctx, p, graph.KindCompetency, showcaseNeed)
	if err != nil || competency == nil {
		return nil, err
	}
	customer, err := readOne[*graph.Customer](ctx, p, graph.KindCustomer, showcaseCustomer)
	if err != nil || customer == nil {
		return nil, err
	}
	asker, err := readOne[*graph.Partner](ctx, p, graph.KindPartner, showcaseAsker)
	if err != nil || asker == nil {
		return nil, err
	}
	sites, err := p.graph.Related(ctx, graph.Operator, graph.RelatedArgs{Relation: graph.CustomerSites, Parents: []string{showcaseCustomer}})
	if err != nil {
		return nil, fmt.Errorf("read the sites of the customer %q: %w", showcaseCustomer, err)
	}
	if len(sites) == 0 || len(sites[0].Nodes) == 0 {
		return nil, nil // the place of the question is unknown
	}
	return &pageQuestion{
		gap: graph.Gap{
			Needs: []graph.Need{{Competency: competency.ID, MinLevel: showcaseLevel}},
			Place: graph.Place{Customer: customer.ID},
			Asker: asker.ID,
		},
		Need: competency.Name, Level: showcaseLevel,
		Place: pageName{customer.Name, customer.Synthetic},
		City:  pageName{Text: cityOf(sites[0].Nodes)},
		Asker: pageName{asker.Name, asker.Synthetic},
	}, nil
}

// cityOf is the city in which all sites stand, empty where they stand in several.
func cityOf(sites []graph.Node) string {
	city := ""
	for i, node := range sites {
		site, ok := node.(*graph.Site)
		if !ok || i > 0 && site.City != city {
			return ""
		}
		city = site.City
	}
	return city
}

// anyQuestion asks for the first root of the taxonomy near the first site; where the store lacks either,
// there is no question and missing says what for.
func (p *page) anyQuestion(ctx context.Context) (question *pageQuestion, missing string, err error) {
	roots := true
	competency, err := firstOf[*graph.Competency](ctx, p, graph.KindCompetency, graph.Filter{Roots: &roots})
	if err != nil {
		return nil, "", err
	}
	if competency == nil {
		return nil, "competency", nil
	}
	site, err := firstOf[*graph.Site](ctx, p, graph.KindSite, graph.Filter{})
	if err != nil {
		return nil, "", err
	}
	if site == nil {
		return nil, "site", nil
	}
	question = &pageQuestion{
		gap: graph.Gap{
			Needs: []graph.Need{{Competency: competency.ID, MinLevel: 1}},
			Place: graph.Place{Site: site.ID},
		},
		Need: competency.Name, Level: 1,
		Place: pageName{site.Name, site.Synthetic},
	}
	switch {
	case site.Name == "" && site.City != "":
		question.Place.Text = site.City
	case site.Name == "":
		question.Place.Text = site.ID
	case !strings.Contains(site.Name, site.City):
		question.City.Text = site.City
	}
	return question, "", nil
}

// readOne reads the node of an id, nil where there is none in use.
func readOne[T graph.Node](ctx context.Context, p *page, kind graph.Kind, id string) (T, error) {
	var none T
	nodes, err := p.graph.Store.Read(ctx, graph.Operator, kind, []string{id})
	if err != nil {
		return none, fmt.Errorf("read the %s %q: %w", kind.Noun(), id, err)
	}
	if len(nodes) != 1 || nodes[0] == nil || !nodes[0].Header().RetiredOn.IsZero() {
		return none, nil
	}
	node, _ := nodes[0].(T)
	return node, nil
}

// firstOf is the first node of a kind by name, nil where there is none.
func firstOf[T graph.Node](ctx context.Context, p *page, kind graph.Kind, filter graph.Filter) (T, error) {
	var none T
	first := 1
	page, err := p.graph.List(ctx, graph.Operator, graph.ListArgs{
		Kind: kind, Filter: filter, Order: graph.Order{Field: graph.OrderByName}, First: &first,
	})
	if err != nil {
		return none, fmt.Errorf("find a %s: %w", kind.Noun(), err)
	}
	if len(page.Nodes) == 0 {
		return none, nil
	}
	node, _ := page.Nodes[0].(T)
	return node, nil
}

// answer puts an answer into words.
func (p *page) answer(ctx context.Context, found *graph.CandidatePage) (*pageAnswer, error) {
	answer := &pageAnswer{
		Total: found.Total, More: found.Total - len(found.Candidates), AsOf: found.AsOf,
		LeftOut: leftOut(found.LeftOut), Loosen: found.Loosen,
	}
	if found.RingKm != nil {
		answer.Within = short(*found.RingKm) + " km"
	}
	ids := make([]string, len(found.Candidates))
	for i := range found.Candidates {
		ids[i] = found.Candidates[i].Partner
	}
	nodes, err := p.graph.Store.Read(ctx, graph.Operator, graph.KindPartner, ids)
	if err != nil {
		return nil, fmt.Errorf("read the names of the candidates: %w", err)
	}
	if len(nodes) != len(ids) {
		return nil, errors.New("read the names of the candidates: the store left some out")
	}
	for i := range found.Candidates {
		partner, _ := nodes[i].(*graph.Partner)
		answer.Candidates = append(answer.Candidates, candidateView(&found.Candidates[i], partner))
	}
	return answer, nil
}

func candidateView(c *graph.Candidate, partner *graph.Partner) pageCandidate {
	view := pageCandidate{ID: c.Partner, Name: pageName{Text: c.Partner}, Rank: c.Rank, Score: tenths(100 * c.Score)}
	if partner != nil {
		view.Name, view.Tier = pageName{partner.Name, partner.Synthetic}, partner.Tier
	}
	if c.Km != nil {
		view.Km = tenths(*c.Km)
	}
	for _, caveat := range c.Caveats {
		if caveat.Code == graph.SyntheticFact {
			view.Name.Fictional = true // shown as a mark on the name
			continue
		}
		view.Caveats = append(view.Caveats, textView(caveat.Text))
	}
	heaviest := 0.0
	for _, term := range c.Terms {
		heaviest = math.Max(heaviest, term.Weight)
	}
	for _, term := range c.Terms {
		name := strings.ToLower(string(term.Term))
		view.Terms = append(view.Terms, pageTerm{
			Name: strings.ToUpper(name[:1]) + name[1:], Class: name, Because: textView(term.Because),
			Points: tenths(100 * term.Contribution), Of: short(100 * term.Weight),
			Track: share(term.Weight, heaviest), Fill: share(term.Contribution, term.Weight),
		})
	}
	return view
}

var dayInText = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// textView finds the days in a sentence.
func textView(text string) []pageText {
	var pieces []pageText
	end := 0
	for _, at := range dayInText.FindAllStringIndex(text, -1) {
		pieces = append(pieces, pageText{Text: text[end:at[0]]}, pageText{Text: text[at[0]:at[1]], Day: true})
		end = at[1]
	}
	return append(pieces, pageText{Text: text[end:]})
}

// leftOut lists who holds the need and is not in the answer, with the reason.
func leftOut(l graph.LeftOut) []pageCount {
	var all []pageCount
	for _, c := range []pageCount{
		{l.Kind, "of another kind"}, {l.Tier, "below the tier"}, {l.Status, "not active in the programme"},
		{l.Level, "below the level"}, {l.Certification, "without a valid certification"}, {l.Capacity, "without capacity"},
		{l.NoOffice, "without an office on record"}, {l.Radius, "too far away"}, {l.Declined, "declined already"},
	} {
		if c.Count > 0 {
			all = append(all, c)
		}
	}
	return all
}

// share is part of whole in per cent, to a hundredth.
func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return math.Round(10_000*math.Min(1, math.Max(0, part/whole))) / 100
}

// tenths is a number with one decimal.
func tenths(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// short is a number with one decimal, or none where that would be 0.
func short(x float64) string { return strings.TrimSuffix(tenths(x), ".0") }

// pageQuery asks for what the page shows.
const pageQuery = `query($gap: GapInput!) { whoCanFill(gap: $gap, first: 3) { totalCount ringKm nodes { rank score km partner { id name } terms { term contribution because } caveats { text } } } }`

// curlLine is the question for a shell, over HTTP.
func curlLine(origin string, gap graph.Gap) (string, error) {
	type need struct {
		Competency string `json:"competency"`
		MinLevel   int    `json:"minLevel,omitempty"`
	}
	type place struct {
		Customer string `json:"customer,omitempty"`
		Site     string `json:"site,omitempty"`
	}
	type input struct {
		Needs []need `json:"needs"`
		Place place  `json:"place"`
		Asker string `json:"asker,omitempty"`
	}
	in := input{Place: place{gap.Place.Customer, gap.Place.Site}, Asker: gap.Asker}
	for _, n := range gap.Needs {
		in.Needs = append(in.Needs, need{n.Competency, n.MinLevel})
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}{pageQuery, map[string]any{"gap": in}})
	if err != nil {
		return "", fmt.Errorf("write the question as JSON: %w", err)
	}
	return "curl -s " + quoted(origin+"/graphql") + " \\\n  -H 'Content-Type: application/json' \\\n  -d " + quoted(strings.TrimSpace(body.String())), nil
}

// askLine is the question for the command line of Valueweb.
func askLine(command, origin string, gap graph.Gap) string {
	words := []string{command, "ask"}
	for _, need := range gap.Needs {
		text := need.Competency
		if need.MinLevel > 1 {
			text += ":" + strconv.Itoa(need.MinLevel)
		}
		words = append(words, "--need", quoted(text))
	}
	words = append(words, "--near", quoted(gap.Place.Customer+gap.Place.Site))
	if gap.Asker != "" {
		words = append(words, "--asker", quoted(gap.Asker))
	}
	return strings.Join(append(words, "--first", strconv.Itoa(pageShown), "--server", quoted(origin)), " ")
}

// quoted is a text as one word of a shell.
func quoted(text string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_.,:/", c)
	}
	if text != "" && strings.IndexFunc(text, func(c rune) bool { return !plain(c) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
