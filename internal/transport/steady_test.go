package transport

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// timed is a connection that notes what deadlines are set for writing.
type timed struct {
	*net.TCPConn
	deadlines []time.Time
}

func (c *timed) SetWriteDeadline(at time.Time) error {
	c.deadlines = append(c.deadlines, at)
	return c.TCPConn.SetWriteDeadline(at)
}

// unknown hides what a connection is.
type unknown struct{ net.Conn }

func pair(t *testing.T) (near *timed, far net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dialed, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err = listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dialed.Close(); far.Close() })
	return &timed{TCPConn: dialed.(*net.TCPConn)}, far
}

func TestAWriteWaitsForItsPeerOnlyWhereItMust(t *testing.T) {
	near, far := pair(t)
	if _, ok := net.Conn(near).(syscall.Conn); !ok {
		t.Fatal("the connection hides what it is")
	}
	c := &steadyConn{Conn: near, stall: time.Hour}
	waited := 0
	short, long := []byte("short"), bytes.Repeat([]byte("long "), 4<<20) // more than the system takes
	if n, err := c.write(short, func() { waited++ }); n != len(short) || err != nil || waited > 0 || len(near.deadlines) > 0 {
		t.Errorf("%d bytes were written, %v; it has waited %d times, until %v", n, err, waited, near.deadlines)
	}
	got := make(chan []byte)
	n, err := c.write(long, func() {
		waited++
		go func() {
			all := make([]byte, len(short)+len(long)+len(short))
			io.ReadFull(far, all)
			got <- all
		}()
	})
	if n != len(long) || err != nil || waited != 1 || len(near.deadlines) != 2 || near.deadlines[0].IsZero() || !near.deadlines[1].IsZero() {
		t.Errorf("%d bytes were written, %v; it has waited %d times, until %v", n, err, waited, near.deadlines)
	}
	if n, err := c.Write(short); n != len(short) || err != nil {
		t.Errorf("%d bytes were written, %v", n, err)
	}
	if all := <-got; !bytes.Equal(all, bytes.Join([][]byte{short, long, short}, nil)) {
		t.Error("other bytes have come")
	}
}

func TestAWriteFailsOnceItsPeerHasTakenNothingForLong(t *testing.T) {
	for name, hide := range map[string]bool{"known": false, "unknown": true} {
		t.Run(name, func(t *testing.T) {
			near, _ := pair(t)
			c := &steadyConn{Conn: near, stall: 10 * time.Millisecond}
			if hide {
				c.Conn = unknown{near}
			}
			waited := 0
			if _, err := c.write(make([]byte, 16<<20), func() { waited++ }); !errors.Is(err, os.ErrDeadlineExceeded) || waited != 1 {
				t.Errorf("it has waited %d times: %v", waited, err)
			}
		})
	}
}

func TestAWriteToWhoHasLeftFails(t *testing.T) {
	near, _ := pair(t)
	c := &steadyConn{Conn: near, stall: time.Hour}
	if _, err := c.write(make([]byte, 16<<20), func() { go near.Close() }); !errors.Is(err, net.ErrClosed) {
		t.Errorf("it fails with %v", err)
	}
	if n, err := c.Write([]byte("more")); n > 0 || !errors.Is(err, net.ErrClosed) {
		t.Errorf("%d bytes are written, %v", n, err)
	}
}

func TestAWriteBehindOneThatWaitsForItsPeerWaitsAsWell(t *testing.T) {
	near, far := pair(t)
	c := &steadyConn{Conn: near, stall: time.Hour}
	long, short := bytes.Repeat([]byte("long "), 4<<20), []byte("short")
	first, second, written := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	write := func(p []byte, waits chan struct{}) {
		_, err := c.write(p, func() { close(waits) })
		written <- err
	}
	go write(long, first)
	<-first
	go write(short, second)
	<-second // it says so before anybody reads
	all := make([]byte, len(long)+len(short))
	if _, err := io.ReadFull(far, all); err != nil || !bytes.HasSuffix(all, short) {
		t.Errorf("%v; it ends in %q", err, all[len(all)-9:])
	}
	for range 2 {
		if err := <-written; err != nil {
			t.Error(err)
		}
	}
}
