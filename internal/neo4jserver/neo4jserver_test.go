package neo4jserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// childVariable makes the test binary a process that starts a server and waits to be killed.
const childVariable = "VALUEWEB_TEST_NEO4J_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		serveUntilKilled()
	}
	os.Exit(Main(m))
}

// One server, from its start to its end: each start takes seconds.
func TestAServer(t *testing.T) {
	ctx := t.Context()
	start := time.Now()
	server, err := Start(ctx, ForOneTest(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("answered after %s", time.Since(start).Round(10*time.Millisecond))
	t.Cleanup(func() { _ = server.Stop() })

	t.Run("answers", func(t *testing.T) {
		if err := server.Answers(ctx); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("listens on loopback only", func(t *testing.T) {
		for _, address := range otherAddresses(t) {
			if conn, err := net.Dial("tcp", net.JoinHostPort(address, port(t, server))); err == nil {
				conn.Close()
				t.Errorf("it answers at %s, too", address)
			}
		}
	})
	t.Run("refuses a wrong password", func(t *testing.T) {
		stranger := &Server{URI: server.URI, User: server.User, Password: "not-the-password"}
		var refused *PasswordError
		if err := stranger.Answers(ctx); !errors.As(err, &refused) {
			t.Fatalf("got %v, want a *PasswordError", err)
		}
	})
	t.Run("routes neo4j:// to itself", func(t *testing.T) {
		if got := count(t, "neo4j://127.0.0.1:"+port(t, server), server, "MATCH (n) RETURN count(n) AS n"); got != 0 {
			t.Fatalf("an empty database holds %d nodes", got)
		}
	})
	t.Run("is given by the variables", func(t *testing.T) {
		t.Setenv("VALUEWEB_NEO4J_URI", server.URI)
		t.Setenv("VALUEWEB_NEO4J_PASSWORD", server.Password)
		given, err := Given(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(given.Stop(), server.Answers(ctx)); err != nil {
			t.Fatalf("Stop touched a server that was given: %v", err)
		}
		if given.Kill() == nil || given.Restart(ctx) == nil {
			t.Fatal("a server that was given can be killed or restarted")
		}
	})
	t.Run("is emptied by tests only if they may", func(t *testing.T) {
		mayBeEmptiedIfOurs(t, server)
	})
	t.Run("keeps after a crash what it acknowledged", func(t *testing.T) {
		count(t, server.URI, server, "CREATE (n:Kept) RETURN count(n) AS n")
		uri, ended := server.URI, server.Ended()
		if err := server.Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
		if err := server.Answers(ctx); err == nil {
			t.Fatal("it answers although it was killed")
		}
		if err := server.Restart(ctx); err != nil {
			t.Fatal(err)
		}
		if got := count(t, uri, server, "MATCH (n:Kept) RETURN count(n) AS n"); got != 1 {
			t.Fatalf("%d nodes are left of 1", got)
		}
	})
	t.Run("leaves nothing behind", func(t *testing.T) {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port(t, server)))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		start := time.Now()
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		t.Logf("stopped after %s", time.Since(start).Round(10*time.Millisecond))
		awaitEnd(t, conn)
		if err := syscall.Kill(server.PID(), 0); !errors.Is(err, syscall.ESRCH) {
			t.Fatalf("its process is there: %v", err)
		}
		if err := server.Stop(); err != nil {
			t.Fatalf("a second Stop: %v", err)
		}
		if err := server.Restart(ctx); err == nil {
			t.Fatal("it starts again without its data")
		}
	})
}

func TestAServerDoesNotOutliveAProcessThatIsKilled(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1", "TMPDIR="+t.TempDir())
	child.Stderr = t.Output()
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the process ended before its server answered: %v, %v", err, child.Wait())
	}
	conn, err := net.Dial("tcp", address[:len(address)-1])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, conn)
	_ = child.Wait() // says that it was killed
}

// serveUntilKilled starts a server and prints where it listens.
func serveUntilKilled() {
	server, err := Start(context.Background(), ForOneTest(os.Stderr))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(server.URI[len("bolt://"):])
	<-server.Ended()
	os.Exit(1)
}

// awaitEnd waits until the server's end of a connection is gone. Bolt lets one that says nothing wait for
// 30 s and longer, so an end within that is the end of the server.
func awaitEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != io.EOF && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the server is still there: %v", err)
	}
}

// count runs a statement that answers with one number.
func count(t *testing.T, uri string, server *Server, cypher string) int64 {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth(server.User, server.Password, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	result, err := neo4j.ExecuteQuery(t.Context(), driver, cypher, nil, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	n, _, err := neo4j.GetRecordValue[int64](result.Records[0], "n")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func port(t *testing.T, server *Server) string {
	t.Helper()
	uri, err := url.Parse(server.URI)
	if err != nil {
		t.Fatal(err)
	}
	return uri.Port()
}

// otherAddresses are this machine's that are not loopback.
func otherAddresses(t *testing.T) []string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	var others []string
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && network.IP.To4() != nil && !network.IP.IsLoopback() {
			others = append(others, network.IP.String())
		}
	}
	return others
}
