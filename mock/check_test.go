package mock

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/settled"
)

const checkedDocument = `openapi: 3.0.3
info: {title: Things, version: "1"}
security: [{basic: []}]
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getThing
      parameters:
        - {name: color, in: query, schema: {type: string, enum: [red, green]}}
        - {name: tags, in: query, schema: {type: array, maxItems: 2, items: {type: string}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, minLength: 3}}
        - {name: word, in: query, schema: {type: string, pattern: "^(?!x)"}}
        - {name: code, in: query, schema: {type: string, pattern: "^[a-z]+$"}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
      responses: {"200": {description: one, content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}}}
  /things/all:
    get: {operationId: listAll, security: [], responses: {"204": {description: none}}}
  /things/{id}/parts/{part}.json:
    put:
      operationId: putPart
      security: [{key: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: part, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [n], properties: {n: {type: integer, minimum: 1}, deep: {type: object, properties: {t: {type: string}}}}}}}}
      responses: {"200": {description: text, content: {text/plain: {schema: {type: string}}}}}
  /files:
    post:
      operationId: upload
      requestBody: {content: {application/zip: {schema: {type: string, format: binary}}}}
      responses: {"201": {description: made}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    key: {type: apiKey, in: query, name: api_key}
`

// request is a request and the expected response.
type request struct {
	line, header, body string
	status             int
	message            string // of refusals
}

func TestRequestsAreCheckedAgainstTheDocument(t *testing.T) {
	s := newTestServer(t, func(opts ...Option) (*Server, error) { return New([]byte(checkedDocument), opts...) })
	const auth, trace = "Authorization: Basic bTp0", "\nX-Trace: abc"
	cases := map[string]request{
		"valid":                    {"GET /things/7?color=red&tags=a&tags=b", auth + trace, "", 200, ""},
		"a pattern":                {"GET /things/7?code=A", auth + trace, "", 400, "query parameter code: string doesn't match the regular expression \"^[a-z]+$\""},
		"a pattern Go cannot read": {"GET /things/7?word=y&code=a", auth + trace, "", 200, ""},
		"no credentials":           {"GET /things/7", trace, "", 401, "Credentials are required: any Basic or Bearer credentials are accepted."},
		"empty credentials":        {"GET /things/7", "Authorization: Bearer " + trace, "", 401, "Credentials are required: any Basic or Bearer credentials are accepted."},
		"a bearer":                 {"GET /things/7", "authorization: bearer x" + trace, "", 200, ""},
		"no security":              {"GET /things/all", "", "", 204, ""},
		"a path parameter":         {"GET /things/seven", auth + trace, "", 400, `path parameter id: "seven": an invalid integer`},
		"a value not in the enum":  {"GET /things/7?color=blue", auth + trace, "", 400, `query parameter color: value is not one of the allowed values ["red","green"]`},
		"too many values":          {"GET /things/7?tags=a&tags=b&tags=c", auth + trace, "", 400, "query parameter tags: maximum number of items is 2"},
		"a header that is missing": {"GET /things/7", auth, "", 400, "header parameter X-Trace: value is required but missing"},
		"two errors":               {"GET /things/x?color=blue", auth + trace, "", 400, `path parameter id: "x": an invalid integer; query parameter color: value is not one of the allowed values ["red","green"]`},
		"a time":                   {"GET /things/7?since=2026-03-01T12:00:00.000%2B0000", auth + trace, "", 200, ""},
		"an invalid time":          {"GET /things/7?since=yesterday", auth + trace, "", 400, `query parameter since: string doesn't match the format "date-time" (is not a time: write 2026-03-01T12:30:15.250Z)`},
		"a broken query":           {"GET /things/7?color=%zz", auth + trace, "", 400, `query: it has a broken escape or a semicolon`},
		"an unknown path":          {"GET /nothing", auth, "", 404, "No document has this path."},
		"a wrong method":           {"DELETE /things/7", auth, "", 405, "DELETE is not allowed here, only GET."},
		"a path with an escape":    {"PUT /things/7/parts/a%2Fb.json?api_key=k", "Content-Type: application/json", `{"n":1}`, 200, ""},
		"a key that is missing":    {"PUT /things/7/parts/a.json", "Content-Type: application/json", `{"n":1}`, 401, "Credentials are required: any Basic or Bearer credentials are accepted."},
		"a body that is missing":   {"PUT /things/7/parts/a.json?api_key=k", "Content-Type: application/json", "", 400, "body: value is required but missing"},
		"no body and no type":      {"PUT /things/7/parts/a.json?api_key=k", "", "", 400, "body: value is required but missing"},
		"a body with a wrong type": {"PUT /things/7/parts/a.json?api_key=k", "Content-Type: application/json", `{"n":0,"deep":{"t":1}}`, 400, "body /deep/t: value must be a string; body /n: number must be at least 1"},
		"a body that is not JSON":  {"PUT /things/7/parts/a.json?api_key=k", "Content-Type: application/json", `{"n":`, 400, "body: it cannot be read"},
		"another media type":       {"PUT /things/7/parts/a.json?api_key=k", "Content-Type: text/csv", `n`, 400, `body: the document does not list the Content-Type "text/csv"`},
		"a file":                   {"POST /files", auth + "\nContent-Type: application/zip", "PK", 201, ""},
		"a body that is too large": {"PUT /things/7/parts/a.json?api_key=k", "Content-Type: application/json", `{"n":1,"x":"` + strings.Repeat("x", maxBody) + `"}`, 413, "body: it is larger than 8388608 bytes"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { c.check(t, s) })
	}
}

func (c request) check(t *testing.T, s *Server) {
	t.Helper()
	method, target, _ := strings.Cut(c.line, " ")
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, s.URL+target, strings.NewReader(c.body)))
	for line := range strings.SplitSeq(c.header, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			r.Header.Set(name, value)
		}
	}
	resp := must[*http.Response](t)(s.Client().Do(r))
	defer resp.Body.Close()
	var refusal struct{ Message string }
	if resp.StatusCode >= 400 {
		a := answered{body: string(must[[]byte](t)(io.ReadAll(resp.Body)))}
		a.into(t, &refusal)
	}
	if diff := cmp.Diff([]any{c.status, c.message}, []any{resp.StatusCode, refusal.Message}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestHeadersHaveALimit(t *testing.T) {
	s := must[*Server](t)(Jira(WithRecords(1)))
	defer s.Close()
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "GET", s.URL+jiraPath, http.NoBody))
	r.Header.Set("Authorization", "Bearer "+strings.Repeat("x", maxHeader+10_000))
	resp := must[*http.Response](t)(s.Client().Do(r))
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d, want %d", resp.StatusCode, http.StatusRequestHeaderFieldsTooLarge)
	}
}

// No request makes the mock panic or answer with an unexpected status or a malformed error.
func FuzzRequest(f *testing.F) {
	documents := must[[]*settled.Document](f)(settle([]byte(checkedDocument)))
	s := must[*Server](f)(New(append(documents, bothDocuments(f)...), InMemory(), WithRecords(100), WithClock(atNoon)))
	f.Cleanup(s.Close)
	f.Add("GET", "/wiki/rest/api/audit?limit=2&start=1&searchString=a&startDate=1", "", "")
	f.Add("POST", "/wiki/rest/api/audit", "application/json", `{"remoteAddress":"192.0.2.1","creationDate":1,"author":{"type":"user"}}`)
	f.Add("PUT", "/wiki/rest/api/audit/retention", "application/json", `{"number":9223372036854775807,"units":"CENTURIES"}`)
	f.Add("GET", "/wiki/rest/api/audit/since?number=-9223372036854775808&units=WEEKS", "", "")
	f.Add("GET", "/wiki/rest/api/audit/export?format=zip&endDate=9223372036854775807", "", "")
	f.Add("GET", "/rest/api/3/auditing/record?offset=9223372036854775807&limit=-1&from=2026-03-01&to=9999-12-31T23:59:59.9999Z&filter=a+b", "", "")
	f.Add("PUT", "/things/1/parts/%2e%2e.json?api_key=k", "multipart/form-data; boundary=x", "--x--")
	f.Fuzz(func(t *testing.T, method, target, media, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1"+target, strings.NewReader(body))
		if err != nil {
			return
		}
		r.SetBasicAuth(email, token)
		r.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		known := []int{200, 201, 204, 400, 404, 405, 413}
		if !slices.Contains(known, w.Code) || w.Code >= 400 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %q: %d %.300s", method, target, w.Code, w.Body)
		}
	})
}
