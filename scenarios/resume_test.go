package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"valueweb/graph/neo4jstore/neo4jtest"
)

// TestWhoDropsHasHeardEachOfAThousandEventsOnce has somebody listen to a thousand new postings who loses its connection
// again and again, over both wires, and whose server is killed in the middle. A subscriber that was away comes back to
// exactly what it missed.
func TestWhoDropsHasHeardEachOfAThousandEventsOnce(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		(&dropping{torture: newTorture(t, 1, "--store", filepath.Join(t.TempDir(), "store"))}).run()
	})
	if testing.Short() {
		return
	}
	t.Run("neo4j", func(t *testing.T) {
		at := neo4jtest.Empty(t)
		c := newTorture(t, 1, "--store", at.URI)
		c.variables = neo4jtest.Environment(at)
		(&dropping{torture: c}).run()
	})
}

// A thousand postings come in so many imports.
const (
	droppedPostings = 1000
	droppedImports  = 20
)

// dropping is somebody who listens and drops.
type dropping struct {
	*torture
	heard []message
	drops int
}

func (d *dropping) run() {
	d.start(0)
	d.lay()
	posted := make(chan error, 1)
	go func() { posted <- d.post() }()
	ctx, cancel := context.WithTimeout(d.Context(), within)
	defer cancel()
	choose := rand.New(rand.NewPCG(9, 9))
	cursor, killed := "0", false
	for len(d.heard) < droppedPostings {
		listen := wire{"PARTNER:p3"}.overSocket
		if d.drops++; d.drops%2 == 0 {
			listen = wire{"PARTNER:p3"}.overEvents
		}
		stay := 1 + choose.IntN(120)
		err := listen(ctx, d.urls()[0], "opportunities", cursor, func(m message) bool {
			cursor = m.Cursor
			if m.Type != "heartbeat" {
				d.heard = append(d.heard, m)
				stay--
			}
			return stay > 0 && len(d.heard) < droppedPostings
		})
		if ctx.Err() != nil {
			d.Fatalf("%d postings were heard of %d: %v", len(d.heard), droppedPostings, err)
		}
		if !killed && len(d.heard) >= droppedPostings/2 {
			killed = true
			d.kill(0)
			d.start(0)
		}
	}
	if err := <-posted; err != nil {
		d.Fatal(err)
	}
	d.check()
}

// post imports the postings. An import that is cut off is sent again: what was stored of it is not changed by that, and
// not told again.
func (d *dropping) post() error {
	for n := range droppedImports {
		var rows bytes.Buffer
		rows.WriteString("id,title,lat,lng,needs,owner_partner_id,stage,posted_on,audience\n")
		for i := range droppedPostings / droppedImports {
			fmt.Fprintf(&rows, "o%d-%d,Posting,45.7,4.8,work,p%d,PROSPECT,2026-11-22,ALL\n", n, i, i%torturePartners)
		}
		for began := time.Now(); ; {
			response, err := http.Post(d.urls()[0]+"/import?sheet=opportunities", "text/csv", bytes.NewReader(rows.Bytes()))
			if err == nil {
				response.Body.Close()
				if response.StatusCode == http.StatusOK {
					break
				}
			}
			if time.Since(began) > within {
				return fmt.Errorf("import %d: %v", n, err)
			}
			backOff(10 * time.Millisecond)
		}
	}
	return nil
}

// check holds what was heard against the log: each posting once, in its order.
func (d *dropping) check() {
	n, last := 0, int64(0)
	for _, event := range d.log() {
		if event.Type != "opportunity.imported" {
			continue
		}
		if n == len(d.heard) || d.heard[n].Seq != event.Seq || d.heard[n].about() != event.about() {
			d.Fatalf("message %d is %+v, and the log says %+v", n+1, d.heard[min(n, len(d.heard)-1)], event)
		}
		n++
	}
	for _, m := range d.heard {
		seq, err := strconv.ParseInt(m.Seq, 10, 64)
		if err != nil || seq <= last {
			d.Errorf("%s came after %d", m.Seq, last)
		}
		last = seq
	}
	if n != droppedPostings || len(d.heard) != droppedPostings {
		d.Errorf("%d were posted, %d were heard", n, len(d.heard))
	}
	d.Logf("%d messages over %d connections and a kill", len(d.heard), d.drops)
}
