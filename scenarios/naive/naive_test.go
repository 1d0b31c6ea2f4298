package naive

import (
	"os"
	"testing"
)

// The questions decide how the specification is read: the model must answer
// every one of its two kinds, on the five generated worlds and the real data.
func TestEveryQuestionOfTheWorldsIsAnsweredAsExpected(t *testing.T) {
	worlds := "../../testdata/worlds"
	for _, c := range []struct{ sheets, questions string }{
		{worlds + "/v1", "v1/questions.json"},
		{worlds + "/v2", "v2/questions.json"},
		{worlds + "/v3", "v3/questions.json"},
		{worlds + "/v4", "v4/questions.json"},
		{worlds + "/v5", "v5/questions.json"},
		{"../../data/real", "real-questions.json"},
	} {
		w, err := Load(os.DirFS(c.sheets))
		if err != nil {
			t.Fatal(err)
		}
		questions, err := ReadQuestions(os.DirFS(worlds), c.questions)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range questions {
			if q.Field() != "whoCanFill" && q.Field() != "paths" {
				continue
			}
			t.Run(c.questions+"/"+q.ID, func(t *testing.T) {
				for _, wrong := range q.Judge(response(w, q.Field(), q.Variables)) {
					t.Errorf("%s (%s): %s", q.ID, q.Why, wrong)
				}
			})
		}
	}
}

// response is what a GraphQL server would send.
func response(w *World, field string, variables map[string]any) map[string]any {
	ask := w.WhoCanFill
	if field == "paths" {
		ask = w.Paths
	}
	answer, code := ask(variables)
	if code != "" {
		return map[string]any{"errors": []any{map[string]any{"extensions": map[string]any{"code": code}}}}
	}
	return map[string]any{"data": map[string]any{field: answer}}
}
