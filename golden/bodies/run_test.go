package bodies_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	bodies "github.com/seed-1954497d/auditgen/golden/bodies/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func newClient(t *testing.T, url string) *bodies.Client {
	t.Helper()
	c, err := bodies.NewClient(url, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestADownloadHasItsNameAndType(t *testing.T) {
	cases := []struct{ name, disposition, want string }{
		{"no name", "", ""},
		{"a plain name", `attachment; filename="audit log.csv"`, "audit log.csv"},
		{"a name in another alphabet", `attachment; filename*=UTF-8''pr%C3%BCfung.zip`, "prüfung.zip"},
		{"a name with a path", `attachment; filename="../../etc/passwd"`, "passwd"},
		{"a name that cannot be read", `attachment; filename=`, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			header := map[string]string{"Content-Length": "8"}
			if c.disposition != "" {
				header["Content-Disposition"] = c.disposition
			}
			s := try.Serve(t, try.Answer{Type: "text/csv", Header: header, Body: "a,b\n1,2\n"})
			file, err := newClient(t, s.URL).Export(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			text, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), "GET /export")
			try.Equal(t, "Accept", s.Only(t).Header.Get("Accept"), "application/zip, text/csv")
			try.Equal(t, "text", string(text), "a,b\n1,2\n")
			try.Equal(t, "name", file.FileName, c.want)
			try.Equal(t, "type", file.ContentType, "text/csv")
			try.Equal(t, "length", file.Length, 8)
		})
	}
}

// The server waits until the client has read the first part, so a client that waits for the whole
// file would hang.
func TestADownloadIsReadWhileItArrives(t *testing.T) {
	read := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		select {
		case <-read:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, " and last")
	}))
	defer s.Close()
	// The limit of responses does not apply to files.
	c, err := bodies.NewClient(s.URL, rest.WithMaxResponseBytes(3))
	if err != nil {
		t.Fatal(err)
	}
	file, err := c.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	start := make([]byte, len("first"))
	if _, err := io.ReadFull(file, start); err != nil {
		t.Fatal(err)
	}
	close(read)
	rest, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "text", string(start)+"|"+string(rest), "first| and last")
	try.Equal(t, "length", file.Length, -1)
}

func TestATruncatedDownloadIsAnError(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
	}))
	defer s.Close()
	file, err := newClient(t, s.URL).Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	try.Equal(t, "text", string(text), "half")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want io.ErrUnexpectedEOF", err)
	}
}

func TestARefusedDownloadIsAnAPIError(t *testing.T) {
	cases := []struct {
		name   string
		answer try.Answer
		want   error
	}{
		{"forbidden", try.Answer{Status: http.StatusForbidden, Body: "no"}, rest.ErrForbidden},
		{"an HTML page instead", try.Answer{Type: "text/html; charset=utf-8", Body: "<html>"}, rest.ErrNotJSON},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := try.Serve(t, c.answer)
			file, err := newClient(t, s.URL).Export(t.Context())
			var api *rest.APIError
			if !errors.Is(err, c.want) || !errors.As(err, &api) || file != nil {
				t.Fatalf("got %v, %v, want an APIError that is %v", file, err, c.want)
			}
			try.Equal(t, "body", string(api.Body), c.answer.Body)
		})
	}
}

func TestTextIsReturnedUnchanged(t *testing.T) {
	for _, text := range []string{"", "Hello\n", `{"not": "decoded"}`, "\x00\xff"} {
		s := try.Serve(t, try.Answer{Type: "text/plain", Body: text})
		got, err := newClient(t, s.URL).GetMessage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		try.Equal(t, "text", got, text)
		try.Equal(t, "request", s.Only(t).Line(), "GET /motd")
		try.Equal(t, "Accept", s.Only(t).Header.Get("Accept"), "text/plain")
	}
}

func TestAnUploadIsSentUnchanged(t *testing.T) {
	for name, from := range map[string]io.Reader{
		"with a known length": strings.NewReader("\x00\x01 bytes\n"),
		"of unknown length":   io.MultiReader(strings.NewReader("\x00\x01 by"), strings.NewReader("tes\n")),
	} {
		t.Run(name, func(t *testing.T) {
			s := try.Serve(t, try.Answer{Status: http.StatusAccepted})
			var resp rest.Response
			if err := newClient(t, s.URL).Import(t.Context(), from, rest.WithResponse(&resp)); err != nil {
				t.Fatal(err)
			}
			r := s.Only(t)
			try.Equal(t, "request", r.Line(), "POST /import")
			try.Equal(t, "content type", r.Header.Get("Content-Type"), "application/octet-stream")
			try.Equal(t, "body", r.Body, "\x00\x01 bytes\n")
			try.Equal(t, "status", resp.StatusCode, http.StatusAccepted)
		})
	}
}

// A reader cannot be read twice, so a second attempt would send the rest of it or nothing.
func TestAnUploadIsNotRetried(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "0"}})
	c, err := bodies.NewClient(s.URL, rest.WithMaxRetries(5))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Import(t.Context(), strings.NewReader("bytes")); !errors.Is(err, rest.ErrRateLimited) {
		t.Errorf("got %v, want ErrRateLimited", err)
	}
	try.Equal(t, "requests", s.Lines(), []string{"POST /import"})
}

func TestAnyJSONIsSentAndReceivedUnchanged(t *testing.T) {
	for _, c := range []struct{ name, in, out string }{
		{"an object", `{"b": 1.0, "a": [null, "x\u00e9"]}`, `{"b":1.0,"a":[null,"x\u00e9"]}`},
		{"a number too large for a float", `12345678901234567890.5`, `12345678901234567890.5`},
		{"null", `null`, `null`},
		{"nothing", ``, `null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := try.ServeFunc(t, func(r try.Request) try.Answer { return try.JSON("%s", r.Body) })
			got, err := newClient(t, s.URL).Echo(t.Context(), json.RawMessage(c.in))
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "request", s.Only(t).Line(), "POST /anything")
			try.Equal(t, "content type", s.Only(t).Header.Get("Content-Type"), "application/json")
			try.Equal(t, "sent", s.Only(t).Body, c.out)
			try.Equal(t, "received", string(got), c.out)
		})
	}
}

func TestAMissingBodyIsNullIfAnyJSONIsAllowed(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	got, err := newClient(t, s.URL).Echo(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "received", string(got), "null")
}

func TestInvalidJSONIsNotSent(t *testing.T) {
	for _, body := range []string{`{`, `{"a": 1} {"b": 2}`, `nan`, `'a'`} {
		s := try.Serve(t)
		if _, err := newClient(t, s.URL).Echo(t.Context(), json.RawMessage(body)); err == nil {
			t.Errorf("%s: got no error", body)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
}

func TestAResponseThatIsNotJSONIsAnAPIError(t *testing.T) {
	for _, body := range []string{"OK", `{"a": 1`, `{"a": 1} x`, "\ufeff{}"} {
		s := try.Serve(t, try.JSON("%s", body))
		_, err := newClient(t, s.URL).Echo(t.Context(), nil)
		var api *rest.APIError
		if !errors.Is(err, rest.ErrNotJSON) || !errors.As(err, &api) {
			t.Errorf("%q: got %v, want an APIError that is ErrNotJSON", body, err)
		}
	}
}

func TestFilesAreSentAsAMultipartForm(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, head, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text, _ := io.ReadAll(file)
		got = []string{r.URL.EscapedPath(), head.Filename, string(text), r.FormValue("comment")}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `["a.txt"]`)
	}))
	defer server.Close()
	form := bodies.AddFilesForm{File: rest.File{Name: "a.txt", Content: strings.NewReader("content")}, More: new(rest.Upload).Field("comment", "x+y")}
	names, err := newClient(t, server.URL).AddFiles(t.Context(), "a/b", form)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "seen", got, []string{"/files/a%2Fb", "a.txt", "content", "x+y"})
	try.Equal(t, "names", names, []string{"a.txt"})
}

func file(name, content string) rest.File {
	return rest.File{Name: name, Content: strings.NewReader(content)}
}

// The parts are in the order of the document, with the media types that its encoding names, or the
// defaults of OpenAPI: text, JSON for objects, and one part for each element of a list.
func TestTheFieldsOfAFormAreItsParts(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	price, fragile := 1e7, false
	jpg := file("p.jpg", "JPG")
	jpg.ContentType = "image/jpeg"
	scan := file("s.png", "PNG")
	scan.Header = http.Header{"X-Pages": {"3"}}
	err := newClient(t, s.URL).ShipCrate(t.Context(), bodies.ShipCrateForm{
		Label: bodies.Label{To: "Ö", Fragile: true}, Scan: scan, Photos: []rest.File{file("q.png", "P2"), jpg},
		Extra: map[string]int64{"a": 1}, Stops: []bodies.Label{{To: "A"}, {To: "B"}}, Price: &price, Fragile: &fragile, Table: "a,b",
		Due: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Tags: []string{"x", "y z"}, Size: bodies.ShipCrateFormSizeLarge, Way: bodies.ShipCrateFormWayOfLabel(bodies.Label{To: "W"}),
		More: new(rest.Upload).Field("comment", "c").File("other", "o", strings.NewReader("?")).JSON("list", []int{1}),
	})
	if err != nil {
		t.Fatal(err)
	}
	const asJSON = "application/json"
	try.Equal(t, "parts", s.Only(t).Parts(t), []try.Part{
		{Name: "label", Type: asJSON, Text: `{"to":"Ö","fragile":true}`},
		{Name: "scan", File: "s.png", Type: "image/png", Text: "PNG", Header: map[string]string{"X-Pages": "3", "X-From": "scanner"}},
		{Name: "photos", File: "q.png", Type: "image/png", Text: "P2"},
		{Name: "photos", File: "p.jpg", Type: "image/jpeg", Text: "JPG"},
		{Name: "extra", Type: asJSON, Text: `{"a":1}`},
		{Name: "stops", Type: asJSON, Text: `{"to":"A"}`},
		{Name: "stops", Type: asJSON, Text: `{"to":"B"}`},
		{Name: "weight", Text: "0"},
		{Name: "price", Text: "10000000"},
		{Name: "fragile", Text: "false"},
		{Name: "table", Type: "text/csv", Text: "a,b"},
		{Name: "due", Text: "2026-03-01T12:00:00Z"},
		{Name: "tags", Text: "x"},
		{Name: "tags", Text: "y z"},
		{Name: "kind", Text: "crate"},
		{Name: "size", Text: "large"},
		{Name: "way", Type: asJSON, Text: `{"to":"W"}`},
		{Name: "comment", Text: "c"},
		{Name: "other", File: "o", Type: "application/octet-stream", Text: "?"},
		{Name: "list", Type: asJSON, Text: "[1]"},
	})
}

func TestAnOptionalFormAndItsPartsAreLeftOut(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent}, try.Answer{Status: http.StatusNoContent})
	c := newClient(t, s.URL)
	if err := c.SendLetter(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := c.SendLetter(t.Context(), &bodies.SendLetterForm{More: "m", Scan: file("s", "S")}); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "type without a body", s.Requests()[0].Header.Get("Content-Type"), "")
	try.Equal(t, "parts", s.Requests()[1].Parts(t), []try.Part{{Name: "more", Text: "m"},
		{Name: "scan", File: "s", Type: "application/octet-stream", Text: "S"}})
}

func TestAnIncompleteFormIsNotSent(t *testing.T) {
	scan := file("s.png", "PNG")
	scan.Header = http.Header{"X-Pages": {"3"}}
	broken := file("s.png", "PNG")
	broken.Header = http.Header{"X-Pages": {"3\r\nX-Evil: 1"}}
	label := bodies.Label{To: "A"}
	for want, form := range map[string]bodies.ShipCrateForm{
		"part scan of the form is a file, and has no content": {Label: label},
		"a header of part scan of the upload has a control":   {Label: label, Scan: broken},
		"part list of the upload: ":                           {Label: label, Scan: scan, More: new(rest.Upload).JSON("list", func() {})},
		"a part of the upload has no name":                    {Label: label, Scan: scan, More: new(rest.Upload).Field("", "x")},
	} {
		s := try.Serve(t)
		if err := newClient(t, s.URL).ShipCrate(t.Context(), form); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		try.Equal(t, "requests", s.Lines(), []string{})
	}
	s := try.Serve(t)
	if err := newClient(t, s.URL).SendLetter(t.Context(), new(bodies.SendLetterForm)); err == nil || !strings.Contains(err.Error(), "the form is empty") {
		t.Errorf("an empty form: %v", err)
	}
	try.Equal(t, "requests", s.Lines(), []string{})
}

// The server answers after the first bytes of the file, and only then the file goes on.
func TestAFileOfAFormIsReadWhileItIsSent(t *testing.T) {
	seen := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
			return
		}
		part, err := form.NextPart()
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := io.ReadFull(part, make([]byte, len("first"))); err != nil {
			t.Error(err)
		}
		close(seen)
		text, err := io.ReadAll(part)
		try.Equal(t, "rest of the file", string(text), " and last")
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `[]`)
	}))
	defer server.Close()
	content, end := io.Pipe()
	go func() {
		_, _ = io.WriteString(end, "first")
		<-seen
		_, _ = io.WriteString(end, " and last")
		end.Close()
	}()
	if _, err := newClient(t, server.URL).AddFiles(t.Context(), "1", bodies.AddFilesForm{File: rest.File{Name: "a", Content: content}}); err != nil {
		t.Fatal(err)
	}
}

func TestAFormThatTheDocumentDoesNotDescribeIsAnUpload(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	upload := new(rest.Upload).Field("a", "1").FileOf("b", "b.png", "image/png", strings.NewReader("B"))
	if err := newClient(t, s.URL).SendParts(t.Context(), upload); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "parts", s.Only(t).Parts(t), []try.Part{{Name: "a", Text: "1"}, {Name: "b", File: "b.png", Type: "image/png", Text: "B"}})
}

func TestAFormHasTheMembersOfItsModel(t *testing.T) {
	s := try.Serve(t, try.Answer{Status: http.StatusNoContent})
	if err := newClient(t, s.URL).Search(t.Context(), bodies.SearchRequest{Q: "a b&c", Page: 2}); err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "type", s.Only(t).Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	try.Equal(t, "body", s.Only(t).Body, "page=2&q=a+b%26c")
}
