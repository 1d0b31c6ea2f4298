//go:build unix

package transport

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// write writes all of p, or fails. What the system takes at once, which is most of what is written, needs neither a
// deadline nor another one to do the work meanwhile: waits is called where the peer must be waited for, before that.
func (c *steadyConn) write(p []byte, waits func()) (written int, err error) {
	plain, ok := c.Conn.(syscall.Conn)
	if !ok {
		return c.writeAny(p, waits)
	}
	raw, err := plain.SyscallConn()
	if err != nil {
		return 0, err
	}
	waited, dated := !c.writing.TryLock(), false
	if waited {
		waits()
		c.writing.Lock()
	}
	defer c.writing.Unlock()
	var failure error
	err = raw.Write(func(fd uintptr) (done bool) { // nobody else writes meanwhile
		for written < len(p) && failure == nil {
			n, err := syscall.Write(int(fd), p[written:])
			switch {
			case err == nil:
				written += n
			case errors.Is(err, syscall.EINTR):
			case errors.Is(err, syscall.EAGAIN):
				if !waited {
					waited = true
					waits()
				}
				if !dated {
					dated = true
					failure = c.SetWriteDeadline(time.Now().Add(c.stall))
				}
				return failure != nil
			default:
				failure = os.NewSyscallError("write", err)
			}
		}
		if dated && failure == nil {
			failure = c.SetWriteDeadline(time.Time{}) // the next one writes at once again
		}
		return true
	})
	return written, errors.Join(err, failure)
}
