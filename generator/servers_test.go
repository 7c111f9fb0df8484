package generator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// settleServers returns what a client needs of a document: the first server, the paths, and what
// notes say about servers.
func settleServers(t *testing.T, head, base string) string {
	t.Helper()
	text := head + "\ninfo: {title: A, version: '1'}\npaths:\n  /audit: {get: {operationId: a, responses: {'204': {description: ok}}}}\n" +
		"  /v1/log: {get: {operationId: b, responses: {'204': {description: ok}}}}\n"
	doc, err := settle(generator.Input{Package: "a", Sources: []generator.SourceInput{
		{Kind: claim.OpenAPI, BasePath: base, File: source.File{Name: "in.yaml", Data: []byte(text)}}}})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{doc.Node().At("/servers/0/url").Str()}
	for _, op := range doc.Operations {
		out = append(out, op.Path)
	}
	for _, n := range doc.Notes {
		out = append(out, n.What+": "+n.Do)
	}
	return strings.Join(out, "\n")
}

// What clients call is read from each document by hand.
func TestServerURLsOfEveryVersionContributeTheirPaths(t *testing.T) {
	const put = ": it is put before every path; NewClient takes the address without it"
	for name, c := range map[string]struct{ head, base, want string }{
		"Swagger, host and basePath":      {"swagger: '2.0'\nhost: a.example\nbasePath: /v1", "", "https://a.example\n/v1/audit\n/v1/v1/log"},
		"Swagger, basePath alone":         {"swagger: '2.0'\nbasePath: v1/", "", "\n/v1/audit\n/v1/v1/log"},
		"Swagger, a port and plain http":  {"swagger: '2.0'\nhost: a.example:8080\nschemes: [http]", "", "http://a.example:8080\n/audit\n/v1/log"},
		"Swagger, https among schemes":    {"swagger: '2.0'\nhost: a.example\nschemes: [http, https]", "", "https://a.example\n/audit\n/v1/log"},
		"Swagger, a host with a path":     {"swagger: '2.0'\nhost: a.example/x\nbasePath: /v1", "", "https://a.example\n/x/v1/audit\n/x/v1/v1/log\nthe host \"a.example/x\" has a path: it is put before the basePath"},
		"Swagger, a host with a scheme":   {"swagger: '2.0'\nhost: 'https://a.example/'\nbasePath: /v1", "", "https://a.example\n/v1/audit\n/v1/v1/log"},
		"Swagger, a basePath with a host": {"swagger: '2.0'\nbasePath: 'https://a.example/v1'", "", "https://a.example\n/v1/audit\n/v1/v1/log\nthe basePath \"https://a.example/v1\" is a URL: read as host and basePath"},
		"whole":                           {"openapi: 3.0.3\nservers: [{url: 'https://a.example/v2/'}]", "", "https://a.example\n/v2/audit\n/v2/v1/log\nthe server URL has the path /v2" + put},
		"without a scheme":                {"openapi: 3.0.3\nservers: [{url: '//a.example'}]", "", "https://a.example\n/audit\n/v1/log"},
		"without a host":                  {"openapi: 3.0.3\nservers: [{url: api/v2}]", "", "\n/api/v2/audit\n/api/v2/v1/log\nthe server URL has the path /api/v2" + put},
		"a version with a dot":            {"openapi: 3.0.3\nservers: [{url: v1.2/x}]", "", "\n/v1.2/x/audit\n/v1.2/x/v1/log\nthe server URL has the path /v1.2/x" + put},
		"steps up and down":               {"openapi: 3.0.3\nservers: [{url: './x/../v2'}]", "", "\n/v2/audit\n/v2/v1/log\nthe server URL has the path /v2" + put},
		"several with one path":           {"openapi: 3.0.3\nservers: [{url: 'https://a.example/v2'}, {url: 'http://b.example/v2/'}]", "", "https://a.example\n/v2/audit\n/v2/v1/log\nthe server URL has the path /v2" + put},
		"several with other paths": {"openapi: 3.0.3\nservers: [{url: 'https://a.example'}, {url: 'https://a.example/v2'}]", "",
			"https://a.example\n/audit\n/v1/log\nthe servers have different paths: /, /v2: / is used; declare the base_path of this source to use another"},
		"a variable of the host": {"openapi: 3.0.3\nservers: [{url: 'https://{site}.a.example:{port}/v2', variables: {site: {default: x}, port: {default: 8443}}}]", "",
			"https://x.a.example:8443\n/v2/audit\n/v2/v1/log\nthe server URL has the path /v2" + put + "\n" +
				`the variable "port" is in the host of the server URL: its default is used; NewClient takes the whole address` + "\n" +
				`the variable "site" is in the host of the server URL: its default is used; NewClient takes the whole address`},
		"a variable of the path": {"openapi: 3.0.3\nservers: [{url: 'https://a.example/{tenant}', variables: {tenant: {default: x}}}]", "",
			"https://a.example\n/{tenant}/audit\n/{tenant}/v1/log\nthe server URL has the path /{tenant}" + put + ", and options for the variables"},
		"a declared base path": {"openapi: 3.0.3\nservers: [{url: 'https://a.example/{tenant}/v2'}]", "/acme/v2", "https://a.example\n/acme/v2/audit\n/acme/v2/v1/log"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, settleServers(t, c.head, c.base)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestAnOverlayCannotMoveOperationsByAServerURL(t *testing.T) {
	spec := "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'204': {description: ok}}}}}\n"
	overlay := "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n  - target: $\n    update:\n      servers: [{url: 'https://a.example/v2'}]\n"
	_, err := settle(generator.Input{Package: "a", Sources: []generator.SourceInput{
		{Kind: claim.Overlay, File: source.File{Name: "o.yaml", Data: []byte(overlay)}}, {Kind: claim.OpenAPI, File: source.File{Name: "in.yaml", Data: []byte(spec)}}}})
	const want = "o.yaml:6: servers: the server URL has the path /v2, and an overlay cannot move operations: leave the path out, and declare the base_path of the source that has the operations"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// settle returns the settled document, with the notes on what Go cannot say as it does.
func settle(in generator.Input) (*settled.Document, error) {
	in.Until = generator.Settled
	out, err := generator.Generate(in)
	if err != nil {
		return nil, err
	}
	again := in
	again.Until = generator.Resolved
	if whole, err := generator.Generate(again); err == nil {
		out.Document.Notes = whole.Document.Notes
	}
	return out.Document, nil
}
