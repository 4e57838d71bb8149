package toml

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxSecret is how much a ${file:…} may hold: keys and tokens are far below it.
const maxSecret = 64 << 10

// filler replaces ${NAME} by what the environment says and ${file:PATH} by what the file holds.
type filler struct {
	env    func(string) string
	folder string // of the config: relative paths begin there
}

// reference is a $${, which stands for ${ itself, or a ${ with what follows up to its brace.
var reference = regexp.MustCompile(`\$\$\{|\$\{([^{}]*)\}?`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// all returns the text with its references replaced; an unset variable is empty. The error is that
// of the first wrong reference and quotes nothing but paths: a stray ${ may be part of a password.
func (f filler) all(written string) (string, error) {
	var first error
	filled := reference.ReplaceAllStringFunc(written, func(ref string) string {
		value, err := f.value(ref)
		first = cmp.Or(first, err)
		return value
	})
	return filled, first
}

func (f filler) value(ref string) (string, error) {
	if ref == "$${" {
		return "${", nil
	}
	name, closed := strings.CutSuffix(strings.TrimPrefix(ref, "${"), "}")
	path, isFile := strings.CutPrefix(name, "file:")
	switch {
	case !closed:
		return "", errors.New("a ${ is not closed: write ${NAME}, or $${ for the text ${")
	case isFile:
		return f.file(path)
	case variableName.MatchString(name):
		return f.env(name), nil
	}
	return "", errors.New("a ${…} names no variable: write ${NAME} or ${file:PATH}, " +
		"or $${ for the text ${")
}

// file returns what a file holds without the line break at its end.
func (f filler) file(path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.folder, path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("cannot look at the file of a ${file:…}: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxSecret {
		return "", fmt.Errorf("${file:…} wants a file of at most %d KiB: %s is not one",
			maxSecret>>10, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read the file of a ${file:…}: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
}

// Variables names the environment variables that a text refers to.
func Variables(written string) []string {
	var names []string
	for _, ref := range reference.FindAllStringSubmatch(written, -1) {
		if variableName.MatchString(ref[1]) {
			names = append(names, ref[1])
		}
	}
	return names
}
