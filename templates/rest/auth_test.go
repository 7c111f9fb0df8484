package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/templates/rest"
	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// ask returns the error of a request that handler answers.
func ask(t *testing.T, handler http.HandlerFunc, opts ...rest.Option) error {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	c, err := rest.NewClient(s.URL, "", nil, append(opts, rest.WithMaxRetries(0)))
	if err != nil {
		return err
	}
	r := rest.NewRequest("GET", "/x", "application/json")
	r.Query("q", rest.Form, true, "1")
	r.Cookie("a", true, "b")
	rest.ErrorBodyOf(r, (*lossless.Codec).Int, 404)
	rest.ErrorBodyOf(r, lossless.ListOf((*lossless.Codec).String), 4)
	rest.ErrorBodyOf(r, (*lossless.Codec).String, 0)
	return rest.CallNone(t.Context(), c, r, nil)
}

func TestCredentialsAreSentInTheirPlaces(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []rest.Option
		want string
	}{
		{"basic", []rest.Option{rest.WithBasicAuth("ann", "pass")}, "Basic YW5uOnBhc3M=||q=1|a=b"},
		{"bearer", []rest.Option{rest.WithBearerToken("token")}, "Bearer token||q=1|a=b"},
		{"key in a header", []rest.Option{rest.WithAPIKey("header", "X-Key", "k 1")}, "|k 1|q=1|a=b"},
		{"key in the query", []rest.Option{rest.WithAPIKey("query", "api key", "k&1 +")}, "||q=1&api+key=k%261%20%2B|a=b"},
		{"key in a cookie", []rest.Option{rest.WithAPIKey("cookie", "sid", "k1")}, "||q=1|a=b; sid=k1"},
		{"key and token", []rest.Option{rest.WithAPIKey("header", "X-Key", "k"), rest.WithBearerToken("t")}, "Bearer t|k|q=1|a=b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got string
			err := ask(t, func(w http.ResponseWriter, r *http.Request) {
				got = strings.Join([]string{r.Header.Get("Authorization"), r.Header.Get("X-Key"), r.URL.RawQuery, r.Header.Get("Cookie")}, "|")
			}, c.opts...)
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestCredentialsThatCannotBeSentAreRefused(t *testing.T) {
	for name, opt := range map[string]rest.Option{
		"no token":                           rest.WithBearerToken(""),
		"no key":                             rest.WithAPIKey("header", "X-Key", ""),
		"an unknown place":                   rest.WithAPIKey("body", "key", "k"),
		"no name":                            rest.WithAPIKey("query", "", "k"),
		"a header with a colon":              rest.WithAPIKey("header", "X: Y", "k"),
		"a cookie in two parts":              rest.WithAPIKey("cookie", "sid", "k; other=1"),
		"a key with a line break":            rest.WithAPIKey("query", "key", "a\nb"),
		"a password with a line break":       rest.WithBasicAuth("ann", "token\n"),
		"a password with a line break of C1": rest.WithBasicAuth("ann", "token\u0085"),
		"a user with a line break":           rest.WithBasicAuth("ann\r\n", "token"),
		"a token behind a byte order mark":   rest.WithBearerToken("\ufefftoken"),
	} {
		if _, err := rest.NewClient("https://x.example", "", nil, []rest.Option{opt}); err == nil || strings.Contains(err.Error(), "k;") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// token is what a source returns that is not of this module, such as that of package oauth2.
type token struct{ AccessToken string }

type source struct {
	n   int
	err error
}

func (s *source) Token() (*token, error) {
	if s.err != nil {
		return nil, s.err
	}
	s.n++
	return &token{fmt.Sprintf("canary-%d", s.n)}, nil
}

func TestATokenSourceIsAskedForEachRequest(t *testing.T) {
	s := new(source)
	opt := rest.WithTokenSource(s, func(t *token) string { return t.AccessToken })
	for n := 1; n <= 2; n++ {
		var got string
		err := ask(t, func(w http.ResponseWriter, r *http.Request) {
			got = r.Header.Get("Authorization")
			w.Header().Set("X-Echo", got)
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"message":"`+got+`"}`)
		}, opt)
		if want := fmt.Sprintf("Bearer canary-%d", n); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		var api *rest.APIError
		if !errors.As(err, &api) || strings.Contains(fmt.Sprintf("%v %+v %q", err, api, api.Body), "canary") {
			t.Errorf("got %v", err)
		}
	}
	s.err = context.DeadlineExceeded
	if err := ask(t, answers(200, `{}`), opt); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "GET /x: token: ") {
		t.Errorf("got %v", err)
	}
}

func TestAKeyInTheQueryShowsInNoError(t *testing.T) {
	const key = "canary+&="
	opt := rest.WithAPIKey("query", "key", key)
	err := ask(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, r.URL.String()+" "+r.URL.Query().Get("key"))
	}, opt)
	var api *rest.APIError
	if !errors.As(err, &api) || strings.Contains(fmt.Sprintf("%v %+v %s", err, api, api.Body), "canary") {
		t.Errorf("got %v, %s", err, api.Body)
	}
	c, err := rest.NewClient("https://127.0.0.1:1", "", nil, []rest.Option{opt, rest.WithMaxRetries(0)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(t.Context(), "GET", "/x", nil, nil); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

func TestADocumentedErrorBodyIsFoundByErrorsAs(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{404, `17`, "int64 17"},
		{400, `["a","b"]`, "list [a b]"},
		{500, `"text"`, "string text"},
		{404, `"not the documented one"`, ""},
		{400, `<html>`, ""},
	} {
		err := ask(t, answers(c.status, c.body))
		var number *rest.ErrorBody[int64]
		var list *rest.ErrorBody[[]string]
		var text *rest.ErrorBody[string]
		got := ""
		switch {
		case errors.As(err, &number):
			got = fmt.Sprint("int64 ", number.Value)
		case errors.As(err, &list):
			got = fmt.Sprint("list ", list.Value)
		case errors.As(err, &text):
			got = "string " + text.Value
		}
		var api *rest.APIError
		if got != c.want || !errors.As(err, &api) || api.StatusCode != c.status || string(api.Body) != c.body {
			t.Errorf("%d %s: got %q, %v", c.status, c.body, got, err)
		}
	}
}

func TestAnErrorHookClassifiesErrors(t *testing.T) {
	errBusy := errors.New("busy")
	hook := rest.WithErrorHook(func(e *rest.APIError) {
		e.RequestID = e.Header.Get("X-Trace")
		if strings.Contains(string(e.Body), "busy") {
			e.Err = errBusy
		}
	})
	err := ask(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Trace", "t-1")
		answers(409, `{"title":"The line is busy"}`)(w, r)
	}, hook)
	if want := "GET /x: 409 Conflict: busy: The line is busy (request t-1)"; !errors.Is(err, errBusy) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAHookSeesTheContextOfItsCall(t *testing.T) {
	type key struct{}
	var seen any
	s := httptest.NewServer(answers(200, `{}`))
	defer s.Close()
	c, err := rest.NewClient(s.URL, "", nil, []rest.Option{rest.WithHook(func(ctx context.Context, a rest.Attempt) { seen = ctx.Value(key{}) })})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(context.WithValue(t.Context(), key{}, "mine"), "GET", "/x", nil, nil); err != nil || seen != "mine" {
		t.Errorf("got %v, %v", seen, err)
	}
}
