package blocks

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/bot/platformtest"
)

// checkEverywhere lets a text into every part of messages and forms.
func checkEverywhere(t *testing.T, s string) {
	t.Helper()
	checkMessage(t, platformtest.MessageWith(s))
	checkMessage(t, platformtest.AlertWith(s))
	checkForm(t, formWith(s))
}

func TestHostileText(t *testing.T) {
	for _, s := range platformtest.Hostile() {
		t.Run(fmt.Sprintf("%.20q", s), func(t *testing.T) { checkEverywhere(t, s) })
	}
}

func TestNaughtyStrings(t *testing.T) {
	for _, s := range platformtest.Naughty(t, "../../../../shared/data") {
		if checkEverywhere(t, s); t.Failed() {
			t.Fatalf("of %q", s)
		}
	}
}

func TestAnyMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkMessage(t, platformtest.AnyMessage(t)) })
}

func FuzzMessage(f *testing.F) {
	for _, s := range platformtest.Hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkMessage(t, platformtest.MessageWith(s))
		checkMessage(t, platformtest.AlertWith(s))
	})
}
