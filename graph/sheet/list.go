package sheet

import "strings"

// Inside a list a backslash takes what follows it as it is, where that is a semicolon or a backslash; before
// anything else it is an ordinary character.
var escapeElement = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

// joinList writes a cell that splitList splits into the same elements.
func joinList[E ~string](elements []E) string {
	var b strings.Builder
	for i, element := range elements {
		if i > 0 {
			b.WriteByte(';')
		}
		escapeElement.WriteString(&b, string(element))
	}
	return b.String()
}

// splitList splits a cell at its semicolons.
func splitList(text string) []string {
	if !strings.Contains(text, `\`) {
		return strings.Split(text, ";")
	}
	var elements []string
	var element strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ';':
			elements = append(elements, element.String())
			element.Reset()
		case c == '\\' && i+1 < len(text) && (text[i+1] == ';' || text[i+1] == '\\'):
			i++
			element.WriteByte(text[i])
		default:
			element.WriteByte(c)
		}
	}
	return append(elements, element.String())
}
