package embeds

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/bot"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// readable shows what a reader of a golden does not see.
var readable = strings.NewReplacer("\u2068", "⟨", "\u2069", "⟩", "\u200e", "→", "\u200f", "←",
	"\u200c", "‸", "\u200d", "⁀", joiner, "¦")

// TestGoldens shows the message of each testdata/*.txtar as Discord gets it.
func TestGoldens(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no goldens", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var m bot.Message
			if err := json.Unmarshal(archive.Files[0].Data, &m); err != nil {
				t.Fatal(err)
			}
			checkMessage(t, m)
			got := golden(t, m)
			if *update {
				archive.Files = append(archive.Files[:1], got...)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			compare(t, got, archive.Files[1:])
		})
	}
}

func golden(t *testing.T, m bot.Message) []txtar.File {
	t.Helper()
	post := Message(m)
	var out bytes.Buffer
	show := func(v any) {
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range post.Embeds {
		text := e.Description
		e.Description = ""
		show(e)
		out.WriteString(text + "\n")
	}
	embeds := readable.Replace(out.String())
	out.Reset()
	for _, c := range post.Components {
		show(c)
	}
	return []txtar.File{
		{Name: "content", Data: []byte(readable.Replace(post.Content) + "\n")},
		{Name: "embeds", Data: []byte(embeds)},
		{Name: "components", Data: out.Bytes()},
		{Name: "plain", Data: []byte(readable.Replace(Plain(m).Content) + "\n")},
	}
}

func compare(t *testing.T, got, want []txtar.File) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d files, want %d: run with -update", len(got), len(want))
	}
	for i, f := range got {
		if string(f.Data) != string(want[i].Data) || f.Name != want[i].Name {
			t.Errorf("%s: got:\n%s\nwant:\n%s", f.Name, f.Data, want[i].Data)
		}
	}
}
