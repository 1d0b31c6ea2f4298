package embedded

import (
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
)

// earlier makes a data file one of the first format, which kept neither API keys nor notes.
func earlier(tx *bolt.Tx) error {
	for _, name := range [][]byte{accessesBucket, usesBucket, []byte(graph.KindAPIKey)} {
		if err := tx.DeleteBucket(name); err != nil {
			return err
		}
	}
	return tx.Bucket(metaBucket).Put(formatKey, binary.BigEndian.AppendUint32(nil, 1))
}

func TestADataFileOfTheFirstFormatIsBroughtUpToThePresentOne(t *testing.T) {
	dir, _ := filled(t)
	path := filepath.Join(t.TempDir(), dataFile)
	write(t, path, edited(t, dir, earlier))
	for range 2 {
		store := opened(t, filepath.Dir(path))
		status, err := store.Status(t.Context(), graph.Operator)
		if err != nil || status.Format != Format || status.Counts[graph.KindPartner] == 0 {
			t.Errorf("the status is %+v %v", status, err)
		}
		if err := store.Note(t.Context(), graph.Notes{Uses: map[string]time.Time{"key": time.Now()}}); err != nil {
			t.Errorf("a file of the first format takes no notes: %v", err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADamagedDataFileOfTheFirstFormatIsLeftAsItIs(t *testing.T) {
	dir, _ := filled(t)
	refused(t, edited(t, dir, func(tx *bolt.Tx) error {
		return errors.Join(earlier(tx), tx.DeleteBucket([]byte(graph.KindOffice)))
	}))
}
