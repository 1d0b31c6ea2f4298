package graph

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Limits of text, in bytes for ids and characters for the rest.
const (
	MaxID          = 200
	MaxName        = 1000
	MaxDescription = 20000
)

// maxNameKey is the number of bytes of a folded name by which a list is ordered: an index of a database
// takes no longer key.
const maxNameKey = 4000

// NameKey returns the text by which a list is ordered by name: the folded name, of which the first 4,000
// bytes count.
func NameKey(name string) string {
	key := Fold(name)
	if len(key) > maxNameKey {
		key = strings.ToValidUTF8(key[:maxNameKey], "")
	}
	return key
}

// Fold returns the form in which names are compared for search and order: without case and accents, and
// without NUL, which separates the parts of a key.
func Fold(text string) string {
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	if isPlain(text) {
		return strings.ToLower(text)
	}
	folder := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(folder, text)
	if err != nil {
		folded = text
	}
	return strings.ToLower(folded)
}

func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Normalise returns the text in Unicode NFC without surrounding blanks.
func Normalise(text string) string {
	return norm.NFC.String(strings.TrimSpace(text))
}
