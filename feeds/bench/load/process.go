package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is what a pass over all feeds took.
type cost struct {
	CPU  time.Duration // user and system, of all processes that work for the program
	Wall time.Duration
	Peak int64 // bytes of memory in use at most, of the program itself
}

// buildAll builds what is ours, as it is released. The program's dependencies are its own module's.
func buildAll(ctx context.Context, dir string) error {
	const program = "github.com/tensionwatch/tensionwatch"
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", program).Output()
	if err != nil {
		return fmt.Errorf("finding the program's module: %w", err)
	}
	for _, made := range []struct{ name, pkg, in string }{
		{"tensionwatch", program, strings.TrimSpace(string(root))},
		{"server", program + "/feeds/bench/server", ""},
		{"plain", program + "/feeds/bench/plain", ""},
	} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w",
			"-o", filepath.Join(dir, made.name), made.pkg)
		cmd.Dir = made.in
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", made.name, err, out)
		}
	}
	return nil
}

// command is a program that is told to end, and has time to, when ctx ends.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// measure runs a command to its end and returns what it took and its standard output.
func measure(cmd *exec.Cmd) (cost, []byte, error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return cost{}, nil, err
	}
	ended := make(chan struct{})
	peak := watchPeak(cmd.Process.Pid, ended)
	err := cmd.Wait()
	close(ended)
	c := cost{Wall: time.Since(began), Peak: <-peak}
	if err != nil {
		return cost{}, nil, fmt.Errorf("running %s: %w\n%s", cmd.Path, err, tail(errs.String()))
	}
	c.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return c, out.Bytes(), nil
}

// tail is the end of what a program said.
func tail(said string) string { return said[max(0, len(said)-2000):] }

// watchPeak returns the most memory that a process has used when it ended. It looks again and
// again: what the system tells afterwards counts in the memory of whoever started it.
func watchPeak(pid int, ended <-chan struct{}) <-chan int64 {
	peak := make(chan int64, 1)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		var last int64
		for {
			if n, err := memory(pid, "VmHWM"); err == nil {
				last = n
			}
			select {
			case <-tick.C:
			case <-ended:
				peak <- last
				return
			}
		}
	}()
	return peak
}

// memory reads a line of a process's status, such as VmRSS, in bytes.
func memory(pid int, key string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); name == key {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("process %d tells no %s", pid, key)
}

// tick is the unit of processor time in /proc, the same on all Linux systems of today.
const tick = 10 * time.Millisecond

// spent reads the processor time that a process, and those of its children that have ended, took.
func spent(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(string(text))
}

// parseStat reads /proc/PID/stat. The name of the program, in parentheses, may hold anything.
func parseStat(text string) (time.Duration, error) {
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 15 {
		return 0, fmt.Errorf("reading the times of a process in %q", text)
	}
	var sum int64
	for _, field := range fields[11:15] { // utime, stime, cutime, cstime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return time.Duration(sum) * tick, nil
}

// children lists the processes that a process has started and that still run.
func children(pid int) (list []int, err error) {
	names, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for field := range strings.FieldsSeq(string(text)) {
			n, err := strconv.Atoi(field)
			if err != nil {
				return nil, err
			}
			list = append(list, n)
		}
	}
	return list, nil
}

// daemon is a process that runs until it is stopped.
type daemon struct {
	cmd  *exec.Cmd
	said bytes.Buffer // on standard error
	in   io.WriteCloser
}

// start starts a process that stop ends.
func start(cmd *exec.Cmd) (*daemon, error) {
	d := &daemon{cmd: cmd}
	cmd.Stderr = &d.said
	var err error
	if d.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return d, cmd.Start()
}

func (d *daemon) pid() int { return d.cmd.Process.Pid }

// stop tells the process to end and waits until it has. Ending by our signal is no failure.
func (d *daemon) stop() error {
	d.in.Close()
	d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	err := d.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if how, ok := exit.Sys().(syscall.WaitStatus); ok && how.Signal() == syscall.SIGTERM {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("stopping %s: %w\n%s", d.cmd.Path, err, tail(d.said.String()))
	}
	return nil
}
