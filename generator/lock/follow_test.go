package lock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// ops reads operations, one a line: METHOD PATH NAME [removed] [?PARAMETER] [.MEMBER].
func ops(text string) []lock.Operation {
	var all []lock.Operation
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		op := lock.Operation{Method: words[0], Path: words[1], Name: words[2], Pos: source.Position{File: "l", Line: len(all) + 1}}
		for _, w := range words[3:] {
			switch w[0] {
			case '?':
				op.Parameters = append(op.Parameters, w[1:])
			case '.':
				op.Answers = append(op.Answers, w)
			default:
				op.Removed = true
			}
		}
		all = append(all, op)
	}
	return all
}

func TestOperationsAreFollowed(t *testing.T) {
	for name, c := range map[string]struct{ locked, now, want string }{
		"the same":                        {"GET /a GetA", "GET /a Other", "GET /a = GetA\n"},
		"a new one":                       {"GET /a GetA", "GET /a GetA\nGET /b GetB", "GET /a = GetA\n"},
		"a segment in front":              {"GET /audit GetA ?from .records", "GET /api/audit X ?from .records", "GET /api/audit = GetA\nl:1: GetA, GET /audit: it is GET /api/audit now: it keeps its name\n"},
		"segments less":                   {"GET /wiki/rest/api/audit GetA", "GET /audit X", "GET /audit = GetA\nl:1: GetA, GET /wiki/rest/api/audit: it is GET /audit now: it keeps its name\n"},
		"a path parameter renamed":        {"GET /a/{id} GetA", "GET /a/{key} X", "GET /a/{key} = GetA\nl:1: GetA, GET /a/{id}: it is GET /a/{key} now: it keeps its name\n"},
		"moved, a path parameter renamed": {"GET /a/{id} GetA", "GET /v2/a/{key} X", "GET /v2/a/{key} = GetA\nl:1: GetA, GET /a/{id}: it is GET /v2/a/{key} now: it keeps its name\n"},
		"another method":                  {"GET /a GetA", "PUT /v2/a X", "gone GET /a GetA\nl:1: GetA, GET /a: no document has it any longer: its name stays reserved\n"},
		"part of a segment":               {"GET /a GetA", "GET /aa X", "gone GET /a GetA\nl:1: GetA, GET /a: no document has it any longer: its name stays reserved\n"},
		"nothing but a parameter":         {"GET /{id} GetA", "GET /a/{id} X", "gone GET /{id} GetA\nl:1: GetA, GET /{id}: no document has it any longer: its name stays reserved\n"},
		"other parameters":                {"GET /a GetA ?a ?b", "GET /v2/a X ?c ?d", "gone GET /a GetA\nl:1: GetA, GET /a: no document has it any longer: its name stays reserved\n"},
		"half of the parameters":          {"GET /a GetA ?a ?b", "GET /v2/a X ?a ?b ?c ?d", "GET /v2/a = GetA\nl:1: GetA, GET /a: it is GET /v2/a now: it keeps its name\n"},
		"other responses":                 {"GET /a GetA .a .b", "GET /v2/a X .c .d", "gone GET /a GetA\nl:1: GetA, GET /a: no document has it any longer: its name stays reserved\n"},
		"a response that was unknown":     {"GET /a GetA", "GET /v2/a X .c .d", "GET /v2/a = GetA\nl:1: GetA, GET /a: it is GET /v2/a now: it keeps its name\n"},
		"two new ones": {"GET /a GetA", "GET /b/a X\nGET /c/a Y",
			"gone GET /a GetA\nl:1: GetA, GET /a: it may be GET /b/a or GET /c/a now: it counts as removed; to choose one, write its path here without removed, and delete the entry of that path\n"},
		"two old ones": {"GET /b/a GetB\nGET /c/a GetC", "GET /a X",
			"gone GET /b/a GetB\ngone GET /c/a GetC\nl:1: GetB, GET /b/a: it may be GET /a now, and so may others: it counts as removed; to choose one, write its path here without removed, and delete the entry of that path\n" +
				"l:2: GetC, GET /c/a: it may be GET /a now, and so may others: it counts as removed; to choose one, write its path here without removed, and delete the entry of that path\n"},
		"too many new ones": {"GET /a GetA", "GET /b/a/{1} X\nGET /a/{1} X1\nGET /a/{2} X2\nGET /a/{3} X3\nGET /a/{4} X4\nGET /a/{5} X5\nGET /a/{6} X6\nGET /a/{7} X7\nGET /a/{8} X8\nGET /a/{9} X9",
			"gone GET /a GetA\nl:1: GetA, GET /a: no document has it any longer: its name stays reserved\n"},
		"another version, the same name":    {"GET /rest/2/a GetA ?a .b", "GET /rest/3/a GetA ?a .b", "GET /rest/3/a = GetA\nl:1: GetA, GET /rest/2/a: it is GET /rest/3/a now: it keeps its name\n"},
		"another version, another name":     {"GET /rest/2/a GetA ?a .b", "GET /rest/3/a GetB ?a .b", "gone GET /rest/2/a GetA\nl:1: GetA, GET /rest/2/a: no document has it any longer: its name stays reserved\n"},
		"another version, more parameters":  {"GET /rest/2/a GetA ?a .b", "GET /rest/3/a GetA ?a ?c .b", "gone GET /rest/2/a GetA\nl:1: GetA, GET /rest/2/a: no document has it any longer: its name stays reserved\n"},
		"another version, more in the path": {"GET /rest/2/a GetA", "GET /rest/3/a/{id} GetA", "gone GET /rest/2/a GetA\nl:1: GetA, GET /rest/2/a: no document has it any longer: its name stays reserved\n"},
		"both versions":                     {"GET /rest/2/a GetA", "GET /rest/2/a GetA\nGET /rest/3/a GetA", "GET /rest/2/a = GetA\n"},
		"removed before":                    {"GET /a GetA removed", "GET /b GetB", "gone GET /a GetA\n"},
		"removed and back":                  {"GET /a GetA removed", "GET /a X", "GET /a = GetA\nl:1: GetA, GET /a: it is back: it gets its old name back\n"},
		"removed and back elsewhere":        {"GET /a GetA removed", "GET /v2/a X", "GET /v2/a = GetA\nl:1: GetA, GET /a: it is GET /v2/a now: it keeps its name\n"},
		"removed ones come last":            {"GET /a GetA removed\nGET /b/a GetB", "GET /c/b/a X", "GET /c/b/a = GetB\ngone GET /a GetA\nl:2: GetB, GET /b/a: it is GET /c/b/a now: it keeps its name\n"},
		"two that swapped paths":            {"GET /a GetA\nGET /b GetB", "GET /b GetA\nGET /a GetB", "GET /b = GetB\nGET /a = GetA\n"},
	} {
		t.Run(name, func(t *testing.T) {
			now := ops(c.now)
			followed := lock.Follow(ops(c.locked), now)
			var got strings.Builder
			for i, pin := range followed.Pins {
				if pin != nil {
					fmt.Fprintf(&got, "%s %s = %s\n", now[i].Method, now[i].Path, pin.Name)
					if pin.Path != now[i].Path || pin.Removed {
						t.Errorf("the pin of %s says %+v", now[i].Path, pin)
					}
				}
			}
			for _, gone := range followed.Gone {
				fmt.Fprintf(&got, "gone %s %s %s\n", gone.Method, gone.Path, gone.Name)
				if !gone.Removed {
					t.Errorf("%s is gone and not removed", gone.Path)
				}
			}
			for _, note := range followed.Notes {
				fmt.Fprintln(&got, note)
			}
			if diff := cmp.Diff(c.want, got.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// BenchmarkFollow moves every operation, among others with similar paths.
func BenchmarkFollow(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var locked, now []lock.Operation
			for i := range n {
				op := lock.Operation{Method: "GET", Path: fmt.Sprintf("/things/%d/{id}", i), Name: fmt.Sprintf("GetThing%d", i), Parameters: []string{"query a"}, Answers: []string{".b"}}
				locked = append(locked, op)
				op.Path = "/rest/api" + op.Path
				now = append(now, op)
			}
			for b.Loop() {
				if got := lock.Follow(locked, now); len(got.Gone) > 0 {
					b.Fatalf("%d are gone", len(got.Gone))
				}
			}
		})
	}
}
