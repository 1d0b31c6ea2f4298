package embedded

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// The files of a data directory.
const (
	dataFile  = "valueweb.db"
	freshFile = "valueweb.db.new" // under construction; renamed once whole
	lockFile  = "lock"
)

// lockWait is how long an opener waits for a process that is just letting go of the directory.
const lockWait = 200 * time.Millisecond

// Holder is the process that has a data directory open.
type Holder struct {
	PID     int    `json:"pid"`
	Address string `json:"address,omitempty"` // where it serves; empty: it does not
}

// InUseError says that another process has the directory open.
type InUseError struct {
	Dir string
	Holder
}

// Error names the process and its address.
func (e *InUseError) Error() string {
	switch {
	case e.Address != "":
		return fmt.Sprintf("the data directory %s is in use by process %d, which serves at %s", e.Dir, e.PID, e.Address)
	case e.PID != 0:
		return fmt.Sprintf("the data directory %s is in use by process %d, which does not serve; wait until it is done", e.Dir, e.PID)
	}
	return fmt.Sprintf("the data directory %s is in use by another process", e.Dir)
}

// Open opens the store of a data directory, making it if the directory is empty or missing. A directory
// in use is an *InUseError; one that is damaged or of a newer format is refused with a message that says
// which file and what to do, and left as it is.
func Open(ctx context.Context, dir string, options Options) (*Store, error) {
	if err := prepare(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, dataFile)
	db, err := openFile(path)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, &InUseError{Dir: dir, Holder: holderOf(dir)}
	}
	if err != nil {
		return nil, damaged(path, err)
	}
	// Whoever meets the lock from now on must not be sent to an address of an earlier holder.
	if err := announce(dir, Holder{PID: os.Getpid()}); err != nil {
		db.Close()
		return nil, err
	}
	s, format, err := load(ctx, db)
	name := ""
	if err == nil {
		name, err = deploymentOf(db)
	}
	if err == nil && (format < Format || name == "") { // once it was read as a whole: a damaged file is left as it is
		if err = db.Update(bringUp); err == nil {
			name, err = deploymentOf(db)
		}
	}
	if err != nil {
		os.Remove(filepath.Join(dir, lockFile)) // while it is still ours
		db.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var newer *newerFormatError
		if errors.As(err, &newer) {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return nil, damaged(path, err)
	}
	return newStore(&disk{db: db, name: name}, s, options), nil
}

// Exists reports whether a directory holds a store.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, dataFile))
	return err == nil
}

// Announce writes where the process that has the directory open serves, for others to find it.
func Announce(dir, address string) error {
	return announce(dir, Holder{PID: os.Getpid(), Address: address})
}

func announce(dir string, holder Holder) error {
	text, err := json.Marshal(holder)
	if err != nil {
		return err
	}
	fresh := filepath.Join(dir, lockFile+".new")
	if err := os.WriteFile(fresh, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(dir, lockFile)) // a reader never sees half of it
}

func holderOf(dir string) (holder Holder) {
	text, err := os.ReadFile(filepath.Join(dir, lockFile))
	if err != nil || json.Unmarshal(text, &holder) != nil {
		return Holder{}
	}
	return holder
}

func damaged(path string, err error) error {
	return fmt.Errorf("the data file %s cannot be read (%v): nothing was changed; restore the file from a copy, or move it away to start with an empty store", path, err)
}

// prepare makes the directory and, where there is none, a whole empty data file under its final name.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	path := filepath.Join(dir, dataFile)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a directory, where the data file belongs: move it away, or name another data directory", path)
	case err == nil && info.Size() == 0:
		return damaged(path, errors.New("it is empty"))
	case err == nil:
		// What a process left that was killed between naming the file and cleaning up.
		if err := os.Remove(filepath.Join(dir, freshFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("clean up the data directory: %w", err)
		}
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("look for the data file: %w", err)
	}
	if err := onlyOurs(dir); err != nil {
		return err
	}
	return create(dir)
}

// onlyOurs refuses to start a store in a directory that holds something else.
func onlyOurs(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read the data directory: %w", err)
	}
	for _, entry := range entries {
		if !slices.Contains([]string{lockFile, lockFile + ".new", freshFile}, entry.Name()) {
			return fmt.Errorf("the directory %s holds %s but no %s: it is no data directory; name an empty or a new one, or put the data file back", dir, entry.Name(), dataFile)
		}
	}
	return nil
}

// create writes an empty data file aside and names it once it is whole, so that a file of the final name is always whole.
func create(dir string) error {
	fresh := filepath.Join(dir, freshFile)
	db, err := openFile(fresh)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return &InUseError{Dir: dir, Holder: holderOf(dir)}
	}
	if err != nil {
		// A process was killed while it made the file: nothing was ever stored in it.
		if err := os.Remove(fresh); err != nil {
			return fmt.Errorf("remove an unfinished data file: %w", err)
		}
		if db, err = openFile(fresh); err != nil {
			return fmt.Errorf("make the data file: %w", err)
		}
	}
	err = db.Update(func(t *bolt.Tx) error {
		return bringUp(t)
	})
	if err == nil { // a link, not a rename: a file that another process has made meanwhile is left alone
		if err = os.Link(fresh, filepath.Join(dir, dataFile)); errors.Is(err, os.ErrExist) {
			err = nil
		}
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("make the data file: %w", err)
	}
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("make the data file: %w", err)
	}
	return syncDir(dir)
}

// bringUp makes the buckets of the present format that are missing, and the name of the deployment, and notes the
// format.
func bringUp(t *bolt.Tx) error {
	for _, name := range buckets(Format) {
		if _, err := t.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	meta := t.Bucket(metaBucket)
	if meta.Get(deploymentKey) == nil {
		if err := putRecord(filedShelf{meta}, string(deploymentKey), rand.Text()); err != nil {
			return err
		}
	}
	return meta.Put(formatKey, binary.BigEndian.AppendUint32(nil, Format))
}

// deploymentOf is the name that a file gives to its deployment, empty for none.
func deploymentOf(db *bolt.DB) (name string, err error) {
	err = db.View(func(t *bolt.Tx) error {
		if _, err := readRecord(filedShelf{t.Bucket(metaBucket)}, string(deploymentKey), &name); err != nil {
			return fmt.Errorf("the name of the deployment: %w", err)
		}
		return nil
	})
	return name, err
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// openFile opens a bbolt file; a file that is cut off or overwritten is an error, not a fault.
func openFile(path string) (db *bolt.DB, err error) {
	defer catch(&err)()
	db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: lockWait, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return nil, err
	}
	if err := checkPages(path, db.Info().PageSize); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// catch turns the panics and memory faults that bbolt answers a damaged file with into an error.
func catch(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = fmt.Errorf("it is damaged: %v", p)
		}
	}
}

type newerFormatError struct{ format uint32 }

func (e *newerFormatError) Error() string {
	return fmt.Sprintf("the data is of format %d and this program knows up to %d: use a newer valueweb; the file is left as it is", e.format, Format)
}
