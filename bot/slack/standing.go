package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
	"github.com/tensionwatch/tensionwatch/bot/slack/team"
)

// standing is what is wrong with our tokens. As long as anything is, Slack as a whole refuses us: one
// workspace that is well does not hide another that is not.
type standing struct {
	said bot.Standing // may be nil

	mu      sync.Mutex
	wrong   map[any]string // by what it is wrong with: a *team.Team, or a name
	refused map[*team.Team]*api.Refused
	told    *string
	changed chan struct{} // closed when a token was refused
}

// hear takes notice of the outcome of anything that was asked of a workspace.
func (s *standing) hear(t *team.Team, err error) {
	var refused *api.Refused
	isRefusal := errors.As(err, &refused)
	if err != nil && !isRefusal {
		return // it says nothing about the token
	}
	reason := ""
	s.mu.Lock()
	if s.refused == nil {
		s.refused = make(map[*team.Team]*api.Refused)
	}
	if delete(s.refused, t); isRefusal {
		s.refused[t] = refused
		reason = refused.Error()
	}
	s.mu.Unlock()
	s.set(t, reason)
}

// set says what is wrong with something; empty: nothing any more.
func (s *standing) set(what any, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wrong == nil {
		s.wrong = make(map[any]string)
	}
	if reason == "" {
		delete(s.wrong, what)
	} else {
		s.wrong[what] = reason
		if s.changed != nil {
			close(s.changed)
			s.changed = nil
		}
	}
	var lines []string
	for what, reason := range s.wrong {
		if t, ok := what.(*team.Team); ok {
			what = cmp.Or(t.Name(), "the workspace")
		}
		lines = append(lines, fmt.Sprintf("%v: %s", what, reason))
	}
	slices.Sort(lines)
	whole := strings.Join(lines, "; ")
	if s.told != nil && *s.told == whole || s.said == nil {
		return
	}
	s.told = &whole
	if whole == "" {
		s.said.Accepted(name)
	} else {
		s.said.Refused(name, whole)
	}
}

// wait stops everything once all of n workspaces have refused our token.
func (s *standing) wait(ctx context.Context, n int, stop context.CancelCauseFunc) {
	for {
		s.mu.Lock()
		for _, refused := range s.refused {
			if len(s.refused) == n {
				s.mu.Unlock()
				stop(refused)
				return
			}
		}
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
