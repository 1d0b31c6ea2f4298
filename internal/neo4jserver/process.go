package neo4jserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// process is a started command that this process owns.
type process struct {
	cmd       *exec.Cmd
	done      chan struct{} // closed once it is gone
	err       error         // how it ended; read it after done
	terminate func() error  // asks it to end
	force     func() error  // ends it at once
	freeze    func() error  // keeps it from running, with all that it holds open
	thaw      func() error  // lets it run on
}

// startProcess starts the command with its output appended to a file. The command dies with this process,
// even when this one is killed (on Linux).
func startProcess(cmd *exec.Cmd, output string) (*process, error) {
	file, err := os.OpenFile(output, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the log of the console: %w", err)
	}
	defer file.Close()
	cmd.Stdout, cmd.Stderr = file, file
	dieWithParent(cmd)
	p := &process{cmd: cmd, done: make(chan struct{})}
	p.terminate = func() error { return p.signal(syscall.SIGTERM) }
	p.force = func() error { return p.signal(syscall.SIGKILL) }
	p.freeze = func() error { return p.signal(stopSignal) }
	p.thaw = func() error { return p.signal(continueSignal) }
	started := make(chan error)
	go p.own(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	return p, nil
}

// own starts the command and waits for its end, all on one thread: Linux takes the end of the thread that
// started a child for the end of the parent.
func (p *process) own(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	p.err = p.cmd.Wait()
	close(p.done)
}

// signal sends a signal; a process that is gone already needs none.
func (p *process) signal(signal os.Signal) error {
	if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %s: %w", signal, err)
	}
	return nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// kill ends the process at once and waits until it is gone.
func (p *process) kill() error {
	if err := p.force(); err != nil {
		return err
	}
	<-p.done
	return nil
}
