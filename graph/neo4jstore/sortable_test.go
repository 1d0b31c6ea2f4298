package neo4jstore

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

func TestKeysAreInOneOrderByCodePointsAndInUTF16(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("aé\uD7FF\uE000ﬁ\uFFFD\uFFFF🙂\U000F0000\U00100000\U0010FFFF"))))
		a, b := strings.ToValidUTF8(text.Draw(t, "a"), ""), strings.ToValidUTF8(text.Draw(t, "b"), "")
		if unsortable(sortable(a)) != a {
			t.Fatalf("%q comes back as %q", a, unsortable(sortable(a)))
		}
		order := strings.Compare(a, b)
		if got := strings.Compare(sortable(a), sortable(b)); got != order {
			t.Fatalf("by code points %q and %q stand %d, as keys %d", a, b, order, got)
		}
		if got := slices.Compare(utf16.Encode([]rune(sortable(a))), utf16.Encode([]rune(sortable(b)))); got != order {
			t.Fatalf("by code points %q and %q stand %d, as keys in UTF-16 %d", a, b, order, got)
		}
		if a < lastKey && sortable(a) >= lastKey {
			t.Fatalf("%q stands behind the last key", a)
		}
	})
}
