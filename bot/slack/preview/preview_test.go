package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/slack/blocks"
	"github.com/tensionwatch/tensionwatch/rules"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestPages compares two pages, one of a channel and one of a form, with those in testdata.
func TestPages(t *testing.T) {
	all, err := pictures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		page, err := p.page()
		if err != nil {
			t.Fatal(err)
		}
		if p.name != "slack-rtl" && p.name != "slack-modal" {
			continue
		}
		name := filepath.Join("testdata", p.name+".html")
		if *update {
			if err := os.WriteFile(name, page, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(page, want) {
			t.Errorf("%s is not what is shown: look at it and run with -update", name)
		}
	}
}

// TestPageEscapes asserts that news text is nothing but text on the page.
func TestPageEscapes(t *testing.T) {
	m := bot.Message{Title: "<script>alert(1)</script>", Lines: bot.Plains(`"><img src=x onerror=alert(1)>`),
		Cards: []bot.Card{{Headline: bot.Plain("<b>"), Links: []string{`https://news.example/"onclick="a`}}}}
	page, err := Picture("hostile", note{Message: m}).page()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "<b>\"", `"onclick`} {
		if strings.Contains(string(page), bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

func TestMrkdwn(t *testing.T) {
	for in, want := range map[string][]node{
		"a *b* c":                       {{Kind: "text", Text: "a "}, {Kind: "bold", Text: "b"}, {Kind: "text", Text: " c"}},
		"a * b *":                       {{Kind: "text", Text: "a * b *"}},
		"<https://a.example|a &amp; b>": {{Kind: "link", Text: "a & b", Link: "https://a.example"}},
		"<!here>":                       {{Kind: "mention", Text: "!here"}},
		"<!date^1795428300^{date_short_pretty} {time}|x>": {{Kind: "text", Text: "today 14:05"}},
		"`a*b*`\n_c_": {{Kind: "code", Text: "a*b*"}, {Kind: "break"}, {Kind: "italic", Text: "c"}},
		"&lt;b&gt; <": {{Kind: "text", Text: "<b> <"}},
	} {
		if got := joined(mrkdwn(map[string]any{"text": in})); !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

// joined puts neighbouring texts together.
func joined(nodes []node) (out []node) {
	for _, n := range nodes {
		last := len(out) - 1
		switch {
		case n == (node{Kind: "text"}):
		case last >= 0 && n.Kind == "text" && out[last].Kind == "text":
			out[last].Text += n.Text
		default:
			out = append(out, n)
		}
	}
	return out
}

func TestSmall(t *testing.T) {
	whole := image.NewRGBA(image.Rect(0, 0, 40, 400))
	for y := range 400 {
		for x := range 40 {
			whole.Set(x, y, color.White)
		}
	}
	whole.Set(3, 20, color.Black)
	var taken bytes.Buffer
	if err := png.Encode(&taken, whole); err != nil {
		t.Fatal(err)
	}
	reduced, err := small(taken.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(reduced))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := got.At(3, 20).RGBA(); got.Bounds().Dy() != 20+margin || r != 0 {
		t.Errorf("%v, %d", got.Bounds(), r)
	}
}

// TestShoot takes one picture where there is a browser.
func TestShoot(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here")
	}
	page, err := Picture("notice", note{Message: bot.Message{Title: "tensionwatch is watching"}}).page()
	if err != nil {
		t.Fatal(err)
	}
	picture, err := shoot(t.Context(), browser, page)
	if err != nil {
		t.Fatal(err)
	}
	if size, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil || size.Width != pageWidth || size.Height > 300 {
		t.Errorf("%v %v", size, err)
	}
}

// TestWholeList asserts that a page of a list of watches holds all that belongs on it, however long
// their rules are: what is left out of it is on no other page.
func TestWholeList(t *testing.T) {
	rule := strings.Repeat("Ормузский <пролив> OR ", 40) + "Oman"
	var all []answer.Following
	for i := range 12 {
		f := answer.Following{Watch: rules.Watch{Name: strings.Repeat("long-", 7) + strconv.Itoa(i), Rule: rule}, Paused: "by Amal"}
		f.Subscription = bot.Subscription{Policy: "digest", Digest: "0 8,12,18 * * 1-5", Zone: "America/Argentina/Buenos_Aires",
			MinPublishers: 3, MinSeverity: "critical", Quiet: "22:00-07:00"}
		f.Alerts, f.Irrelevant, f.LastAlert = 1000, 100, now()
		all = append(all, f)
	}
	for page := range 2 {
		wire, err := json.Marshal(blocks.Message(answer.List(all, page+1, now())).Blocks)
		if err != nil || strings.Contains(string(wire), "more\"") || strings.Count(string(wire), "Unfollow") < 5 {
			t.Errorf("page %d is not whole: %v %d", page+1, err, len(wire))
		}
	}
}
