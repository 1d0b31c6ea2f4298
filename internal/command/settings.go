package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"

	"valueweb/internal/auth"
)

// settings reads what a command is to do: flags, then VALUEWEB_* variables, then the file of --config,
// then the defaults of the flags.
func settings(cmd *cobra.Command) (*koanf.Koanf, error) {
	k := koanf.New(".")
	name, _ := cmd.Flags().GetString("config")
	if name == "" {
		name = os.Getenv("VALUEWEB_CONFIG")
	}
	if name != "" {
		if err := k.Load(file.Provider(name), yaml.Parser()); err != nil {
			return nil, usage("read the settings in %s: %v", name, err)
		}
		if err := knownKeys(k, name, cmd.Root()); err != nil {
			return nil, err
		}
	}
	variables := env.Provider(".", env.Opt{Prefix: "VALUEWEB_", TransformFunc: func(key, value string) (string, any) {
		if value == "" {
			return "", nil // an empty variable is none
		}
		return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, "VALUEWEB_")), "_", "-"), value
	}})
	if err := k.Load(variables, nil); err != nil {
		return nil, fmt.Errorf("read VALUEWEB_* variables: %w", err)
	}
	if err := typed(k, cmd); err != nil {
		return nil, err
	}
	if err := k.Load(posflag.Provider(cmd.Flags(), ".", k), nil); err != nil {
		return nil, fmt.Errorf("read flags: %w", err)
	}
	return k, nil
}

// flagless are the settings that no flag takes: how a Neo4j server is entered, and what tokens are checked by, is
// nobody's to read off a list of processes.
var flagless = []string{"neo4j-user", "neo4j-password", "neo4j-database", "jwt-secret", "jwks-url", "jwt-issuer", "jwt-audience", "token"}

// tokensOf says how tokens are checked.
func tokensOf(k *koanf.Koanf) (auth.Settings, error) {
	tokens := auth.Settings{Secret: k.String("jwt-secret"), JWKSURL: k.String("jwks-url"), Issuer: k.String("jwt-issuer"), Audience: k.String("jwt-audience")}
	if err := tokens.Validate(); err != nil {
		return tokens, usage("%v", err)
	}
	return tokens, nil
}

// knownKeys refuses a file with a setting that no command has: a mistyped one would be missed in silence.
func knownKeys(k *koanf.Koanf, file string, root *cobra.Command) error {
	for _, key := range k.Keys() {
		known := slices.Contains(flagless, key)
		for _, cmd := range root.Commands() {
			known = known || cmd.Flags().Lookup(key) != nil
		}
		if !known {
			return usage("the settings in %s have %q, which no command knows", file, key)
		}
	}
	return nil
}

// typed makes texts of variables and of the file what the flags of their names would make of them: a text
// stands for a list with commas, and one that the flag would refuse is refused here, too.
func typed(k *koanf.Koanf, cmd *cobra.Command) error {
	for _, name := range k.Keys() {
		text, isText := k.Get(name).(string)
		flag := cmd.Flags().Lookup(name)
		if !isText || flag == nil {
			continue
		}
		switch kind := flag.Value.Type(); {
		case kind == "string":
		case kind == "stringSlice" || kind == "stringArray":
			if err := k.Set(name, strings.Split(text, ",")); err != nil {
				return fmt.Errorf("read the setting %s: %w", name, err)
			}
		case flag.Value.Set(text) != nil:
			return usage("the setting %s is %q, which is no %s", name, text, kind)
		}
	}
	return nil
}

// storeFlag adds the flag that names the store.
func storeFlag(cmd *cobra.Command) {
	cmd.Flags().String("store", DefaultStore(), "the `store`: a directory (embedded), memory:, or a Neo4j server (neo4j://, neo4j+s:// or bolt://; VALUEWEB_NEO4J_USER, _PASSWORD, _DATABASE)")
}

// DefaultStore is a directory under the user's data directory.
func DefaultStore() string {
	if base := os.Getenv("XDG_DATA_HOME"); base != "" {
		return filepath.Join(base, "valueweb")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "valueweb-data"
	}
	return filepath.Join(home, ".local", "share", "valueweb")
}

// serverFlag adds the flag that names a running server.
func serverFlag(cmd *cobra.Command) {
	cmd.Flags().String("server", "", "the `URL` of a running server; by default the one that has the store open, if any")
}
