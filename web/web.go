// Package web answers over HTTP: whether the program is alive and whether it is ready. It also lends
// its address to the platforms that call us.
package web

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// Settings is the [web] section of the config.
type Settings struct {
	Listen    string // host:port; if empty, nothing listens
	Token     string // asked of whoever looks at the dashboard
	PublicURL string // how people reach the dashboard; links in messages begin with it
}

// DefaultSettings are the settings of a config that says nothing.
func DefaultSettings() Settings { return Settings{Listen: "127.0.0.1:8080"} }

// Hook is a path on which a platform calls us.
type Hook struct {
	Path    string // "/slack/events"
	Handler http.Handler
}

// Handler answers /healthz (200 as long as the process lives), /readyz (200 or 503, with a [Report]
// as JSON) and the hooks. Now is the clock by which the stages report to h.
func Handler(h *Health, now func() time.Time, hooks ...Hook) http.Handler {
	mux := http.NewServeMux()
	for _, hook := range hooks {
		mux.Handle(hook.Path, hook.Handler)
	}
	mux.Handle("/healthz", readOnly(func(w http.ResponseWriter, _ *http.Request) {
		page(w, http.StatusOK, "ok\n")
	}))
	mux.Handle("/readyz", readOnly(func(w http.ResponseWriter, _ *http.Request) {
		ready(w, h.Report(now()))
	}))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		page(w, http.StatusNotFound, "nothing is here; there are /healthz and /readyz\n")
	})
	return guarded(mux)
}

// guarded tells browsers and proxies to neither guess nor keep an answer.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
	})
}

// readOnly refuses every method but GET and HEAD.
func readOnly(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			page(w, http.StatusMethodNotAllowed, "this can only be read: use GET\n")
			return
		}
		h(w, r)
	})
}

func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, text)
}

func ready(w http.ResponseWriter, r Report) {
	status := http.StatusOK
	if !r.Ready {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(r) // fails only if nobody reads it
}
