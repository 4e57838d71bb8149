package inflect

import "strings"

// french cuts elided articles, plurals and the genders of adjectives, and brings verbs in -er to
// one form. Folding has taken the accents.
func french(word string) string {
	if article, rest, ok := strings.Cut(word, "'"); ok && elided[article] && rest != "" {
		word = rest
	}
	if base, ok := frenchForms[word]; ok {
		return base
	}
	if base, ok := replaced(word, frenchPlurals); ok {
		word = base
	} else if base, ok := strings.CutSuffix(word, "s"); ok && len(base) > 2 &&
		!hasAnySuffix(base, "s u ai oi i") {
		word = base
	}
	if base, ok := frenchForms[word]; ok {
		return base
	}
	word, _ = replaced(word, frenchVerbs)
	word, _ = replaced(word, frenchGenders)
	return word
}

var frenchForms = forms("fr", frenchList)

var elided = set("l d j n s c m t qu jusqu lorsqu puisqu quoiqu presqu")

var frenchPlurals = []ending{
	{"eaux", "eau", 2}, {"aux", "al", 3}, {"eux", "eux", 0}, {"oux", "ou", 2},
}

// frenchVerbs bring forms to the third person: frapper, frappé, frappaient meet in frappe.
var frenchVerbs = []ending{
	{"eraient", "e", 3}, {"erait", "e", 3}, {"erent", "e", 3}, {"eront", "e", 3},
	{"assent", "asse", 2}, {"aient", "e", 3}, {"quant", "que", 3}, {"quent", "que", 3},
	{"quer", "que", 2}, {"pent", "pe", 3}, {"cent", "ce", 5}, {"rent", "re", 5},
	{"lent", "le", 6}, {"era", "e", 4}, {"ait", "e", 4}, {"ee", "e", 3}, {"er", "e", 3},
	{"ez", "e", 4},
}

// frenchGenders bring an adjective to its masculine form.
var frenchGenders = []ending{
	{"aise", "ais", 3}, {"oise", "ois", 3}, {"ienne", "ien", 2}, {"aine", "ain", 4},
	{"euse", "eux", 2}, {"ive", "if", 3}, {"ale", "al", 4}, {"elle", "el", 4},
	{"ente", "ent", 4}, {"ante", "ant", 4},
	{"arde", "ard", 3}, {"ande", "and", 2}, {"uite", "uit", 3}, {"aite", "ait", 3},
}
