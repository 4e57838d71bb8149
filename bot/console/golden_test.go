package console

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/bot"
)

var (
	update = flag.Bool("update", false, "rewrite the goldens in testdata")
	show   = flag.Bool("show", false, "print every golden as a terminal would show it")
)

// looks are the ways in which each golden is printed.
var looks = []struct {
	name string
	Options
}{
	{"80", Options{Width: 80}},
	{"40", Options{Width: 40}},
	{"80 colour", Options{Width: 80, Color: true}},
}

// readable shows what a reader of a golden does not see.
var readable = strings.NewReplacer("\x1b", "␛", "\u2068", "⟨", "\u2069", "⟩",
	"\u200e", "→", "\u200f", "←", "\u200c", "‸", "\u200d", "⁀")

// TestGoldens prints the message of each testdata/*.txtar in every look and as JSON. With -show and
// -v a person can see them as they are.
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
			got := golden(t, archive.Files[0].Data)
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

func golden(t *testing.T, message []byte) (files []txtar.File) {
	t.Helper()
	var m bot.Message
	if err := json.Unmarshal(message, &m); err != nil {
		t.Fatal(err)
	}
	for _, look := range looks {
		look.Zone = time.FixedZone("GST", 4*60*60)
		text := renderText(m, look.Options)
		if *show {
			fmt.Printf("%s", text)
		}
		files = append(files, txtar.File{Name: look.name, Data: []byte(readable.Replace(string(text)))})
	}
	line, err := renderJSON("console:", m)
	if err != nil {
		t.Fatal(err)
	}
	return append(files, txtar.File{Name: "json", Data: line})
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
