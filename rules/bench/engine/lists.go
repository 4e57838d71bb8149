package engine

// lists holds, for each literal, what is filed under it, in one piece of memory.
type lists[T any] struct {
	ends  []int32 // of the list of each literal; the next one begins there
	items []T
}

// filed is something to be put into the list of a literal.
type filed[T any] struct {
	under int32
	item  T
}

// newLists makes the lists of n literals.
func newLists[T any](n int, all []filed[T]) lists[T] {
	l := lists[T]{make([]int32, n+1), make([]T, len(all))}
	for _, f := range all {
		l.ends[f.under+1]++
	}
	for i := range n {
		l.ends[i+1] += l.ends[i]
	}
	next := append([]int32(nil), l.ends...)
	for _, f := range all {
		l.items[next[f.under]] = f.item
		next[f.under]++
	}
	return l
}

// of returns what is filed under a literal.
func (l *lists[T]) of(literal int32) []T {
	return l.items[l.ends[literal]:l.ends[literal+1]]
}
