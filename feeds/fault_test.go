package feeds

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// names is a DNS server for our tests: it knows the names in it, and says that there are no others.
type names struct {
	mu   sync.Mutex
	at   map[string][]string // address by name; one after the other, the last for ever
	conn net.PacketConn
}

func newNames(t *testing.T) *names {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{at: map[string][]string{}, conn: conn}
	t.Cleanup(func() { conn.Close() })
	go n.serve()
	return n
}

func (n *names) set(name string, addresses ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at[name] = addresses
}

func (n *names) serve() {
	for {
		packet := make([]byte, 512)
		size, from, err := n.conn.ReadFrom(packet)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(packet[:size]) != nil || len(m.Questions) != 1 {
			continue
		}
		n.answer(&m)
		if reply, err := m.Pack(); err == nil {
			_, _ = n.conn.WriteTo(reply, from)
		}
	}
}

func (n *names) answer(m *dnsmessage.Message) {
	n.mu.Lock()
	defer n.mu.Unlock()
	q := m.Questions[0]
	name := strings.TrimSuffix(q.Name.String(), ".")
	known := n.at[name]
	m.Response, m.Additionals = true, nil
	switch {
	case len(known) == 0:
		m.RCode = dnsmessage.RCodeNameError
		return
	case q.Type != dnsmessage.TypeA:
		return
	}
	if len(known) > 1 {
		n.at[name] = known[1:]
	}
	var address dnsmessage.AResource
	copy(address.A[:], net.ParseIP(known[0]).To4())
	m.Answers = []dnsmessage.Resource{{Body: &address,
		Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type}}}
}

// dial is how a poller dials, with the same guard, but with these names.
func (n *names) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Control: fetch.Guard(true), Resolver: &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", n.conn.LocalAddr().String())
		},
	}}
	return dialer.DialContext(ctx, network, address)
}

// fault is something that happens to a feed, and what must come of it.
type fault struct {
	name        string
	url         string
	result      PollResult
	least, most time.Duration // until the feed is asked again; zero: never
	message     string
}

const usual = 5 * time.Minute // a tick, and up to a fifth of it for the jitter

// refuse answers with a status and a Retry-After.
func refuse(code int, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(code)
	}
}

// loris sends a byte now and then, and never an end.
func loris(w http.ResponseWriter, r *http.Request) {
	for again := time.NewTicker(10 * time.Millisecond); ; {
		fmt.Fprint(w, " ")
		w.(http.Flusher).Flush()
		select {
		case <-again.C:
		case <-r.Context().Done():
			return
		}
	}
}

// faultsOf lists what can happen to one feed.
func faultsOf(t *testing.T, dns *names) ([]fault, *httptest.Server) {
	cutItem := strings.Replace(oneItem, "</channel></rss>", "<item><title>Half", 1)
	server := serve(t, paths{
		"/403": refuse(403, ""), "/404": refuse(404, ""), "/410": refuse(410, ""),
		"/500": refuse(500, ""), "/429s": refuse(429, "7200"),
		"/429d": refuse(429, "Fri, 06 Feb 2026 13:00:00 GMT"), "/loris": loris,
		"/packed": gzipped(packed(t, oneItem)[:60]), "/xml": body(cutItem),
		"/length": announce("Content-Length", "1000"), "/loop": redirect("/loop"),
		"/inside": redirect("http://169.254.169.254/latest/meta-data/"), "/good": body(oneItem),
	})
	secure := httptest.NewUnstartedServer(body(oneItem))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(server, "http://"))
	_, securePort, _ := net.SplitHostPort(strings.TrimPrefix(secure.URL, "https://"))
	dns.set("wrong.example", "127.0.0.1")
	dns.set("rebind.example", "127.0.0.1", "169.254.169.254") // at the second poll
	failed, late := PollFailed, usual+time.Minute
	return []fault{
		{"DNS failure", "http://nowhere.example/", failed, usual, late, "leads nowhere"},
		{"refused", "http://127.0.0.1:1/", failed, usual, late, "refused"},
		{"TLS wrong name", "https://wrong.example:" + securePort, failed, usual, late, "not wrong.example"},
		{"403", server + "/403", failed, usual, late, "user_agent"},
		{"404", server + "/404", failed, usual, late, "check the address"},
		{"410", server + "/410", failed, 0, 0, "has ended"},
		{"429, seconds", server + "/429s", failed, 2 * time.Hour, 2*time.Hour + time.Minute, "slower"},
		{"429, date", server + "/429d", failed, time.Hour - time.Minute, time.Hour, "slower"},
		{"500", server + "/500", failed, usual, late, "500"},
		{"slow loris", server + "/loris", failed, usual, late, "no complete answer"},
		{"packed body cut off", server + "/packed", failed, usual, late, "cut off"},
		{"XML cut off", server + "/xml", failed, usual, late, "cut off"},
		{"wrong Content-Length", server + "/length", failed, usual, late, "cut off"},
		{"redirect loop", server + "/loop", failed, usual, late, "more than 5 times"},
		{"redirect to private", server + "/inside", failed, usual, late, "always refused"},
		{"rebinding host", "http://rebind.example:" + port + "/good", failed, usual, late, "169.254"},
		{"none", server + "/good", PollOK, usual, late, ""},
	}, secure
}

// report is the table that a verbose run prints.
type report struct {
	strings.Builder
	*tabwriter.Writer
}

func newReport() *report {
	r := new(report)
	r.Writer = tabwriter.NewWriter(&r.Builder, 0, 0, 2, ' ', 0)
	fmt.Fprint(r.Writer, "\nfault\toutcome\tfailures\tnext\tmessage\n")
	return r
}

func (r *report) add(name string, o Poll, now time.Time) {
	outcome, next := string(o.Result), "in "+o.Feed.Due.Sub(now).Round(time.Second).String()
	switch {
	case o.Feed.Gone:
		outcome, next = "gone", "never"
	case o.Ours:
		outcome = "ours"
	}
	fmt.Fprintf(r.Writer, "%s\t%s\t%d\t%s\t%s\n", name, outcome, o.Feed.Failures, next, o.Feed.LastError)
}

func (r *report) log(t *testing.T) {
	r.Flush()
	t.Log(r.Builder.String())
}

// TestFaults is the fault script: everything that happens to feeds, with what comes of it.
func TestFaults(t *testing.T) {
	dns := newNames(t)
	faults, secure := faultsOf(t, dns)
	table := newReport()
	defer table.log(t)
	for _, c := range faults {
		store := newMemory(c.url)
		p, polls := poller(t, store, func(s *Settings) { s.Timeout = 300 * time.Millisecond })
		way := p.client.Transport()
		way.DialContext = dns.dial
		way.TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		way.TLSClientConfig.ServerName = ""
		way.DisableKeepAlives = true
		runPass(t, p, 1)
		if c.name == "rebinding host" {
			store.advance(time.Hour)
			runPass(t, p, 1)
		}
		o := (*polls)[len(*polls)-1]
		now := o.Feed.Claimed
		table.add(c.name, o, now)
		if o.Feed.Truncated && o.Result == PollOK && c.name == "XML cut off" {
			continue // its whole items are kept, and the row says so
		}
		if o.Result != c.result || !strings.Contains(o.Feed.LastError, c.message) {
			t.Errorf("%s: %s, %q", c.name, o.Result, o.Feed.LastError)
		}
		wait := o.Feed.Due.Sub(now)
		if o.Feed.Gone != (c.most == 0) || c.most > 0 && (wait < c.least || wait > c.most) {
			t.Errorf("%s: gone: %t, again after %v", c.name, o.Feed.Gone, wait)
		}
	}
	ownOutage(t, dns, table)
}

// ownOutage lets most hosts vanish and come back.
func ownOutage(t *testing.T, dns *names, table *report) {
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(serve(t, paths{"/": body(oneItem)}), "http://"))
	hosts := []string{"a.example", "b.example", "c.example", "d.example"}
	store := newMemory()
	for _, h := range hosts {
		store.add("http://" + h + ":" + port + "/")
		dns.set(h, "127.0.0.1")
	}
	store.add("http://127.0.0.1:" + port + "/")
	p, polls := poller(t, store)
	way := p.client.Transport()
	way.DialContext, way.DisableKeepAlives = dns.dial, true
	var log strings.Builder
	p.log = slog.New(slog.NewTextHandler(&log, nil))
	turn := func(what string, gone int, check func(Poll) bool) {
		t.Helper()
		for i, h := range hosts {
			if i < gone {
				dns.set(h)
			} else {
				dns.set(h, "127.0.0.1")
			}
		}
		*polls = nil
		store.advance(time.Hour)
		runPass(t, p, len(hosts)+1)
		for _, o := range *polls {
			table.add(what+", "+strings.TrimSuffix(o.Feed.URL[len("http://"):], ":"+port+"/"), o, o.Feed.Claimed)
			if !check(o) {
				t.Errorf("%s: %+v", what, o)
			}
		}
	}
	good := func(o Poll) bool { return o.Result != PollFailed && o.Feed.Failures == 0 }
	soon := func(o Poll) bool { return o.Feed.Due.Sub(o.Feed.Claimed) < 2*time.Minute }
	turn("before", 0, good)
	turn("one host down", 1, func(o Poll) bool { return good(o) || o.Feed.Failures == 1 && !o.Ours })
	turn("own outage", 4, func(o Poll) bool {
		return good(o) || o.Ours && o.Feed.Failures <= 1 && soon(o)
	})
	turn("recovery", 0, good)
	if n := strings.Count(log.String(), "our own outage"); n != 1 {
		t.Errorf("the outage has %d lines in the log:\n%s", n, log.String())
	}
	if n := strings.Count(log.String(), "can be reached again"); n != 1 {
		t.Errorf("its end has %d lines in the log:\n%s", n, log.String())
	}
	for _, h := range hosts {
		dns.set(h)
	}
	for range int(longAbsence / time.Hour) {
		store.advance(time.Hour)
		runPass(t, p, len(hosts)+1)
	}
	turn("most dead for long", 4, func(o Poll) bool {
		return o.Result != PollFailed || !o.Ours && o.Feed.Failures > 0
	})
}
