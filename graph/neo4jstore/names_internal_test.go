package neo4jstore

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryNameOfAStatementIsMadeKnown: a plan that names what a database has never met is not kept. Labels and
// relations are told from the words that stand for them in a text by the list of these.
func TestEveryNameOfAStatementIsMadeKnown(t *testing.T) {
	words := map[string]bool{"KIND": true, "PLACE": true, "RELATION": true}
	known := map[string]bool{}
	for _, migration := range migrations {
		for _, name := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(migration.text, -1) {
			known[name[1]] = true
		}
	}
	named := regexp.MustCompile(`[(\[]\w*:([A-Z][\w|]*)|WHERE \w+:([A-Z]\w*)`)
	files, err := filepath.Glob("*.cypher")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		for _, found := range named.FindAllStringSubmatch(file(strings.TrimSuffix(path, ".cypher")), -1) {
			for name := range strings.SplitSeq(found[1]+found[2], "|") {
				if !known[name] && !words[name] {
					t.Errorf("%s names %s, which no migration makes known", path, name)
				}
			}
		}
	}
}
