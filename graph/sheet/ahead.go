package sheet

import (
	"fmt"
	"sync"
)

// blockSize is the number of records that are handed over at a time, and ahead how many blocks of them may
// wait for the store.
const (
	blockSize   = 512
	blocksAhead = 4
)

// parsed is a record and what became of it: a row, or what is wrong.
type parsed struct {
	record
	row   *row
	found findings
}

// block is records that follow each other. The last block of a file has an error, io.EOF at its end.
type block struct {
	records []parsed
	read    int64 // bytes of the stream, up to the last record or a little further
	err     error
}

// ahead reads and parses records while the store is busy with those before them.
type ahead struct {
	blocks chan block
	enough chan struct{}
	done   sync.WaitGroup
}

// readAhead starts to read the rows of a file. Until stop is called nobody else may use its records.
func (l *loader) readAhead() *ahead {
	a := &ahead{blocks: make(chan block, blocksAhead), enough: make(chan struct{})}
	a.done.Go(func() {
		defer close(a.blocks)
		for {
			b := l.block()
			select {
			case a.blocks <- b:
			case <-a.enough:
				return
			}
			if b.err != nil {
				return
			}
		}
	})
	return a
}

// stop ends the reading and waits for it.
func (a *ahead) stop() {
	close(a.enough)
	a.done.Wait()
}

// block reads the next records, up to an error.
func (l *loader) block() block {
	b := block{records: make([]parsed, 0, blockSize)}
	for size := 0; len(b.records) < blockSize && size < maxRecord; {
		rec, err := l.file.records.next()
		if err != nil {
			b.err = err
			break
		}
		size += rec.size()
		b.records = append(b.records, l.parse(rec))
	}
	b.read = l.file.read
	return b
}

// parse turns a record into a row, or says what is wrong with it.
func (l *loader) parse(rec record) parsed {
	p := parsed{record: rec}
	switch want := len(l.file.header); {
	case rec.empty:
	case rec.fault != "":
		p.found.fail("", rec.cells[0], rec.fault)
	case len(rec.cells) != want:
		p.found.fail("", "", fmt.Sprintf("%s, %d expected", plural(len(rec.cells), "field"), want))
	default:
		p.row, p.found = l.table.parse(l.binding, rec)
	}
	return p
}
