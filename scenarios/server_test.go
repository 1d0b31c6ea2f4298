package scenarios

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
)

// server is a running process of the program.
type server struct {
	url     string
	process *exec.Cmd
	log     *strings.Builder
}

var listening = regexp.MustCompile(`listens at (http://\S+)`)

// start runs the program as a server on a free port and waits until it says where it listens.
func start(args ...string) (*server, error) {
	s := &server{process: exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), log: new(strings.Builder)}
	s.process.Stderr = s.log
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
			go io.Copy(io.Discard, stdout) // ends with the process
			return s, nil
		}
	}
	err = s.process.Wait()
	return nil, fmt.Errorf("the server ended before it listened (%v):\n%s", err, s.log)
}

// stop asks the server to finish and waits for it.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.process.Wait()
}

// kill ends the server at once, as a crash would.
func (s *server) kill() error {
	if err := s.process.Process.Kill(); err != nil {
		return err
	}
	var exit *exec.ExitError
	if err := s.process.Wait(); !errors.As(err, &exit) {
		return err
	}
	return nil
}
