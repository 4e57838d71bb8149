// Package team is one workspace, and what a bot does there with one token: it posts, answers, opens
// windows, and asks who somebody is.
//
// Everything is asked through slack-go; what comes of it is said in the words of [bot.Platform].
package team

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot/slack/api"
)

// Config is what a team needs.
type Config struct {
	ID       string // "T0123"; empty: asked of Slack
	BotToken string
	BaseURL  string // of the Web API, with a slash at its end
	HTTP     *http.Client
	Hosts    []string // where answers may be sent
	Editors  []string // who may change things: users, groups or "admins"; empty: members

	// Hear is called with what came of asking Slack; nil is a success.
	Hear func(*Team, error)
	Log  *slog.Logger
}

// Team is a workspace that the app is installed in. It is safe for concurrent use.
type Team struct {
	Config
	api    *slack.Client
	people *people

	asking sync.Mutex
	me     atomic.Pointer[slack.AuthTestResponse]
}

// New makes a team. It asks Slack nothing yet.
func New(c Config) *Team {
	return &Team{
		Config: c, api: api.NewClient(c.HTTP, c.BotToken, "", c.BaseURL), people: newPeople(),
	}
}

// Me is who the bot is in the workspace, asked once.
func (t *Team) Me(ctx context.Context) (*slack.AuthTestResponse, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	if me := t.me.Load(); me != nil {
		return me, nil
	}
	var me *slack.AuthTestResponse
	err := t.ask(ctx, func(ctx context.Context) (err error) {
		me, err = t.api.AuthTestContext(ctx)
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("asking Slack who we are: %w", err)
	case t.ID != "" && t.ID != me.TeamID:
		return nil, fmt.Errorf("the bot_token of the workspace %s is one of %s", t.ID, me.TeamID)
	}
	t.me.Store(me)
	return me, nil
}

// known is the identity if it was asked already, else an empty one.
func (t *Team) known() slack.AuthTestResponse {
	if me := t.me.Load(); me != nil {
		return *me
	}
	return slack.AuthTestResponse{}
}

// Name is the workspace's ID, as far as it is known.
func (t *Team) Name() string { return cmp.Or(t.ID, t.known().TeamID) }

// BotName is what the bot is called there, as far as it is known.
func (t *Team) BotName() string { return cmp.Or(t.known().User, "tensionwatch") }

// ask asks Slack, again when it wants us to wait and there is time. What it says of our token is
// passed on.
func (t *Team) ask(ctx context.Context, f func(context.Context) error) error {
	err := api.Patiently(ctx, f)
	t.hear(err)
	return err
}

func (t *Team) hear(err error) {
	if t.Hear != nil {
		t.Hear(t, err)
	}
}
