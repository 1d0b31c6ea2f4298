// Package neo4jserver runs a real Neo4j Community for tests, benchmarks and development: by a Docker
// engine if one runs, else from the artifacts of Maven Central and a Java of this machine. The server
// listens on loopback only and never outlives the process that started it.
package neo4jserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	// User is the name that every server started here knows.
	User = "neo4j"
	// DevelopmentPassword is the password unless another is given. It is no secret: it guards a server
	// on loopback, so that refused passwords can be tried out at all.
	DevelopmentPassword = "valueweb-development"
)

// Options are how a server runs. The zero value is a server for tests: an empty temporary folder, a
// free port, the heap and page cache below.
type Options struct {
	// Home is the folder that keeps the data, the settings and the logs; it is made if there is none.
	// Empty is a temporary folder, removed when the server is stopped.
	Home string
	// Logs is the folder of the logs, "logs" in Home if empty.
	Logs string
	// Port is where Bolt listens on 127.0.0.1; 0 is a free one.
	Port int
	// Password is set before the first start on an empty Home, DevelopmentPassword if empty. A Home that
	// was begun keeps its first one: another is refused with a *PasswordError.
	Password string
	// Heap and PageCache are sizes as Neo4j writes them, 1g and 512m if empty.
	Heap, PageCache string
	// Settings are further lines of neo4j.conf, such as "db.logs.query.enabled=VERBOSE". One that is set
	// here already is replaced.
	Settings []string
	// JVM are further flags of the Java machine.
	JVM []string
	// Progress is told, a line each, what takes long, such as a download. Nil is silence.
	Progress io.Writer
}

// Server is a Neo4j that answers at URI. Its methods may be called from several goroutines; Stop, Kill
// and Restart wait for each other.
type Server struct {
	URI, User, Password string
	// Ephemeral says that Stop removes the data.
	Ephemeral bool
	// Given says that the server was named by VALUEWEB_NEO4J_URI: it was not started here, and Stop
	// leaves it alone.
	Given bool

	mu      sync.Mutex
	options Options
	home    *home
	engine  engine
	process *process
}

// Start starts a server, waits until it answers, and returns it; the caller stops it. It downloads what
// is missing (see Prepare) but installs no packages. When the context ends first, nothing is left running.
func Start(ctx context.Context, options Options) (*Server, error) {
	options.Progress = cmp.Or[io.Writer](options.Progress, io.Discard)
	engine, err := prepare(ctx, options.Progress)
	if err != nil {
		return nil, fmt.Errorf("start Neo4j: %w", err)
	}
	s, err := newServer(options, engine)
	if err != nil {
		return nil, fmt.Errorf("start Neo4j: %w", err)
	}
	if err := s.launch(ctx); err != nil {
		return nil, fmt.Errorf("start Neo4j: %w", errors.Join(err, s.Stop()))
	}
	return s, nil
}

func newServer(options Options, engine engine) (*Server, error) {
	port, err := freePort(options.Port)
	if err != nil {
		return nil, err
	}
	home, err := openHome(options.Home, options.Logs)
	if err != nil {
		return nil, err
	}
	options.Port = port
	options.Password = cmp.Or(options.Password, DevelopmentPassword)
	options.Heap = cmp.Or(options.Heap, "1g")
	options.PageCache = cmp.Or(options.PageCache, "512m")
	return &Server{
		URI: "bolt://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), User: User, Password: options.Password,
		Ephemeral: options.Home == "", options: options, home: home, engine: engine,
	}, nil
}

// freePort is the port itself if nobody listens there, or for 0 one that is free.
func freePort(port int) (int, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0, fmt.Errorf("the port for Bolt is taken, maybe by another Neo4j; stop it or name another port: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// launch takes the home, starts the process and waits until Bolt answers.
func (s *Server) launch(ctx context.Context) error {
	if err := s.home.take(); err != nil {
		return err
	}
	process, err := s.engine.start(ctx, s.home, s.options)
	if err != nil {
		return err
	}
	s.process = process
	return s.waitUntilItAnswers(ctx)
}

// stopTimeout is how long a server may take to write down what it holds; 2 to 5 s are usual.
const stopTimeout = 60 * time.Second

// Stop ends the server in good order and waits until it is gone; the data of an ephemeral one is removed.
// A server that was stopped or killed already, or is Given, is no error.
func (s *Server) Stop() error {
	if s.Given {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.end()
	if s.Ephemeral {
		err = errors.Join(err, s.home.remove())
	}
	err = errors.Join(err, s.home.release())
	if err != nil {
		return fmt.Errorf("stop Neo4j: %w", err)
	}
	return nil
}

// end ends the process, by force if it does not within stopTimeout.
func (s *Server) end() error {
	if s.process == nil || s.process.ended() {
		return nil
	}
	if err := s.process.terminate(); err != nil {
		return err
	}
	deadline := time.NewTimer(stopTimeout)
	defer deadline.Stop()
	select {
	case <-s.process.done:
		return nil
	case <-deadline.C:
		return errors.Join(fmt.Errorf("still running after %s, killed", stopTimeout), s.process.kill())
	}
}

// Kill ends the server as a crash would (SIGKILL) and waits until it is gone. The data stays, of an
// ephemeral server too, until Stop.
func (s *Server) Kill() error {
	if s.Given {
		return errGiven("kill")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process.ended() {
		return nil
	}
	if err := s.process.kill(); err != nil {
		return fmt.Errorf("kill Neo4j: %w", err)
	}
	return nil
}

// Freeze keeps the server from running, as a machine without a processor to spare would: its connections
// stay open, and nothing comes over them until Thaw. Thaw it before Stop.
func (s *Server) Freeze() error {
	return s.signalled("freeze", func(p *process) error { return p.freeze() })
}

// Thaw lets a server that was frozen run on.
func (s *Server) Thaw() error {
	return s.signalled("thaw", func(p *process) error { return p.thaw() })
}

func (s *Server) signalled(verb string, how func(*process) error) error {
	if s.Given {
		return errGiven(verb)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil || s.process.ended() {
		return fmt.Errorf("%s Neo4j: it does not run", verb)
	}
	if err := how(s.process); err != nil {
		return fmt.Errorf("%s Neo4j: %w", verb, err)
	}
	return nil
}

// Restart starts the server again on the same data and port and waits until it answers. One that still
// runs is ended in good order first. After Stop of an ephemeral server there is nothing to restart.
func (s *Server) Restart(ctx context.Context) error {
	if s.Given {
		return errGiven("restart")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.home.removed {
		return errors.New("restart Neo4j: its data was temporary and went with Stop")
	}
	if err := s.end(); err != nil {
		return fmt.Errorf("restart Neo4j: %w", err)
	}
	if err := s.launch(ctx); err != nil {
		return fmt.Errorf("restart Neo4j: %w", errors.Join(err, s.end()))
	}
	return nil
}

// Ended is closed when the running server is gone, whoever ended it. Of a Given server it never is; after
// Restart it is another channel.
func (s *Server) Ended() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return nil
	}
	return s.process.done
}

// PID is the process that was started: Neo4j itself, or the Docker client that stands for it.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return 0
	}
	return s.process.cmd.Process.Pid
}

func errGiven(verb string) error {
	return fmt.Errorf("%s Neo4j: it was given by %s and is not ours", verb, uriVariable)
}

// say tells progress in one line.
func say(progress io.Writer, format string, arguments ...any) {
	fmt.Fprintf(progress, format+"\n", arguments...)
}

// exists says whether there is a file or folder of the name.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
