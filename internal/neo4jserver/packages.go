package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// howToInstall is the line to run where packages are missing and may not be installed from here.
const howToInstall = "start Docker, name a server with " + uriVariable + ", or run: apt-get install -y openjdk-17-jdk-headless maven"

// installPackages installs what running Neo4j without Docker lacks, if it may: as root, with apt-get. Where it
// may not, it does nothing, and what comes next says what is missing.
func installPackages(ctx context.Context, progress io.Writer) error {
	packages := missingPackages(ctx)
	if len(packages) == 0 || os.Getuid() != 0 || dockerRuns(ctx) {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil
	}
	if _, err := run(aptGet(ctx, "update", "-qq")); err != nil {
		return fmt.Errorf("list the system's packages: %w", err)
	}
	for _, alternatives := range packages {
		if err := installOne(ctx, alternatives, progress); err != nil {
			return err
		}
	}
	return nil
}

// missingPackages are the packages to install, each with its alternatives.
func missingPackages(ctx context.Context) [][]string {
	var packages [][]string
	if _, err := findJava(ctx); err != nil {
		// Debian 12 has 17, Debian 13 has 21.
		packages = append(packages, []string{"openjdk-17-jdk-headless", "openjdk-21-jdk-headless"})
	}
	if _, err := exec.LookPath("mvn"); err != nil && !downloaded() {
		packages = append(packages, []string{"maven"})
	}
	return packages
}

// downloaded says whether the cache has the jars, so that Maven is not needed.
func downloaded() bool {
	cache, err := cacheFolder()
	return err == nil && exists(filepath.Join(cache, Version))
}

// installOne installs the first alternative that the system has.
func installOne(ctx context.Context, alternatives []string, progress io.Writer) error {
	var failed error
	for _, name := range alternatives {
		say(progress, "installing the package %s", name)
		_, err := run(aptGet(ctx, "install", "-y", "-qq", "--no-install-recommends", name))
		if err == nil {
			return nil
		}
		failed = errors.Join(failed, err)
	}
	return fmt.Errorf("install what Neo4j runs on: %w", failed)
}

// aptGet waits for another apt-get that holds the lock, as two test runs at once have.
func aptGet(ctx context.Context, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-o", "DPkg::Lock::Timeout=300"}, arguments...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	return cmd
}
