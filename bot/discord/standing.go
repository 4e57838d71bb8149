package discord

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
)

// standing is what is wrong between Discord and us: as long as anything is, it refuses us.
type standing struct {
	said bot.Standing // may be nil

	mu    sync.Mutex
	wrong map[string]string // by what it is wrong with
	told  *string
	stop  context.CancelCauseFunc // of Serve; nil unless it runs
}

// hear takes notice of the outcome of anything that was asked.
func (s *standing) hear(err error) {
	var refused *api.Refused
	switch {
	case err == nil:
		s.set("token", "")
	case errors.As(err, &refused):
		s.refuse(refused)
	}
}

// refuse takes notice that there is no going on.
func (s *standing) refuse(r *api.Refused) {
	s.set("token", r.Reason)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop(r)
	}
}

// serve says what ends when we are refused.
func (s *standing) serve(stop context.CancelCauseFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
}

// set says what is wrong with something; empty: nothing any more.
func (s *standing) set(what, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wrong == nil {
		s.wrong = make(map[string]string)
	}
	s.wrong[what] = reason
	var lines []string
	for _, what := range slices.Sorted(maps.Keys(s.wrong)) {
		if s.wrong[what] != "" {
			lines = append(lines, fmt.Sprintf("%s: %s", what, s.wrong[what]))
		}
	}
	whole := strings.Join(lines, "; ")
	if s.said == nil || s.told != nil && *s.told == whole {
		return
	}
	s.told = &whole
	if whole == "" {
		s.said.Accepted(name)
	} else {
		s.said.Refused(name, whole)
	}
}
