package rest_test

import (
	"testing"

	"github.com/seed-1954497d/auditgen/templates/rest"
)

func TestABaseURLThatRepeatsTheBeginningOfEveryPathIsRefused(t *testing.T) {
	const wiki = "/wiki/rest/api/audit"
	const desk = "/{tenant}/v{version}/tickets"
	for _, c := range []struct{ prefix, base, want string }{
		{wiki, "https://x.example", ""},
		{wiki, "https://x.example/", ""},
		{wiki, "https://x.example/ex/confluence/11223344", ""},
		{wiki, "https://x.example/rest/api", ""},
		{"", "https://x.example/wiki", ""},
		{wiki, "https://x.example/wiki", "base URL: it repeats /wiki, the beginning of every path of the API (/wiki/rest/api/audit): use https://x.example; if a proxy needs both, add WithBaseURLAsGiven"},
		{wiki, "https://x.example/wiki/", "base URL: it repeats /wiki, the beginning of every path of the API (/wiki/rest/api/audit): use https://x.example; if a proxy needs both, add WithBaseURLAsGiven"},
		{wiki, "https://x.example/ex/confluence/11/wiki/rest/api", "base URL: it repeats /wiki/rest/api, the beginning of every path of the API (/wiki/rest/api/audit): use https://x.example/ex/confluence/11; if a proxy needs both, add WithBaseURLAsGiven"},
		{wiki, "https://x.example:8443/wiki/rest/api/audit", "base URL: it repeats /wiki/rest/api/audit, the beginning of every path of the API (/wiki/rest/api/audit): use https://x.example:8443; if a proxy needs both, add WithBaseURLAsGiven"},
		{desk, "https://x.example/proxy", ""},
		{desk, "https://x.example/acme/v2", "base URL: it repeats /acme/v2, the beginning of every path of the API (/{tenant}/v{version}/tickets): use https://x.example and the options that set the variables; if a proxy needs both, add WithBaseURLAsGiven"},
		{"/api/{tenant}/x", "https://x.example/api", "base URL: it repeats /api, the beginning of every path of the API (/api/{tenant}/x): use https://x.example; if a proxy needs both, add WithBaseURLAsGiven"},
	} {
		c1, err := rest.NewClient(c.base, c.prefix, map[string]string{"tenant": "demo", "version": "1"}, nil)
		if got := textOf(err); got != c.want {
			t.Errorf("%s for %s:\ngot  %s\nwant %s", c.base, c.prefix, got, c.want)
		}
		if (c1 == nil) != (err != nil) {
			t.Errorf("%s: client %v, error %v", c.base, c1, err)
		}
		if _, err := rest.NewClient(c.base, c.prefix, map[string]string{"tenant": "demo", "version": "1"}, []rest.Option{rest.WithBaseURLAsGiven()}); err != nil {
			t.Errorf("%s as given: %v", c.base, err)
		}
	}
}

func TestAServerVariableWithoutADefaultHasToBeSet(t *testing.T) {
	_, err := rest.NewClient("https://x.example", "/{tenant}/x", nil, nil)
	if textOf(err) != "server variable tenant: it has no default, and no option sets it" {
		t.Errorf("got %v", err)
	}
	if _, err := rest.NewClient("https://x.example", "/{tenant}/x", nil, []rest.Option{rest.ServerVariable("tenant", "acme")}); err != nil {
		t.Error(err)
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
