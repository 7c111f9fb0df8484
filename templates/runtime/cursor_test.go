package runtime

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheNextLinkIsFoundAmongOthers(t *testing.T) {
	for _, test := range []struct {
		name  string
		links []string
		want  string
	}{
		{"no header", nil, ""},
		{"one link", []string{`</x?cursor=a>; rel="next"`}, "/x?cursor=a"},
		{"without quotes", []string{`</x>;rel=next`}, "/x"},
		{"in capitals", []string{`</x>; REL="NEXT"`}, "/x"},
		{"several relations", []string{`</x>; rel="last next"`}, "/x"},
		{"another parameter first", []string{`</x>; title="next"; rel="next"`}, "/x"},
		{"behind another link", []string{`</p>; rel="prev", </n>; rel="next"`}, "/n"},
		{"in a header of its own", []string{`</p>; rel="prev"`, `</n>; rel="next"`}, "/n"},
		{"a comma and a semicolon in the target", []string{`</x?a=1,2;3>; rel="next"`}, "/x?a=1,2;3"},
		{"only others", []string{`</p>; rel="prev", </l>; rel="nextish"`}, ""},
		{"not closed", []string{`</x; rel="next"`}, ""},
		{"no target", []string{`rel="next"`}, ""},
		{"nothing", []string{``, `<>`, `,`, `<`}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := nextLink(http.Header{"Link": test.links}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// cursorPages are three pages, the second of them empty; follow says how one leads to the next.
func cursorPages(follow func(p *page, at Position, next string)) *Pager[string] {
	return newPager[string](Position{}, openEnd, func(_ context.Context, at Position) (page, error) {
		items := map[string][]string{"": {"a", "b"}, "2": {}, "3": {"c", "d"}}[at.Cursor]
		pg := valuePage("", items)
		follow(&pg, at, map[string]string{"": "2", "2": "3"}[at.Cursor])
		return pg, nil
	})
}

func TestCursorsOfAnyKindAreFollowedAndResumed(t *testing.T) {
	for name, follow := range map[string]func(p *page, at Position, next string){
		"token": func(p *page, at Position, next string) { p.followToken(at, next) },
		"link": func(p *page, at Position, next string) {
			p.followCursor(at, map[bool]string{true: "https://evil.example/?limit=1&c=" + next + "#x"}[next != ""], "c")
		},
		"header": func(p *page, at Position, next string) {
			p.followHeader(at, http.Header{"Link": {map[bool]string{true: `</y?c=` + next + `>; rel="next"`}[next != ""]}}, "c")
		},
	} {
		t.Run(name, func(t *testing.T) {
			for stop := 1; stop <= 4; stop++ {
				p := cursorPages(follow)
				got, err := walkThrough(t.Context(), p, stop, func(s *string) string { return *s })
				if err != nil {
					t.Fatal(err)
				}
				rest, err := walkThrough(t.Context(), cursorPages(follow).From(p.Position()), -1, func(s *string) string { return *s })
				if diff := cmp.Diff([]string{"a", "b", "c", "d"}, append(got, rest...)); diff != "" || err != nil {
					t.Errorf("stop %d: %v (-want +got):\n%s", stop, err, diff)
				}
			}
		})
	}
}

func TestALinkWithoutItsCursorIsNoEnd(t *testing.T) {
	p := cursorPages(func(p *page, at Position, _ string) { p.followCursor(at, "/x?limit=1", "c") })
	got, err := walkThrough(t.Context(), p, -1, func(s *string) string { return *s })
	if !errors.Is(err, ErrRepeatedPage) || strings.Join(got, "") != "ab" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestTheAnswersOwnWordOnItsEndCounts(t *testing.T) {
	for _, test := range []struct {
		text  string
		items []string
		want  bool
	}{
		{`{"flag":true}`, []string{"a", "b"}, false},
		{`{"flag":false}`, []string{"a"}, true},
		{`{"flag":false}`, nil, false},
		{`{"flag":null}`, []string{"a", "b"}, true},
		{`{"flag":"yes"}`, []string{"a"}, false},
		{`{}`, []string{"a", "b"}, true},
	} {
		s := decoded[Sample](t, test.text)
		pg := valuePage("", test.items)
		pg.advance(Position{}, true, 2)
		pg.lastSaid(&s.JSON, "flag", s.Flag)
		if pg.more != test.want {
			t.Errorf("%s with %d items: more is %v", test.text, len(test.items), pg.more)
		}
	}
}

func TestACursorGoesOutUnderItsNameAndTheAnswerIsWatched(t *testing.T) {
	var query string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		rw.Header().Set("Link", `</x?after=canary-token>; rel="next"`)
		answers(200, `{}`)(rw, r)
	})
	var caller, own Response
	opts := []CallOption{WithResponse(&caller)}
	at := Position{Cursor: "a b+c"}
	_, err := w.GetAuditRecords(t.Context(), &GetAuditRecordsParams{SearchString: "s"}, watched(at.optionsAs("searchString", opts), &own)...)
	if err != nil || query != "searchString=a%20b%2Bc" || caller.StatusCode != 200 || len(opts) != 1 {
		t.Errorf("%v: query %s, response %+v", err, query, caller)
	}
	// What a server repeats of the credentials is hidden from the caller, but it may be part of a cursor.
	if got := nextLink(own.Header); got != "/x?after=canary-token" || strings.Contains(caller.Header.Get("Link"), "canary") {
		t.Errorf("watched %q, the caller sees %q", got, caller.Header.Get("Link"))
	}
	if got := (Position{}).optionsAs("searchString", opts); len(got) != 1 {
		t.Errorf("without a cursor: %d options", len(got))
	}
}
