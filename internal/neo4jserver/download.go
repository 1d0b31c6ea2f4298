package neo4jserver

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Version is the Neo4j that runs where no Docker engine does; pom.xml names the same.
const Version = "5.26.12"

//go:embed pom.xml
var pom []byte

// cacheFolder is where downloads are kept, one folder a version.
func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache for Neo4j: %w", err)
	}
	return filepath.Join(cache, "valueweb", "neo4j"), nil
}

// download returns the folder of Neo4j's jars, downloaded unless the cache has them. They are made aside and
// put in place whole: a download that was cut off is begun again. Of several processes one downloads, the
// others wait for it.
func download(ctx context.Context, cache string, progress io.Writer) (string, error) {
	jars := filepath.Join(cache, Version)
	if exists(jars) {
		return jars, nil
	}
	unlock, err := lock(ctx, filepath.Join(cache, Version+".lock"))
	if err != nil {
		return "", fmt.Errorf("lock the cache of Neo4j: %w", err)
	}
	defer unlock()
	if exists(jars) { // another process was faster
		return jars, nil
	}
	if _, err := exec.LookPath("mvn"); err != nil {
		return "", fmt.Errorf("no Docker engine runs, and there is no Maven: %s", howToInstall)
	}
	say(progress, "downloading Neo4j %s from Maven Central (116 MB) to %s", Version, jars)
	if err := fetch(ctx, jars); err != nil {
		return "", fmt.Errorf("download Neo4j: %w", err)
	}
	return jars, nil
}

// fetch has Maven copy the jars into a folder aside and renames that.
func fetch(ctx context.Context, jars string) error {
	aside, err := newAside(jars)
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	project, lib := filepath.Join(aside, "pom.xml"), filepath.Join(aside, "lib")
	if err := os.WriteFile(project, pom, 0o644); err != nil {
		return err
	}
	maven := exec.CommandContext(ctx, "mvn", "--quiet", "--batch-mode", "--strict-checksums", "--file", project,
		"dependency:copy-dependencies", "-DoutputDirectory="+lib, "-DincludeScope=runtime")
	if _, err := run(maven); err != nil {
		return err
	}
	return os.Rename(lib, jars)
}

// newAside makes a new folder and removes what downloads that were cut off left: that the lock is held says
// that they are nobody's. The name is new each time, for a Maven whose parent was killed may still write to
// the one it was given.
func newAside(jars string) (string, error) {
	left, err := filepath.Glob(jars + ".part-*")
	if err != nil {
		return "", err
	}
	for _, folder := range left {
		if err := os.RemoveAll(folder); err != nil {
			return "", err
		}
	}
	return os.MkdirTemp(filepath.Dir(jars), filepath.Base(jars)+".part-*")
}

// lock waits until no other process holds the lock file and takes it. The kernel frees it when its holder dies.
func lock(ctx context.Context, name string) (unlock func() error, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	file := flock.New(name)
	if _, err := file.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return nil, err
	}
	return file.Unlock, nil
}
