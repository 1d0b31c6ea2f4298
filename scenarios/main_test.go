package scenarios

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"valueweb/internal/neo4jserver"
)

// binary is the program under test, built once: scenarios run the real thing in processes of its own. It is built
// with the race detector, unless VALUEWEB_RACE=off.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "valueweb-scenarios-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "valueweb")
	build := exec.Command("go", "build", "-o", binary, "-race="+strconv.FormatBool(os.Getenv("VALUEWEB_RACE") != "off"), "valueweb")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return neo4jserver.Main(m)
}
