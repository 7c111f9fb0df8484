package responses_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generated/rest"
	responses "github.com/seed-1954497d/auditgen/golden/responses/want"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// answered sends one response to one call.
func answered(t *testing.T, a try.Answer, call func(*responses.Client) error) (try.Request, error) {
	t.Helper()
	s := try.Serve(t, a)
	c, err := responses.NewClient(s.URL, rest.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	err = call(c)
	return s.Only(t), err
}

const thing = `{"name": "a", "parts": [{"name": "b"}]}`

func TestAThingIsReadFromAnyDocumentedResponse(t *testing.T) {
	ctx := t.Context()
	for name, c := range map[string]struct {
		media, accept string
		status        int
		call          func(*responses.Client) (*responses.Thing, error)
	}{
		"default":            {"application/json", "application/json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.OnlyDefault(ctx) }},
		"2XX":                {"application/json", "application/json", 206, func(c *responses.Client) (*responses.Thing, error) { return c.Range(ctx) }},
		"the lowest":         {"application/json", "application/json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.SeveralSuccesses(ctx) }},
		"with a body":        {"application/json", "application/json", 202, func(c *responses.Client) (*responses.Thing, error) { return c.StartLater(ctx) }},
		"*/*":                {"application/json", "application/json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.AnyType(ctx) }},
		"application/*":      {"application/json", "application/json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.AnyApplication(ctx) }},
		"+json":              {"application/hal+json", "application/hal+json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.Suffix(ctx) }},
		"application/*+json": {"application/hal+json", "application/json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.AnySuffix(ctx) }},
		"a charset":          {"application/json;charset=UTF-8", "application/json;charset=UTF-8", 200, func(c *responses.Client) (*responses.Thing, error) { return c.Charset(ctx) }},
		"JSON before XML":    {"application/json", "application/json", 200, func(c *responses.Client) (*responses.Thing, error) { return c.JSONOrXML(ctx) }},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := answered(t, try.Answer{Status: c.status, Type: c.media, Body: thing}, func(client *responses.Client) error {
				got, err := c.call(client)
				if err == nil {
					try.Equal(t, "names", []string{got.Name, got.Parts[0].Name}, []string{"a", "b"})
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "accept", r.Header.Get("Accept"), c.accept)
		})
	}
}

func TestAStatusWithoutABodyIsASuccessIfDocumented(t *testing.T) {
	for status, documented := range map[int]bool{202: true, 204: true, 200: false, 201: false} {
		_, err := answered(t, try.Answer{Status: status}, func(c *responses.Client) error {
			got, err := c.SeveralSuccesses(t.Context())
			if err == nil {
				try.Equal(t, "name", got.Name, "")
			}
			return err
		})
		if documented != (err == nil) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAResponseWithoutABodyIsNotAnError(t *testing.T) {
	ctx := t.Context()
	for name, call := range map[string]func(*responses.Client) error{
		"204":                func(c *responses.Client) error { return c.DeleteNothing(ctx) },
		"200 without a body": func(c *responses.Client) error { return c.NoContent(ctx) },
		"HEAD":               func(c *responses.Client) error { return c.HeadThing(ctx) },
		"a redirection only": func(c *responses.Client) error { return c.Moved(ctx) },
		"no schema":          func(c *responses.Client) error { _, err := c.NoSchema(ctx); return err },
	} {
		if _, err := answered(t, try.Answer{Status: http.StatusOK}, call); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnErrorStatusIsAnErrorWhateverTheDocumentSays(t *testing.T) {
	_, err := answered(t, try.Answer{Status: http.StatusConflict, Type: "application/json", Body: `{"message": "no"}`}, func(c *responses.Client) error {
		_, err := c.Range(t.Context())
		return err
	})
	failure, ok := errors.AsType[*rest.APIError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	try.Equal(t, "failure", []any{failure.StatusCode, string(failure.Body)}, []any{http.StatusConflict, `{"message": "no"}`})
}

func TestTextIsReturnedUnchanged(t *testing.T) {
	ctx := t.Context()
	for media, call := range map[string]func(*responses.Client) (string, error){
		"text/plain": func(c *responses.Client) (string, error) { return c.Text(ctx) },
		"text/html":  func(c *responses.Client) (string, error) { return c.HTML(ctx) },
	} {
		r, err := answered(t, try.Answer{Type: media, Body: "some <text>"}, func(c *responses.Client) error {
			got, err := call(c)
			try.Equal(t, media, got, "some <text>")
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", media, err)
		}
		try.Equal(t, "accept", r.Header.Get("Accept"), media)
	}
}

func TestOtherMediaTypesAreDownloads(t *testing.T) {
	ctx := t.Context()
	for media, call := range map[string]func(*responses.Client) (*rest.Download, error){
		"application/xml":          func(c *responses.Client) (*rest.Download, error) { return c.XML(ctx) },
		"image/png":                func(c *responses.Client) (*rest.Download, error) { return c.Image(ctx) },
		"application/json":         func(c *responses.Client) (*rest.Download, error) { return c.JSONFile(ctx) },
		"application/octet-stream": func(c *responses.Client) (*rest.Download, error) { return c.AnyText(ctx) },
		"application/zip":          func(c *responses.Client) (*rest.Download, error) { return c.AnyAtAll(ctx) },
	} {
		_, err := answered(t, try.Answer{Type: media, Body: "{bytes"}, func(c *responses.Client) error {
			got, err := call(c)
			if err != nil {
				return err
			}
			defer got.Close()
			data, err := io.ReadAll(got)
			try.Equal(t, media, []string{got.ContentType, string(data)}, []string{media, "{bytes"})
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", media, err)
		}
	}
}

func TestResponsesNeedNotBeObjects(t *testing.T) {
	ctx := t.Context()
	for body, call := range map[string]func(*responses.Client) (any, error){
		`7`:                  func(c *responses.Client) (any, error) { return c.Scalar(ctx) },
		`true`:               func(c *responses.Client) (any, error) { return c.Flag(ctx) },
		`"b"`:                func(c *responses.Client) (any, error) { return c.Word(ctx) },
		`{"x":{"name":"a"}}`: func(c *responses.Client) (any, error) { m, err := c.Map(ctx); return m["x"].Name, err },
		`[[1],[],[2,3]]`:     func(c *responses.Client) (any, error) { return c.Matrix(ctx) },
	} {
		want := map[string]any{`7`: int64(7), `true`: true, `"b"`: responses.WordResponseB, `{"x":{"name":"a"}}`: "a", `[[1],[],[2,3]]`: [][]int64{{1}, {}, {2, 3}}}[body]
		_, err := answered(t, try.JSON("%s", body), func(c *responses.Client) error {
			got, err := call(c)
			try.Equal(t, body, got, want)
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestABodyIsSentAsTheDocumentSays(t *testing.T) {
	ctx := t.Context()
	a := responses.Thing{Name: "a"}
	text := func() io.Reader { return strings.NewReader("some text") }
	for name, c := range map[string]struct {
		media, body string
		call        func(*responses.Client) error
	}{
		"JSON among several": {"application/json-patch+json", `[{"name":"a"}]`, func(c *responses.Client) error { return c.SendSeveral(ctx, []responses.Thing{a}) }},
		"text":               {"text/plain", "some text", func(c *responses.Client) error { return c.SendText(ctx, text()) }},
		"XML":                {"application/xml", "some text", func(c *responses.Client) error { return c.SendXML(ctx, text()) }},
		"any type":           {"application/octet-stream", "some text", func(c *responses.Client) error { return c.SendAnything(ctx, text()) }},
		"a type of the caller's": {"image/png", "some text", func(c *responses.Client) error {
			return c.SendImage(ctx, text(), rest.WithHeader("Content-Type", "image/png"))
		}},
		"an object in any type": {"application/json", `{"name":"a"}`, func(c *responses.Client) error { return c.SendAnyObject(ctx, &a) }},
		"a JSON text":           {"application/json", `"a\"b"`, func(c *responses.Client) error { return c.SendJSONText(ctx, new(`a"b`)) }},
		"a list":                {"application/json", `["a","b"]`, func(c *responses.Client) error { return c.SendList(ctx, []string{"a", "b"}) }},
		"a map":                 {"application/json", `{"a":1}`, func(c *responses.Client) error { return c.SendMap(ctx, map[string]int64{"a": 1}) }},
		"no schema":             {"application/json", `[1]`, func(c *responses.Client) error { return c.SendNoSchema(ctx, []byte(`[1]`)) }},
		"no media type":         {"application/json", `{}`, func(c *responses.Client) error { return c.SendNoContent(ctx, []byte(`{}`)) }},
		"an unknown form":       {"application/x-www-form-urlencoded", "some text", func(c *responses.Client) error { return c.SendFreeForm(ctx, text()) }},
		"with DELETE":           {"application/json", `{"name":"a"}`, func(c *responses.Client) error { return c.DeleteWithBody(ctx, a) }},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := answered(t, try.Answer{Status: http.StatusNoContent}, c.call)
			if err != nil {
				t.Fatal(err)
			}
			try.Equal(t, "what is sent", []string{r.Header.Get("Content-Type"), r.Body}, []string{c.media, c.body})
		})
	}
}

func TestTheHeadersOfAResponseAreAvailable(t *testing.T) {
	var resp rest.Response
	_, err := answered(t, try.Answer{Status: http.StatusCreated, Type: "application/json", Header: map[string]string{"Location": "/told/1"}, Body: thing},
		func(c *responses.Client) error {
			_, err := c.Tell(t.Context(), responses.Thing{Name: "a"}, rest.WithResponse(&resp))
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	try.Equal(t, "response", []any{resp.StatusCode, resp.Header.Get("Location")}, []any{http.StatusCreated, "/told/1"})
}
