// Package api asks Slack, and says what its answers mean.
//
// Everything that goes to Slack goes through [NewHTTPClient]. What an error of it says about what
// was asked is [Meaning], a function of the error alone. No error holds a token or the address of
// a response: these are secrets.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
)

const (
	// unsaidAfter is how long we wait when Slack asks us to and does not say how long.
	unsaidAfter = 10 * time.Second

	// MendAfter is how long a post waits for a token to be mended: nothing is lost meanwhile.
	MendAfter = 5 * time.Minute

	// crowdedAfter is how long a post waits when the workspace as a whole writes too much.
	crowdedAfter = time.Minute
)

var (
	// ErrBlocks says that Slack could not make anything of the blocks. The text may do.
	ErrBlocks = errors.New("the layout of the message is not taken")

	// ErrScope says that the app was not given a permission.
	ErrScope = errors.New("the app lacks a permission")

	// ErrThread says that there is no replying to the message that was replied to.
	ErrThread = errors.New("the message that this replies to is gone or locked")
)

// Refused says that Slack takes our token no more.
type Refused struct{ Code string }

func (r *Refused) Error() string { return r.Code + ": " + refusals[r.Code] }

// refusals are the errors that no other request will do without, and what to do.
var refusals = map[string]string{
	"invalid_auth":           "the token is not valid",
	"not_authed":             "no token was sent",
	"token_revoked":          "the token was revoked: install the app anew and use its new token",
	"token_expired":          "the token has expired: install the app anew without token rotation",
	"account_inactive":       "the app was removed or its account deactivated: install it anew",
	"app_uninstalled":        "the app was removed from the workspace: install it anew",
	"not_allowed_token_type": "this is the wrong kind of token: bots' begin with xoxb-, apps' with xapp-",
	"org_login_required":     "the workspace is being moved to an organisation",
	"team_access_not_granted": "the app is not allowed in this workspace: " +
		"an administrator must add it",
}

// departures are the errors that mean [bot.ErrGone], in words for people.
var departures = map[string]string{
	"channel_not_found":   "there is no such channel, or it is private and we are not in it",
	"channel_is_archived": "the channel is archived",
	"is_archived":         "the channel is archived",
	"is_inactive":         "the channel is not in use any more",
	"not_in_channel":      "we are not in the channel",
	"user_not_found":      "there is no such person",
	"user_disabled":       "the person's account is deactivated",
	"cannot_dm_bot":       "it is a conversation with another bot",
	"team_not_found":      "there is no such workspace",
}

// prohibitions are errors of a message that can never be posted as things are, and what to do.
var prohibitions = map[string]string{
	"restricted_action": "the workspace does not let the app post there: an administrator must " +
		"allow it in the channel's posting permissions",
	"restricted_action_read_only_channel": "the channel is read-only: an administrator must " +
		"let the app post there",
	"restricted_action_thread_only_channel": "the channel takes replies only",
	"restricted_action_non_threadable_channel": "the channel takes no replies: an administrator " +
		"must allow threads",
	"messages_tab_disabled": "the app's messages tab is off: turn it on in the app's settings " +
		"(App Home)",
	"channel_type_not_supported": "Slack does not let apps post in this kind of channel",
	"ekm_access_denied":          "the workspace's administrators have suspended access to messages",
	"no_permission":              "the token may not do this: install the app anew from its manifest",
	"message_not_found":          "the message was deleted",
	"cant_update_message":        "somebody else wrote the message",
	"edit_window_closed":         "the workspace does not let messages be changed so late",
}

// passing are the errors that pass; those marked true may come after the request was done.
var passing = map[string]bool{
	"internal_error": true, "fatal_error": true, "request_timeout": true,
	"service_unavailable": false, "team_added_to_org": false, "accesslimited": false,
}

// Meaning tells, in the terms of [bot.Platform], what an error says about a post. It returns nil
// for nil. A *[Refused] is in a *[bot.RetryError].
func Meaning(err error) error {
	var status *Status
	var answer slack.SlackErrorResponse
	var left *unsent
	switch {
	case err == nil:
		return nil
	case errors.As(err, &status):
		return meaningOfStatus(status)
	case errors.As(err, &answer):
		return meaningOfAnswer(answer)
	case errors.As(err, &left):
		return &bot.RetryError{Err: plain(err)}
	}
	// It left, and what came back, if anything, was not Slack's.
	return fmt.Errorf("%w: %w", bot.ErrUncertain, plain(err))
}

// meaningOfStatus: a server that cannot serve has done nothing, but one that broke down, or did not
// hear from the one behind it, may have done it first.
func meaningOfStatus(s *Status) error {
	switch {
	case s.Code == http.StatusTooManyRequests:
		after := s.After
		if after == 0 {
			after = unsaidAfter
		}
		return &bot.RetryError{After: after, Err: fmt.Errorf("%w: %w", bot.ErrLimited, s)}
	case s.Code == http.StatusServiceUnavailable, s.Code < http.StatusInternalServerError:
		// Slack's own errors come with a 200: any other is of something that stands before it.
		return &bot.RetryError{After: s.After, Err: s}
	}
	return fmt.Errorf("%w: %w", bot.ErrUncertain, s)
}

func meaningOfAnswer(a slack.SlackErrorResponse) error {
	code := a.Err
	after, passes := passing[code]
	switch {
	case refusals[code] != "":
		return &bot.RetryError{After: MendAfter, Err: &Refused{code}}
	case departures[code] != "":
		return fmt.Errorf("%w: %s (%w)", bot.ErrGone, departures[code], a)
	case prohibitions[code] != "":
		return fmt.Errorf("%s (%w)", prohibitions[code], a)
	case code == "missing_scope":
		return missingScope(a)
	case code == "message_limit_exceeded":
		return &bot.RetryError{After: crowdedAfter, Err: errors.New("the workspace has sent too " +
			"many messages (" + code + ")")}
	case passes && after:
		return fmt.Errorf("%w: Slack answered %s", bot.ErrUncertain, code)
	case passes:
		return &bot.RetryError{Err: errors.New("Slack answered " + code)}
	case strings.HasPrefix(code, "invalid_blocks"), code == "msg_blocks_too_long":
		return fmt.Errorf("%w (%s%s)", ErrBlocks, code, details(a))
	case code == "cannot_reply_to_message", code == "thread_not_found",
		code == "restricted_action_thread_locked":
		return fmt.Errorf("%w (%s)", ErrThread, code)
	}
	return fmt.Errorf("refused by Slack: %w%s", a, details(a))
}

// missingScope says which permission the app was not given.
func missingScope(a slack.SlackErrorResponse) error {
	if a.Needed == "" {
		return fmt.Errorf("%w (missing_scope): install it anew from its manifest", ErrScope)
	}
	return fmt.Errorf("%w: %s (missing_scope); install it anew from its manifest", ErrScope, a.Needed)
}

func details(a slack.SlackErrorResponse) string {
	if len(a.ResponseMetadata.Messages) == 0 {
		return ""
	}
	return ": " + strings.Join(a.ResponseMetadata.Messages, "; ")
}

// plain is the error without the address that net/http adds: that of a response is a secret.
func plain(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// Is reports whether an error is Slack's answer with one of these codes.
func Is(err error, codes ...string) bool {
	var answer slack.SlackErrorResponse
	if !errors.As(err, &answer) {
		return false
	}
	for _, code := range codes {
		if answer.Err == code {
			return true
		}
	}
	return false
}

// Patiently calls f again for as long as Slack asks to wait and ctx has the time. The error has
// its [Meaning].
func Patiently(ctx context.Context, f func(context.Context) error) error {
	for {
		err := Meaning(f(ctx))
		var retry *bot.RetryError
		if !errors.As(err, &retry) || !errors.Is(err, bot.ErrLimited) {
			return err
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < retry.After {
			return err
		}
		wait := time.NewTimer(retry.After)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return err
		}
	}
}
