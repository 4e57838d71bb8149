package config

import (
	"math"
	"time"

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

// draft is a config while it is being read.
type draft struct {
	*Config
	feeds      []feed
	subscribes []subscribe
}

// feed is one [[feed]].
type feed struct {
	feeds.Source
	headers map[string]string
}

// subscribe is one [[subscribe]]: a subscription for each of the watches.
type subscribe struct {
	bot.Subscription
	watches []string
}

// schema is every key of a config, where its value goes and what it may be. It is read in this
// order whatever the order of the file.
func schema(c *draft) []toml.Key {
	return []toml.Key{
		toml.May("store", toml.Section(storeKeys(&c.Store))),
		toml.May("poll", toml.Section(pollKeys(&c.Poll))),
		toml.May("feed", toml.Sections(&c.feeds, feed{}, feedKeys)),
		toml.May("watch", toml.Sections(&c.Watches, rules.Watch{Owner: "config"}, watchKeys)),
		toml.May("alias", toml.Sections(&c.Aliases, rules.Alias{Owner: rules.Everyone}, aliasKeys)),
		toml.May("subscribe", toml.Sections(&c.subscribes, blankSubscribe(), subscribeKeys)),
		toml.May("bot", toml.Section(botKeys(&c.Bot))),
		toml.May("slack", toml.Section(slackKeys(&c.Slack))),
		toml.May("discord", toml.Section(discordKeys(&c.Discord))),
		toml.May("console", toml.Section(consoleKeys(&c.Console))),
		toml.May("web", toml.Section(webKeys(&c.Web))),
		toml.May("summary", toml.Section(summaryKeys(&c.Summary))),
	}
}

func storeKeys(s *store.Settings) []toml.Key {
	return []toml.Key{
		toml.May("url", toml.Word(&s.URL, database)),
		toml.May("keep", duration(&s.Keep, 7*day, 3650*day)),
	}
}

func pollKeys(s *feeds.Settings) []toml.Key {
	return []toml.Key{
		toml.May("schedule", toml.Word(&s.Schedule, cronSchedule)),
		toml.May("zone", toml.Word(&s.Zone, zoneName)),
		toml.May("max_interval", duration(&s.MaxInterval, time.Minute, 7*day)),
		toml.May("workers", toml.Whole(&s.Workers, 1, 1000)),
		toml.May("per_host", toml.Whole(&s.PerHost, 1, 100)),
		toml.May("timeout", duration(&s.Timeout, time.Second, 10*time.Minute)),
		toml.May("max_body", size(&s.MaxBody, 64<<10, 1<<30)),
		toml.May("user_agent", toml.Word(&s.UserAgent, headerText)),
		toml.May("backfill", duration(&s.Backfill, 0, 365*day)),
		toml.May("max_age", duration(&s.MaxAge, 0, 3650*day)),
		toml.May("proxy", toml.Word(&s.Proxy, toml.OrEmpty(proxyAddress))),
		toml.May("allow_private_networks", toml.Flag(&s.AllowPrivateNetworks)),
	}
}

func feedKeys(s *feed) []toml.Key {
	return []toml.Key{
		toml.Must("url", toml.Word(&s.URL, feedAddress)),
		toml.May("name", toml.Text(&s.Name)),
		toml.May("publisher", toml.Text(&s.Publisher)),
		toml.May("schedule", toml.Word(&s.Schedule, toml.OrEmpty(cronSchedule))),
		toml.May("zone", toml.Word(&s.Zone, toml.OrEmpty(zoneName))),
		toml.May("full_text", toml.Flag(&s.FullText)),
		toml.May("headers", headers(&s.headers)),
	}
}

func watchKeys(w *rules.Watch) []toml.Key {
	return []toml.Key{
		toml.Must("name", toml.Word(&w.Name, watchName)),
		toml.Must("rule", rule(&w.Rule)),
	}
}

func aliasKeys(a *rules.Alias) []toml.Key {
	return []toml.Key{toml.Must("names", toml.Words(&a.Names, spelling))}
}

func blankSubscribe() subscribe {
	return subscribe{Subscription: bot.Subscription{
		Policy: policyInstant, MinPublishers: 1, MinSeverity: story.SeverityNone,
	}}
}

func subscribeKeys(s *subscribe) []toml.Key {
	return []toml.Key{
		toml.Must("channel", toml.Word(&s.Channel, channel)),
		toml.Must("watches", toml.Texts(&s.watches)),
		toml.May("policy", toml.OneOf(&s.Policy, policyInstant, policyDigest)),
		toml.May("digest", toml.Word(&s.Digest, toml.OrEmpty(cronSchedule))),
		toml.May("zone", toml.Word(&s.Zone, toml.OrEmpty(zoneName))),
		toml.May("quiet", toml.Word(&s.Quiet, toml.OrEmpty(quietHours))),
		toml.May("min_publishers", toml.Whole(&s.MinPublishers, 1, 1000)),
		toml.May("min_severity", toml.OneOf(&s.MinSeverity, story.SeverityNone, story.SeverityNotable,
			story.SeverityHigh, story.SeverityCritical)),
		toml.May("group_wait", duration(&s.GroupWait, 0, day)),
	}
}

func botKeys(s *bot.Settings) []toml.Key {
	return []toml.Key{
		toml.May("fold", toml.Whole(&s.Fold, 0, 1000)),
		toml.May("ops", toml.Word((*bot.Channel)(&s.Ops), toml.OrEmpty(channel))),
		toml.May("heartbeat", toml.Word(&s.Heartbeat, toml.OrEmpty(cronSchedule))),
		toml.May("secret_key", toml.Text(&s.SecretKey)),
	}
}

func slackKeys(s *slack.Settings) []toml.Key {
	return []toml.Key{
		toml.May("mode", toml.OneOf(&s.Mode, "socket", "http")),
		toml.May("bot_token", toml.Text(&s.BotToken)),
		toml.May("app_token", toml.Text(&s.AppToken)),
		toml.May("signing_secret", toml.Text(&s.SigningSecret)),
		toml.May("path", toml.Word(&s.Path, urlPath)),
		toml.May("api_url", toml.Word(&s.APIURL, webAddress)),
		toml.May("ping_interval", duration(&s.PingInterval, time.Second, 10*time.Minute)),
		toml.May("response_hosts", toml.Texts(&s.ResponseHosts)),
		toml.May("editors", toml.Texts(&s.Editors)),
		toml.May("workspace", toml.Sections(&s.Workspaces, slack.Workspace{}, workspaceKeys)),
	}
}

func workspaceKeys(s *slack.Workspace) []toml.Key {
	return []toml.Key{
		toml.Must("team", toml.Word(&s.Team, workspaceID)),
		toml.May("bot_token", toml.Text(&s.BotToken)),
		toml.May("app_token", toml.Text(&s.AppToken)),
		toml.May("signing_secret", toml.Text(&s.SigningSecret)),
	}
}

func discordKeys(s *discord.Settings) []toml.Key {
	return []toml.Key{
		toml.May("mode", toml.OneOf(&s.Mode, "gateway", "http")),
		toml.May("token", toml.Text(&s.Token)),
		toml.May("application_id", toml.Text(&s.ApplicationID)),
		toml.May("public_key", toml.Text(&s.PublicKey)),
		toml.May("guild_id", toml.Text(&s.GuildID)),
		toml.May("path", toml.Word(&s.Path, urlPath)),
		toml.May("api_url", toml.Word(&s.APIURL, webAddress)),
		toml.May("shards", toml.Whole(&s.Shards, 0, 16_384)),
		toml.May("editors", toml.Texts(&s.Editors)),
	}
}

func consoleKeys(s *console.Settings) []toml.Key {
	return []toml.Key{
		toml.May("enabled", toml.Flag(&s.Enabled)),
		toml.May("format", toml.OneOf(&s.Format, "text", "json")),
	}
}

func webKeys(s *web.Settings) []toml.Key {
	return []toml.Key{
		toml.May("listen", toml.Word(&s.Listen, toml.OrEmpty(hostPort))),
		toml.May("token", toml.Text(&s.Token)),
		toml.May("public_url", toml.Word(&s.PublicURL, toml.OrEmpty(webAddress))),
	}
}

func summaryKeys(s *story.SummarySettings) []toml.Key {
	return []toml.Key{
		toml.May("url", toml.Word(&s.URL, toml.OrEmpty(webAddress))),
		toml.May("model", toml.Text(&s.Model)),
		toml.May("api_key", toml.Text(&s.APIKey)),
		toml.May("timeout", duration(&s.Timeout, time.Second, 10*time.Minute)),
		toml.May("daily_budget", toml.Whole(&s.DailyBudget, 0, math.MaxInt32)),
	}
}
