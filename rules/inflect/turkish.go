package inflect

import "strings"

// turkish cuts the endings of case, number and possession. What follows an apostrophe is always
// one: Umman'da. Folding has made ı into i and the other vowels and consonants plain.
func turkish(word string) string {
	word, _, named := strings.Cut(word, "'")
	if named && len(word) < 2 {
		return word
	}
	if base, ok := turkishForms[word]; ok {
		return base
	}
	if base, ok := replaced(word, turkishPlurals); ok {
		return softened(base)
	}
	if base, ok := replaced(word, turkishVerbs); ok {
		return softened(base)
	}
	base, ok := replaced(word, turkishCases)
	if !ok {
		base, _ = replaced(word, turkishVowels)
	}
	base, _ = replaced(base, turkishVowels)
	return softened(base)
}

var turkishForms = forms("tr", turkishList)

// softened gives back the hard consonant that a vowel made soft: kitabi, kitap.
func softened(word string) string {
	word, _ = replaced(word, turkishHard)
	base, _ := replaced(word, turkishVowels)
	return base
}

var (
	turkishPlurals = cuts(3, "", `larindan lerinden larinda lerinde larini lerini larina lerine
 larinin lerinin lariyla leriyle larin lerin lari leri lara lere larda lerde lardan lerden larla
 lerle lar ler`)
	turkishVerbs = cuts(3, "", "iyorlar uyorlar iyor uyor mistir mustur ecek acak")
	turkishCases = append(cuts(4, "", `sindan sinden sinda sinde sinin sini sina sine siyla siyle
 indan inden inda inde inin ini ina ine iyla iyle unda unde undan unden unun unu una une nin nun
 dan den tan ten da de ta te yla yle si su yi yu ya ye in un`), cuts(5, "", "la le")...)
	turkishVowels = cuts(3, "", "i u a e")
	turkishHard   = []ending{{"b", "p", 3}, {"d", "t", 3}, {"g", "k", 3}}
)
