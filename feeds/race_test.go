//go:build race

package feeds

// every is how many files of a corpus one is read for: the race detector slows parsers tenfold.
const every = 6
