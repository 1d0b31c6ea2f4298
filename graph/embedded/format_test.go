package embedded

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"valueweb/graph"
)

// earlier makes a data file one of an earlier format, which kept less.
func earlier(format uint32) func(tx *bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		names := [][]byte{receiptsBucket, ticketsBucket}
		if format < administered {
			names = append(names, accessesBucket, usesBucket, []byte(graph.KindAPIKey))
		}
		for _, name := range names {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(metaBucket)
		return errors.Join(meta.Delete(deploymentKey), meta.Put(formatKey, binary.BigEndian.AppendUint32(nil, format)))
	}
}

func TestADataFileOfAnEarlierFormatIsBroughtUpToThePresentOne(t *testing.T) {
	dir, _ := filled(t)
	for format := uint32(1); format < Format; format++ {
		t.Run(fmt.Sprint(format), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), dataFile)
			write(t, path, edited(t, dir, earlier(format)))
			names := map[string]bool{}
			for range 2 {
				store := opened(t, filepath.Dir(path))
				status, err := store.Status(t.Context(), graph.Operator)
				if err != nil || status.Format != Format || status.Counts[graph.KindPartner] == 0 {
					t.Errorf("the status is %+v %v", status, err)
				}
				if err := store.Note(t.Context(), graph.Notes{Uses: map[string]time.Time{"key": time.Now()}}); err != nil {
					t.Errorf("a file of an earlier format takes no notes: %v", err)
				}
				if err := store.Issue(t.Context(), graph.Ticket{Digest: "one", Viewer: graph.Operator, Until: time.Now().Add(time.Hour)}); err != nil {
					t.Errorf("a file of an earlier format takes no tickets: %v", err)
				}
				name, err := store.Deployment(t.Context())
				if names[name] = true; err != nil || name == "" {
					t.Errorf("the deployment is called %q (%v)", name, err)
				}
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if len(names) != 1 {
				t.Errorf("one deployment has the names %v", names)
			}
		})
	}
}

func TestADamagedDataFileOfAnEarlierFormatIsLeftAsItIs(t *testing.T) {
	dir, _ := filled(t)
	for format := uint32(1); format < Format; format++ {
		refused(t, edited(t, dir, func(tx *bolt.Tx) error {
			return errors.Join(earlier(format)(tx), tx.DeleteBucket([]byte(graph.KindOffice)))
		}))
	}
}

func TestADataFileThatSaysThatItIsOfAnEarlierFormatThanItIsIsRefused(t *testing.T) {
	dir, _ := filled(t)
	for format := uint32(0); format < Format; format++ {
		refused(t, edited(t, dir, func(tx *bolt.Tx) error {
			return tx.Bucket(metaBucket).Put(formatKey, binary.BigEndian.AppendUint32(nil, format))
		}))
	}
}

// history makes a data file with a log of events an hour apart, of which the first are let go of, a receipt of each
// change, and two tickets.
func history(t *testing.T, events, forgotten int) (dir string, clock func() time.Time) {
	t.Helper()
	dir = t.TempDir()
	start := time.Now().UTC().Truncate(time.Millisecond)
	now := start
	clock = func() time.Time { return now }
	store, err := Open(t.Context(), dir, Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		if _, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
			id := fmt.Sprint(i)
			_, err := tx.Put(ctx, []graph.Node{&graph.Region{Meta: graph.Meta{ID: id}, Name: id}})
			return errors.Join(err, tx.Keep(ctx, graph.Receipt{Key: id, Node: "Region:" + id}), tx.Log(ctx, graph.Event{Type: "a"}))
		}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	for i := range 2 {
		if err := store.Issue(t.Context(), graph.Ticket{Digest: fmt.Sprint(i), Viewer: graph.Operator, Until: now.Add(graph.TicketLifetime)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(store.Forget(t.Context(), graph.Operator, start.Add(time.Duration(forgotten)*time.Hour)), store.Close()); err != nil {
		t.Fatal(err)
	}
	return dir, clock
}

func TestALogThatLetGoOfItsBeginningReceiptsAndTicketsAreThereWhenTheFileIsOpenedAgain(t *testing.T) {
	const events = 2*forgetAtOnce + 10
	for _, forgotten := range []int{0, 1, forgetAtOnce + 5, events} {
		t.Run(fmt.Sprint(forgotten), func(t *testing.T) {
			dir, clock := history(t, events/100, forgotten/100)
			store, err := Open(t.Context(), dir, Options{Clock: clock})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			oldest, err := store.Oldest(t.Context())
			if want := int64(forgotten/100) + 1; err != nil || oldest != want {
				t.Errorf("the oldest event is %d, not %d (%v)", oldest, want, err)
			}
			kept, err := store.Events(t.Context(), graph.Operator, 0, events)
			if err != nil || len(kept) != events/100-forgotten/100 {
				t.Errorf("%d events are kept (%v)", len(kept), err)
			}
			if seq, err := region(store, "DE"); err != nil || seq != events/100+1 {
				t.Errorf("the next event has the seq %d (%v)", seq, err)
			}
			if err := store.Rehearse(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
				receipt, err := tx.Receipt(ctx, "7")
				if receipt == nil || receipt.Node != "Region:7" || receipt.Seq != 8 {
					t.Errorf("the receipt is %+v", receipt)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
			for _, left := range []bool{true, false} {
				if ticket, err := store.Redeem(t.Context(), "1"); (ticket != nil) != left || err != nil {
					t.Errorf("the ticket is %+v (%v)", ticket, err)
				}
			}
		})
	}
}

func TestALogThatLostMoreThanItLetGoOfIsRefused(t *testing.T) {
	dir, _ := history(t, 20, 5)
	for name, edit := range map[string]func(tx *bolt.Tx) error{
		"Another beginning":        func(tx *bolt.Tx) error { return tx.Bucket(logBucket).Delete(seqKey(6)) },
		"Another end":              func(tx *bolt.Tx) error { return tx.Bucket(logBucket).Delete(seqKey(20)) },
		"No word of its beginning": func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Delete(forgottenKey) },
		"A damaged word of it":     func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Put(forgottenKey, []byte("damaged")) },
		"A damaged name":           func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Put(deploymentKey, []byte("damaged")) },
		"Nothing at all": func(tx *bolt.Tx) error {
			for seq := int64(6); seq <= 20; seq++ {
				if err := tx.Bucket(logBucket).Delete(seqKey(seq)); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) { refused(t, edited(t, dir, edit)) })
	}
}

func TestMoreThanOneTransactionLetsGoOfIsLetGoOfInSeveral(t *testing.T) {
	store := Memory(Options{})
	const events = forgetAtOnce*2 + 1
	if _, err := store.Write(t.Context(), graph.Operator, func(ctx context.Context, tx graph.Tx) error {
		for range events {
			if err := tx.Log(ctx, graph.Event{Type: "a"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := store.Forget(t.Context(), graph.Operator, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if oldest, err := store.Oldest(t.Context()); oldest != events+1 || err != nil {
		t.Errorf("the oldest event is %d (%v)", oldest, err)
	}
}
