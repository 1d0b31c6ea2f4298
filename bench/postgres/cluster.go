package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ErrMissing says that PostgreSQL or PostGIS is not installed, and how to install it.
var ErrMissing = errors.New("PostgreSQL 15 with PostGIS is missing; on Debian: apt-get install postgresql-15 postgresql-15-postgis-3")

// Where Debian puts the programs and what PostGIS adds.
const (
	programs = "/usr/lib/postgresql/15/bin"
	postgis  = "/usr/share/postgresql/15/extension/postgis.control"
)

// settings are those under which a question on a machine of some gigabytes is answered fastest. What is
// kept survives no crash: nobody writes but the loader.
const settings = `
listen_addresses = ''
shared_buffers = 2GB
work_mem = 64MB
maintenance_work_mem = 512MB
effective_cache_size = 8GB
random_page_cost = 1.1
jit = off
plan_cache_mode = force_generic_plan
max_parallel_workers_per_gather = 0
autovacuum = off
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 8GB
`

// Cluster is a temporary PostgreSQL server that listens at a socket in a directory of its own.
type Cluster struct {
	dir    string
	server *exec.Cmd
	log    <-chan error // ends with the server's log
}

// Missing is ErrMissing where the programs are not there, else nil.
func Missing() error {
	for _, path := range []string{programs + "/initdb", programs + "/postgres", postgis} {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%w (no %s)", ErrMissing, path)
		}
	}
	return nil
}

// Start makes a cluster in a temporary directory and starts it. It runs as the user postgres if this
// process is root's, for the server refuses root.
func Start(ctx context.Context) (*Cluster, error) {
	if err := Missing(); err != nil {
		return nil, err
	}
	owner, err := serverUser()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "valueweb-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir}
	if err := c.start(ctx, owner); err != nil {
		return nil, errors.Join(fmt.Errorf("start PostgreSQL: %w", err), c.Stop())
	}
	return c, nil
}

// serverUser is who runs the server; nil: who runs this process.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func (c *Cluster) start(ctx context.Context, owner *syscall.Credential) error {
	if owner != nil {
		if err := os.Chown(c.dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(c.dir, "data")
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(programs, name), args...)
		cmd.Dir, cmd.SysProcAttr = c.dir, &syscall.SysProcAttr{Credential: owner}
		return cmd
	}
	made, err := run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, made)
	}
	config := settings + "unix_socket_directories = '" + c.dir + "'\n"
	if err := os.WriteFile(filepath.Join(data, "postgresql.auto.conf"), []byte(config), 0o600); err != nil {
		return err
	}
	if owner != nil {
		if err := os.Chown(filepath.Join(data, "postgresql.auto.conf"), int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	return c.serve(ctx, run("postgres", "-D", data))
}

// serve starts the server and waits until it says that it is ready.
func (c *Cluster) serve(ctx context.Context, server *exec.Cmd) error {
	log, err := server.StderrPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	ready, ended := make(chan struct{}), make(chan error, 1)
	c.server, c.log = server, ended
	go func() { ended <- follow(log, ready) }()
	select {
	case <-ready:
		return nil
	case err := <-ended:
		ended <- nil
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// follow reads the log of a server, closes ready once it says that it is, and returns the end of it.
func follow(log io.Reader, ready chan<- struct{}) error {
	var last []string
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if ready != nil && strings.Contains(lines.Text(), "ready to accept connections") {
			close(ready)
			ready = nil
		}
		last = append(last[max(0, len(last)-9):], lines.Text())
	}
	return errors.New("the server ended:\n" + strings.Join(slices.Clip(last), "\n"))
}

// address is how a client connects to a database.
func (c *Cluster) address(database string) string {
	return "host=" + c.dir + " user=postgres dbname=" + database
}

// Stop ends the server and removes what it kept.
func (c *Cluster) Stop() error {
	var err error
	if c.server != nil {
		err = c.server.Process.Signal(syscall.SIGINT) // ends sessions, then the server
		<-c.log
		err = errors.Join(err, c.server.Wait())
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}
