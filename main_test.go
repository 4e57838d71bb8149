package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tensionwatch/tensionwatch/web"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare with")

// TestMain lets the scripts run this program: the test binary, called by the program's name, is
// the program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tensionwatch": main,
		"stricken":     stricken,
	})
}

// TestScripts runs the sessions of testdata/script, each a story of how somebody uses the program,
// against a feed server of its own: $FEEDS/NAME answers with the script's file NAME.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await":  await,
			"expand": expand,
			"shown":  shown,
		},
		UpdateScripts: *update,
	})
}

func setUpScript(e *testscript.Env) error {
	server := httptest.NewServer(feedFiles(e.WorkDir))
	e.Defer(server.Close)
	e.Setenv("FEEDS", server.URL)
	free, err := freeAddress()
	if err != nil {
		return err
	}
	e.Setenv("LISTEN", free)
	e.Setenv("TZ", "UTC")
	return nil
}

// freeAddress names a loopback port that nobody listens on now.
func freeAddress() (string, error) {
	server := httptest.NewServer(nil)
	defer server.Close()
	return strings.TrimPrefix(server.URL, "http://"), nil
}

// feedFiles serves the files of a folder, as they are at each request, with an ETag.
func feedFiles(dir string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := os.ReadFile(filepath.Join(dir, filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		tag := fmt.Sprintf("%q", fmt.Sprint(crc32.ChecksumIEEE(body)))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(body)
	})
}

// await waits until a running program answers that it is ready.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await URL")
	}
	waitFor(ts, args[0]+" is ready", func() error { return web.Check(context.Background(), args[0]) })
}

// shown waits until a file holds a text.
func shown(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: shown FILE TEXT")
	}
	waitFor(ts, args[0]+" shows "+args[1], func() error {
		body, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && !bytes.Contains(body, []byte(args[1])) {
			err = fmt.Errorf("it shows %q", body)
		}
		return err
	})
}

// waitFor asks again and again, for half a minute, whether another process is so far.
func waitFor(ts *testscript.TestScript, what string, check func() error) {
	late := time.After(30 * time.Second)
	for again := time.Tick(10 * time.Millisecond); ; {
		err := check()
		if err == nil {
			return
		}
		select {
		case <-again:
		case <-late:
			ts.Fatalf("waiting until %s: %v", what, err)
		}
	}
}

// expand replaces $NAME in files by what the script's environment says.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		file := ts.MkAbs(name)
		body, err := os.ReadFile(file)
		ts.Check(err)
		ts.Check(os.WriteFile(file, []byte(os.Expand(string(body), ts.Getenv)), 0o644))
	}
}
