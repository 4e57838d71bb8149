// Package console posts messages to a terminal or a file, to be read by people or by programs.
//
// News text is hostile: none of it moves the cursor, colours the terminal, begins a line or turns
// the direction of the words beside it. The JSON keeps every character and escapes such ones.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/tensionwatch/tensionwatch/bot"
)

// Settings is the [console] section of the config.
type Settings struct {
	Enabled bool
	Format  string // "text" or "json"
}

// DefaultSettings are the settings of a config that says nothing.
func DefaultSettings() Settings { return Settings{Enabled: true, Format: "text"} }

// Options say what the text is printed on. The zero value is a file: 80 columns without colour.
type Options struct {
	Color bool           // bold headlines, matched words underlined, severities coloured
	Width int            // columns; if zero, 80; no line is set wider than 100
	Zone  *time.Location // of the times; if nil, the machine's
}

// Terminal returns the options that suit f. It reads NO_COLOR (https://no-color.org) and TERM.
func Terminal(f *os.File) Options {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return Options{}
	}
	width, _, err := term.GetSize(fd)
	if err != nil {
		width = 0
	}
	return Options{Color: wantsColor(os.Getenv), Width: width}
}

// wantsColor says whether a terminal is to be coloured.
func wantsColor(getenv func(string) string) bool {
	return getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}

// retryAfter is how long a post waits that the console did not take.
const retryAfter = 5 * time.Second

// Console is a [bot.Platform] that writes. It is safe for concurrent use: no two posts mix.
type Console struct {
	render func(bot.Channel, bot.Message) ([]byte, error)

	mu  sync.Mutex
	out io.Writer
}

// New makes a console that writes to w, each post in one call of its Write.
func New(w io.Writer, set Settings, opts Options) *Console {
	if set.Format == "json" {
		return &Console{out: w, render: renderJSON}
	}
	return &Console{out: w, render: func(_ bot.Channel, m bot.Message) ([]byte, error) {
		return renderText(m, opts), nil
	}}
}

// Name is the part of a channel's name that means the console.
func (c *Console) Name() string { return "console" }

// Post writes the message. A console names no posts: the receipt's ID is the delivery's. Where
// nothing was written the error is a *[bot.RetryError], where a part was it is [bot.ErrUncertain].
func (c *Console) Post(ctx context.Context, ch bot.Channel, m bot.Message) (bot.Receipt, error) {
	post, err := c.render(ch, m)
	if err != nil {
		return bot.Receipt{}, fmt.Errorf("rendering delivery %q: %w", m.Delivery, err)
	}
	if err := c.write(ctx, post); err != nil {
		return bot.Receipt{}, err
	}
	return bot.Receipt{ID: m.Delivery}, nil
}

// Serve waits for ctx to end: nobody gives commands on the console.
func (c *Console) Serve(ctx context.Context, _ bot.Handler) error {
	<-ctx.Done()
	return nil
}

func (c *Console) write(ctx context.Context, post []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return &bot.RetryError{After: retryAfter, Err: context.Cause(ctx)}
	}
	n, err := c.out.Write(post)
	if err == nil && n < len(post) {
		err = io.ErrShortWrite
	}
	switch {
	case err == nil:
		return nil
	case n == 0:
		err = fmt.Errorf("writing to the console: %w", err)
		return &bot.RetryError{After: retryAfter, Err: err}
	}
	err = errors.Join(bot.ErrUncertain, err)
	return fmt.Errorf("writing to the console: %d of %d bytes: %w", n, len(post), err)
}
