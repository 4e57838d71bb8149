package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/tensionwatch/tensionwatch/web"
)

// release is the version that the release build sets.
var release string

// check prints every mistake of a config.
func check(_ context.Context, c *call) error {
	settings := c.settings()
	if err := c.parseNoArgs(); err != nil {
		return err
	}
	if _, err := settings.logger(c.stderr); err != nil {
		return err
	}
	if _, err := settings.load(); err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, "ok")
	return nil
}

// health asks the running program whether it is ready.
func health(ctx context.Context, c *call) error {
	args, err := c.parse()
	if err != nil {
		return err
	}
	url := "http://" + web.DefaultSettings().Listen
	switch {
	case len(args) > 1:
		return usageError{fmt.Errorf("health takes one URL, got %d", len(args))}
	case len(args) == 1:
		url = args[0]
	}
	if err := web.Check(ctx, url); err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, "ready")
	return nil
}

// version says what was built, from what, with what.
func version(_ context.Context, c *call) error {
	if err := c.parseNoArgs(); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "tensionwatch %s (%s, %s/%s)\n",
		versionOf(release), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// versionOf is the release's version, else what the toolchain noted of the checkout.
func versionOf(release string) string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
