package embedded

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/fxamacker/cbor/v2"
)

// Records are CBOR with numbered fields, behind a CRC-32C, so that a damaged file is told from a whole one.
// Instants are text: as floating numbers they would not come back to the millisecond.
var (
	encoding = func() cbor.UserBufferEncMode {
		mode, err := cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.UserBufferEncMode()
		if err != nil {
			panic(err) // the options are constants
		}
		return mode
	}()
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	errDamaged = errors.New("the checksum does not match")
)

func encode(value any) ([]byte, error) {
	var to bytes.Buffer
	return encodeTo(&to, value)
}

// encodeTo appends a record to a buffer and returns it. The record stays as it is when more is appended.
func encodeTo(to *bytes.Buffer, value any) ([]byte, error) {
	start := to.Len()
	to.Write([]byte{0, 0, 0, 0})
	if err := encoding.MarshalToBuffer(value, to); err != nil {
		return nil, fmt.Errorf("encode %T: %w", value, err)
	}
	record := to.Bytes()[start:to.Len():to.Len()]
	binary.BigEndian.PutUint32(record, crc32.Checksum(record[4:], castagnoli))
	return record, nil
}

// intact reports whether a record is as it was written.
func intact(record []byte) bool {
	return len(record) >= 4 && binary.BigEndian.Uint32(record) == crc32.Checksum(record[4:], castagnoli)
}

func decode(record []byte, value any) error {
	if !intact(record) {
		return errDamaged
	}
	return cbor.Unmarshal(record[4:], value)
}
