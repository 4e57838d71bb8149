// Package commands does what people ask for in chat: it is the table of commands, the reading of
// what was typed, who may change what, and the answers.
//
// [Desk] is the [bot.Handler] of every platform. What it changes is one [Change], done by whoever
// implements [Ledger] in one transaction with its line in the audit log; a call that comes twice
// acts once.
package commands
