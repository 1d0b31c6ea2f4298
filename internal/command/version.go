package command

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"valueweb/graph/embedded"
	"valueweb/graph/neo4jstore"
)

func (p *Program) version() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Say the version, commit, Go and format of the store",
		Example: "  valueweb version --json",
		Args:    argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, _ := cmd.Flags().GetBool("json")
			if asJSON {
				return json.NewEncoder(p.Stdout).Encode(map[string]any{
					"version": p.Version, "commit": commit(), "go": runtime.Version(), "storeFormat": embedded.Format, "neo4jFormat": neo4jstore.Format,
				})
			}
			_, err := fmt.Fprintf(p.Stdout, "valueweb %s\ncommit %s\n%s\nstore format %d\nNeo4j format %d\n", p.Version, commit(), runtime.Version(), embedded.Format, neo4jstore.Format)
			return err
		},
	}
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

// commit is the revision that the program was built from.
func commit() string {
	revision, dirty := "unknown", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				revision = setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				dirty = " with changes"
			}
		}
	}
	return revision + dirty
}
