package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// field is one of the five places of a cron expression. cron reads the values; what stands here
// only finds mistakes, because cron names neither the field nor the remedy and lets some pass:
// `1,,2`, `*-5`, and `*/90`, which fires every hour.
type field struct {
	name     string
	min, max int
	names    []string // names[i] stands for min+i
	remedy   string
}

var cronFields = [...]field{
	{name: "minute", min: 0, max: 59, remedy: "0 to 59, or */5 for every five minutes"},
	{name: "hour", min: 0, max: 23, remedy: "0 to 23, or * for every hour"},
	{name: "day of month", min: 1, max: 31, remedy: "1 to 31, or * for every day"},
	{name: "month", min: 1, max: 12, remedy: "1 to 12, jan to dec, or * for every month",
		names: []string{"jan", "feb", "mar", "apr", "may", "jun",
			"jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "day of week", min: 0, max: 6, remedy: "0 (Sunday) to 6, sun to sat, or * for every day",
		names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// checkFields returns the first mistake in the fields of a cron expression.
func checkFields(words []string) error {
	switch n := len(words); {
	case n == len(cronFields)+1:
		return errors.New("seconds are not supported: write five fields like `*/5 * * * *`")
	case n != len(cronFields):
		return fmt.Errorf("the schedule has %d of five fields: write minute, hour, "+
			"day of month, month and day of week, like `*/5 * * * *`", n)
	}
	for i, word := range words {
		if err := cronFields[i].check(word); err != nil {
			return fmt.Errorf("%s %q: %w", cronFields[i].name, word, err)
		}
	}
	return nil
}

func (f field) check(list string) error {
	for part := range strings.SplitSeq(list, ",") {
		if err := f.checkPart(part); err != nil {
			return err
		}
	}
	return nil
}

// checkPart checks a value, a range or `*`, each with or without a step.
func (f field) checkPart(part string) error {
	span, step, stepped := strings.Cut(part, "/")
	if stepped && !within(step, 1, f.max) {
		return fmt.Errorf("the step %q does not fit: write 1 to %d, "+
			"or a schedule like @every 90m", step, f.max)
	}
	if span == "*" || span == "?" {
		return nil
	}
	low, high, ranged := strings.Cut(span, "-")
	from, err := f.value(low)
	if err != nil || !ranged {
		return err
	}
	to, err := f.value(high)
	if err == nil && from > to {
		return fmt.Errorf("the range %s runs backwards: write %s-%d,%d-%s",
			span, low, f.max, f.min, high)
	}
	return err
}

func (f field) value(s string) (int, error) {
	if i := slices.Index(f.names, strings.ToLower(s)); i >= 0 {
		return f.min + i, nil
	}
	if !within(s, f.min, f.max) {
		return 0, fmt.Errorf("%q does not fit: write %s", s, f.remedy)
	}
	return strconv.Atoi(s)
}

// within reports whether s is a number from low to high, written in digits alone.
func within(s string, low, high int) bool {
	n, err := strconv.Atoi(s)
	return err == nil && s[0] != '+' && low <= n && n <= high
}
