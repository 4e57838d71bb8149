// Command server serves feeds of invented news on loopback addresses, one address for each of many
// hosts. Its first line of output says where, as JSON; it ends when its standard input does.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/bench/news"
)

func main() {
	feeds := flag.Int("feeds", 1000, "how many feeds to serve")
	hosts := flag.Int("hosts", 1000, "on how many addresses, at most; where a system has only "+
		"127.0.0.1 say 1")
	seed := flag.Uint64("seed", 1, "what the news is drawn by")
	flag.Parse()
	if err := run(*feeds, min(*hosts, *feeds), *seed); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

// run serves until standard input ends.
func run(feeds, hosts int, seed uint64) error {
	listeners, err := listen(hosts)
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	site := newSite(feeds, listeners[0].Addr().(*net.TCPAddr).Port, hosts,
		news.Press{Seed: seed, At: time.Now()})
	site.print(0, true)
	for _, l := range listeners {
		go serve(l, site)
	}
	go serve(control, site.control())
	said := map[string]any{"control": "http://" + control.Addr().String(), "feeds": site.addresses()}
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// serve answers on one address for as long as the process lives.
func serve(l net.Listener, h http.Handler) {
	err := (&http.Server{Handler: h, ReadHeaderTimeout: time.Minute}).Serve(l)
	fmt.Fprintln(os.Stderr, "server:", err)
}

// listen listens on as many addresses of the loopback network, on one port.
func listen(hosts int) ([]net.Listener, error) {
	var listeners []net.Listener
	port := 0
	for i := range hosts {
		l, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host(i), port))
		if err != nil {
			return nil, err
		}
		port = l.Addr().(*net.TCPAddr).Port
		listeners = append(listeners, l)
	}
	return listeners, nil
}

// host is the address of a host: 127.0.0.1, or one of 127.1.0.0/16 for all but the first.
func host(i int) string {
	if i == 0 {
		return "127.0.0.1"
	}
	return fmt.Sprintf("127.1.%d.%d", i/250, i%250+1)
}
