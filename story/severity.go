package story

import "slices"

// severities lists the severities from the quietest to the loudest.
var severities = [...]Severity{SeverityNone, SeverityNotable, SeverityHigh, SeverityCritical}

// Less reports whether s is quieter than t.
func (s Severity) Less(t Severity) bool {
	return slices.Index(severities[:], s) < slices.Index(severities[:], t)
}
