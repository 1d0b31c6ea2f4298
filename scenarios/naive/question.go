package naive

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"strings"
)

// Question is one entry of a questions.json.
type Question struct {
	ID        string         `json:"id"`
	Why       string         `json:"why"`
	Operation string         `json:"operation"`
	Variables map[string]any `json:"variables"`
	Expected  map[string]any `json:"expected"`
	Compare   map[string]any `json:"compare"`
}

// ReadQuestions reads a questions.json.
func ReadQuestions(fsys fs.FS, name string) ([]Question, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("reading questions: %w", err)
	}
	var questions []Question
	if err := json.Unmarshal(text, &questions); err != nil {
		return nil, fmt.Errorf("reading questions of %s: %w", name, err)
	}
	return questions, nil
}

var firstField = regexp.MustCompile(`^[^{]*\{\s*(\w+)`)

// Field is the one field that the operation asks for: whoCanFill, paths, ….
func (q Question) Field() string {
	if m := firstField.FindStringSubmatch(q.Operation); m != nil {
		return m[1]
	}
	return ""
}

// Judge lists what is wrong with a GraphQL response, {data} or {errors}; none if
// it is right.
func (q Question) Judge(response map[string]any) []string {
	response, _ = plain(response).(map[string]any)
	errs, _ := response["errors"].([]any)
	if wanted, refused := q.Expected["errors"].([]any); refused {
		code := wanted[0].(map[string]any)["code"]
		if len(errs) > 0 && codeOf(errs[0]) == code {
			return nil
		}
		return []string{fmt.Sprintf("expected error %v, got %s", code, short(response))}
	}
	if len(errs) > 0 {
		return []string{"GraphQL error: " + short(errs)}
	}
	data, ok := response["data"].(map[string]any)
	if !ok {
		return []string{"no data: " + short(response)}
	}
	want, out := q.web(data)
	return append(out, Compare(q.selection().of(want), data, q.Compare)...)
}

func codeOf(err any) any {
	fields, _ := err.(map[string]any)
	extensions, _ := fields["extensions"].(map[string]any)
	return extensions["code"]
}

// web bounds the answer of an assembleValueWeb that does not claim to be
// optimal, where the question lets it: then only what is uncovered stays wanted.
func (q Question) web(data map[string]any) (want map[string]any, out []string) {
	want = maps.Clone(q.Expected)
	rule, _ := q.Compare["web"].(string)
	web, ok := data["assembleValueWeb"].(map[string]any)
	if rule == "" || !ok {
		return want, nil
	}
	lower, lowerTold := web["lowerBound"].(float64)
	cost, costTold := web["cost"].(float64)
	if strings.HasPrefix(rule, "exact, or") && web["optimal"] == false {
		expected, _ := want["assembleValueWeb"].(map[string]any)
		least, _ := expected["cost"].(float64)
		if !lowerTold || !costTold || lower > least+close9 || cost < least-close9 {
			out = append(out, fmt.Sprintf("assembleValueWeb: least cost %v is not between lowerBound %v and cost %v", least, web["lowerBound"], web["cost"]))
		}
		want["assembleValueWeb"] = map[string]any{"uncovered": expected["uncovered"]}
	}
	if lowerTold && costTold && lower > cost+close9 {
		out = append(out, fmt.Sprintf("assembleValueWeb: lowerBound %v above cost %v", lower, cost))
	}
	return want, out
}
