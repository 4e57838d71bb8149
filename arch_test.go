package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tensionwatch/tensionwatch"

// floors lists the packages, lowest first, with the sentence that says why each is there. A package
// imports only what stands on a lower floor.
var floors = [][]room{
	{{"schedule", "when a thing is due has nothing to do with what the thing is"}},
	{{"feeds/charset", "what a text is written in is settled before it is read"}},
	{
		{"feeds/mend", "what is broken is put right before a parser sees it"},
		{"feeds/dates", "when something was, in whatever words, is a matter of languages"},
	},
	{{"feeds/syndication", "bytes become plain text before anything is decided about them"}},
	{{"feeds/opml", "a list of feeds is known by its addresses, before any of them is asked"}},
	{
		{"feeds/article", "finding the article on a page has nothing to do with the feed that links to it"},
		{"feeds/fetch", "how the world is asked has nothing to do with when, or with what becomes of it"},
	},
	{
		{"feeds/manners", "when a server may be asked is decided without asking it"},
		{"feeds/wording", "whether words say something new has nothing to do with where they are kept"},
	},
	{{"feeds", "what the outside world sends ends here: past it there are only items"}},
	{{"rules/words", "when two spellings are one word is a matter of scripts, not of rules"}},
	{{"rules/inflect", "when two words are forms of one is a matter of languages, a room each"}},
	{{"rules/names", "the spellings of a name are knowledge of the world, not of rules"}},
	{{"rules/query", "the language is read and printed without being matched"}},
	{{"rules/page", "a document is read once, whatever is asked of it"}},
	{{"rules/terms", "what stands on a page is recognised before anything is decided"}},
	{{"rules/index", "which rules hold is decided on terms, wherever they come from"}},
	{{"rules", "which items matter is what the product exists for, and knows nothing of feeds"}},
	{{"story", "items about one event become one story"}},
	{{"bot", "stories told to channels, whatever the platform"}},
	{
		{"bot/clean", "what others wrote is made safe to show, whatever shows it"},
		{"bot/seen", "what was told already is known without knowing who told it"},
		{"bot/retry", "how long to wait has nothing to do with whom one waits for"},
	},
	{
		{"bot/slack/mrkdwn", "what Slack would act on in a text is known before a message is laid out"},
		{"bot/discord/discordtest/limits", "what Discord refuses is Discord's affair, whoever asks"},
		{"bot/discord/discordtest/spec", "how Discord describes its routes is a document, and no behaviour"},
		{"bot/slack/slacktest/limits", "what Slack refuses is Slack's affair, whoever asks"},
		{"bot/slack/slacktest/seen", "what a reader sees of a message has nothing to do with who posted it"},
		{"bot/slack/slacktest/swagger", "how Slack describes its methods is a document, and no behaviour"},
	},
	{
		{"bot/commands/typed", "what was typed is understood before anything is known of what there is"},
		{"bot/commands/backtest", "what a rule would have matched is a question about items alone"},
		{"bot/discord/discordtest/seen", "what a reader sees of a message; of its controls it knows what Discord says"},
		{"bot/discord/api", "what Discord's answers mean does not depend on what was asked"},
		{"bot/discord/embeds", "a message as Discord shows it, decided without talking to Discord"},
		{"bot/slack/blocks", "a message as Slack shows it, decided without talking to Slack"},
		{"bot/slack/api", "what Slack's answers mean does not depend on what was asked"},
		{"bot/platformtest", "what every platform must do is said once"},
	},
	{
		{"bot/discord/gateway", "how Discord is heard has nothing to do with what it says"},
		{"bot/discord/visit", "what people did is the same, however Discord tells of it"},
		{"bot/slack/socket", "how Slack is heard has nothing to do with what it says"},
		{"bot/slack/visit", "what people did is the same, however Slack tells of it"},
	},
	{
		{"bot/discord/places", "where the bot can be is worked out from what is told of places"},
		{"bot/discord/slash", "what Discord offers to type is made of the table that everybody's commands are in"},
		{"bot/discord/talk", "what is said in Discord is the same, however Discord is heard"},
		{"bot/slack/signed", "who may call is settled before anything is done"},
		{"bot/slack/team", "what can be done in one workspace has nothing to do with how many there are"},
	},
	{{"bot/discord/signed", "who may call is settled before anything is done"}},
	{{"bot/commands/answer", "how answers are worded is settled apart from what is done"}},
	{{"bot/commands", "what people ask for is answered alike on every platform"}},
	{
		{"store", "all memory; above the stages, because it satisfies their interfaces"},
		{"web", "what is asked over HTTP"},
		{"bot/console", "a platform: the terminal"},
		{"bot/slack", "a platform: Slack"},
		{"bot/discord", "a platform: Discord"},
		{"bot/discord/discordtest", "a Discord for tests, which shares nothing with the bot it tests"},
		{"bot/slack/slacktest", "a Slack for tests, which shares nothing with the bot it tests"},
	},
	{{"config/toml", "a text taken apart with places; it knows nothing of what is configured"}},
	{{"config", "every mistake of every section is found in one place"}},
	{
		{".", "the program: commands and wiring"},
		{"bot/slack/preview", "pictures of what Slack shows, for people to look at"},
	},
}

type room struct{ dir, why string }

// sourceFile is a Go file that is not a test.
type sourceFile struct {
	dir    string
	parsed *ast.File
	places *token.FileSet
}

func (f sourceFile) line(p token.Pos) int { return f.places.Position(p).Line }

func sourceFiles(t *testing.T) (files []sourceFile) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if _, err := os.Stat(path.Join(name, "go.mod")); d.IsDir() && name != "." && err == nil {
			return fs.SkipDir // a module of its own
		}
		if d.IsDir() && (d.Name() == "testdata" || (name != "." && d.Name()[0] == '.')) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		places := token.NewFileSet()
		parsed, err := parser.ParseFile(places, name, nil, parser.ParseComments)
		files = append(files, sourceFile{path.Dir(name), parsed, places})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func floorOf(dir string) int {
	return slices.IndexFunc(floors, func(floor []room) bool {
		return slices.ContainsFunc(floor, func(r room) bool { return r.dir == dir })
	})
}

// TestImportsGoDown asserts that each package imports lower floors only.
func TestImportsGoDown(t *testing.T) {
	for _, f := range sourceFiles(t) {
		floor := floorOf(f.dir)
		if floor < 0 {
			t.Errorf("package %s has no floor: give it a line in floors, with one sentence why", f.dir)
		}
		for _, spec := range f.parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			dir, ours := strings.CutPrefix(imported, module+"/")
			if ours && floorOf(dir) >= floor {
				t.Errorf("%s imports %s, which is not on a lower floor", f.dir, dir)
			}
		}
	}
}

// TestFloorsExist asserts that the table says nothing of packages that are gone.
func TestFloorsExist(t *testing.T) {
	files := sourceFiles(t)
	for _, floor := range floors {
		for _, r := range floor {
			if r.why == "" {
				t.Errorf("%s: say why the package is there", r.dir)
			}
			if !slices.ContainsFunc(files, func(f sourceFile) bool { return f.dir == r.dir }) {
				t.Errorf("%s has a floor and no files", r.dir)
			}
		}
	}
}

// TestOnePackageComment asserts that exactly one file of each package says what it is for.
func TestOnePackageComment(t *testing.T) {
	comments := make(map[string]int)
	for _, f := range sourceFiles(t) {
		comments[f.dir] += 0
		if f.parsed.Doc != nil {
			comments[f.dir]++
		}
	}
	for dir, n := range comments {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one", dir, n)
		}
	}
}

// TestNoInit asserts that nothing happens before main.
func TestNoInit(t *testing.T) {
	for _, f := range sourceFiles(t) {
		for _, decl := range f.parsed.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", f.dir)
			}
		}
	}
}

// TestFunctionsAreShort asserts that no function is over 70 lines and that half of them have at
// most ten.
func TestFunctionsAreShort(t *testing.T) {
	var lengths []int
	for _, f := range sourceFiles(t) {
		for _, decl := range f.parsed.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := f.line(fn.End()) - f.line(fn.Pos()) + 1
			lengths = append(lengths, n)
			if n > 70 {
				t.Errorf("%s: %s has %d lines: cut it", f.dir, fn.Name.Name, n)
			}
		}
	}
	slices.Sort(lengths)
	if median := lengths[len(lengths)/2]; median > 10 {
		t.Errorf("the median function has %d lines, want at most 10", median)
	}
}

// tallRooms are the packages that hold more than a package should, and why they are not cut.
var tallRooms = map[string]string{
	".":                       "a file for each command beside the wiring; the dry run would be the first to part",
	"bot":                     "the words that platforms, commands and store share stand beside the courier",
	"bot/commands":            "one table, a file for each family of commands and the contract with the store; the words of the table would be the first to part",
	"bot/discord/discordtest": "one world under one lock: REST, gateway, people; the gateway would be the first to part",
	"bot/slack/slacktest":     "a whole service; what it is told would be the first to part",
	"rules/terms":             "five kinds of terms found through one table; expressions would be the first to part",
	"store":                   "all memory behind one interface for each stage; a third of its lines are SQL",
}

// TestPackagesAreSmall asserts that no package has more than 900 lines of code without a reason.
func TestPackagesAreSmall(t *testing.T) {
	lines := make(map[string]int)
	for _, f := range sourceFiles(t) {
		text, err := os.ReadFile(f.places.File(f.parsed.Pos()).Name())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
				lines[f.dir]++
			}
		}
	}
	for dir, n := range lines {
		if _, excused := tallRooms[dir]; n > 900 && !excused {
			t.Errorf("%s has %d lines of code: cut it, or say why not in tallRooms", dir, n)
		}
		if n <= 900 && tallRooms[dir] != "" {
			t.Errorf("%s has %d lines of code and needs no excuse any more", dir, n)
		}
	}
}
