package config

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestGoldens reads every config of testdata. A golden holds a config and what comes of it:
// its mistakes, else its notes. Its header gives the environment, NAME=value a line.
func TestGoldens(t *testing.T) {
	goldens, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(goldens) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, golden := range goldens {
		t.Run(strings.TrimSuffix(filepath.Base(golden), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range archive.Files {
				if f.Name != "config.toml" {
					continue
				}
				got := outcome(f.Data, environment(archive.Comment))
				if want := string(archive.Files[i+1].Data); got != want && !*update {
					t.Errorf("config %d of %s:\ngot:\n%swant:\n%s", i/2+1, golden, got, want)
				}
				archive.Files[i+1].Data = []byte(got)
			}
			if *update {
				if err := os.WriteFile(golden, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// outcome is the text of a config's mistakes, or of its notes if it has none.
func outcome(text []byte, env func(string) string) string {
	c, err := Parse("config.toml", text, env)
	if err != nil {
		return err.Error() + "\n"
	}
	return "ok\n" + strings.Join(c.Notes(), "\n") + "\n"
}

func environment(header []byte) func(string) string {
	set := map[string]string{}
	for line := range strings.Lines(string(header)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			set[name] = value
		}
	}
	return func(name string) string { return set[name] }
}

// minimal is a config with nothing but what it must have.
const minimal = `
[[feed]]
url = "https://example.org/rss.xml"
[[watch]]
name = "oman-talks"
rule = 'Oman talks'
`

func parse(t *testing.T, text string, env func(string) string) *Config {
	t.Helper()
	c, err := Parse("config.toml", []byte(text), env)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestValuesArrive(t *testing.T) {
	c := parse(t, `
[store]
keep = "1w2d"
[poll]
workers = 0x10
max_body = "512 KiB"
proxy = "socks5://me:pw@localhost:1080"
[[feed]]
url = "https://example.org/rss.xml"
headers = { Accept = "text/xml" }
headers.X-Key = "$${"
[[watch]]
name = "خلیج_فارس-2"
rule = 'خلیج'
[[watch]]
name = "oman"
rule = "Oman"
[[alias]]
names = ["Oman", "عمان"]
[[subscribe]]
channel = "console:"
watches = ["oman"]
min_severity = "high"
group_wait = "90s"
[slack]
editors = ["U1"]
[[slack.workspace]]
team = "T2"
`, unset)
	gulf := rules.Watch{ID: "خلیج_فارس-2", Name: "خلیج_فارس-2", Owner: "config", Rule: "خلیج"}
	for name, ok := range map[string]bool{
		"keep":      c.Store.Keep == 9*day,
		"workers":   c.Poll.Workers == 16,
		"max_body":  c.Poll.MaxBody == 512<<10,
		"proxy":     c.Poll.Proxy == "socks5://me:pw@localhost:1080",
		"timeout":   c.Poll.Timeout == 20*time.Second,
		"editors":   slices.Equal(c.Slack.Editors, []string{"U1"}),
		"workspace": len(c.Slack.Workspaces) == 1 && c.Slack.Workspaces[0].Team == "T2",
		"watch":     c.Watches[0] == gulf,
		"alias": len(c.Aliases) == 1 && c.Aliases[0].Owner == rules.Everyone &&
			slices.Equal(c.Aliases[0].Names, []string{"Oman", "عمان"}),
		"only oman":    len(c.Subscriptions) == 1 && c.Subscriptions[0].Watch == "oman",
		"min_severity": c.Subscriptions[0].MinSeverity == story.SeverityHigh,
		"group_wait":   c.Subscriptions[0].GroupWait == 90*time.Second,
		"publishers":   c.Subscriptions[0].MinPublishers == 1,
	} {
		if !ok {
			t.Errorf("%s did not arrive: %+v", name, c)
		}
	}
	want := map[string]string{"Accept": "text/xml", "X-Key": "${"}
	if got := c.Headers["https://example.org/rss.xml"]; !maps.Equal(got, want) {
		t.Errorf("headers %q, want %q", got, want)
	}
}

func TestConsoleFollowsAll(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       int
	}{
		{"nobody says", minimal, 1},
		{"off", minimal + "[console]\nenabled = false\n", 0},
	} {
		c := parse(t, tc.text, unset)
		if got := len(c.Subscriptions); got != tc.want {
			t.Errorf("%s: %d subscriptions, want %d", tc.name, got, tc.want)
		}
	}
}

func TestLoad(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "config.toml")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(path, minimal+"[web]\ntoken = \"${file:token}\"\n")
	write(filepath.Join(folder, "token"), "s3cret\n")
	c, err := Load(path, os.Getenv)
	if err != nil || c.Web.Token != "s3cret" {
		t.Errorf("token from a file: %v, %v", c, err)
	}
	_, err = Load(filepath.Join(folder, "none.toml"), os.Getenv)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "-config") {
		t.Errorf("a config that is not there: %v", err)
	}
}

// What a ${…} stands for stands in no message, whatever key it is put under.
func TestSecretsStaySecret(t *testing.T) {
	const secret = "hunter2;AND ("
	env := func(string) string { return secret }
	for table, keys := range everyKey() {
		for _, key := range keys {
			for _, value := range []string{`"${S}"`, `["${S}"]`, `{ "a" = "${S}" }`} {
				for _, header := range []string{"[%s]\n", "[[%s]]\n"} {
					text := minimal + fmt.Sprintf(header, table) + key + " = " + value + "\n"
					if told := outcome([]byte(text), env); strings.Contains(told, "hunter2") {
						t.Errorf("%s\ntells a secret: %s", text, told)
					}
				}
			}
		}
	}
}

// An address may hold a password, so no message quotes one.
func TestAddressesStaySecret(t *testing.T) {
	for _, text := range []string{
		"[[feed]]\nurl = %q",
		"[store]\nurl = %q",
		"[poll]\nproxy = %q",
		"[slack]\napi_url = %q",
		"[discord]\napi_url = %q",
		"[web]\npublic_url = %q",
		"[summary]\nurl = %q",
		"[[feed]]\nurl = %[1]q\n[[feed]]\nurl = %[1]q",
	} {
		for _, address := range []string{
			"https://me:hunter2@ example.org/", "postgres://me:hunter2@db/news", "hunter2",
			"https://example.org:hunter2/", "https://me:hunter2@example.org/",
		} {
			text := minimal + fmt.Sprintf(text, address) + "\n"
			if told := outcome([]byte(text), unset); strings.Contains(told, "hunter2") {
				t.Errorf("%s\ntells a password: %s", text, told)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(defaultText)
	goldens, _ := filepath.Glob("testdata/*.txtar")
	for _, golden := range goldens {
		archive, err := txtar.ParseFile(golden)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := Parse("config.toml", text, func(name string) string { return name })
		var mistakes Mistakes
		if err != nil && !errors.As(err, &mistakes) {
			t.Fatalf("an error that is no Mistakes: %v", err)
		}
		lines := bytes.Count(text, []byte("\n")) + 1
		for i, m := range mistakes {
			if m.Line < 1 || m.Line > lines || m.Col < 1 || m.Message == "" {
				t.Errorf("mistake without a place: %+v", m)
			}
			if strings.ContainsFunc(m.Message, unicode.IsControl) {
				t.Errorf("message that is not one line of text: %q", m.Message)
			}
			if i > 0 && m.Line < mistakes[i-1].Line {
				t.Errorf("mistakes out of order: %v", mistakes)
			}
		}
	})
}
