package schedule

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// errTooLong is a duration that does not fit the 63 bits of nanoseconds of a [time.Duration].
var errTooLong = errors.New("it is too long: write at most 106751d")

// errMalformed is what is no duration at all.
var errMalformed = errors.New(
	"write numbers with units (s, m, h, d or w), like 90s, 30d or 1d12h")

// ParseDuration reads a duration as people write it: what [time.ParseDuration] takes, and `d` for
// 24 hours and `w` for seven days, in any order ("30d", "1d12h", "1.5w"). It is never negative.
// Errors say what to write instead.
func ParseDuration(s string) (time.Duration, error) {
	if s == "0" {
		return 0, nil
	}
	d, err := sumTerms(s)
	if err != nil {
		return 0, fmt.Errorf("duration %q: %w", s, err)
	}
	return d, nil
}

func sumTerms(s string) (time.Duration, error) {
	switch {
	case s == "":
		return 0, errMalformed
	case s[0] == '-':
		return 0, errors.New("it is negative: write it without the minus")
	}
	var sum time.Duration
	for s != "" {
		number, unit, rest := cutTerm(s)
		d, err := term(number, unit)
		if err != nil {
			return 0, err
		}
		if d > math.MaxInt64-sum {
			return 0, errTooLong
		}
		sum, s = sum+d, rest
	}
	return sum, nil
}

// cutTerm splits "12h30m" into "12", "h" and "30m".
func cutTerm(s string) (number, unit, rest string) {
	const digits = "0123456789."
	tail := strings.TrimLeft(s, digits)
	number = s[:len(s)-len(tail)]
	if i := strings.IndexAny(tail, digits); i >= 0 {
		return number, tail[:i], tail[i:]
	}
	return number, tail, ""
}

// term is the duration of one number and its unit. Days and weeks are read as hours and scaled.
// [time.ParseDuration] does not tell what is too long from what is malformed; the unit with a
// small number, and the number on its own, do.
func term(number, unit string) (time.Duration, error) {
	scale := time.Duration(1)
	switch unit {
	case "":
		return 0, fmt.Errorf("%q has no unit: write it with s, m, h, d or w, like 30m", number)
	case "d":
		unit, scale = "h", 24
	case "w":
		unit, scale = "h", 7*24
	}
	_, errNumber := strconv.ParseFloat(number, 64)
	_, errUnit := time.ParseDuration("0" + unit)
	if errNumber != nil || errUnit != nil {
		return 0, errMalformed
	}
	d, err := time.ParseDuration(number + unit)
	if err != nil || d > math.MaxInt64/scale {
		return 0, errTooLong
	}
	return d * scale, nil
}
