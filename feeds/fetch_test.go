package feeds

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// packed compresses a text.
func packed(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
		_, _ = w.Write(body) // who hangs up early does so on purpose
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

// announce answers with a header that the body does not keep to.
func announce(name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(name, value)
		fmt.Fprint(w, oneItem)
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// TestFailures polls everything that can go wrong in one pass: each feed gets its reason and a
// next time, and the good feed among them its item.
func TestFailures(t *testing.T) {
	var sent atomic.Int64
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for chunk := make([]byte, 64<<10); sent.Load() < 10<<30; {
			n, err := w.Write(chunk)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}
	bomb := bytes.Repeat(packed(t, strings.Repeat(" ", 1<<20)), 500)
	page := "<!doctype html><html><body>Hello</body></html>"
	laughs := `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + oneItem
	cases := []struct {
		path, want string
		h          http.HandlerFunc
	}{
		{"/endless", "max_body", endless},
		{"/bomb", "max_body", gzipped(bomb)},
		{"/announced", "max_body", announce("Content-Length", "99999999")},
		{"/metadata", "always refused", redirect("http://169.254.169.254/latest/meta-data/")},
		{"/loop", "redirects more than 5 times", redirect("/loop")},
		{"/file", "neither http nor https", redirect("file:///etc/passwd")},
		{"/html", "not a feed: give the feed's own address", body(page)},
		{"/empty", "answers with nothing", body("")},
		{"/truncated", "cut off", body(oneItem[:80])},
		{"/truncated.gz", "cut off", gzipped(packed(t, oneItem)[:60])},
		{"/notgzip", "unpacking", gzipped([]byte(oneItem))},
		{"/brotli", "did not ask for", announce("Content-Encoding", "br")},
		{"/laughs", "DTD", body(laughs)},
		{"/401", "401 Unauthorized", status(401)},
		{"/404", "check the address", status(404)},
		{"/410", "has ended", status(410)},
		{"/500", "500 Internal Server Error", status(500)},
		{"/304", "304 Not Modified", status(304)},
		{"/hangup", "closed the connection", hangUp},
		{"/cut", "cut off", announce("Content-Length", "1000")},
	}
	at := paths{"/good": body(oneItem)}
	for _, c := range cases {
		at[c.path] = c.h
	}
	url := serve(t, at)
	store := newMemory(url + "/good")
	for _, c := range cases {
		store.add(url + c.path)
	}
	p, _ := poller(t, store, func(s *Settings) { s.MaxBody = 1 << 20 })
	runPass(t, p, len(cases)+1)
	for i, c := range cases {
		f := store.feed(int64(i + 2))
		if !strings.Contains(f.LastError, c.want) || len(f.LastError) > maxReason {
			t.Errorf("%s: %q, want %q", c.path, f.LastError, c.want)
		}
		if f.Failures != 1 || !f.Due.After(noon) || f.Gone != (c.path == "/410") {
			t.Errorf("%s: %+v", c.path, f.State)
		}
	}
	if len(store.items) != 1 {
		t.Errorf("%d items", len(store.items))
	}
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d bytes of the endless body were taken", n)
	}
}

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
		p, _ := poller(t, nil, func(s *Settings) {
			s.AllowPrivateNetworks = strings.Contains(url, ":1/")
		})
		_, err := p.Fetch(t.Context(), feedAt(url))
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
	p, _ := poller(t, nil)
	p.Headers = map[string]map[string]string{withUser: {"X-Key": "k", "User-Agent": "mine"}}
	f := Feed{Source: Source{URL: withUser}, State: State{ETag: "old"}}
	doc, err := p.Fetch(t.Context(), f)
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
		p, _ := poller(t, nil)
		p.transport.TLSClientConfig = trusted
		p.Headers = map[string]map[string]string{address: {"X-Key": "hunter2", "Cookie": "hunter2"}}
		if _, err := p.Fetch(t.Context(), feedAt(address)); err != nil {
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
	p, _ := poller(t, nil)
	feed := "https://a.example/feed"
	p.Headers = map[string]map[string]string{feed: {"X-Key": "k"}}
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
			if err := p.redirect(feed, new(trail))(req, via); err != nil {
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
	p, _ := poller(t, nil)
	for path, ok := range map[string]bool{"/5": true, "/6": false} {
		if _, err := p.Fetch(t.Context(), feedAt(url+path)); (err == nil) != ok {
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
		store := newMemory(address)
		p, _ := poller(t, store, func(s *Settings) { s.Timeout = 5 * time.Second })
		p.Headers = map[string]map[string]string{address: {"X-Key": "hunter5"}}
		runPass(t, p, 1)
		said := store.feed(1).LastError
		if said == "" || strings.Contains(said, "hunter") || strings.ContainsFunc(said, forbidden) {
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
	p, _ := poller(t, nil)
	if p.transport.Proxy != nil {
		t.Error("the environment's proxy is used")
	}
	if _, err := p.Fetch(t.Context(), feedAt(direct)); err != nil || len(asked) != 0 {
		t.Errorf("%v, asked %v", err, asked)
	}
	p, _ = poller(t, nil, func(s *Settings) { s.Proxy = proxy.URL })
	_, err := p.Fetch(t.Context(), feedAt("http://news.example/feed"))
	if err != nil || len(asked) != 1 || asked[0] != "http://news.example/feed" {
		t.Errorf("%v, asked %v", err, asked)
	}
}
