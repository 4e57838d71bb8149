package manners

import "time"

const (
	leastPause = 10 * time.Millisecond // a server that is quicker than that needs none
	maxPause   = time.Second           // between requests to a host that answers
	firstPause = time.Second           // after one that has too much to do
	mostPause  = 10 * time.Second      // however often it says so
)

// Pace keeps the requests to one host apart: a host that is asked by several workers at once gets
// their requests one after the other, spread over the time that it took for its last answer, and not
// all in the same moment. So a server is asked at the speed at which it works, and nobody has to
// set one; crawlers have gone by the time of an answer since Mercator (Heydon and Najork, 1999). A
// host that says that it has too much to do is left alone for a second, twice as long each time it
// says so again. The zero value is ready.
type Pace struct {
	hosts map[string]*gait
}

type gait struct {
	next     time.Time     // no request starts before
	pause    time.Duration // between two starts
	strained int           // times in a row that it had too much to do
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

// Done takes in how long an answer took of a host that is asked by so many workers at once, and
// whether it has too much to do.
func (p *Pace) Done(host string, took time.Duration, workers int, strained bool, now time.Time) {
	if p.hosts == nil {
		p.hosts = make(map[string]*gait)
	}
	p.forget(now)
	g := p.hosts[host]
	if g == nil {
		g = new(gait)
		p.hosts[host] = g
	}
	if !strained {
		g.strained, g.pause = 0, min(took/time.Duration(max(workers, 1)), maxPause)
		if g.pause < leastPause {
			g.pause = 0
		}
		return
	}
	g.strained++
	g.pause = min(firstPause<<min(g.strained-1, 5), mostPause)
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
