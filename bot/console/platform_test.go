package console_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/console"
	"github.com/tensionwatch/tensionwatch/bot/platformtest"
)

// screen is a console and what it wrote. A post has no name there.
type screen struct {
	console *console.Console

	mu    sync.Mutex
	posts []platformtest.Post
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = append(s.posts, platformtest.Post{Text: strings.Join(strings.Fields(string(p)), " ")})
	return len(p), nil
}

func (s *screen) Platform() bot.Platform { return s.console }

func (s *screen) Channel() bot.Channel { return "console:" }

func (s *screen) Posts() []platformtest.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts
}

func TestPlatform(t *testing.T) {
	platformtest.Run(t, func(*testing.T, bot.Handler) platformtest.Harness {
		s := &screen{}
		s.console = console.New(s, console.DefaultSettings(), console.Options{})
		return s
	})
}
