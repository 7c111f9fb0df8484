//lint:file-ignore SA1019 The operation is deprecated on purpose, to see the effect.

package parameters_test

import (
	"cmp"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	parameters "github.com/seed-1954497d/auditgen/golden/parameters/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

type params = parameters.GetThingsParams

// ask sends one request and returns it as it arrived.
func ask(t *testing.T, kind parameters.GetThingsKind, number int64, p *params, opts ...rest.CallOption) try.Request {
	t.Helper()
	if p == nil {
		p = &params{}
	}
	p.Q = cmp.Or(p.Q, "w")
	s := try.Serve(t, try.JSON(`["a", "b"]`))
	got, err := newClient(t, s).GetThings(t.Context(), kind, number, p, opts...)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "answer", got, []string{"a", "b"})
	return s.Only(t)
}

func newClient(t *testing.T, s *try.Server) *parameters.Client {
	t.Helper()
	c, err := parameters.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestARequiredParameterWithoutAValueIsAnError(t *testing.T) {
	for _, p := range []*params{nil, {}, {Type: "x"}} {
		s := try.Serve(t)
		_, err := newClient(t, s).GetThings(t.Context(), "a", 1, p)
		if want := "GET /things/{kind}/{number}: parameter q is required and empty"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}

func TestEachParameterIsWrittenInItsStyle(t *testing.T) {
	cases := []struct {
		name   string
		params *params
		want   string
	}{
		{"nothing else than the required one", &params{}, "q=w"},
		{"text", &params{Q: "word", Type: "x"}, "q=word&type=x"},
		{"an exploded list", &params{Expand: []string{"a", "b,c", "d&e"}}, "q=w&expand=a&expand=b%2Cc&expand=d%26e"},
		{"an empty list is not sent", &params{Expand: []string{}, IDs: []int64{}, Piped: []string{}}, "q=w"},
		{"a list with commas", &params{IDs: []int64{1, -2, 9007199254740993}}, "q=w&ids=1,-2,9007199254740993"},
		{"a list of one", &params{IDs: []int64{0}}, "q=w&ids=0"},
		{"a list with pipes", &params{Piped: []string{"a", "b c", "d&e"}}, "q=w&piped=a%7Cb%20c%7Cd%26e"},
		{"a fraction", &params{Ratio: new(0.25)}, "q=w&ratio=0.25"},
		{"a fraction that is zero", &params{Ratio: new(0.0)}, "q=w&ratio=0"},
		{"false is sent if it is set", &params{Archived: new(false)}, "q=w&archived=false"},
		{"true", &params{Archived: new(true)}, "q=w&archived=true"},
		{"a listed word", &params{OrderBy: parameters.GetThingsOrderByMinusName}, "q=w&order-by=-name"},
		{"an unlisted word", &params{OrderBy: "age desc"}, "q=w&order-by=age%20desc"},
		{"a time is sent in UTC", &params{Since: time.Date(2026, 3, 1, 12, 30, 0, 5e6, time.FixedZone("", 2*3600))},
			"q=w&since=2026-03-01T10%3A30%3A00.005Z"},
		{"a number that is zero", &params{Old: new(int64(0))}, "q=w&old=0"},
		{"all at once", &params{
			Q: "q", Type: "t", Expand: []string{"e"}, IDs: []int64{1, 2}, Piped: []string{"p"}, Ratio: new(1.5), Archived: new(true),
			OrderBy: parameters.GetThingsOrderByName, Since: time.UnixMilli(0), Old: new(int64(7)),
		}, "q=q&type=t&expand=e&ids=1,2&piped=p&ratio=1.5&archived=true&order-by=name&since=1970-01-01T00%3A00%3A00Z&old=7"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := ask(t, parameters.GetThingsKindBig, 7, c.params)
			try.Equal(t, "path", r.Path, "/things/big/7")
			try.Equal(t, "query", r.Query, c.want)
			try.Equal(t, "headers", []string{r.Header.Get("X-Trace"), r.Header.Get("Cookie")}, []string{"", ""})
		})
	}
}

// odd are texts with a meaning in some part of a URL.
var odd = []string{
	"a b", "a+b", "a/b", "a\\b", "a?b", "a#b", "a%b", "%2F", "%2e%2e", "a&b=c", "a;b", "a,b", "a:b@c", "a|b", "..a", "...", " ", "~",
	"(a)*'!$", "[a]", "{q}", "über", "日本", "🙂", "\"a\"", "<a>", "^`", "a\tb", "\u0000",
}

func TestOddTextsArriveUnchangedInThePath(t *testing.T) {
	for _, text := range odd {
		t.Run(text, func(t *testing.T) {
			r := ask(t, parameters.GetThingsKind(text), 7, nil)
			segments := strings.Split(r.Path, "/")
			if len(segments) != 4 {
				t.Fatalf("%s has %d segments, want 3", r.Path, len(segments)-1)
			}
			got, err := url.PathUnescape(segments[2])
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "kind", got, text)
			try.Equal(t, "number", segments[3], "7")
			try.Equal(t, "query", r.Query, "q=w")
		})
	}
}

func TestOddTextsArriveUnchangedInTheQuery(t *testing.T) {
	for _, text := range odd {
		t.Run(text, func(t *testing.T) {
			r := ask(t, parameters.GetThingsKindBig, 7, &params{Q: text, Expand: []string{text, "x"}})
			got, err := url.ParseQuery(r.Query)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "query", got, url.Values{"q": {text}, "expand": {text, "x"}})
			// Some servers read a plus sign as a space. Without plus signs, no server can misread
			// the query.
			if strings.Contains(r.Query, "+") {
				t.Errorf("%s has a plus sign", r.Query)
			}
		})
	}
}

func TestThePathIsEscapedAsServersExpect(t *testing.T) {
	for _, c := range []struct{ kind, want string }{
		{"a/b", "/things/a%2Fb/7"},
		{"a b", "/things/a%20b/7"},
		{"a%2Fb", "/things/a%252Fb/7"},
		{"a?b#c", "/things/a%3Fb%23c/7"},
		{"../x", "/things/..%2Fx/7"},
		{"ü", "/things/%C3%BC/7"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			try.Equal(t, "path", ask(t, parameters.GetThingsKind(c.kind), 7, nil).Path, c.want)
		})
	}
}

func TestAnArgumentThatLeavesThePathIsRefused(t *testing.T) {
	for _, kind := range []parameters.GetThingsKind{"", ".", ".."} {
		t.Run("kind "+string(kind), func(t *testing.T) {
			s := try.Serve(t)
			if _, err := newClient(t, s).GetThings(t.Context(), kind, 7, nil); err == nil {
				t.Error("got no error")
			}
			try.Equal(t, "requests", s.Lines(), []string{})
		})
	}
}

func TestHeadersAndCookiesAreSentWhereTheyBelong(t *testing.T) {
	cases := []struct {
		name          string
		params        params
		trace, cookie string
	}{
		{"a header", params{XTrace: "abc 1/2"}, "abc 1/2", ""},
		{"a cookie", params{Session: "s3cr3t"}, "", "session=s3cr3t"},
		{"both", params{XTrace: "x", Session: "y"}, "x", "session=y"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := ask(t, parameters.GetThingsKindSmall, 1, &c.params)
			try.Equal(t, "query", r.Query, "q=w")
			try.Equal(t, "header", r.Header.Get("X-Trace"), c.trace)
			try.Equal(t, "cookie", r.Header.Get("Cookie"), c.cookie)
		})
	}
}

func TestAHeaderCannotInjectAnother(t *testing.T) {
	for name, p := range map[string]params{
		"line break in a header":   {XTrace: "a\r\nX-Admin: 1"},
		"zero byte in a header":    {XTrace: "a\x00"},
		"line break in a cookie":   {Session: "a\nb"},
		"a cookie within a cookie": {Session: "a; admin=1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := try.Serve(t)
			if _, err := newClient(t, s).GetThings(t.Context(), parameters.GetThingsKindBig, 1, &p); err == nil {
				t.Error("got no error")
			}
			try.Equal(t, "requests", s.Lines(), []string{})
		})
	}
}

func TestACallMayAddAHeader(t *testing.T) {
	r := ask(t, parameters.GetThingsKindBig, 1, &params{XTrace: "of the parameters"},
		rest.WithHeader("X-Trace", "of the call"), rest.WithHeader("X-Other", "2"))
	try.Equal(t, "headers", []string{r.Header.Get("X-Trace"), r.Header.Get("X-Other")}, []string{"of the call", "2"})
}

func TestOnlyListedEnumValuesAreKnown(t *testing.T) {
	try.Equal(t, "known", []bool{
		parameters.GetThingsKindBig.IsKnown(), parameters.GetThingsKind("huge").IsKnown(),
		parameters.GetThingsOrderByMinusName.IsKnown(), parameters.GetThingsOrderByEmpty.IsKnown(), parameters.GetThingsOrderBy("age").IsKnown(),
	}, []bool{true, false, true, true, false})
}

func TestAResponseOfAnotherTypeIsAnError(t *testing.T) {
	for _, body := range []string{`{"things": []}`, `[1]`, `"a"`} {
		s := try.Serve(t, try.JSON("%s", body))
		if got, err := newClient(t, s).GetThings(t.Context(), parameters.GetThingsKindBig, 1, nil); err == nil {
			t.Errorf("%s: got %v and no error", body, got)
		}
	}
}
