package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// passLimit is how long a stage may go without ending a pass.
const passLimit = 5 * time.Minute

// Health collects what the stages and the platforms report of themselves. The zero value knows of
// nothing and is ready. It is safe for concurrent use.
type Health struct {
	mu      sync.Mutex
	stages  map[string]pass
	refused map[string]string // by platform: what it said
}

// pass is how a stage's last one ended.
type pass struct {
	ended  time.Time
	failed bool
}

// Expect says that a stage has begun its work at that time: from then on it must end passes.
func (h *Health) Expect(stage string, at time.Time) { h.note(stage, pass{ended: at}) }

// Beat says that a stage has ended a pass. The error is the store's; anything else that goes wrong
// in a pass is no matter of health.
func (h *Health) Beat(stage string, at time.Time, err error) {
	h.note(stage, pass{ended: at, failed: err != nil})
}

func (h *Health) note(stage string, p pass) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stages == nil {
		h.stages = make(map[string]pass)
	}
	h.stages[stage] = p
}

// Refused says that a platform does not take our token, and in which words. They are shown to
// whoever asks, and must not hold the token.
func (h *Health) Refused(platform, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refused == nil {
		h.refused = make(map[string]string)
	}
	h.refused[platform] = reason
}

// Accepted says that a platform takes our token.
func (h *Health) Accepted(platform string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.refused, platform)
}

// Report is the answer to "are you ready?".
type Report struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons"` // why not, each with what to do about it; never nil
}

// Report weighs at the time now what was reported. The order of the reasons depends on nothing but
// what they are about: the store, then the stages and the platforms by name.
func (h *Health) Report(now time.Time) Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	reasons := []string{}
	if failing := h.failing(); len(failing) > 0 {
		reasons = append(reasons, fmt.Sprintf("the store fails (%s): the log says why; "+
			"look at [store] url and at the space left on its disk", strings.Join(failing, ", ")))
	}
	for _, stage := range slices.Sorted(maps.Keys(h.stages)) {
		if last := h.stages[stage].ended; now.Sub(last) >= passLimit {
			reasons = append(reasons, fmt.Sprintf("%s has not ended a pass since %s: "+
				"the log says what it was doing; if it hangs, restart tensionwatch",
				stage, last.UTC().Format(time.RFC3339)))
		}
	}
	for _, platform := range slices.Sorted(maps.Keys(h.refused)) {
		reasons = append(reasons, fmt.Sprintf("%s refuses our token (%s): "+
			"put a valid one into [%s] and restart tensionwatch",
			platform, h.refused[platform], platform))
	}
	return Report{Ready: len(reasons) == 0, Reasons: reasons}
}

// failing names the stages whose last pass the store made fail. The errors themselves stay in the
// log: whoever can reach the port can read a report.
func (h *Health) failing() (stages []string) {
	for _, stage := range slices.Sorted(maps.Keys(h.stages)) {
		if h.stages[stage].failed {
			stages = append(stages, stage)
		}
	}
	return stages
}
