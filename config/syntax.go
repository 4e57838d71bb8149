package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/config/toml"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/schedule"
)

var cronSchedule = toml.Syntax[string]{
	Wants: `a cron schedule like "*/5 * * * *"`,
	Parse: func(s string) (string, error) {
		_, err := schedule.Parse(s, "")
		return s, err
	},
}

var zoneName = toml.Syntax[string]{
	Wants: `a zone like "Asia/Muscat"`,
	Parse: func(s string) (string, error) {
		if s == "" {
			return "", errors.New(`it is empty: write an IANA name like "Asia/Muscat" or "UTC"`)
		}
		_, err := schedule.Parse("@hourly", s)
		return s, err
	},
}

var quietHours = toml.Syntax[string]{
	Wants: `hours like "22:00-07:00"`,
	Parse: func(s string) (string, error) {
		_, err := schedule.ParseQuiet(s, "")
		return s, err
	},
}

var (
	feedAddress  = address("https://example.org/rss.xml", "http", "https")
	webAddress   = address("https://example.org/", "http", "https")
	proxyAddress = address("http://proxy.example.org:3128", "http", "https", "socks5")
)

// address is an absolute URL. It may hold a password, so it is never quoted; what net/url says of
// it would quote it.
func address(example string, schemes ...string) toml.Syntax[string] {
	return toml.Syntax[string]{
		Wants:  fmt.Sprintf("an address like %q", example),
		Secret: true,
		Parse: func(s string) (string, error) {
			u, err := url.Parse(s)
			if err != nil || u.Hostname() == "" || !slices.Contains(schemes, u.Scheme) {
				return "", fmt.Errorf("not an absolute %s address: write one like %s",
					strings.Join(schemes, ", "), example)
			}
			return s, nil
		},
	}
}

// database is where the store is. It may hold a password too.
var database = toml.Syntax[string]{
	Wants:  `a store like "sqlite:tensionwatch.db"`,
	Secret: true,
	Parse: func(s string) (string, error) {
		file, ok := strings.CutPrefix(s, "sqlite:")
		switch {
		case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
			return "", errors.New("this version keeps its memory in SQLite: write sqlite:FILE")
		case !ok, file == "":
			return "", errors.New("not a store: write sqlite:FILE")
		}
		return s, nil
	},
}

var hostPort = toml.Syntax[string]{
	Wants: `a host and port like "127.0.0.1:8080"`,
	Parse: func(s string) (string, error) {
		_, port, err := net.SplitHostPort(s)
		if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 {
			return "", fmt.Errorf("%q is no host and port: write one like 127.0.0.1:8080", s)
		}
		return s, nil
	},
}

var urlPath = toml.Pattern(`/[\w/.~-]*`, `a path like "/slack/events"`)

// headerText is what may stand in an HTTP header.
var headerText = toml.Syntax[string]{
	Wants:  "text on one line",
	Secret: true,
	Parse: func(s string) (string, error) {
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return "", errors.New("control characters and line breaks cannot be sent: remove them")
		}
		return s, nil
	},
}

var headerName = toml.Pattern("[!#$%&'*+.^_`|~0-9A-Za-z-]+", `the name of a header like "Accept"`)

// watchName leaves out what means something in a channel, an ID or an address. Marks belong to the
// letters of many scripts.
var watchName = toml.Pattern(`[\p{L}\p{M}\p{Nd}_-]{1,64}`,
	`a name like "oman-talks" of at most 64 letters, digits, - and _`)

// maxSpelling is more characters than any name has.
const maxSpelling = 200

// spelling is a way to write a name, which rules may look for.
var spelling = toml.Syntax[string]{
	Wants: `the spelling of a name like "Shamkhani"`,
	Parse: func(s string) (string, error) {
		switch {
		case len(rules.Words(s)) == 0:
			return "", errors.New(`a spelling must have a letter or digit: ` +
				`write one like "Shamkhani"`)
		case utf8.RuneCountInString(s) > maxSpelling:
			return "", fmt.Errorf("a spelling has at most %d characters: shorten it", maxSpelling)
		}
		return s, nil
	},
}

var workspaceID = toml.Pattern(`T[A-Z0-9]+`, `the ID of a workspace like "T0123456789"`)

// platforms are the places that a channel can be in, and how their channels look.
var platforms = []struct {
	name    string
	channel toml.Syntax[string]
}{
	{"slack", toml.Pattern(`(T[A-Z0-9]+/)?[CGD][A-Z0-9]+`, "its ID, like slack:C0123456789")},
	{"discord", toml.Pattern(`[0-9]+`, "its ID, like discord:1234567890")},
	{"console", toml.Pattern(``, "console: alone")},
}

var channel = toml.Syntax[bot.Channel]{
	Wants: `a channel like "slack:C0123456789", "discord:1234567890" or "console:"`,
	Parse: func(s string) (bot.Channel, error) {
		platform, place, ok := strings.Cut(s, ":")
		if !ok {
			return "", fmt.Errorf("%q names no platform: begin it with slack:, discord: or console:, as in slack:C0123456789", s)
		}
		var names []string
		for _, p := range platforms {
			if p.name == platform {
				_, err := p.channel.Parse(place)
				return bot.Channel(s), err
			}
			names = append(names, p.name)
		}
		return "", fmt.Errorf("unknown platform %q: %s", platform, toml.Suggest(platform, names))
	},
}

// units of sizes, the longest names first: each ends in B.
var units = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}}

// byteSize is a number of bytes.
var byteSize = toml.Syntax[int64]{
	Wants: `a size like "8MiB"`,
	Parse: func(s string) (int64, error) {
		for _, u := range units {
			digits, ok := strings.CutSuffix(s, u.name)
			n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 63)
			if ok && err == nil && int64(n) <= math.MaxInt64/u.bytes {
				return int64(n) * u.bytes, nil
			}
		}
		return 0, fmt.Errorf("%q is no size: write one like 512KiB or 8MiB", s)
	},
}

// showSize writes a size in the largest unit that leaves nothing over.
func showSize(n int64) string {
	for _, u := range slices.Backward(units[:3]) {
		if n%u.bytes == 0 {
			return fmt.Sprintf("%d%s", n/u.bytes, u.name)
		}
	}
	return fmt.Sprintf("%dB", n)
}
