package scenarios

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// binary is the program under test, built once: scenarios run the real thing in processes of its own.
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
	build := exec.Command("go", "build", "-race", "-o", binary, "valueweb")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 1
	}
	return m.Run()
}

func TestTheProgrammesThatTheServiceMustBeAbleToRun(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		Setup:               setup,
		Cmds:                commands,
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("VALUEWEB_UPDATE") != "", // to take over new wording; read the difference
	})
}
