package stream

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"valueweb/graph"
)

// A cursor is a place in the log, of one viewer and one deployment: 24 bytes as base64url without padding.
//
//	0      the version of this layout
//	1..8   the seq up to which the reader has come, big-endian
//	9..13  the mark of the deployment
//	14..18 the mark of the viewer in the deployment
//	19..23 a checksum of all that: the version again, then CRC-32
//
// It is no secret: whoever makes one up names a place in the log, of which it is told what it may read.
const (
	cursorVersion = 1
	cursorBytes   = 24
	cursorBody    = 19
)

// beginning is the cursor of everything that is kept.
const beginning = "0"

type mark [5]byte

// binding is what binds the cursors of a viewer.
type binding struct{ deployment, viewer mark }

func markOf(texts ...string) mark {
	hash := sha256.New()
	for _, text := range texts {
		hash.Write(binary.BigEndian.AppendUint32(nil, uint32(len(text))))
		hash.Write([]byte(text))
	}
	return mark(hash.Sum(nil)[:len(mark{})])
}

// bind makes the binding of a viewer: of everybody who asks for the same organisation in the same role.
func bind(deployment string, v graph.Viewer) binding {
	return binding{markOf(deployment), markOf(deployment, string(v.Role), v.Organisation)}
}

// Cursor is the text of a cursor, every one as long as any other; the zero value is none. A stream writes one a
// message, which allocates nothing.
type Cursor [cursorBytes / 3 * 4]byte

// String is the text; empty where there is none.
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	return string(c[:])
}

// cursor is the text of a cursor.
func (b binding) cursor(seq int64) string { return b.place(seq).String() }

// place is the cursor of a reader that has come up to a seq.
func (b binding) place(seq int64) (text Cursor) {
	var raw [cursorBytes]byte
	raw[0], raw[cursorBody] = cursorVersion, cursorVersion
	binary.BigEndian.PutUint64(raw[1:], uint64(seq))
	copy(raw[9:], b.deployment[:])
	copy(raw[14:], b.viewer[:])
	binary.BigEndian.PutUint32(raw[cursorBody+1:], checksum(&raw))
	base64.RawURLEncoding.Encode(text[:], raw[:])
	return text
}

const fieldAfter = "after"

// seq is up to where a cursor has come. One that is none, or of another deployment or viewer, is VALIDATION.
func (b binding) seq(text string) (int64, error) {
	var raw [cursorBytes]byte
	if base64.RawURLEncoding.DecodedLen(len(text)) != cursorBytes {
		return 0, graph.Invalid(fieldAfter, "this is no cursor: pass on the one of a message or of a page, or 0 for everything that is kept")
	}
	if _, err := base64.RawURLEncoding.Strict().Decode(raw[:], []byte(text)); err != nil || !sound(raw) {
		return 0, graph.Invalid(fieldAfter, "this is no cursor: pass on the one of a message or of a page, or 0 for everything that is kept")
	}
	seq := int64(binary.BigEndian.Uint64(raw[1:]))
	switch {
	case mark(raw[9:14]) != b.deployment:
		return 0, graph.Invalid(fieldAfter, "this cursor is of another deployment, whose log is not this one: read the records anew, and go on without it")
	case mark(raw[14:19]) != b.viewer:
		return 0, graph.Invalid(fieldAfter, "this cursor is of another viewer: each goes on from its own")
	}
	return seq, nil
}

func sound(raw [cursorBytes]byte) bool {
	return raw[0] == cursorVersion && raw[1] < 0x80 && raw[cursorBody] == cursorVersion &&
		binary.BigEndian.Uint32(raw[cursorBody+1:]) == checksum(&raw)
}

// checksum is the CRC-32 of the body of a cursor. The package has it as well, but for slices, which it has moved to the
// heap.
func checksum(raw *[cursorBytes]byte) uint32 {
	crc := ^uint32(0)
	for _, b := range raw[:cursorBody] {
		crc = crc32.IEEETable[byte(crc)^b] ^ crc>>8
	}
	return ^crc
}
