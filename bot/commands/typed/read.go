package typed

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Read takes apart what was typed. The mistake is nil when it was understood. Nothing at all asks
// for help.
func (t Table) Read(text string) (Input, *Mistake) {
	text = withoutPrefix(text)
	all := words(text)
	if len(all) == 0 {
		return Input{Command: t.Find("help"), Page: 1}, nil
	}
	c, rest := t.command(all)
	if c == nil {
		return Input{}, t.unknown(text, all)
	}
	r := reader{
		Input: Input{Command: c, Args: make(map[string]string), Page: 1},
		text:  text,
		left:  rest,
	}
	if c.Paged {
		r.page()
	}
	if m := r.read(); m != nil {
		m.Command = c
		return r.Input, m
	}
	return r.Input, nil
}

// Check takes a command whose arguments came one by one, as from a form.
func (t Table) Check(command string, args map[string]string) (Input, *Mistake) {
	c := t.Find(command)
	if c == nil {
		return Input{}, t.unknown(command, words(command))
	}
	in := Input{Command: c, Args: make(map[string]string, len(args)), Page: 1}
	if n, err := strconv.Atoi(args["page"]); err == nil && n > 0 {
		in.Page, in.Turned = n, true
	}
	for _, a := range c.Args {
		value := strings.TrimSpace(args[a.Name])
		switch {
		case value != "":
			checked, m := a.check(value)
			if m != nil {
				m.Command = c
				return in, m
			}
			in.Args[a.Name] = checked
		case !a.Optional:
			return in, &Mistake{Problem: missing(c, a), Command: c}
		}
	}
	for name, value := range args { // what a form carries along
		if c.arg(name) == nil {
			in.Args[name] = value
		}
	}
	return in, nil
}

// withoutPrefix leaves out what stands before every command: some type it twice.
func withoutPrefix(text string) string {
	text = strings.TrimSpace(text)
	for {
		all := words(text)
		if len(all) == 0 {
			return text
		}
		first := strings.ToLower(strings.TrimPrefix(plain(all[0].text), "/"))
		switch {
		case all[0].quoted:
			return text
		case first == "tension" || first == "":
			text = strings.TrimSpace(text[all[0].end:])
		default:
			return strings.TrimPrefix(text, "/")
		}
	}
}

// command finds the command at the beginning of some words, and what stands behind it.
func (t Table) command(all []word) (*Command, []word) {
	if len(all) > 1 {
		for _, c := range t {
			first, second, two := strings.Cut(c.Name, " ")
			if two && key(all[0].text) == key(first) && key(all[1].text) == key(second) {
				return c, all[2:]
			}
		}
	}
	return t.Find(all[0].text), all[1:]
}

// unknown says that there is no such command, and what may be meant: a command that is written
// alike, or a watch for these words.
func (t Table) unknown(text string, all []word) *Mistake {
	first := plain(all[0].text)
	m := &Mistake{Problem: fmt.Sprintf("There is no command %q.", shorten(first))}
	for _, c := range t {
		lead, _, two := strings.Cut(c.Name, " ")
		if two && key(lead) == key(first) {
			m.Meant = append(m.Meant, c.Name)
		}
	}
	if len(m.Meant) > 0 {
		m.Problem = fmt.Sprintf("The command %q wants another word.", shorten(first))
		return m
	}
	if len(all) > 1 {
		m.Meant = meant(Near(first+plain(all[1].text), t.twoWorded()), text[all[1].end:])
	}
	if len(m.Meant) == 0 {
		m.Meant = meant(Near(first, t.Names()), text[all[0].end:])
	}
	if len(m.Meant) == 0 {
		m.Meant = []string{"watch " + text}
	}
	return m
}

// meant puts commands before what stood behind a wrong one.
func meant(commands []string, tail string) (out []string) {
	for _, c := range commands {
		out = append(out, strings.TrimSpace(c+" "+strings.TrimSpace(tail)))
	}
	return out
}

// twoWorded are the names of two words.
func (t Table) twoWorded() []string {
	return slices.DeleteFunc(t.Names(), func(n string) bool { return !strings.Contains(n, " ") })
}

// reader puts the words behind a command under the names of its arguments.
type reader struct {
	Input
	text string
	left []word
}

// page takes "page 2" from the end.
func (r *reader) page() {
	n := len(r.left)
	if n < 2 || r.left[n-2].quoted || !strings.EqualFold(plain(r.left[n-2].text), "page") {
		return
	}
	needed := 0
	for _, a := range r.Command.Args {
		if !a.Optional {
			needed++
		}
	}
	page, err := strconv.Atoi(r.left[n-1].text)
	if err == nil && page > 0 && n-2 >= needed {
		r.Page, r.Turned, r.left = page, true, r.left[:n-2]
	}
}

func (r *reader) read() *Mistake {
	if m := r.led(); m != nil {
		return m
	}
	for i, a := range r.Command.Args {
		if a.Lead != "" {
			continue
		}
		value := r.take(a, r.Command.Args[i+1:])
		if value == "" {
			if !a.Optional {
				return &Mistake{Problem: missing(r.Command, a)}
			}
			continue
		}
		checked, m := a.check(value)
		if m != nil {
			return m
		}
		r.Args[a.Name] = checked
	}
	if len(r.left) > 0 {
		return &Mistake{Problem: fmt.Sprintf("%q is more than %s needs.", shorten(r.rest()),
			r.Command.Name)}
	}
	return nil
}

// led takes the arguments that have a word before them. In a rule they stand at its very end, and
// only when they can be what they seem to be: "as" may be a word to look for.
func (r *reader) led() *Mistake {
	for _, a := range r.Command.Args {
		if a.Lead == "" {
			continue
		}
		at := slices.IndexFunc(r.left, func(w word) bool {
			lead, _, _ := strings.Cut(w.text, "=")
			return !w.quoted && key(lead) == key(a.Lead)
		})
		if r.Command.Args[0].Kind == Rule {
			at = len(r.left) - 2
			if at < 1 || r.left[at].quoted || key(r.left[at].text) != key(a.Lead) {
				continue
			}
			if _, m := a.check(r.left[at+1].text); m != nil {
				continue
			}
		}
		if at < 0 {
			continue
		}
		if m := r.takeLed(a, at); m != nil {
			return m
		}
	}
	return nil
}

// takeLed takes an argument whose lead stands at a place: "min-publishers 2" or
// "min-publishers=2".
func (r *reader) takeLed(a Arg, at int) *Mistake {
	_, value, joined := strings.Cut(r.left[at].text, "=")
	end := at + 1
	if !joined {
		if end == len(r.left) {
			return &Mistake{Problem: missing(r.Command, a)}
		}
		value = r.left[end].text
		end++
	}
	checked, m := a.check(value)
	if m != nil {
		return m
	}
	r.Args[a.Name] = checked
	r.left = slices.Delete(slices.Clone(r.left), at, end)
	return nil
}

// take takes the words of an argument, or none when it is left out.
func (r *reader) take(a Arg, behind []Arg) string {
	if len(r.left) == 0 {
		return ""
	}
	switch a.Kind {
	case Rule, Rest, Feed, Spellings:
		return r.raw()
	case Duration, Period, Cron, Zone:
		return r.rest()
	case Hours:
		return r.hours()
	case Word:
		if len(behind) > 0 && behind[0].Kind == Spellings {
			return r.before()
		}
	case Watch:
		if a.Repeated {
			return r.rest()
		}
		if len(behind) > 0 && behind[0].Kind == Period && !r.left[0].quoted {
			if _, err := ReadPeriod(r.text[r.left[0].start:], time.Time{}); err == nil {
				return ""
			}
		}
	case OneOf:
		first := r.left[0].text
		later := slices.ContainsFunc(behind, func(b Arg) bool { return b.Lead == "" })
		if a.Optional && later && a.choice(first) == "" && len(Near(first, a.Choices)) == 0 {
			return ""
		}
	}
	return r.next()
}

// next takes one word.
func (r *reader) next() string {
	value := r.left[0].text
	r.left = r.left[1:]
	return value
}

// rest takes all words.
func (r *reader) rest() string {
	texts := make([]string, len(r.left))
	for i, w := range r.left {
		texts[i] = w.text
	}
	r.left = nil
	return strings.Join(texts, " ")
}

// raw takes the rest of the text as it was typed: its quotes mean something.
func (r *reader) raw() string {
	value := r.text[r.left[0].start:r.left[len(r.left)-1].end]
	r.left = nil
	return value
}

// hours takes as many words as make hours: "22:00 to 07:00" are three.
func (r *reader) hours() string {
	for n := min(3, len(r.left)); n > 0; n-- {
		value := r.text[r.left[0].start:r.left[n-1].end]
		if n == 1 || span.MatchString(strings.ToLower(plain(value))) {
			r.left = r.left[n:]
			return value
		}
	}
	return ""
}

// before takes a name up to the sign behind which its spellings stand: "=", or else a comma. What
// has neither is the name alone.
func (r *reader) before() string {
	raw := r.text[r.left[0].start:r.left[len(r.left)-1].end]
	at := strings.IndexByte(raw, '=')
	if at < 0 {
		at = strings.IndexFunc(raw, func(c rune) bool { return strings.ContainsRune(",،،；;", c) })
	}
	if at < 0 {
		r.left = nil
		return raw
	}
	spellings := strings.TrimLeftFunc(raw[at:], func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune("=,،؛;", c)
	})
	end := r.left[len(r.left)-1].end
	r.left = nil
	if spellings != "" {
		r.left = []word{{text: spellings, start: end - len(spellings), end: end}}
	}
	return raw[:at]
}

// missing says what a command lacks.
func missing(c *Command, a Arg) string {
	return fmt.Sprintf("%s needs %s.", c.Name, a.Help)
}

// choice is the choice that is meant, or empty.
func (a Arg) choice(s string) string {
	for _, c := range a.Choices {
		if key(c) == key(s) {
			return c
		}
	}
	return ""
}

// check reads a value as its kind wants it.
func (a Arg) check(value string) (string, *Mistake) {
	var err error
	switch a.Kind {
	case Rule:
		value = withoutTicks(strings.TrimSpace(value))
	case Spellings:
		value = strings.TrimSpace(value)
	case Rest, Feed, Word:
		value = Unquote(value)
	case Watch:
		return a.checkNames(value)
	case Duration:
		_, err = ReadDuration(value)
	case Period:
		_, err = ReadPeriod(value, time.Time{})
	case URL:
		value, err = ReadURL(value)
	case Number:
		_, err = ReadNumber(value)
	case Cron:
		value = ReadCron(value)
	case Hours:
		if value = ReadHours(value); value == "" {
			value = "off"
		}
	case Zone:
		value = ReadZone(value)
	case OneOf:
		if c := a.choice(value); c != "" {
			return c, nil
		}
		return "", &Mistake{Problem: fmt.Sprintf("%q is not understood here: it may be %s.%s",
			shorten(value), strings.Join(a.Choices, ", "), DidYouMean(Near(value, a.Choices)))}
	}
	if err != nil {
		return "", &Mistake{Problem: sentence(err)}
	}
	return value, nil
}

// checkNames reads a name, or several with commas or blanks between them.
func (a Arg) checkNames(value string) (string, *Mistake) {
	given := []string{value}
	if a.Repeated {
		given = strings.FieldsFunc(value, func(r rune) bool {
			return strings.ContainsRune(",،;", r) || r == ' '
		})
	}
	var names []string
	for _, g := range given {
		name, err := ReadName(g)
		if err != nil {
			return "", &Mistake{Problem: sentence(err)}
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " "), nil
}

// withoutTicks takes off the signs by which chats mark what is to be typed.
func withoutTicks(rule string) string {
	if len(rule) > 2 && rule[0] == '`' && rule[len(rule)-1] == '`' {
		return strings.TrimSpace(rule[1 : len(rule)-1])
	}
	return rule
}

// DidYouMean asks whether some words are meant; of none it says nothing.
func DidYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return " Did you mean " + strings.Join(near, " or ") + "?"
}

// sentence makes a sentence of an error.
func sentence(err error) string { return err.Error() + "." }
