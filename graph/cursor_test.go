package graph

import (
	"testing"
)

// FuzzCursor feeds the decoder what clients may send: it never fails otherwise than by VALIDATION, and
// what it takes it gives back.
func FuzzCursor(f *testing.F) {
	f.Add("", "q")
	f.Add("bm90IGpzb24", "q")
	f.Add(cursor{Question: "q", Key: Key{Text: "näme", Number: 12.5, ID: "p1"}, Radius: -1, Score: 0.5}.encode(), "q")
	f.Add(cursor{Question: "other", Key: Key{ID: "p1"}}.encode(), "q")
	f.Fuzz(func(t *testing.T, text, question string) {
		c, err := decodeCursor("after", text, question)
		if err != nil {
			if e, ok := AsError(err); !ok || e.Code != CodeValidation || e.Field != "after" {
				t.Fatalf("%q: %v is no VALIDATION of after", text, err)
			}
			return
		}
		again, err := decodeCursor("after", c.encode(), question)
		if err != nil || again != c {
			t.Fatalf("%q was taken as %+v, which reads back as %+v (%v)", text, c, again, err)
		}
	})
}
