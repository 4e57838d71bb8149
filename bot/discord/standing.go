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
	over  bool                    // refused: what is taken later does not make us listen again
}

// hear takes notice of the outcome of anything that was asked.
func (s *standing) hear(err error) {
	var refused *api.Refused
	switch {
	case err == nil:
		s.accept()
	case errors.As(err, &refused):
		s.refuse(refused)
	}
}

// accept takes notice that our token is taken.
func (s *standing) accept() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.note("token", "")
	}
}

// refuse takes notice that there is no going on.
func (s *standing) refuse(r *api.Refused) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.note("token", r.Reason)
	if s.stop != nil {
		s.stop(r)
	}
}

// serve says what ends when we are refused.
func (s *standing) serve(stop context.CancelCauseFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop = stop
	if stop != nil {
		s.over = false
	}
}

// set says what is wrong with something; empty: nothing any more.
func (s *standing) set(what, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(what, reason)
}

// note is [standing.set] with the lock held.
func (s *standing) note(what, reason string) {
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
