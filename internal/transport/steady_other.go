//go:build !unix

package transport

// write writes all of p, or fails; waits is called before it may wait for the peer.
func (c *steadyConn) write(p []byte, waits func()) (int, error) { return c.writeAny(p, waits) }
