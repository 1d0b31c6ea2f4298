package command

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"valueweb/graph"
)

// mostLifetime is the longest that a token may count: nothing takes one back.
const mostLifetime = 366 * 24 * time.Hour

func (p *Program) token() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token --role OPERATOR|PARTNER|CUSTOMER|ANALYST [--org ID]",
		Short: "Make a token that says who is asking",
		Long: `Token prints a JSON Web Token that a server with the same VALUEWEB_JWT_SECRET takes, for as long as it
counts; VALUEWEB_JWT_ISSUER and VALUEWEB_JWT_AUDIENCE stand in it where they are set. It is for development and for
programs of one's own: people are given theirs by an issuer (VALUEWEB_JWKS_URL).`,
		Example: `  export VALUEWEB_JWT_SECRET=$(openssl rand -hex 32)
  valueweb token --role OPERATOR
  curl -s https://valueweb.example.com/graphql -H "Authorization: Bearer $(valueweb token --role OPERATOR --for 5m)" …`,
		Args: argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			tokens, err := tokensOf(k)
			if err != nil {
				return err
			}
			viewer := graph.Viewer{Role: graph.Role(k.String("role")), Organisation: k.String("org"), Subject: k.String("subject")}
			if err := viewer.Validate(); err != nil {
				return usage("--role %s --org %q: %v; write --role OPERATOR, --role ANALYST, --role PARTNER --org ID or --role CUSTOMER --org ID", viewer.Role, viewer.Organisation, err)
			}
			lifetime := k.Duration("for")
			if lifetime <= 0 || lifetime > mostLifetime {
				return usage("--for %s: a token counts for more than no time and at most %.0f days", lifetime, mostLifetime.Hours()/24)
			}
			token, err := tokens.Mint(viewer, time.Now(), lifetime)
			if err != nil {
				return usage("%v", err)
			}
			_, err = fmt.Fprintln(p.Stdout, token)
			return err
		},
	}
	cmd.Flags().String("role", "", "what the viewer is to the network: `OPERATOR`, PARTNER, CUSTOMER or ANALYST")
	cmd.Flags().String("org", "", "the `id` of the partner or customer that a PARTNER or CUSTOMER asks for")
	cmd.Flags().String("subject", "", "the `person` or program, for the log")
	cmd.Flags().Duration("for", time.Hour, "how long it counts, such as `15m`")
	return cmd
}
