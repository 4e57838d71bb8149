// Package dates reads the dates of feeds, however and in whatever language they are written.
//
// [Parse] takes RFC 822 and its relatives, ISO 8601 and its relatives, asctime, epoch seconds, and
// dates as people write them, with months by name in some thirty languages, digits of any script,
// and zones by offset or by name. A date that could be two days is read the way that is usual
// outside America, unless it has AM or PM. It is pure.
package dates

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const longest = 200 // bytes of a text that is worth reading

// Parse reads a date. It reports false for what has no year, month and day, or impossible ones;
// ISO dates may leave out month and day.
func Parse(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longest {
		return time.Time{}, false
	}
	if t, err := time.Parse(likely(s), s); err == nil {
		return t.UTC(), true
	}
	return read(fold(s))
}

// likely is the layout that a date most probably has: nearly all have one of three.
func likely(s string) string {
	switch {
	case strings.HasSuffix(s, "GMT"):
		return time.RFC1123
	case s[0] >= '0' && s[0] <= '9':
		return time.RFC3339
	}
	return time.RFC1123Z
}

// fold makes a text comparable: lower case, no accents, ASCII digits, one form of each letter.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			return -1
		case r == 'ı':
			return 'i'
		case r == 'ي', r == 'ى':
			return 'ی'
		case r == 'ك':
			return 'ک'
		case r == '−', r == '–':
			return '-'
		case r == '،':
			return ','
		case r >= 0x80 && unicode.Is(unicode.Nd, r):
			return digit(r)
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFD.String(strings.ToLower(norm.NFKC.String(s))))
}

// digit is the ASCII digit of one in another script: they come in runs of ten.
func digit(r rune) rune {
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10
		}
	}
	return r
}

var (
	clock   = regexp.MustCompile(`(\d{1,2})(?::|h|時|시 ?)(\d{2})(?:(?::|分|분 ?)(\d{2})(?:[.,:]\d+)?)?(?:分|분|秒|초)?`)
	compact = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?`)
	epoch   = regexp.MustCompile(`^\d{9,10}(?:\d{3})?$`)
	hourly  = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})t(\d{2})`)
)

// read reads a folded text: the time of day and the zone after it are cut out, what is left is
// the day.
func read(s string) (time.Time, bool) {
	if epoch.MatchString(s) {
		return sinceEpoch(s), true
	}
	var hour, minute, second int
	day, rest := s, ""
	if m := clock.FindStringSubmatchIndex(s); m != nil {
		hour, minute, second = number(s, m, 1), number(s, m, 2), number(s, m, 3)
		day, rest = strings.TrimSuffix(s[:m[0]], "t"), s[m[1]:]
		hour = half(hour, s)
	} else if m := compact.FindStringSubmatchIndex(s); m != nil {
		hour, minute, second = number(s, m, 4), number(s, m, 5), number(s, m, 6)
		day, rest = s[m[2]:m[3]]+"-"+s[m[4]:m[5]]+"-"+s[m[6]:m[7]], s[m[1]:]
	} else if m := hourly.FindStringSubmatchIndex(s); m != nil {
		hour, day, rest = number(s, m, 2), s[m[2]:m[3]], s[m[1]:]
	}
	offset, rest := zone(rest)
	rest, _, _ = strings.Cut(rest, "(") // a zone in words
	year, month, date, ok := calendar(day+" "+rest, american(s))
	if !ok || hour > 24 || minute > 59 || second > 60 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	if t.Day() != date {
		return time.Time{}, false
	}
	since := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(second)*time.Second
	return t.Add(since - offset), true
}

// number is the i-th group of a match, 0 if it took no part.
func number(s string, m []int, i int) int {
	if m[2*i] < 0 {
		return 0
	}
	n, _ := strconv.Atoi(s[m[2*i]:m[2*i+1]])
	return n
}

// sinceEpoch reads seconds or milliseconds since 1970.
func sinceEpoch(s string) time.Time {
	n, _ := strconv.ParseInt(s, 10, 64)
	if len(s) > 10 {
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}

var (
	forenoon  = regexp.MustCompile(`(?:\d|\b)(?:a\.? ?m\b|π\.? ?μ)|오전|上午|午前|ص(?: |$|باحا)`)
	afternoon = regexp.MustCompile(`(?:\d|\b)(?:p\.? ?m\b|μ\.? ?μ)|오후|下午|午後|م(?:ساء| |$)`)
)

// half turns an hour of the half day that a text names into one of the day. Hangul is decomposed
// by folding, so it is put together again.
func half(hour int, s string) int {
	s = norm.NFC.String(s)
	switch {
	case hour < 12 && afternoon.MatchString(s):
		return hour + 12
	case hour == 12 && forenoon.MatchString(s):
		return 0
	}
	return hour
}

// american reports whether a date is written with AM or PM.
func american(s string) bool { return strings.Contains(s, "am") || strings.Contains(s, "pm") }

var (
	offsets   = regexp.MustCompile(`^ ?\(?(?:[a-z]{1,5})? ?(-|\+)[-+]*(\d{1,2}):?(\d{2})?`)
	zoneWord  = regexp.MustCompile(`^ ?(?:[ap]\.?m\.? )?\(?([a-z]{1,5})\b`)
	halfWords = regexp.MustCompile(`^ ?[ap]\.? ?m\.?`)
)

// zone reads what follows the time of day, and returns what that leaves. A zone that is unknown
// is UTC.
func zone(s string) (offset time.Duration, rest string) {
	s = halfWords.ReplaceAllString(s, "")
	if m := offsets.FindStringSubmatchIndex(s); m != nil && !goesOn(s[m[1]:]) {
		hours, minutes := number(s, m, 2), number(s, m, 3)
		offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
		if s[m[2]:m[3]] == "-" {
			offset = -offset
		}
		if hours > 14 || minutes > 59 {
			offset = 0
		}
		return offset, s[m[1]:]
	}
	if m := zoneWord.FindStringSubmatch(s); m != nil {
		if hours, ok := zones[m[1]]; ok {
			return time.Duration(hours * float64(time.Hour)), s[len(m[0]):]
		}
	}
	return 0, s
}

// goesOn reports whether digits are followed by more of a number or date, so that they were no
// offset.
func goesOn(s string) bool {
	return len(s) > 1 && strings.ContainsRune("./-0123456789", rune(s[0])) &&
		s[1] >= '0' && s[1] <= '9'
}

var (
	yearFirst = regexp.MustCompile(`\b(\d{4}) ?(?:[-/.]|年|년) ?(\d{1,2}) ?(?:[-/.]|月|월) ?(\d{1,2})\b`)
	dayFirst  = regexp.MustCompile(`\b(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?[-/.] ?(\d{4}|\d{2})\b`)
	yearOnly  = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2}))?$`)
	ordinal   = regexp.MustCompile(`^(\d{4})-?(\d{3})$`)
	digits    = regexp.MustCompile(`\d+`)
)

// calendar finds year, month and day in what is left of a date.
func calendar(s string, american bool) (year, month, day int, ok bool) {
	s = strings.TrimSpace(s)
	if m := yearFirst.FindStringSubmatchIndex(norm.NFC.String(s)); m != nil {
		s = norm.NFC.String(s)
		year, month, day = number(s, m, 1), number(s, m, 2), number(s, m, 3)
	} else if month = monthIn(s); month > 0 {
		year, day = yearAndDay(s)
	} else if m := dayFirst.FindStringSubmatchIndex(s); m != nil {
		day, month, year = number(s, m, 1), number(s, m, 3), century(s[m[8]:m[9]])
		if month > 12 || american && s[m[4]:m[5]] == "/" && day <= 12 {
			day, month = month, day
		}
	} else if m := yearOnly.FindStringSubmatchIndex(s); m != nil {
		year, month, day = number(s, m, 1), max(number(s, m, 2), 1), 1
	} else if m := ordinal.FindStringSubmatchIndex(s); m != nil && number(s, m, 2) <= 366 {
		t := time.Date(number(s, m, 1), 1, number(s, m, 2), 0, 0, 0, 0, time.UTC)
		year, month, day = t.Year(), int(t.Month()), t.Day()
	}
	return year, month, day, year >= 1800 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// yearAndDay tells the two numbers beside the name of a month apart: the year has four digits, or
// comes last.
func yearAndDay(s string) (year, day int) {
	found := digits.FindAllString(s, 3)
	if len(found) < 2 {
		return 0, 0
	}
	first, second := found[0], found[1]
	if len(first) == 4 {
		first, second = second, first
	}
	day, _ = strconv.Atoi(first)
	return century(second), day
}

// century completes a year of two digits.
func century(s string) int {
	n, _ := strconv.Atoi(s)
	switch {
	case len(s) == 4:
		return n
	case len(s) != 2:
		return 0
	case n < 70:
		return 2000 + n
	}
	return 1900 + n
}
