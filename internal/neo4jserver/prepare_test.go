package neo4jserver

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestAnEngineIsChosenByWhatRuns(t *testing.T) {
	for _, test := range []struct{ name, docker, want string }{
		{"Docker, if an engine runs", `exit 0`, "docker"},
		{"Java, if there is the client alone", `exit 1`, "jvm"},
		{"Java, if the image cannot be had", `[ "$1" = info ]`, "jvm"},
	} {
		t.Run(test.name, func(t *testing.T) {
			commands := fakes(t)
			fake(t, commands, "docker", test.docker)
			fake(t, commands, "java", `echo 'openjdk version "17.0.15" 2025-04-15' >&2`)
			fake(t, commands, "mvn", copiesTwoJars)
			chosen, err := prepare(t.Context(), t.Output())
			if err != nil {
				t.Fatal(err)
			}
			got := "jvm"
			if _, isDocker := chosen.(docker); isDocker {
				got = "docker"
			}
			if got != test.want {
				t.Fatalf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestWhatIsMissingIsNamedWithTheLineToRun(t *testing.T) {
	fake(t, fakes(t), "docker", `exit 1`)
	t.Setenv("PATH", filepath.Dir(must(exec.LookPath("docker"))))
	_, err := download(t.Context(), t.TempDir(), t.Output())
	if err == nil || !strings.Contains(err.Error(), "apt-get install -y openjdk-17-jdk-headless maven") {
		t.Fatalf("got %v", err)
	}
}

func TestAnOldJavaIsNotTaken(t *testing.T) {
	commands := fakes(t)
	fake(t, commands, "java", `echo 'openjdk version "11.0.2" 2019-01-15' >&2`)
	if version, err := javaVersion(t.Context(), "java"); err != nil || version != 11 {
		t.Fatalf("got %d, %v", version, err)
	}
	if java, err := findJava(t.Context()); err == nil && java == "java" {
		t.Fatal("Java 11 was taken")
	}
}

// copiesTwoJars stands in for Maven: it says in a file that it ran and copies jars one by one.
const copiesTwoJars = `for a; do case $a in -DoutputDirectory=*) lib=${a#*=};; esac; done
echo ran >>"$FAKE_LOG"; mkdir -p "$lib"; echo one >"$lib/one.jar"; [ -z "$FAKE_CUT" ] || exit 1; echo two >"$lib/two.jar"`

func TestDownloadsAtOnceShareOne(t *testing.T) {
	fake(t, fakes(t), "mvn", copiesTwoJars)
	cache := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := download(t.Context(), cache, t.Output()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs := ran(t); runs != 1 {
		t.Fatalf("Maven ran %d times", runs)
	}
	wantJars(t, filepath.Join(cache, Version))
}

func TestADownloadThatWasCutOffIsBegunAgain(t *testing.T) {
	fake(t, fakes(t), "mvn", copiesTwoJars)
	cache := t.TempDir()
	t.Setenv("FAKE_CUT", "yes")
	if _, err := download(t.Context(), cache, t.Output()); err == nil {
		t.Fatal("half a download was taken for a whole one")
	}
	t.Setenv("FAKE_CUT", "")
	if err := os.Mkdir(filepath.Join(cache, Version+".part-killed"), 0o755); err != nil {
		t.Fatal(err)
	}
	jars, err := download(t.Context(), cache, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	wantJars(t, jars)
}

func TestAWaitForAnotherDownloadEndsWithTheContext(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lock(ctx, name); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestAContainerEndsWhenItsInputDoes(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	script := strings.Replace(untilInputEnds, "/startup/docker-entrypoint.sh neo4j", "sleep 600", 1)
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := input.Close(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its status is that of the server
	if ctx.Err() != nil {
		t.Fatal("it still ran after 20 s")
	}
}

func TestASettingStandsOnceAndTheLastOneCounts(t *testing.T) {
	text := conf(settings(Options{Heap: "1g", Settings: []string{"server.memory.heap.max_size = 2g", "db.format=aligned"}}))
	for _, line := range []string{"server.memory.heap.initial_size=1g\n", "server.memory.heap.max_size=2g\n", "db.format=aligned\n"} {
		if strings.Count(text, line) != 1 {
			t.Errorf("%q does not stand once in\n%s", line, text)
		}
	}
	if strings.Count(text, "heap.max_size") != 1 {
		t.Errorf("a setting stands twice in\n%s", text)
	}
}

func TestAContainerListensOnLoopbackAndReadsSettingsFromItsEnvironment(t *testing.T) {
	arguments := strings.Join(dockerArguments("name", &home{folder: "/home"}, Options{Port: 7000, Heap: "1g", JVM: []string{"-Xss2m", "-ea"}}), "\n")
	for _, want := range []string{"--publish\n127.0.0.1:7000:7687\n", "NEO4J_server_memory_heap_max__size=1g\n", "NEO4J_server_jvm_additional=-Xss2m -ea\n"} {
		if !strings.Contains(arguments, want) {
			t.Errorf("%q is missing in\n%s", want, arguments)
		}
	}
	if strings.Contains(arguments, DevelopmentPassword) {
		t.Error("the password stands in the list of processes")
	}
}

func TestAHomeIsUsedByOneServerAtATime(t *testing.T) {
	folder := t.TempDir()
	first, second := must(openHome(folder, "")), must(openHome(folder, ""))
	if err := first.take(); err != nil {
		t.Fatal(err)
	}
	if err := second.take(); err == nil {
		t.Fatal("two have it at once")
	}
	if err := errors.Join(first.release(), second.take(), second.release()); err != nil {
		t.Fatal(err)
	}
}

func TestHomesOfKilledProcessesAreRemovedAndOthersAreNot(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	abandoned, used, begun := temporaryHome(t), temporaryHome(t), temporaryHome(t)
	if err := errors.Join(abandoned.take(), abandoned.release(), used.take(), begun.take(), begun.release()); err != nil {
		t.Fatal(err)
	}
	defer used.release()
	longAgo := time.Now().Add(-time.Hour)
	for _, home := range []*home{abandoned, used} {
		if err := os.Chtimes(home.at(lockName), longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	removeAbandoned()
	if exists(abandoned.folder) || !exists(used.folder) || !exists(begun.folder) {
		t.Fatalf("abandoned is there: %v, used: %v, just begun: %v", exists(abandoned.folder), exists(used.folder), exists(begun.folder))
	}
}

func temporaryHome(t *testing.T) *home {
	t.Helper()
	home, err := openHome("", "")
	if err != nil {
		t.Fatal(err)
	}
	return home
}

// fakes is a folder of commands that come before the machine's, with nothing downloaded and no Java named.
func fakes(t *testing.T) string {
	folder := t.TempDir()
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv("FAKE_LOG", filepath.Join(folder, "log"))
	return folder
}

func fake(t *testing.T, folder, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// ran is how often the fake Maven was run.
func ran(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(os.Getenv("FAKE_LOG"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(log, []byte("ran\n"))
}

func wantJars(t *testing.T, folder string) {
	t.Helper()
	jars, err := filepath.Glob(filepath.Join(folder, "*.jar"))
	if err != nil || len(jars) != 2 {
		t.Fatalf("%s holds %v, %v", folder, jars, err)
	}
	if left, _ := filepath.Glob(folder + ".part-*"); len(left) > 0 {
		t.Fatalf("what was made aside is still there: %v", left)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
