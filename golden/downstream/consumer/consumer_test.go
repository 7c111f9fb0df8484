package consumer

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// site is a server that knows operations by the end of their paths, as a team would write it that
// does not care where they lie.
func site(t *testing.T, answers map[string]http.HandlerFunc) *Watcher {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for end, answer := range answers {
			if method, path, _ := strings.Cut(end, " "); r.Method == method && strings.HasSuffix(r.URL.Path, path) {
				answer(w, r)
				return
			}
		}
		t.Errorf("nothing answers %s %s", r.Method, r.URL.Path)
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	w, err := New(server.URL, "me@example.com", "token")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// says answers with JSON.
func says(format string, args ...any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, format, args...)
	}
}

func TestANoteIsSentAndDated(t *testing.T) {
	var sent string
	w := site(t, map[string]http.HandlerFunc{"POST /audit": func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		says(`{"creationDate": 1763694900000, "summary": "Hello", "author": {"displayName": "Me"}, "remoteAddress": "192.0.2.1", "category": ""}`)(w, r)
	}})
	made, err := w.Note(t.Context(), "192.0.2.1", "Hello")
	if err != nil || made.UnixMilli() != 1763694900000 {
		t.Errorf("got %v, %v", made, err)
	}
	if want := `{"remoteAddress":"192.0.2.1","summary":"Hello"}`; sent != want {
		t.Errorf("sent %s, want %s", sent, want)
	}
}
