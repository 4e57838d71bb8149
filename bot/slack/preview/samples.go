package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
)

// The channels of the pictures.
const (
	gulfDesk  bot.Channel = "slack:T1/C0GULFDESK"
	nightDesk bot.Channel = "slack:T1/C0NIGHTDESK"
	busyDesk  bot.Channel = "slack:T1/C0BUSYDESK"
)

// amal is who types.
var amal = bot.Caller{Platform: "slack", Owner: "slack:T1", User: "U1", Name: "Amal"}

// fromConfig is what the config of the pictures asks for.
func fromConfig() store.Roster {
	r := store.Roster{Watches: []rules.Watch{{ID: "shamkhani", Name: "shamkhani", Rule: "Shamkhani"}}}
	for _, s := range sources {
		r.Feeds = append(r.Feeds, feeds.Source{URL: s.url(), Name: s.name, Schedule: "* * * * *"})
	}
	return r
}

// before is what people had typed when the news began to come, and after when all had come.
var (
	before = []typed{
		{gulfDesk, `watch Oman (talks OR negotiations) -football as oman-talks`},
		{gulfDesk, `watch "Strait of Hormuz" as hormuz`},
		{gulfDesk, `watch Iran AND (Natanz OR talks OR محادثات OR שיחות OR переговоры) as iran-talks`},
		{gulfDesk, `subscribe shamkhani`},
		{nightDesk, `watch tanker* OR ناقلات OR מכליות OR танкеры OR "Gulf of Oman" as shipping`},
		{nightDesk, `watch "war risk" OR "war-risk" OR (oil barrel) as markets`},
		{nightDesk, `subscribe iran-talks`},
		{nightDesk, `quiet 22:00-07:00 Asia/Dubai`},
		{busyDesk, `subscribe oman-talks hormuz iran-talks shamkhani markets`},
		{busyDesk, `watch Natanz OR Fordow as sites`},
		{busyDesk, `watch missil* OR drone* as weapons`},
		{busyDesk, `watch (Iran OR IAEA) AND inspectors as inspectors`},
		{busyDesk, `watch "prisoner exchange" as prisoners`},
		{busyDesk, `watch ~Larijani as larijani`},
		{busyDesk, `watch Fujairah OR Sohar OR "Bandar Abbas" as ports`},
		{busyDesk, `watch "Суэцкий канал" OR "قناة السويس" OR "Suez Canal" as suez`},
	}
	after = []typed{
		{gulfDesk, `policy iran-talks digest 8:00 18:00`},
		{gulfDesk, `mute hormuz 8h`},
		{busyDesk, `policy markets digest 8:00`},
		{busyDesk, `policy inspectors min-publishers 2`},
		{busyDesk, `policy weapons min-severity high`},
		{busyDesk, `mute larijani 1 day`},
		{busyDesk, `pause ports`},
	}
)

type typed struct {
	channel bot.Channel
	text    string
}

// pictures are what the README shows, and more for those who look.
func pictures(ctx context.Context) (shown []picture, err error) {
	dir, err := os.MkdirTemp("", "preview")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	o := openOffice(ctx, dir, now().AddDate(0, 0, -7))
	defer func() { err = errors.Join(err, o.close()) }()
	o.live()
	return append(o.told(), o.answered()...), nil
}

// live lets a week go by.
func (o *office) live() {
	if o.err != nil {
		return
	}
	o.fail(o.db.Adopt(o.ctx, fromConfig(), func(store.Addition) bot.Notice { return bot.Notice{} }))
	o.read(o.time, nil)
	for _, t := range before {
		o.asks(t.channel, t.text)
	}
	slept := false
	for _, r := range news {
		if woke := (report{at: "07:00"}).when(); r.when().After(woke) && !slept {
			o.read(woke.Add(time.Minute), nil)
			slept = true
		}
		o.read(r.when(), []report{r})
	}
	o.read(now(), nil)
	for _, t := range after {
		o.asks(t.channel, t.text)
	}
}

// told are posts.
func (o *office) told() []picture {
	talks := o.find(gulfDesk, bot.KindUpdate, "Iran and the United States")
	worse := o.find(gulfDesk, bot.KindEscalation, "Two tankers")
	persian := o.find(gulfDesk, bot.KindAlert, "شمخانی")
	arabic := o.find(gulfDesk, bot.KindAlert, "عُمان تستضيف")
	hebrew := o.find(gulfDesk, bot.KindAlert, "איראן")
	russian := o.find(gulfDesk, bot.KindAlert, "Иран и США")
	night := o.find(nightDesk, bot.KindDigest, "Drone")
	return []picture{
		Picture("slack-alert", talks, worse),
		Picture("slack-digest", night),
		Picture("slack-rtl", arabic, persian, hebrew),
		Picture("look-russian", russian),
	}
}

// answered are answers.
func (o *office) answered() []picture {
	talks := o.find(gulfDesk, bot.KindUpdate, "Iran and the United States")
	ask := func(name, text string) picture { return Private(name, o.asks(gulfDesk, text)) }
	pictures := []picture{
		ask("slack-list", "list"),
		ask("slack-help", "help"),
		Private("slack-why", o.call(bot.Call{Channel: gulfDesk, Post: talks.receipt}).Message),
		Home("slack-home", o.desk.Home(o.ctx, amal)),
		Modal("slack-modal", o.wrong()),
		ask("look-watch-help", "help watch"),
		ask("look-test", "test Oman talks"),
		ask("look-status", "status"),
		ask("look-feeds", "feeds"),
		ask("look-brief", "brief"),
		ask("look-why-words", "why tankers struck"),
		ask("look-mistake", "watch Oman AND (talks OR deal"),
		ask("look-typo", "wtach Oman"),
		Private("look-list", o.asks(busyDesk, "list")),
		ask("look-test-alert", "test-alert"),
		ask("look-watch", "watch Muscat talks"),
	}
	sample := o.find(gulfDesk, bot.KindAlert, "Delegations arrive")
	return append(pictures, Picture("look-sample", sample), Picture("look-proof", o.wall.posts[len(o.wall.posts)-1]))
}

// wrong is a form with a rule that cannot be read.
func (o *office) wrong() (f bot.Form) {
	if asked := o.call(bot.Call{Channel: gulfDesk, Text: "edit oman-talks"}).Form; asked != nil {
		asked.Args["rule"] = "Oman AND (talks OR negotiations -football"
		draft := bot.Call{Channel: gulfDesk, Command: asked.Command, Args: asked.Args, Draft: true}
		if said := o.call(draft).Form; said != nil {
			f = *said
		}
	}
	return f
}
