package rest

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode"
)

// Download is an answer that is read as it arrives, without a bound on its size or time: the call's context ends it. It must
// be closed.
type Download struct {
	ContentType string
	FileName    string // what the server calls the file, without any folder; empty if it does not say
	Length      int64  // in bytes; -1 if it is not known

	body io.ReadCloser
	name string // the request, for errors
}

func newDownload(c *Client, resp *http.Response, r *Request) *Download {
	return &Download{
		ContentType: resp.Header.Get("Content-Type"),
		FileName:    fileName(resp.Header.Get("Content-Disposition")),
		Length:      resp.ContentLength,
		body:        resp.Body,
		name:        r.method + " " + c.shownPath(r),
	}
}

// Read implements io.Reader. A download that breaks off ends with an error other than io.EOF.
func (d *Download) Read(p []byte) (int, error) {
	if d == nil || d.body == nil {
		return 0, io.EOF
	}
	n, err := d.body.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%s: %w", d.name, err)
	}
	return n, err
}

// Close implements io.Closer.
func (d *Download) Close() error {
	if d == nil || d.body == nil {
		return nil
	}
	return d.body.Close()
}

// fileName returns the name in a Content-Disposition, safe to be used in a folder of one's own: a base name that is neither
// hidden nor special on any system.
func fileName(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return ""
	}
	name := params["filename"]
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimLeft(name, ". "), ". ")
	for len(name) > 200 {
		short := []rune(name)
		name = string(short[:len(short)-1])
	}
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem = strings.TrimSpace(stem); stem {
	case "CON", "PRN", "AUX", "NUL":
		return "_" + name
	}
	if len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) {
		return "_" + name
	}
	return name
}

// CallStream sends a request whose answer is read by the caller.
func CallStream(ctx context.Context, c *Client, r *Request, opts []CallOption) (*Download, error) {
	a, err := c.send(ctx, r, opts, true)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(r.accept, "html") && isPage(a.resp.Header, "") {
		a.body = readError(a.resp.Body)
		return nil, c.pageError(a, r)
	}
	return newDownload(c, a.resp, r), nil
}
