package rest

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"unicode"
)

// Download is an answer that is read as it arrives, without a limit of size or time: the context of
// the call ends it. It must be closed.
type Download struct {
	ContentType string
	FileName    string // what the server calls the file, without any folder; empty if it does not say
	Length      int64  // in bytes; -1 if it is not known

	body io.ReadCloser
	hide func(error) error // removes credentials
	name string            // the request, for errors
}

func newDownload(c *Client, resp *http.Response, r *Request) *Download {
	return &Download{
		ContentType: resp.Header.Get("Content-Type"),
		FileName:    fileName(resp.Header.Get("Content-Disposition")),
		Length:      resp.ContentLength,
		body:        resp.Body,
		hide:        func(err error) error { return redactError(resp.Request, err) },
		name:        r.method + " " + c.shownPath(r),
	}
}

// lacking says why a success is not what is downloaded, empty if it may be.
func lacking(resp *http.Response) string {
	switch resp.StatusCode {
	case http.StatusAccepted:
		return "the content is not ready"
	case http.StatusNoContent, http.StatusResetContent:
		return "there is no content"
	case http.StatusPartialContent:
		if resp.Request.Header.Get("Range") == "" {
			return "a part of the content"
		}
	}
	return ""
}

// Read implements io.Reader. A download that breaks off ends with an error other than io.EOF.
func (d *Download) Read(p []byte) (int, error) {
	if d == nil || d.body == nil {
		return 0, io.EOF
	}
	n, err := d.body.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%s: %w", d.name, d.hide(err))
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

// fileName returns the file name of a Content-Disposition: a base name that is neither hidden nor
// special on any system.
func fileName(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return ""
	}
	name := params["filename"]
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("<>:\"|?*\ufffd", r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	for len(name) > 200 {
		short := []rune(name)
		name = string(short[:len(short)-1])
	}
	if specialName.MatchString(name) {
		return "_" + name
	}
	return name
}

// specialName is a name that Windows takes for a device.
var specialName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com.|lpt.) *(\.|$)`)
