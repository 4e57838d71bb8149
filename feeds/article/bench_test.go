package article

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// BenchmarkPage measures a usual page, and the worst ones that the bounds let through.
func BenchmarkPage(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("testdata", "news_english.txtar"))
	if err != nil {
		b.Fatal(err)
	}
	const paragraph = "<p>This is a paragraph, with commas, and words enough to be scored.</p>"
	stack := strings.Repeat("<div>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, b, c, d<p>f, f, f</p>", 480) +
		strings.Repeat("</div>", 480)
	for name, body := range map[string][]byte{
		"news":   txtar.Parse(data).Files[0].Data,
		"flat":   []byte("<html><body>" + strings.Repeat(paragraph, 7_500)),
		"stacks": []byte("<html><body>" + strings.Repeat(stack, 12)),
		"state":  []byte("<html><script>" + strings.Repeat(`{"a": "<p>b"},`, 1<<17) + "</script>" + story),
	} {
		b.Run(name, func(b *testing.B) {
			pg := page{body: body, contentType: "text/html", from: at(b, "/a")}
			for b.Loop() {
				if text, err := pg.text(); text == "" || err != nil {
					b.Fatal(text, err)
				}
			}
		})
	}
}
