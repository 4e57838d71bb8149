package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// addresses is a log that hands on the address of which [Serve] says that it listens there.
type addresses struct {
	slog.Handler
	found chan string
}

func (a addresses) Enabled(context.Context, slog.Level) bool { return true }

func (a addresses) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(attr slog.Attr) bool {
		if attr.Key == "listen" {
			a.found <- attr.Value.String()
		}
		return true
	})
	return nil
}

// TestServe listens, has a request in hand when it is told to end, and finishes it.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		stop()
		fmt.Fprint(w, "finished")
	})
	log := addresses{slog.DiscardHandler, make(chan string, 1)}
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, "127.0.0.1:0", h, slog.New(log)) }()
	address := <-log.found
	resp := ask(t, "GET", "http://"+address)
	if body, err := io.ReadAll(resp.Body); string(body) != "finished" {
		t.Errorf("got %q, %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	again, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatalf("the address is not free after the end: %v", err)
	}
	again.Close()
}

func TestServeNowhere(t *testing.T) {
	if err := Serve(t.Context(), "", nil, slog.New(slog.DiscardHandler)); err != nil {
		t.Error(err)
	}
}

func TestServeRefuses(t *testing.T) {
	taken := httptest.NewServer(nil)
	defer taken.Close()
	busy := taken.Listener.Addr().String()
	for _, test := range []struct{ listen, want string }{
		{busy, "another program listens on " + busy + ": set [web] listen"},
		{"nonsense", `listening on "nonsense": set [web] listen`},
		{"127.0.0.1:99999", `listening on "127.0.0.1:99999": set [web] listen`},
	} {
		err := Serve(t.Context(), test.listen, nil, slog.New(slog.DiscardHandler))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.listen, err, test.want)
		}
	}
}

// oneConnection is a listener with a single client, in memory.
type oneConnection struct {
	conns chan net.Conn
	done  context.Context
}

func (l oneConnection) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done.Done():
		return nil, net.ErrClosed
	}
}

func (l oneConnection) Close() error   { return nil }
func (l oneConnection) Addr() net.Addr { return &net.TCPAddr{} }

// TestServeEndsSlowClients asserts that a client that sends no whole header is cut off, and that
// the end does not wait for it.
func TestServeEndsSlowClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		client, server := net.Pipe()
		l := oneConnection{make(chan net.Conn, 1), ctx}
		l.conns <- server
		ended := make(chan error, 1)
		go func() { ended <- serve(ctx, l, http.NotFoundHandler(), slog.New(slog.DiscardHandler)) }()
		begun := time.Now()
		if _, err := io.WriteString(client, "GET / HTTP/1.1\r\nHost:"); err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, client)
		if took := time.Since(begun); took != headerTimeout {
			t.Errorf("cut off after %v, want %v", took, headerTimeout)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
