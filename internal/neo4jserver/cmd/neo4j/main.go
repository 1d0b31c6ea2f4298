// Neo4j runs a real Neo4j for development until it is interrupted, or around a command.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"valueweb/internal/neo4jserver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	cmd := command()
	if err := cmd.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "neo4j:", err)
		stop()
		os.Exit(1)
	}
}

// run is what the flags say.
type run struct {
	home      string
	port      int
	ephemeral bool
	prepare   bool
}

func command() *cobra.Command {
	var r run
	cmd := &cobra.Command{
		Use:   "neo4j [-- command…]",
		Short: "Run a real Neo4j for development until interrupted, or around a command",
		Long: `Neo4j checks the server that VALUEWEB_NEO4J_URI names, with VALUEWEB_NEO4J_USER and
VALUEWEB_NEO4J_PASSWORD. Without one it starts one on loopback, with Docker if an engine runs, else from
Maven's artifacts and a Java, prints its URI, and stops it when interrupted. With a command it runs that with
the server in those variables instead, an ephemeral one that is made for tests, and stops it at the end.`,
		SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case r.prepare:
				return neo4jserver.Prepare(cmd.Context(), cmd.ErrOrStderr())
			case len(args) > 0:
				return around(cmd, args)
			}
			return r.serve(cmd)
		},
	}
	cmd.Flags().StringVar(&r.home, "data", defaultHome(), "the `folder` that keeps the data")
	cmd.Flags().IntVar(&r.port, "port", 7687, "the `port` of Bolt on 127.0.0.1; 0 takes a free one")
	cmd.Flags().BoolVar(&r.ephemeral, "ephemeral", false, "keep the data in a temporary folder that is removed at the end")
	cmd.Flags().BoolVar(&r.prepare, "prepare", false, "only get what a start needs: packages, where they may be installed, and the download")
	cmd.MarkFlagsMutuallyExclusive("data", "ephemeral")
	return cmd
}

// defaultHome lies beside the folder of the embedded store, which takes no stranger in.
func defaultHome() string {
	if base := os.Getenv("XDG_DATA_HOME"); base != "" {
		return filepath.Join(base, "valueweb-neo4j")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "valueweb-neo4j"
	}
	return filepath.Join(home, ".local", "share", "valueweb-neo4j")
}

// serve prints the URI of a server that answers, and stops it when the context ends.
func (r *run) serve(cmd *cobra.Command) error {
	server, err := r.server(cmd)
	if cmd.Context().Err() != nil {
		return errors.New("interrupted before Neo4j answered; nothing is left running")
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), server.URI)
	if server.Given {
		fmt.Fprintln(cmd.ErrOrStderr(), "it answers; nothing was started")
		return nil
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "user %s, password %s; Ctrl-C stops it\n", server.User, server.Password)
	select {
	case <-server.Ended():
		return errors.Join(errors.New("it ended by itself; see its logs"), server.Stop())
	case <-cmd.Context().Done():
		return server.Stop()
	}
}

// around runs a command with one server for all its processes: each would start its own.
func around(cmd *cobra.Command, args []string) error {
	server, err := neo4jserver.Given(cmd.Context())
	if server == nil && err == nil {
		server, err = neo4jserver.Start(cmd.Context(), neo4jserver.ForTests(cmd.ErrOrStderr()))
	}
	if err != nil {
		return err
	}
	inner := exec.CommandContext(cmd.Context(), args[0], args[1:]...)
	inner.Stdin, inner.Stdout, inner.Stderr = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	inner.Env = append(os.Environ(), server.Variables()...)
	inner.Cancel = func() error { return inner.Process.Signal(os.Interrupt) }
	return errors.Join(inner.Run(), server.Stop())
}

// server is the one that was given, or a new one.
func (r *run) server(cmd *cobra.Command) (*neo4jserver.Server, error) {
	server, err := neo4jserver.Given(cmd.Context())
	if server != nil || err != nil {
		return server, err
	}
	options := neo4jserver.Options{Home: r.home, Port: r.port, Password: os.Getenv("VALUEWEB_NEO4J_PASSWORD"), Progress: cmd.ErrOrStderr()}
	if r.ephemeral {
		options.Home = ""
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "starting Neo4j on", cmp.Or(options.Home, "a temporary folder"))
	return neo4jserver.Start(cmd.Context(), options)
}
