package command

import (
	"log/slog"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"valueweb/internal/transport"
)

// ServeConfig is how the server runs.
type ServeConfig struct {
	Store   Location
	Listen  string
	Demo    bool
	Origins []string
	Level   slog.Level
	Version string
}

func (p *Program) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the GraphQL API",
		Long: `Serve answers GraphQL at /graphql. It listens on loopback only and is open for development:
every request is the operator's.`,
		Example: `  valueweb serve --demo
  valueweb serve --store ./data-directory --listen 127.0.0.1:9090
  VALUEWEB_STORE=memory: valueweb serve --demo
  VALUEWEB_NEO4J_USER=neo4j VALUEWEB_NEO4J_PASSWORD=… valueweb serve --store neo4j://graph.example.com`,
		Args: argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			config := ServeConfig{
				Store: locate(k), Listen: k.String("listen"), Demo: k.Bool("demo"), Version: p.Version,
			}
			if err := config.Level.UnmarshalText([]byte(k.String("log-level"))); err != nil {
				return usage("--log-level: %v", err)
			}
			if err := transport.CheckListen(config.Listen); err != nil {
				return usage("--listen: %v", err)
			}
			for _, origin := range k.Strings("allow-origin") {
				origin = strings.TrimSuffix(origin, "/")
				if u, err := url.Parse(origin); err != nil || u.Scheme+"://"+u.Host != origin || u.Host == "" {
					return usage("--allow-origin %q is no origin, such as https://dash.example.com", origin)
				}
				config.Origins = append(config.Origins, origin)
			}
			return p.Serve(cmd.Context(), config)
		},
	}
	storeFlag(cmd)
	cmd.Flags().String("listen", "127.0.0.1:8080", "the loopback `address` to listen on; port 0 takes a free one")
	cmd.Flags().Bool("demo", false, "fill an empty store with the demo world: real partner data and a fictional network")
	cmd.Flags().StringSlice("allow-origin", nil, "an `origin` whose pages may read answers, such as https://dash.example.com (repeatable)")
	cmd.Flags().String("log-level", "info", "what is logged: debug, info, warn or error")
	return cmd
}
