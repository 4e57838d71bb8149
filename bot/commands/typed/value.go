package typed

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/schedule"
)

// longest is a duration that stands for "for good": whoever wants more wants to unsubscribe.
const longest = 366 * 24 * time.Hour

// units are the words that people write for what [schedule.ParseDuration] calls by a letter.
var units = map[string]string{
	"m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
	"h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
	"d": "d", "day": "d", "days": "d", "w": "w", "week": "w", "weeks": "w",
	"month": "month", "months": "month",
}

var amount = regexp.MustCompile(`^(\d+(?:\.\d+)?|an?|one)?\s*(\pL+)$`)

// ReadDuration reads how long: what [schedule.ParseDuration] takes, and words: "8h", "1 day", "a
// week", "for 2 hours". The error says what to write.
func ReadDuration(s string) (time.Duration, error) {
	s = strings.TrimPrefix(strings.ToLower(strings.Join(strings.Fields(plain(s)), " ")), "for ")
	d, err := schedule.ParseDuration(s)
	if m := amount.FindStringSubmatch(s); err != nil && m != nil && units[m[2]] != "" {
		n := m[1]
		if n == "" || n[0] == 'a' || n == "one" {
			n = "1"
		}
		unit := units[m[2]]
		if unit == "month" {
			d, err = schedule.ParseDuration(n + "d")
			d *= 30
		} else {
			d, err = schedule.ParseDuration(n + unit)
		}
	}
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not a length of time: write one like 8h, 2 days or 1w",
			shorten(s))
	case d < time.Minute:
		return 0, fmt.Errorf("%q is less than a minute: write a length of time like 8h or 2 days",
			s)
	case d > longest:
		return 0, fmt.Errorf("%q is longer than a year: write at most 52w", s)
	}
	return d, nil
}

// ReadPeriod reads how far back to look: a duration, "today", "yesterday" or "last week". Days
// begin at midnight UTC: nobody has said another zone.
func ReadPeriod(s string, now time.Time) (since time.Time, err error) {
	s = strings.ToLower(strings.Join(strings.Fields(plain(s)), " "))
	for _, lead := range []string{"the ", "last ", "past ", "since ", "this "} {
		s = strings.TrimPrefix(s, lead)
	}
	today := now.UTC().Truncate(24 * time.Hour)
	switch s {
	case "today":
		return today, nil
	case "yesterday":
		return today.Add(-24 * time.Hour), nil
	}
	d, err := ReadDuration(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a period: write one like 24h, 7d or today",
			shorten(s))
	}
	return now.Add(-d), nil
}

var (
	span = regexp.MustCompile(`^(\d{1,2}(?:[:.]\d\d)?)\s*(?:-|to|until)\s*(\d{1,2}(?:[:.]\d\d)?)$`)
	hour = regexp.MustCompile(`^(\d{1,2})[:.](\d\d)$`)
)

// ReadHours reads hours of silence as [schedule.ParseQuiet] wants them: "22-7" is "22:00-07:00".
// "off" is empty. What cannot be read is left as it is, for it to say what is wrong.
func ReadHours(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(plain(s)), " "))
	m := span.FindStringSubmatch(s)
	switch {
	case s == "off" || s == "none" || s == "never":
		return ""
	case m == nil:
		return s
	}
	return clock(m[1]) + "-" + clock(m[2])
}

// clock writes an hour with its minutes.
func clock(s string) string {
	hours, minutes, _ := strings.Cut(strings.ReplaceAll(s, ".", ":"), ":")
	if minutes == "" {
		minutes = "00"
	}
	return fmt.Sprintf("%02s:%s", hours, minutes)
}

// ReadZone writes the name of a zone with its capitals, when none were typed: "asia/tehran" is
// Asia/Tehran.
func ReadZone(s string) string {
	s = strings.Join(strings.Fields(plain(s)), " ")
	if strings.EqualFold(s, "utc") || strings.EqualFold(s, "gmt") {
		return "UTC"
	}
	if s != strings.ToLower(s) {
		return s
	}
	begins := true
	return strings.Map(func(r rune) rune {
		if begins {
			r = unicode.ToUpper(r)
		}
		begins = !unicode.IsLetter(r)
		return r
	}, s)
}

// ReadCron reads a schedule: cron as it is, and times of day ("8:00", "8:00 and 18:00", "daily
// 7:30"). Nobody should have to learn cron to read the news at eight.
func ReadCron(s string) string {
	plainly := strings.Join(strings.Fields(plain(s)), " ")
	var hours []string
	minutes := ""
	for _, w := range strings.FieldsFunc(strings.ToLower(plainly), between) {
		m := hour.FindStringSubmatch(w)
		switch {
		case w == "hourly" && minutes == "":
			return "@hourly"
		case w == "daily" || w == "at" || w == "and" || w == "every" || w == "day":
		case m == nil || minutes != "" && minutes != m[2]:
			return plainly
		default:
			minutes = m[2]
			hours = append(hours, strings.TrimLeft(m[1], "0"))
			if hours[len(hours)-1] == "" {
				hours[len(hours)-1] = "0"
			}
		}
	}
	if minutes == "" {
		return plainly
	}
	if minutes = strings.TrimLeft(minutes, "0"); minutes == "" {
		minutes = "0"
	}
	return minutes + " " + strings.Join(hours, ",") + " * * *"
}

func between(r rune) bool { return r == ',' || r == ' ' }

// maxName is how many characters the name of a watch has at most, here and in the config.
const maxName = 64

var name = regexp.MustCompile(`^[\p{L}\p{M}\p{Nd}_-]{1,64}$`)

// ReadName reads the name of a watch. The error says what to write.
func ReadName(s string) (string, error) {
	s = strings.Trim(plain(s), ",")
	if !name.MatchString(s) {
		return "", fmt.Errorf("%q is not a name: write one like oman-talks, of at most %d "+
			"letters, digits, - and _", shorten(s), maxName)
	}
	return s, nil
}

// nameLength is how many characters of a rule make a name.
const nameLength = 32

// NameFor makes a name of a rule: "oman-talks" of Oman talks, in whatever script. It is "watch"
// when there is nothing to make it of.
func NameFor(rule string) string {
	var b strings.Builder
	length, cut := 0, true
	for _, r := range strings.ToLower(plain(rule)) {
		mark := unicode.In(r, unicode.M)
		switch {
		case length >= nameLength && (cut || r == ' '):
			return strings.TrimRight(b.String(), "-")
		case length >= maxName-8:
			return b.String()
		case unicode.IsLetter(r) || unicode.Is(unicode.Nd, r) || mark && length > 0:
			b.WriteRune(r)
			length, cut = length+1, false
		case !cut && r != '\'' && r != '’' && r != '.':
			b.WriteByte('-')
			length, cut = length+1, true
		}
	}
	if made := strings.TrimRight(b.String(), "-"); made != "" {
		return made
	}
	return "watch"
}

// ReadURL reads an address: https may be left out, and what a platform puts around links is taken
// off. The error says what to write.
func ReadURL(s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	scheme, rest, found := strings.Cut(s, "://")
	switch {
	case !found && strings.Contains(s, ".") && !strings.ContainsAny(s, " \t\n"):
		return "https://" + s, nil
	case rest == "" || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") ||
		strings.ContainsAny(s, " \t\n"):
		return "", fmt.Errorf("%q is not an address: write one like https://example.org/feed.xml",
			shorten(s))
	}
	return s, nil
}

// ReadNumber reads a whole number from 1 to 1000.
func ReadNumber(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1000 {
		return 0, fmt.Errorf("%q is not a number from 1 to 1000: write one like 2", shorten(s))
	}
	return n, nil
}

// CutSpellings cuts a list of spellings at its commas, which come in several scripts.
func CutSpellings(s string) (out []string) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool {
		return strings.ContainsRune(",،;؛、，\n", r)
	}) {
		if part = Unquote(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Unquote takes the quotes off a text that is quoted as a whole.
func Unquote(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if w, ok := quoted(s, 0); ok && w.end == len(s) {
		return w.text
	}
	return s
}

// shorten keeps a sentence about a text readable.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
