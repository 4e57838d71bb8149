package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// minifluxVersion is the release that is measured.
const minifluxVersion = "v2.2.14"

// peers lists the other programs that can be had here, and says which cannot.
func peers(ctx context.Context, dir string) (list []subject, notes []string, err error) {
	list = append(list, &plain{binary: filepath.Join(dir, "plain"), dir: filepath.Join(dir, "gofeed")})
	if _, err := exec.LookPath("newsboat"); err != nil {
		notes = append(notes, "newsboat is not installed")
	} else {
		list = append(list, &newsboat{dir: filepath.Join(dir, "newsboat")})
	}
	server, err := postgresFolder()
	if err != nil {
		return list, append(notes, "Miniflux: "+err.Error()), nil
	}
	cmd := command(ctx, "go", "install", "miniflux.app/v2@"+minifluxVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return list, append(notes, "Miniflux cannot be built: "+tail(string(out))), nil
	}
	m := &miniflux{binary: filepath.Join(dir, "miniflux.app"), postgres: server,
		dir: filepath.Join(dir, "miniflux")}
	return append(list, m), notes, nil
}

// plain is a bot that has nothing but gofeed: it reads every body, looks items up in a map and
// keeps nothing when it ends. So it runs all the time, and makes a pass when it is told to.
type plain struct {
	binary, dir string
	running     *daemon
	out         *json.Decoder
	seen        int
}

func (p *plain) name() string { return "gofeed alone" }

func (p *plain) begin(ctx context.Context, feeds []string) error {
	if err := p.close(); err != nil {
		return err
	}
	p.seen = 0
	if err := renew(p.dir); err != nil {
		return err
	}
	list := filepath.Join(p.dir, "feeds")
	if err := os.WriteFile(list, []byte(strings.Join(feeds, "\n")), 0o644); err != nil {
		return err
	}
	cmd := command(ctx, p.binary, list)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = json.NewDecoder(out)
	p.running, err = start(cmd)
	return err
}

func (p *plain) pass(context.Context) (cost, error) {
	if _, err := p.running.in.Write([]byte("\n")); err != nil {
		return cost{}, err
	}
	var told struct {
		cost
		Fresh int
	}
	if err := p.out.Decode(&told); err != nil {
		return cost{}, fmt.Errorf("reading what it did: %w\n%s", err, p.running.said.String())
	}
	p.seen += told.Fresh
	peak, err := memory(p.running.pid(), "VmHWM")
	told.Peak = peak
	return told.cost, err
}

func (p *plain) items(context.Context) (int, error) { return p.seen, nil }

func (p *plain) close() error {
	if p.running == nil {
		return nil
	}
	running := p.running
	p.running = nil
	return running.stop()
}

// newsboat is a reader for terminals, in C++, with SQLite.
type newsboat struct{ dir string }

func (n *newsboat) name() string { return "newsboat" }

func (n *newsboat) begin(_ context.Context, feeds []string) error {
	if err := renew(n.dir); err != nil {
		return err
	}
	const config = "reload-threads 16\ndownload-retries 1\nmax-items 0\n"
	if err := os.WriteFile(n.file("config"), []byte(config), 0o644); err != nil {
		return err
	}
	return os.WriteFile(n.file("urls"), []byte(strings.Join(feeds, "\n")+"\n"), 0o644)
}

func (n *newsboat) file(name string) string { return filepath.Join(n.dir, name) }

func (n *newsboat) pass(ctx context.Context) (cost, error) {
	cmd := command(ctx, "newsboat", "-C", n.file("config"), "-u", n.file("urls"),
		"-c", n.file("cache.db"), "-x", "reload")
	cmd.Env = append(os.Environ(), "HOME="+n.dir)
	c, _, err := measure(cmd)
	return c, err
}

func (n *newsboat) items(ctx context.Context) (int, error) {
	return countRows(ctx, n.file("cache.db"), "rss_item")
}

func (n *newsboat) close() error { return nil }
