package resolve

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// asSeenByCurl runs a command line in a shell, with a function in the place of curl, and gives the
// arguments that it got.
func asSeenByCurl(t *testing.T, line string, env ...string) []string {
	t.Helper()
	sh := exec.Command("sh", "-euc", "curl() { for a in \"$@\"; do printf '%s\\000' \"$a\"; done; }\n"+line)
	sh.Env = append(env, "SITE=https://site", "EMAIL=me", "API_TOKEN=token")
	out, err := sh.Output()
	if err != nil {
		t.Fatalf("the shell refuses it: %v\n%s", err, line)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

var stringType = &ir.Type{Kind: ir.String}

func posting(value string) *ir.Operation {
	body := &ir.Value{Type: &ir.Type{Kind: ir.Map, Elem: stringType}, Members: []ir.MemberValue{{Key: value, Value: &ir.Value{Type: stringType, Text: value}}}}
	return &ir.Operation{Credentials: []*ir.Credential{{Kind: ir.Basic}, {Kind: "query", Name: value}}, Method: "POST", Template: escapeTemplate("/a " + value + "/{id}"), PathParams: []*ir.Param{{Wire: "id", In: "path", Style: "simple"}},
		Body: &ir.Body{Media: "application/json" + value, Kind: ir.BodyJSON}, Result: ir.Result{Media: "application/json"},
		Example: &ir.Example{Args: []*ir.Value{{Type: stringType, Text: "x" + value}}, Body: body, Params: []*ir.ParamValue{
			{Param: &ir.Param{Wire: value, In: "query", Style: "form"}, Value: &ir.Value{Type: stringType, Text: value}},
			{Param: &ir.Param{Wire: value, In: "header"}, Value: &ir.Value{Type: stringType, Text: value}},
			{Param: &ir.Param{Wire: value, In: "cookie"}, Value: &ir.Value{Type: stringType, Text: value}}}}}
}

func TestNoTextOfADocumentMeansAnythingToTheShell(t *testing.T) {
	site := &ir.API{Atlassian: true}
	plain := len(asSeenByCurl(t, curl(site, posting("text")), "TEXT_KEY=key"))
	for _, value := range []string{`"`, `'`, `'; echo pwned; '`, "$(echo pwned)", "`echo pwned`", "$SITE", "\\", "\n", "\n#", "''", `" -o x "`, "ä\u2028😀", "\x00", "!", "*", "~", "&& x", "-o"} {
		got := asSeenByCurl(t, curl(site, posting(value)), shellName(value)+"=key")
		if len(got) != plain {
			t.Errorf("%q makes %d arguments, want %d: %q", value, len(got), plain, got)
			continue
		}
		var body map[string]string
		if err := json.Unmarshal([]byte(got[len(got)-1]), &body); err != nil || body[value] != value {
			t.Errorf("%q arrives as %q: %v", value, got[len(got)-1], err)
		}
		if got[1] != "me:token" || !strings.HasPrefix(got[4], "https://site/a%20") || !strings.Contains(got[4], "=key") {
			t.Errorf("%q changes the arguments: %q", value, got)
		}
	}
}

func TestParametersTravelAsTheirStyleSays(t *testing.T) {
	list := &ir.Value{Type: &ir.Type{Kind: ir.Slice, Elem: stringType}, Items: []*ir.Value{{Type: stringType, Text: "a"}, {Type: stringType, Text: "b c"}}}
	for _, c := range []struct {
		param ir.Param
		value *ir.Value
		want  string
	}{
		{ir.Param{Style: "form", Explode: true}, list, "https://site/?p=a&p=b%20c"},
		{ir.Param{Style: "form"}, list, "https://site/?p=a,b%20c"},
		{ir.Param{Style: "pipeDelimited"}, list, "https://site/?p=a%7Cb%20c"},
		{ir.Param{Style: "spaceDelimited"}, list, "https://site/?p=a%20b%20c"},
		{ir.Param{Style: "form"}, &ir.Value{Type: &ir.Type{Kind: ir.Bool}, Truth: true}, "https://site/?p=true"},
		{ir.Param{Style: "form"}, &ir.Value{Type: &ir.Type{Kind: ir.Time, Codec: ir.UnixMilli}, Text: "2026-03-01T12:00:00Z"}, "https://site/?p=1772366400000"},
		{ir.Param{Style: "form"}, &ir.Value{Type: &ir.Type{Kind: ir.Time, Codec: ir.Jira}, Text: "2026-03-01T12:00:00Z"}, "https://site/?p=2026-03-01T12%3A00%3A00.000%2B0000"},
	} {
		c.param.Wire, c.param.In = "p", "query"
		op := &ir.Operation{Method: "GET", Template: "/", Result: ir.Result{Media: "application/json"},
			Example: &ir.Example{Params: []*ir.ParamValue{{Param: &c.param, Value: c.value}}}}
		got := asSeenByCurl(t, curl(&ir.API{}, op))
		if diff := cmp.Diff([]string{c.want}, got); diff != "" {
			t.Errorf("%+v: -want +got\n%s", c.param, diff)
		}
	}
	deep := &ir.Operation{Method: "GET", Template: "/", Example: &ir.Example{Params: []*ir.ParamValue{{
		Param: &ir.Param{Wire: "p", In: "query", Style: "deepObject"}, Value: &ir.Value{Type: &ir.Type{Kind: ir.Map, Elem: stringType}}}}}}
	if got := curl(&ir.API{}, deep); got != "" {
		t.Errorf("an object in the query is said as %q", got)
	}
}

func TestCommandLinesHaveTheCredentialsOfTheOperation(t *testing.T) {
	for _, c := range []struct {
		name      string
		atlassian bool
		have      []*ir.Credential
		want      []string
	}{
		{"nothing", true, nil, []string{"https://site/"}},
		{"an email address and a token", true, []*ir.Credential{{Kind: ir.Basic}}, []string{"-u", "me:token", "https://site/"}},
		{"basic", false, []*ir.Credential{{Kind: ir.Basic}}, []string{"-u", "ann:pass", "https://site/"}},
		{"bearer", false, []*ir.Credential{{Kind: ir.Bearer}}, []string{"-H", "Authorization: Bearer jwt", "https://site/"}},
		{"a header", false, []*ir.Credential{{Kind: "header", Name: "X-Api-Key"}}, []string{"-H", "X-Api-Key: k1", "https://site/"}},
		{"two keys", false, []*ir.Credential{{Kind: "header", Name: "x-api-key"}, {Kind: "query", Name: "api key2"}},
			[]string{"-H", "x-api-key: k1", "https://site/?api%20key2=k2"}},
		{"a cookie", false, []*ir.Credential{{Kind: "cookie", Name: "path"}}, []string{"-H", "Cookie: path=k3", "https://site/"}},
	} {
		op := &ir.Operation{Method: "GET", Template: "/", Result: ir.Result{Media: "application/json"}, Example: &ir.Example{}, Credentials: c.have}
		got := asSeenByCurl(t, curl(&ir.API{Atlassian: c.atlassian}, op), "USERNAME=ann", "PASSWORD=pass", "TOKEN=jwt", "X_API_KEY=k1", "API_KEY2=k2", "PATH_KEY=k3")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.name, diff)
		}
	}
}
