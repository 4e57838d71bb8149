package visit

import "testing"

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "",
		"watch Oman &amp; Iran":       "watch Oman & Iran",
		"a &lt; b &gt; c":             "a < b > c",
		"&amp;lt;":                    "&lt;",
		"in <#C123|news>":             "in #news",
		"in <#C123>":                  "in #C123",
		"in <#C123|>":                 "in #C123",
		"by <@U1|anna>":               "by @anna",
		"by <@U1>":                    "by @U1",
		"<https://x.test/a|x.test/a>": "https://x.test/a",
		"<https://x.test/?a=1&amp;b>": "https://x.test/?a=1&b",
		"<mailto:a@x.test|a@x.test>":  "a@x.test",
		"<!here> <!channel|channel>":  "@here channel",
		"<!subteam^S1|@desk>":         "@desk",
		"“smart quotes”":              "“smart quotes”",
		"a < b":                       "a < b",
		"<":                           "<",
		"<>":                          "",
		"<|>":                         "",
		"<<a>>":                       "<a>",
	} {
		if got := unescape(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("interactive", []byte(`{"type":"block_actions","actions":[{"type":"button"}]}`))
	f.Add("interactive", []byte(`{"type":"view_submission","view":{"state":{"values":{}}}}`))
	f.Add("events_api", []byte(`{"event":{"type":"channel_rename","channel":{"id":"C1"}}}`))
	f.Add("slash_commands", []byte(`{"text":"<#C1|"}`))
	f.Fuzz(func(t *testing.T, sort string, payload []byte) {
		_, _ = Read(sort, payload) // it does not panic
	})
}
