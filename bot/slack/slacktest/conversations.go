package slacktest

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

// readable finds the channel of a call that may read there: its history, or what it is.
func (c *call) readable(what string) (*Channel, *limits.Error) {
	ch, refused := c.conversation()
	if refused != nil {
		return nil, refused
	}
	scope := map[string]string{"im": "im:", "group": "groups:", "channel": "channels:"}[ch.kind()] + what
	if refused := c.need(scope); refused != nil {
		return nil, refused
	}
	if what == "history" && !ch.bot {
		return nil, &limits.Error{Code: "not_in_channel"}
	}
	return ch, nil
}

// limit returns how many a page has.
func (c *call) limit(most int) (int, *limits.Error) {
	s := c.Args["limit"]
	if s == "" {
		return 100, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, &limits.Error{Code: "invalid_limit"}
	}
	return n, nil
}

// page cuts a page out of a list, and returns what the next one is asked for with.
func page[T any](c *call, all []T, most int) (cut []T, next string, refused *limits.Error) {
	n, refused := c.limit(most)
	if refused != nil {
		return nil, "", refused
	}
	from := 0
	if cursor := c.Args["cursor"]; cursor != "" {
		plain, err := base64.StdEncoding.DecodeString(cursor)
		if _, scanErr := fmt.Sscanf(string(plain), "from:%d", &from); err != nil || scanErr != nil {
			return nil, "", &limits.Error{Code: "invalid_cursor"}
		}
	}
	from = min(from, len(all))
	to := min(from+n, len(all))
	if to < len(all) {
		next = base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "from:%d", to))
	}
	return all[from:to], next, nil
}

var timestamps = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)

// inTime keeps the messages between oldest and latest, which are left out unless inclusive is true.
func (c *call) inTime(messages []*Message) ([]*Message, *limits.Error) {
	oldest, latest := c.Args["oldest"], c.Args["latest"]
	if oldest != "" && !timestamps.MatchString(oldest) {
		return nil, &limits.Error{Code: "invalid_ts_oldest"}
	}
	if latest != "" && !timestamps.MatchString(latest) {
		return nil, &limits.Error{Code: "invalid_ts_latest"}
	}
	inclusive := c.Args["inclusive"] == "true" || c.Args["inclusive"] == "1"
	return slices.DeleteFunc(slices.Clone(messages), func(m *Message) bool {
		low, high := 1, -1
		if oldest != "" {
			low = byTime(m.TS, oldest)
		}
		if latest != "" {
			high = byTime(m.TS, latest)
		}
		return low < 0 || high > 0 || ((low == 0 || high == 0) && !inclusive)
	}), nil
}

// byTime compares two timestamps, of which one may be a plain number of seconds.
func byTime(a, b string) int {
	whole := func(ts string) string {
		seconds, fraction, _ := strings.Cut(ts, ".")
		return fmt.Sprintf("%012s.%s", seconds, (fraction + "000000")[:6])
	}
	return strings.Compare(whole(a), whole(b))
}

func conversationsHistory(c *call) (result, *limits.Error) {
	ch, refused := c.readable("history")
	if refused != nil {
		return nil, refused
	}
	var seen []*Message
	for _, m := range ch.messages {
		reply := m.ThreadTS != "" && m.ThreadTS != m.TS && !m.Broadcast
		if m.To == "" && !m.deleted && !reply {
			seen = append(seen, m)
		}
	}
	slices.Reverse(seen) // the newest first
	return c.told(ch, seen)
}

func conversationsReplies(c *call) (result, *limits.Error) {
	ch, refused := c.readable("history")
	if refused != nil {
		return nil, refused
	}
	ts := c.Args["ts"]
	if ch.find(ts) == nil {
		return fail("thread_not_found")
	}
	var seen []*Message
	for _, m := range ch.messages {
		if m.To == "" && !m.deleted && (m.TS == ts || m.ThreadTS == ts) {
			seen = append(seen, m)
		}
	}
	return c.told(ch, seen)
}

// told answers with a page of messages.
func (c *call) told(ch *Channel, messages []*Message) (result, *limits.Error) {
	messages, refused := c.inTime(messages)
	if refused != nil {
		return nil, refused
	}
	cut, next, refused := page(c, messages, 999)
	if refused != nil {
		return nil, refused
	}
	metadata := c.Args["include_all_metadata"] == "true" || c.Args["include_all_metadata"] == "1"
	told := make([]result, len(cut))
	for i, m := range cut {
		told[i] = m.json(c.ws, metadata)
		if replies := ch.replies(m.TS); replies > 0 {
			told[i]["thread_ts"], told[i]["reply_count"] = m.TS, replies
		}
	}
	r := result{"messages": told, "has_more": next != "", "pin_count": 0}
	if next != "" {
		r["response_metadata"] = result{"next_cursor": next}
	}
	return r, nil
}

func (c *Channel) replies(ts string) (n int) {
	for _, m := range c.messages {
		if m.ThreadTS == ts && m.TS != ts && m.To == "" && !m.deleted {
			n++
		}
	}
	return n
}

// json returns a channel as Slack sends it.
func (c *Channel) json() result {
	r := result{
		"id": c.ID, "is_archived": c.archived, "is_im": c.with != "", "created": 1700000000,
		"context_team_id": c.ws.ID, "is_org_shared": false, "is_shared": false,
	}
	if c.with != "" {
		r["user"] = c.with
		return r
	}
	r["name"], r["name_normalized"] = c.name, c.name
	r["is_channel"], r["is_group"] = !c.private, c.private
	r["is_private"], r["is_member"] = c.private, c.bot
	return r
}

func conversationsInfo(c *call) (result, *limits.Error) {
	ch, refused := c.readable("read")
	if refused != nil {
		return nil, refused
	}
	return result{"channel": ch.json()}, nil
}

func conversationsList(c *call) (result, *limits.Error) {
	kinds := strings.Split(or(c.Args["types"], "public_channel"), ",")
	var seen []*Channel
	for _, kind := range kinds {
		scope, ok := map[string]string{
			"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read",
			"mpim": "mpim:read",
		}[strings.TrimSpace(kind)]
		if !ok {
			return fail("invalid_types")
		}
		if refused := c.need(scope); refused != nil {
			return nil, refused
		}
	}
	for _, id := range c.ws.order {
		ch := c.ws.channels[id]
		kind := map[string]string{"im": "im", "group": "private_channel", "channel": "public_channel"}[ch.kind()]
		hidden := (ch.private && !ch.bot) || (ch.archived && c.Args["exclude_archived"] == "true")
		if slices.Contains(kinds, kind) && !hidden {
			seen = append(seen, ch)
		}
	}
	cut, next, refused := page(c, seen, 999)
	if refused != nil {
		return nil, refused
	}
	told := make([]result, len(cut))
	for i, ch := range cut {
		told[i] = ch.json()
	}
	return result{"channels": told, "response_metadata": result{"next_cursor": next}}, nil
}

func conversationsOpen(c *call) (result, *limits.Error) {
	ids := strings.Split(c.Args["users"], ",")
	switch {
	case c.Args["users"] == "":
		return fail("users_list_not_supplied")
	case len(ids) > 1: // conversations of many are not known here
		return fail("too_many_users")
	}
	u := c.ws.users[ids[0]]
	if u == nil {
		return fail("user_not_found")
	}
	ch := c.ws.channelLocked(&Channel{ID: "D" + u.ID, name: "dm-" + u.Name, bot: true, with: u.ID})
	return result{"channel": ch.json()}, nil
}

func usersInfo(c *call) (result, *limits.Error) {
	u := c.ws.users[c.Args["user"]]
	if c.Args["user"] == c.ws.BotUser() {
		u = &User{ID: c.ws.BotUser(), Name: c.s.botName(), ws: c.ws}
	}
	if u == nil {
		return fail("user_not_found")
	}
	return result{"user": u.json()}, nil
}

// json returns a person as Slack sends them.
func (u *User) json() result {
	r := result{
		"id": u.ID, "team_id": u.ws.ID, "name": u.Name, "real_name": u.Name, "deleted": false,
		"is_bot": u.ID == u.ws.BotUser(), "is_admin": u.Role == Admin || u.Role == Owner,
		"is_owner": u.Role == Owner, "is_restricted": u.Role == Guest, "is_ultra_restricted": false,
		"tz": "Etc/UTC", "tz_offset": 0, "updated": 1700000000,
		"profile": result{"display_name": u.Name, "real_name": u.Name, "team": u.ws.ID},
	}
	if u.Role == External {
		r["is_stranger"], r["team_id"] = true, "TEXTERNAL"
	}
	return r
}

func usergroupsList(c *call) (result, *limits.Error) {
	told := make([]result, 0, len(c.ws.groups))
	for _, g := range c.ws.groups {
		r := result{
			"id": g.id, "team_id": c.ws.ID, "handle": g.handle, "name": g.handle, "is_usergroup": true,
			"date_delete": 0, "user_count": len(g.users),
		}
		if c.Args["include_users"] == "true" {
			r["users"] = g.users
		}
		told = append(told, r)
	}
	return result{"usergroups": told}, nil
}

func usergroupsUsersList(c *call) (result, *limits.Error) {
	i := slices.IndexFunc(c.ws.groups, func(g userGroup) bool { return g.id == c.Args["usergroup"] })
	if i < 0 {
		return fail("no_such_subteam")
	}
	return result{"users": append([]string{}, c.ws.groups[i].users...)}, nil
}

func teamInfo(c *call) (result, *limits.Error) {
	return result{"team": result{
		"id": c.ws.ID, "name": c.ws.Name, "domain": strings.ToLower(c.ws.ID), "email_domain": "",
	}}, nil
}
