package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPathParameterIsOneSegmentOrAnError(t *testing.T) {
	var path string
	var calls int
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		calls++
		path = r.URL.EscapedPath()
		answers(200, `[]`)(rw, r)
	})
	ids := []string{"", ".", "..", "a", "a/b", "../x", "..%2f", "%2e%2e", "%", "a b", "+", "?x=1", "#f", "a;b", "\x00", "\n", "ü", "\xff", `\..\`, "{id}", "...", ":", "@", "//", "a%2Fb", "~", "%25"}
	random := rand.New(rand.NewPCG(3, 4))
	const odd = "./\\%2eEfF?#;:@ +\x00\xffa"
	for range 200 {
		b := make([]byte, random.IntN(5))
		for i := range b {
			b[i] = odd[random.IntN(len(odd))]
		}
		ids = append(ids, string(b))
	}
	for _, id := range ids {
		before := calls
		_, err := w.GetThing(t.Context(), id)
		if err != nil {
			if calls != before || (id != "" && id != "." && id != "..") {
				t.Errorf("%q: %v after %d requests", id, err, calls-before)
			}
			continue
		}
		segments := strings.Split(path, "/")
		if len(segments) != 4 {
			t.Errorf("%q: the server sees %s", id, path)
			continue
		}
		if got, err := url.PathUnescape(segments[2]); err != nil || got != id {
			t.Errorf("%q: the server sees %q", id, got)
		}
	}
}

func TestParametersInTheStylesOfOpenAPI(t *testing.T) {
	object := jsonParam(`{"a&b":"x y","n":1e3,"none":null,"list":[1]}`)
	for _, test := range []struct {
		style   string
		explode bool
		value   any
		want    string
	}{
		{form, true, []string{"a b", "c&d"}, "p=a%20b&p=c%26d"},
		{form, false, []int64{1, 2}, "p=1,2"},
		{spaceDelimited, false, []string{"a", "b"}, "p=a%20b"},
		{pipeDelimited, false, []string{"a", "b"}, "p=a%7Cb"},
		{form, true, object, "a%26b=x%20y&list=%5B1%5D&n=1e3"},
		{form, false, object, "p=a%26b,x%20y,list,%5B1%5D,n,1e3"},
		{deepObject, true, jsonParam(`{"a":{"b c":"x&y"}}`), "p[a][b%20c]=x%26y"},
		{form, true, jsonParam(`["a",null,{"x":1}]`), "p=a&p=%7B%22x%22%3A1%7D"},
		{form, true, jsonParam(`null`), ""},
		{form, true, jsonParam(`"s"`), "p=s"},
		{form, true, []string{}, ""},
		{form, true, nil, ""},
		{form, true, true, "p=true"},
		{form, true, 1.5, "p=1.5"},
		{form, true, "", "p="},
	} {
		t.Run(fmt.Sprint(test.style, test.explode, test.value), func(t *testing.T) {
			r := newRequest("GET", "/", "")
			r.query("p", test.style, test.explode, test.value)
			got := strings.NewReplacer("%5Ba%5D", "[a]", "%5Bb%20c%5D", "[b%20c]").Replace(strings.Join(r.queries, "&"))
			if r.err != nil || got != test.want {
				t.Errorf("got %s, %v; want %s", got, r.err, test.want)
			}
		})
	}
	r := newRequest("GET", "/x/{id}", "")
	r.query("p", deepObject, true, encoded(func(e *encoder) { e.raw(json.RawMessage("{")) }))
	if r.err == nil {
		t.Error("a value that is no JSON is sent")
	}
	r = newRequest("GET", "/", "")
	r.query("p", form, true, jsonText(func(e *encoder) { e.raw(json.RawMessage(`{"a":"b c"}`)) }))
	if got := strings.Join(r.queries, "&"); r.err != nil || got != "p=%7B%22a%22%3A%22b%20c%22%7D" {
		t.Errorf("a parameter that travels as JSON: got %s, %v", got, r.err)
	}
	if r.query("p", form, true, jsonText(func(e *encoder) { e.raw(json.RawMessage("{")) })); r.err == nil {
		t.Error("a parameter that travels as JSON and is none is sent")
	}
	r = newRequest("GET", "/x/{id}/{m}", "")
	r.path("id", label, true, stringsOf([]Unit{"a", "b"}))
	r.path("m", matrix, false, formatTimes([]time.Time{time.UnixMilli(5)}, unixMilli))
	if got, _ := r.filledPath(nil); got != "/x/.a.b/;m=5" {
		t.Errorf("path: %s", got)
	}
	r.header("X-A", false, []string{"a", "b"})
	r.cookie("c", true, "1")
	r.cookie("d", true, "2")
	if r.headers.Get("X-A") != "a,b" || r.headers.Get("Cookie") != "c=1; d=2" || r.err != nil {
		t.Errorf("headers: %v %v", r.headers, r.err)
	}
	if r.header("X-B", false, "a\r\nX-C: d"); r.err == nil {
		t.Error("a line break in a header is sent")
	}
}

func TestSuccessesThatComeWithoutABodyAreThoseOfTheDocument(t *testing.T) {
	status := http.StatusAccepted
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) })
	get := func() error {
		r := newRequest("GET", "/", "application/json")
		r.mayBeEmpty(http.StatusAccepted)
		_, err := call(t.Context(), w.Client, r, nil, new(ChangedValue))
		return err
	}
	if err := get(); err != nil {
		t.Errorf("202 without a body: %v", err)
	}
	status = http.StatusOK
	if err := get(); !errors.Is(err, ErrNotJSON) {
		t.Errorf("200 without a body: %v, want ErrNotJSON", err)
	}
}

func TestBodiesMustBeComplete(t *testing.T) {
	var calls int
	var body, media string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		calls++
		data, _ := io.ReadAll(r.Body)
		body, media = string(data), r.Header.Get("Content-Type")
		answers(200, `{}`)(rw, r)
	})
	err := w.SetSample(t.Context(), Sample{Items: []ChangedValue{{Name: "n"}}})
	var wrong *RequestError
	if !errors.As(err, &wrong) || calls != 0 {
		t.Fatalf("got %v after %d requests", err, calls)
	}
	want := []string{"text", "count", "at", "unit", "inner", "items[0].oldValue", "items[0].newValue", "names"}
	if diff := cmp.Diff(want, wrong.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	s := Sample{Text: "t", Count: 1, At: time.Unix(0, 0), Unit: "DAYS", Names: []string{"n"}, Items: []ChangedValue{{Name: "n"}}}
	s.JSON.Send("inner")
	s.Inner.JSON.Send("name", "objectType")
	s.Items[0].JSON.Send("oldValue", "newValue")
	if err := w.SetSample(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	sent := `{"text":"t","count":1,"flag":false,"at":"1970-01-01T00:00:00Z","unit":"DAYS","inner":{"name":"","objectType":""},"items":[{"name":"n","oldValue":"","newValue":""}],"names":["n"]}`
	if diff := cmp.Diff(sent, body); diff != "" || media != "application/json" {
		t.Errorf("%s (-want +got):\n%s", media, diff)
	}
	copied := decoded[ChangedValue](t, `{"name":"n","oldValue":null,"newValue":""}`)
	s.Items = []ChangedValue{*copied}
	if err := w.SubmitSample(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(body)
	if err != nil || form.Get("text") != "t" || form.Get("count") != "1" || form.Get("items") != `{"name":"n","oldValue":null,"newValue":""}` || media != "application/x-www-form-urlencoded" {
		t.Errorf("%s: %v %v", media, form, err)
	}
	s.JSON.Send("nothing")
	if err := w.SetSample(t.Context(), s); !errors.As(err, &wrong) || len(wrong.Unknown) != 1 {
		t.Errorf("unknown name: %v", err)
	}
	if err := w.UploadAudit(t.Context(), strings.NewReader("a,b")); err != nil || body != "a,b" || media != "text/csv" {
		t.Errorf("stream: %v %q %s", err, body, media)
	}
}
