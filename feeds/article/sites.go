package article

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// What is kept in memory of the sites that were asked, and for how long.
const (
	maxSites  = 1024
	maxWeight = 4 << 20          // bytes of rules
	fresh     = 24 * time.Hour   // as long as the RFC allows
	stale     = 10 * time.Minute // until a robots.txt that could not be read is asked for again
)

// site is one scheme, host and port.
type site struct {
	origin string
	turn   chan struct{} // holds one while robots.txt is looked up

	// Of whoever has the turn.
	said  robots
	known bool      // said was read, not assumed
	why   error     // why it could not be read the last time
	until time.Time // when to read it again

	// Of the lock of sites.
	next   time.Time // when the next page may be asked for
	weight int
}

// sites remembers the sites asked most recently. The zero value is empty.
type sites struct {
	mu     sync.Mutex
	at     map[string]*list.Element
	recent list.List // of *site, the most recent first
	weight int
}

// of returns the site of an address.
func (s *sites) of(u *url.URL) *site {
	origin := u.Scheme + "://" + strings.ToLower(u.Host)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.at[origin]; ok {
		s.recent.MoveToFront(e)
		return e.Value.(*site)
	}
	if s.at == nil {
		s.at = make(map[string]*list.Element)
	}
	one := &site{origin: origin, turn: make(chan struct{}, 1)}
	s.at[origin] = s.recent.PushFront(one)
	s.trim()
	return one
}

// weigh notes how much a site holds now.
func (s *sites) weigh(one *site, weight int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.at[one.origin]; e == nil || e.Value != one {
		return // forgotten meanwhile
	}
	s.weight += weight - one.weight
	one.weight = weight
	s.trim()
}

// trim forgets the sites that were asked longest ago, never the last one.
func (s *sites) trim() {
	for s.recent.Len() > 1 && (s.recent.Len() > maxSites || s.weight > maxWeight) {
		oldest := s.recent.Remove(s.recent.Back()).(*site)
		delete(s.at, oldest.origin)
		s.weight -= oldest.weight
	}
}

// book reserves the next time at which a page of a site may be asked for, unless that is after the
// deadline.
func (s *sites) book(one *site, gap time.Duration, deadline time.Time) (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at = time.Now()
	if one.next.After(at) {
		at = one.next
	}
	if at.After(deadline) {
		return at, false
	}
	one.next = at.Add(gap)
	return at, true
}

// admit returns when a page may be asked for: its site's robots.txt allows it and its turn has
// come. A turn that would come too late is not waited for.
func (r *Reader) admit(ctx context.Context, u *url.URL) error {
	one := r.sites.of(u)
	said, err := r.robots(ctx, one)
	if err != nil {
		return err
	}
	if !said.allows(u) {
		return fmt.Errorf("robots.txt of %s does not allow us this page", u.Host)
	}
	deadline, _ := ctx.Deadline() // Text has set one
	at, ok := r.sites.book(one, max(r.set.Gap, said.delay), deadline)
	if !ok {
		return fmt.Errorf("%s wants to be asked more slowly than we have time for", u.Host)
	}
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// robots returns what a site's robots.txt says. One caller reads it, the others wait.
func (r *Reader) robots(ctx context.Context, one *site) (robots, error) {
	select {
	case one.turn <- struct{}{}:
		defer func() { <-one.turn }()
	case <-ctx.Done():
		return robots{}, ctx.Err()
	}
	if time.Now().After(one.until) {
		said, err := r.readRobots(ctx, one.origin)
		if ctx.Err() != nil {
			return robots{}, ctx.Err() // our own end says nothing about the site
		}
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("no complete answer within %s", r.set.Timeout/2)
		}
		one.why, one.until = err, time.Now().Add(stale)
		if err == nil {
			one.said, one.known, one.until = said, true, time.Now().Add(fresh)
			r.sites.weigh(one, said.weight())
		}
	}
	if !one.known { // unreachable is closed; what it said before still holds
		return closed, fmt.Errorf("without its robots.txt no page of a site is read: %w", one.why)
	}
	return one.said, nil
}

// readRobots reads a robots.txt. A site that has none, or that leads us in a circle, allows
// everything; one that fails, or that says it is asked too often, is an error.
func (r *Reader) readRobots(ctx context.Context, origin string) (robots, error) {
	u, err := url.Parse(origin + "/robots.txt")
	if err != nil {
		return robots{}, errors.New("the page's address cannot be read")
	}
	ctx, cancel := context.WithTimeout(ctx, r.set.Timeout/2) // leave some for the page
	defer cancel()
	resp, err := r.follow(ctx, u, func(context.Context, *url.URL) error { return nil })
	if errors.Is(err, errHops) {
		return robots{}, nil
	}
	if err != nil {
		return robots{}, err
	}
	defer resp.Body.Close()
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
	case code >= 400 && code < 500 && code != http.StatusTooManyRequests:
		return robots{}, nil
	default:
		return robots{}, fmt.Errorf("its server answers %d %s", code, http.StatusText(code))
	}
	text, err := receive(resp, maxRobots)
	if err != nil {
		return robots{}, err
	}
	return parseRobots(text), nil
}
