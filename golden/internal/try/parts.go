package try

import (
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
)

// Part is a part of a multipart body as it arrived.
type Part struct {
	Name, File, Type, Text string
	Header                 map[string]string // other headers, nil if there are none
}

// Parts returns the parts of a multipart body.
func (r Request) Parts(t testing.TB) []Part {
	t.Helper()
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		t.Fatalf("the media type is %q: %v", r.Header.Get("Content-Type"), err)
	}
	var parts []Part
	for form := multipart.NewReader(strings.NewReader(r.Body), params["boundary"]); ; {
		part, err := form.NextRawPart()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		got := Part{Name: part.FormName(), File: part.FileName(), Type: part.Header.Get("Content-Type"), Text: string(text)}
		for name := range part.Header {
			if name == "Content-Disposition" || name == "Content-Type" {
				continue
			}
			if got.Header == nil {
				got.Header = map[string]string{}
			}
			got.Header[name] = part.Header.Get(name)
		}
		parts = append(parts, got)
	}
}
