package rest

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// raw is a parameter whose value is any JSON.
func raw(text string) any {
	return ParamOf(new(json.RawMessage(text)), (*lossless.Codec).Raw)
}

func TestParametersInTheStylesOfOpenAPI(t *testing.T) {
	object := raw(`{"a&b":"x y","n":1e3,"none":null,"list":[1]}`)
	for _, test := range []struct {
		style   Style
		explode bool
		value   any
		want    string
	}{
		{Form, true, []string{"a b", "c&d"}, "p=a%20b&p=c%26d"},
		{Form, false, []int64{1, 2}, "p=1,2"},
		{SpaceDelimited, false, []string{"a", "b"}, "p=a%20b"},
		{PipeDelimited, false, []string{"a", "b"}, "p=a%7Cb"},
		{Form, true, object, "a%26b=x%20y&list=%5B1%5D&n=1000"},
		{Form, false, object, "p=a%26b,x%20y,list,%5B1%5D,n,1000"},
		{DeepObject, true, raw(`{"a":{"b c":"x&y"}}`), "p[a][b%20c]=x%26y"},
		{Form, true, raw(`["a",null,{"x":1}]`), "p=a&p=%7B%22x%22%3A1%7D"},
		{DeepObject, true, raw(`{"a":{"b c":1e-7}}`), "p[a][b%20c]=0.0000001"},
		{SpaceDelimited, false, raw(`[1e21,2.50]`), "p=1000000000000000000000%202.50"},
		{Form, true, raw(`null`), ""},
		{Form, true, raw(`"s"`), "p=s"},
		{Form, true, []string{}, ""},
		{Form, true, nil, ""},
		{Form, true, true, "p=true"},
		{Form, true, 1.5, "p=1.5"},
		{Form, true, "", "p="},
	} {
		t.Run(fmt.Sprint(test.style, test.explode, test.value), func(t *testing.T) {
			r := NewRequest("GET", "/", "")
			r.Query("p", test.style, test.explode, test.value)
			got := strings.NewReplacer("%5Ba%5D", "[a]", "%5Bb%20c%5D", "[b%20c]").Replace(strings.Join(r.queries, "&"))
			if r.err != nil || got != test.want {
				t.Errorf("got %s, %v; want %s", got, r.err, test.want)
			}
		})
	}
	r := NewRequest("GET", "/x/{id}", "")
	r.Query("p", DeepObject, true, ParamOf(new(json.RawMessage("{")), (*lossless.Codec).Raw))
	if r.err == nil {
		t.Error("a value that is no JSON is sent")
	}
	r = NewRequest("GET", "/", "")
	r.Query("p", Form, true, JSONParam(new(json.RawMessage(`{"a":"b c"}`)), (*lossless.Codec).Raw))
	if got := strings.Join(r.queries, "&"); r.err != nil || got != "p=%7B%22a%22%3A%22b%20c%22%7D" {
		t.Errorf("a parameter that travels as JSON: got %s, %v", got, r.err)
	}
	if r.Query("p", Form, true, JSONParam(new(json.RawMessage("{")), (*lossless.Codec).Raw)); r.err == nil {
		t.Error("a parameter that travels as JSON and is none is sent")
	}
	r = NewRequest("GET", "/x/{id}/{m}", "")
	r.Path("id", Label, true, StringsOf([]Style{"a", "b"}))
	r.Path("m", Matrix, false, lossless.FormatTimes([]time.Time{time.UnixMilli(5)}, lossless.UnixMilli))
	if got, _ := r.filledPath(nil); got != "/x/.a.b/;m=5" {
		t.Errorf("path: %s", got)
	}
	r.Header("X-A", false, []string{"a", "b"})
	r.Cookie("c", true, "1")
	r.Cookie("d", true, "2")
	if r.headers.Get("X-A") != "a,b" || r.headers.Get("Cookie") != "c=1; d=2" || r.err != nil {
		t.Errorf("headers: %v %v", r.headers, r.err)
	}
	if r.Header("X-B", false, "a\r\nX-C: d"); r.err == nil {
		t.Error("a line break in a header is sent")
	}
}

func TestAnOriginIsSchemeHostAndPort(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"https://a.example", "https://a.example:443/x?y", true},
		{"http://A.example:80", "http://a.example", true},
		{"https://a.example", "http://a.example", false},
		{"https://a.example", "http://a.example:443", false},
		{"https://a.example", "https://a.example:8443", false},
		{"https://a.example", "https://b.a.example", false},
		{"https://a.example", "https://a.example.", false},
		{"http://[::1]:8080", "http://[::1]:8080/", true},
		{"http://127.0.0.1", "http://localhost", false},
	} {
		a, errA := url.Parse(test.a)
		b, errB := url.Parse(test.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := origin(a) == origin(b); got != test.same {
			t.Errorf("%s and %s: got %v", test.a, test.b, got)
		}
	}
}

func TestTheDefaultTransportTimesOutButNeverInTheMiddleOfABody(t *testing.T) {
	c, err := NewClient("https://example.com", "", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.http.Timeout != 0 {
		t.Errorf("a call ends after %v, which cuts downloads", c.http.Timeout)
	}
	transport := c.http.Transport.(readableRedirects).next.(*http.Transport)
	for name, timeout := range map[string]time.Duration{
		"TLS": transport.TLSHandshakeTimeout, "header": transport.ResponseHeaderTimeout, "idle": transport.IdleConnTimeout,
	} {
		if timeout <= 0 {
			t.Errorf("%s: no timeout", name)
		}
	}
	if transport.DialContext == nil || transport.TLSClientConfig.MinVersion < tls.VersionTLS12 || transport.TLSClientConfig.InsecureSkipVerify {
		t.Errorf("transport: %+v", transport)
	}
}

func TestWaitsAreRandomAndBounded(t *testing.T) {
	c := &Client{now: time.Now, random: func() float64 { return 0 }}
	if got := c.wait(http.Header{"Retry-After": {"7"}}, 1); got != 7*time.Second {
		t.Errorf("less than the server asks for: %v", got)
	}
	if got := c.wait(nil, 5); got != 0 {
		t.Errorf("without luck: %v", got)
	}
	c.random = func() float64 { return 1 }
	for _, n := range []int{7, 50, 1000} {
		if got := c.wait(nil, n); got != maxBackoff {
			t.Errorf("attempt %d: %v", n, got)
		}
	}
}

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
			if got := NextLink(http.Header{"Link": test.links}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFileNamesAreSafe(t *testing.T) {
	for disposition, want := range map[string]string{
		``:                               ``,
		`attachment`:                     ``,
		`;;`:                             ``,
		`attachment; filename=audit.csv`: `audit.csv`,
		`attachment; filename="a b.csv"`: `a b.csv`,
		`attachment; filename*=UTF-8''%c3%bc.csv`:                 `ü.csv`,
		`attachment; filename="/etc/passwd"`:                      `passwd`,
		`attachment; filename="..\\..\\x.exe"`:                    `x.exe`,
		`attachment; filename=".."`:                               ``,
		`attachment; filename="..."`:                              ``,
		`attachment; filename=".bashrc"`:                          `bashrc`,
		`attachment; filename="a/"`:                               ``,
		`attachment; filename="con.txt"`:                          `_con.txt`,
		`attachment; filename="LPT1"`:                             `_LPT1`,
		`attachment; filename="a:b|c?.csv"`:                       `abc.csv`,
		`attachment; filename*=UTF-8''a%00%0a%E2%80%AEb`:          `ab`,
		`attachment; filename="` + strings.Repeat("ü", 500) + `"`: strings.Repeat("ü", 100),
	} {
		if got := fileName(disposition); got != want {
			t.Errorf("%s: got %q, want %q", disposition, got, want)
		}
	}
}

func TestFollowingWaitsLongerAfterEachFailureAndNeverLessThanAnInterval(t *testing.T) {
	for _, test := range []struct {
		interval time.Duration
		failures int
		want     time.Duration
	}{
		{time.Minute, 1, time.Minute},
		{time.Minute, 3, 4 * time.Minute},
		{time.Minute, 1000, 10 * time.Minute},
		{time.Millisecond, 1000, 10 * time.Minute},
		{24 * time.Hour, 1, 24 * time.Hour},
		{24 * time.Hour, 18, 24 * time.Hour},
		{24 * time.Hour, 1000, 24 * time.Hour},
		{1<<63 - 1, 2, 1<<63 - 1},
	} {
		f := follower[int]{followSettings: followSettings{interval: test.interval}, failures: test.failures}
		if got := f.backoff(errBroken); got != test.want {
			t.Errorf("after %d failures, with an interval of %v: got %v, want %v", test.failures, test.interval, got, test.want)
		}
	}
}
