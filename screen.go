package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"github.com/tensionwatch/tensionwatch/feeds"
)

// screen is standard error: log lines, and below them, on a terminal, one line of progress that
// they never run into.
type screen struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	line     string // the progress shown now
}

// wipe moves to the start of the line and clears it.
const wipe = "\r\x1b[K"

func newScreen(out io.Writer) *screen {
	file, ok := out.(*os.File)
	return &screen{out: out, terminal: ok && term.IsTerminal(int(file.Fd()))}
}

// Write prints a log line above the progress.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.line == "" {
		return s.out.Write(p)
	}
	if _, err := fmt.Fprintf(s.out, "%s%s%s", wipe, p, s.line); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *screen) show(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.terminal && line != s.line {
		s.line = line
		fmt.Fprintf(s.out, "%s%s", wipe, line)
	}
}

// progress shows how far the first poll of all feeds is. It is safe for concurrent use.
type progress struct {
	screen *screen
	mu     sync.Mutex
	total  int
	seen   map[int64]bool
	items  int
	failed int
}

func (s *screen) progress(total int) *progress {
	p := &progress{screen: s, total: total, seen: make(map[int64]bool)}
	s.show(p.String())
	return p
}

// polled counts a feed's first answer; after every feed's first one the line goes away.
func (p *progress) polled(poll feeds.Poll) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil || p.seen[poll.Feed.ID] {
		return
	}
	p.seen[poll.Feed.ID] = true
	p.items += poll.Fetched
	if poll.Result == feeds.PollFailed {
		p.failed++
	}
	if len(p.seen) < p.total {
		p.screen.show(p.String())
		return
	}
	p.seen = nil
	p.screen.show("")
}

// done takes the line away.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = nil
	p.screen.show("")
}

// String is the line of progress.
func (p *progress) String() string {
	line := fmt.Sprintf("first poll: %d of %d feeds, %d items", len(p.seen), p.total, p.items)
	if p.failed > 0 {
		line += fmt.Sprintf(", %d failed", p.failed)
	}
	return line
}
