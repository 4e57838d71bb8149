package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// goodFeeds is how many well-behaved feeds stand beside the hostile ones.
const goodFeeds = 10

// hostile is the worst that a feed's server may do, by name, and what its row must say.
var hostile = []struct {
	name   string
	answer http.HandlerFunc
	reason string
}{
	{"hangs", hang, "no complete answer"},
	{"endless", endless, "max_body"},
	{"redirects", redirectToMetadata, "refused"},
	{"page", writes("<!doctype html><html><body>News</body></html>"), "HTML page"},
	{"truncated", writes(`<rss version="2.0"><channel><title>T</title><item><title>Half`), "cut off"},
	{"bomb", bomb, "max_body"},
	{"laughs", writes(laughs()), "entities"},
}

func writes(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

// hang sends the beginning of an answer, and then nothing until the client gives up.
func hang(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, `<rss version="2.0"><channel>`)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// endless sends ten gigabytes.
func endless(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `<rss version="2.0"><channel>`)
	chunk := []byte(strings.Repeat("<item><title>more</title></item>", 32<<10))
	for sent := 0; sent < 10<<30; sent += len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func redirectToMetadata(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
}

// bomb sends a quarter of a megabyte that unpacks to a thousand times as much.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	w.Write(zeros())
}

// zeros is packed once, and before the feeds are asked: it takes a while.
var zeros = sync.OnceValue(func() []byte {
	var body bytes.Buffer
	packed := gzip.NewWriter(&body)
	block := make([]byte, 1<<20)
	for range 256 {
		packed.Write(block)
	}
	packed.Close()
	return body.Bytes()
})

// laughs is a small document whose entities grow to a billion.
func laughs() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">`)
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, `<!ENTITY l%d "%s">`, i, strings.Repeat(fmt.Sprintf("&l%d;", i-1), 10))
	}
	b.WriteString(`]><rss version="2.0"><channel><title>T</title><item><title>&l9;</title>`)
	b.WriteString(`</item></channel></rss>`)
	return b.String()
}

// hostileServer serves the good feeds and the hostile ones.
func hostileServer(t *testing.T) string {
	zeros()
	mux := http.NewServeMux()
	for _, h := range hostile {
		mux.HandleFunc("/"+h.name, h.answer)
	}
	mux.HandleFunc("/good/{n}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><item><pubDate>%s</pubDate>`+
			`<title>Oman talks, report %s</title></item></channel></rss>`,
			time.Now().UTC().Format(time.RFC1123), r.PathValue("n"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// TestHostileFeeds runs the program over feeds that do their worst and asserts that each fails in
// its own row, and that the others' news comes as quickly as without them.
func TestHostileFeeds(t *testing.T) {
	server := hostileServer(t)
	quiet := runHostile(t, server, false)
	t.Logf("without hostile feeds: all told after %v, %d MiB", quiet.told, quiet.memory>>20)
	loud := runHostile(t, server, true)
	t.Logf("with hostile feeds:    all told after %v, %d MiB", loud.told, loud.memory>>20)
	if late := loud.told - quiet.told; late > time.Second {
		t.Errorf("the good feeds' news came %v later because of the hostile ones", late)
	}
	if raceDetector {
		t.Log("memory is not judged with the race detector, which needs several times as much")
	} else if loud.memory > 150<<20 {
		t.Errorf("%d MiB of memory, want at most 150", loud.memory>>20)
	}
}

// hostileRun is what a run over the feeds took.
type hostileRun struct {
	told   time.Duration // until the last good feed's item was told
	memory int64         // bytes, at most
}

func runHostile(t *testing.T, server string, all bool) (run hostileRun) {
	t.Helper()
	dir := t.TempDir()
	stdout, stderr := filepath.Join(dir, "out"), filepath.Join(dir, "err")
	cmd := startProgram(t, stdout, stderr, "run", "-config", hostileConfig(t, server, all))
	began := time.Now()
	shows(t, stdout, func(out string) bool {
		return strings.Count(out, "Oman talks, report") >= goodFeeds
	})
	run.told = time.Since(began)
	if all {
		shows(t, stderr, func(log string) bool { return strings.Count(log, "poll failed") >= len(hostile) })
		assertReasons(t, stderr)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error("the program ended with", err)
	}
	run.memory = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	return run
}

// startProgram starts this program as a process of its own, its output going to files.
func startProgram(t *testing.T, stdout, stderr string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := &exec.Cmd{Path: exe, Args: append([]string{"tensionwatch"}, args...)}
	for file, out := range map[string]*io.Writer{stdout: &cmd.Stdout, stderr: &cmd.Stderr} {
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		*out = f
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd
}

// shows waits until a file holds what enough asks for.
func shows(t *testing.T, file string, enough func(string) bool) {
	t.Helper()
	late := time.After(time.Minute)
	for again := time.Tick(5 * time.Millisecond); ; {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if enough(string(body)) {
			return
		}
		select {
		case <-again:
		case <-late:
			t.Fatalf("after a minute %s shows only:\n%s", filepath.Base(file), body)
		}
	}
}

func hostileConfig(t *testing.T, server string, all bool) (file string) {
	dir := t.TempDir()
	var b strings.Builder
	fmt.Fprintf(&b, "[store]\nurl = %q\n", "sqlite:"+filepath.Join(dir, "tw.db"))
	b.WriteString("[bot]\nfold = 0\n[web]\nlisten = \"\"\n[console]\nformat = \"json\"\n")
	b.WriteString("[[watch]]\nname = \"oman\"\nrule = \"Oman talks\"\n[poll]\ntimeout = \"3s\"\n")
	b.WriteString("backfill = \"24h\"\nallow_private_networks = true\nper_host = 16\n")
	if all {
		for _, h := range hostile {
			fmt.Fprintf(&b, "[[feed]]\nname = %q\nurl = \"%s/%s\"\n", h.name, server, h.name)
		}
	}
	for i := range goodFeeds {
		fmt.Fprintf(&b, "[[feed]]\nurl = \"%s/good/%d\"\n", server, i)
	}
	file = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// assertReasons looks for each hostile feed's line of the log: why it failed, and when it is asked
// again.
func assertReasons(t *testing.T, stderr string) {
	t.Helper()
	log, err := os.ReadFile(stderr)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hostile {
		line := ""
		for l := range strings.Lines(string(log)) {
			if strings.Contains(l, "feed="+h.name+" ") {
				line = l
			}
		}
		t.Log(strings.TrimSpace(line))
		if !strings.Contains(line, h.reason) || !strings.Contains(line, "next=2") {
			t.Errorf("%s: want a line with %q and a next time, got %q", h.name, h.reason, line)
		}
	}
}
