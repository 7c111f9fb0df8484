package styles_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	styles "github.com/seed-1954497d/auditgen/golden/styles/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// send calls one operation and returns the request as it arrived.
func send(t *testing.T, call func(*styles.Client) error) try.Request {
	t.Helper()
	s := try.Serve(t, try.Answer{Status: 204})
	c, err := styles.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := call(c); err != nil {
		t.Fatal(err)
	}
	return s.Only(t)
}

func TestListsAreWrittenInTheirStyle(t *testing.T) {
	for want, p := range map[string]styles.ListsParams{
		"":                                {},
		"plain=a&plain=b%2Cc":             {Plain: []string{"a", "b,c"}},
		"commas=a,b%2Cc":                  {Commas: []string{"a", "b,c"}},
		"spaces=a%20b%26c":                {Spaces: []string{"a", "b&c"}},
		"pipes=1%7C2":                     {Pipes: []int64{1, 2}},
		"pipesExploded=1&pipesExploded=2": {PipesExploded: []int64{1, 2}},
		"times=1970-01-01T00%3A00%3A00Z":  {Times: []time.Time{time.UnixMilli(0)}},
		"words=a,b":                       {Words: []styles.ListsWord{styles.ListsWordA, styles.ListsWordB}},
		"ids%5B%5D=1&ids%5B%5D=2":         {IDs: []string{"1", "2"}},
		"nested=%5B%22a%22%2C%22b%22%5D":  {Nested: [][]string{{"a", "b"}}},
		"commas=a&pipes=1&ids%5B%5D=1":    {Commas: []string{"a"}, Pipes: []int64{1}, IDs: []string{"1"}},
	} {
		t.Run(want, func(t *testing.T) {
			r := send(t, func(c *styles.Client) error { return c.Lists(t.Context(), &p) })
			try.Equal(t, "query", r.Query, want)
		})
	}
}

func TestObjectsAreWrittenInTheirStyle(t *testing.T) {
	for want, p := range map[string]styles.ObjectsParams{
		"":                                    {},
		"filter[from]=a%26b&filter[to]=7":     {Filter: styles.ObjectsFilter{From: "a&b", To: 7}},
		"filter[tags][0]=x&filter[tags][1]=y": {Filter: styles.ObjectsFilter{Tags: []string{"x", "y"}}},
		"a=x&b=2":                             {Spread: styles.ObjectsSpread{A: "x", B: 2}},
		"flat=c,x,d,2":                        {Flat: styles.ObjectsFlat{C: "x", D: 2}},
		"free[k]=v":                           {Free: map[string]string{"k": "v"}},
		"alone=x":                             {Alone: "x"},
		"piped=p%7Cx%7Cq%7C1":                 {Piped: styles.ObjectsPiped{P: "x", Q: 1}},
		"json=%7B%22e%22%3A%22x%20y%22%7D":    {JSON: styles.ObjectsJSON{E: "x y"}},
		"jsonList=%5B1%2C2%5D":                {JSONList: []int64{1, 2}},
		"anything=x":                          {Anything: "x"},
		"file=bytes":                          {File: "bytes"},
	} {
		t.Run(want, func(t *testing.T) {
			r := send(t, func(c *styles.Client) error { return c.Objects(t.Context(), &p) })
			try.Equal(t, "query", r.Query, want)
		})
	}
}

func TestPathsAreWrittenInTheirStyle(t *testing.T) {
	r := send(t, func(c *styles.Client) error {
		return c.Paths(t.Context(), 1.5, []string{"a", "b/c"}, []string{"d", "e"}, "f", []string{"g", "h"}, "i", []int64{1, 2}, styles.PathsObject{A: "x", B: "y"},
			true, styles.PathsExtJSON)
	})
	try.Equal(t, "path", r.Path, "/2.0/paths/1.5/a,b%2Fc/d,e/.f/.g.h/;matrix=i/;matrices=1;matrices=2/a,x,b,y/true.json")
}

func TestHeadersAndCookiesAreWrittenInTheirStyle(t *testing.T) {
	number, yes := int64(7), true
	p := styles.HeadersParams{XText: "a b", XNumber: &number, XList: []string{"a", "b"}, XFlag: &yes, XSince: time.UnixMilli(0),
		XObject: styles.HeadersXObject{A: "x", B: 1}, IfMatch: `"tag"`, Session: "s", Number: &number, Words: []string{"v", "w"}}
	r := send(t, func(c *styles.Client) error { return c.Headers(t.Context(), &p) })
	got := map[string]string{}
	for _, name := range []string{"X-Text", "X-Number", "X-List", "X-Flag", "X-Since", "X-Object", "If-Match", "Cookie", "Accept"} {
		got[name] = r.Header.Get(name)
	}
	try.Equal(t, "headers", got, map[string]string{"X-Text": "a b", "X-Number": "7", "X-List": "a,b", "X-Flag": "true", "X-Since": "1970-01-01T00:00:00Z",
		"X-Object": "a,x,b,1", "If-Match": `"tag"`, "Cookie": "session=s; number=7; words=v,w", "Accept": "application/json"})
}

func TestAListInThePathMustNotBeEmpty(t *testing.T) {
	s := try.Serve(t)
	c, err := styles.NewClient(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Paths(t.Context(), 1, nil, []string{"d"}, "f", []string{"g"}, "i", []int64{1}, styles.PathsObject{A: "x"}, true, "xml"); err == nil {
		t.Error("got no error")
	}
	try.Equal(t, "requests", s.Lines(), []string{})
}

func TestInvalidUTF8IsReplaced(t *testing.T) {
	p := styles.ObjectsParams{JSON: styles.ObjectsJSON{E: "\xff"}}
	r := send(t, func(c *styles.Client) error { return c.Objects(t.Context(), &p) })
	var got struct {
		E string `json:"e"`
	}
	if err := json.Unmarshal([]byte(r.Param("json")), &got); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "text that is not UTF-8", got.E, "\uFFFD")
}
