package neo4jstore

import "strings"

// The database compares texts by code points where an index gives the order and in UTF-16 where it sorts in
// memory. The two differ where a character from U+E000 to U+FFFF meets one beyond: there the first comes
// last. Keys are kept in a form that is in one order either way, that of the code points: the characters of
// the range are moved to private ones beyond it, and those beyond get another private one before them.
const (
	firstOfRange, lastOfRange = '\uE000', '\uFFFF'
	moved                     = 0xF0000
	beyond                    = '\U00100000'
)

// sortable is a text in the form in which keys are kept. Most texts are in it already.
func sortable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= firstOfRange }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r > lastOfRange:
			b.WriteRune(beyond)
			b.WriteRune(r)
		case r >= firstOfRange:
			b.WriteRune(r + moved)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unsortable is the text of which sortable made a form.
func unsortable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r > lastOfRange }) {
		return text
	}
	var b strings.Builder
	plain := false
	for _, r := range text {
		switch {
		case plain:
			b.WriteRune(r)
			plain = false
		case r == beyond:
			plain = true
		case r > lastOfRange:
			b.WriteRune(r - moved)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
