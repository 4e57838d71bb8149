package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadyURL(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "http://127.0.0.1:8080/readyz",
		"http://127.0.0.1:9090":         "http://127.0.0.1:9090/readyz",
		"http://bot.example/":           "http://bot.example/readyz",
		"https://bot.example/readyz":    "https://bot.example/readyz",
		"https://bot.example/tw":        "https://bot.example/tw/readyz",
		"https://bot.example/tw/readyz": "https://bot.example/tw/readyz",
		"127.0.0.1:8080":                "http://127.0.0.1:8080/readyz",
		"bot.example":                   "http://bot.example/readyz",
		"ftp://bot.example":             "",
		"http://":                       "",
		"http://user:hunter2@bot:port/": "",
	} {
		got, err := readyURL(in)
		switch {
		case want == "":
			if err == nil || !strings.Contains(err.Error(), "write one like") ||
				strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q: got %v, error %v", in, got, err)
			}
		case err != nil || got.String() != want:
			t.Errorf("%q: got %v, error %v, want %s", in, got, err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	well, ill := new(Health), new(Health)
	ill.Refused("slack", "token_revoked")
	ill.Refused("discord", "401")
	answer := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			page(w, status, body)
		})
	}
	for _, test := range []struct {
		name string
		h    http.Handler
		want []string // parts of the error, in order; none if it is ready
	}{
		{"ready", Handler(well, atNoon), nil},
		{"not ready", Handler(ill, atNoon),
			[]string{"is not ready:\n  discord refuses", "\n  slack refuses"}},
		{"another program", answer(200, "<html>welcome"),
			[]string{"not as tensionwatch does", "[web] listen"}},
		{"other JSON", answer(200, "{}"), []string{"not as tensionwatch does"}},
		{"a redirect", answer(302, `{"ready":true,"reasons":[]}`), []string{"status 302"}},
		{"endless", answer(200, strings.Repeat(" ", maxReport)+`{"ready":true}`), []string{"not as"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.h)
			defer server.Close()
			err := Check(t.Context(), server.URL)
			if (err == nil) != (test.want == nil) {
				t.Fatalf("got %v", err)
			}
			for _, part := range test.want {
				if _, rest, ok := strings.Cut(err.Error(), part); !ok {
					t.Errorf("%q lacks %q (then %q)", err, part, rest)
				}
			}
		})
	}
}

func TestCheckNobody(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	address := strings.Replace(server.URL, "http://", "http://bot:hunter2@", 1)
	err := Check(t.Context(), address)
	if err == nil || !strings.Contains(err.Error(), "connection refused") ||
		!strings.Contains(err.Error(), "is tensionwatch running") ||
		strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}
