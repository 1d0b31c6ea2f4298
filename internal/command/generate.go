package command

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"valueweb/internal/world"
)

func (p *Program) generate() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "generate --world NAME --out DIR",
		Short: "Write a made-up world as sheets",
		Long: `Generate writes a world of fictional partners as CSV sheets. The same world and seed give the same
bytes on every machine.

  demo             80 partners         620 referrals: the fictional part of the demo, beside the real data set
  alliance        700 partners      20,000 referrals: one alliance, small enough to look through
  m            10,000 partners   1,000,000 referrals on one continent (170 MB)
  l           100,000 partners  10,000,000 referrals on ten, each as dense as that of m (1.8 GB)

Rows are written as they are made: memory does not grow with them.`,
		Example: `  valueweb generate --world demo --out ./demo
  valueweb generate --world demo --seed 7 --out ./demo-7 && valueweb import ./demo-7 --store ./seven
  valueweb generate --world m --out ./m`,
		Args: argsUsage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			k, err := settings(cmd)
			if err != nil {
				return err
			}
			name, out := k.String("world"), k.String("out")
			if name == "" || out == "" {
				return usage("generate needs --world and --out; the worlds: %s", strings.Join(world.Names(), ", "))
			}
			if !slices.Contains(world.Names(), name) {
				return usage("there is no world %q; the worlds: %s", name, strings.Join(world.Names(), ", "))
			}
			err = world.Generate(name, uint64(k.Int64("seed")), world.Dir(out, k.Bool("overwrite")))
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%w: name another directory with --out, or replace them with --overwrite", err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.Stdout, "wrote the world %s to %s\n", name, out)
			return nil
		},
	}
	cmd.Flags().String("world", "", "the `name` of the world: "+strings.Join(world.Names(), ", "))
	cmd.Flags().Uint64("seed", DemoSeed, "the `number` that the world is made from")
	cmd.Flags().String("out", "", "the `directory` to write to")
	cmd.Flags().Bool("overwrite", false, "replace sheets that are there already")
	return cmd
}
