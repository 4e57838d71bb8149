// Package spec checks request bodies against Discord's own description of its REST API, an OpenAPI
// document. It says less than Discord enforces: the rest is in the package limits.
package spec

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is the description of the REST API.
type Document struct {
	doc *openapi3.T
}

// Read reads the document.
func Read(text []byte) (*Document, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("reading the description of the REST API: %w", err)
	}
	return &Document{doc}, nil
}

// Corpus reads the document out of api-specs.tar.xz in a directory, and skips the test where that is
// absent.
func Corpus(t testing.TB, dir string) *Document {
	t.Helper()
	archive := filepath.Join(dir, "api-specs.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		t.Skip("no api-specs.tar.xz beside the checkout")
	}
	const name = "api-specs/discord-openapi.json"
	text, err := exec.CommandContext(t.Context(), "tar", "-xJOf", archive, name).Output()
	if err != nil {
		t.Fatalf("unpacking %s: %v", archive, err)
	}
	d, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Check returns what is wrong with a request body. The path is one of the document's, or one with ids in it;
// a version before it is cut off. A body that is a form is checked by what its payload_json says.
func (d *Document) Check(method, path string, body []byte) error {
	op, err := d.operation(method, path)
	if err != nil || op.RequestBody == nil {
		return err
	}
	return d.check(method+" "+path, op.RequestBody.Value.Content, body)
}

// CheckAnswer returns what is wrong with the body of an answer with a status.
func (d *Document) CheckAnswer(method, path string, status int, body []byte) error {
	op, err := d.operation(method, path)
	if err != nil {
		return err
	}
	of := op.Responses.Status(status)
	if of == nil {
		return fmt.Errorf("%s %s is never answered %d", method, path, status)
	}
	return d.check(fmt.Sprintf("%s %s, answered %d", method, path, status), of.Value.Content, body)
}

// check checks JSON against what there is to be, if anything.
func (d *Document) check(what string, content openapi3.Content, body []byte) error {
	kind := content.Get("application/json")
	if kind == nil {
		return nil
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return fmt.Errorf("%s: the body is no JSON: %w", what, err)
	}
	// The keywords that came with OpenAPI 3.1, such as const, are looked at only when asked for.
	err := d.doc.ValidateSchemaJSON(kind.Schema.Value, v, openapi3.MultiErrors(), openapi3.EnableJSONSchema2020())
	if err != nil {
		return fmt.Errorf("%s: %w", what, short(err))
	}
	return nil
}

// operation returns what the document says of a request.
func (d *Document) operation(method, path string) (*openapi3.Operation, error) {
	for _, version := range []string{"/api/v10", "/api/v9"} {
		path = strings.TrimPrefix(path, version)
	}
	path, _, _ = strings.Cut(path, "?")
	item := d.doc.Paths.Value(path)
	if item == nil {
		item = d.doc.Paths.Value(d.template(method, path))
	}
	if item == nil || item.GetOperation(method) == nil {
		return nil, fmt.Errorf("the document has no %s %s", method, path)
	}
	return item.GetOperation(method), nil
}

// template returns the path of the document that fits a path with ids, with the fewest parameters.
func (d *Document) template(method, path string) (best string) {
	parts, least := strings.Split(path, "/"), len(path)
	for _, template := range d.doc.Paths.InMatchingOrder() {
		wanted, n := strings.Split(template, "/"), 0
		if len(wanted) != len(parts) || d.doc.Paths.Value(template).GetOperation(method) == nil {
			continue
		}
		for i, part := range wanted {
			switch {
			case strings.HasPrefix(part, "{") && parts[i] != "":
				n++
			case part != parts[i]:
				n = len(path)
			}
		}
		if n < least {
			best, least = template, n
		}
	}
	return best
}

// short is an error of a schema without the schema, which has hundreds of lines.
func short(err error) error {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case errors.As(err, &many):
		var all []error
		for _, e := range many {
			all = append(all, short(e))
		}
		return errors.Join(all...)
	case errors.As(err, &one):
		inner := ""
		if one.Origin != nil {
			inner = ": " + short(one.Origin).Error()
		}
		return fmt.Errorf("/%s: %s%s", strings.Join(one.JSONPointer(), "/"), one.Reason, inner)
	}
	return err
}
