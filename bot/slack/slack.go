// Package slack carries the bot to Slack: news goes out as messages, and what people type, press and
// fill in there comes back as calls.
package slack
