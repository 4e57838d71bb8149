package fetch

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestRedirectsAreLearnt: the end of permanent redirects is asked from then on, and nothing else.
func TestRedirectsAreLearnt(t *testing.T) {
	secure := httptest.NewTLSServer(body(oneItem))
	defer secure.Close()
	url := serve(t, paths{
		"/end": body(oneItem), "/301": permanent(301, "/end"), "/308": permanent(308, "/end"),
		"/twice": permanent(301, "/308"), "/302": permanent(302, "/end"), "/307": permanent(307, "/end"),
		"/mixed": permanent(301, "/302"), "/up": permanent(301, secure.URL+"/feed#top"),
	})
	for path, want := range map[string]string{
		"/end": "", "/301": url + "/end", "/308": url + "/end", "/twice": url + "/end", "/302": "",
		"/307": "", "/mixed": "", "/up": secure.URL + "/feed",
	} {
		c := client(t)
		c.transport.TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
		a, err := c.Get(t.Context(), Request{URL: url + path})
		if err != nil || a.Moved != want {
			t.Errorf("%s: learnt %q, want %q (%v)", path, a.Moved, want, err)
		}
	}
	withUser := strings.Replace(url, "://", "://user:pass@", 1) + "/301"
	a, err := client(t).Get(t.Context(), Request{URL: withUser})
	if err != nil || a.Moved != "" {
		t.Errorf("an address with a user moved to %q (%v)", a.Moved, err)
	}
}

// TestTrail: nothing is learnt that leads out of TLS, or out of the internet into a private network.
func TestTrail(t *testing.T) {
	for _, c := range []struct {
		name, from, to  string
		public, private bool
		learnt          bool
	}{
		{"on the internet", "https://a.example/", "https://b.example/", true, false, true},
		{"into TLS", "http://a.example/", "https://a.example/", true, false, true},
		{"out of TLS", "https://a.example/", "http://a.example/", true, false, false},
		{"inside", "http://10.0.0.1/", "http://10.0.0.2/", false, true, true},
		{"from outside to inside", "http://a.example/", "http://b.example/", true, true, false},
		{"to itself", "http://a.example/", "http://a.example/", true, false, false},
		{"too long", "http://a.example/", "http://a.example/" + strings.Repeat("a", maxAddress), true,
			false, false},
	} {
		from, _ := url.Parse(c.from)
		to, _ := url.Parse(c.to)
		tr := &trail{feed: from, public: c.public, private: c.private}
		tr.hop(&http.Request{URL: to, Response: &http.Response{StatusCode: 301,
			Request: &http.Request{URL: from}}})
		if got := tr.end(); (got != "") != c.learnt {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
