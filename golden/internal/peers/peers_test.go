package peers

import (
	"errors"
	"strings"
	"testing"
)

func TestTheReasonIsTheFirstLineThatIsNotANote(t *testing.T) {
	failed := errors.New("exit status 1")
	for name, c := range map[string]struct{ out, want string }{
		"downloads and packages": {"go: downloading example.com/a v1.0.0\n# example.com/a\na.go:1:1: no\nmore", "a.go:1:1: no"},
		"a log before it":        {"INFO\tconvenient\tnot available\n\n  - spec.json:3:2 -> unsupported\n", "- spec.json:3:2 -> unsupported"},
		"a line below a heading": {"The document is invalid. See errors :\n- .swagger in body is required\n", "- .swagger in body is required"},
		"no output":              {"\n", "exit status 1"},
		"a long line":            {strings.Repeat("ü", 300), strings.Repeat("ü", 200) + "..."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Reason(c.out, failed); got != c.want {
				t.Errorf("-want +got\n-%s\n+%s", c.want, got)
			}
		})
	}
}
