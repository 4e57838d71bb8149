package slack_test

import (
	"bytes"
	"os/exec"
	"sync"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/swagger"
)

// description is how Slack describes its methods, or nil where that is not beside the checkout.
var description = sync.OnceValue(func() *swagger.Document {
	text, err := exec.Command("tar", "-xJOf", "../../../shared/data/api-specs.tar.xz",
		"api-specs/slack-web-openapi-v2.json").Output()
	if err != nil {
		return nil
	}
	d, err := swagger.Read(bytes.NewReader(text))
	if err != nil {
		return nil
	}
	return d
})

// keepsToTheDescription fails the test at its end if anything that was sent to Slack is not as Slack
// describes it. The description is older than some methods; those are the fake's to check.
func keepsToTheDescription(t *testing.T, s *slacktest.Server) {
	t.Cleanup(func() {
		d := description()
		if d == nil {
			return
		}
		checked := 0
		for _, c := range s.Calls("") {
			if !d.Knows(c.Method) {
				continue
			}
			checked++
			if wrong := d.Check(c.Method, c.Args); len(wrong) > 0 {
				t.Errorf("%s is sent with %v: %q", c.Method, c.Args, wrong)
			}
		}
		t.Logf("%d requests are as Slack describes them", checked)
	})
}
