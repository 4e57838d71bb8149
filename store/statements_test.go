package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// TestStatements asserts that what is met twice is ready and yields the same from then on, that what
// fails is not, and that statements of endless shapes do not fill the memory.
func TestStatements(t *testing.T) {
	d, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ask := func(query string, args ...any) (n int, err error) {
		err = d.write(t.Context(), "asking", func(tx *tx) {
			for range 2 { // in one transaction too
				tx.get(query, args, &n)
			}
		})
		return n, err
	}
	const sum = `select $1 + 1`
	for i := range 4 {
		if n, err := ask(sum, i); n != i+1 || err != nil {
			t.Errorf("%d: %d, %v", i, n, err)
		}
		if ready := d.ready.find(sum) != nil; ready != (i > 0) {
			t.Errorf("met %d times: ready is %v", i+1, ready)
		}
	}
	for range 3 {
		if _, err := ask(`select nothing`); err == nil {
			t.Error("a mistake goes unnoticed")
		}
	}
	for i := range 2 * maxReady {
		for range 2 {
			if _, err := ask(fmt.Sprintf(`select %d`, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := len(d.ready.ready); n > maxReady {
		t.Errorf("%d statements are ready", n)
	}
}

// TestStatementsOfACancelledCall asserts that a call that ends early leaves the statement usable.
func TestStatementsOfACancelledCall(t *testing.T) {
	d, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const query = `update feeds set due = due + $1`
	for range 2 {
		if err := d.write(t.Context(), "", func(tx *tx) { tx.exec(query, 1) }); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = d.write(ctx, "", func(tx *tx) {
		cancel()
		tx.exec(query, 1)
	})
	if err == nil {
		t.Error("a cancelled call is no error")
	}
	if err := d.write(t.Context(), "", func(tx *tx) { tx.exec(query, 1) }); err != nil {
		t.Error(err)
	}
}
