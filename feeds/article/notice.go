package article

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxNotice is how many characters a notice has at most: a longer block is an article that speaks
// of such things.
const maxNotice = 500

// notice is something that sites say to their visitors where the article should be: about consent,
// about logins and payment, about robots. Each is narrow enough to be rare in news.
type notice struct {
	word string         // stands in it, and in little else: most blocks are not looked at twice
	says *regexp.Regexp // in small letters
}

var notices = []notice{
	{"cookie", says(`\b(accept|reject|manage|allow|enable) (all |the |your |our )?cookies?\b`)},
	{"cookie", says(`\bcookie (policy|settings|preferences|consent|identifiers)\b`)},
	{"cookie", says(`\b(uses?|store|set|utilis\S*|accepte\S*|utiliza|usa|aceptar) ` +
		`(\S+ ){0,4}cookies\b`)},
	{"cookie", says(`\bcookies\b.*\b(zustimmen|einwilligung|akzeptieren)\b`)},
	{"cookie", says(`(использует|используем|применяем)\S* (\S+ ){0,3}cookie`)},
	{"privacy", says(`\bwe (value|respect|care about) your privacy\b`)},
	{"partners", says(`\bwe and our (\S+ ){0,3}partners\b`)},
	{"legitimate interest", says(`\bconsent\b`)},
	{" to ", says(`\b(subscribe|sign in|sign up|log in|register)( now| here)? to ` +
		`(continue|keep|read|unlock)\b`)},
	{"reading", says(`\bto (continue|keep) reading\b|\bcontinue reading (this|the|your|with)\b`)},
	{" a ", says(`\b(already|not) a subscriber\b|\balready a member\?`)},
	{"subscribers", says(`\b(for|to|only) (our )?(paying |paid )?subscribers( only)?\b`)},
	{"article", says(`\byou('ve| have) (reached|read|used) (\S+ ){0,4}articles?\b`)},
	{"newsletter", says(`\b(sign up|subscribe) (for|to) (our|the|this) (\S+ ){0,4}newsletters?\b`)},
	{"script", says(`\b(enable|turn on|activate) java ?script\b`)},
	{"script", says(`\bjava ?script is (disabled|required|not)\b`)},
	{"block", says(`\b(disable|turn off) (\S+ ){0,2}ad.?block`)},
	{"bot", says(`\bare (not )?(you )?a (ro)?bot\b`)},
	{"human", says(`\bverify(ing)? (that )?you are (a )?human\b`)},
	{"browser", says(`\bchecking (\S+ ){0,5}your browser\b`)},
	{"unusual", says(`\bunusual (traffic|activity) from your\b`)},
	{"denied", says(`\baccess (to this page )?(has been |is )?denied\b.*\b(server|permission|page)\b`)},
	// Russian
	{"подписк", says(`(оформите|купите) подписку`)},
	{"чтобы", says(`чтобы (читать|прочитать) (дальше|полностью|до конца)`)},
	// Persian and Arabic
	{"کوکی", says(`استفاده|پذیر`)},
	{"برای ادامه", says(`برای ادامه (مطلب|خواندن)`)},
	{"تعريف الارتباط", says(`ملفات`)},
	{"للمتابعة", says(`اشترك|سجل`)},
	// Hebrew
	{"עוגיות", says(`(משתמש|שימוש)\S* ב`)},
	{"למנויים", says(`למנויים בלבד`)},
	// Turkish
	{"çerez", says(`kullan|kabul`)},
	{"okumaya", says(`okumaya devam etmek için`)},
	// French, German, Spanish
	{"abonn", says(`r[ée]serv[ée]e? (à nos |aux )abonn[ée]s`)},
	{"jetzt", says(`\bjetzt (abonnieren|weiterlesen)\b`)},
	{"para", says(`\bsuscr[ií]bete para\b`)},
}

func says(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// isNotice reports whether a block speaks to the visitor of the site, not of the news. It is pure.
func isNotice(block string) bool {
	if utf8.RuneCountInString(block) > maxNotice {
		return false
	}
	block = strings.ToLower(block)
	for _, n := range notices {
		if strings.Contains(block, n.word) && n.says.MatchString(block) {
			return true
		}
	}
	return false
}
