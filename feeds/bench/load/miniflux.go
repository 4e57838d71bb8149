package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postgresFolder finds the programs of a PostgreSQL that is installed.
func postgresFolder() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(found) == 0 {
		return "", errors.Join(err, errors.New("PostgreSQL is not installed"))
	}
	return found[len(found)-1], nil
}

// miniflux is a reader for the web, in Go, with PostgreSQL. Its database server counts as part of
// it; its memory does not.
type miniflux struct {
	binary, postgres, dir string
	database              *daemon
}

func (m *miniflux) name() string { return "Miniflux" }

// begin starts a new database and hands over the feeds as OPML.
func (m *miniflux) begin(ctx context.Context, feeds []string) error {
	if err := m.close(); err != nil {
		return err
	}
	if err := renew(m.dir); err != nil {
		return err
	}
	if err := m.startDatabase(ctx); err != nil {
		return err
	}
	if _, _, err := measure(m.command(ctx, "-migrate")); err != nil {
		return err
	}
	return m.adopt(ctx, feeds)
}

// startDatabase makes a database of our own, which is reached through a socket in its folder only.
func (m *miniflux) startDatabase(ctx context.Context) error {
	owner, err := owner(m.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(m.dir, "data")
	initdb := command(ctx, filepath.Join(m.postgres, "initdb"), "-D", data, "-A", "trust",
		"-U", "miniflux", "-E", "UTF8", "--locale", "C")
	initdb.SysProcAttr = owner
	if _, _, err := measure(initdb); err != nil {
		return err
	}
	run := command(ctx, filepath.Join(m.postgres, "postgres"), "-D", data, "-k", m.dir,
		"-c", "listen_addresses=")
	run.SysProcAttr = owner
	if m.database, err = start(run); err != nil {
		return err
	}
	return soon(ctx, func() error { return m.sql(ctx, "postgres", "create database miniflux", nil) })
}

// owner hands a folder over to the user that PostgreSQL is run as when we are root: it refuses to
// run as that.
func owner(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}},
		os.Chown(dir, uid, gid)
}

// command is a call of Miniflux.
func (m *miniflux) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := command(ctx, m.binary, args...)
	cmd.Env = append(os.Environ(),
		"DATABASE_URL=user=miniflux dbname=miniflux sslmode=disable host="+m.dir,
		"WORKER_POOL_SIZE=16", "BATCH_SIZE=1000000", "POLLING_LIMIT_PER_HOST=0",
		"FETCHER_ALLOW_PRIVATE_NETWORKS=1", "DISABLE_SCHEDULER_SERVICE=1",
		"CREATE_ADMIN=1", "ADMIN_USERNAME=bench", "ADMIN_PASSWORD=benchbench",
		"LISTEN_ADDR="+m.socket(), "LOG_LEVEL=error")
	return cmd
}

// socket is where Miniflux listens while it is handed the feeds.
func (m *miniflux) socket() string { return filepath.Join(m.dir, "web.sock") }

// adopt starts Miniflux, imports the feeds and ends it.
func (m *miniflux) adopt(ctx context.Context, feeds []string) (err error) {
	web, err := start(m.command(ctx))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, web.stop()) }()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", m.socket())
		},
	}}
	list := opml(feeds)
	return soon(ctx, func() error {
		req, err := http.NewRequestWithContext(ctx, "POST", "http://miniflux/v1/import",
			strings.NewReader(list))
		if err != nil {
			return err
		}
		req.SetBasicAuth("bench", "benchbench")
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusCreated {
			said, _ := io.ReadAll(resp.Body)
			return fmt.Errorf("importing feeds: %s %s", resp.Status, said)
		}
		return nil
	})
}

// opml writes the feeds as OPML.
func opml(feeds []string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><opml version="2.0"><body>`)
	for i, url := range feeds {
		fmt.Fprintf(&b, `<outline type="rss" text="Feed %d" xmlUrl="%s" htmlUrl="%s"/>`,
			i, url, strings.TrimSuffix(url, "feed"))
	}
	return b.String() + `</body></opml>`
}

// pass makes all feeds due and has them refreshed.
func (m *miniflux) pass(ctx context.Context) (cost, error) {
	if _, _, err := measure(m.command(ctx, "-reset-feed-next-check-at")); err != nil {
		return cost{}, err
	}
	before, err := m.databaseTime()
	if err != nil {
		return cost{}, err
	}
	c, _, err := measure(m.command(ctx, "-refresh-feeds"))
	if err != nil {
		return cost{}, err
	}
	after, err := m.databaseTime()
	c.CPU += after - before
	return c, err
}

// databaseTime is the processor time that the database server took so far, with its processes.
func (m *miniflux) databaseTime() (sum time.Duration, err error) {
	all, err := children(m.database.pid())
	if err != nil {
		return 0, err
	}
	for _, pid := range append(all, m.database.pid()) {
		t, err := spent(pid)
		if errors.Is(err, os.ErrNotExist) {
			continue // ended meanwhile: its parent counts it
		}
		if err != nil {
			return 0, err
		}
		sum += t
	}
	return sum, nil
}

func (m *miniflux) items(ctx context.Context) (n int, err error) {
	var out []byte
	if err := m.sql(ctx, "miniflux", "select count(*) from entries", &out); err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// sql runs a statement and returns what it prints.
func (m *miniflux) sql(ctx context.Context, database, statement string, out *[]byte) error {
	_, printed, err := measure(command(ctx, filepath.Join(m.postgres, "psql"), "-h", m.dir,
		"-U", "miniflux", "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement))
	if out != nil {
		*out = printed
	}
	return err
}

func (m *miniflux) close() error {
	if m.database == nil {
		return nil
	}
	running := m.database
	m.database = nil
	running.cmd.Process.Signal(syscall.SIGINT) // at once, whoever is connected
	return running.stop()
}

// soon tries until it succeeds, for a program that has just been started.
func soon(ctx context.Context, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return nil
		}
		if pause(ctx, 100*time.Millisecond) != nil {
			return err
		}
	}
}
