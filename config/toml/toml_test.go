package toml

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFill(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("unix", "s3cret\n")
	write("windows", "s3cret\r\n")
	write("blank lines", "s3cret\n\n")
	write("long", strings.Repeat("x", maxSecret+1))
	env := map[string]string{"A": "1", "B_2": "${A}", "EMPTY": ""}
	f := filler{func(name string) string { return env[name] }, folder}
	for _, tc := range []struct{ written, want, mistake string }{
		{"plain $ { } $$", "plain $ { } $$", ""},
		{"${A}", "1", ""},
		{"a${A}b${A}", "a1b1", ""},
		{"${B_2}", "${A}", ""}, // what comes in is not filled again
		{"${UNSET}${EMPTY}", "", ""},
		{"$${A}", "${A}", ""},
		{"$$${A}", "$${A}", ""},
		{"${file:unix}", "s3cret", ""},
		{"${file:windows}", "s3cret", ""},
		{"${file:blank lines}", "s3cret\n", ""},
		{"${file:" + filepath.Join(folder, "unix") + "}", "s3cret", ""},
		{"${file:none}", "", "no such file"},
		{"${file:.}", "", "wants a file"},
		{"${file:long}", "", "at most 64 KiB"},
		{"${A", "", "not closed"},
		{"${}", "", "names no variable"},
		{"${A:-1}", "", "names no variable"},
		{"${A}${!}", "1", "names no variable"},
	} {
		got, err := f.all(tc.written)
		switch {
		case tc.mistake == "" && err != nil:
			t.Errorf("%q: %v", tc.written, err)
		case tc.mistake != "" && (err == nil || !strings.Contains(err.Error(), tc.mistake)):
			t.Errorf("%q: error %v, want %q", tc.written, err, tc.mistake)
		case got != tc.want:
			t.Errorf("%q became %q, want %q", tc.written, got, tc.want)
		}
	}
}

func TestVariables(t *testing.T) {
	got := strings.Join(Variables("${A} $${B} ${file:C} ${D_1}"), " ")
	if want := "A D_1"; got != want {
		t.Errorf("variables %q, want %q", got, want)
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"schedule", "workers", "timeout"}
	for wrong, want := range map[string]string{
		"shedule":  `did you mean "schedule"?`,
		"Schedule": `did you mean "schedule"?`,
		"tiemout":  `did you mean "timeout"?`,
		"colour":   "known are schedule, workers, timeout",
		"":         "known are schedule, workers, timeout",
	} {
		if got := Suggest(wrong, known); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", wrong, got, want)
		}
	}
	if got, want := Suggest("x", nil), "nothing is known here"; got != want {
		t.Errorf("Suggest of nothing = %q, want %q", got, want)
	}
}

// The number of slips is a metric, and no more than the letters of the longer word.
func TestDistanceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abش]{0,6}`)
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (a == b) {
			t.Fatalf("distance(%q, %q) = %d is no metric", a, b, d)
		}
		if d > distance(a, c)+distance(c, b) || d > max(len([]rune(a)), len([]rune(b))) {
			t.Fatalf("distance(%q, %q) = %d is too far", a, b, d)
		}
	})
}

// Columns count characters, and a mistake is placed in its line whatever the line ends are.
func TestPlaces(t *testing.T) {
	for _, text := range []string{
		"\ufeffa = 'ش'\nb = { 'ش' = 1 }\n",
		"a = 'ش'\r\nb = { 'ش' = 1 }\r\n",
	} {
		var a string
		d := Parse("x.toml", []byte(text), os.Getenv)
		d.Read([]Key{
			May("a", OneOf(&a, "b")),
			May("b", Section([]Key{May("c", Text(&a))})),
		})
		want := "x.toml:1:5: a: \"ش\" is not known: did you mean \"b\"?\n" +
			"x.toml:2:7: unknown key \"ش\" in [b]: did you mean \"c\"?"
		if got := d.Mistakes().Error(); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// However a document is broken at one place, the keys of the sections behind it are read.
func TestReadingGoesOn(t *testing.T) {
	for _, broken := range []string{
		"x", "x =", "= 1", "x = [", "x = ['a',\n'b'", "x = {", "x = {\ny = 1", `x = "a`, "x = 'a",
		`x = "\q"`, "x = 1 2", "x = 01", "x = tru", "[x", "[[x]", "[x]]", "x = \"a\xff\"", "x..y = 1",
		"x = 1\r", "x = '''", "# \x01\nx",
	} {
		var after string
		d := Parse("x.toml", []byte(broken+"\n[last]\nkey = 'seen'\n"), os.Getenv)
		d.Read([]Key{May("last", Section([]Key{May("key", Text(&after))}))})
		if len(d.Mistakes()) == 0 || after != "seen" {
			t.Errorf("%q: read %q behind it, mistakes: %v", broken, after, d.Mistakes())
		}
	}
}
