package transport

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"sync"
	"time"
)

// steadyWriter hands out a connection that is to be kept for long: with small buffers, for there are many, and with a
// deadline on each write, so that a peer that takes nothing holds up nothing.
type steadyWriter struct {
	http.ResponseWriter
	stall time.Duration
	conn  *steadyConn // once it was handed out
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
	reader := bufio.NewReaderSize(nil, readBuffer)
	w.conn = &steadyConn{Conn: conn, stall: w.stall, reader: reader, ahead: bytes.Clone(ahead)}
	reader.Reset(w.conn)
	return w.conn, bufio.NewReadWriter(reader, bufio.NewWriterSize(w.conn, writeBuffer)), nil
}

// steadyConn is a connection of which every write has a while, and on which one can wait for the peer without reading.
type steadyConn struct {
	net.Conn
	stall   time.Duration
	reader  *bufio.Reader // through which it is read
	ahead   []byte        // was received, and is read next
	first   [1]byte
	writing sync.Mutex // one writes at a time, and whoever waits for that says so
}

// await returns once there is something to read.
func (c *steadyConn) await() error {
	if len(c.ahead) > 0 || c.reader.Buffered() > 0 {
		return nil
	}
	n, err := c.Conn.Read(c.first[:])
	c.ahead = c.first[:n]
	if n > 0 {
		return nil
	}
	return err
}

func (c *steadyConn) Read(p []byte) (int, error) {
	if len(c.ahead) > 0 {
		n := copy(p, c.ahead)
		c.ahead = c.ahead[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

func (c *steadyConn) Write(p []byte) (int, error) { return c.write(p, func() {}) }

// writeAny writes to a connection of which nothing is known: it may wait for the peer at once.
func (c *steadyConn) writeAny(p []byte, waits func()) (int, error) {
	waits()
	if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
