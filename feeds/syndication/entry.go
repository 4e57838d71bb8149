package syndication

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
)

const maxKey = 512 // bytes; a longer key is kept as its hash

// Time is when an entry says it was published, else updated; zero when both are absent or absurd:
// before 1990, or more than an hour ahead of now. Such an entry is never taken for old.
func (e Entry) Time(now time.Time) time.Time {
	for _, t := range []time.Time{e.Published, e.Updated} {
		if t.Year() >= 1990 && !t.After(now.Add(time.Hour)) {
			return t.UTC()
		}
	}
	return time.Time{}
}

// revision finds a counter of revisions at the end of a GUID that is an address.
var revision = regexp.MustCompile(`^(https?://[^#]+)#\d{1,4}$`)

// Key names the article whatever becomes of its title or date: by its GUID, else by its canonical
// link, else by a hash of its words. A GUID that is an address is compared as one, so that it is
// the same under https and with other tracking parameters; but its fragment counts, by which the
// entries of one page are told apart. The counter that some publishers add to the GUID of an
// edited article (…/c1x2y3#1) is not part of the name, unless the link has it too.
func (e Entry) Key() string {
	key := e.GUID
	if key == "" {
		key = Canonical(e.Link)
	}
	if m := revision.FindStringSubmatch(key); m != nil && !strings.Contains(e.Link, "#") {
		key = m[1]
	}
	if address := Canonical(key); address != "" {
		if _, fragment, _ := strings.Cut(key, "#"); fragment != "" {
			address += "#" + fragment
		}
		key = address
	}
	if key == "" {
		return digest(e.Title + "\n" + e.Text)
	}
	if len(key) > maxKey {
		return digest(key)
	}
	return key
}

// digest returns a name for a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:16])
}
