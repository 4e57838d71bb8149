package team

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
)

const (
	permitTime = 5 * time.Minute // for as long an answer of Slack's about somebody is believed
	maxPeople  = 5000
	admins     = "admins" // in Editors
)

// people remembers who may change things.
type people struct {
	mu    sync.Mutex
	known map[string]permit
}

type permit struct {
	refusal string // empty: they may
	at      time.Time
}

func newPeople() *people { return &people{known: make(map[string]permit)} }

// Permit lets full members of the workspace change things, or those of them that the settings name.
func (t *Team) Permit(ctx context.Context, user string) error {
	t.people.mu.Lock()
	known, ok := t.people.known[user]
	t.people.mu.Unlock()
	if !ok || time.Since(known.at) > permitTime {
		refusal, err := t.judge(ctx, user)
		if err != nil {
			return fmt.Errorf("asking Slack who you are: %w", err)
		}
		known = permit{refusal, time.Now()}
		t.people.mu.Lock()
		if len(t.people.known) >= maxPeople {
			clear(t.people.known)
		}
		t.people.known[user] = known
		t.people.mu.Unlock()
	}
	if known.refusal != "" {
		return &bot.Refusal{Needs: known.refusal}
	}
	return nil
}

// judge asks Slack what somebody is, and returns what is needed beyond that.
func (t *Team) judge(ctx context.Context, id string) (refusal string, err error) {
	me, err := t.Me(ctx)
	if err != nil {
		return "", err
	}
	var u *slack.User
	err = t.ask(ctx, func(ctx context.Context) (err error) {
		u, err = t.api.GetUserInfoContext(ctx, id)
		return err
	})
	if errors.Is(err, bot.ErrGone) || api.Is(err, "user_not_visible") {
		return needsMember, nil
	}
	if err != nil {
		return "", err
	}
	if !member(u, me.TeamID) {
		return needsMember, nil
	}
	return t.editor(ctx, u)
}

const needsMember = "Only full members of this workspace may change what I do: guests and people " +
	"of other organisations may look, and ask a member to change it."

// member reports whether somebody is a full member of a workspace.
func member(u *slack.User, team string) bool {
	home := cmp.Or(u.TeamID, team) == team || slices.Contains(u.Enterprise.Teams, team)
	return home && !u.Deleted && !u.IsBot && !u.IsRestricted && !u.IsUltraRestricted && !u.IsStranger
}

// editor returns what a member needs to be one of those that the settings name.
func (t *Team) editor(ctx context.Context, u *slack.User) (refusal string, err error) {
	if len(t.Editors) == 0 {
		return "", nil
	}
	for _, e := range t.Editors {
		switch {
		case e == u.ID, e == admins && (u.IsAdmin || u.IsOwner || u.IsPrimaryOwner):
			return "", nil
		case strings.HasPrefix(e, "S"):
			var ids []string
			err := t.ask(ctx, func(ctx context.Context) (err error) {
				ids, err = t.api.GetUserGroupMembersContext(ctx, e)
				return err
			})
			if api.Is(err, "no_such_subteam", "subteam_not_found") {
				continue // a group of another workspace
			}
			if err != nil {
				return "", err
			}
			if slices.Contains(ids, u.ID) {
				return "", nil
			}
		}
	}
	return "Here only " + t.editors() + " may change what I do. Ask one of them, or whoever " +
		"installed me to add you to editors in [slack].", nil
}

// editors names those who may change things.
func (t *Team) editors() string {
	var words []string
	for _, e := range t.Editors {
		switch {
		case e == admins:
			words = append(words, "administrators")
		case strings.HasPrefix(e, "S"):
			words = append(words, "members of the group "+e)
		}
	}
	if slices.ContainsFunc(t.Editors, func(e string) bool { return !strings.HasPrefix(e, "S") && e != admins }) {
		words = append(words, "certain people")
	}
	return strings.Join(words, ", ")
}
