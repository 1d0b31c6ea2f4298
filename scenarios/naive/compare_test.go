package naive

import "testing"

func TestComparisonFollowsTheRulesOfTheQuestions(t *testing.T) {
	type m = map[string]any
	type l = []any
	for _, c := range []struct {
		name      string
		want, got any
		rules     m
		right     bool
	}{
		{"numbers within 1e-9 are equal", m{"a": 1.0}, m{"a": 1 + 5e-10}, nil, true},
		{"numbers above 1 are compared relatively", m{"a": 1e6}, m{"a": 1e6 + 5e-4}, nil, true},
		{"numbers further apart differ", m{"a": 1.0}, m{"a": 1.00001}, nil, false},
		{"an int equals a float", m{"a": 1}, m{"a": 1.0}, nil, true},
		{"true is not 1", m{"a": true}, m{"a": 1.0}, nil, false},
		{"null is not absent", m{"a": nil}, m{}, nil, false},
		{"what is not wanted is not looked at", m{}, m{"a": 1.0}, nil, true},
		{"lists keep their order", l{"a", "b"}, l{"b", "a"}, nil, false},
		{"lists have the same length", l{"a"}, l{"a", "b"}, nil, false},
		{"unordered lists do not keep it", m{"x": l{m{"y": l{m{"id": "a"}, m{"id": "b"}}}}}, m{"x": l{m{"y": l{m{"id": "b"}, m{"id": "a"}}}}}, m{"unordered": l{"x.*.y"}}, true},
		{"ignored paths may even be missing", m{"x": l{m{"y": 1.0}}}, m{"x": l{m{}}}, m{"ignore": l{"x.0.y"}}, true},
		{"other accepted values are right", m{"a": m{"id": "b"}}, m{"a": m{"id": "c"}}, m{"accept": m{"a": l{m{"id": "c"}}}}, true},
		{"values nobody accepts are wrong", m{"a": nil}, m{"a": 4.0}, m{"accept": m{"a": l{3.0}}}, false},
		{"amounts are decimals", m{"v": m{"amount": "12.5"}}, m{"v": m{"amount": "12.50"}}, m{"money": true}, true},
		{"amounts are text without the rule", m{"v": m{"amount": "12.5"}}, m{"v": m{"amount": "12.50"}}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if wrong := Compare(c.want, c.got, c.rules); (len(wrong) == 0) != c.right {
				t.Errorf("right should be %v: %v", c.right, wrong)
			}
		})
	}
}

func TestAWebThatClaimsNoOptimumPassesBetweenItsBounds(t *testing.T) {
	q := Question{
		Operation: "query { assembleValueWeb(web: $web) { cost optimal lowerBound uncovered { id } } }",
		Expected:  map[string]any{"assembleValueWeb": map[string]any{"cost": 2.0, "uncovered": []any{}}},
		Compare:   map[string]any{"web": "exact, or optimal: false"},
	}
	web := func(lower, cost float64, optimal bool) map[string]any {
		return map[string]any{"data": map[string]any{"assembleValueWeb": map[string]any{"cost": cost, "lowerBound": lower, "optimal": optimal, "uncovered": []any{}}}}
	}
	if wrong := q.Judge(web(1.5, 2.5, false)); len(wrong) > 0 {
		t.Error(wrong)
	}
	if wrong := q.Judge(web(2.1, 2.5, false)); len(wrong) == 0 {
		t.Error("a lower bound above the least cost passed")
	}
	if wrong := q.Judge(web(2.5, 2.5, true)); len(wrong) == 0 {
		t.Error("an optimum above the least cost passed")
	}
}

func TestARefusalMustHaveTheExpectedCode(t *testing.T) {
	q := Question{Expected: map[string]any{"errors": []any{map[string]any{"code": "VALIDATION"}}}}
	refused := func(code string) map[string]any {
		return map[string]any{"errors": []any{map[string]any{"extensions": map[string]any{"code": code}}}}
	}
	if wrong := q.Judge(refused("VALIDATION")); len(wrong) > 0 {
		t.Error(wrong)
	}
	if wrong := q.Judge(refused("NOT_FOUND")); len(wrong) == 0 {
		t.Error("another code passed")
	}
}
