package neo4jserver

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// image is what a Docker engine runs.
const image = "neo4j:5.26-community"

// docker runs Neo4j in a container that ends with this process.
type docker struct{}

// dockerRuns says whether an engine answers; a client alone is not enough.
func dockerRuns(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return exec.CommandContext(ctx, "docker", "info").Run() == nil
}

func pullImage(ctx context.Context, progress io.Writer) error {
	if exec.CommandContext(ctx, "docker", "image", "inspect", image).Run() == nil {
		return nil
	}
	say(progress, "pulling the image %s", image)
	if _, err := run(exec.CommandContext(ctx, "docker", "pull", "--quiet", image)); err != nil {
		return fmt.Errorf("pull the image of Neo4j: %w", err)
	}
	return nil
}

// untilInputEnds runs the server of the image until standard input ends. It does when the client is gone,
// be it that it was killed: the container never outlives it, on whatever machine the engine is.
const untilInputEnds = `exec 3<&0
/startup/docker-entrypoint.sh neo4j </dev/null & server=$!
{ cat <&3 >/dev/null; kill -TERM $server; } &
wait $server`

func (docker) start(_ context.Context, home *home, options Options) (*process, error) {
	name := fmt.Sprintf("valueweb-neo4j-%d-%d", os.Getpid(), time.Now().UnixNano())
	cmd := exec.Command("docker", dockerArguments(name, home, options)...)
	cmd.Env = append(os.Environ(), "NEO4J_AUTH="+User+"/"+options.Password)
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("open the input of the container: %w", err)
	}
	process, err := startProcess(cmd, home.console())
	if err != nil {
		return nil, err
	}
	process.terminate = input.Close
	by := func(verb string) func() error {
		return func() error {
			_, err := run(exec.Command("docker", verb, name))
			return err
		}
	}
	process.force, process.freeze, process.thaw = by("kill"), by("pause"), by("unpause")
	return process, nil
}

func dockerArguments(name string, home *home, options Options) []string {
	arguments := []string{"run", "--rm", "--interactive", "--name", name,
		"--publish", "127.0.0.1:" + strconv.Itoa(options.Port) + ":7687",
		"--volume", home.data() + ":/data", "--volume", home.logs + ":/logs",
		"--env", "NEO4J_AUTH"}
	if id := os.Getuid(); id > 0 { // so that the data belongs to who started it; the image wants to start as root otherwise
		arguments = append(arguments, "--user", fmt.Sprintf("%d:%d", id, os.Getgid()))
	}
	settings := settings(options)
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		arguments = append(arguments, "--env", variable(key)+"="+settings[key])
	}
	if len(options.JVM) > 0 {
		arguments = append(arguments, "--env", variable("server.jvm.additional")+"="+strings.Join(options.JVM, " "))
	}
	return append(arguments, "--entrypoint", "tini", image, "-g", "--", "bash", "-c", untilInputEnds)
}

// variable is the name of a setting as the image reads it from its environment.
func variable(setting string) string {
	return "NEO4J_" + strings.ReplaceAll(strings.ReplaceAll(setting, "_", "__"), ".", "_")
}
