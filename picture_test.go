package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/console"
)

// pictured is a terminal as the README's pictures show it.
var pictured = console.Options{Width: 80, Color: true, Zone: time.FixedZone("GST", 4*60*60)}

// TestPictures draws what the README shows as a dark terminal does. -update draws it anew.
func TestPictures(t *testing.T) {
	comparePicture(t, "docs/alert.svg", postedAlerts(t, "alert_english", "alert_persian"))
	comparePicture(t, "docs/sift.svg", siftScene(t, "names")(pictured))
}

// postedAlerts is what the console prints of its own goldens.
func postedAlerts(t *testing.T, names ...string) []byte {
	t.Helper()
	var screen bytes.Buffer
	c := console.New(&screen, console.DefaultSettings(), pictured)
	for _, name := range names {
		archive, err := txtar.ParseFile("bot/console/testdata/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		var m bot.Message
		if err := json.Unmarshal(archive.Files[0].Data, &m); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Post(t.Context(), "console:", m); err != nil {
			t.Fatal(err)
		}
	}
	return screen.Bytes()
}

func comparePicture(t *testing.T, file string, screen []byte) {
	t.Helper()
	got := drawn(string(screen))
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the program prints: run with -update", file)
	}
}

const (
	lineHeight = 20
	margin     = 24
)

// paints says how a picture shows the codes of a style.
var paints = map[string]string{
	"1": "font-weight:bold", "2": "fill:#8b949e", "4": "text-decoration:underline",
	"31": "fill:#ff7b72", "33": "fill:#e3b341",
}

var styleCode = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// drawn is a terminal's screen as an SVG.
func drawn(screen string) []byte {
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	var b bytes.Buffer
	height := len(lines)*lineHeight + 2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="780" height="%d" `+
		`font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" `+
		`font-size="14" fill="#e6edf3">`+"\n", height)
	fmt.Fprintf(&b, `<rect width="780" height="%d" rx="8" fill="#0d1117"/>`+"\n", height)
	for i, line := range lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d" xml:space="preserve">%s</text>`+"\n",
			margin, margin+i*lineHeight+14, spans(line))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// spans is a line with its styles.
func spans(line string) string {
	var b strings.Builder
	at, style := 0, ""
	put := func(text string) {
		if text != "" {
			fmt.Fprintf(&b, `<tspan style="%s">%s</tspan>`, style, html.EscapeString(text))
		}
	}
	for _, m := range styleCode.FindAllStringSubmatchIndex(line, -1) {
		put(line[at:m[0]])
		var styles []string
		for code := range strings.SplitSeq(line[m[2]:m[3]], ";") {
			styles = append(styles, paints[code])
		}
		at, style = m[1], strings.Join(styles, ";")
	}
	put(line[at:])
	return b.String()
}
