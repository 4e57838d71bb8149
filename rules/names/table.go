package names

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// entry is a spelling and how it reads.
type entry struct {
	letters  string
	readings []string // likeliest first; "" is silent
}

// table holds the entries by their first letter, longest first. It never changes.
var table = compile(latin + arabic + hebrew + cyrillic)

// compile reads lines of spellings, "=" and readings. "^" stands for the beginning of a word, "$"
// for its end, "-" for silence.
func compile(lines string) map[rune][]entry {
	byFirst := map[rune][]entry{}
	for line := range strings.Lines(lines) {
		spellings, readings, _ := strings.Cut(line, "=")
		sounds := strings.Fields(readings)
		for i := range sounds {
			sounds[i] = strings.Trim(sounds[i], "-")
		}
		for _, s := range strings.Fields(spellings) {
			first, _ := utf8.DecodeRuneInString(s)
			byFirst[first] = append(byFirst[first], entry{s, sounds})
		}
	}
	for _, entries := range byFirst {
		slices.SortFunc(entries, func(a, b entry) int {
			return cmp.Compare(len(b.letters), len(a.letters))
		})
	}
	return byFirst
}

// longest returns the entry for as many of the coming letters as possible.
func longest(letters string) entry {
	first, width := utf8.DecodeRuneInString(letters)
	for _, e := range table[first] {
		if strings.HasPrefix(letters, e.letters) {
			return e
		}
	}
	return entry{letters[:width], []string{""}} // no letter
}

// latin covers English and the Latin alphabets and romanisations that news names come in: French
// silent endings, Slavic and Turkish letters, Japanese chi, Spanish j, Chinese q.
const latin = `
	^ $ = -
	a e i o u y æ œ ə ı ø ' = A
	^y = Y A
	^h = H
	h = A
	e$ = - A
	b bb p pp = P
	ph f ff v = F
	w = A F
	^wr = R
	k kk ck c cc kh g gg = K
	q = K S
	qu = K KF
	gh = K A
	^mc ^mac = MK
	^mcg = MKAK
	^abdul$ ^abdel$ ^abdal$ = APT APTL
	^kn gn = N KN
	gli = LA KLA
	ng$ = NK N
	nm = NM M
	nb = NP MP
	ch = S K T
	sh tch tsch tsh zh ş ș č ć š ž ç = S
	sch = S SK
	ce ci cy cce cci = SA
	ce$ = S SA
	c$ = K S
	ca$ = KA SA
	cki$ cky$ ckij$ tski$ tsky$ = KA SKA TSKA
	ge gi = KA SA
	ge$ = S SA KA
	dg dge dge$ dgi = S TK
	j = S Y K
	dj dž đ = S TS
	ğ = K -
	s ss z zz sz ß ź ś ț ţ ^x = S
	x = KS S
	ts tz cz zs dz = S TS
	cs = S KS
	rz = S RS
	t tt d dd dh dt = T
	th = T S
	l ł ll = L
	r rr = R
	m mm = M
	n nn = N
	s$ = S -
	x$ = KS S -
	z$ = S TS -
	t$ d$ th$ = T -
	ts$ = S TS -
	es$ ez$ = S A
	er$ = R A
	ers$ = RS R
	us$ ius$ = AS A -
`

// arabic is folded, save the letters that Persian adds.
const arabic = `
	^ال = AL -
	^الح ^اله = AL H
	^الي = AL Y A
	ا ع ء ه ح ي = A
	ع$ ح$ ء$ = - A
	^ه ^ح = H
	^ي = Y A
	و = A
	^و = A F
	وا وي وو وه = A FA
	ب پ = P
	ف ڤ = F
	ك ق غ خ گ = K
	ج = S K
	دج س ز ص ش چ ژ = S
	تش تس تز دز = S TS
	ذ ظ ث ض = T S
	ت د ط = T
	دت = T TT
	نب = NP MP
	ل = L
	لل = L LL
	ر = R
	م = M
	ن = N
`

const hebrew = `
	א ע ה י = A
	ע$ = - A
	^ה = H A
	^י = Y A
	ו = A
	^ו וו = A F
	ב פ = P F
	^ב = P
	ף = F
	ק ג כ ך = K
	ח = A K
	^ח = H K
	ח$ = K A -
	ס ז צ ץ ש = S
	ג' ז' צ' ץ' ט'ש טש דז' = S
	ת ט ד ת' = T
	ל = L
	לל = L LL
	ר = R
	מ ם = M
	נ ן = N
`

// cyrillic covers Russian, Ukrainian and Belarusian.
const cyrillic = `
	а е ё и о у ы э ю я ъ й і ї є = A
	^я ^ю ^е ^ё ^й ^є ^ї = Y A
	^ие ^ио = Y A
	^абдель$ ^абдул$ = APT APTL
	ў = F A
	ь = -
	й$ = - A
	б п = P
	в ф = F
	г ґ к = K
	^г = K H
	х = K A
	^х = H K
	х$ = K -
	с з ц ш щ ч ж дж тч сх = S
	дз тс = S TS
	т д = T
	л = L
	р = R
	м = M
	н = N
`
