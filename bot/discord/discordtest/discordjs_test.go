package discordtest

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/spec"
)

// startDiscordJS starts the bot of testdata/discordjs against a Discord.
func startDiscordJS(t *testing.T, s *Server) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat("testdata/discordjs/node_modules"); err != nil {
		t.Skip("run npm ci in testdata/discordjs to check against discord.js")
	}
	cmd := exec.CommandContext(t.Context(), node, "bot.mjs")
	cmd.Dir = "testdata/discordjs"
	cmd.Env = append(os.Environ(), "DISCORD_API="+s.URL()+"/api", "DISCORD_TOKEN="+s.Token())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("%q: %v", line, err)
	}
}

// TestDiscordJS asserts that a library which many bots use takes this for Discord.
func TestDiscordJS(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	amal, news := g.Member("amal"), g.Channel("news")
	startDiscordJS(t, s)
	says := func(text string) {
		t.Helper()
		s.Wait(t, text, func() bool { return strings.Contains(s.Transcript(), text) })
	}
	amal.Types(news, "/tension list name:oman talks")
	says("That is all.")
	if got := amal.Completes(news, "/tension list name:om"); len(got) != 1 || got[0].Name != "oman talks" {
		t.Errorf("offered %v", got)
	}
	amal.Types(news, "/tension alert").WaitSaid(t)
	alert := news.Messages()[0]
	if len(alert.Files) != 1 || string(alert.Files[0].Data) != "a chart" {
		t.Errorf("files: %v", alert.Files)
	}
	amal.MessageCommand(alert, "Why this alert?")
	amal.Clicks(alert, "Edit")
	amal.Submits(amal.WaitWindow(t), map[string]string{"Rule": "oman AND talks"})
	amal.Clicks(alert, "Mute story")
	if got := s.Transcript(); got != discordJSSession {
		t.Errorf("got:\n%s", got)
	}
	specified(t, s)
}

// specified asserts that all bodies that a Discord got are such as its own description wants.
func specified(t *testing.T, s *Server) {
	t.Run("bodies", func(t *testing.T) {
		document := spec.Corpus(t, "../../../../shared/data")
		for _, c := range s.Calls("") {
			method, _, _ := strings.Cut(c.Route, " ")
			if len(c.Body) == 0 {
				continue
			}
			if err := document.Check(method, c.Path, c.Body); err != nil {
				t.Errorf("%s\n%s", err, c.Body)
			}
		}
	})
}

const discordJSSession = `amal → #news: /tension list name:oman talks
tensionwatch (only amal sees it): You asked for oman talks.
tensionwatch (only amal sees it): That is all.
amal begins to type: /tension list name:om
amal is offered: oman talks
amal → #news: /tension alert
tensionwatch (only amal sees it): thinking…
tensionwatch → #news:
    ┌ red
    │ # Talks in Oman
    │ Two hosts
    {chart.png}
    [Mute story] [Edit]
tensionwatch starts a thread: Talks in Oman
    ↳ tensionwatch → #news › Talks in Oman: More news
tensionwatch → #news, in reply to “Talks in Oman”: A new turn
tensionwatch edited (only amal sees it): Posted.
amal uses Why this alert? on: Talks in Oman
tensionwatch (only amal sees it): Because of: Talks in Oman
amal clicks [Edit]
amal is shown a window:
    # Edit watch
    Rule: []
amal submits the window:
    # Edit watch
    Rule: [oman AND talks]
tensionwatch → amal (directly): Saved oman AND talks.
tensionwatch (only amal sees it): Look at your messages.
amal clicks [Mute story]
tensionwatch edited:
    Muted
    ┌ red
    │ # Talks in Oman
    │ Two hosts
    {chart.png}
`
