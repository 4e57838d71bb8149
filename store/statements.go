package store

import (
	"context"
	"database/sql"
	"sync"
)

// maxReady bounds how many statements are kept ready. There are some fifty; lists of parameters
// come in more lengths.
const maxReady = 128

// statements are those that a pool has met, ready to run: reading the text of one takes SQLite
// longer than most take to run. The zero value holds none.
type statements struct {
	mu    sync.Mutex
	ready map[string]*sql.Stmt
	met   map[string]bool // once so far
}

// find returns a statement that is ready, or nil.
func (s *statements) find(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ready[query]
}

// prepare makes those of the statements ready that are met for the second time. It asks for a
// connection, and so must not be called with one in hand. That a statement cannot be made ready is
// for whoever runs it to find.
func (s *statements) prepare(ctx context.Context, db *sql.DB, queries []string) {
	for _, query := range queries {
		if !s.again(query) {
			continue
		}
		ready, err := db.PrepareContext(ctx, query)
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.ready[query] == nil {
			s.ready[query], ready = ready, nil
		}
		s.mu.Unlock()
		if ready != nil { // somebody was faster
			ready.Close()
		}
	}
}

// again reports whether a statement was met before and there is room for it.
func (s *statements) again(query string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready == nil {
		s.ready, s.met = map[string]*sql.Stmt{}, map[string]bool{}
	}
	if len(s.ready) >= maxReady {
		return false
	}
	if len(s.met) >= 8*maxReady {
		clear(s.met) // what comes often will be met again
	}
	before := s.met[query]
	s.met[query] = true
	return before
}

// prepared returns the statement as part of the transaction, or nil if it is not ready.
func (t *tx) prepared(query string) *sql.Stmt {
	if s, ok := t.stmts[query]; ok {
		return s
	}
	var part *sql.Stmt
	if s := t.ready.find(query); s != nil {
		part = t.sql.StmtContext(t.ctx, s)
	} else {
		t.met = append(t.met, query)
	}
	t.stmts[query] = part
	return part
}

// QueryContext implements [querier].
func (t *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := t.prepared(query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return t.sql.QueryContext(ctx, query, args...)
}

// execContext runs a statement that yields no rows.
func (t *tx) execContext(query string, args []any) (sql.Result, error) {
	if s := t.prepared(query); s != nil {
		return s.ExecContext(t.ctx, args...)
	}
	return t.sql.ExecContext(t.ctx, query, args...)
}

// row runs a query for one row.
func (t *tx) row(query string, args []any) *sql.Row {
	if s := t.prepared(query); s != nil {
		return s.QueryRowContext(t.ctx, args...)
	}
	return t.sql.QueryRowContext(t.ctx, query, args...)
}
