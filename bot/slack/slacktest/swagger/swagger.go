// Package swagger checks the arguments of Slack's methods against Slack's own description of its Web
// API, an OpenAPI document of version 2. Slack stopped to publish it in 2021: what methods have learnt
// since is written down here.
package swagger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// Document is the description of the Web API.
type Document struct {
	methods map[string]map[string]parameter
}

type parameter struct {
	Name     string `json:"name"`
	In       string `json:"in"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
}

// since are the arguments that methods have got since the document was written.
func since() map[string][]parameter {
	metadata := parameter{Name: "metadata", Type: "string"}
	all := parameter{Name: "include_all_metadata", Type: "boolean"}
	return map[string][]parameter{
		"chat.postMessage":      {metadata},
		"chat.update":           {metadata, {Name: "reply_broadcast", Type: "boolean"}},
		"conversations.history": {all},
		"conversations.replies": {all},
		"conversations.open":    {{Name: "prevent_creation", Type: "boolean"}},
		"conversations.list":    {{Name: "team_id", Type: "string"}},
	}
}

// Read reads the document.
func Read(r io.Reader) (*Document, error) {
	var raw struct {
		Paths map[string]map[string]struct {
			Parameters []parameter `json:"parameters"`
		} `json:"paths"`
	}
	if err := json.NewDecoder(r).Decode(&raw); err != nil {
		return nil, fmt.Errorf("reading the description of the Web API: %w", err)
	}
	d := &Document{methods: make(map[string]map[string]parameter)}
	for path, verbs := range raw.Paths {
		known := make(map[string]parameter)
		for _, verb := range verbs {
			for _, p := range append(verb.Parameters, since()[path[1:]]...) {
				known[p.Name] = p
			}
		}
		d.methods[path[1:]] = known
	}
	return d, nil
}

// Corpus reads the document out of api-specs.tar.xz in a directory, and skips the test where that is
// absent.
func Corpus(t testing.TB, dir string) *Document {
	t.Helper()
	archive := filepath.Join(dir, "api-specs.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		t.Skip("no api-specs.tar.xz beside the checkout")
	}
	const name = "api-specs/slack-web-openapi-v2.json"
	text, err := exec.CommandContext(t.Context(), "tar", "-xJOf", archive, name).Output()
	if err != nil {
		t.Fatalf("unpacking %s: %v", archive, err)
	}
	d, err := Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Knows returns whether the document has a method.
func (d *Document) Knows(method string) bool { return d.methods[method] != nil }

// Check returns what is wrong with the arguments of a method: those that it does not know, those of
// another type, and those that are missing. The token is not looked for.
func (d *Document) Check(method string, args map[string]string) (wrong []string) {
	known := d.methods[method]
	if known == nil {
		return []string{"no such method: " + method}
	}
	for name, value := range args {
		p, ok := known[name]
		switch {
		case !ok:
			wrong = append(wrong, method+" does not know "+name)
		case !p.fits(value):
			wrong = append(wrong, fmt.Sprintf("%s: %s is no %s: %q", method, name, p.Type, value))
		}
	}
	for name, p := range known {
		if _, ok := args[name]; p.Required && !ok && name != "token" {
			wrong = append(wrong, method+" lacks "+name)
		}
	}
	slices.Sort(wrong)
	return wrong
}

func (p parameter) fits(value string) bool {
	var err error
	switch p.Type {
	case "boolean":
		return slices.Contains([]string{"true", "false", "1", "0"}, value)
	case "integer":
		_, err = strconv.Atoi(value)
	case "number":
		_, err = strconv.ParseFloat(value, 64)
	}
	return err == nil
}
