package graph

import (
	"strings"
	"unicode"

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
	var bare strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			bare.WriteRune(r)
		}
	}
	return strings.ToLower(norm.NFC.String(bare.String()))
}

func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// EachOnce keeps the first of equal texts, and none that is empty; nil where nothing is left.
func EachOnce[T ~string](texts []T) []T { return distinct(texts) }

// Normalise returns the text in Unicode NFC without surrounding blanks.
func Normalise(text string) string {
	text = strings.TrimSpace(text)
	if isPlain(text) {
		return text
	}
	return norm.NFC.String(text)
}
