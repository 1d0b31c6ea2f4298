// Valueweb answers who can fill a gap near a customer, with the reason for every answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"valueweb/graph/embedded"
	"valueweb/graph/stream"
	"valueweb/internal/auth"
	"valueweb/internal/clock"
	"valueweb/internal/command"
	"valueweb/internal/transport"
)

// version is set by the build.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() { // a second signal ends the program at once
		<-ctx.Done()
		stop()
	}()
	program := &command.Program{Version: version, Stdout: os.Stdout, Stderr: os.Stderr, Serve: serve}
	code := program.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// maxHeader lets a header of a megabyte through, so that a token of that length is refused in words.
const maxHeader = 1<<20 + 64<<10

// How long a connection may take.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	writeTimeout    = transport.QueryTimeout + 30*time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = transport.QueryTimeout + 5*time.Second // the longest query may finish
)

// serve opens the store, serves until the context ends, and finishes the requests under way.
func serve(ctx context.Context, config command.ServeConfig) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: config.Level}))
	start := time.Now()
	backend, err := command.OpenBackend(ctx, config.Store, log)
	if err != nil {
		return refused(err)
	}
	err = serveBackend(ctx, config, backend, log, start)
	return errors.Join(err, backend.Close())
}

// refused adds what to do to an error that says that the directory is served already.
func refused(err error) error {
	var inUse *embedded.InUseError
	if errors.As(err, &inUse) && inUse.Address != "" {
		return fmt.Errorf("%w: use that server, stop it, or name another directory with --store", err)
	}
	return err
}

func serveBackend(ctx context.Context, config command.ServeConfig, backend *command.Backend, log *slog.Logger, start time.Time) error {
	if config.Demo {
		filled, err := backend.FillDemo(ctx)
		if err != nil {
			return err
		}
		log.Info("demo world", "filled", filled)
	}
	feed, err := stream.Follow(ctx, backend.Store, stream.Options{Clock: backend.Graph.Clock, Log: log})
	if err != nil {
		return err
	}
	defer feed.Close()
	streams := transport.NewStreams(transport.Limits{Streams: config.MaxStreams})
	streams.Thrift()
	routes := transport.Config{
		Graph: backend.Graph, Log: log, Version: config.Version, Command: os.Args[0], Origins: config.Origins, Audit: backend.Audit, Feed: feed, Streams: streams,
		APIKeys: auth.Keys{Ring: backend.Store, Clock: backend.Graph.Clock, Used: backend.Audit.Used},
	}
	if config.Tokens.Configured() {
		keys, err := auth.New(ctx, config.Tokens, log)
		if err != nil {
			return err
		}
		routes.Keys = keys
	}
	listener, err := net.Listen("tcp", config.Listen)
	if err != nil {
		return fmt.Errorf("listen at %s: %w; name another address with --listen", config.Listen, err)
	}
	backend.Graph.Retention = config.Retention
	ticking := clock.Start(backend.Graph.Tick, backend.Graph.Clock, log)
	defer ticking.Close() // before the store is
	address := "http://" + reachable(listener.Addr())
	server := &http.Server{
		Handler:           transport.New(routes),
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), MaxHeaderBytes: maxHeader,
	}
	if err := backend.Announce(address); err != nil {
		return errors.Join(fmt.Errorf("announce the server: %w", err), listener.Close())
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	log.Info("ready", "store", config.Store.Name, "took", time.Since(start).Round(time.Millisecond).String())
	greet(ctx, address, config, backend)
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return shutDown(server, streams, served, log)
}

// reachable is an address that a program of this machine reaches a listener at.
func reachable(address net.Addr) string {
	at, ok := address.(*net.TCPAddr)
	if !ok || !at.IP.IsUnspecified() {
		return address.String()
	}
	return net.JoinHostPort("localhost", strconv.Itoa(at.Port))
}

// greet says where the server listens and what to try, as the last lines of the start.
func greet(ctx context.Context, address string, config command.ServeConfig, backend *command.Backend) {
	where, token := "", ""
	if config.Tokens.Configured() {
		token = "VALUEWEB_TOKEN=… "
	}
	if config.Store.Name != command.DefaultStore() {
		where = " --server " + address
	}
	try := fmt.Sprintf("open it in a browser, or try:\n  %s%s ask --need video-to-streaming --near theatre-belquorme --asker ombrevane-systems%s", token, os.Args[0], where)
	if seq, err := backend.Store.Seq(ctx); err == nil && seq == 0 {
		try = fmt.Sprintf("the graph is empty; fill it:\n  %s%s import DIR%s", token, os.Args[0], where)
	}
	fmt.Fprintf(os.Stdout, "Valueweb listens at %s — %s\n", address, try)
}

// shutDown takes no new requests, finishes those under way, and ends streams at once: their clients resume.
func shutDown(server *http.Server, streams *transport.Streams, served <-chan error, log *slog.Logger) error {
	log.Info("shutting down: finishing the requests under way", "streams", streams.Open())
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- streams.Shutdown(ctx) }()
	err := server.Shutdown(ctx)
	if err = errors.Join(err, <-ended); err != nil {
		return fmt.Errorf("shut down: %w", errors.Join(err, server.Close()))
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	log.Info("stopped")
	return nil
}
