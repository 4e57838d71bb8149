package rules

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules/names"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// tongues are the words of which documents are made where no news is at hand. Each line is of one
// language: names that others spell in their way, forms of one word, abbreviations, compounds and
// what an unlucky reader takes for one of these.
var tongues = map[string][]string{
	"en": append(strings.Split(`Iran,Iran's,Iranian,Oman,woman,talks,talk,talked,talking,Talks,
missile,missiles,missilery,ballistic missiles,Strait of Hormuz,strait,the,the,of,US,us,U.S.,USS,UAV,UAVs,
uav,IAEA,iaea,F-35,F-35s,U.S.-Iran,3.5bn,35,nuclear,enrich,enriched,enrichment,Ali Shamkhani,
Shamkhany,Mohammed bin Salman,Mohammad Salman,al Assad,al-Asad,Erdoğan,Erdogan,naïve,carried,
carries,den,Din,and,one,x,x,x,x`, ","), "\u212aiev", "\u017ftrait"), // other letters k and s
	"ar": strings.Split(`إيران,ايران,شمخاني,علي شمخاني,الشمخاني,صاروخ,صواريخ,الصواريخ,والصاروخ,
محادثات,المحادثات,في,في,من,محمد بن سلمان,الأسد,اسد,مَسقط,٦٠,US,UAVs,x,x`, ","),
	"fa": strings.Split(`ایران,شمخانی,علی شمخانی,موشک,موشک‌ها,موشکها,موشک‌های,مذاکرات,گفت‌وگوها,گفتگو,
در,و,محمد بن سلمان,اسد,مسقط,می‌شود,۶۰,F-35,x,x`, ","),
	"he": strings.Split(`איראן,שמח'אני,עלי שמחאני,טיל,טילים,הטילים,בטילים,שיחות,השיחות,צה"ל,צה״ל,
של,מוחמד בן סלמאן,אסד,מסקט,בליסטי,US,x,x`, ","),
	"ru": strings.Split(`Иран,Ирана,Ираном,Шамхани,Али Шамхани,ракета,ракеты,ракетой,ракет,
переговоры,переговоров,США,сша,МИД,МИДа,МИДом,Мухаммед бин Салман,Асад,в,и,на,ещё,еще,F-35,
x,x`, ","),
	"tr": strings.Split(`İran,İran'ın,füze,füzeler,füzeleri,görüşmeler,görüşmelerde,ABD,ABD'den,abd,
Erdoğan,Erdoğan'ın,Ali Şemhani,Muhammed bin Selman,ve,için,çok,Esad,x,x`, ","),
	"fr": strings.Split(`missile,missiles,négociations,négociation,l'Iran,Iran,l'ONU,ONU,onu,parlé,
parlent,le,les,des,avec,Ali Chamkhani,Mohammed ben Salmane,Assad,x,x`, ","),
	"zh": strings.Split(`北京,北方,京都,外交部,伊朗,说`, ","),
}

// gaps are what stands between words.
var gaps = []string{
	" ", " ", " ", " ", " ", " ", ", ", ". ", "-", " — ", "/", ": ", "\n", " (", "'s ", "’ ", "_",
	"\xff", "² ", "\u093e ", // a superscript ends a word, a vowel sign goes on with it
}

// An author makes documents and rules at random, always the same ones for a seed.
type author struct {
	*rand.Rand
	library   []Document // whose words the rules are of
	spellings []string   // of names
	doc       Document   // what the rule is mostly about,
	here      []string   // the words of its title and text, or of the field in which the rule is,
	at        int        // and the place near which it takes them
	there     []string   // the words of another document
	inside    bool       // a field
}

func newAuthor(seed uint64) *author {
	a := &author{Rand: rand.New(rand.NewPCG(seed, 0))}
	for _, set := range names.Shipped() {
		for _, s := range set.Spellings {
			a.spellings = append(a.spellings, s.Text)
		}
	}
	return a
}

func pick[E any](a *author, from []E) E { return from[a.IntN(len(from))] }

// chance is true so many times in a hundred.
func (a *author) chance(percent int) bool { return a.IntN(100) < percent }

// text writes n words of a language. Sparse ones are mostly filler, so that passages end.
func (a *author) text(tongue string, n int, sparse bool) string {
	var b strings.Builder
	for range n {
		word := strings.TrimSpace(pick(a, tongues[tongue]))
		switch {
		case sparse && a.chance(85):
			word = "x"
		case a.chance(3):
			word = pick(a, a.spellings)
		case a.chance(5):
			word = strings.ToUpper(word)
		case a.chance(1): // too long to be inflected
			word = strings.Repeat(word, 100/len(word)) + word
		}
		b.WriteString(word + pick(a, gaps))
	}
	return b.String()
}

func (a *author) tongue() string {
	return pick(a, []string{"en", "en", "ar", "fa", "he", "ru", "tr", "fr", "zh"})
}

// document makes one of words that are drawn.
func (a *author) document() Document {
	tongue, long := a.tongue(), a.chance(40)
	d := Document{
		Title:  a.text(tongue, a.IntN(9), a.chance(10)),
		Text:   a.text(tongue, a.IntN(30), false),
		Source: pick(a, []string{"BBC News www.bbc.co.uk", "Press TV presstv.ir", "", "U.S. US us"}),
		Lang:   tongue,
	}
	if a.chance(20) {
		d.Source = a.text(tongue, a.IntN(5), false)
	}
	if long {
		d.Text = a.text(tongue, 60+a.IntN(60), true)
	}
	if a.chance(30) {
		d.Text += a.text(a.tongue(), 1+a.IntN(10), false)
	}
	if a.IntN(200) == 0 { // longer than regular expressions read
		fill := max(0, regexpBytes-len(d.Title)-a.IntN(200))
		d.Text = strings.Repeat("- ", fill/2) + a.text(tongue, 20, false)
	}
	return a.dress(d)
}

// dress gives a document what few have: a title in capitals, categories, a wrong language.
func (a *author) dress(d Document) Document {
	if a.chance(8) {
		d.Title = strings.ToUpper(d.Title)
	}
	if a.chance(15) {
		d.Lang = pick(a, []string{"", "xx", "fa", "ru", "en-GB", "ar_SA", "he", "tr-TR", "fr"})
	}
	if a.chance(4) {
		d.Title = ""
	}
	if a.chance(4) {
		d.Text = ""
	}
	if a.chance(40) {
		of := rawWords(d.Title + " " + d.Text)
		for range 1 + a.IntN(3) {
			category := a.text(a.tongue(), 1+a.IntN(2), false)
			if len(of) > 3 && a.chance(70) {
				i := a.IntN(len(of) - 3)
				category = strings.Join(of[i:i+1+a.IntN(3)], " ")
			}
			d.Categories = append(d.Categories, category)
		}
	}
	return d
}

// rawWords returns the words of a text as they are written.
func rawWords(text string) []string {
	var all []string
	for _, w := range words.Cut(text) {
		all = append(all, text[w.Start:w.End])
	}
	return all
}

// rule writes a rule of words that mostly stand together in one of the documents.
func (a *author) rule() string {
	for {
		other := pick(a, a.library)
		a.doc = pick(a, a.library)
		a.here = rawWords(a.doc.Title + " " + a.doc.Text)
		a.there = rawWords(other.Title + " " + other.Text)
		if len(a.here) < 3 || len(a.there) < 3 {
			continue
		}
		a.at = a.IntN(len(a.here))
		rule := a.any(2)
		if _, err := Parse(rule); err == nil {
			return rule
		}
	}
}

func (a *author) any(depth int) string {
	parts := []string{a.all(depth)}
	for depth > 0 && a.chance(20) {
		parts = append(parts, a.all(depth-1))
	}
	return strings.Join(parts, " OR ")
}

func (a *author) all(depth int) string {
	parts := []string{a.run(depth)}
	for depth > 0 && a.chance(15) {
		parts = append(parts, a.run(depth-1))
	}
	return strings.Join(parts, " AND ")
}

func (a *author) run(depth int) string {
	if a.chance(3) {
		return a.many()
	}
	parts := []string{a.member(depth)}
	for a.chance(35) && len(parts) < 4 {
		parts = append(parts, a.member(depth))
	}
	return strings.Join(parts, " ")
}

// many writes more words than a rule mostly has.
func (a *author) many() string {
	n := 5 + a.IntN(25)
	switch joint := pick(a, []string{" OR ", " ", " AND ", " NEAR/9 "}); joint {
	case " OR ":
		return "(" + a.several(n, joint) + ")"
	default:
		return a.several(n/3, joint)
	}
}

func (a *author) several(n int, joint string) string {
	parts := make([]string, max(n, 2))
	for i := range parts {
		parts[i] = a.word()
	}
	return strings.Join(parts, joint)
}

func (a *author) member(depth int) string {
	switch n := a.IntN(100); {
	case n < 5:
		return "-" + a.elsewhere().term()
	case n < 8 && depth > 0:
		return "NOT (" + a.elsewhere().any(depth-1) + ")"
	case n < 20 && depth > 0:
		return "(" + a.any(depth-1) + ")"
	case n < 25:
		return "(" + a.term() + " OR " + a.term() + ")"
	case n < 38:
		return a.chain()
	case n < 50 && !a.inside:
		return pick(a, []string{"", "", "", "", "", "-"}) + a.inField(depth)
	case n < 56 && !a.inside:
		return a.expression()
	case n < 59 && !a.inside:
		return "lang:" + pick(a, []string{"en", "fa", "(ar OR fa)", "ru", "(en OR pl)", "tr", "he"})
	}
	return a.term()
}

// elsewhere returns an author who mostly takes the words of another document.
func (a *author) elsewhere() *author {
	b := *a
	if a.chance(70) {
		b.here, b.there, b.at = a.there, a.here, a.IntN(len(a.there))
	}
	return &b
}

// stretch returns n words that stand in a row.
func (a *author) stretch(n int) []string {
	from := a.here
	if a.chance(8) {
		from = a.there
	}
	for len(from) < n {
		from = append(slices.Clip(from), from...)
	}
	i := a.at%len(from) + a.IntN(15) - 7
	i = max(0, min(i, len(from)-n))
	return from[i : i+n]
}

// word returns a word that stands in a rule as it is, or a name.
func (a *author) word() string {
	word := a.stretch(1)[0]
	switch {
	case a.chance(4):
		word = strings.ToUpper(word)
	case a.chance(8):
		word = strings.ToLower(word)
	case a.chance(4):
		word = strings.TrimSpace(pick(a, tongues[a.tongue()]))
	case a.chance(5):
		word = pick(a, a.spellings)
	}
	isOperator := slices.Contains([]string{"AND", "OR", "NOT", "NEAR"}, word)
	if strings.ContainsAny(word, " -") || isOperator {
		return `"` + word + `"`
	}
	return word
}

func (a *author) phrase() string { return `"` + strings.Join(a.stretch(2+a.IntN(3)), " ") + `"` }

// beginning returns the beginning of a word, with its star.
func (a *author) beginning(word string) string {
	letters := []rune(strings.Trim(word, `"'`))
	return string(letters[:max(min(len(letters), 2), len(letters)-1-a.IntN(4))]) + "*"
}

func (a *author) term() string {
	switch n := a.IntN(100); {
	case n < 14:
		return a.phrase()
	case n < 18:
		return strings.Join(a.stretch(2), pick(a, []string{"-", "/", "."}))
	case n < 27:
		return a.beginning(a.stretch(1)[0])
	case n < 31:
		pair := a.stretch(2)
		return `"` + pair[0] + " " + a.beginning(pair[1]) + `"`
	case n < 38:
		return "=" + pick(a, []string{a.word(), a.phrase()})
	case n < 45:
		return "~" + a.word()
	case n < 49:
		return `~"` + strings.Join(a.stretch(2+a.IntN(2)), " ") + `"`
	case n < 52:
		return pick(a, acronyms)
	case n < 56:
		return a.word() + " " + a.word()
	case n < 59:
		return strings.Join(a.stretch(2+a.IntN(2)), " ") // perhaps a name
	case n < 61:
		word := a.stretch(1)[0]
		return word + " -=" + strings.ToLower(word)
	}
	return a.word()
}

var acronyms = strings.Fields("US UAV IAEA ABD ONU МИД США UK U.S. =US =UAV US* UA* =ABD")

func (a *author) chain() string {
	chain := a.operand()
	for range pick(a, []int{1, 1, 1, 2, 3}) {
		chain += fmt.Sprintf(" NEAR/%d %s", pick(a, []int{1, 2, 3, 5, 10, 100}), a.operand())
	}
	return chain
}

func (a *author) operand() string {
	if a.chance(25) {
		return "(" + a.word() + " OR " + a.term() + " OR " + a.word() + ")"
	}
	return a.term()
}

// inField asks for what is mostly there.
func (a *author) inField(depth int) string {
	field := pick(a, []string{FieldTitle, FieldSource, FieldCategory})
	b := *a
	b.inside = true
	if own := rawWords(a.doc.Field(field)); len(own) > 0 {
		b.here, b.at = own, a.IntN(len(own))
	}
	switch {
	case field == FieldTitle && a.chance(15):
		return "title:" + b.expression()
	case a.chance(50):
		return field + ":" + b.term()
	}
	return field + ":(" + b.any(min(depth, 1)) + ")"
}

// bare are regular expressions in which no letter must be found.
var bare = []string{
	`[A-Z][a-z]+ [A-Z][a-z]+`, `\d{2,4}`, `[A-Z]{3,5}\b`, `\b[0-9]+[a-z]{2}\b`, `[а-я]{9,}`,
	`\p{Arabic}{7,}`, `^[A-Z]\w+`, `\w{6,}$`, `.[^a-z]$`, `\b\w{11,}\b`, `(\d|[A-Z]\.){2}`,
	`\B[aeiou]{2}\B`,
}

// expression writes a regular expression with two words in a row, @ and #, or with none.
func (a *author) expression() string {
	if a.chance(15) {
		return "/" + pick(a, bare) + "/"
	}
	re, pair := pick(a, expressions), slices.Clone(a.stretch(2))
	for i := range pair {
		pair[i] = strings.ReplaceAll(regexp.QuoteMeta(pair[i]), "/", `\/`)
		if strings.HasPrefix(re, "(?i") && i == 0 {
			pair[i] = pick(a, []func(string) string{strings.ToUpper, strings.ToLower})(pair[i])
		}
	}
	return "/" + strings.NewReplacer("@", pair[0], "#", pair[1]).Replace(re) + "/"
}

var expressions = []string{
	`@`, `\b@\b`, `\b@`, `@\b`, `(?i)@`, `(?i)\b@s?\b`, `@\w*`, `(@|Iran)\b`, `@\W+#`, `.{3}@.?`,
	`@ [a-z]+`, `(\b@\b)`, `^.*@`, `^@`, `@|#`, `\b@|#\b`, `@.{0,9}#`, `(?s)@.*#`, `(?i:@)#`,
	`(@\W)+#`, `[^ ]?@#?`, `@?#`, `\B@`, `(?i)strait|kiev|@`, `#$`, `\b@\b.*\b#\b`, `@{1,2}(ed|s|)\b`,
}

// owners are those of the watches; only the last has aliases of its own.
var owners = []string{Everyone, "slack:T1", "discord:G2"}

// aliases are the names of the last owner.
var aliases = []Alias{
	{Owner: "discord:G2", Names: []string{"Oman", "Hormuz", "مسقط"}},
	{Owner: "discord:G2", Names: []string{"ballistic missiles", "ракета", "טיל", "UAV"}},
	{Owner: Everyone, Names: []string{"police", "policja", "police officers"}},
}

// watches writes so many, some with the rule of another, and one with each of the bare expressions,
// as these find something in texts of all kinds.
func (a *author) watches(n int) []Watch {
	all := make([]Watch, n)
	for i := range all {
		w := Watch{ID: fmt.Sprintf("w%04d", i), Owner: pick(a, owners), Rule: a.rule()}
		if i < len(bare) {
			w.Rule = "/" + bare[i] + "/"
		} else if a.chance(5) {
			w.Rule = all[a.IntN(i)].Rule
		}
		all[i] = w
	}
	return all
}
