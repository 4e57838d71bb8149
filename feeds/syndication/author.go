package syndication

import (
	"regexp"
	"slices"
	"strings"
)

// address finds an e-mail address with what feeds put around it.
var address = regexp.MustCompile(`(?i)\s*[(<\[]?\s*(mailto:)?` +
	`[\w.+-]+@[\w-]+(\.[\w-]+)+\s*[)>\]]?\s*`)

// byline names whoever wrote an entry, for people: the names without their addresses, or the
// addresses when there is nothing else.
func byline(authors ...string) string {
	var names []string
	for _, a := range authors {
		if a == "" {
			continue
		}
		a = plain(a, maxName)
		name := strings.Trim(address.ReplaceAllString(a, " "), " \t,;:-")
		if inner, ok := strings.CutPrefix(name, "("); ok {
			name = strings.TrimSpace(strings.TrimSuffix(inner, ")"))
		}
		if name == "" {
			name = a
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return Clean(strings.Join(names, ", "), maxName)
}
