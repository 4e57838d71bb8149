// Package config reads the settings of the program and finds every mistake in them, each with its
// line.
//
// A config is TOML. [Parse] is strict: an unknown key, a wrong type, a rule that cannot be read or
// a subscription to a watch that does not exist is a [Mistake], and all of them are reported at
// once as [Mistakes]. What is left unsaid has the default of the package that owns the section; a
// config as a whole replaces the built-in one of [Default], and nothing is merged.
//
// In strings, ${NAME} stands for an environment variable (empty when unset) and ${file:PATH} for
// what a file holds; $${ is a plain ${. What they stand for is never part of a message.
package config

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/console"
	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/config/toml"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
	"github.com/tensionwatch/tensionwatch/web"
)

// Mistake is one thing wrong in a config, and its place.
type Mistake = toml.Mistake

// Mistakes is every mistake of a config in order of place: as text, one a line as
// FILE:LINE:COL: message, the line and a caret below where that helps.
type Mistakes = toml.Mistakes

// Config is everything a config says, checked and with defaults where it says nothing.
type Config struct {
	Store         store.Settings
	Poll          feeds.Settings
	Feeds         []feeds.Source
	Headers       map[string]map[string]string // sent along, by feed address; secret
	Watches       []rules.Watch
	Aliases       []rules.Alias
	Subscriptions []bot.Subscription
	Bot           bot.Settings
	Slack         slack.Settings
	Discord       discord.Settings
	Console       console.Settings
	Web           web.Settings
	Summary       story.SummarySettings

	notes []string
}

// Notes tells, a line each, what the config asks for and this version does not do, and which
// platforms are off for want of a token. They hold no secrets.
func (c *Config) Notes() []string { return c.notes }

//go:embed default.toml
var defaultText []byte

// Default is the config of a program that is given none: public feeds, two watches, the console.
// Its platforms take their tokens from the environment.
func Default() *Config {
	c, err := Parse("default.toml", defaultText, os.Getenv)
	if err != nil {
		panic(err) // the text is part of the program, and a test reads it
	}
	return c
}

// Load reads the config in a file; env is [os.Getenv] or something like it. The error is a
// [Mistakes], or says why the file cannot be read.
func Load(path string, env func(string) string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the config: %w (name another file with -config, "+
			"or begin with a copy of config.example.toml)", err)
	}
	return Parse(path, text, env)
}

// Parse reads a config. The name of its file goes into the mistakes, and relative paths of
// ${file:PATH} begin in its folder. The error is a [Mistakes].
func Parse(name string, text []byte, env func(string) string) (*Config, error) {
	d := toml.Parse(name, text, env)
	c := &draft{Config: defaults(env)}
	d.Read(schema(c))
	check(d, c)
	if mistakes := d.Mistakes(); len(mistakes) > 0 {
		return nil, mistakes
	}
	c.notes = remarks(d, c.Config)
	return c.Config, nil
}

// defaults is the config that says nothing.
func defaults(env func(string) string) *Config {
	return &Config{
		Store:   store.DefaultSettings(),
		Poll:    feeds.DefaultSettings(),
		Headers: map[string]map[string]string{},
		Bot:     bot.DefaultSettings(),
		Slack:   slackDefaults(env),
		Discord: discordDefaults(env),
		Console: console.DefaultSettings(),
		Web:     web.DefaultSettings(),
		Summary: story.DefaultSummarySettings(),
	}
}

// slackDefaults is what the platform's package says, with the tokens of the environment.
func slackDefaults(env func(string) string) slack.Settings {
	s := slack.DefaultSettings()
	s.BotToken = env("SLACK_BOT_TOKEN")
	s.AppToken = env("SLACK_APP_TOKEN")
	s.SigningSecret = env("SLACK_SIGNING_SECRET")
	return s
}

// discordDefaults is what the platform's package says, with the token of the environment.
func discordDefaults(env func(string) string) discord.Settings {
	s := discord.DefaultSettings()
	s.Token = env("DISCORD_TOKEN")
	return s
}
