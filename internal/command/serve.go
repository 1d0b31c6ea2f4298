package command

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"valueweb/graph"
	"valueweb/internal/auth"
	"valueweb/internal/transport"
)

// ServeConfig is how the server runs.
type ServeConfig struct {
	Store   Location
	Listen  string
	Demo    bool
	Origins []string
	// MaxStreams is how many streams may be open at a time.
	MaxStreams int
	Tokens     auth.Settings
	Level      slog.Level
	Version    string
	// Retention is how long events are kept; zero: for ever.
	Retention time.Duration
}

// leastRetention is the shortest time for which events are kept: a client that reconnects finds its place again.
const leastRetention = time.Hour

func (p *Program) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the GraphQL API",
		Long: `Serve answers GraphQL at /graphql. Without a key it listens on loopback only and is open for
development: every request is the operator's, unless the header X-Valueweb-As names another viewer.

With a key it listens wherever it is told, and every request brings a token that says who is asking, in the
header Authorization: Bearer TOKEN. VALUEWEB_JWT_SECRET is a secret of 32 bytes or more by which valueweb token
makes such tokens; VALUEWEB_JWKS_URL is where an issuer publishes its keys, with VALUEWEB_JWT_ISSUER and
VALUEWEB_JWT_AUDIENCE.`,
		Example: `  valueweb serve --demo
  valueweb serve --store ./data-directory --listen 127.0.0.1:9090
  VALUEWEB_STORE=memory: valueweb serve --demo
  VALUEWEB_JWT_SECRET=$(openssl rand -hex 32) valueweb serve --listen 0.0.0.0:8080
  VALUEWEB_NEO4J_USER=neo4j VALUEWEB_NEO4J_PASSWORD=… valueweb serve --store neo4j://graph.example.com`,
		Args: argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			config := ServeConfig{
				Store: locate(k), Listen: k.String("listen"), Demo: k.Bool("demo"), Version: p.Version, MaxStreams: k.Int("max-streams"),
			}
			if config.MaxStreams < 1 {
				return usage("--max-streams is %d; at least one stream must be allowed", config.MaxStreams)
			}
			if err := config.Level.UnmarshalText([]byte(k.String("log-level"))); err != nil {
				return usage("--log-level: %v", err)
			}
			if config.Tokens, err = tokensOf(k); err != nil {
				return err
			}
			if err := transport.CheckListen(config.Listen, config.Tokens.Configured()); err != nil {
				return usage("--listen: %v", err)
			}
			config.Retention = k.Duration("retention")
			if config.Retention != 0 && config.Retention < leastRetention {
				return usage("--retention %s is too short: events are kept for an hour at least, and for ever with 0", config.Retention)
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
	cmd.Flags().String("listen", "127.0.0.1:8080", "the `address` to listen on, of loopback unless there is a key; port 0 takes a free one")
	cmd.Flags().Bool("demo", false, "fill an empty store with the demo world: real partner data and a fictional network")
	cmd.Flags().StringSlice("allow-origin", nil, "an `origin` whose pages may read answers, such as https://dash.example.com (repeatable)")
	cmd.Flags().Int("max-streams", transport.DefaultLimits.Streams, "how many `streams` may be open at a time, over WebSockets and server-sent events; further ones are answered 503")
	cmd.Flags().Duration("retention", graph.DefaultRetention, "how long events are kept for subscribers that come back: an hour or more, such as 720h; 0: for ever")
	cmd.Flags().String("log-level", "info", "what is logged: debug, info, warn or error")
	return cmd
}
