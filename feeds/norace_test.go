//go:build !race

package feeds

// every is how many files of a corpus one is read for: all of them.
const every = 1
