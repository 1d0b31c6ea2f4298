package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// jvm runs Neo4j from its jars.
type jvm struct {
	java string // the command
	jars string // the folder
}

func (j jvm) start(ctx context.Context, home *home, options Options) (*process, error) {
	if err := os.WriteFile(filepath.Join(home.conf(), "neo4j.conf"), []byte(conf(jvmSettings(home, options))), 0o600); err != nil {
		return nil, fmt.Errorf("write the settings of Neo4j: %w", err)
	}
	if !exists(filepath.Join(home.data(), "databases", "system")) {
		if err := j.setPassword(ctx, home, options.Password); err != nil {
			return nil, err
		}
	}
	arguments := []string{"-Xms" + options.Heap, "-Xmx" + options.Heap, "-cp", filepath.Join(j.jars, "*"),
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-XX:+UseG1GC"}
	arguments = append(arguments, options.JVM...)
	arguments = append(arguments, "org.neo4j.server.CommunityEntryPoint", "--home-dir="+home.folder, "--config-dir="+home.conf())
	return startProcess(exec.Command(j.java, arguments...), home.console())
}

// jvmSettings are those that hold outside a container only: in one, the image says where things are.
func jvmSettings(home *home, options Options) map[string]string {
	settings := settings(options)
	settings["server.default_listen_address"] = "127.0.0.1"
	settings["server.bolt.listen_address"] = fmt.Sprintf("127.0.0.1:%d", options.Port)
	settings["server.directories.logs"] = home.logs
	return settings
}

// setPassword sets the first password; that works only before the first start.
func (j jvm) setPassword(ctx context.Context, home *home, password string) error {
	cmd := exec.CommandContext(ctx, j.java, "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(j.jars, "*"),
		"org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password)
	cmd.Env = append(os.Environ(), "NEO4J_HOME="+home.folder, "NEO4J_CONF="+home.conf())
	if output, err := cmd.CombinedOutput(); err != nil { // without the command: it holds the password
		return fmt.Errorf("set the first password of Neo4j: %w%s", err, lastLines(string(output), 8))
	}
	return nil
}

// oldestJava is the oldest that Neo4j 5.26 runs on.
const oldestJava = 17

// findJava is the first java that is new enough: of JAVA_HOME, of the PATH, of the system's folder.
func findJava(ctx context.Context) (string, error) {
	candidates, _ := filepath.Glob("/usr/lib/jvm/*/bin/java")
	candidates = append([]string{"java"}, candidates...)
	if home := os.Getenv("JAVA_HOME"); home != "" {
		candidates = append([]string{filepath.Join(home, "bin", "java")}, candidates...)
	}
	for _, java := range candidates {
		if version, err := javaVersion(ctx, java); err == nil && version >= oldestJava {
			return java, nil
		}
	}
	return "", fmt.Errorf("no Docker engine runs, and there is no Java of %d or newer: %s", oldestJava, howToInstall)
}

var versionPattern = regexp.MustCompile(`version "(\d+)`)

// javaVersion is the feature release; one before 9 is 1.
func javaVersion(ctx context.Context, java string) (int, error) {
	output, err := run(exec.CommandContext(ctx, java, "-version"))
	if err != nil {
		return 0, fmt.Errorf("ask Java for its version: %w", err)
	}
	match := versionPattern.FindStringSubmatch(output)
	if match == nil {
		return 0, errors.New("ask Java for its version: it does not say")
	}
	return strconv.Atoi(match[1])
}
