package manners

import "time"

const (
	maxPause   = time.Second      // between requests to a host that answers
	firstPause = time.Second      // after one that is overloaded or out of reach
	mostPause  = 10 * time.Second // however often it fails
)

// Pace keeps the requests to one host apart: two never start closer together than the host took
// for its last answer. So a server is asked at the speed at which it works, and nobody has to set
// one; crawlers have gone by a multiple of that time since Mercator (Heydon and Najork, 1999). A
// host in trouble is left alone for a second, twice as long after each further failure. The zero
// value is ready.
type Pace struct {
	hosts map[string]*gait
}

type gait struct {
	next    time.Time     // no request starts before
	pause   time.Duration // between two starts
	trouble int           // failures in a row
}

// Ready returns when a request to the host may start, which may be past.
func (p *Pace) Ready(host string) time.Time {
	if g := p.hosts[host]; g != nil {
		return g.next
	}
	return time.Time{}
}

// Start takes in that a request to the host starts now.
func (p *Pace) Start(host string, now time.Time) {
	if g := p.hosts[host]; g != nil {
		g.next = Later(g.next, now.Add(g.pause))
	}
}

// Done takes in how long an answer took, and whether the host is in trouble.
func (p *Pace) Done(host string, took time.Duration, trouble bool, now time.Time) {
	if p.hosts == nil {
		p.hosts = make(map[string]*gait)
	}
	p.forget(now)
	g := p.hosts[host]
	if g == nil {
		g = new(gait)
		p.hosts[host] = g
	}
	if !trouble {
		g.trouble, g.pause = 0, min(took, maxPause)
		return
	}
	g.trouble++
	g.pause = min(firstPause<<min(g.trouble-1, 5), mostPause)
	g.next = now.Add(g.pause)
}

// forget drops hosts that may be asked anyway, once there are many. What is lost is a pause of a
// host that nobody has asked for a while.
func (p *Pace) forget(now time.Time) {
	const many = 1024
	if len(p.hosts) < many {
		return
	}
	for host, g := range p.hosts {
		if now.Sub(g.next) > mostPause {
			delete(p.hosts, host)
		}
	}
}
