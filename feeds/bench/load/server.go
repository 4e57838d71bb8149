package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
)

// server is the process that serves the feeds.
type server struct {
	*daemon
	Control string   `json:"control"`
	Feeds   []string `json:"feeds"`
}

// counts is what the server answered since an edition was put on show.
type counts struct {
	Full        int `json:"full"`
	NotModified int `json:"not_modified"`
}

// serve starts a server of so many feeds and waits until it is ready.
func serve(ctx context.Context, dir string, feeds int) (*server, error) {
	cmd := command(ctx, filepath.Join(dir, "server"), "-feeds", strconv.Itoa(feeds))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s := new(server)
	if s.daemon, err = start(cmd); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, s)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("starting the server: %w\n%s", err, s.said.String())
	}
	return s, nil
}

// show puts an edition on show.
func (s *server) show(ctx context.Context, edition int, validators bool) error {
	return ask(ctx, "POST", fmt.Sprintf("%s/show?edition=%d&validators=%t",
		s.Control, edition, validators), nil)
}

// count tells what was answered since.
func (s *server) count(ctx context.Context) (c counts, err error) {
	err = ask(ctx, "GET", s.Control+"/count", &c)
	return c, err
}

// ask makes a request and reads the JSON of the answer into v, if that is wanted.
func ask(ctx context.Context, method, url string, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, url, resp.Status)
	}
	if v == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(v)
}
