package slacktest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/swagger"
)

// startBolt starts the bot of testdata/bolt against a Slack, and returns the address of its requests.
func startBolt(t *testing.T, s *Server, mode string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	if _, err := os.Stat("testdata/bolt/node_modules"); err != nil {
		t.Skip("run npm ci in testdata/bolt to check against Slack's own framework")
	}
	cmd := exec.CommandContext(t.Context(), node, "app.mjs")
	cmd.Dir = "testdata/bolt"
	cmd.Env = append(os.Environ(), "MODE="+mode, "SLACK_API_URL="+s.APIURL(),
		"SLACK_BOT_TOKEN="+s.Workspace("T1").BotToken(), "SLACK_APP_TOKEN="+s.AppToken(),
		"SLACK_SIGNING_SECRET="+s.SigningSecret())
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
	port := 0
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	} else if _, err := fmt.Sscanf(line, "ready %d", &port); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return fmt.Sprintf("http://127.0.0.1:%d/slack/events", port)
}

// TestBolt asserts that Slack's own framework takes this for Slack.
func TestBolt(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			s := New(t)
			ws := s.Workspace("T1")
			amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
			to := startBolt(t, s, mode)
			if mode == "http" {
				if err := s.VerifyURL(to); err != nil {
					t.Error(err)
				}
				s.SendTo(to)
			} else {
				s.Wait(t, "a socket", func() bool { return len(s.Sockets()) == 1 })
			}
			boltSession(t, s, amal, news)
			if mode == "http" {
				boltSignatures(t, s, amal, news)
			}
			t.Run("arguments", func(t *testing.T) {
				document := swagger.Corpus(t, "../../../../shared/data")
				for _, c := range s.Calls("") {
					delete(c.Args, "team_id") // Bolt adds it to every call
					if document.Knows(c.Method) {
						for _, wrong := range document.Check(c.Method, c.Args) {
							t.Error(wrong)
						}
					}
				}
			})
		})
	}
}

func boltSession(t *testing.T, s *Server, amal *User, news *Channel) {
	says := func(text string) func() bool {
		return func() bool { return strings.Contains(s.Transcript(), text) }
	}
	for _, command := range []string{"/tension list", "/tension alert"} {
		if d := amal.Types(news, command); !d.Acked() {
			t.Fatalf("%s failed: %s", command, d.Failure())
		}
	}
	s.Wait(t, "the command's last word", says("Posted."))
	alert := news.Wait(t, 1)[0]
	amal.Shortcut(alert, "why")
	s.Wait(t, "the shortcut's answer", says("Because of"))
	amal.Clicks(alert, "Edit")
	amal.Submits(amal.WaitWindow(t), map[string]string{"text": "bad"})
	if got := amal.Window().Errors["rule"]; got != "This is no rule." {
		t.Errorf("the rule is called %q", got)
	}
	amal.Submits(amal.Window(), map[string]string{"text": "oman AND talks"})
	s.Wait(t, "the direct message", says("Saved oman AND talks."))
	amal.Clicks(alert, "mute")
	s.Wait(t, "the edit", says("edited"))
	amal.OpensHome()
	amal.WaitHome(t)
	const want = `amal → #news: /tension list
tensionwatch (only amal sees it): You said list.
amal → #news: /tension alert
tensionwatch → #news:
    # Talks in Oman
    [Mute story] [Edit]
tensionwatch (only amal sees it): Posted.
amal uses the shortcut why on: Talks in Oman
tensionwatch (only amal sees it): Because of: Talks in Oman
amal clicks [Edit]
amal is shown a window:
    # Edit watch
    Rule: []
    [Save]
amal types into [Rule]: bad
amal submits the window
amal is told what is wrong:
    # Edit watch
    Rule: [bad]
    ! This is no rule.
    [Save]
amal types into [Rule]: oman AND talks
amal submits the window
tensionwatch → amal (directly): Saved oman AND talks.
amal clicks [Mute story]
tensionwatch edited: Muted 7
amal opens Home
amal sees Home: Hello amal
`
	if got := s.Transcript(); got != want {
		t.Errorf("got:\n%s", got)
	}
}

// boltSignatures asserts that Bolt refuses what is not from Slack.
func boltSignatures(t *testing.T, s *Server, amal *User, news *Channel) {
	for _, how := range []Signing{{Damaged: true}, {Missing: true}, {Skew: -6 * 60e9}} {
		s.Sign(how)
		if d := amal.Types(news, "/tension list"); d.Acked() || d.Status() != 401 {
			t.Errorf("signed %+v: acked %v, status %d", how, d.Acked(), d.Status())
		}
	}
	s.Sign(Signing{})
	if d := amal.Types(news, "/tension list"); !d.Acked() {
		t.Errorf("signed well: %s", d.Failure())
	}
}
