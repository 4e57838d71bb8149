package inflect

import "strings"

// persian cuts the plurals -ها and -ات and what follows them. The ی of a noun stays: ایرانی is more
// often Iranian than an Iran.
func persian(word string) string {
	if base, ok := persianForms[word]; ok {
		return base
	}
	if base, ok := replaced(word, persianPlurals); ok {
		word = base
	}
	if base, ok := persianForms[word]; ok {
		return base
	}
	if base, ok := strings.CutSuffix(word, "ات"); ok && letters(base) > 2 {
		return arabicFeminine(base + "ه")
	}
	word, _ = replaced(word, []ending{{"ند", "", 3}})
	return arabicFeminine(word)
}

var persianForms = forms("fa", persianList)

var persianPlurals = cuts(2, "",
	"هايشان هايمان هايتان هايش هايم هايت هايي هايشون هاي هاست ها")
