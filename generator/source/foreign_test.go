package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestALineOfAnErrorIsShortWhateverItQuotes(t *testing.T) {
	for _, quoted := range []string{strings.Repeat("long ", 20_000), strings.Repeat("é☃😀", 20_000), strings.Repeat("\xff\u202e", 20_000)} {
		e := &source.Error{Pos: source.Position{File: quoted, Line: 3}, Where: quoted, What: quoted + " is wrong", Do: "correct " + quoted}
		got := e.Error()
		if n := utf8.RuneCountInString(got); n > 4000 || !strings.Contains(got, " … ") || strings.ContainsAny(got, "\u202e\n") {
			t.Errorf("%d characters: %.100s", n, got)
		}
		if !strings.Contains(got, " is wrong: correct ") {
			t.Errorf("the end of a part is lost: %.3000s", got)
		}
	}
	if e := (&source.Error{What: "it is wrong", Do: "correct it"}); e.Error() != "it is wrong: correct it" {
		t.Errorf("got %s", e)
	}
}
