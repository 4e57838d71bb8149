package main

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/bot/console"
	"github.com/tensionwatch/tensionwatch/config"
	"github.com/tensionwatch/tensionwatch/story"
)

// siftScene makes a dry run over a scene of testdata/sift; what it returns prints the items.
func siftScene(t *testing.T, name string) func(console.Options) []byte {
	t.Helper()
	scene, err := txtar.ParseFile("testdata/sift/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Parse("config.toml", scene.Files[0].Data, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	feed := filepath.Join(t.TempDir(), "feed.xml")
	if err := os.WriteFile(feed, scene.Files[1].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	tray, log := newTray(cfg), slog.New(slog.DiscardHandler)
	if err := tray.fill(t.Context(), cfg, []string{feed}, io.Discard, log); err != nil {
		t.Fatal(err)
	}
	if _, err := story.NewDesk(tray, tray, nil, log).Sift(t.Context()); err != nil {
		t.Fatal(err)
	}
	return tray.text
}

// readable shows what a reader of a golden does not see.
var readable = strings.NewReplacer("\x1b", "␛", "\u2068", "⟨", "\u2069", "⟩",
	"\u200e", "⇒", "\u200f", "⇐", "\u200c", "‸", "\u00a0", "⍽")

// TestSiftedText prints the scenes of testdata/sift as a terminal and as a file show them.
func TestSiftedText(t *testing.T) {
	files, err := filepath.Glob("testdata/sift/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenes", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			look := func(look console.Options) []byte {
				return []byte(readable.Replace(string(siftScene(t, name)(look))))
			}
			compareScene(t, file, []txtar.File{
				{Name: "file", Data: look(console.Options{})},
				{Name: "terminal", Data: look(console.Options{Color: true, Width: 60})},
			})
		})
	}
}

// compareScene compares what a scene looks like with the end of its archive.
func compareScene(t *testing.T, file string, got []txtar.File) {
	t.Helper()
	scene, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := *scene
	want.Files = append(want.Files[:2:2], got...)
	if *update {
		if err := os.WriteFile(file, txtar.Format(&want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if w, g := txtar.Format(scene), txtar.Format(&want); string(w) != string(g) {
		t.Errorf("got:\n%s\nwant:\n%s", g, w)
	}
}
