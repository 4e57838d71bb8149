// Tensionwatch watches the news for signs of regional tension and tells the right chat channel,
// once. This file is the program's commands; run.go wires the stages together and runs them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	_ "time/tzdata" // the zones of schedules, where the system has none

	"github.com/tensionwatch/tensionwatch/config"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(program(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// command is one word that may stand after the program's name.
type command struct {
	name  string
	usage string // the flags and arguments, for people
	does  string
	run   func(context.Context, *call) error
}

func allCommands() []command {
	return []command{
		{"run", "[-config FILE] [-once [-now TIME]]", "watch, and alert", run},
		{"sift", "[-config FILE] [-json] [-all] FEED…",
			"a dry run over feed files or URLs: what would be alerted, and why", sift},
		{"opml", "[-config FILE] import|export FILE",
			"feeds from other readers or for them, secrets in addresses included; - is stdin or stdout",
			feedList},
		{"manifest", "[-config FILE] slack|discord", "the app to paste into Slack, or the link that invites the bot to Discord", manifest},
		{"check", "[-config FILE]", "every mistake of a config, with line numbers", check},
		{"health", "[URL]", "exit 0 if the running bot is ready", health},
		{"version", "", "what this is", version},
	}
}

// call is a command as it was typed. Its flags are defined by the command and read by parse.
type call struct {
	command
	typed  []string
	flags  *flag.FlagSet
	stdout io.Writer
	stderr io.Writer
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

// program runs one command and returns the exit code.
func program(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || strings.TrimLeft(args[0], "-") == "h" || args[0] == "help" ||
		strings.TrimLeft(args[0], "-") == "help" {
		usage(stdout)
		return exitDone
	}
	for _, c := range allCommands() {
		if c.name == strings.TrimLeft(args[0], "-") {
			return exitCode(c.run(ctx, newCall(c, args[1:], stdout, stderr)), stderr)
		}
	}
	fmt.Fprintf(stderr, "tensionwatch: %q is not a command; `tensionwatch help` lists them\n", args[0])
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "tensionwatch watches the news and tells chat channels, once.\n\nCommands:")
	for _, c := range allCommands() {
		fmt.Fprintf(w, "  tensionwatch %s %s\n        %s\n", c.name, c.usage, c.does)
	}
	fmt.Fprintln(w, "\n`tensionwatch COMMAND -h` lists a command's flags.")
}

// exitCode says what an error means to whoever called the program, and prints it.
func exitCode(err error, stderr io.Writer) int {
	var mistakes config.Mistakes
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.As(err, &mistakes):
		fmt.Fprintln(stderr, mistakes)
		return exitUsage
	case errors.As(err, new(usageError)):
		fmt.Fprintln(stderr, "tensionwatch:", err)
		return exitUsage
	}
	fmt.Fprintln(stderr, "tensionwatch:", err)
	return exitFailed
}

func newCall(c command, args []string, stdout, stderr io.Writer) *call {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return &call{command: c, typed: args, flags: flags, stdout: stdout, stderr: stderr}
}

// parse reads the flags, which may stand before, after and between the arguments, and returns the
// arguments.
func (c *call) parse() (args []string, err error) {
	rest := c.typed
	for {
		err := c.flags.Parse(rest)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(c.stdout, "tensionwatch %s %s\n    %s\n", c.name, c.usage, c.does)
			c.flags.SetOutput(c.stdout)
			c.flags.PrintDefaults()
			return nil, err
		}
		if err != nil {
			return nil, usageError{fmt.Errorf("%s: %w; `tensionwatch %s -h` lists the flags",
				c.name, err, c.name)}
		}
		if c.flags.NArg() == 0 {
			return args, nil
		}
		args = append(args, c.flags.Arg(0))
		rest = c.flags.Args()[1:]
	}
}

// parseNoArgs is parse for commands that take flags only.
func (c *call) parseNoArgs() error {
	args, err := c.parse()
	if err == nil && len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", c.name, args[0])}
	}
	return err
}

// settings are the flags of every command that reads a config.
type settings struct {
	config, format, level string
}

func (c *call) settings() *settings {
	s := new(settings)
	c.flags.StringVar(&s.config, "config", "", "config `file`; without one, the built-in default")
	c.flags.StringVar(&s.format, "log-format", "text", "text or json")
	c.flags.StringVar(&s.level, "log-level", "info", "debug, info, warn or error")
	return s
}

func (s *settings) load() (*config.Config, error) {
	if s.config == "" {
		return config.Default(), nil
	}
	cfg, err := config.Load(s.config, os.Getenv)
	if err != nil && !errors.As(err, new(config.Mistakes)) {
		return nil, usageError{err}
	}
	return cfg, err
}

// logger makes the log that the flags ask for. It writes to w only.
func (s *settings) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.level)); err != nil {
		return nil, usageError{fmt.Errorf("-log-level %q: write debug, info, warn or error", s.level)}
	}
	options := &slog.HandlerOptions{Level: level}
	switch s.format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, usageError{fmt.Errorf("-log-format %q: write text or json", s.format)}
}
