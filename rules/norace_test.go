//go:build !race

package rules

// raceDetector tells whether the race detector is on.
const raceDetector = false
