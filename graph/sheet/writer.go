package sheet

import (
	"bufio"
	"io"
	"strings"
)

// recordWriter writes RFC 4180. It is not encoding/csv's, which with the line ends of the RFC drops carriage
// returns from cells.
type recordWriter struct{ out *bufio.Writer }

func newRecordWriter(w io.Writer) *recordWriter { return &recordWriter{bufio.NewWriterSize(w, 64<<10)} }

func (w *recordWriter) write(cells []string) error {
	for i, text := range cells {
		if i > 0 {
			w.out.WriteByte(',')
		}
		w.cell(text)
	}
	_, err := w.out.WriteString("\r\n") // a failure before stays
	return err
}

func (w *recordWriter) cell(text string) {
	if !strings.ContainsAny(text, "\",\r\n") {
		w.out.WriteString(text)
		return
	}
	w.out.WriteByte('"')
	w.out.WriteString(strings.ReplaceAll(text, `"`, `""`))
	w.out.WriteByte('"')
}

func (w *recordWriter) flush() error { return w.out.Flush() }

// recordSize is about the bytes of a record: never less than they are.
func recordSize(cells []string) int {
	size := 2
	for _, text := range cells {
		size += len(text) + strings.Count(text, `"`) + 3
	}
	return size
}
