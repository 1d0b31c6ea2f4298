package embedded

import (
	"sync"

	"github.com/tidwall/btree"
	bolt "go.etcd.io/bbolt"
)

// shelves are what is kept beside the graph: who was handed out customers, by the key of the access; when API keys
// were last used, by id; what came of creations, and tickets, until they are over.
type shelves struct {
	accesses, uses    shelf
	receipts, tickets passing
}

// shelf is records in the order of their keys.
type shelf interface {
	get(key string) []byte // nil: there is none
	put(key string, record []byte) error
	remove(key string) error
	// scan calls yield from a key on upwards, until it returns false.
	scan(from string, yield func(key string, record []byte) bool)
}

// keptShelves are shelves in memory.
type keptShelves struct {
	mu                                sync.Mutex
	accesses, uses, receipts, tickets keptShelf
}

func (k *keptShelves) use(fn func(shelves) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return fn(shelves{&k.accesses, &k.uses, passing{&k.receipts}, passing{&k.tickets}})
}

type keptShelf struct{ btree.Map[string, []byte] }

func (k *keptShelf) get(key string) []byte {
	record, _ := k.Get(key)
	return record
}

func (k *keptShelf) put(key string, record []byte) error {
	k.Set(key, record)
	return nil
}

func (k *keptShelf) remove(key string) error {
	k.Delete(key)
	return nil
}

func (k *keptShelf) scan(from string, yield func(string, []byte) bool) { k.Ascend(from, yield) }

// beside implements journal.
func (d *disk) beside(write bool, fn func(shelves) error) error {
	use := func(t *bolt.Tx) error { return fn(shelvesOf(t)) }
	if write {
		return d.db.Update(use)
	}
	return d.db.View(use)
}

// shelvesOf are the shelves in a file.
func shelvesOf(t *bolt.Tx) shelves {
	of := func(name []byte) filedShelf { return filedShelf{t.Bucket(name)} }
	return shelves{of(accessesBucket), of(usesBucket), passing{of(receiptsBucket)}, passing{of(ticketsBucket)}}
}

// filedShelf is a shelf in a bucket of the file.
type filedShelf struct{ bucket *bolt.Bucket }

func (f filedShelf) get(key string) []byte { return f.bucket.Get([]byte(key)) }

func (f filedShelf) put(key string, record []byte) error { return f.bucket.Put([]byte(key), record) }

func (f filedShelf) remove(key string) error { return f.bucket.Delete([]byte(key)) }

func (f filedShelf) scan(from string, yield func(string, []byte) bool) {
	c := f.bucket.Cursor()
	for key, record := c.Seek([]byte(from)); key != nil && yield(string(key), record); key, record = c.Next() {
	}
}
