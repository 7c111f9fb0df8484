package atlassian

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

// answered returns what a handler answers to a request.
func answered(r *http.Request, h http.HandlerFunc) *http.Response {
	w := httptest.NewRecorder()
	h(w, r)
	resp := w.Result()
	resp.Request = r
	return resp
}

// issuer is an authorisation server whose refresh tokens work once, as those of Atlassian do.
type issuer struct {
	mu     sync.Mutex
	n      int // tokens issued
	fails  []func(http.ResponseWriter)
	bodies []string
}

func (s *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body) // what is missing is refused below
	s.bodies = append(s.bodies, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Authorization"))
	w.Header().Set("Content-Type", "application/json")
	if len(s.fails) > 0 {
		fail := s.fails[0]
		s.fails = s.fails[1:]
		fail(w)
		return
	}
	var form map[string]string
	if json.Unmarshal(body, &form) != nil || form["grant_type"] != "refresh_token" || form["client_id"] != "client-id" || form["client_secret"] != "client-secret" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"access_denied","error_description":"Unauthorized"}`)
		return
	}
	if form["refresh_token"] != fmt.Sprintf("refresh-%d", s.n) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"Unknown or invalid refresh token %s."}`, form["refresh_token"])
		return
	}
	s.n++
	_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","refresh_token":"refresh-%d","expires_in":3600,"token_type":"Bearer","scope":"x"}`, s.n, s.n)
}

// store keeps refresh tokens, or refuses to.
type store struct {
	saved []string
	err   error
}

func (s *store) save(token string) error {
	if s.err == nil {
		s.saved = append(s.saved, token)
	}
	return s.err
}

func newTokens(t *testing.T, h http.Handler, s *store) *Tokens {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	tokens, err := tokensAt(server.URL, "client-id", "client-secret", "refresh-0", s.save, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func wantToken(t *testing.T, tokens *Tokens, want string) {
	t.Helper()
	if got, err := tokens.Token(); err != nil || got != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestAnAccessTokenIsRenewedBeforeItExpires(t *testing.T) {
	server, kept := &issuer{}, &store{}
	tokens := newTokens(t, server, kept)
	now := time.Now()
	tokens.now = func() time.Time { return now }
	for _, c := range []struct {
		later time.Duration
		want  string
	}{
		{0, "access-1"}, {58*time.Minute + 59*time.Second, "access-1"}, {time.Second, "access-2"}, {time.Second, "access-2"},
	} {
		now = now.Add(c.later)
		wantToken(t, tokens, c.want)
	}
	if diff := cmp.Diff([]string{"refresh-1", "refresh-2"}, kept.saved); diff != "" {
		t.Errorf("saved (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(slices.Repeat([]string{"POST /oauth/token application/json "}, 2), server.bodies); diff != "" {
		t.Errorf("sent (-want +got)\n%s", diff)
	}
}

func TestManyGoroutinesUseARefreshTokenOnce(t *testing.T) {
	server, kept := &issuer{}, &store{}
	tokens := newTokens(t, server, kept)
	var seen sync.Map
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Store(r.Header.Get("Authorization"), true)
		_, _ = io.WriteString(w, `{}`)
	}))
	defer api.Close()
	c, err := rest.NewClient(api.URL, "", nil, []rest.Option{rest.WithTokenSource(tokens, func(t string) string { return t })})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.Do(t.Context(), "GET", "/x", nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, ok := seen.Load("Bearer access-1"); !ok || server.n != 1 || len(kept.saved) != 1 {
		t.Errorf("%d tokens were issued, %q saved", server.n, kept.saved)
	}
}

func TestAnAccessTokenIsNotUsedUntilTheNextRefreshTokenIsSaved(t *testing.T) {
	server, kept := &issuer{}, &store{err: errors.New("disk full")}
	tokens := newTokens(t, server, kept)
	for range 2 {
		if got, err := tokens.Token(); got != "" || !errors.Is(err, kept.err) || err.Error() != "the new refresh token is not saved: disk full" {
			t.Errorf("got %q, %v", got, err)
		}
	}
	kept.err = nil
	wantToken(t, tokens, "access-1")
	if server.n != 1 || !slices.Equal(kept.saved, []string{"refresh-1"}) {
		t.Errorf("%d tokens were issued, %q saved", server.n, kept.saved)
	}
}

func TestARefusedRefreshTokenNeedsAnotherAuthorisation(t *testing.T) {
	server, kept := &issuer{n: 5}, &store{}
	tokens := newTokens(t, server, kept)
	_, err := tokens.Token()
	const want = "POST /oauth/token: 403 Forbidden: invalid_grant: unauthorized: the refresh token is not valid any more: authorise the app again"
	if err == nil || err.Error() != want || !errors.Is(err, rest.ErrUnauthorized) {
		t.Errorf("got %v\nwant %s", err, want)
	}
	tokens.form = func(string) map[string]string { return map[string]string{"client_secret": "wrong"} }
	_, err = tokens.Token()
	if want := "POST /oauth/token: 401 Unauthorized: unauthorized: client id or client secret is wrong"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if len(kept.saved) > 0 {
		t.Errorf("saved %q", kept.saved)
	}
}

func TestARefreshIsTriedAgainWhenTheServerIsInTrouble(t *testing.T) {
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(code) }
	}
	limited := func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	server, kept := &issuer{fails: []func(http.ResponseWriter){status(503), limited, status(500)}}, &store{}
	tokens := newTokens(t, server, kept)
	wantToken(t, tokens, "access-1")
	if len(server.bodies) != 4 {
		t.Errorf("%d requests, want 4", len(server.bodies))
	}
}

func TestTokensShowInNoError(t *testing.T) {
	for _, answer := range []string{
		`{"access_token":"canary-access","refresh_token":"canary-refresh"}`,
		`{"access_token":"","refresh_token":"canary-refresh","expires_in":3600}`,
		`{"access_token":"canary-access","expires_in":-1}`,
		`{"access_token":"canary-access"`, `"canary"`, `<html>canary`,
	} {
		tokens := newTokens(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }), &store{})
		_, err := tokens.Token()
		var api *rest.APIError
		if !errors.Is(err, rest.ErrNotJSON) || strings.Contains(fmt.Sprintf("%v %+v", err, err), "canary") || errors.As(err, &api) && len(api.Body) > 0 {
			t.Errorf("%s: got %v", answer, err)
		}
	}
	tokens := newTokens(t, &issuer{}, &store{})
	wantToken(t, tokens, "access-1")
	if got := fmt.Sprintf("%v %+v %#v %s", tokens, tokens, tokens, tokens); got != "Tokens Tokens Tokens Tokens" {
		t.Errorf("got %s", got)
	}
	if _, err := NewTokens("id", "secret", "", func(string) error { return nil }); err == nil {
		t.Error("an empty refresh token is taken")
	}
	if _, err := NewTokens("id", "secret", "token", nil); err == nil {
		t.Error("refresh tokens that nobody saves are taken")
	}
}

// A server that does not rotate tokens answers without a new one.
func TestARefreshTokenStaysWhereTheServerSendsNoOther(t *testing.T) {
	n := 0
	kept := &store{}
	tokens := newTokens(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		_, _ = fmt.Fprintf(w, `{"access_token":"access-%d","expires_in":1}`, n)
	}), kept)
	now := time.Now()
	tokens.now = func() time.Time { return now }
	wantToken(t, tokens, "access-1")
	wantToken(t, tokens, "access-1")
	now = now.Add(time.Second)
	wantToken(t, tokens, "access-2")
	if len(kept.saved) > 0 || tokens.refresh() != "refresh-0" {
		t.Errorf("saved %q", kept.saved)
	}
}
