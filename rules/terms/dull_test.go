package terms

import "testing"

// TestDull holds what is remembered to what was said: nothing else, and of two names with one place
// the last.
func TestDull(t *testing.T) {
	for _, n := range []int{0, 1, fewTerms, fewTerms + 1, 1_000, 1_000_000} {
		d := newDull(n)
		const one, other = 0xABCD_0000_0000_0001, 0xABCD_0000_0000_0002
		if d.has(one) {
			t.Errorf("%d terms: knows what it was never told", n)
		}
		d.add(one)
		if d.has(one) != (n > fewTerms) || d.has(other) {
			t.Errorf("%d terms: after one name, one %v, other %v", n, d.has(one), d.has(other))
		}
		d.add(other)
		if d.has(other) != (n > fewTerms) || d.has(one) {
			t.Errorf("%d terms: after the other, one %v, other %v", n, d.has(one), d.has(other))
		}
	}
}
