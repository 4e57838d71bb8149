package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // reads what was stored
)

// subject is a program that is measured. It lives in a folder of its own, remembers from pass to
// pass what it was told, and forgets it all at begin.
type subject interface {
	name() string

	// begin makes the program ready for its first pass over feeds; what that takes is not counted.
	begin(ctx context.Context, feeds []string) error

	// pass asks every feed once.
	pass(ctx context.Context) (cost, error)

	// items returns how many items the program has taken in since begin.
	items(ctx context.Context) (int, error)

	// close ends what the program left running.
	close() error
}

// product is the program: run -once, again and again, with one database.
type product struct {
	binary, dir string
}

func (p *product) name() string { return "tensionwatch" }

// begin writes the config.
func (p *product) begin(_ context.Context, feeds []string) error {
	if err := renew(p.dir); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("[poll]\nallow_private_networks = true\n\n" +
		"[console]\nformat = \"json\"\n\n[web]\nlisten = \"\"\n\n" +
		"[[watch]]\nname = \"oman-talks\"\nrule = 'Oman talks'\n\n" +
		"[[watch]]\nname = \"shamkhani\"\nrule = 'Shamkhani'\n")
	fmt.Fprintf(&b, "\n[store]\nurl = %q\n", "sqlite:"+p.database())
	for _, url := range feeds {
		fmt.Fprintf(&b, "\n[[feed]]\nurl = %q\n", url)
	}
	return os.WriteFile(p.config(), []byte(b.String()), 0o644)
}

func (p *product) config() string   { return filepath.Join(p.dir, "tensionwatch.toml") }
func (p *product) database() string { return filepath.Join(p.dir, "tensionwatch.db") }

// command is a call of the program.
func (p *product) command(ctx context.Context, args ...string) *exec.Cmd {
	args = append([]string{"run", "-config", p.config(), "-log-level", "warn"}, args...)
	return command(ctx, p.binary, args...)
}

// pass runs the program once. A feed that failed makes the figures worthless.
func (p *product) pass(ctx context.Context) (cost, error) {
	c, out, err := measure(p.command(ctx, "-once"))
	if err != nil {
		return c, err
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	var last struct {
		Tally struct{ Polls map[string]int }
	}
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil {
		return c, fmt.Errorf("reading the tally: %w", err)
	}
	if n := last.Tally.Polls["failed"] + last.Tally.Polls["skipped"]; n > 0 {
		return c, fmt.Errorf("%d polls failed", n)
	}
	return c, nil
}

func (p *product) items(ctx context.Context) (int, error) {
	return countRows(ctx, p.database(), "items")
}

func (p *product) close() error { return nil }

// renew makes an empty folder.
func renew(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
}

// countRows counts the rows of a table in a database of SQLite.
func countRows(ctx context.Context, file, table string) (n int, err error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "select count(*) from "+table).Scan(&n)
	return n, err
}
