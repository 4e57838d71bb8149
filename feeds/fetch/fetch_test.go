package fetch

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestAddressesThatCannotBeAsked(t *testing.T) {
	for url, want := range map[string]string{
		"ftp://news.example/feed":    "http:// or https://",
		"/feed":                      "http:// or https://",
		"https://":                   "http:// or https://",
		"http://[::1":                "cannot be read",
		"http://127.0.0.1:1/feed":    "refused",
		"http://10.0.0.1/feed":       "allow_private_networks",
		"http://169.254.169.254/":    "always refused",
		"http://[fd00:ec2::254]:80/": "always refused",
	} {
		c := client(t, func(s *Settings) { s.AllowPrivateNetworks = strings.Contains(url, ":1/") })
		_, _, err := c.Find(t.Context(), Request{URL: url})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
}

func TestRequest(t *testing.T) {
	var got http.Header
	url := serve(t, paths{"/": func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		gzipped(packed(t, oneItem))(w, r)
	}})
	withUser := strings.Replace(url, "http://", "http://user:pass@", 1)
	_, doc, err := client(t).Find(t.Context(), Request{URL: withUser, ETag: "old",
		Headers: map[string]string{"X-Key": "k", "User-Agent": "mine"}})
	if err != nil || len(doc.Entries) != 1 {
		t.Fatalf("%+v, %v", doc, err)
	}
	for name, want := range map[string]string{
		"X-Key": "k", "User-Agent": "mine", "Accept-Encoding": "gzip",
		"Authorization": "Basic dXNlcjpwYXNz", "If-None-Match": "",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
}

// TestRedirectsKeepSecrets: the feed's own headers, its user and its address reach no other host,
// not even by way of one, and nothing goes out of TLS with them.
func TestRedirectsKeepSecrets(t *testing.T) {
	var last http.Header
	note := func(w http.ResponseWriter, r *http.Request) {
		last = r.Header.Clone()
		fmt.Fprint(w, oneItem)
	}
	other := httptest.NewServer(http.HandlerFunc(note))
	defer other.Close()
	mux := http.NewServeMux()
	home := httptest.NewServer(mux)
	defer home.Close()
	secure := httptest.NewTLSServer(mux)
	defer secure.Close()
	trusted := secure.Client().Transport.(*http.Transport).TLSClientConfig
	mux.HandleFunc("/here", note)
	mux.HandleFunc("/near", redirect("/here"))
	mux.HandleFunc("/far", redirect(other.URL))
	mux.HandleFunc("/down", redirect(other.URL))
	for _, c := range []struct {
		url  string
		kept bool
	}{
		{home.URL + "/here", true},
		{home.URL + "/near", true},
		{home.URL + "/far", false},
		{secure.URL + "/near", true},
		{secure.URL + "/down", false},
	} {
		address := strings.Replace(c.url, "://", "://user:hunter2@", 1) + "?key=hunter2"
		asker := client(t)
		asker.transport.TLSClientConfig = trusted
		r := Request{URL: address, Headers: map[string]string{"X-Key": "hunter2", "Cookie": "hunter2"}}
		if _, _, err := asker.Find(t.Context(), r); err != nil {
			t.Errorf("%s: %v", c.url, err)
		}
		if kept := last.Get("X-Key") != "" && last.Get("Cookie") != ""; kept != c.kept {
			t.Errorf("%s: headers kept: %t", c.url, kept)
		}
		told := fmt.Sprint(last)
		if !c.kept && (strings.Contains(told, "hunter2") || strings.Contains(told, "Basic")) {
			t.Errorf("%s: the other host learnt %v", c.url, last)
		}
	}
}

func TestSameSite(t *testing.T) {
	feed := "https://a.example/feed"
	headers := map[string]string{"X-Key": "k"}
	for _, c := range []struct {
		hops string // after the first request
		kept bool
	}{
		{"https://a.example/2", true},
		{"http://a.example/2", false},
		{"https://a.example:8443/2", false},
		{"https://sub.a.example/2", false},
		{"https://b.example/ https://a.example/2", false},
	} {
		first, _ := http.NewRequest(http.MethodGet, feed, nil)
		via := []*http.Request{first}
		var req *http.Request
		for _, hop := range strings.Fields(c.hops) {
			if req != nil {
				via = append(via, req)
			}
			req, _ = http.NewRequest(http.MethodGet, hop, nil)
			req.Header.Set("X-Key", "k")
			req.Response = &http.Response{Request: via[len(via)-1]}
			if err := redirected(headers, new(trail))(req, via); err != nil {
				t.Fatal(err)
			}
		}
		if kept := req.Header.Get("X-Key") != ""; kept != c.kept {
			t.Errorf("%s: kept %t", c.hops, kept)
		}
	}
}

// TestHops: five redirects are followed, a sixth is not.
func TestHops(t *testing.T) {
	url := serve(t, paths{
		"/0": body(oneItem), "/1": redirect("/0"), "/2": redirect("/1"), "/3": redirect("/2"),
		"/4": redirect("/3"), "/5": redirect("/4"), "/6": redirect("/5"),
	})
	c := client(t)
	for path, ok := range map[string]bool{"/5": true, "/6": false} {
		if _, _, err := c.Find(t.Context(), Request{URL: url + path}); (err == nil) != ok {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestReasonsHoldNoSecrets: not even when a server sends back what it was given.
func TestReasonsHoldNoSecrets(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer echo.Close()
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			head := make([]byte, 4096)
			n, _ := c.Read(head)
			said := strings.Join(strings.Fields(string(head[:n])), " ")
			fmt.Fprintf(c, "%s\r\n\r\n", said)
			c.Close()
		}
	}()
	away := serve(t, paths{"/": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "http://%zz/"+r.URL.RawQuery+r.Header.Get("X-Key"))
		w.WriteHeader(http.StatusFound)
	}})
	for _, host := range []string{echo.Addr().String(), strings.TrimPrefix(away, "http://"),
		"127.0.0.1:1", "169.254.169.254", "nowhere.invalid"} {
		address := "http://hunter2:hunter3@" + host + "/?token=hunter4&a=b"
		c := client(t, func(s *Settings) { s.Timeout = 5 * time.Second })
		r := Request{URL: address, Headers: map[string]string{"X-Key": "hunter5"}}
		_, _, err := c.Find(t.Context(), r)
		said := fmt.Sprint(err)
		if err == nil || strings.Contains(said, "hunter") || strings.ContainsFunc(said, unicode.IsControl) {
			t.Errorf("%s: %q", host, said)
		}
	}
}

// TestProxy: only the one in the settings, whatever the environment says.
func TestProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		fmt.Fprint(w, oneItem)
	}))
	defer proxy.Close()
	direct := serve(t, paths{"/": body(oneItem)})
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	c := client(t)
	if c.transport.Proxy != nil {
		t.Error("the environment's proxy is used")
	}
	if _, _, err := c.Find(t.Context(), Request{URL: direct}); err != nil || len(asked) != 0 {
		t.Errorf("%v, asked %v", err, asked)
	}
	c = client(t, func(s *Settings) { s.Proxy = proxy.URL })
	_, _, err := c.Find(t.Context(), Request{URL: "http://news.example/feed"})
	if err != nil || len(asked) != 1 || asked[0] != "http://news.example/feed" {
		t.Errorf("%v, asked %v", err, asked)
	}
}

// TestPanicIsOneFeedsFailure: whatever a parser does to us stays with its feed.
func TestPanicIsOneFeedsFailure(t *testing.T) {
	var log strings.Builder
	c := client(t)
	c.log = slog.New(slog.NewTextHandler(&log, nil))
	err := func() (err error) {
		defer c.Rescue(Request{URL: "https://u:hunter2@news.example/feed"}, &err)
		panic("index out of range")
	}()
	if err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("%v", err)
	}
	said := log.String()
	if !strings.Contains(said, "https://news.example/feed") || strings.Contains(said, "hunter2") {
		t.Errorf("the log does not name the feed: %s", said)
	}
}
