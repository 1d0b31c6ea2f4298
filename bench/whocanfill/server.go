package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strings"

	"valueweb/bench"
	"valueweb/internal/command"
	"valueweb/internal/transport"
)

// serveVariable holds the name of the store that this program serves when it is run as the server, in a
// process of its own: so that what answering costs is told apart from what asking costs.
const serveVariable = "VALUEWEB_BENCH_SERVE"

// server is that process.
type server struct {
	process *exec.Cmd
	input   io.Closer // ends it
	url     string
	client  *http.Client
}

// start runs this program as a server and waits until it says where it listens.
func start(ctx context.Context, store string) (*server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(os.Environ(), serveVariable+"="+store)
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return nil, errors.Join(err, cmd.Wait())
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	return &server{process: cmd, input: input, url: strings.TrimSpace(line), client: client}, nil
}

// stop ends the server and waits for it.
func (s *server) stop() error {
	s.client.CloseIdleConnections()
	return errors.Join(s.input.Close(), s.process.Wait())
}

// heap is what a server tells of its heap.
type heap struct{ Allocations, Bytes uint64 }

func (s *server) spent(ctx context.Context) (bench.Spent, error) {
	cpu, err := bench.ProcessCPU(s.process.Process.Pid)
	if err != nil {
		return bench.Spent{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/heap", nil)
	if err != nil {
		return bench.Spent{}, err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return bench.Spent{}, err
	}
	defer response.Body.Close()
	var h heap
	err = json.NewDecoder(response.Body).Decode(&h)
	return bench.Spent{CPU: cpu, Allocations: h.Allocations, Bytes: h.Bytes}, err
}

// serve serves a store, as the product does, until its input ends.
func serve(ctx context.Context) (err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	backend, err := command.OpenBackend(ctx, command.Location{Name: os.Getenv(serveVariable), User: os.Getenv("VALUEWEB_NEO4J_USER"), Password: os.Getenv("VALUEWEB_NEO4J_PASSWORD")}, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, backend.Close()) }()
	mux := http.NewServeMux()
	mux.Handle("/", transport.New(transport.Config{Graph: backend.Graph, Log: log, Version: "bench", Command: os.Args[0]}))
	mux.HandleFunc("GET /heap", tellHeap)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	stop, err := profile(os.Getenv("VALUEWEB_BENCH_PROFILE"))
	if err != nil {
		return err
	}
	defer stop()
	s := &http.Server{Handler: mux}
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	fmt.Printf("http://%s\n", listener.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	err = errors.Join(err, s.Shutdown(ctx))
	if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

func tellHeap(w http.ResponseWriter, _ *http.Request) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	json.NewEncoder(w).Encode(heap{Allocations: m.Mallocs, Bytes: m.TotalAlloc})
}

// profile writes a profile of the CPU time until it is stopped; no file: none.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close()
	}, nil
}
