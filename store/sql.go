package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// tx is a transaction that remembers its first error, so that a run of statements reads as one
// thought. After an error every further call does nothing.
type tx struct {
	ctx   context.Context
	sql   *sql.Tx
	now   time.Time // the store's clock when the transaction began
	ready *statements
	stmts map[string]*sql.Stmt // those met in this transaction, nil if they are not ready
	met   []string             // the latter
	err   error
}

// write runs one transaction on the writer. doing says what for, in errors.
func (d *DB) write(ctx context.Context, doing string, work func(*tx)) error {
	begun, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer begun.Rollback() // does nothing after the commit
	t := &tx{ctx: ctx, sql: begun, now: d.Now(), ready: &d.ready, stmts: map[string]*sql.Stmt{}}
	work(t)
	if t.err == nil {
		t.err = begun.Commit()
	}
	if t.err != nil {
		return fmt.Errorf("%s: %w", doing, t.err)
	}
	d.ready.prepare(ctx, d.writer, t.met)
	return nil
}

// result is [DB.write] for work that yields something. What was not committed is not returned: a
// claim must not be acted upon that the store does not know of.
func result[T any](ctx context.Context, d *DB, doing string, work func(*tx) T) (T, error) {
	var made, nothing T
	if err := d.write(ctx, doing, func(t *tx) { made = work(t) }); err != nil {
		return nothing, err
	}
	return made, nil
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(query string, args ...any) int64 {
	if t.err != nil {
		return 0
	}
	result, err := t.execContext(query, args)
	if err != nil {
		t.err = err
		return 0
	}
	n, err := result.RowsAffected()
	t.err = err
	return n
}

// get reads one row into dest and tells whether there was one.
func (t *tx) get(query string, args []any, dest ...any) bool {
	if t.err != nil {
		return false
	}
	err := t.row(query, args).Scan(dest...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.err = err
	}
	return err == nil
}

// querier is a transaction or a pool.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// all reads every row of a query with scan.
func all[T any](ctx context.Context, q querier, scan func(scanner) (T, error),
	query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// allTx is [all] within a transaction.
func allTx[T any](t *tx, scan func(scanner) (T, error), query string, args ...any) []T {
	if t.err != nil {
		return nil
	}
	out, err := all(t.ctx, t, scan, query, args...)
	t.err = err
	return out
}

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// ms is a time as it is stored.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// when scans a stored time into t.
func when(t *time.Time) sql.Scanner { return moment{t} }

type moment struct{ t *time.Time }

// Scan implements [sql.Scanner].
func (m moment) Scan(v any) error {
	stored, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as %T", v)
	}
	*m.t = time.Time{}
	if stored != 0 {
		*m.t = time.UnixMilli(stored).UTC()
	}
	return nil
}

// span scans stored milliseconds into d.
func span(d *time.Duration) sql.Scanner { return duration{d} }

type duration struct{ d *time.Duration }

// Scan implements [sql.Scanner].
func (s duration) Scan(v any) error {
	stored, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a duration is stored as %T", v)
	}
	*s.d = time.Duration(stored) * time.Millisecond
	return nil
}

// fromJSON scans stored JSON into v.
func fromJSON[T any](v *T) sql.Scanner { return document[T]{v} }

type document[T any] struct{ v *T }

// Scan implements [sql.Scanner].
func (d document[T]) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("JSON is stored as %T", v)
	}
	return json.Unmarshal([]byte(text), d.v)
}

// json is a list as it is stored.
func (t *tx) json(v any) string {
	text, err := json.Marshal(v)
	if t.err == nil {
		t.err = err
	}
	return string(text)
}

// in writes the list of a membership test, "($3,$4,$5)", and appends its values to args. The list
// of no values is a query without rows: PostgreSQL refuses empty parentheses.
func in[T any](args []any, values []T) (string, []any) {
	if len(values) == 0 {
		return "(select '' where 1 = 0)", args
	}
	var b strings.Builder
	b.WriteByte('(')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		args = append(args, v)
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args)))
	}
	b.WriteByte(')')
	return b.String(), args
}
