package charset

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// sample is how much of a body is read for a guess, from its first byte on that is not ASCII.
const sample = 64 << 10

// candidates are the encodings that are tried when what was said of a text does not fit it. Of
// those that read equally well the first is taken.
var candidates = strings.Fields("utf-8 windows-1252 windows-1251 koi8-u windows-1256 windows-1255 " +
	"windows-1253 windows-1250 windows-1254 iso-8859-2 iso-8859-5 iso-8859-6 iso-8859-7 " +
	"windows-874 gb18030 big5 shift_jis euc-jp euc-kr iso-2022-jp")

// choose names the encoding of a body that is neither wide nor UTF-8 throughout.
func choose(body []byte, contentType string) string {
	said := labels(body, contentType)
	telling := bytes.IndexFunc(body, func(r rune) bool { return r >= utf8.RuneSelf || r == escape })
	body = body[max(telling-8, 0):] // with the word that it stands in
	body = body[:min(len(body), sample)]
	best, base, margin := "windows-1252", -1e9, 0.05
	for _, label := range said {
		score, _ := reading(label, body)
		if score >= fluent(label) {
			return label
		}
		if score > base {
			best, base, margin = label, score, doubt(label)
		}
	}
	if base < 0 { // as likely as what nobody said
		if score, _ := reading("windows-1252", body); score > base {
			best, base, margin = "windows-1252", score, 0.05
		}
	}
	for _, label := range candidates {
		score, weight := reading(label, body)
		if gain := (score - base) * weight; gain > margin {
			best, margin = label, gain
		}
	}
	return best
}

// doubt is by how much another encoding must read better, in a long text, than the one that it is
// said to be in.
func doubt(label string) float64 {
	_, name := charset.Lookup(label)
	switch name {
	case "windows-1252":
		return 0.12
	case "utf-8": // not said by anybody, but always possible
		return 0.05
	}
	return 0.2
}

// fluent is how well a text must read in the encoding that it is said to be in to need no
// comparison. Latin-1 is often said blindly; bytes that are pairs by chance seldom read well.
func fluent(label string) float64 {
	_, name := charset.Lookup(label)
	switch name {
	case "windows-1252":
		return 0.85
	case "utf-8", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp":
		return 0.35
	}
	return 0.6
}

// reading says how well a body reads in an encoding: about 1 for a text of one of the languages
// that we know, about 0 for one that could be anything, negative for nonsense. A character lost in
// a hundred is forgiven. The weight of that is near 1 for a long text and near 0 for a few characters.
func reading(label string, body []byte) (score, weight float64) {
	text, lost := decodeAs(label, body)
	var sum float64
	accents := make(map[rune]int) // accented letters are judged together
	n := 0
	before, last := ' ', ' '
	for _, r := range string(text) + "  " {
		if last >= utf8.RuneSelf {
			value := worth(before, last, r)
			if value == accent {
				accents[unicode.ToLower(last)]++
				value = 0
			}
			sum += value
			n++
		}
		before, last = last, r
	}
	sum += oneLanguage(accents)
	if n == 0 {
		return 0, 0
	}
	if lost*100 > n {
		sum -= float64(4 * lost)
	}
	return sum / float64(n), float64(n) / float64(n+6)
}

// accent is what worth returns for an accented letter in its place.
const accent = 100

// accented lists the accented letters of languages in Latin script.
var accented = strings.Fields("éèêàçùâîôûœëï äöüß áéíóúñü áãâàéêíóôõúç åäöéøæ áčďéěíňóřšťúůýž " +
	"áäčďéíĺľňóôŕšťúýž ąćęłńóśźż áéíóöőúüű ăâîșțşţ çğıöşüâ čćđšž áðéíóúýþæö àèéìíòóù")

// oneLanguage judges the accented letters of a text by the one language that explains most of
// them: of the readings of a byte, that is what tells them apart.
func oneLanguage(accents map[rune]int) float64 {
	best := 0.0
	for i, letters := range accented {
		sum := 0.0
		for r, n := range accents {
			if strings.ContainsRune(letters, r) {
				sum += 0.9 * float64(n)
			} else {
				sum -= 0.2 * float64(n)
			}
		}
		if i == 0 || sum > best {
			best = sum
		}
	}
	return best
}

// worth judges a character between its neighbours.
func worth(before, r, after rune) float64 {
	s := scriptOf(r)
	switch {
	case r == utf8.RuneError:
		return -1
	case s == nil && unicode.IsSymbol(r) && unicode.IsLetter(before) && unicode.IsLetter(after):
		return -1
	case s == nil:
		return mark(before, r, after)
	case !s.joined && (foreign(before, s) || foreign(after, s)):
		return -1.5 // two alphabets in one word
	case s.joined && foreign(before, s) && foreign(after, s):
		return -1.5 // one ideogram between two letters: an accented letter, misread
	case unicode.IsUpper(r) && unicode.IsLower(before):
		return -1.5
	case s.sparse && before >= utf8.RuneSelf && unicode.IsLetter(before):
		return -0.1 // accented letters seldom stand side by side
	case s.sparse:
		return accent
	case !thaiOrder(before, r, after):
		return -1.5
	case !s.joined && !unicode.IsLetter(before) && !unicode.IsLetter(after):
		return 0 // alone; more often a quotation mark, misread
	}
	value := s.common(unicode.ToLower(r))
	if unicode.IsUpper(r) {
		value /= 2
	}
	return value
}

// thaiOrder reports whether a Thai vowel stands where it may: on, after or before a consonant.
func thaiOrder(before, r, after rune) bool {
	consonant := func(r rune) bool { return r >= 'ก' && r <= 'ฮ' }
	switch {
	case !unicode.Is(unicode.Thai, r), consonant(r):
		return true
	case r >= 'เ' && r <= 'ไ':
		return consonant(after)
	}
	return consonant(before) || unicode.IsMark(before)
}

// mark judges what is no letter of a script that we know.
func mark(before, r, after rune) float64 {
	switch {
	case strings.ContainsRune("\u00a0«»“”„‘’‚–—…•·°№€£،؛؟。，、「」『』！？：；（）《》・ー\u200c\u200d", r):
		return 0.4
	case r < 0xa0, unicode.Is(unicode.Co, r):
		return -2
	case unicode.IsMark(r) && before >= utf8.RuneSelf:
		return 0.2
	}
	if before < utf8.RuneSelf && after < utf8.RuneSelf {
		return 0.1 // a symbol by itself
	}
	return -0.6
}

// foreign reports whether a letter belongs to another script.
func foreign(r rune, s *script) bool {
	if !unicode.IsLetter(r) {
		return false
	}
	other := scriptOf(r)
	return other != s && !(s.joined && other != nil && other.joined) && !(s.sparse && r < utf8.RuneSelf)
}

// script is a writing system as texts use it.
type script struct {
	tables []*unicode.RangeTable
	often  string  // its letters by frequency, or its frequent characters
	rare   float64 // what a letter is worth that is not among them
	joined bool    // words are not parted by spaces and may touch Latin ones
	sparse bool    // only some letters of a text are beyond ASCII
}

// common is 1 for the frequent characters of a script and falls towards rare for the others.
func (s *script) common(r rune) float64 {
	at := strings.IndexRune(s.often, r)
	if at < 0 {
		return s.rare
	}
	if s.joined {
		return 1
	}
	return 1 - 1.1*float64(at)/float64(len(s.often))
}

var scripts = []*script{
	{tables: []*unicode.RangeTable{unicode.Cyrillic}, often: "оеаинтсрвлкмдпуяызьбгчйхжшюцщэфёіїєъў"},
	{tables: []*unicode.RangeTable{unicode.Arabic}, often: "اليمونرتبهدعسفكقحیکجأشةطصخزگپذضىثغچآإئءظؤژ"},
	{tables: []*unicode.RangeTable{unicode.Hebrew}, often: "יוהלאמתרבשנםעדקחכטפצגזסןךףץ"},
	{tables: []*unicode.RangeTable{unicode.Greek}, often: "αοιετσνηυρπκμλςάίόγδέήθωχφβύώξζψϊϋΐΰ"},
	{tables: []*unicode.RangeTable{unicode.Thai}, often: "านรอกเงวมยลทสตบปคดแจหชใไพผซะขโถศณธภำัี่้ิุู์็", rare: 0.2},
	{tables: []*unicode.RangeTable{unicode.Hiragana}, often: "のにたいとをはしるがでなてれかさんっもこりまきらう", rare: 0.6, joined: true},
	{tables: []*unicode.RangeTable{unicode.Katakana}, often: "ンスルトイラリアクシレドフプグッ", rare: 0.4, joined: true},
	{tables: []*unicode.RangeTable{unicode.Hangul}, often: "이다는의에을가고를지한어하기로사리도해은그나인정시대자수스" +
		"있서들부제아일과장구주전상조공여보원동만안경라국성유계습니당세적용방중표선", rare: 0.35, joined: true},
	{tables: []*unicode.RangeTable{unicode.Han}, often: "的一是不了在人有我他这中大来上国个到说们为子和你地出" +
		"道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手" +
		"用主行方又如前所本见经头面公同三已老从动两长這個們來國說為時會對過後學發見經頭從動兩長現實點開將與讓應" +
		"東京市民政府部新聞北南西美中華台灣香港進行合全性法高情報月火水木金土者員業社問題間今回第相意見体分者" +
		"加关最军战安世界总统网业员报经济体外交达停火问题表举谈判导弹队袭击色列京海税联合理制裁核武器油价机构领选" +
		"警死亡受伤记消息称周日早晚昨首议党派支持反宣布计划协调查司场增长達題舉談導彈軍隊襲擊關稅聯價機構領選傷記稱週議" +
		"黨佈計劃協調場", rare: 0.25, joined: true},
	{tables: []*unicode.RangeTable{unicode.Latin}, sparse: true},
}

// scriptOf finds the script of a letter, nil for anything else.
func scriptOf(r rune) *script {
	if r >= 0xff61 && r <= 0xff9f || !unicode.IsLetter(r) && !unicode.Is(unicode.Thai, r) {
		return nil // half-width katakana mostly come of misreading
	}
	for _, s := range scripts {
		if unicode.In(r, s.tables...) {
			return s
		}
	}
	return nil
}
