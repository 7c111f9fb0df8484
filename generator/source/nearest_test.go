package source_test

import (
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestTheNearestWordIsSuggested(t *testing.T) {
	known := []string{"package", "out", "include", "exclude", "sources", strings.Repeat("x", 299)}
	for word, want := range map[string]string{
		"includes": "include", "inlcude": "include", "Include": "include", "excldue": "exclude", "source": "sources",
		"pakage": "package", "otu": "out", "pack": "package", "zebra": "", "x": "", "": "", strings.Repeat("include", 20): "",
		strings.Repeat("x", 300): "",
	} {
		if got := source.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
