package config

import (
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/config/toml"
)

const (
	policyInstant = "instant"
	policyDigest  = "digest"
)

// consoleChannel is the one channel of the console.
const consoleChannel bot.Channel = "console:"

// checkSubscribes makes the subscriptions of every [[subscribe]], one for each of its watches.
func checkSubscribes(d *toml.Document, c *draft) {
	known := watchNames(d, c)
	first := firsts{}
	for i, n := range d.Root.Tables("subscribe") {
		s := c.subscribes[i]
		checkChannel(d, c, s.Channel, n.Find("channel"))
		checkDigest(d, s, n)
		list := n.Find("watches")
		if list != nil && list.Kind == toml.List && len(list.Items) == 0 {
			d.Add(list.At, "watches is empty: name the watches that the channel follows")
		}
		for j, watch := range s.watches {
			named := list.Items[j]
			checkWatch(d, watch, named, known)
			pair := string(s.Channel) + " " + watch
			if at, twice := first.before(pair, named); twice && s.Channel != "" {
				d.Add(named.At, "this channel follows %q already, on line %d",
					named.Text, d.Line(at))
			}
			s.Watch = watch
			c.Subscriptions = append(c.Subscriptions, s.Subscription)
		}
	}
}

// checkDigest wants to know when a digest is sent.
func checkDigest(d *toml.Document, s subscribe, n *toml.Node) {
	when := n.Find("digest")
	unsaid := when == nil && !n.Torn || when != nil && !asks(d, when, "")
	if s.Policy == policyDigest && unsaid {
		d.Add(n.At, `policy = "digest" needs a schedule, like digest = "0 8 * * *"`)
	}
}

// checkChannel refuses channels that nothing would ever be posted to.
func checkChannel(d *toml.Document, c *draft, channel bot.Channel, n *toml.Node) {
	switch channel.Platform() {
	case "slack":
		if missing := c.Slack.Missing(); len(missing) > 0 {
			d.Add(n.At, "slack is off: set %s in [slack] or remove this [[subscribe]]",
				strings.Join(missing, " and "))
		} else if team := strings.Contains(string(channel), "/"); team != (len(c.Slack.Workspaces) > 0) {
			d.Add(n.At, "write a channel as slack:C0123456789 where there is one workspace, "+
				"as slack:T0123456789/C0123456789 where there are several")
		}
	case "discord":
		if missing := c.Discord.Missing(); len(missing) > 0 {
			d.Add(n.At, "discord is off: set %s in [discord] or remove this [[subscribe]]",
				strings.Join(missing, " and "))
		}
	case "console":
		if !c.Console.Enabled {
			d.Add(n.At, "the console is off: write enabled = true in [console] "+
				"or remove this [[subscribe]]")
		}
	}
}

// checkWatch refuses a watch that does not exist; n is where it is named.
func checkWatch(d *toml.Document, name string, n *toml.Node, known names) {
	if n.Kind == toml.String && !known.all[name] && !known.unsure {
		d.Add(n.At, "unknown watch %q: %s", n.Text, toml.Suggest(n.Text, known.shown))
	}
}

// names is what the watches of a config are called.
type names struct {
	all    map[string]bool // wrong ones too: they have been reported
	shown  []string        // those that hold no ${…}, and may stand in a message
	unsure bool            // a watch could not be read, so there may be more
}

func watchNames(d *toml.Document, c *draft) names {
	known := names{all: map[string]bool{}, unsure: d.Root.Torn}
	for i, n := range d.Root.Tables("watch") {
		written, name := n.Find("name"), c.Watches[i].Name
		if written == nil {
			known.unsure = known.unsure || n.Torn
			continue
		}
		if name == written.Text && !known.all[name] {
			known.shown = append(known.shown, name)
		}
		known.all[name], known.all[written.Text] = true, true
	}
	return known
}

// followAll lets the console follow every watch when nobody says what it follows.
func followAll(c *Config) {
	told := slices.ContainsFunc(c.Subscriptions, func(s bot.Subscription) bool {
		return s.Channel == consoleChannel
	})
	if told || !c.Console.Enabled {
		return
	}
	for _, w := range c.Watches {
		s := blankSubscribe().Subscription
		s.Channel, s.Watch = consoleChannel, w.ID
		c.Subscriptions = append(c.Subscriptions, s)
	}
}
