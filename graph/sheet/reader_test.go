package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// read writes every record as "number@line cell|cell", "number@line empty" or "number@line ! fault".
func read(t *testing.T, source io.Reader) []string {
	t.Helper()
	r := newReader(source)
	var out []string
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			return append(out, "error: "+err.Error())
		}
		at := fmt.Sprintf("%d@%d ", rec.number, rec.line)
		switch {
		case rec.fault != "":
			out = append(out, at+"! "+rec.fault)
		case rec.empty:
			out = append(out, at+"empty")
		default:
			out = append(out, at+strings.Join(rec.cells, "|"))
		}
	}
}

func TestRecordsAreCutOutOfAStream(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"lines end with LF, CRLF or the file", "a,b\n1,2\r\n3,4", "1@1 a|b; 2@2 1|2; 3@3 3|4"},
		{"a byte order mark is no part of the header", "\ufeffa,b\n", "1@1 a|b"},
		{"a byte order mark may stand before a quote", "\ufeff\"a\",b\n", "1@1 a|b"},
		{"a quoted cell holds commas, quotes and line breaks", "a\n\"x,\"\"y\"\"\r\nz\"\nb\n", "1@1 a; 2@2 x,\"y\"\nz; 3@4 b"},
		{"records without anything in them are empty", "a,b\n,\n\n \t,\r\n\"\",\"\"\n1,2\n", "1@1 a|b; 2@2 empty; 3@3 empty; 4@4 empty; 5@5 empty; 6@6 1|2"},
		{"a bare quote costs its line", "a\n5\" disk\nb\n", "1@1 a; 2@2 ! " + faultBareQuote + "; 3@3 b"},
		{"text behind a quote costs its line", "a\n\"x\"y\nb\n", "1@1 a; 2@2 ! " + faultAfter + "; 3@3 b"},
		{"a quote that is never closed costs its line", "a\n1,\"x\nb\nc\n", "1@1 a; 2@2 ! " + faultOpen + "; 3@3 b; 4@4 c"},
		{"a quote that the next quoted cell seems to close costs its line", "a\n\"x\nb\n\"y\"\n", "1@1 a; 2@2 ! " + faultAfter + "; 3@3 b; 4@4 y"},
		{"an empty file has no record", "", ""},
		{"a lone carriage return is text", "a\rb\n", "1@1 a\rb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, source := range map[string]io.Reader{
				"at once": strings.NewReader(c.text), "byte by byte": iotest.OneByteReader(strings.NewReader(c.text)),
			} {
				if got := strings.Join(read(t, source), "; "); got != c.want {
					t.Errorf("read %s:\n%q, want\n%q", name, got, c.want)
				}
			}
		})
	}
}

func TestARecordThatIsTooLongCostsItsFirstLineAndNoMemory(t *testing.T) {
	long := strings.Repeat("x", 5*maxRecord)
	open := "\"" + strings.Repeat("y\n", maxRecord)
	source := strings.NewReader("a\n" + long + "\nb\n" + open + "c\n")
	r := newReader(source)
	var faults []string
	rows := 0
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.fault != "" {
			faults = append(faults, fmt.Sprintf("%d@%d %s", rec.number, rec.line, rec.fault))
		}
		rows++
	}
	if want := []string{"2@2 " + faultLong, "4@4 " + faultOpen}; strings.Join(faults, ";") != strings.Join(want, ";") {
		t.Errorf("faults %q, want %q", faults, want)
	}
	if want := 5 + maxRecord - 1; rows != want {
		t.Errorf("%d records, want %d", rows, want)
	}
	if len(r.buf) > 4*maxRecord {
		t.Errorf("the buffer grew to %d bytes", len(r.buf))
	}
}

func TestABrokenStreamIsAnErrorAfterTheRecordsBeforeIt(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("a\nb\nc"), iotest.ErrReader(errors.New("the line is dead")))
	if got := strings.Join(read(t, broken), "; "); got != "1@1 a; 2@2 b; error: the line is dead" {
		t.Error(got)
	}
}
