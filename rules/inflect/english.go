package inflect

import "strings"

// english cuts plurals and the endings -ed and -ing, and gives back the e that they took.
func english(word string) string {
	if base, ok := englishForms[word]; ok {
		return base
	}
	if strings.Contains(word, "'") {
		return word
	}
	word = englishSingular(word)
	if base, ok := englishForms[word]; ok {
		return base
	}
	return englishVerb(word)
}

// englishSingular returns the singular of a plural, which is also the base of talks.
func englishSingular(word string) string {
	base, ok := strings.CutSuffix(word, "s")
	if !ok || base == "" {
		return word
	}
	if strings.Trim(base, "0123456789") == "" { // F-35s, the 1990s
		return base
	}
	switch {
	case len(base) < 3 || hasAnySuffix(base, "s u i") && len(base) > 2:
		return word
	case strings.HasSuffix(base, "ie") && len(base) > 3 && !englishInIE[base]:
		return base[:len(base)-2] + "y"
	case hasAnySuffix(base, "sse she che xe zze oe") && !englishInE[base],
		strings.HasSuffix(base, "se") && englishInS[base[:len(base)-1]]:
		return base[:len(base)-1]
	}
	return base
}

// englishVerb returns the infinitive of a form in -ed or -ing.
func englishVerb(word string) string {
	base, ok := strings.CutSuffix(word, "ing")
	if past, isPast := strings.CutSuffix(word, "ed"); isPast {
		if strings.HasSuffix(past, "i") && len(past) > 2 {
			return past[:len(past)-1] + "y"
		}
		base, ok = past, !strings.HasSuffix(past, "e")
	}
	if !ok || len(base) < 3 || !strings.ContainsAny(base, "aeiouy") {
		return word
	}
	return englishBase(base)
}

// englishBase undoes what -ed and -ing did to the end of a verb: stopp, mak, carry.
func englishBase(base string) string {
	n := len(base)
	last := base[n-1]
	switch {
	case englishE[base]:
		return base + "e"
	case englishNoE[base]:
		return base
	case last == base[n-2]:
		if englishDoubles(base) {
			return base
		}
		return base[:n-1]
	case takesE(base):
		return base + "e"
	}
	return base
}

// englishDoubles reports whether the doubled last letter belongs to the verb, as in kill.
func englishDoubles(base string) bool {
	switch base[len(base)-1] {
	case 's', 'f', 'z', 'e', 'o':
		return true
	case 'l':
		return syllables(base) == 1 || hasAnySuffix(base, "stall call fill ball")
	}
	return false
}

// takesE reports whether a verb that lost its ending lost an e with it.
func takesE(base string) bool {
	switch base[len(base)-1] {
	case 'v', 'c', 'u':
		return true
	case 'z':
		return !strings.HasSuffix(base, "tz")
	case 's':
		return !hasAnySuffix(base, "ss ks")
	case 'g':
		return hasAnySuffix(base, "ag eg ig og ug dg rg lg ang eng ung")
	case 'l':
		if hasAnySuffix(base, "bl cl dl fl gl kl pl tl zl") {
			return true
		}
	case 't':
		if hasAnySuffix(base, "iat uat") {
			return true
		}
	}
	return endsShort(base) && (syllables(base) == 1 || hasAnySuffix(base, longEndings))
}

// longEndings end verbs of several syllables that have an e: operate, decide, ignore not.
const longEndings = "at ut ad ed id od ud in ir ur ar ik ok ak uk ap ib ob ub um am im il ol ul yp"

// endsShort reports whether a word ends in one vowel and one consonant that does not close it.
func endsShort(base string) bool {
	n := len(base)
	return !isVowel(base, n-1) && !strings.ContainsRune("wxyh", rune(base[n-1])) &&
		isVowel(base, n-2) && !isVowel(base, n-3)
}

// syllables counts the groups of vowels.
func syllables(word string) int {
	n := 0
	for i := range len(word) {
		if isVowel(word, i) && !isVowel(word, i-1) {
			n++
		}
	}
	return n
}

// isVowel reports whether a letter is a vowel. The u of qu is none; y is one behind a consonant.
func isVowel(word string, i int) bool {
	if i < 0 {
		return false
	}
	switch word[i] {
	case 'a', 'e', 'i', 'o':
		return true
	case 'u':
		return i == 0 || word[i-1] != 'q'
	case 'y':
		return i > 0 && !isVowel(word, i-1)
	}
	return false
}

var englishForms = forms("en", englishList)

// englishInIE, englishInE and englishInS hold nouns whose singular ends as few do.
var (
	englishInIE = set(`movie calorie zombie cookie rookie prairie selfie hippie foodie smoothie
 brownie indie oldie freebie hoodie sortie gendarmerie aussie barbie valkyrie charlie eerie`)
	englishInE = set(`ache cache niche avalanche headache toothache axe shoe toe foe canoe woe
 horseshoe psyche quiche mustache porsche`)
	englishInS = set(`gas bias atlas canvas alias bus minibus virus coronavirus bonus campus focus
 status caucus census chorus circus genius surplus fetus walrus cactus plus consensus prospectus
 iris lens nexus stimulus`)
)

// englishE and englishNoE hold verbs without their endings that break the rules for a lost e.
var (
	englishE = set(`creat recreat delet compet complet deplet unit reunit invit ignit incit excit
 recit expedit wast past hast pronounc adher interfer rever persever coher sever explor ignor
 restor ador deplor implor conven interven contraven postpon aton guid misguid becom welcom
 overcom infring imping cring hing breath bath cloth sooth loath seeth ow aw ey arous devot promot
 denot elop centr massacr underscor rewrit reignit extradit commut persuad outlin`)
	englishNoE = set(`add egg err ebb odd refocus inn boycott focus bias canvas bus gas hang bang
 clang gang twang overhang pencil council devil imperil combat format kidnap signal rival sugar
 envelop develop ruin program pivot pilot ballot enrol enroll debut vacuum custom orphan rapid
 murmur medal total equal metal poll toll roll troll stroll install recall bankroll instill`)
)
