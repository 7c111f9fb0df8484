package contract_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/generator/source"
	bodies "github.com/seed-1954497d/auditgen/golden/bodies/want"
	"github.com/seed-1954497d/auditgen/golden/internal/judge"
	"github.com/seed-1954497d/auditgen/golden/internal/try"
	legal "github.com/seed-1954497d/auditgen/golden/legal/want"
	styles "github.com/seed-1954497d/auditgen/golden/styles/want"
	swaggerwire "github.com/seed-1954497d/auditgen/golden/swaggerwire/want"
)

// peered is one call by the generated client and by swagger-client, which builds its request from
// the same document and the same arguments.
type peered struct {
	document, operation string
	parameters, body    string // for swagger-client, as JSON
	call                func(ctx context.Context, url string) error
	differs             string // why the requests differ, with the rule of OpenAPI; empty if they must not
}

// made is a request as both sides are compared.
type made struct {
	Method, URL string
	Header      map[string]string
	Body        string
	Parts       []try.Part
}

func client[C any](t *testing.T, url string, newClient func(string, ...rest.Option) (*C, error)) *C {
	t.Helper()
	c, err := newClient(url, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lists, objects and forms return a call with one parameter struct.
func lists(t *testing.T, p styles.ListsParams) func(context.Context, string) error {
	return func(ctx context.Context, url string) error { return client(t, url, styles.NewClient).Lists(ctx, &p) }
}

func objects(t *testing.T, p styles.ObjectsParams) func(context.Context, string) error {
	return func(ctx context.Context, url string) error { return client(t, url, styles.NewClient).Objects(ctx, &p) }
}

func form(t *testing.T, f legal.SendFormRequest) func(context.Context, string) error {
	f.Name = "n"
	return func(ctx context.Context, url string) error { return client(t, url, legal.NewClient).SendForm(ctx, f) }
}

func sendObjects(t *testing.T, f legal.SendObjectsRequest) func(context.Context, string) error {
	return func(ctx context.Context, url string) error {
		return client(t, url, legal.NewClient).SendObjects(ctx, &f)
	}
}

func headers(t *testing.T, p styles.HeadersParams) func(context.Context, string) error {
	p.XText = "a b"
	return func(ctx context.Context, url string) error { return client(t, url, styles.NewClient).Headers(ctx, &p) }
}

func crate(t *testing.T, f bodies.ShipCrateForm) func(context.Context, string) error {
	return func(ctx context.Context, url string) error {
		f.Label, f.Scan, f.Weight = bodies.Label{To: "A"}, fileOf("s.png", "", "PNG"), 3
		return client(t, url, bodies.NewClient).ShipCrate(ctx, f)
	}
}

func fileOf(name, media, text string) rest.File {
	return rest.File{Name: name, ContentType: media, Content: strings.NewReader(text)}
}

func calls(t *testing.T) []peered {
	const styled, library = "styles", "legal"
	number, yes := int64(7), true
	price := 2.5
	return []peered{
		{document: styled, operation: "lists", parameters: `{"plain": ["a", "b,c&d=é"]}`, call: lists(t, styles.ListsParams{Plain: []string{"a", "b,c&d=é"}})},
		{document: styled, operation: "lists", parameters: `{"commas": ["a", "b,c d"]}`, call: lists(t, styles.ListsParams{Commas: []string{"a", "b,c d"}})},
		{document: styled, operation: "lists", parameters: `{"spaces": ["a", "b&c"]}`, call: lists(t, styles.ListsParams{Spaces: []string{"a", "b&c"}})},
		{document: styled, operation: "lists", parameters: `{"pipes": [1, 2]}`, call: lists(t, styles.ListsParams{Pipes: []int64{1, 2}})},
		{document: styled, operation: "lists", parameters: `{"pipesExploded": [1, 2]}`, call: lists(t, styles.ListsParams{PipesExploded: []int64{1, 2}})},
		{document: styled, operation: "lists", parameters: `{"ids[]": ["1", "2"]}`, call: lists(t, styles.ListsParams{IDs: []string{"1", "2"}})},
		{document: styled, operation: "objects", parameters: `{"filter": {"from": "a&b", "to": 7}}`, call: objects(t, styles.ObjectsParams{Filter: styles.ObjectsFilter{From: "a&b", To: 7}})},
		{document: styled, operation: "objects", parameters: `{"spread": {"a": "x y", "b": 2}}`, call: objects(t, styles.ObjectsParams{Spread: styles.ObjectsSpread{A: "x y", B: 2}})},
		{document: styled, operation: "objects", parameters: `{"flat": {"c": "x", "d": 2}}`, call: objects(t, styles.ObjectsParams{Flat: styles.ObjectsFlat{C: "x", D: 2}})},
		{document: styled, operation: "objects", parameters: `{"piped": {"p": "x", "q": 1}}`, call: objects(t, styles.ObjectsParams{Piped: styles.ObjectsPiped{P: "x", Q: 1}}),
			differs: "OpenAPI 3.0.4, style examples: pipeDelimited is R|100|G|200; swagger-client joins objects by commas"},
		{document: styled, operation: "objects", parameters: `{"json": {"e": "x y"}}`, call: objects(t, styles.ObjectsParams{JSON: styles.ObjectsJSON{E: "x y"}})},
		{document: styled, operation: "objects", parameters: `{"jsonList": [1, 2]}`, call: objects(t, styles.ObjectsParams{JSONList: []int64{1, 2}})},
		{document: styled, operation: "paths",
			parameters: `{"simple": 1.5, "list": ["a", "b/c"], "exploded": ["d", "e"], "label": "f", "labels": ["g", "h"], "matrix": "i", "matrices": [1, 2], "object": {"a": "x", "b": "y"}, "flag": true, "ext": "json"}`,
			call: func(ctx context.Context, url string) error {
				return client(t, url, styles.NewClient).Paths(ctx, 1.5, []string{"a", "b/c"}, []string{"d", "e"}, "f", []string{"g", "h"}, "i", []int64{1, 2},
					styles.PathsObject{A: "x", B: "y"}, true, styles.PathsExtJSON)
			}},
		{document: styled, operation: "headers", parameters: `{"X-Text": "a b", "X-Number": 7, "X-List": ["a", "b"], "X-Flag": true, "X-Object": {"a": "x", "b": 1}, "session": "s"}`,
			call: headers(t, styles.HeadersParams{XNumber: &number, XList: []string{"a", "b"}, XFlag: &yes, XObject: styles.HeadersXObject{A: "x", B: 1}, Session: "s"})},
		{document: styled, operation: "headers", parameters: `{"X-Text": "a b", "session": "s", "number": 7}`, call: headers(t, styles.HeadersParams{Session: "s", Number: &number}),
			differs: "RFC 6265, 4.2.1: all cookies are in one header; swagger-client sends the last one only"},
		{document: styled, operation: "headers", parameters: `{"X-Text": "a b", "words": ["v", "w"]}`, call: headers(t, styles.HeadersParams{Words: []string{"v", "w"}}),
			differs: "OpenAPI 3.0.3, style values: form is form-style expansion of RFC 6570 (3.2.8), whose comma is not escaped; swagger-client escapes it"},
		{document: library, operation: "findBooks", parameters: `{"filter": "List(a:1,b/2) x", "shelf": 0, "view": "full", "authors": ["a"], "sort": "a:b", "X-Desk": "d"}`,
			call: func(ctx context.Context, url string) error {
				_, err := client(t, url, legal.NewClient).FindBooks(ctx, &legal.FindBooksParams{Filter: "List(a:1,b/2) x", Authors: []string{"a"}, Sort: "a:b", XDesk: "d"})
				return err
			}},
		{document: library, operation: "sendForm", body: `{"name": "n", "commas": [1, 2], "pipes": ["x", "y"]}`, call: form(t, legal.SendFormRequest{Commas: []int64{1, 2}, Pipes: []string{"x", "y"}})},
		{document: library, operation: "sendForm", body: `{"name": "n", "plain": ["a", "b&c"]}`, call: form(t, legal.SendFormRequest{Plain: []string{"a", "b&c"}}),
			differs: "OpenAPI 3.0.3, Encoding Object: style and explode default to those of a query parameter, form and true: names are repeated; swagger-client joins the list"},
		{document: library, operation: "sendForm", body: `{"name": "n", "when": {"from": "a", "days": 3}}`, call: form(t, legal.SendFormRequest{When: legal.SendFormRequestWhen{From: "a", Days: 3}})},
		{document: library, operation: "sendForm", body: `{"name": "n", "size": {"h": 2, "w": 1}}`, call: form(t, legal.SendFormRequest{Size: legal.SendFormRequestSize{W: 1, H: 2}})},
		{document: library, operation: "sendObjects", body: `{"spread": {"city": "Ulm", "zip": 89073}}`, call: sendObjects(t, legal.SendObjectsRequest{Spread: legal.SendObjectsRequestSpread{City: "Ulm", Zip: 89073}})},
		{document: library, operation: "sendObjects", body: `{"whole": {"a": 1}}`, call: sendObjects(t, legal.SendObjectsRequest{Whole: legal.SendObjectsRequestWhole{A: 1}})},
		{document: "bodies", operation: "shipCrate",
			body: `{"label": {"to": "A"}, "scan": {"file": "s.png", "type": "image/png", "text": "PNG"}, "photos": [{"file": "p.png", "type": "image/png", "text": "1"}, {"file": "q.jpg", "type": "image/jpeg", "text": "2"}],
				"weight": 3, "price": 2.5, "fragile": true, "table": "a,b", "kind": "crate", "size": "large"}`,
			call: func(ctx context.Context, url string) error {
				return crate(t, bodies.ShipCrateForm{Photos: []rest.File{fileOf("p.png", "image/png", "1"), fileOf("q.jpg", "image/jpeg", "2")},
					Price: &price, Fragile: &yes, Table: "a,b", Size: bodies.ShipCrateFormSizeLarge})(ctx, url)
			}},
		{document: "bodies", operation: "shipCrate", body: `{"label": {"to": "A"}, "scan": {"file": "s.png", "type": "image/png", "text": "PNG"}, "extra": {"a": 1}, "weight": 3, "kind": "crate"}`,
			call:    crate(t, bodies.ShipCrateForm{Extra: map[string]int64{"a": 1}}),
			differs: "OpenAPI 3.0.3, Encoding Object: the contentType of an object defaults to application/json; swagger-client sends none"},
		{document: "bodies", operation: "shipCrate", body: `{"label": {"to": "A"}, "scan": {"file": "s.png", "type": "image/png", "text": "PNG"}, "stops": [{"to": "B"}, {"to": "C"}], "weight": 3, "tags": ["x", "y"], "kind": "crate"}`,
			call:    crate(t, bodies.ShipCrateForm{Stops: []bodies.Label{{To: "B"}, {To: "C"}}, Tags: []string{"x", "y"}}),
			differs: "OpenAPI 3.0.3, Encoding Object: the contentType of an array is that of its items, which are parts of the same name (RFC 7578, 4.3); swagger-client sends the list as one part"},
		{document: "swaggerwire", operation: "sendForm", parameters: `{"name": "a&b", "tags": ["x", "y"], "size": 3}`,
			call: func(ctx context.Context, url string) error {
				_, err := client(t, url, swaggerwire.NewClient).SendForm(ctx, swaggerwire.SendFormRequest{Name: "a&b", Tags: []string{"x", "y"}, Size: 3})
				return err
			}},
		{document: "swaggerwire", operation: "sendFile",
			parameters: `{"file": {"file": "a.txt", "type": "application/octet-stream", "text": "content"}, "comment": "c", "codes": ["x", "y"], "piped": [1, 2], "many": ["m", "n"]}`,
			call: func(ctx context.Context, url string) error {
				_, err := client(t, url, swaggerwire.NewClient).SendFile(ctx, swaggerwire.SendFileForm{File: fileOf("a.txt", "", "content"), Comment: "c",
					Codes: []string{"x", "y"}, Piped: []int64{1, 2}, Many: []string{"m", "n"}})
				return err
			}},
		{document: "swaggerwire", operation: "lists", parameters: `{"owner": "me", "parts": ["b c"], "csv": ["a", "b"], "multi": ["c", "d"], "ssv": ["e", "f"], "pipes": [1, 2], "limit": 7, "X-List": ["g", "h"]}`,
			call: func(ctx context.Context, url string) error {
				_, err := client(t, url, swaggerwire.NewClient).Lists(ctx, "me", []string{"b c"}, &swaggerwire.ListsParams{CSV: []string{"a", "b"}, Multi: []string{"c", "d"},
					Ssv: []string{"e", "f"}, Pipes: []int64{1, 2}, Limit: &number, XList: []string{"g", "h"}})
				return err
			}},
		{document: "swaggerwire", operation: "lists", parameters: `{"owner": "me", "parts": ["a", "b"], "limit": 7}`,
			call: func(ctx context.Context, url string) error {
				_, err := client(t, url, swaggerwire.NewClient).Lists(ctx, "me", []string{"a", "b"}, &swaggerwire.ListsParams{Limit: &number})
				return err
			},
			differs: "Swagger 2.0, collectionFormat: csv is foo,bar; swagger-client escapes the comma in a path"},
		{document: "swaggerwire", operation: "lists", parameters: `{"owner": "me", "parts": ["a"]}`,
			call: func(ctx context.Context, url string) error {
				_, err := client(t, url, swaggerwire.NewClient).Lists(ctx, "me", []string{"a"}, nil)
				return err
			},
			differs: "Swagger 2.0, default: the value that the server uses if none is given; swagger-client sends it"},
	}
}

// document returns a document as it is, as JSON.
func document(t *testing.T, name string) []byte {
	t.Helper()
	file := filepath.Join("..", name, "input", "spec.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := source.ParseTree(source.File{Name: file, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return []byte(tree.JSON())
}

// Each style, with and without explode, for each type, in each place, and the forms: the generated
// clients and swagger-client send the same.
func TestRequestsAreThoseOfAnotherClient(t *testing.T) {
	if *prism == "" {
		t.Skip("needs npm packages: make contract")
	}
	all := calls(t)
	peer := peerRequests(t, all)
	for i, c := range all {
		t.Run(c.operation+" "+c.parameters+c.body, func(t *testing.T) {
			ours := comparable(sent(t, c.call))
			theirs := comparable(peer[i])
			diff := cmp.Diff(theirs, ours)
			switch {
			case diff != "" && c.differs == "":
				t.Errorf("-swagger-client +ours\n%s", diff)
			case diff == "" && c.differs != "":
				t.Errorf("the requests are equal: delete the reason for their difference")
			}
		})
	}
}

// kin-openapi reads the same requests by the same documents, as they are.
func TestRequestsAreValidByTheOriginalDocument(t *testing.T) {
	judges := map[string]*judge.Judge{}
	for _, c := range calls(t) {
		if c.document == "swaggerwire" {
			continue // a body without a schema, which it has, is invalid for kin-openapi
		}
		if judges[c.document] == nil {
			j, err := judge.New(c.document, document(t, c.document))
			if err != nil {
				t.Fatal(err)
			}
			judges[c.document] = j
		}
		r := sent(t, c.call)
		complaints, ok := judges[c.document].Complaints(judge.Request{Method: r.request.Method, URL: r.URL, Header: r.request.Header, Body: []byte(r.request.Body)})
		if !ok {
			t.Errorf("%s %s: kin-openapi finds no operation", c.operation, r.URL)
		}
		for _, complaint := range complaints {
			if judge.Excused(complaint) == "" {
				t.Errorf("%s %s%s: %s", c.operation, c.parameters, c.body, complaint)
			}
		}
	}
}

// sentRequest is a request of a generated client.
type sentRequest struct {
	made
	request try.Request
}

func sent(t *testing.T, call func(context.Context, string) error) sentRequest {
	t.Helper()
	s := try.Serve(t, try.Answer{Status: http.StatusOK, Type: "application/json", Body: "null"})
	_ = call(t.Context(), s.URL) // some answers must not be null
	r := s.Only(t)
	m := made{Method: r.Method, URL: strings.TrimSuffix(r.Path+"?"+r.Query, "?"), Header: map[string]string{}, Body: r.Body}
	for name := range r.Header {
		m.Header[strings.ToLower(name)] = r.Header.Get(name)
	}
	if strings.HasPrefix(m.Header["content-type"], "multipart/") {
		m.Parts, m.Body = r.Parts(t), ""
	}
	return sentRequest{m, r}
}

// peerRequests returns the requests of swagger-client.
func peerRequests(t *testing.T, all []peered) []sentRequest {
	t.Helper()
	type call struct {
		Spec        json.RawMessage `json:"spec"`
		OperationID string          `json:"operationId"`
		Parameters  json.RawMessage `json:"parameters,omitempty"`
		RequestBody json.RawMessage `json:"requestBody,omitempty"`
	}
	var in []call
	for _, c := range all {
		in = append(in, call{document(t, c.document), c.operation, json.RawMessage(c.parameters), json.RawMessage(c.body)})
	}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	tools := filepath.Dir(filepath.Dir(filepath.Dir(*prism)))
	node := exec.Command("node", filepath.Join("testdata", "requests.mjs"), tools)
	var stderr bytes.Buffer
	node.Stdin, node.Stderr = bytes.NewReader(data), &stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s\nmake contract installs swagger-client", err, &stderr)
	}
	var requests []sentRequest
	for line := range strings.Lines(string(out)) {
		var m made
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		requests = append(requests, sentRequest{made: m})
	}
	if len(requests) != len(all) {
		t.Fatalf("swagger-client made %d requests of %d\n%s", len(requests), len(all), &stderr)
	}
	return requests
}

// comparable brings a request into the form in which spellings of the same do not differ: the host
// and headers that every client has are left out, and characters are escaped only where an escape
// changes the meaning.
func comparable(r sentRequest) made {
	m := made{Method: r.Method, Header: map[string]string{}, Parts: slices.Clone(r.Parts)}
	for i := range m.Parts {
		m.Parts[i].Header = nil // a FormData has none
	}
	target := r.URL
	if _, after, found := strings.Cut(target, "://"); found {
		target = "/"
		if _, path, found := strings.Cut(after, "/"); found {
			target += path
		}
	}
	path, query, _ := strings.Cut(target, "?")
	m.URL = spelled(path) + "?" + pairs(query)
	for name, value := range r.Header {
		if strings.HasPrefix(name, "x-") || name == "cookie" || name == "if-match" {
			m.Header[name] = value
		}
	}
	m.Body = r.Body
	if media := r.Header["content-type"]; m.Parts == nil && r.Body != "" {
		m.Header["content-type"], _, _ = strings.Cut(media, ";")
		m.Body = pairs(r.Body)
	}
	return m
}

// pairs returns a query or a form, sorted by names: the order between names means nothing.
func pairs(text string) string {
	all := strings.Split(text, "&")
	for i, pair := range all {
		all[i] = spelled(strings.ReplaceAll(pair, "+", "%20"))
	}
	slices.SortStableFunc(all, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
	return strings.Join(all, "&")
}

// spelled returns a text in which only the characters are escaped that would mean something else
// without an escape.
func spelled(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if plain, err := url.PathUnescape(text[i : i+3]); err == nil {
				if strings.Contains(",&=+%/?#;", plain) {
					plain = strings.ToUpper(text[i : i+3])
				}
				out.WriteString(plain)
				i += 2
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
