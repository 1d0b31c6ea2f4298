// Package command is the command line: one file a subcommand. The same program serves, imports, asks and
// generates; results go to stdout, everything else to stderr.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2 // wrong use
	exitRejected = 3 // done with rows rejected
)

// Program is one run of the command line.
type Program struct {
	Version        string // of the program, for people
	Stdout, Stderr io.Writer
	// Serve runs the server until the context ends. The wiring is that of package main.
	Serve func(ctx context.Context, config ServeConfig) error
}

// exit is an error with an exit code of its own; a nil cause has said all there is to say.
type exit struct {
	code  int
	cause error
}

func (e *exit) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e *exit) Unwrap() error { return e.cause }

// usage is an error of wrong use.
func usage(format string, args ...any) error {
	return &exit{code: exitUsage, cause: fmt.Errorf(format, args...)}
}

// Run executes one command and returns the exit code.
func (p *Program) Run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(p.Stderr, "valueweb: "+text)
	}
	var e *exit
	if errors.As(err, &e) {
		return e.code
	}
	return exitFailed
}

func (p *Program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "valueweb",
		Short: "Who can fill this gap near this customer, and why",
		Long: `Valueweb keeps partners, offices, competencies, certifications, customers and referrals as
one graph and answers who can fill a gap near a customer, with the reason for every answer.

Settings come from flags, then VALUEWEB_* variables (VALUEWEB_STORE, VALUEWEB_LISTEN …), then
--config FILE (YAML), then defaults. Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with rows rejected.`,
		Example: `  valueweb serve --demo
  valueweb ask --need video-to-streaming --near theatre-belquorme --asker ombrevane-systems
  valueweb import ./sheets`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              knownCommand, SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%v; see %s --help", err, cmd.CommandPath())
	})
	root.PersistentFlags().String("config", "", "a YAML `file` with settings")
	root.AddCommand(p.serve(), p.importSheets(), p.export(), p.ask(), p.generate(), p.migrate(), p.token(), p.version())
	return root
}

// knownCommand refuses what is left when no command has taken the arguments.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	meant := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		meant = " (" + strings.Join(near, " or ") + "?)"
	}
	return usage("there is no command %q%s; see %s --help", args[0], meant, cmd.CommandPath())
}

// args refuses a wrong number of arguments as wrong use.
func argsUsage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage("%v; see %s --help", err, cmd.CommandPath())
		}
		return nil
	}
}

// isTerminal reports whether something is read by a person at a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
