package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"valueweb/bench"
)

// process is a server of the product.
type process struct {
	address   string
	command   *exec.Cmd
	temporary string
}

var listening = regexp.MustCompile(`listens at (http://\S+)`)

// startServer builds the program and serves an empty store.
func startServer(ctx context.Context) (*process, error) {
	temporary, err := os.MkdirTemp("", "valueweb-bench-")
	if err != nil {
		return nil, err
	}
	p := &process{temporary: temporary}
	binary := os.Getenv("VALUEWEB_BENCH_SERVER")
	if binary == "" {
		binary = filepath.Join(temporary, "valueweb")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "valueweb")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, err
		}
	}
	store := os.Getenv("VALUEWEB_BENCH_STORE")
	if store == "" {
		store = filepath.Join(temporary, "store")
	}
	p.command = exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--store", store)
	p.command.Env = append(os.Environ(), "GOMAXPROCS=1")
	p.command.Stderr = os.Stderr
	output, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			p.address = found[1]
			go io.Copy(io.Discard, output)
			return p, nil
		}
	}
	return nil, fmt.Errorf("the server ended before it listened: %v", p.command.Wait())
}

func (p *process) stop() error {
	defer os.RemoveAll(p.temporary)
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.command.Wait()
}

// profile has perf note what the server does, until it is stopped. No file: nothing is noted.
func (p *process) profile(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	perf := exec.Command("perf", "record", "--quiet", "--freq", "5000", "--call-graph", "fp", "--pid", strconv.Itoa(p.command.Process.Pid), "--output", file)
	perf.Stderr = os.Stderr
	if err := perf.Start(); err != nil {
		return nil, err
	}
	return func() {
		perf.Process.Signal(os.Interrupt)
		perf.Wait() // it ends by the signal, or has said what went wrong
	}, nil
}

// cpu is the time that the server has spent on processors.
func (p *process) cpu() (time.Duration, error) { return bench.ProcessCPU(p.command.Process.Pid) }

// memory is what of the server is resident, in bytes.
func (p *process) memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kB << 10, err
		}
	}
	return 0, fmt.Errorf("no VmRSS: %s", text)
}

// importSheet sends a sheet of which every row must be taken.
func (p *process) importSheet(ctx context.Context, sheet, rows string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+"/import?"+url.Values{"sheet": {sheet}}.Encode(), strings.NewReader(rows))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/csv")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	var report struct{ Totals struct{ Rows, Added int } }
	if err == nil {
		err = json.Unmarshal(body, &report)
	}
	if err != nil || response.StatusCode != http.StatusOK || report.Totals.Added != report.Totals.Rows || report.Totals.Rows == 0 {
		return fmt.Errorf("import %s: %v %s %.500s", sheet, err, response.Status, body)
	}
	return nil
}

// lay imports a partner for each subscriber, and the competencies.
func (p *process) lay(ctx context.Context, subscribers int) error {
	var competencies, partners strings.Builder
	competencies.WriteString("id,name\n")
	for class := range classes {
		fmt.Fprintf(&competencies, "%s,Competency %d\n", competency(class), class)
	}
	if err := p.importSheet(ctx, "competencies", competencies.String()); err != nil {
		return err
	}
	partners.WriteString("id,name\n")
	for i := range subscribers {
		fmt.Fprintf(&partners, "s%d,Subscriber %d\n", i, i)
	}
	return p.importSheet(ctx, "partners", partners.String())
}

// importPostings imports opportunities that are addressed to all, the ones from a number on.
func (p *process) importPostings(ctx context.Context, from, n int) error {
	var rows strings.Builder
	rows.WriteString("id,title,lat,lng,needs,stage,posted_on,audience\n")
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&rows, "b%d,Burst %d,45.7,4.8,%s,PROSPECT,2026-11-22,ALL\n", i, i, competency(i%classes))
	}
	return p.importSheet(ctx, "opportunities", rows.String())
}

// post posts an opportunity that is addressed to all, and returns the seq of its event.
func (p *process) post(ctx context.Context, class int) (string, error) {
	body, err := json.Marshal(map[string]any{
		"query":     `mutation ($input: PostOpportunityInput!) { postOpportunity(input: $input) { seq } }`,
		"variables": map[string]any{"input": map[string]any{"title": "Posting", "point": map[string]float64{"lat": 45.7, "lng": 4.8}, "needs": []any{map[string]string{"competency": competency(class)}}, "audience": map[string]bool{"all": true}}},
	})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	var answer struct {
		Data struct{ PostOpportunity *struct{ Seq string } }
	}
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil || answer.Data.PostOpportunity == nil {
		return "", fmt.Errorf("post: %v %s", err, text)
	}
	return answer.Data.PostOpportunity.Seq, nil
}
