package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// months are the beginnings of the names of months, folded, in the languages of feeds. A name is
// found by the longest beginning that it has; beginnings of two letters are whole names.
var months = [12]string{
	"jan janv ene ian gen jen ocak oca яну янв јан січ ιαν led sty ינו یناير ینایر ژانویه جانفی",
	"feb fev feb febr subat sub фев феб лют φεβ unor lut פבר فبراير فبرایر فوریه فیفری شباط",
	"mar mrt maart marz mart мар бер μαρ brez מרץ מרס مارس اذار",
	"apr avr abr nis апр кві απρ dub kwi אפר ابریل افریل اوریل نیسان",
	"may mai maj mei mag май мая маи мај мая тра μαι kvet מאי مایو مای ماه مه ایار",
	"jun juin jui giu iun haz юни июн јун чер ιουν cervn cze יונ یونیو یونیه ژوین جوان حزیران",
	"jul juil lug iul tem юли июл јул лип ιουλ cervenc lip יול یولیو یولیه ژوییه ژوئیه جویلیه تموز",
	"aug ago aou avg agu авг серп αυγ srp sie אוג اغسطس اوت اب",
	"sep set szept wrz eyl сен сеп вер σεπ zari ספט سبتمبر سپتامبر ایلول",
	"oct okt out ott eki окт жов οκτ rij pazd אוק اکتوبر اکتبر",
	"nov kas ноя нов ное лис νοε lis נוב نوفمبر نوامبر",
	"dec dic dez des ara дек дец гру δεκ prosin gru דצמ دیسمبر دسامبر",
}

// pairs are months of two words.
var pairs = map[string]int{
	"کانون الثانی": 1, "کانون ثانی": 1, "تشرین الاول": 10, "تشرین اول": 10,
	"تشرین الثانی": 11, "تشرین ثانی": 11, "کانون الاول": 12, "کانون اول": 12,
}

// monthIn finds the month that a text names, 0 if none. Of several words that could be one it is
// the last: some languages call a Tuesday what others call March.
func monthIn(s string) (month int) {
	for pair, m := range pairs {
		if strings.Contains(s, pair) {
			return m
		}
	}
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if m := named(word); m > 0 {
			month = m
		} else if rest, ok := strings.CutPrefix(word, "ב"); ok && named(rest) > 0 { // Hebrew "in"
			month = named(rest)
		}
	}
	return month
}

// named is the month that a word is, or is short for, 0 if none.
func named(word string) (month int) {
	longest := 0
	for i, names := range months {
		for name := range strings.FieldsSeq(names) {
			short := utf8.RuneCountInString(name) < 3
			if len(name) > longest && strings.HasPrefix(word, name) && (!short || word == name) {
				month, longest = i+1, len(name)
			}
		}
	}
	return month
}

// zones are the zones that feeds name, in hours east of Greenwich. Of those that mean several
// places it is the one with the most feeds.
var zones = map[string]float64{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1,
	"cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "sast": 2, "cat": 2, "wat": 1, "eat": 3,
	"msk": 3, "msd": 4, "trt": 3, "idt": 3, "ast": -4, "adt": -3, "gst": 4, "irst": 3.5,
	"irdt": 4.5, "aft": 4.5, "azt": 4, "get": 4, "amt": 4, "pkt": 5, "uzt": 5, "ist": 5.5,
	"npt": 5.75, "mmt": 6.5, "ict": 7, "wib": 7, "wita": 8, "wit": 9, "hkt": 8, "sgt": 8, "pht": 8,
	"myt": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11,
	"nzst": 12, "nzt": 12, "nzdt": 13, "nst": -3.5, "ndt": -2.5, "art": -3, "brt": -3, "clt": -4,
	"est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "ct": -6, "mst": -7, "mdt": -6, "mt": -7,
	"pst": -8, "pdt": -7, "pt": -8, "akst": -9, "akdt": -8, "hst": -10,
}
