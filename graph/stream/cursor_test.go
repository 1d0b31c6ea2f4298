package stream

import (
	"encoding/base64"
	"hash/crc32"
	"strings"
	"testing"

	"valueweb/graph"
)

var acme = graph.Viewer{Role: graph.RolePartner, Organisation: "acme"}

func TestACursorIsOfItsViewerAndItsDeployment(t *testing.T) {
	own := bind("here", acme)
	for _, seq := range []int64{0, 1, 255, 1 << 40, 1<<63 - 1} {
		text := own.cursor(seq)
		if got, err := own.seq(text); got != seq || err != nil {
			t.Errorf("%d comes back as %d, %v", seq, got, err)
		}
		if strings.ContainsAny(text, "+/= ") || text == beginning {
			t.Errorf("the cursor %q cannot stand in an address", text)
		}
		same := acme
		same.Subject, same.Key = "alice", "KEY"
		if got, err := bind("here", same).seq(text); got != seq || err != nil {
			t.Errorf("whoever asks for the same organisation is refused %d: %v", seq, err)
		}
		for name, other := range map[string]binding{
			"another deployment":    bind("there", acme),
			"another viewer":        bind("here", graph.Viewer{Role: graph.RolePartner, Organisation: "bolt"}),
			"is of another viewer":  bind("here", graph.Viewer{Role: graph.RoleCustomer, Organisation: "acme"}),
			"of another viewer: ea": bind("here", graph.Operator),
		} {
			if _, err := other.seq(text); !refusedAs(err, graph.CodeValidation, name) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	// What is joined of several texts says where one ends.
	if markOf("ab", "c") == markOf("a", "bc") {
		t.Error("two bindings have one mark")
	}
}

func TestACursorIsWrittenWithoutAllocating(t *testing.T) {
	own := bind("here", acme)
	var raw [cursorBytes]byte
	text := own.place(1 << 40)
	if _, err := base64.RawURLEncoding.Decode(raw[:], text[:]); err != nil {
		t.Fatal(err)
	}
	if got, want := checksum(&raw), crc32.ChecksumIEEE(raw[:cursorBody]); got != want { // those that clients have go on
		t.Errorf("the checksum is %x, CRC-32 %x", got, want)
	}
	if n := testing.AllocsPerRun(100, func() { text = own.place(7) }); n != 0 {
		t.Errorf("it allocates %v times", n)
	}
}

func refusedAs(err error, code graph.Code, sentence string) bool {
	failure, ok := graph.AsError(err)
	return ok && failure.Code == code && failure.Field == "after" && strings.Contains(failure.Message, sentence)
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	own := bind("here", acme)
	right := own.cursor(7)
	wrong := []string{" ", "1", "00", "-1", "null", right + "A", right[1:], strings.ToLower(right), strings.Repeat("A", 32), strings.Repeat("é", 16), right[:31] + "=", strings.Repeat("A", 1<<16)}
	for i := range right {
		changed := []byte(right)
		if changed[i]++; changed[i] == '[' || changed[i] == '{' || changed[i] == ':' {
			changed[i] = 'A'
		}
		wrong = append(wrong, string(changed))
	}
	for _, text := range wrong {
		if seq, err := own.seq(text); !refusedAs(err, graph.CodeValidation, "no cursor") {
			t.Errorf("%.40q is read as %d, %v", text, seq, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	own := bind("here", acme)
	f.Add("")
	f.Add(own.cursor(7))
	f.Add(bind("there", acme).cursor(7))
	f.Fuzz(func(t *testing.T, text string) {
		seq, err := own.seq(text)
		if err != nil {
			if failure, ok := graph.AsError(err); !ok || failure.Code != graph.CodeValidation || failure.Field != "after" {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if seq < 0 || own.cursor(seq) != text {
			t.Errorf("%q is read as %d, which is written as %q", text, seq, own.cursor(seq))
		}
	})
}
