package swaggerwire_test

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	swaggerwire "github.com/seed-1954497d/auditgen/golden/swaggerwire/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

func send(t *testing.T, a try.Answer, call func(*swaggerwire.Client) error) try.Request {
	t.Helper()
	s := try.Serve(t, a)
	c, err := swaggerwire.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := call(c); err != nil {
		t.Fatal(err)
	}
	return s.Only(t)
}

func TestListsAreWrittenAsCollectionFormatSays(t *testing.T) {
	ab := []string{"a", "b c"}
	level := int64(2)
	for want, p := range map[string]swaggerwire.ListsParams{
		"plain=a,b%20c":       {Plain: ab},
		"csv=a,b%20c":         {CSV: ab},
		"multi=a&multi=b%20c": {Multi: ab},
		"ssv=a%20b%20c":       {Ssv: ab},
		"tsv=a,b%20c":         {Tsv: ab},
		"pipes=1%7C2":         {Pipes: []int64{1, 2}},
		"level=2":             {Level: &level},
		"limit=2":             {Limit: &level},
	} {
		r := send(t, try.JSON(`["x"]`), func(c *swaggerwire.Client) error {
			got, err := c.Lists(t.Context(), "me", ab, &p)
			try.Equal(t, "answer", got, []string{"x"})
			return err
		})
		try.Equal(t, "request", r.Line(), "GET /2.0/lists/me/a,b%20c?"+want)
	}
}

func TestAFormIsSentURLEncoded(t *testing.T) {
	r := send(t, try.Answer{Status: 201}, func(c *swaggerwire.Client) error {
		got, err := c.SendForm(t.Context(), swaggerwire.SendFormRequest{Name: "a&b", Tags: []string{"x", "y"}, Size: 3})
		try.Equal(t, "answer", string(got), "null")
		return err
	})
	form, err := url.ParseQuery(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "form", form, url.Values{"name": {"a&b"}, "tags": {"x", "y"}, "size": {"3"}})
	try.Equal(t, "type", r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

func TestAFileIsSentAsMultipart(t *testing.T) {
	r := send(t, try.JSON(`{"type": "error", "error": {"message": "m"}, "more": 1}`), func(c *swaggerwire.Client) error {
		got, err := c.SendFile(t.Context(), swaggerwire.SendFileForm{Comment: "c", File: rest.File{Name: "a.txt", Content: strings.NewReader("content")},
			Codes: []string{"x", "y"}, Piped: []int64{1, 2}, Many: []string{"m", "n"}})
		if err == nil {
			try.Equal(t, "answer", []string{got.Type, got.Error.Message, string(got.JSON.Extra()["more"])}, []string{"error", "m", "1"})
		}
		return err
	})
	try.Equal(t, "parts", r.Parts(t), []try.Part{{Name: "file", File: "a.txt", Type: "application/octet-stream", Text: "content"}, {Name: "comment", Text: "c"},
		{Name: "codes", Text: "x,y"}, {Name: "piped", Text: "1|2"}, {Name: "many", Text: "m"}, {Name: "many", Text: "n"}})
}

func TestFilesAndTextsAreSentUnchanged(t *testing.T) {
	r := send(t, try.Answer{Type: "application/octet-stream", Body: "bytes"}, func(c *swaggerwire.Client) error {
		file, err := c.GetFile(t.Context())
		if err != nil {
			return err
		}
		defer file.Close()
		data, err := io.ReadAll(file)
		try.Equal(t, "file", string(data), "bytes")
		return err
	})
	try.Equal(t, "request", r.Line(), "GET /2.0/files")
	r = send(t, try.Answer{Status: 204}, func(c *swaggerwire.Client) error { return c.SetFile(t.Context(), strings.NewReader("bytes")) })
	try.Equal(t, "body", r.Body, "bytes")
	r = send(t, try.Answer{Type: "text/plain", Body: "answer"}, func(c *swaggerwire.Client) error {
		got, err := c.AddNote(t.Context(), strings.NewReader("question"))
		try.Equal(t, "text", got, "answer")
		return err
	})
	try.Equal(t, "body", []string{r.Body, r.Header.Get("Content-Type")}, []string{"question", "text/plain"})
	r = send(t, try.JSON(`[1]`), func(c *swaggerwire.Client) error {
		got, err := c.SendAnything(t.Context(), []byte(`{"a":[]}`))
		try.Equal(t, "any value", string(got), "[1]")
		return err
	})
	try.Equal(t, "any value", r.Body, `{"a":[]}`)
}
