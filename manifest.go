package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tensionwatch/tensionwatch/bot/slack"
)

// manifest prints what a platform wants to know of an app that is to be this bot.
func manifest(_ context.Context, c *call) error {
	settings := c.settings()
	args, err := c.parse()
	if err != nil {
		return err
	}
	if len(args) != 1 || args[0] != "slack" {
		return usageError{errors.New("manifest: name the platform: `tensionwatch manifest slack`")}
	}
	cfg, err := settings.load()
	if err != nil {
		return err
	}
	if cfg.Slack.Mode == "http" && cfg.Web.PublicURL == "" {
		return usageError{errors.New("manifest: in mode http Slack must know our address: " +
			"set [web] public_url to where people reach us, like https://tensionwatch.example.org")}
	}
	_, err = fmt.Fprintf(c.stdout, "%s", slack.Manifest(cfg.Slack, cfg.Web.PublicURL))
	return err
}
