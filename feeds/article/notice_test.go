package article

import (
	"strings"
	"testing"
)

func TestNotices(t *testing.T) {
	for said, want := range map[string]bool{
		"We use cookies to improve your experience.":                                   true,
		"This site uses first-party and third-party Cookies.":                          true,
		"Accept all cookies":                                                           true,
		"We and our 842 partners store information on your device.":                    true,
		"Subscribe now to keep reading.":                                               true,
		"You've read your last free article this month.":                               true,
		"This article is for subscribers only.":                                        true,
		"Please enable JavaScript to continue.":                                        true,
		"Are you a robot?":                                                             true,
		"Access denied. You don't have permission to view this page.":                  true,
		"Мы используем файлы cookie.":                                                  true,
		"Оформите подписку, чтобы читать дальше":                                       true,
		"این وبگاه از کوکی‌ها استفاده می‌کند.":                                         true,
		"نستخدم ملفات تعريف الارتباط":                                                  true,
		"Bu site çerez kullanır.":                                                      true,
		"Cet article est réservé aux abonnés.":                                         true,
		"Utilizamos y el sitio usa cookies propias.":                                   true,
		"The court ruled that the firm had tracked users with cookies.":                false,
		"Iran and its partners met in Muscat to discuss a newsletter of the alliance.": false,
		"The minister denied access to the site at Natanz.":                            false,
		"Protesters were told to keep calm, a member of parliament said.":              false,
		"He is not a member of the delegation, and already a member of parliament.":    false,
	} {
		if got := isNotice(said); got != want {
			t.Errorf("%q: %v", said, got)
		}
	}
	if isNotice(strings.Repeat("The law says who may use cookies and for what. ", 20)) {
		t.Error("an article about cookies is taken for a notice")
	}
}

// TestNoticesAreInSmallLetters: one with a capital in it would never be found.
func TestNoticesAreInSmallLetters(t *testing.T) {
	for _, n := range notices {
		if n.word != strings.ToLower(n.word) {
			t.Errorf("%q is never found", n.word)
		}
	}
}
