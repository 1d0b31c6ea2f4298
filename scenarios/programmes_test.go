package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"valueweb/graph/neo4jstore/neo4jtest"
)

// aboutDirectories are the scenarios that are not run on Neo4j: each says so itself, with the reason, in a
// line "[neo4j] skip REASON". What a user may expect of any store does not belong here.
var aboutDirectories = []string{
	"serve-address.txtar", "serve-broken-store.txtar", "serve-settings.txtar",
}

// TestTheProgrammesThatTheServiceMustBeAbleToRun runs every scenario on every store. Those on Neo4j take
// turns at one database.
func TestTheProgrammesThatTheServiceMustBeAbleToRun(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		p := scenariosOn("embedded", inADirectory)
		p.UpdateScripts = os.Getenv("VALUEWEB_UPDATE") != "" // to take over new wording; read the difference
		testscript.Run(t, p)
	})
	if !testing.Short() {
		t.Run("neo4j", func(t *testing.T) { testscript.Run(t, scenariosOn("neo4j", inNeo4j)) })
	}
}

func TestOnlyScenariosAboutDirectoriesAreNotRunOnNeo4j(t *testing.T) {
	files, err := filepath.Glob("*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	leftOut := regexp.MustCompile(`(?m)^\[neo4j\] skip '.+'$`)
	var found []string
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if leftOut.Match(text) {
			found = append(found, name)
		}
	}
	if !slices.Equal(found, aboutDirectories) {
		t.Errorf("not run on Neo4j: %q, want %q", found, aboutDirectories)
	}
}

// place is where a scenario keeps its graph.
type place struct {
	// fresh names an empty store, the nth of the scenario, in the variables that the program reads.
	fresh func(n int) []string
	// found says that a command finds the server that has the store open by itself.
	found  bool
	stores int
}

// inADirectory keeps the graphs of a scenario in directories of its own.
func inADirectory(env *testscript.Env) *place {
	return &place{found: true, fresh: func(n int) []string {
		return []string{"VALUEWEB_STORE=" + filepath.Join(env.WorkDir, strings.Repeat("next-", n-1)+"store")}
	}}
}

// inNeo4j keeps them in the database, one after the other.
func inNeo4j(env *testscript.Env) *place {
	t := env.T().(testing.TB) // testscript shows a part of it only
	variables := neo4jtest.Environment(neo4jtest.Empty(t))
	return &place{fresh: func(n int) []string {
		if n > 1 {
			neo4jtest.EmptyAgain(t)
		}
		return variables
	}}
}

func (p *place) next() map[string]string {
	p.stores++
	variables := map[string]string{}
	for _, variable := range p.fresh(p.stores) {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	return variables
}

// scenariosOn are the scenarios on a store, which is also the name of a condition: [neo4j].
func scenariosOn(engine string, at func(*testscript.Env) *place) testscript.Params {
	return testscript.Params{
		Dir:                 ".",
		Cmds:                commands,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ENGINE", engine)
			p := at(env)
			env.Values["place"] = p
			for name, value := range p.next() {
				env.Setenv(name, value)
			}
			return setup(env)
		},
		Condition: func(name string) (bool, error) {
			if name != "embedded" && name != "neo4j" {
				return false, fmt.Errorf("there is no condition %q", name)
			}
			return name == engine, nil
		},
	}
}

// nextStore leaves the store and goes on with another one, which is empty.
func nextStore(ts *testscript.TestScript, neg bool, args []string) {
	for name, value := range ts.Value("place").(*place).next() {
		ts.Setenv(name, value)
	}
}
