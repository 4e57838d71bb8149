package manners

import "time"

const (
	// fewestHosts is the least number of hosts that must be out of reach before we suspect
	// ourselves: two sites may well be down at once.
	fewestHosts = 3

	// lookBack is how long a host's last answer says something about the present.
	lookBack = 30 * time.Second
)

// Weather tells our own outage from that of the feeds: when most of the hosts asked lately are out
// of reach, the hosts are not to blame. The zero value is ready.
type Weather struct {
	hosts  map[string]sighting
	tidied time.Time
}

// sighting is how a host was last found.
type sighting struct {
	at      time.Time
	reached bool
}

// Note takes in whether a host was reached; any answer is one.
func (w *Weather) Note(host string, reached bool, at time.Time) {
	if w.hosts == nil {
		w.hosts = make(map[string]sighting)
	}
	w.hosts[host] = sighting{at, reached}
	if at.Sub(w.tidied) < 4*lookBack {
		return
	}
	w.tidied = at
	for name, s := range w.hosts {
		if at.Sub(s.at) > 4*lookBack {
			delete(w.hosts, name)
		}
	}
}

// Ours reports whether a failure at a time is our own: of the hosts asked since shortly before it,
// at least three and more than half are out of reach.
func (w *Weather) Ours(failed time.Time) bool {
	lost, all := 0, 0
	for _, s := range w.hosts {
		if s.at.Before(failed.Add(-lookBack)) {
			continue
		}
		all++
		if !s.reached {
			lost++
		}
	}
	return lost >= fewestHosts && 2*lost > all
}

// Reached reports whether any host was reached shortly before a time, or since.
func (w *Weather) Reached(at time.Time) bool {
	for _, s := range w.hosts {
		if s.reached && !s.at.Before(at.Add(-lookBack)) {
			return true
		}
	}
	return false
}
