// Command plain polls the feeds of a list with gofeed and nothing else, as a small bot does: every
// body is read, and items are looked up in a map. For each line on its standard input it makes a
// pass, and prints what that took.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mmcdole/gofeed"
)

const workers = 16

// feed is an address, and what is known of it.
type feed struct {
	url, etag string
	seen      map[string]bool
}

func main() {
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
}

func run(list string, in io.Reader, out io.Writer) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var feeds []*feed
	for url := range strings.FieldsSeq(string(text)) {
		feeds = append(feeds, &feed{url: url, seen: map[string]bool{}})
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		before, began := spent(), time.Now()
		fresh, err := pass(feeds)
		if err != nil {
			return err
		}
		err = json.NewEncoder(out).Encode(map[string]any{
			"Fresh": fresh, "CPU": spent() - before, "Wall": time.Since(began),
		})
		if err != nil {
			return err
		}
	}
	return lines.Err()
}

// spent is the processor time that this process took so far.
func spent() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // the arguments are right
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// pass polls all feeds and returns how many items are new.
func pass(feeds []*feed) (fresh int, err error) {
	// A pass begins without connections, as that of a program that ends in between does.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		DisableCompression: true}, Timeout: time.Minute}
	todo := make(chan *feed)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for f := range todo {
				n, e := f.poll(client)
				mu.Lock()
				fresh, err = fresh+n, errors.Join(err, e)
				mu.Unlock()
			}
		})
	}
	for _, f := range feeds {
		todo <- f
	}
	close(todo)
	group.Wait()
	return fresh, err
}

// poll asks for a feed and returns how many of its items are new.
func (f *feed) poll(client *http.Client) (fresh int, err error) {
	req, err := http.NewRequest("GET", f.url, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if f.etag != "" {
		req.Header.Set("If-None-Match", f.etag)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotModified {
		return 0, nil
	}
	packed, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	body, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return 0, err
	}
	parsed, err := gofeed.NewParser().Parse(body)
	if err != nil {
		return 0, err
	}
	f.etag = resp.Header.Get("ETag")
	for _, item := range parsed.Items {
		if !f.seen[item.GUID] {
			f.seen[item.GUID] = true
			fresh++
		}
	}
	return fresh, nil
}
