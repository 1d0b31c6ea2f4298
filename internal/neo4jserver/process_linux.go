package neo4jserver

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel kill the command when the thread that starts it ends.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
