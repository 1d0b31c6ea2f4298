package scenarios

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"valueweb/internal/neo4jserver"
)

// The program under test, built once: scenarios run the real thing in processes of its own. Programmes run it as
// users get it; servers that many clients meet at once are built with the race detector.
var binary, guarded string

func TestMain(m *testing.M) {
	if exit, played := play(); played {
		os.Exit(exit)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "valueweb-scenarios-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary, guarded = filepath.Join(dir, "valueweb"), filepath.Join(dir, "valueweb-race")
	for _, arguments := range [][]string{{"build", "-ldflags=-w", "-o", binary, "valueweb"}, {"build", "-ldflags=-w", "-race", "-o", guarded, "valueweb"}} {
		build := exec.Command("go", arguments...)
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "build the program:", err)
			return 1
		}
	}
	return neo4jserver.Main(m)
}
