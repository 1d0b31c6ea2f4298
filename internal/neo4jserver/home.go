package neo4jserver

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// home is the folder of one server, laid out as Neo4j wants it: data, conf, logs and so on.
type home struct {
	folder  string
	logs    string
	lock    *flock.Flock // held as long as the home is used
	removed bool
}

const (
	temporaryHomes = "valueweb-neo4j-*"
	lockName       = "in-use.lock"
)

// openHome makes the folders, in a temporary one if none is named.
func openHome(folder, logs string) (*home, error) {
	folder, err := homeFolder(folder)
	if err != nil {
		return nil, err
	}
	h := &home{folder: folder, logs: cmp.Or(logs, filepath.Join(folder, "logs")), lock: flock.New(filepath.Join(folder, lockName))}
	for _, name := range []string{h.data(), h.conf(), h.logs, h.at("plugins"), h.at("import"), h.at("run")} {
		if err := os.MkdirAll(name, 0o700); err != nil {
			return nil, fmt.Errorf("make the home of Neo4j: %w", err)
		}
	}
	return h, nil
}

// take takes the home for this server until release; one that another uses is refused.
func (h *home) take() error {
	locked, err := h.lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock the home of Neo4j: %w", err)
	}
	if !locked {
		return fmt.Errorf("another process runs Neo4j on %s; stop it, or name another folder", h.folder)
	}
	return nil
}

// release lets other processes use the home.
func (h *home) release() error {
	if err := h.lock.Unlock(); err != nil {
		return fmt.Errorf("unlock the home of Neo4j: %w", err)
	}
	return nil
}

// homeFolder is the absolute name, of a new temporary folder if none is given.
func homeFolder(folder string) (string, error) {
	if folder != "" {
		folder, err := filepath.Abs(folder)
		if err != nil {
			return "", fmt.Errorf("name the home of Neo4j: %w", err)
		}
		return folder, nil
	}
	removeAbandoned()
	folder, err := os.MkdirTemp("", temporaryHomes)
	if err != nil {
		return "", fmt.Errorf("make a temporary home for Neo4j: %w", err)
	}
	return folder, nil
}

// removeAbandoned removes temporary homes whose process was killed: each holds half a gigabyte of
// transaction log that was allocated in advance. What cannot be removed, such as another user's, stays.
func removeAbandoned() {
	folders, _ := filepath.Glob(filepath.Join(os.TempDir(), temporaryHomes))
	for _, folder := range folders {
		name := filepath.Join(folder, lockName)
		stat, err := os.Stat(name)
		if err != nil || time.Since(stat.ModTime()) < time.Minute { // maybe just begun, not locked yet
			continue
		}
		lock := flock.New(name)
		if locked, err := lock.TryLock(); err == nil && locked {
			_ = os.RemoveAll(folder)
			_ = lock.Unlock()
		}
	}
}

func (h *home) at(name string) string { return filepath.Join(h.folder, name) }
func (h *home) data() string          { return h.at("data") }
func (h *home) conf() string          { return h.at("conf") }

// console is where the process writes what it would show at a terminal.
func (h *home) console() string { return filepath.Join(h.logs, "console.log") }

// remove removes the folder, once.
func (h *home) remove() error {
	if h.removed {
		return nil
	}
	if err := os.RemoveAll(h.folder); err != nil {
		return fmt.Errorf("remove the temporary home of Neo4j: %w", err)
	}
	h.removed = true
	return nil
}

// lastWords are the ends of the logs, for the message of a start that failed.
func (h *home) lastWords() string {
	var words strings.Builder
	for _, name := range []string{h.console(), filepath.Join(h.logs, "neo4j.log")} {
		text, err := os.ReadFile(name)
		if err != nil || len(text) == 0 {
			continue // it came to no word
		}
		fmt.Fprintf(&words, "\n%s ends:%s", name, lastLines(string(text), 8))
	}
	return words.String()
}

// lastLines are at most n, each on a line of its own.
func lastLines(text string, n int) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	return "\n" + strings.Join(lines[max(0, len(lines)-n):], "\n")
}
