package inflect

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// russian cuts the endings of cases, genders and tenses. The past tense ends as nouns do, so other
// forms of a verb are brought to it.
func russian(word string) string {
	if base, ok := russianForms[word]; ok {
		return base
	}
	word, _ = replaced(word, russianReflexives)
	if base, ok := replaced(word, russianVerbs); ok {
		return base
	}
	base, ok := replaced(word, russianInIY)
	if ok && !isAdjective(base) {
		return base
	} else if ok {
		return strings.TrimSuffix(base, "и")
	}
	if base, ok = replaced(word, russianEndings); !ok {
		base = word
	}
	base, _ = replaced(base, russianLasts)
	return base
}

var russianForms = forms("ru", russianList)

// isAdjective reports whether a stem in -и is of an adjective, whose и belongs to the ending:
// русски, ближни. Elsewhere it is part of the word: Сири, санкци.
func isAdjective(stem string) bool {
	stem = strings.TrimSuffix(stem, "и")
	last, _ := utf8.DecodeLastRuneInString(stem)
	return strings.ContainsRune("кгхжшщ", last) || russianSoft[stem]
}

var (
	russianReflexives = []ending{
		{"лся", "л", 2}, {"лась", "ла", 2}, {"лось", "ло", 2}, {"лись", "ли", 2},
		{"ться", "ть", 2}, {"тся", "т", 3},
	}
	russianVerbs = []ending{
		{"овать", "овал", 2}, {"ует", "овал", 2}, {"уют", "овал", 2},
		{"ать", "ал", 3}, {"ять", "ял", 3}, {"ить", "ил", 3}, {"еть", "ел", 3}, {"нуть", "нул", 2},
		{"ает", "ал", 3}, {"ают", "ал", 3}, {"яет", "ял", 3}, {"яют", "ял", 3},
	}
	// russianInIY are the endings of words in -ия, -ие and -ий.
	russianInIY    = cuts(2, "и", "иями иям иях ией ием ия ии ию ие ий")
	russianEndings = slices.Concat(
		cuts(2, "", `ыми ими его ого ему ому ами ями ая яя ую юю ой ей ый ое ее ые ым им ых их ом ем
 ам ям ах ях ою ею`), cuts(3, "", "ов ев"), cuts(2, "", "а я ы и у ю о е ь й"))
	// russianLasts follow: signs and vowels that come and go before an ending.
	russianLasts = []ending{{"ь", "", 2}, {"ец", "ц", 2}, {"ок", "к", 3}, {"ек", "к", 4}}
)

// russianSoft are the stems of the soft adjectives: Ближний Восток, Ближнего Востока.
var russianSoft = set(`ближн дальн средн последн внешн внутренн соседн верхн нижн ранн поздн крайн
 прежн летн сегодняшн нынешн тогдашн здешн вчерашн`)
