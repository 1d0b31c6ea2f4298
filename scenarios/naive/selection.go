package naive

import "regexp"

// selection is what an operation asks for: fields and their own selections.
type selection map[string]selection

var (
	arguments = regexp.MustCompile(`\([^()]*\)`)
	token     = regexp.MustCompile(`\w+|[{}]`)
)

// selection reads the plain operations of questions.json: no fragments, no
// aliases, no nested parentheses.
func (q Question) selection() selection {
	top := selection{}
	open, last := []selection{top}, ""
	for _, word := range token.FindAllString(arguments.ReplaceAllString(q.Operation, ""), -1) {
		inner := open[len(open)-1]
		switch word {
		case "{":
			inner[last] = selection{}
			open = append(open, inner[last])
		case "}":
			open = open[:len(open)-1]
		default:
			inner[word], last = nil, word
		}
	}
	return top["query"]
}

// of drops what is expected but not asked for: most whoCanFill questions on the
// real data expect a `certification` in their matches that their operation never
// selects, so that no GraphQL server can send it.
func (s selection) of(want any) any {
	switch want := want.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range want {
			if inner, asked := s[name]; asked {
				out[name] = inner.of(value)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, value := range want {
			out = append(out, s.of(value))
		}
		return out
	}
	return want
}
