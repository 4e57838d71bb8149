package limits

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Error is how Discord refuses a request.
type Error struct {
	Status  int            // of HTTP
	Code    int            // of the body
	Message string         // of the body
	Errors  map[string]any // what is wrong with a form, where it is wrong
}

// Error returns the refusal in one line.
func (e *Error) Error() string {
	text := fmt.Sprintf("%d %s", e.Code, e.Message)
	if len(e.Errors) > 0 {
		nested, _ := json.Marshal(e.Errors) // made of maps and strings
		text += " " + string(nested)
	}
	return text
}

// JSON returns the body of the answer.
func (e *Error) JSON() map[string]any {
	body := map[string]any{"code": e.Code, "message": e.Message}
	if len(e.Errors) > 0 {
		body["errors"] = e.Errors
	}
	return body
}

// The codes of Discord's refusals.
const (
	NotFound           = 0 // no such route
	UnknownChannel     = 10003
	UnknownGuild       = 10004
	UnknownMember      = 10007
	UnknownMessage     = 10008
	UnknownWebhook     = 10015
	UnknownInteraction = 10062
	UnknownCommand     = 10063
	NotYourApp         = 20012
	TooManyCommands    = 30032
	TooManyCreated     = 30034
	Unauthorized       = 40001
	TagRequired        = 40067
	TooManyFollowUps   = 40094
	Blocked            = 40333
	NoDirectMessages   = 50007
	Acknowledged       = 40060
	TooLarge           = 40005
	MissingAccess      = 50001
	NotTheAuthor       = 50005
	EmptyMessage       = 50006
	MissingPermissions = 50013
	WrongChannelType   = 50024
	InvalidToken       = 50027
	InvalidForm        = 50035
	InvalidJSON        = 50109
	CannotReply        = 160002
	ThreadExists       = 160004
)

// refusals are the status and the words of each code.
func refusals() map[int]Error {
	return map[int]Error{
		NotFound:           {Status: 404, Message: "404: Not Found"},
		UnknownChannel:     {Status: 404, Message: "Unknown Channel"},
		UnknownGuild:       {Status: 404, Message: "Unknown Guild"},
		UnknownMember:      {Status: 404, Message: "Unknown Member"},
		UnknownMessage:     {Status: 404, Message: "Unknown Message"},
		UnknownWebhook:     {Status: 404, Message: "Unknown Webhook"},
		UnknownInteraction: {Status: 404, Message: "Unknown interaction"},
		UnknownCommand:     {Status: 404, Message: "Unknown application command"},
		NotYourApp:         {Status: 403, Message: "You are not authorized to perform this action on this application"},
		TooManyCommands:    {Status: 400, Message: "Maximum number of application commands reached (100)."},
		TooManyCreated:     {Status: 400, Message: "Max number of daily application command creates has been reached (200)"},
		TooLarge:           {Status: 413, Message: "Request entity too large"},
		Acknowledged:       {Status: 400, Message: "Interaction has already been acknowledged."},
		TagRequired:        {Status: 400, Message: "A tag is required to create a forum post in this channel"},
		TooManyFollowUps:   {Status: 400, Message: "This interaction has hit the maximum number of follow up messages."},
		Blocked:            {Status: 403, Message: "Cloudflare is blocking your request."},
		NoDirectMessages:   {Status: 403, Message: "Cannot send messages to this user"},
		MissingAccess:      {Status: 403, Message: "Missing Access"},
		NotTheAuthor:       {Status: 403, Message: "Cannot edit a message authored by another user"},
		EmptyMessage:       {Status: 400, Message: "Cannot send an empty message"},
		MissingPermissions: {Status: 403, Message: "Missing Permissions"},
		WrongChannelType:   {Status: 400, Message: "Cannot execute action on this channel type"},
		InvalidToken:       {Status: 401, Message: "Invalid Webhook Token"},
		InvalidForm:        {Status: 400, Message: "Invalid Form Body"},
		InvalidJSON:        {Status: 400, Message: "The request body contains invalid JSON."},
		CannotReply:        {Status: 403, Message: "Cannot reply without permission to read message history"},
		ThreadExists:       {Status: 400, Message: "A thread has already been created for this message"},
	}
}

// Refuse returns the refusal with a code.
func Refuse(code int) *Error {
	if code == Unauthorized { // a bad token of a bot has no code of its own
		return &Error{Status: 401, Message: "401: Unauthorized"}
	}
	e := refusals()[code]
	e.Code = code
	return &e
}

// Wrong refuses a form because of one mistake. The place is keys with slashes between them.
func Wrong(at, code, message string) *Error {
	m := &mistakes{found: []mistake{{strings.Trim(at, "/"), code, message}}}
	return m.refusal()
}
