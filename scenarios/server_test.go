package scenarios

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// server is a running process of the program.
type server struct {
	url     string
	process *exec.Cmd
	log     *strings.Builder
}

var listening = regexp.MustCompile(`listens at (http://\S+)`)

// start runs the program as a server on a free port and waits until it says where it listens.
func start(args ...string) (*server, error) { return startWith(nil, args...) }

// startWith does so with more variables in the environment.
func startWith(variables []string, args ...string) (*server, error) {
	s := &server{process: exec.Command(guarded, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...), log: new(strings.Builder)}
	s.process.Env = append(os.Environ(), variables...)
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

// running is the server that a scenario started last; nil: none.
type running struct {
	*server
	t testscript.T
}

// end ends it, gracefully or at once. A data race ends a server with an exit code of its own; a fault of
// the service stands in its log. No scenario may cause either.
func (r *running) end(how func(*server) error) error {
	if r.server == nil {
		return errors.New("no server is running")
	}
	ended := r.server
	r.server = nil
	if err := how(ended); err != nil {
		return fmt.Errorf("end the server: %w\n%s", err, ended.log)
	}
	if log := ended.log.String(); strings.Contains(log, "level=ERROR") {
		return fmt.Errorf("the service failed:\n%s", log)
	}
	return nil
}

// settings are the variables that the program reads.
var settings = []string{"VALUEWEB_STORE", "VALUEWEB_CONFIG", "VALUEWEB_ALLOW_ORIGIN", "VALUEWEB_LOG_LEVEL", "VALUEWEB_DEMO", "VALUEWEB_NEO4J_USER", "VALUEWEB_NEO4J_PASSWORD", "VALUEWEB_JWT_SECRET", "VALUEWEB_JWT_AUDIENCE"}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("serve cannot be negated: run valueweb serve with exits")
	}
	var variables []string
	for _, name := range settings {
		if value := ts.Getenv(name); value != "" {
			variables = append(variables, name+"="+value)
		}
	}
	started, err := startWith(variables, args...)
	ts.Check(err)
	current := ts.Value("server").(*running)
	current.server = started
	ts.Defer(func() {
		if current.server != started {
			return // the scenario ended it
		}
		if err := current.end((*server).stop); err != nil {
			current.t.Fatal(err)
		}
	})
	ts.Setenv("URL", started.url)
	nameServer(ts, started.url)
	ts.Setenv("ADDRESS", strings.TrimPrefix(started.url, "http://"))
	ts.Setenv("PID", strconv.Itoa(started.process.Process.Pid))
}

// nameServer names the running server to the commands, none if the address is empty. In a directory they find
// it by themselves; beside Neo4j they would write past it, and it would answer from before for a moment.
func nameServer(ts *testscript.TestScript, url string) {
	if !ts.Value("place").(*place).found {
		ts.Setenv("VALUEWEB_SERVER", url)
	}
}

func halt(ts *testscript.TestScript, neg bool, args []string) {
	current := ts.Value("server").(*running)
	ended := current.server
	nameServer(ts, "")
	ts.Check(current.end((*server).stop))
	ts.Check(os.WriteFile(ts.MkAbs("server.log"), []byte(ended.log.String()), 0o644))
}

func crash(ts *testscript.TestScript, neg bool, args []string) {
	nameServer(ts, "")
	ts.Check(ts.Value("server").(*running).end((*server).kill))
}
