package embedded_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generated/rest/atlassian"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

const freePlan = "Cannot make this request because you are on Free edition. Please upgrade to standard or premium."

func redirect(to string) try.Answer {
	return try.Answer{Status: http.StatusFound, Header: map[string]string{"Location": to}}
}

// kinds are the kinds of errors, by name, in Confluence and Jira.
var kinds = map[string][2]error{
	"unauthorized": {rest.ErrUnauthorized, rest.ErrUnauthorized},
	"forbidden":    {rest.ErrForbidden, rest.ErrForbidden},
	"free plan":    {atlassian.ErrFreePlan, atlassian.ErrFreePlan},
	"not found":    {rest.ErrNotFound, rest.ErrNotFound},
	"rate limited": {rest.ErrRateLimited, rest.ErrRateLimited},
	"not JSON":     {rest.ErrNotJSON, rest.ErrNotJSON},
	"too large":    {rest.ErrTooLarge, rest.ErrTooLarge},
}

var refusals = []struct {
	name   string
	answer try.Answer
	kinds  string
	text   string
}{
	{"401", try.Answer{Status: 401, Type: "application/json", Body: `{"message": "Client must be authenticated"}`},
		"unauthorized", "401 Unauthorized: Client must be authenticated"},
	{"401 with a page", try.Answer{Status: 401, Type: "text/html", Body: "<html>"}, "unauthorized", "401 Unauthorized"},
	{"403", try.Answer{Status: 403, Type: "application/json", Body: `{"errorMessages": ["No", "Never"]}`},
		"forbidden", "403 Forbidden: No; Never"},
	{"403 of the Free plan", try.Answer{Status: 403, Type: "application/json", Body: `{"message": "` + freePlan + `"}`},
		"forbidden, free plan", "403 Forbidden: not available on the Free plan: " + freePlan},
	{"403 of the Free plan as text", try.Answer{Status: 403, Type: "text/plain", Body: freePlan},
		"forbidden, free plan", "403 Forbidden: not available on the Free plan"},
	{"404", try.Answer{Status: 404}, "not found", "404 Not Found"},
	{"429", try.Answer{Status: 429, Type: "text/html", Body: "<html>slow down</html>", Header: map[string]string{"Retry-After": "3600"}},
		"rate limited", "429 Too Many Requests"},
	{"503 with a page", try.Answer{Status: 503, Type: "text/html", Body: "<html>"}, "", "503 Service Unavailable"},
	{"500 with a request", try.Answer{Status: 500, Header: map[string]string{"Atl-Traceid": "7d1f"}},
		"", "500 Internal Server Error (request 7d1f)"},
	{"400", try.Answer{Status: 400, Type: "application/json", Body: `{"message": "x", "errors": {}}`}, "", "400 Bad Request: x"},
	{"200 with a page", try.Answer{Type: "text/html;charset=UTF-8", Body: "<!DOCTYPE html>"}, "not JSON",
		"200 OK: not the documented answer: an HTML page"},
	{"200 with an HTML page as JSON", try.Answer{Type: "application/json", Body: "<!DOCTYPE html>"}, "not JSON",
		"200 OK: not the documented answer: invalid JSON at byte 0: not a value"},
	{"200 with half of the body", try.JSON(`{"limit": `), "not JSON",
		"200 OK: not the documented answer: invalid JSON at byte 10: unexpected end"},
	{"200 with an empty body", try.Answer{Type: "application/json"}, "not JSON", "200 OK: not the documented answer: the body is empty"},
	{"redirect to a login page", redirect("https://id.atlassian.com/login?continue=x"),
		"unauthorized", "302 Found: redirect to a login page: unauthorized"},
	{"redirect elsewhere", redirect("https://evil.example/"), "",
		"302 Found: redirect that is not followed"},
}

func TestConfluenceErrorsHaveKindsAndMessages(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			s := try.Serve(t, r.answer)
			_, err := newConfluence(t, s.URL).GetAuditRecords(t.Context(), &confluence.GetAuditRecordsParams{SearchString: "hidden"})
			var api *rest.APIError
			if !errors.As(err, &api) {
				t.Fatalf("got %v, want an APIError", err)
			}
			try.Equal(t, "status", api.StatusCode, max(r.answer.Status, 200))
			try.Equal(t, "request", api.Method+" "+api.Path, "GET /wiki/rest/api/audit")
			try.Equal(t, "text", err.Error(), "GET /wiki/rest/api/audit: "+r.text)
			try.Equal(t, "header", api.Header.Get("Retry-After"), r.answer.Header["Retry-After"])
			if r.answer.Status != 302 {
				try.Equal(t, "body", string(api.Body), r.answer.Body)
			}
			compareKinds(t, err, 0, r.kinds)
		})
	}
}

func TestJiraErrorsHaveKindsAndMessages(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.name, func(t *testing.T) {
			s := try.Serve(t, r.answer)
			_, err := newJira(t, s.URL).GetAuditRecords(t.Context(), &jira.GetAuditRecordsParams{Filter: "hidden"})
			var api *rest.APIError
			if !errors.As(err, &api) {
				t.Fatalf("got %v, want an APIError", err)
			}
			try.Equal(t, "text", err.Error(), "GET /rest/api/3/auditing/record: "+r.text)
			compareKinds(t, err, 1, r.kinds)
		})
	}
}

// compareKinds checks that an error is of the wanted kinds and of no others.
func compareKinds(t *testing.T, err error, which int, want string) {
	t.Helper()
	for name, both := range kinds {
		wanted := false
		for one := range strings.SplitSeq(want, ", ") {
			wanted = wanted || one == name
		}
		if got := errors.Is(err, both[which]); got != wanted {
			t.Errorf("is it %s: got %t, want %t", name, got, wanted)
		}
	}
}

func TestAResponseThatIsTooLargeIsAnError(t *testing.T) {
	s := try.Serve(t, try.JSON(`{"limit": 25}`))
	_, err := newConfluence(t, s.URL, rest.WithMaxResponseBytes(5)).GetAuditRecords(t.Context(), nil)
	compareKinds(t, err, 0, "too large")
}

func TestErrorsNeverShowCredentialsOrQueries(t *testing.T) {
	s := try.ServeFunc(t, func(r try.Request) try.Answer {
		return try.Answer{Status: http.StatusBadRequest, Type: "application/json",
			Body: `{"message": "not understood: ` + r.Header.Get("Authorization") + ` t0ken-ada"}`, Header: map[string]string{"X-Echo": "t0ken-ada"}}
	})
	basic, bearer := rest.WithBasicAuth("ada@example.com", "t0ken-ada"), rest.WithBearerToken("t0ken-ada")
	for _, option := range []rest.Option{basic, bearer} {
		_, err := newConfluence(t, s.URL, option).GetAuditRecords(t.Context(), &confluence.GetAuditRecordsParams{SearchString: "hidden"})
		var api *rest.APIError
		if !errors.As(err, &api) {
			t.Fatalf("got %v, want an APIError", err)
		}
		shown := err.Error() + string(api.Body) + api.Header.Get("X-Echo")
		for _, secret := range []string{"t0ken-ada", "YWRhQGV4YW1wbGUuY29tOnQwa2VuLWFkYQ==", "hidden"} {
			if strings.Contains(shown, secret) {
				t.Errorf("%s shows %s", shown, secret)
			}
		}
	}
}

func TestEveryOperationReturnsErrForbidden(t *testing.T) {
	s := try.ServeFunc(t, func(try.Request) try.Answer { return try.Answer{Status: http.StatusForbidden, Body: freePlan} })
	for _, c := range append(confluenceListings(newConfluence(t, s.URL)), confluenceChanges(newConfluence(t, s.URL))...) {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.do(t.Context())
			compareKinds(t, err, 0, "forbidden, free plan")
		})
	}
}
