package neo4jstore

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"valueweb/graph"
)

//go:embed *.cypher
var files embed.FS

// statement is a text that the database is sent, and the name by which tests and logs know it.
type statement struct {
	name, text string
	viewer     []string // what it asks to know about the viewer
}

// newStatement makes a statement of a text with parameters such as $text, which it takes out of one map: the
// database plans a statement anew for every combination of the types of its parameters, and of their sizes by
// powers of ten, which for a question takes it seconds. Parts of a map do not tell.
func newStatement(name, text string) statement {
	s := statement{name: name, text: parameter.ReplaceAllString(text, "$$"+inOneMap+".$1")}
	for _, found := range ofViewer.FindAllStringSubmatch(s.text, -1) {
		if !slices.Contains(s.viewer, found[1]) {
			s.viewer = append(s.viewer, found[1])
		}
	}
	return s
}

// inOneMap is the one parameter of every statement.
const inOneMap = "in"

var (
	parameter = regexp.MustCompile(`\$(\w+)`)
	ofViewer  = regexp.MustCompile(`\$` + inOneMap + `\.viewer\.(\w+)`)
)

// file returns the text of a .cypher file without its comments.
func file(name string) string {
	text, err := files.ReadFile(name + ".cypher")
	if err != nil {
		panic(err) // the files are part of the program
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, ""))
}

// filed is the statement that stands in a file.
func filed(name string) statement { return newStatement(name, file(name)) }

// moment is a statement that reads, checked to be of one moment: the body yields one row with the column
// answer.
func moment(name, body string) statement {
	return newStatement(name, strings.Replace(file("moment"), "BODY", indent(body), 1))
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

// filled puts words from closed lists of this package into a text.
func filled(text string, words ...string) string { return strings.NewReplacer(words...).Replace(text) }

// patterns says how a node of a kind is matched as n.
func pattern(kind graph.Kind) string {
	if kind == graph.KindCustomerPartner {
		return "(partner:Partner)-[n:SERVES]->(customer:Customer)"
	}
	return "(n:" + string(kind) + ")"
}

// projections is what is returned of a node n, by kind.
var projections = byKind(func(kind graph.Kind) string { return file(base(kind)) })

// base is the basename of the files of a kind.
func base(kind graph.Kind) string { return strings.ToLower(string(kind)) }

// byKind makes something for every kind.
func byKind[T any](of func(graph.Kind) T) map[graph.Kind]T {
	all := make(map[graph.Kind]T, len(graph.Kinds))
	for _, kind := range graph.Kinds {
		all[kind] = of(kind)
	}
	return all
}

// ofKind names a statement about a kind.
func ofKind(what string, kind graph.Kind) string { return fmt.Sprintf("%s %s", what, kind) }
