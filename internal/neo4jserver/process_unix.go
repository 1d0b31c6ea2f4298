//go:build unix

package neo4jserver

import "syscall"

// What keeps a process from running, and lets it run on.
const (
	stopSignal     = syscall.SIGSTOP
	continueSignal = syscall.SIGCONT
)
