package wording

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is a word as it is compared.
type word struct {
	text    string // folded: lower case, compatible forms, without accents and joiners
	cased   bool   // its script has capitals
	capital bool   // it begins with one
	number  bool   // it holds a digit
	damaged bool   // it holds destroyed characters
}

// same folds the letters that Arabic and Persian keyboards write differently.
var same = strings.NewReplacer("ي", "ی", "ى", "ی", "ك", "ک", "أ", "ا", "إ", "ا", "آ", "ا",
	"ٱ", "ا", "ة", "ه", "ؤ", "و", "ئ", "ی", "ـ", "", "\u200c", "", "\u200d", "", "’s", "", "'s", "",
	"ß", "ss", "ё", "е")

// cut returns the words of a text. Where a script is written without spaces each character counts
// as one.
func cut(text string) (words []word) {
	runes := []rune(norm.NFKC.String(same.Replace(text)))
	for i := 0; i < len(runes); {
		n := 1
		switch r := runes[i]; {
		case spaceless(r):
			words = append(words, word{text: string(r)})
		case belongs(r):
			n = span(runes[i:])
			words = append(words, fold(runes[i:i+n]))
		}
		i += n
	}
	return words
}

// span is how many characters the word at the beginning of a text has. A comma or point within a
// number belongs to it.
func span(runes []rune) int {
	n := 0
	for n < len(runes) && !spaceless(runes[n]) {
		inside := n > 0 && n+1 < len(runes) && strings.ContainsRune(".,٫٬’'", runes[n]) &&
			unicode.IsDigit(runes[n-1]) && unicode.IsDigit(runes[n+1])
		if !inside && !belongs(runes[n]) {
			break
		}
		n++
	}
	return n
}

func belongs(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == unicode.ReplacementChar
}

// spaceless reports whether a character's script is written without spaces between words.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// fold makes a word of its characters.
func fold(runes []rune) word {
	w := word{capital: unicode.IsUpper(runes[0])}
	var b strings.Builder
	accents := false // of scripts where marks are no letters
	for _, r := range norm.NFD.String(string(runes)) {
		switch {
		case unicode.IsDigit(r):
			w.number = true
			b.WriteByte('0' + digit(r))
		case r == ',' || r == '٬' || r == '’' || r == '\'':
		case r == '٫':
			b.WriteByte('.')
		case unicode.IsMark(r) && accents:
		default:
			w.damaged = w.damaged || r == unicode.ReplacementChar
			accents = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic,
				unicode.Hebrew)
			w.cased = w.cased || unicode.IsUpper(r) || unicode.IsLower(r)
			b.WriteRune(unicode.ToLower(r))
		}
	}
	w.text = b.String()
	return w
}

// digit is the value of a decimal digit of any script: they stand in runs of ten.
func digit(r rune) byte {
	n := byte(0)
	for n < 9 && unicode.IsDigit(r-1) {
		r--
		n++
	}
	return n
}

// set makes a set of the words of a list.
func set(lists ...string) map[string]bool {
	s := make(map[string]bool)
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			s[fold([]rune(norm.NFKC.String(same.Replace(w)))).text] = true
		}
	}
	return s
}

// stop are the words that say nothing new: articles, prepositions, forms of "to be", ways to say
// "says", and the marks that newsrooms put before a headline.
var stop = set(
	`a an and are as at be been but by for from had has have he her his in into is it its of on or
	our she so than that the their them they this to up was we were what when where which who why
	will with after amid against over about before during between near more out off also just
	how here there now still say says said according
	live update updates updated breaking watch video exclusive photos latest developing alert`,
	`der die das und oder in im am an auf von vom zu zum zur mit für bei nach über ist sind war den
	dem des ein eine einer eines eilmeldung`,
	`le la les un une des du de et ou en au aux dans par pour sur avec est sont a ce cette qui que
	direct vidéo urgent el los las y o del al con por para es son se su que en vivo última hora`,
	`ve ile bir bu da de için olarak son dakika canlı`,
	`и в во на с со к ко о об от до по за из у для при что как это его её их был была были не
	срочно обновлено видео онлайн та і й що як це`,
	`في من على إلى عن مع أن إن ما هذا هذه التي الذي و كان قال بعد قبل بين عاجل مباشر فيديو تحديث`,
	`در از به با که را این آن و یا بر برای تا است شد می های ها فوری زنده ویدیو بعد`,
	`של על את עם אל כי לא זה זו הוא היא או גם כל בין אחרי מבזק עדכון צפו שידור חי`,
	`ও এবং এই এ যে না কি থেকে করে করা হয় হয়ে জন্য পর সঙ্গে নিয়ে তার এক লাইভ ভিডিও ছবি`,
	`और का की के में से है हैं को पर यह वह ने भी कि एक लाइव वीडियो کا کی کے میں سے ہے ہیں کو پر`,
)

// negation are the words whose coming or going turns a sentence round. They overrule stop.
var negation = set(`no not never nobody denies deny denied without nicht kein keine non pas jamais ni
	не нет ни لا لم لن ليس غير نه نیست לא אין না নয় নেই नहीं न değil yok`)

// counting are numbers written as words, and what is counted when it matters.
var counting = set(`two three four five six seven eight nine ten eleven twelve dozen dozens hundred
	hundreds thousand thousands million millions billion killed dead dies wounded injured missing
	deux trois quatre cinq drei vier fünf два две три четыре пять десятки сотни тысячи погибли`)
