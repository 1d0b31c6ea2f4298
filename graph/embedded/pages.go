package embedded

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"os"
)

// The layout of a bbolt file: pages of one size, each behind a header; heads in the first two; trees of
// branches and leaves, whose elements are of one size; and the list of free pages.
const (
	pageHeader, elementSize  = 16, 16
	headSize, headSummed     = 64, 56 // the checksum comes last
	branchPage, leafPage     = 0x01, 0x02
	freePage, manyFree       = 0x10, 0xffff // so many free pages that their number stands before them
	bucketLeaf, bucketHeader = 1, 16
)

// pages checks the structure of a data file. bbolt trusts its file: a changed byte in a page makes it
// panic, recurse without end, lose a part or write over one, when it opens the file or any time later.
type pages struct {
	file *os.File
	size uint64   // of a page
	end  uint64   // the number of pages in use
	seen []bool   // by page
	read [][]byte // a page at each depth
}

// checkPages reads every page of a data file once and refuses one that is cut off or damaged. What the
// records say is checked by their own checksums.
func checkPages(path string, pageSize int) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	p := &pages{file: file, size: uint64(pageSize)}
	head, err := p.head()
	if err != nil {
		return err
	}
	root, free := word(head[16:]), word(head[32:])
	p.end = word(head[40:])
	if size := uint64(info.Size()); p.end > size/p.size {
		return fmt.Errorf("it is cut off: %d bytes of %d pages are there", size, p.end)
	}
	p.seen = make([]bool, p.end)
	if err := p.tree(0, root, nil, nil); err != nil {
		return err
	}
	if err := p.free(free); err != nil {
		return err
	}
	for id := uint64(2); id < p.end; id++ {
		if !p.seen[id] {
			return fmt.Errorf("page %d belongs to nothing", id)
		}
	}
	return nil
}

// head returns the newer one of the two heads. Both must be whole: bbolt alone would go back to the other
// one, and so silently to the state before the last change. A head is smaller than a sector of a disk and
// so is never written in half.
func (p *pages) head() ([]byte, error) {
	var newest []byte
	for n := range 2 {
		head := make([]byte, headSize)
		if _, err := p.file.ReadAt(head, int64(n)*int64(p.size)+pageHeader); err != nil {
			return nil, fmt.Errorf("head %d: %w", n, err)
		}
		sum := fnv.New64a()
		sum.Write(head[:headSummed])
		if sum.Sum64() != word(head[headSummed:]) {
			return nil, fmt.Errorf("head %d: %w", n, errDamaged)
		}
		if newest == nil || word(head[48:]) > word(newest[48:]) {
			newest = head
		}
	}
	return newest, nil
}

// load reads a page with those that it runs over, which nothing else may use.
func (p *pages) load(depth int, id uint64) ([]byte, error) {
	header := make([]byte, pageHeader)
	if id < 2 || id >= p.end {
		return nil, fmt.Errorf("a page %d of %d is named", id, p.end)
	}
	if _, err := p.file.ReadAt(header, int64(id*p.size)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	more := uint64(half(header[12:]))
	if word(header) != id || id+more >= p.end {
		return nil, fmt.Errorf("page %d: %w", id, errDamaged)
	}
	for n := id; n <= id+more; n++ {
		if err := p.take(n); err != nil {
			return nil, err
		}
	}
	for len(p.read) <= depth {
		p.read = append(p.read, nil)
	}
	size := (1 + more) * p.size
	if uint64(cap(p.read[depth])) < size {
		p.read[depth] = make([]byte, size)
	}
	page := p.read[depth][:size]
	if _, err := p.file.ReadAt(page, int64(id*p.size)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	return page, nil
}

// take notes that a page is in use, or free.
func (p *pages) take(id uint64) error {
	if id < 2 || id >= p.end || p.seen[id] {
		return fmt.Errorf("page %d is named twice", id)
	}
	p.seen[id] = true
	return nil
}

// tree checks a page and what is below it: its keys lie in low <= key < high, nil for no bound.
func (p *pages) tree(depth int, id uint64, low, high []byte) error {
	page, err := p.load(depth, id)
	if err != nil {
		return err
	}
	if err := p.elements(depth, page, low, high); err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	return nil
}

// elements checks the elements of a branch or leaf: they lie within the page and their keys ascend.
func (p *pages) elements(depth int, page, low, high []byte) error {
	flags, count := quarter(page[8:]), int(quarter(page[10:]))
	first := pageHeader + count*elementSize
	if flags != branchPage && flags != leafPage || first > len(page) || flags == branchPage && count == 0 {
		return errDamaged
	}
	for i := range count {
		key, value, err := element(page, i, first)
		if err != nil {
			return err
		}
		if low != nil && bytes.Compare(key, low) < 0 || high != nil && bytes.Compare(key, high) >= 0 {
			return errDamaged
		}
		next := high
		if i+1 < count {
			if next, _, err = element(page, i+1, first); err != nil {
				return err
			}
			if bytes.Compare(key, next) >= 0 {
				return errDamaged
			}
		}
		at := pageHeader + i*elementSize
		switch {
		case flags == branchPage:
			err = p.tree(depth+1, word(page[at+8:]), key, next)
		case half(page[at:]) == bucketLeaf:
			err = p.bucket(depth, value)
		case half(page[at:]) != 0:
			err = errDamaged
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// element is the key of the element i of a page, and for a leaf its value. first is where keys can begin.
func element(page []byte, i, first int) (key, value []byte, err error) {
	at := pageHeader + i*elementSize
	var pos, keySize, valueSize uint64
	if quarter(page[8:]) == branchPage {
		pos, keySize = uint64(half(page[at:])), uint64(half(page[at+4:]))
	} else {
		pos, keySize, valueSize = uint64(half(page[at+4:])), uint64(half(page[at+8:])), uint64(half(page[at+12:]))
	}
	start := uint64(at) + pos
	if start < uint64(first) || start+keySize+valueSize > uint64(len(page)) {
		return nil, nil, errDamaged
	}
	return page[start : start+keySize], page[start+keySize : start+keySize+valueSize], nil
}

// bucket checks a tree within the tree: pages of its own, or a leaf within the value.
func (p *pages) bucket(depth int, value []byte) error {
	switch {
	case len(value) < bucketHeader:
		return errDamaged
	case word(value) != 0:
		return p.tree(depth+1, word(value), nil, nil)
	case len(value) < bucketHeader+pageHeader || quarter(value[bucketHeader+8:]) != leafPage:
		return errDamaged
	}
	return p.elements(depth, value[bucketHeader:], nil, nil)
}

// free checks the list of free pages: nothing uses them.
func (p *pages) free(id uint64) error {
	page, err := p.load(0, id)
	if err != nil {
		return err
	}
	list, count := page[pageHeader:], uint64(quarter(page[10:]))
	if count == manyFree {
		list, count = list[8:], word(list)
	}
	if quarter(page[8:]) != freePage || count > uint64(len(list)/8) {
		return fmt.Errorf("page %d: %w", id, errDamaged)
	}
	for i := range count {
		if err := p.take(word(list[8*i:])); err != nil {
			return err
		}
	}
	return nil
}

// Numbers stand in the order of the machine.
func word(b []byte) uint64    { return binary.NativeEndian.Uint64(b) }
func half(b []byte) uint32    { return binary.NativeEndian.Uint32(b) }
func quarter(b []byte) uint16 { return binary.NativeEndian.Uint16(b) }
