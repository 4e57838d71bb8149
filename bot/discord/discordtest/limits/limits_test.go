package limits

import (
	"encoding/json"
	"testing"
)

// TestNested asserts that mistakes stand where they were made, several at one place and at several.
func TestNested(t *testing.T) {
	m := &mistakes{}
	m.add("", "A", "whole")
	m.add("/embeds/0/title", "B", "%d", 1)
	m.add("/embeds/0/title", "C", "two")
	m.add("embeds", "D", "sum")
	const want = `{"code":50035,"errors":{"_errors":[{"code":"A","message":"whole"}],` +
		`"embeds":{"0":{"title":{"_errors":[{"code":"B","message":"1"},{"code":"C","message":"two"}]}},` +
		`"_errors":[{"code":"D","message":"sum"}]}},"message":"Invalid Form Body"}`
	got, err := json.Marshal(m.refusal().JSON())
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
	if (&mistakes{}).refusal() != nil {
		t.Error("nothing is wrong, and refused")
	}
}

func TestLength(t *testing.T) {
	for s, want := range map[string]int{"": 0, "é": 1, "سلام": 4, "😀": 2, "👨‍👩‍👧": 8} {
		if got := Length(s); got != want {
			t.Errorf("%q has %d, want %d", s, got, want)
		}
	}
}

// TestRefuse asserts that each code has words and a status.
func TestRefuse(t *testing.T) {
	for code, e := range refusals() {
		if e.Status < 400 || e.Message == "" {
			t.Errorf("%d: %d %q", code, e.Status, e.Message)
		}
	}
	if e := Refuse(Unauthorized); e.Status != 401 || e.Code != 0 {
		t.Errorf("a bad token: %v", e)
	}
}
