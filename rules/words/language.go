package words

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// judged is how many bytes of a text are read to know its language: the title and the lead.
const judged = 300

// Language returns the language of a text, given in parts, as a BCP 47 primary subtag, or "" if it
// is unknown. Declared is what the feed says, in BCP 47 or near it ("en_US"), and may be empty. It
// holds unless the text is written in another script. Then, and without a declaration, the script
// decides, and where several languages share one, the letters that only some of them have. A text
// in Latin letters is French by its commonest words, Turkish by its letters, and else taken for
// English.
func Language(declared string, text ...string) string {
	language, code := named(declared)
	if code == "Latn" && slices.ContainsFunc(text, isLatin) {
		return language
	}
	var parts [2]string // most texts are a title and a lead
	read := append(parts[:0], text...)
	left := judged
	for i, part := range read {
		read[i] = part[:min(len(part), left)]
		left -= len(read[i])
	}
	s := writtenIn(read)
	if language != "" && (s == nil || s.fits(language, code)) {
		return language
	}
	if s == nil {
		return ""
	}
	return s.tell(strings.Join(read, "\n"))
}

// isLatin reports whether a text begins so plainly in Latin letters that no more need be read.
func isLatin(text string) bool {
	if len(text) < window {
		return false
	}
	letters, beyond := classify(text[:window])
	return beyond == 0 && bits.OnesCount64(letters) > window/2
}

// Primary returns the primary subtag of a language tag, fa of fa-IR, or "" if it names no language.
func Primary(tag string) string {
	base, _ := named(tag)
	return base
}

// named returns the language that a feed declares and its usual script, or "" if there is none.
func named(declared string) (base, script string) {
	if len(declared) == 2 || len(declared) > 2 && declared[2] == '-' {
		if script := commonTags[declared[:2]]; script != "" {
			return declared[:2], script
		}
	}
	tag, err := language.Parse(strings.TrimSpace(declared))
	if err != nil || tag == language.Und {
		return "", ""
	}
	b, _ := tag.Base()
	c, _ := tag.Script()
	return b.String(), c.String()
}

// commonTags are the tags, with their scripts, that are worth not to be parsed for each item.
var commonTags = map[string]string{
	"en": "Latn", "fr": "Latn", "tr": "Latn", "ru": "Cyrl",
	"ar": "Arab", "fa": "Arab", "he": "Hebr",
}

// script is a script and the languages written in it.
type script struct {
	letters *unicode.RangeTable
	codes   string // of ISO 15924, also of mixed scripts that hold this one
	usual   string // the language without letters of its own
	own     []ownLetters
}

// ownLetters are letters that tell a language from the others of its script.
type ownLetters struct{ language, letters string }

// scripts lists the scripts of the news. Where two languages share a letter, the rarer one has
// others and stands first.
var scripts = []script{
	{letters: unicode.Latin, codes: "Latn", usual: "en", own: []ownLetters{{"tr", "ığşİĞŞ"}}},
	{letters: unicode.Arabic, codes: "Arab", usual: "ar", own: []ownLetters{
		{"ps", "ټډړږښځڅې"}, {"ckb", "ێۆڕڵ"}, {"ur", "ٹڈڑےں"}, {"fa", "پچژگکی"},
	}},
	{letters: unicode.Cyrillic, codes: "Cyrl", usual: "ru", own: []ownLetters{
		{"be", "ўЎ"}, {"uk", "іїєґІЇЄҐ"}, {"sr", "ђћљњџјЂЋЉЊЏЈ"}, {"kk", "әқңөұүһӘҚҢӨҰҮ"},
	}},
	{letters: unicode.Hebrew, codes: "Hebr", usual: "he"},
	{letters: unicode.Hiragana, codes: "Jpan Hira", usual: "ja"},
	{letters: unicode.Katakana, codes: "Jpan Kana", usual: "ja"},
	{letters: unicode.Hangul, codes: "Kore Hang", usual: "ko"},
	{letters: unicode.Han, codes: "Hans Hant Hani Jpan Kore", usual: "zh"},
	{letters: unicode.Greek, codes: "Grek", usual: "el"},
	{letters: unicode.Armenian, codes: "Armn", usual: "hy"},
	{letters: unicode.Georgian, codes: "Geor", usual: "ka"},
	{letters: unicode.Devanagari, codes: "Deva", usual: "hi"},
	{letters: unicode.Bengali, codes: "Beng", usual: "bn"},
	{letters: unicode.Thai, codes: "Thai", usual: "th"},
	{letters: unicode.Ethiopic, codes: "Ethi", usual: "am"},
}

// twoScripts holds languages written in more than one script, of which a tag names only one.
var twoScripts = set("az bs kk ku ky mn ms pa sd sr tg tk tt ug uz")

// fits reports whether a language may be written in the script.
func (s *script) fits(language, code string) bool {
	return strings.Contains(s.codes, code) || twoScripts[language] && len(s.own) > 0
}

// writtenIn returns the script of most letters of a text, or nil. Kana among Han is Japanese: a
// title in Japanese often has more of the latter.
func writtenIn(text []string) *script {
	var counts [16]int
	for _, part := range text {
		countScripts(&counts, part)
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	if counts[best] == 0 {
		return nil
	}
	kana := counts[4] + counts[5]
	if scripts[best].usual == "zh" && kana*10 > counts[best] {
		best = 4
	}
	return &scripts[best]
}

// countScripts counts the letters of a text by their scripts. In stretches of ASCII digits pass for
// letters.
func countScripts(counts *[16]int, text string) {
	last := 0 // letters mostly stand with others of their script
	for len(text) > 0 {
		if len(text) >= window {
			if letters, beyond := classify(text[:window]); beyond == 0 {
				counts[0] += bits.OnesCount64(letters)
				text = text[window:]
				continue
			}
		}
		stretch := min(len(text), window)
		for stretch < len(text) && !utf8.RuneStart(text[stretch]) {
			stretch++
		}
		for _, r := range text[:stretch] {
			if i := letterOf(r, last); i >= 0 {
				counts[i]++
				last = i
			}
		}
		text = text[stretch:]
	}
}

// letterOf returns the place in scripts of a letter's script, which is likely the last one's, or -1.
func letterOf(r rune, last int) int {
	if r < 0x80 {
		if c := r | 0x20; 'a' <= c && c <= 'z' {
			return 0
		}
		return -1
	}
	if unicode.Is(scripts[last].letters, r) {
		return last
	}
	return scriptOf(r)
}

// scriptOf returns the place in scripts of a letter's script, or -1.
func scriptOf(r rune) int {
	return slices.IndexFunc(scripts, func(s script) bool { return unicode.Is(s.letters, r) })
}

// rareLetter is how many letters of a text may hold one foreign letter, as in a name.
const rareLetter = 25

// tell returns the language of a text of the script by its letters and commonest words.
func (s *script) tell(text string) string {
	all := strings.Count(text, "") // characters, plus one
	if s.usual == "en" {
		english, french := commonWords(text)
		if french > english && french > 1 {
			return "fr"
		} else if english > 0 {
			return "en"
		}
	}
	for _, own := range s.own {
		found := 0
		for _, r := range text {
			if strings.ContainsRune(own.letters, r) {
				found++
			}
		}
		if found*rareLetter >= all {
			return own.language
		}
	}
	return s.usual
}

// commonWords counts the words of a text that are among the commonest of English and French, and in
// no other language of the news.
func commonWords(text string) (english, french int) {
	var few [64]Span
	for _, s := range AppendSpans(few[:0], text) {
		word := strings.ToLower(text[s.Start:s.End])
		if commonEnglish[word] {
			english++
		}
		if commonFrench[word] || strings.HasPrefix(word, "l'") || strings.HasPrefix(word, "l’") {
			french++
		}
	}
	return english, french
}

var (
	commonEnglish = set("the of and to in for with that at by is was from has have it after says")
	commonFrench  = set("le les des du et est une dans pour qui sur avec au aux ont sont cette à")
)

// set makes a set of words parted by white space.
func set(list string) map[string]bool {
	members := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		members[word] = true
	}
	return members
}
