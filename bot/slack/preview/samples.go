package main

import (
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// pictures are those of the README. All news in them is invented.
func pictures() []picture {
	return []picture{
		Picture("slack-alert", alert(), escalation()),
		Picture("slack-digest", digest()),
		Picture("slack-rtl", persian(), arabic(), hebrew()),
		Private("slack-list", list()),
		Private("slack-help", help()),
		Picture("slack-sample", sample()),
		Home("slack-home", home()),
		Modal("slack-modal", form()),
	}
}

// gulfDesk is a channel of the pictures.
const gulfDesk = "C0GULFDESK"

// at is a time of the day on which the pictures are taken.
func at(hour, minute int) time.Time {
	return time.Date(2026, 11, 23, hour, minute, 0, 0, now().Location())
}

func hit(s string) bot.Span  { return bot.Span{Text: s, Hit: true} }
func says(s string) bot.Span { return bot.Span{Text: s} }
func code(s string) bot.Span { return bot.Span{Text: s, Code: true} }
func when(t time.Time) bot.Span {
	return bot.Span{When: t}
}

// alertButtons are those below an alert.
func alertButtons() []bot.Button {
	return []bot.Button{
		{Label: "Mute story", Says: "mute-story 7f3a"},
		{Label: "Snooze watch", Choices: []bot.Choice{
			{Label: "for 1 hour", Value: "snooze oman-talks 1h"},
			{Label: "for 8 hours", Value: "snooze oman-talks 8h"},
			{Label: "for 1 day", Value: "snooze oman-talks 1d"},
		}},
		{Label: "Not relevant", Says: "irrelevant 7f3a"},
	}
}

func omanTalks() bot.Card {
	return bot.Card{
		Headline: bot.Text{says("Iran and the United States to resume nuclear "), hit("talks"),
			says(" in "), hit("Oman"), says(" on Sunday")},
		Summary: bot.Text{says("Foreign minister Badr al-Busaidi said both delegations would arrive in "),
			says("Muscat on Saturday night. The "), hit("talks"), says(" are indirect: "),
			hit("Omani"), says(" officials carry the messages. Tehran wants sanctions on its oil lifted first.")},
		Links: []string{"https://news.example/world/iran-us-talks-muscat", "https://wire.example/a/81",
			"https://www.gulfpost.example/p/2231"},
		Publishers: []string{"Example News", "World Wire", "Gulf Post"},
		Began:      at(12, 40), Latest: at(14, 5),
		Severity: story.SeverityNotable,
		Why:      []story.Why{{Watch: "oman-talks", Name: "oman-talks", Words: []string{"talks", "Oman"}}},
	}
}

func alert() bot.Message {
	return bot.Message{Delivery: "d1", Kind: bot.KindAlert, Cards: []bot.Card{omanTalks()},
		Buttons: alertButtons()}
}

func sample() bot.Message {
	m := alert()
	m.Kind, m.Delivery, m.Sample, m.Cards[0].Severity = bot.KindReply, "", true, story.SeverityHigh
	return m
}

func escalation() bot.Message {
	return bot.Message{Delivery: "d2", Kind: bot.KindEscalation, Buttons: alertButtons(), Cards: []bot.Card{{
		Headline: bot.Text{says("Two tankers struck near the Strait of "), hit("Hormuz"),
			says(", crews evacuated")},
		Summary: bot.Text{says("The navy of Oman has taken 41 sailors off both ships. Nobody has claimed the " +
			"attack; insurers have suspended cover for the "), hit("strait"), says(".")},
		Links: []string{"https://wire.example/tankers"},
		Publishers: []string{"World Wire", "Example News", "Gulf Post", "Sea Daily", "Morgenblatt", "ТАСС",
			"الخليج", "La Gazette", "Shipping List"},
		Began: at(13, 12), Latest: at(14, 27), Severity: story.SeverityCritical,
		Why: []story.Why{
			{Watch: "hormuz", Name: "hormuz", Words: []string{"Hormuz", "strait"}},
			{Watch: "shipping", Name: "shipping-incidents", Words: []string{"tankers", "attack"}},
		},
	}}}
}

func digest() bot.Message {
	m := bot.Message{Delivery: "d3", Kind: bot.KindDigest,
		Title: "64 stories for oman-talks, hormuz, shamkhani",
		Cards: []bot.Card{escalation().Cards[0], persian().Cards[0], omanTalks(), hebrew().Cards[0]},
		Buttons: []bot.Button{{Label: "Snooze watches", Choices: []bot.Choice{
			{Label: "for 8 hours", Value: "snooze all 8h"}}}},
	}
	for i := range 60 {
		c := others[i%len(others)]
		m.Rest = append(m.Rest, bot.Card{Headline: c.headline, Publishers: []string{c.publisher},
			Severity: c.severity, Links: []string{"https://news.example/more"}})
	}
	return m
}

// others are the stories of a digest that have one line each.
var others = [...]struct {
	headline  bot.Text
	publisher string
	severity  story.Severity
}{
	{bot.Plain("Oil passes 104 dollars a barrel after report of talks"), "Markets", story.SeverityNotable},
	{bot.Text{says("Tanker traffic through "), hit("Hormuz"), says(" falls by a third in a week")}, "Example News", ""},
	{bot.Plain("Делегация вылетела в Маскат, сообщили в министерстве"), "ТАСС", ""},
	{bot.Text{hit("شمخانی"), says(" به مسقط رفت")}, "خبرگزاری نمونه", ""},
	{bot.Text{hit("伊朗"), says("代表团抵达马斯喀特")}, "新华社", ""},
	{bot.Plain("Insurers double war-risk premiums for the Gulf"), "Sea Daily", ""},
	{bot.Plain("Two airlines route flights around the Gulf of Oman"), "World Wire", ""},
	{bot.Plain("سلطنة عُمان تنفي إغلاق ميناء صحار"), "الخليج", ""},
	{bot.Plain("Minister: no talks under threat of new sanctions"), "Gulf Post", story.SeverityNotable},
	{bot.Plain("Reeder ziehen Schiffe aus der Straße von Hormus ab"), "Morgenblatt", ""},
	{bot.Plain("Le détroit d’Ormuz reste ouvert, assure Mascate"), "La Gazette", ""},
	{bot.Plain("Navy publishes video of the rescue of 41 sailors"), "World Wire", ""},
	{bot.Plain("משרד החוץ: עוקבים אחר השיחות"), "חדשות לדוגמה", ""},
	{bot.Plain("Inspectors expected back at Natanz next week"), "Example News", ""},
	{bot.Plain("Port of Fujairah works normally, its operator says"), "Shipping List", ""},
}

func persian() bot.Message {
	return bot.Message{Delivery: "d4", Kind: bot.KindAlert, Buttons: alertButtons(), Cards: []bot.Card{{
		Headline: bot.Text{hit("شمخانی"),
			says(": پیام‌های آمریکا را از طریق عمان دریافت می‌کنیم و پاسخ آن را به‌زودی خواهیم داد!")},
		Summary: bot.Text{says("علی "), hit("شمخانی"), says(" روز دوشنبه گفت که NATO و اتحادیه اروپا نقشی در " +
			"این گفت‌وگوها ندارند. دور بعدی گفت‌وگوها در ۱۴ آذر در مسقط (Muscat) برگزار می‌شود.")},
		Links:      []string{"https://khabar.example/fa/news/12345", "https://akhbar.example/2"},
		Publishers: []string{"خبرگزاری نمونه", "BBC Persian"},
		Began:      at(14, 5), Latest: at(14, 5), Severity: story.SeverityHigh,
		Why: []story.Why{{Watch: "shamkhani", Name: "shamkhani", Words: []string{"شمخانی"}}},
	}}}
}

func arabic() bot.Message {
	return bot.Message{Delivery: "d5", Kind: bot.KindUpdate, Cards: []bot.Card{{
		Headline: bot.Text{hit("عُمان"), says(" تستضيف جولة جديدة من "), hit("المحادثات"),
			says(" بين إيران والولايات المتحدة في 6 ديسمبر 2026")},
		Summary:    bot.Plain("قال وزير الخارجية العُماني إن الوفدين سيصلان إلى مسقط مساء السبت."),
		Links:      []string{"https://akhbar.example/ar/1"},
		Publishers: []string{"الجزيرة", "Example News", "الخليج"},
		Began:      at(11, 2), Latest: at(13, 48),
		Why: []story.Why{{Watch: "oman", Name: "oman-talks", Words: []string{"عُمان", "المحادثات"}}},
	}}}
}

func hebrew() bot.Message {
	return bot.Message{Delivery: "d6", Kind: bot.KindAlert, Repeat: true, Cards: []bot.Card{{
		Headline: bot.Text{hit("איראן"), says(": השיחות בעומאן יתחדשו ביום ראשון (6.12)")},
		Summary:  bot.Plain(`שר החוץ אמר כי "שתי המשלחות" יגיעו למסקט בליל שבת (Muscat).`),
		Links:    []string{"https://hadashot.example/he/1"}, Publishers: []string{"חדשות לדוגמה"},
		Began: at(14, 1), Latest: at(14, 1), Severity: story.SeverityNotable,
		Why: []story.Why{{Watch: "iran", Name: "iran", Words: []string{"איראן"}}},
	}}}
}

// entryButtons are those of a watch in a list.
func entryButtons(name string) []bot.Button {
	return []bot.Button{{Label: "Edit", Says: "edit " + name}, {Label: "Unsubscribe", Says: "unsubscribe " + name,
		Confirm: "This channel will hear nothing of " + name + " any more."}}
}

func list() bot.Message {
	return bot.Message{Kind: bot.KindReply, Title: "3 watches in this channel",
		Entries: []bot.Entry{
			{Mark: bot.MarkGood, Title: bot.Plain("oman-talks"), Lines: []bot.Text{
				{code(`Oman (talks OR negotiations) -football`)},
				{says("12 alerts in 7 days, the last "), when(at(14, 5)), says(" · from notable")}},
				Buttons: entryButtons("oman-talks")},
			{Mark: bot.MarkWait, Title: bot.Plain("shamkhani"), Lines: []bot.Text{
				{code(`Shamkhani OR شمخانی`)},
				{says("snoozed until "), when(at(22, 0))}}, Buttons: entryButtons("shamkhani")},
			{Mark: bot.MarkBad, Title: bot.Plain("hormuz"), Lines: []bot.Text{
				{code(`"Strait of Hormuz" OR Hormuz NEAR/5 tanker*`)},
				{says("No feed that it could match has been read since "), when(at(4, 10))}},
				Buttons: entryButtons("hormuz")},
		},
		Foot: bot.Plain("Page 1 of 1 · watches from the config are changed there"),
	}
}

func help() bot.Message {
	command := func(typed, does string) bot.Text { return bot.Text{code(typed), says("  " + does)} }
	return bot.Message{Kind: bot.KindReply, Title: "What you can ask for", Lines: []bot.Text{
		command(`/tension watch oman-talks Oman talks`, "tell this channel of news with both words"),
		command(`/tension test Oman (talks OR deal)`, "what a rule would have found this week"),
		command(`/tension list`, "the watches of this channel"),
		command(`/tension snooze oman-talks 8h`, "silence for a while"),
		command(`/tension why`, "why an alert was told"),
		command(`/tension feeds`, "what is read, and whether it works"),
		command(`/tension status`, "whether all is well"),
	}, Foot: bot.Text{says("More of one: "), code("/tension help watch"), says(".")},
		Buttons: []bot.Button{{Label: "Add a watch", Says: "watch", Style: bot.ButtonMain},
			{Label: "Show a sample alert", Says: "test-alert"}}}
}

func home() bot.Message {
	m := list()
	m.Title = "Your workspace"
	m.Lines = []bot.Text{
		{says("All is well: 48 of 50 feeds were read in the last hour, the latest news is from "), when(at(14, 27)), says(".")},
		{says("17 alerts today in 3 channels, among them "), {Channel: "slack:" + gulfDesk, Text: "#gulf-desk"}, says(".")},
	}
	m.Buttons = []bot.Button{{Label: "Add a watch", Says: "watch", Style: bot.ButtonMain}, {Label: "Feeds", Says: "feeds"}}
	m.Foot = bot.Plain("Config watches are shown and cannot be changed here.")
	return m
}

func form() bot.Form {
	return bot.Form{Title: "Edit oman-talks", Submit: "Save", Command: "watch", Fields: []bot.Field{
		{Name: "rule", Label: "Rule", Value: "Oman (talks OR negotiations) -football", Long: true, Live: true,
			Hint: "Words that must all be there; OR, -not and \"phrases\" are understood.",
			Note: bot.Text{says("Would have told 12 stories in the last 7 days.")}},
		{Name: "note", Label: "Note for colleagues", Empty: true},
		{Name: "severity", Label: "From which severity", Value: "noteable",
			Error: "There is no severity “noteable”: write notable, high or critical."},
	}}
}
