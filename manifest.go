package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/config"
)

// manifest prints what a platform wants to know of an app that is to be this bot.
func manifest(_ context.Context, c *call) error {
	settings := c.settings()
	args, err := c.parse()
	if err != nil {
		return err
	}
	show, known := map[string]func(*config.Config) (string, error){
		"slack": slackManifest, "discord": discordManifest,
	}[strings.Join(args, " ")]
	if !known {
		return usageError{errors.New("manifest: name the platform: `tensionwatch manifest slack` or " +
			"`tensionwatch manifest discord`")}
	}
	cfg, err := settings.load()
	if err != nil {
		return err
	}
	text, err := show(cfg)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(c.stdout, text)
	return err
}

// slackManifest is the text to paste into Slack.
func slackManifest(cfg *config.Config) (string, error) {
	if cfg.Slack.Mode == "http" && cfg.Web.PublicURL == "" {
		return "", usageError{errors.New("manifest: in mode http Slack must know our address: " +
			"set [web] public_url to where people reach us, like https://tensionwatch.example.org")}
	}
	return string(slack.Manifest(cfg.Slack, cfg.Web.PublicURL)), nil
}

// discordManifest is the link that lets the bot into a server.
func discordManifest(cfg *config.Config) (string, error) {
	if cfg.Discord.ApplicationID == "" {
		return "", usageError{errors.New("manifest: set [discord] application_id: it stands on the " +
			"application's page (discord.com/developers/applications, General Information)")}
	}
	return discord.Manifest(cfg.Discord.ApplicationID), nil
}
