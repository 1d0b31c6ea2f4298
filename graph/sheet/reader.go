package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxRecord bounds the bytes of one record, and so the memory of a reader.
const maxRecord = 1 << 20

// record is one record of a file, or what could be made out of a broken one.
type record struct {
	number int // the header is record 1
	line   int // on which it starts
	cells  []string
	fault  string // why the record could not be read; cells then holds its first line
	empty  bool   // no cell holds anything
}

// reader cuts a stream into records and lets encoding/csv split them into cells.
//
// The cutting is done here, because a quote that is never closed would otherwise swallow the rest of the
// file: a record that is broken, or longer than maxRecord, costs its first line only, and reading goes on
// with the next one.
type reader struct {
	source   io.Reader
	buf      []byte
	started  bool
	pos, end int // what is read and not yet used
	readErr  error
	line     int // number of the line at pos
	number   int
	feed     feed
	csv      *csv.Reader
	fed      int64
}

func newReader(source io.Reader) *reader {
	r := &reader{source: source, buf: make([]byte, 64<<10), line: 1}
	r.resetCSV()
	return r
}

// next returns the next record, io.EOF after the last one, or the error of the stream.
func (r *reader) next() (record, error) {
	r.skipMark()
	span, err := r.span()
	if err != nil {
		return record{}, err
	}
	r.number++
	rec := record{number: r.number, line: r.line}
	switch {
	case span.fault != "":
		rec.fault = span.fault
		rec.cells = firstCell(r.buf[r.pos : r.pos+span.length])
	case blank(r.buf[r.pos : r.pos+span.length]):
		rec.empty = true
	default:
		rec.cells, rec.fault = r.split(r.buf[r.pos : r.pos+span.length])
		rec.empty = !slices.ContainsFunc(rec.cells, func(c string) bool { return strings.TrimSpace(c) != "" })
	}
	r.use(span)
	if span.discard {
		err = r.discardLine()
	}
	return rec, err
}

// byteOrderMark may stand before the header.
var byteOrderMark = []byte("\ufeff")

func (r *reader) skipMark() {
	if r.started {
		return
	}
	r.started = true
	for r.end < len(byteOrderMark) && r.readErr == nil {
		r.fill()
	}
	if bytes.HasPrefix(r.buf[:r.end], byteOrderMark) {
		r.pos = len(byteOrderMark)
	}
}

// use moves behind a span.
func (r *reader) use(s span) {
	r.line += bytes.Count(r.buf[r.pos:r.pos+s.length], []byte{'\n'})
	r.pos += s.length
}

// span is the extent of a record in the buffer.
type span struct {
	length  int
	fault   string
	discard bool // the line is longer than a record may be: the rest of it is still to be skipped
}

// The faults of a record.
const (
	faultBareQuote = `a quote (") stands inside a cell that does not start with one: put the cell in quotes and write the quote twice`
	faultAfter     = `a quote (") is followed by text: inside a quoted cell it is written twice`
	faultOpen      = `a quote (") opens here and is never closed; only this line is left out`
)

var faultLong = fmt.Sprintf("the record is longer than %d bytes", maxRecord)

// span finds the record that starts at pos.
func (r *reader) span() (span, error) {
	scan := scanner{fieldStart: true}
	at := 0
	for {
		if length, done := scan.run(r.buf[r.pos:r.end], &at); done {
			if scan.fault != "" {
				return r.firstLine(scan.fault), nil
			}
			return span{length: length}, nil
		}
		switch {
		case r.end-r.pos > maxRecord && scan.quoted:
			return r.firstLine(faultOpen), nil
		case r.end-r.pos > maxRecord:
			return r.firstLine(faultLong), nil
		case r.readErr == nil:
			r.fill()
		case !errors.Is(r.readErr, io.EOF):
			return span{}, r.readErr
		case r.end == r.pos:
			return span{}, io.EOF
		case scan.quoted:
			return r.firstLine(faultOpen), nil
		default:
			return span{length: r.end - r.pos}, nil
		}
	}
}

// firstLine is the extent of the first line of a broken record.
func (r *reader) firstLine(fault string) span {
	if i := bytes.IndexByte(r.buf[r.pos:r.end], '\n'); i >= 0 {
		return span{length: i + 1, fault: fault}
	}
	return span{length: r.end - r.pos, fault: fault, discard: r.readErr == nil}
}

// discardLine skips what is left of a line that does not fit into the buffer.
func (r *reader) discardLine() error {
	for {
		if i := bytes.IndexByte(r.buf[r.pos:r.end], '\n'); i >= 0 {
			r.pos += i + 1
			r.line++
			return nil
		}
		r.pos = r.end
		if r.readErr != nil {
			return nil // the next call tells
		}
		r.fill()
	}
}

// fill reads more, after making room for it.
func (r *reader) fill() {
	if r.pos > 0 {
		r.end = copy(r.buf, r.buf[r.pos:r.end])
		r.pos = 0
	}
	if r.end == len(r.buf) {
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	}
	for range 100 { // as bufio does, against readers that never read
		var n int
		n, r.readErr = r.source.Read(r.buf[r.end:])
		r.end += n
		if n > 0 || r.readErr != nil {
			return
		}
	}
	r.readErr = io.ErrNoProgress
}

// scanner follows the quotes of a record, to find its end.
type scanner struct {
	fieldStart, quoted, closing bool
	fault                       string
}

// run goes on from *at and returns the length of the record once its end, or a fault, is found.
func (s *scanner) run(text []byte, at *int) (length int, done bool) {
	for ; *at < len(text); *at++ {
		c := text[*at]
		switch {
		case s.quoted:
			if c != '"' {
				*at += skipTo(text[*at:], '"') - 1
				continue
			}
			s.quoted, s.closing = false, true
		case s.closing:
			switch {
			case c == '"':
				s.quoted, s.closing = true, false
			case c == ',':
				s.fieldStart, s.closing = true, false
			case c == '\n':
				return *at + 1, true
			case c == '\r' && *at+1 == len(text):
				return 0, false // what follows decides
			case c == '\r' && text[*at+1] == '\n':
			default:
				s.fault = faultAfter
				return 0, true
			}
		case c == '\n':
			return *at + 1, true
		case c == ',':
			s.fieldStart = true
		case c == '"' && s.fieldStart:
			s.quoted, s.fieldStart = true, false
		case c == '"':
			s.fault = faultBareQuote
			return 0, true
		default:
			s.fieldStart = false
		}
	}
	return 0, false
}

// skipTo is the number of bytes before c, all of them where there is none.
func skipTo(text []byte, c byte) int {
	if i := bytes.IndexByte(text, c); i >= 0 {
		return i
	}
	return len(text)
}

// feed hands encoding/csv one record at a time.
type feed struct{ rest []byte }

func (f *feed) Read(p []byte) (int, error) {
	if len(f.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func (r *reader) resetCSV() {
	r.csv = csv.NewReader(&r.feed)
	r.csv.FieldsPerRecord = -1
	r.fed = 0
}

// split splits one record into cells.
func (r *reader) split(text []byte) (cells []string, fault string) {
	if text[len(text)-1] != '\n' {
		text = append(bytes.Clone(text), '\n')
	}
	r.feed.rest = text
	r.fed += int64(len(text))
	cells, err := r.csv.Read()
	if err == nil && r.csv.InputOffset() == r.fed {
		return cells, ""
	}
	r.feed.rest = nil
	r.resetCSV()
	fault = "the record cannot be split into cells"
	if err != nil {
		fault = err.Error()
	}
	return firstCell(text), fault
}

// firstCell is what is shown of a record that could not be split.
func firstCell(line []byte) []string { return []string{string(bytes.TrimRight(line, "\r\n"))} }

// blank reports whether a record holds nothing but commas and blanks.
func blank(text []byte) bool {
	return len(bytes.Trim(text, ", \t\r\n")) == 0
}
