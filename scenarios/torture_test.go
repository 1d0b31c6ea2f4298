package scenarios

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"valueweb/graph/neo4jstore/neo4jtest"
)

// TestKilledServersLoseNothingOfTheirStreams kills servers with SIGKILL, again and again, while writers change the graph
// and subscribers listen: three servers on one Neo4j, and one on a directory. Servers, writers and subscribers are
// processes of their own. In the end what every subscriber has heard is what the log says that it must hear, in order
// and once; all that was acknowledged is there, and nothing is there in half. VALUEWEB_TORTURE=1 kills ten times as often.
func TestKilledServersLoseNothingOfTheirStreams(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		newTorture(t, 1, "--store", filepath.Join(t.TempDir(), "store")).run(often(4, 40))
	})
	if testing.Short() {
		return
	}
	t.Run("neo4j", func(t *testing.T) {
		at := neo4jtest.Empty(t)
		c := newTorture(t, 3, "--store", at.URI)
		c.variables = neo4jtest.Environment(at)
		c.run(often(3, 40))
	})
}

// How many take part. Subscribers are shared out over some processes.
const (
	torturePartners    = 20
	tortureSubscribers = 200
	tortureListeners   = 4 // processes
	tortureWriters     = 4 // processes
	tortureRate        = 8 // changes a second of each
)

// torture is the processes of one run, and what was written down.
type torture struct {
	*testing.T
	*rand.Rand
	arguments, variables []string
	addresses            []string
	servers              []*server
	kills                []kill
	writers, listeners   []*part
	noted                []noted
	subscribers          []subscriber
}

// kill is the end of a server.
type kill struct {
	server string
	at     time.Time
}

// part is a process that plays a part.
type part struct {
	process *exec.Cmd
	input   io.WriteCloser
	output  bytes.Buffer
	said    sync.WaitGroup // until all of its output is read
	changes chan struct{}  // holds a token once it has said more of what came of its changes
	begins  chan string    // holds the server to which it has just sent a change
}

func newTorture(t *testing.T, servers int, arguments ...string) *torture {
	c := &torture{T: t, Rand: rand.New(rand.NewPCG(uint64(servers), 11)), arguments: arguments, servers: make([]*server, servers)}
	for range servers {
		c.addresses = append(c.addresses, freeAddress(t))
	}
	t.Cleanup(c.end)
	return c
}

// freeAddress is an address of this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// run plays all parts, kills servers so many times, and judges.
func (c *torture) run(kills int) {
	c.start(0) // alone: it makes what the others find
	for i := 1; i < len(c.servers); i++ {
		c.start(i)
	}
	c.lay()
	c.listen()
	c.write()
	for range kills {
		c.waitForChanges(10 + c.IntN(30))
		victim := c.waitForWrite()
		<-time.After(time.Duration(c.IntN(killWindow)) * time.Microsecond) // anywhere in the change
		c.kill(victim)
		c.waitForChanges(c.IntN(2) * (len(c.servers) - 1) * 5)
		c.start(victim)
	}
	c.waitForChanges(20)
	c.judge()
}

// urls are the addresses as clients know them.
func (c *torture) urls() []string {
	urls := make([]string, len(c.addresses))
	for i, address := range c.addresses {
		urls[i] = "http://" + address
	}
	return urls
}

// start starts a server at its address. After a kill the address may stay taken for a moment.
func (c *torture) start(i int) {
	c.Helper()
	s, err := startWith(c.variables, append([]string{"--listen", c.addresses[i]}, c.arguments...)...)
	if err != nil {
		c.Fatal(err)
	}
	c.servers[i] = s
}

func (c *torture) kill(i int) {
	c.Helper()
	s := c.servers[i]
	c.servers[i] = nil
	at := time.Now()
	if err := s.kill(); err != nil {
		c.Fatal(err)
	}
	c.kills = append(c.kills, kill{"http://" + c.addresses[i], at})
	c.read(s)
}

// read looks for what no server may say.
func (c *torture) read(s *server) {
	log := s.log.String()
	for _, bad := range []string{"DATA RACE", "panic"} {
		if bytes.Contains([]byte(log), []byte(bad)) {
			c.Errorf("a server had something to say:\n%s", log)
		}
	}
}

// end ends whatever still runs.
func (c *torture) end() {
	for _, p := range append(c.writers, c.listeners...) {
		p.process.Process.Kill()
		p.process.Wait()
	}
	for _, s := range c.servers {
		if s != nil {
			s.kill()
			c.read(s)
		}
	}
}

// lay imports who is there from the start.
func (c *torture) lay() {
	all := sheets{
		"competencies": {{"id", "name"}, {"work", "Work"}},
		"partners":     {{"id", "name", "capacity"}},
	}
	for i := range torturePartners {
		all["partners"] = append(all["partners"], []string{"p" + strconv.Itoa(i), "Partner " + strconv.Itoa(i), "1000"})
	}
	response, err := http.Post(c.urls()[0]+"/import", "application/x-tar", bytes.NewReader(archive(all)))
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		c.Fatalf("lay: %s %s", response.Status, body)
	}
}

// play starts a part.
func (c *torture) play(name string, sheet any) *part {
	text, err := json.Marshal(sheet)
	if err != nil {
		c.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		c.Fatal(err)
	}
	p := &part{process: exec.Command(program), changes: make(chan struct{}, 1), begins: make(chan string, 1)}
	p.process.Env = append(os.Environ(), partVariable+"="+name, sheetOfPart+"="+string(text))
	p.process.Stderr = os.Stderr
	output, err := p.process.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	if p.input, err = p.process.StdinPipe(); err != nil {
		c.Fatal(err)
	}
	if err := p.process.Start(); err != nil {
		c.Fatal(err)
	}
	p.said.Go(func() {
		lines := bufio.NewReader(output)
		for {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				p.output.Write(line)
				return
			}
			var n noted
			if name == "writer" && json.Unmarshal(line, &n) == nil && n.Begins {
				select {
				case <-p.begins:
				default:
				}
				p.begins <- n.Server
				continue
			}
			p.output.Write(line)
			select {
			case p.changes <- struct{}{}:
			default:
			}
		}
	})
	return p
}

// finish waits for a part to end by itself, and returns what it has said.
func (c *torture) finish(p *part, within time.Duration) []byte {
	late := time.AfterFunc(within, func() { p.process.Process.Kill() })
	defer late.Stop()
	p.said.Wait()
	if err := p.process.Wait(); err != nil {
		c.Errorf("a part ended badly: %v", err)
	}
	return p.output.Bytes()
}

// listen starts all subscribers: each partner and the operator at every stream, over both wires.
func (c *torture) listen() {
	parts := make([]subscribersPart, tortureListeners)
	names := []string{"opportunities", "referrals", "events"}
	for i := range tortureSubscribers {
		as := "PARTNER:p" + strconv.Itoa(i%torturePartners)
		if i%10 == 9 {
			as = "OPERATOR"
		}
		part := &parts[i%tortureListeners]
		part.Subscribers = append(part.Subscribers, subscriber{Name: "s" + strconv.Itoa(i), As: as, Stream: names[i/torturePartners%len(names)], Events: i%2 == 0})
	}
	for i, sheet := range parts {
		sheet.Servers, sheet.Seed = c.urls(), uint64(i)
		c.listeners = append(c.listeners, c.play("subscribers", sheet))
	}
}

func (c *torture) write() {
	for i := range tortureWriters {
		c.writers = append(c.writers, c.play("writer", writerPart{Name: "w" + strconv.Itoa(i), Servers: c.urls(), Partners: torturePartners, Seed: uint64(i), PerS: tortureRate}))
	}
}

// killWindow is how long after a change was sent its server is killed at most, in microseconds: a change takes some
// milliseconds.
const killWindow = 8000

// waitForWrite waits until a change is sent to a server, and says to which.
func (c *torture) waitForWrite() int {
	c.Helper()
	w := c.writers[c.IntN(len(c.writers))]
	select {
	case <-w.begins: // that was before
	default:
	}
	select {
	case address := <-w.begins:
		return slices.Index(c.urls(), address)
	case <-time.After(2 * time.Minute):
		c.Fatal("a writer sends nothing any more")
	}
	return 0
}

// waitForChanges waits until writers have said so much more: they say what was acknowledged, refused or cut off.
func (c *torture) waitForChanges(n int) {
	c.Helper()
	late := time.After(2 * time.Minute)
	for ; n > 0; n-- {
		select {
		case <-c.writers[n%len(c.writers)].changes:
		case <-late:
			c.Fatal("writers say nothing any more")
		}
	}
}

// subscription is a page of the log as an operator reads it.
type logPage struct {
	Events struct {
		Nodes    []message
		PageInfo struct {
			HasNextPage bool
			EndCursor   string
		}
	}
}

// log reads the whole log.
func (c *torture) log() []message {
	c.Helper()
	var all []message
	after := "0"
	for {
		var page logPage
		err := wire{"OPERATOR"}.ask(c.Context(), c.urls()[0], `query ($after: String) {
			events(after: $after, first: 1000) { nodes { cursor seq type subject { gid } } pageInfo { hasNextPage endCursor } }
		}`, map[string]string{"after": after}, &page)
		if err != nil {
			c.Fatalf("read the log: %v", err)
		}
		all = append(all, page.Events.Nodes...)
		if !page.Events.PageInfo.HasNextPage {
			return all
		}
		after = page.Events.PageInfo.EndCursor
	}
}

// within bounds how long the last of what was written may take to be heard by all.
const within = 2 * time.Minute

// stopWriting ends the writers, and gathers what they have noted.
func (c *torture) stopWriting() {
	for _, w := range c.writers {
		w.input.Close()
	}
	for _, w := range c.writers {
		for lines := json.NewDecoder(bytes.NewReader(c.finish(w, within))); ; {
			var n noted
			if err := lines.Decode(&n); err == io.EOF {
				break
			} else if err != nil {
				c.Fatal(err)
			}
			c.noted = append(c.noted, n)
		}
	}
	c.writers = nil
}

// stopListening has all subscribers listen until they have heard what they must, and gathers what they have heard.
func (c *torture) stopListening(until map[string]int64) {
	goals, err := json.Marshal(until)
	if err != nil {
		c.Fatal(err)
	}
	for _, l := range c.listeners {
		fmt.Fprintf(l.input, "%s\n", goals)
	}
	for _, l := range c.listeners {
		var heard []subscriber
		if err := json.Unmarshal(c.finish(l, within), &heard); err != nil {
			c.Fatalf("subscribers did not come to the end of the log within %v: %v", within, err)
		}
		c.subscribers = append(c.subscribers, heard...)
	}
	c.listeners = nil
}

// everything reads pages of a list of opportunities or referrals.
func everything[T any](ctx context.Context, server, list, fields string) (all []T, err error) {
	for after := ""; ; {
		var page map[string]struct {
			Nodes    []T
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			}
		}
		variables := map[string]any{}
		if after != "" {
			variables["after"] = after
		}
		query := fmt.Sprintf(`query ($after: String) { %s(first: 1000, after: $after) { nodes { %s } pageInfo { hasNextPage endCursor } } }`, list, fields)
		if err := (wire{"OPERATOR"}).ask(ctx, server, query, variables, &page); err != nil {
			return nil, err
		}
		all = append(all, page[list].Nodes...)
		if !page[list].PageInfo.HasNextPage {
			return all, nil
		}
		after = page[list].PageInfo.EndCursor
	}
}
