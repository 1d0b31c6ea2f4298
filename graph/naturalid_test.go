package graph

import (
	"strings"
	"testing"
)

func TestAnIdFromANaturalKeyIsReadableAndAlwaysTheSame(t *testing.T) {
	for _, c := range []struct {
		parts []string
		want  string
	}{
		{[]string{"swisscom", "Zürich Süd", "Zürich"}, "swisscom-zurich-sud-zurich-"},
		{[]string{"東京"}, ""},
		{[]string{strings.Repeat("long ", 40)}, strings.TrimSuffix(strings.Repeat("long-", 16), "-") + "-"},
	} {
		id := NaturalID(c.parts)
		if readable := id[:len(id)-10]; readable != c.want || id != NaturalID(c.parts) {
			t.Errorf("%q: %q, want %q and ten digits", c.parts, id, c.want)
		}
	}
	if NaturalID([]string{"a", "b-c"}) == NaturalID([]string{"a-b", "c"}) {
		t.Error("two keys make one id")
	}
}
