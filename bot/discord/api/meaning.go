// Package api asks Discord, and says what its answers mean.
//
// Everything that goes to Discord goes through a [Client]. It sends a request once: whatever fails
// is told, with its [Meaning] in the terms of [bot.Platform], and never sent again behind the
// caller's back. It keeps to the limits that Discord tells in its headers, waits no longer than the
// caller's context, and stops by itself long before Discord would ban the address for requests that
// come to nothing. No error holds a token or the address of an answer: these are secrets.
package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
)

const (
	// unsaidAfter is how long we wait when Discord asks us to and does not say how long.
	unsaidAfter = 10 * time.Second

	// MendAfter is how long a post waits for a token to be mended: nothing is lost meanwhile.
	MendAfter = 5 * time.Minute
)

var (
	// ErrForm says that Discord could not make anything of the layout. The text may do.
	ErrForm = errors.New("the layout of the message is not taken")

	// ErrReply says that there is no replying to the message that was replied to.
	ErrReply = errors.New("the message cannot be replied to")

	// ErrKind says that this is not a kind of channel in which that can be done: a forum takes no
	// messages, only posts.
	ErrKind = errors.New("the channel is of another kind")

	// ErrBucket says that we keep to a limit of Discord's without having been told off.
	ErrBucket = errors.New("as much was sent as Discord allows for now")

	// ErrBreaker says that too many requests came to nothing: Discord bans the address of who goes
	// on.
	ErrBreaker = errors.New("too many requests were refused by Discord: none is sent for a while")
)

// Refused says that Discord takes our token no more, or does not let us in with it.
type Refused struct{ Reason string }

func (r *Refused) Error() string { return r.Reason }

// ErrToken is how a token is refused by the REST API.
func errToken() *Refused {
	return &Refused{"the token is not valid: reset it in the application's page (Bot, Reset Token) " +
		"and put the new one into [discord]"}
}

// departures are the errors that mean [bot.ErrGone], in words for people.
var departures = map[int]string{
	discordgo.ErrCodeUnknownChannel: "the channel was deleted",
	discordgo.ErrCodeUnknownGuild:   "I am not in that server any more",
	discordgo.ErrCodeMissingAccess:  "I may not see the channel: give me View Channel there",
	discordgo.ErrCodeMissingPermissions: "I may not post in the channel: give me View Channel, " +
		"Send Messages and Embed Links there",
	discordgo.ErrCodeCannotSendMessagesToThisUser: "that person takes no messages from me",
}

// prohibitions are errors of what can never be done as things are, and what to do.
var prohibitions = map[int]string{
	discordgo.ErrCodeUnknownMessage:                     "the message was deleted",
	discordgo.ErrCodeUnknownInteraction:                 "Discord waits for this answer no more",
	discordgo.ErrCodeUnknownWebhook:                     "Discord takes answers to this no more",
	discordgo.ErrCodeCannotEditFromAnotherUser:          "somebody else wrote the message",
	discordgo.ErrCodePerformedOperationOnArchivedThread: "the thread is closed",
	discordgo.ErrCodeThreadIsLocked:                     "the thread is locked",
	codeInvalidWebhookToken:                             "Discord takes answers to this no more",
	codeTagRequired: "the forum wants a tag on each post: let it do without " +
		"(Edit Channel, Require people to select tags)",
	discordgo.ErrCodeRequestEntityTooLarge: "the message is too large",
	codeAutoMod: "the server's AutoMod blocks the message: exempt my role " +
		"in its rules",
}

// Codes that the library has no name for.
const (
	codeInvalidWebhookToken = 50027
	codeTagRequired         = 40067
	codeAutoMod             = 200000
	codeAcknowledged        = 40060
	codeCannotReply         = 160002
	codeWrongKind           = 50024
	codeNonTextChannel      = 50008
	codeInvalidForm         = 50035
	codeEmptyMessage        = 50006
)

// crowded are the errors that mean too much was written, without a 429.
var crowded = map[int]bool{20016: true, 20022: true, 20028: true, 20029: true, 40062: true, 30046: true}

// Meaning tells, in the terms of [bot.Platform], what an error says about a request. It returns nil
// for nil. A *[Refused] is in a *[bot.RetryError].
func Meaning(err error) error {
	var status *Status
	var answer *discordgo.RESTError
	var left *unsent
	switch {
	case err == nil:
		return nil
	case errors.As(err, &status):
		return meaningOfStatus(status)
	case errors.As(err, &answer):
		return meaningOfAnswer(answer)
	case errors.As(err, &left):
		var retry *bot.RetryError
		if errors.As(left.err, &retry) {
			return retry
		}
		return &bot.RetryError{Err: plain(err)}
	}
	// It left, and what came back, if anything, was not Discord's.
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
		// Discord's own errors come as JSON: this one is of something that stands before it.
		return &bot.RetryError{After: s.After, Err: s}
	}
	return fmt.Errorf("%w: %w", bot.ErrUncertain, s)
}

func meaningOfAnswer(a *discordgo.RESTError) error {
	code, said := codeOf(a), saidBy(a)
	switch {
	case a.Response.StatusCode == http.StatusUnauthorized && code != codeInvalidWebhookToken:
		return &bot.RetryError{After: MendAfter, Err: errToken()}
	case departures[code] != "":
		return fmt.Errorf("%w: %s (%d)", bot.ErrGone, departures[code], code)
	case prohibitions[code] != "":
		return fmt.Errorf("%s (%d)", prohibitions[code], code)
	case crowded[code]:
		return &bot.RetryError{Err: fmt.Errorf("%w: %s", bot.ErrLimited, said)}
	case code == codeInvalidForm, code == codeEmptyMessage:
		return fmt.Errorf("%w (%s)", ErrForm, said)
	case code == codeCannotReply:
		return fmt.Errorf("%w (%d)", ErrReply, code)
	case code == codeWrongKind, code == codeNonTextChannel:
		return fmt.Errorf("%w (%d)", ErrKind, code)
	}
	return fmt.Errorf("refused by Discord: %s", said)
}

// codeOf is the code of Discord's own, or zero.
func codeOf(a *discordgo.RESTError) int {
	if a.Message == nil {
		return 0
	}
	return a.Message.Code
}

// saidMost is how much of what Discord said is passed on.
const saidMost = 300

// saidBy is what Discord said, on one line.
func saidBy(a *discordgo.RESTError) string {
	said := strings.Join(strings.Fields(string(a.ResponseBody)), " ")
	if len(said) > saidMost {
		said = strings.ToValidUTF8(said[:saidMost], "") + "…"
	}
	return a.Response.Status + ": " + said
}

// plain is the error without the address that net/http adds: that of an answer is a secret.
func plain(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// Acknowledged reports whether an interaction was answered before.
func Acknowledged(err error) bool { return is(err, codeAcknowledged) }

// is reports whether an error of [Client.Do] is Discord's answer with a code.
func is(err error, code int) bool {
	var said *answered
	return errors.As(err, &said) && said.code == code
}
