package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// An engine is a way to run Neo4j on this machine.
type engine interface {
	// start starts Neo4j on the home and returns its process at once, before it answers.
	start(ctx context.Context, home *home, options Options) (*process, error)
}

// Prepare gets what Start needs, so that no test waits for a download. With VALUEWEB_NEO4J_URI that is
// nothing. Where a Docker engine runs, it pulls the image. Else it installs a Java and Maven from the
// system's packages if they are missing and it may (root, apt-get), and downloads Neo4j into the cache; if
// it may not, the error names the line to run. Several processes may prepare at once.
func Prepare(ctx context.Context, progress io.Writer) error {
	if isGiven() {
		return nil
	}
	if err := installPackages(ctx, progress); err != nil {
		return fmt.Errorf("prepare Neo4j: %w", err)
	}
	if _, err := prepare(ctx, progress); err != nil {
		return fmt.Errorf("prepare Neo4j: %w", err)
	}
	return nil
}

// prepare is Docker with the image there, if an engine runs, else Java with the artifacts there.
func prepare(ctx context.Context, progress io.Writer) (engine, error) {
	var noDocker error
	if dockerRuns(ctx) {
		if noDocker = pullImage(ctx, progress); noDocker == nil {
			return docker{}, nil
		}
		say(progress, "%v; trying without Docker", noDocker)
	}
	java, err := findJava(ctx)
	if err != nil {
		return nil, errors.Join(noDocker, err)
	}
	cache, err := cacheFolder()
	if err != nil {
		return nil, errors.Join(noDocker, err)
	}
	jars, err := download(ctx, cache, progress)
	if err != nil {
		return nil, errors.Join(noDocker, err)
	}
	return jvm{java: java, jars: jars}, nil
}

// run runs a command to its end and returns what it wrote; an error holds the end of that.
func run(cmd *exec.Cmd) (string, error) {
	output, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w%s", cmd, err, lastLines(string(output), 8))
	}
	return string(output), nil
}
