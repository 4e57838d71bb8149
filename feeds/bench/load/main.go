// Command load measures the whole program as it polls 1,000 feeds of 25 items on this machine, and
// prints what a feed costs when it is new, when its server says that nothing changed, when the body
// shows it, and when 5 items are new; what 10,000 feeds take of memory, and what the program takes
// while there is nothing to do but poll on schedule.
//
//	go run ./load                         the program alone, a quarter of an hour
//	go run ./load -peers                  others too, in turns on the same server
//	go run ./load -feeds 100 -many 0 -idle 0 -rounds 1
//
// The others are a bot that has nothing but gofeed; newsboat, where it is installed; and Miniflux,
// which is built from its module and given a PostgreSQL of its own, where that is installed. It
// needs Linux: what a process takes is read from /proc.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// plan is what to measure.
type plan struct {
	feeds  int
	many   int           // feeds of the run for memory; 0 for none
	rounds int           // how often each kind of pass is measured
	idle   time.Duration // how long to watch the program wait; 0 for not at all
	peers  bool
	dir    string // where everything is built, written and served from
}

func main() {
	var p plan
	flag.IntVar(&p.feeds, "feeds", 1000, "how many feeds to poll")
	flag.IntVar(&p.many, "many", 10_000, "how many feeds to poll when memory is measured; 0: not")
	flag.IntVar(&p.rounds, "rounds", 3, "how often each kind of pass is measured, up to 10")
	flag.DurationVar(&p.idle, "idle", 5*time.Minute, "how long to watch the program wait; 0: not. "+
		"On the default schedule every feed is asked once in five minutes, most in the first of them")
	flag.BoolVar(&p.peers, "peers", false, "measure the others that can be had")
	flag.Parse()
	p.rounds = min(max(p.rounds, 1), 10)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, p)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// run measures and prints. What it starts it ends, and what it writes it deletes.
func run(ctx context.Context, p plan) (err error) {
	if p.dir, err = os.MkdirTemp("", "tensionwatch-load-"); err != nil {
		return err
	}
	defer os.RemoveAll(p.dir)
	if err := os.Chmod(p.dir, 0o755); err != nil { // PostgreSQL may run as somebody else
		return err
	}
	if err := buildAll(ctx, p.dir); err != nil {
		return err
	}
	r := &report{plan: p}
	if err := r.measure(ctx); err != nil {
		return err
	}
	r.print(os.Stdout)
	return nil
}

// progress tells whoever waits what is being done.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
