package rest_test

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fixture "github.com/seed-1954497d/auditgen/golden/runtime/want"
	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
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

func TestSuccessesThatComeWithoutABodyAreThoseOfTheDocument(t *testing.T) {
	status := http.StatusAccepted
	w := newWorld(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) })
	get := func() error {
		r := rest.NewRequest("GET", "/", "application/json")
		r.MayBeEmpty(http.StatusAccepted)
		_, err := rest.CallValue(t.Context(), w.rest, r, nil, (*lossless.Codec).Int)
		return err
	}
	if err := get(); err != nil {
		t.Errorf("202 without a body: %v", err)
	}
	status = http.StatusOK
	if err := get(); !errors.Is(err, rest.ErrNotJSON) {
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
	var wrong *rest.RequestError
	if err := w.SetSample(t.Context(), fixture.Sample{}); !errors.As(err, &wrong) || len(wrong.Missing) != 4 || calls != 0 {
		t.Fatalf("got %v after %d requests", err, calls)
	}
	s := fixture.Sample{Text: "t", Count: 1, At: time.Unix(0, 0), Unit: "DAYS", Names: []string{"n"}, Items: []fixture.ChangedValue{{Name: "n"}}}
	if err := w.SetSample(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	sent := `{"text":"t","count":1,"flag":false,"at":"1970-01-01T00:00:00Z","unit":"DAYS","inner":{"name":"","objectType":""},"items":[{"name":"n","oldValue":"","newValue":""}],"names":["n"]}`
	if diff := cmp.Diff(sent, body); diff != "" || media != "application/json" {
		t.Errorf("%s (-want +got):\n%s", media, diff)
	}
	s.Items = make([]fixture.ChangedValue, 1)
	if err := s.Items[0].UnmarshalJSON([]byte(`{"name":"n","oldValue":null,"newValue":""}`)); err != nil {
		t.Fatal(err)
	}
	if err := w.SetSample(t.Context(), s); err != nil || !strings.Contains(body, `"items":[{"name":"n","oldValue":null,"newValue":""}]`) {
		t.Errorf("a member that came empty: %v, %s", err, body)
	}
	s.JSON.Send("nothing")
	if err := w.SetSample(t.Context(), s); !errors.As(err, &wrong) || len(wrong.Unknown) != 1 {
		t.Errorf("unknown name: %v", err)
	}
	if err := w.UploadAudit(t.Context(), strings.NewReader("a,b")); err != nil || body != "a,b" || media != "text/csv" {
		t.Errorf("stream: %v %q %s", err, body, media)
	}
}

func TestAFormHasRepeatedFieldsForListsAndJSONForObjects(t *testing.T) {
	var body, media string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		body, media = string(data), r.Header.Get("Content-Type")
		rw.WriteHeader(http.StatusNoContent)
	})
	if err := w.SubmitForm(t.Context(), fixture.Form{}); err != nil || body != "text=" {
		t.Errorf("a required text that is empty: %v, %s", err, body)
	}
	err := w.SubmitForm(t.Context(), fixture.Form{Text: "a b&c", Count: 1, Names: []string{"x", "y"}})
	if err != nil || body != "count=1&names=x&names=y&text=a+b%26c" || media != "application/x-www-form-urlencoded" {
		t.Errorf("%v: %s %s", err, media, body)
	}
	for text, want := range map[string]string{
		`{"object":{"a":1},"list":[{"b":2},null,"c",3],"null":null,"text":"\u00e9"}`: "list=%7B%22b%22%3A2%7D&list=c&list=3&object=%7B%22a%22%3A1%7D&text=%C3%A9",
		`[1]`: "",
	} {
		r := rest.NewRequest("POST", "/form", "")
		rest.SendForm(r, new(json.RawMessage(text)), (*lossless.Codec).Raw)
		if err := rest.CallNone(t.Context(), w.rest, r, nil); (err == nil) != (want != "") || err == nil && body != want {
			t.Errorf("%s: %v, %s, want %s", text, err, body, want)
		}
	}
}

func TestFieldsOfFormsHaveStyles(t *testing.T) {
	var got url.Values
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = r.PostForm
		rw.WriteHeader(http.StatusNoContent)
	})
	r := rest.NewRequest("POST", "/form", "")
	r.Field("deep", rest.DeepObject, true)
	r.Field("pipes", rest.PipeDelimited, false)
	rest.SendForm(r, new(json.RawMessage(`{"deep":{"a":"d","n":1e21,"l":[1,2]},"pipes":["x",null,"y"],"plain":{"a":true},"none":null,"yes":true}`)), (*lossless.Codec).Raw)
	if err := rest.CallNone(t.Context(), w.rest, r, nil); err != nil {
		t.Fatal(err)
	}
	want := url.Values{"deep[a]": {"d"}, "deep[n]": {"1000000000000000000000"}, "deep[l][0]": {"1"}, "deep[l][1]": {"2"}, "pipes": {"x|y"}, "plain": {`{"a":true}`}, "yes": {"true"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
