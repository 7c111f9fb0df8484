package mock

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/spec"
)

// bothDocuments settles the embedded documents of both APIs.
func bothDocuments(t testing.TB) []*settled.Document {
	t.Helper()
	var docs []*settled.Document
	for _, api := range spec.APIs() {
		in := generator.Input{Package: api.Package}
		for _, s := range api.Sources {
			in.Sources = append(in.Sources, generator.SourceInput{Kind: s.Kind, BasePath: s.BasePath, File: must[source.File](t)(spec.Read(s))})
		}
		docs = append(docs, must[*settled.Document](t)(settledOf(in)))
	}
	return docs
}

// answered is a response.
type answered struct {
	status int
	header http.Header
	body   string
}

// into decodes a JSON body.
func (a answered) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%v: %.300s", err, a.body)
	}
}

// ask sends a request with credentials. line is such as "GET /wiki/rest/api/audit?limit=2". A body
// is JSON.
func ask(t testing.TB, s *Server, line string, body ...string) answered {
	t.Helper()
	method, target, _ := strings.Cut(line, " ")
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, s.URL+target, strings.NewReader(strings.Join(body, ""))))
	r.SetBasicAuth(email, token)
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp := must[*http.Response](t)(client.Do(r))
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return answered{resp.StatusCode, resp.Header, string(data)}
}
