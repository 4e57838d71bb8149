package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

const (
	// A client must send its request, and read the answer, in these times: whoever is slower on
	// purpose would hold connections open.
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = time.Minute

	// maxHeader bounds the header of a request in bytes.
	maxHeader = 16 << 10

	// farewell is how long requests in hand may take when the program ends.
	farewell = 5 * time.Second
)

// Serve answers at the address listen, host:port, until ctx ends; requests in hand are finished
// then. If listen is empty it returns at once. The error says what to do about it.
func Serve(ctx context.Context, listen string, h http.Handler, log *slog.Logger) error {
	if listen == "" {
		return nil
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", listen)
	switch {
	case err == nil:
		return serve(ctx, l, h, log)
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("another program listens on %s: set [web] listen to a free address, "+
			`or to "" to listen nowhere: %w`, listen, err)
	}
	return fmt.Errorf("listening on %q: set [web] listen to an address of this machine, "+
		"like 127.0.0.1:8080: %w", listen, err)
}

// serve is [Serve] with the listener open. It closes it.
func serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	log.Info("answering over HTTP", "listen", l.Addr().String())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving HTTP on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		log.Warn("a request was broken off", "err", errors.Join(err, server.Close()))
	}
	<-ended
	return nil
}
