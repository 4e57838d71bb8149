package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
)

var _ bot.Platform = (*Console)(nil)

// writer notes each call and takes at most so many bytes of it.
type writer struct {
	calls []string
	takes int // if negative, everything
	err   error
}

func (w *writer) Write(p []byte) (int, error) {
	w.calls = append(w.calls, string(p))
	if w.takes < 0 {
		return len(p), nil
	}
	return w.takes, w.err
}

func alert(headline string) bot.Message {
	return bot.Message{Delivery: "d1", Kind: bot.KindAlert,
		Cards: []bot.Card{{Headline: bot.Text{{Text: headline}}}}}
}

func TestPostWritesOnce(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		w := &writer{takes: -1}
		c := New(w, Settings{Format: format}, Options{})
		receipt, err := c.Post(t.Context(), "console:", alert("Oman"))
		if err != nil || receipt.ID != "d1" {
			t.Errorf("%s: receipt %q, error %v", format, receipt.ID, err)
		}
		if c.Name() != bot.Channel("console:").Platform() {
			t.Errorf("name %q", c.Name())
		}
		if len(w.calls) != 1 || !strings.HasSuffix(w.calls[0], "\n") {
			t.Errorf("%s: writes %q, want one that ends a line", format, w.calls)
		}
	}
}

func TestPostFails(t *testing.T) {
	full := errors.New("no space left on device")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name             string
		ctx              context.Context
		takes            int
		err              error
		retry, uncertain bool
		cause            error
	}{
		{"nothing written", t.Context(), 0, full, true, false, full},
		{"a part written", t.Context(), 3, full, false, true, full},
		{"less written without saying so", t.Context(), 3, nil, false, true, io.ErrShortWrite},
		{"no time left", ended, -1, nil, true, false, context.Canceled},
	} {
		c := New(&writer{takes: test.takes, err: test.err}, DefaultSettings(), Options{})
		_, err := c.Post(test.ctx, "console:", alert("Oman"))
		var retry *bot.RetryError
		if errors.As(err, &retry) != test.retry || errors.Is(err, bot.ErrUncertain) != test.uncertain ||
			!errors.Is(err, test.cause) {
			t.Errorf("%s: got %v", test.name, err)
		}
		if test.retry && retry.After != retryAfter {
			t.Errorf("%s: again in %v, want %v", test.name, retry.After, retryAfter)
		}
	}
}

// TestPostsDoNotMix posts from many goroutines; the race detector sees an unguarded writer.
func TestPostsDoNotMix(t *testing.T) {
	var out bytes.Buffer
	c := New(&out, DefaultSettings(), Options{})
	var posts sync.WaitGroup
	for range 50 {
		posts.Go(func() {
			if _, err := c.Post(context.Background(), "console:", alert("Oman")); err != nil {
				t.Error(err)
			}
		})
	}
	posts.Wait()
	if want := strings.Repeat("Oman\n\n", 50); out.String() != want {
		t.Errorf("got %q", out.String())
	}
}

func TestWantsColor(t *testing.T) {
	for _, test := range []struct {
		noColor, term string
		want          bool
	}{
		{"", "xterm-256color", true},
		{"", "", true},
		{"", "dumb", false},
		{"1", "xterm-256color", false},
	} {
		env := map[string]string{"NO_COLOR": test.noColor, "TERM": test.term}
		if got := wantsColor(func(name string) string { return env[name] }); got != test.want {
			t.Errorf("%v: got %v", env, got)
		}
	}
}

func TestFileIsNoTerminal(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := Terminal(f); got != (Options{}) {
		t.Errorf("got %+v, want no colour and no width", got)
	}
}

// TestJSONLists asserts that empty lists are [] and that notices alone have a title.
func TestJSONLists(t *testing.T) {
	for _, test := range []struct {
		name string
		m    bot.Message
		want string
	}{
		{"notice", bot.Message{Delivery: "d", Kind: bot.KindNotice, Title: "T"},
			`{"delivery":"d","kind":"notice","channel":"console:","stories":[],"title":"T","lines":[]}`},
		{"card", bot.Message{Delivery: "d", Kind: bot.KindDigest, Title: "T",
			Rest: []bot.Card{{Story: "s"}}},
			`{"delivery":"d","kind":"digest","channel":"console:","stories":[{"story":"s","revision":0,` +
				`"watches":[],"headline":"","summary":"","publishers":[],"links":[],"severity":"none"}]}`},
		{"link", bot.Message{Delivery: "d", Kind: bot.KindAlert,
			Cards: []bot.Card{{Links: []string{"https://a.example/?b&c"}}}},
			`{"delivery":"d","kind":"alert","channel":"console:","stories":[{"story":"","revision":0,` +
				`"watches":[],"headline":"","summary":"","publishers":[],` +
				`"links":["https://a.example/?b&c"],"severity":"none"}]}`},
	} {
		got, err := renderJSON("console:", test.m)
		if err != nil || string(got) != test.want+"\n" {
			t.Errorf("%s: got %s, error %v\nwant %s", test.name, got, err, test.want)
		}
	}
}
