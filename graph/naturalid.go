package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxSlug is the length of the readable part of an id that is made from a natural key.
const maxSlug = 80

// NaturalID makes an id from the parts of a natural key: readable, safe in a URL, and the same for the
// same parts.
func NaturalID(parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	digits := hex.EncodeToString(sum[:5])
	if text := slug(parts); text != "" {
		return text + "-" + digits
	}
	return digits
}

// slug writes the parts in lower-case letters, digits and hyphens.
func slug(parts []string) string {
	var b strings.Builder
	for _, r := range Fold(strings.Join(parts, "-")) {
		switch {
		case b.Len() >= maxSlug:
			return strings.TrimSuffix(b.String(), "-")
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteByte(byte(r))
		case b.Len() > 0 && b.String()[b.Len()-1] != '-':
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}
