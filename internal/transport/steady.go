package transport

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"time"
)

// steadyWriter hands out a connection that is to be kept for long: with small buffers, for there are many, and with a
// deadline on each write, so that a peer that takes nothing holds up nothing.
type steadyWriter struct {
	http.ResponseWriter
	stall time.Duration
	conn  net.Conn
}

// What is buffered of a connection, in bytes. Clients say little; and what they are told is not written through a
// buffer but for frames of control, which fit as a whole.
const (
	readBuffer  = 128
	writeBuffer = 160
)

// Hijack takes the connection over from the server.
func (w *steadyWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, taken, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	ahead, err := taken.Reader.Peek(taken.Reader.Buffered())
	if err != nil {
		return nil, nil, err
	}
	ahead = bytes.Clone(ahead)
	steady := &steadyConn{Conn: conn, stall: w.stall}
	w.conn = steady
	reader := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(ahead), steady), max(readBuffer, len(ahead)))
	if _, err := reader.Peek(len(ahead)); err != nil { // what the client sent ahead stays in the buffer
		return nil, nil, err
	}
	return steady, bufio.NewReadWriter(reader, bufio.NewWriterSize(steady, writeBuffer)), nil
}

// steadyConn is a connection of which every write has a while.
type steadyConn struct {
	net.Conn
	stall time.Duration
}

func (c *steadyConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
