// Package docs_test holds what the documents promise against the code.
package docs_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"valueweb/graph"
)

func TestTheTableOfEventsIsThatOfTheCode(t *testing.T) {
	text, err := os.ReadFile("events.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "| type | subject | who is told |\n|---|---|---|\n")
	if !found {
		t.Fatal("events.md has no table of types")
	}
	var want strings.Builder
	for _, kind := range graph.EventTypes {
		subject := "many"
		if kind.Subject != "" {
			subject = kind.Subject.Noun()
		}
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", kind.Name, subject, kind.Audience())
	}
	if table != want.String() {
		if os.Getenv("VALUEWEB_UPDATE") == "" {
			t.Fatal("the table of types is another one than graph.EventTypes: run VALUEWEB_UPDATE=1 go test ./docs, and read the difference")
		}
		whole := strings.TrimSuffix(string(text), table) + want.String()
		if err := os.WriteFile("events.md", []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
