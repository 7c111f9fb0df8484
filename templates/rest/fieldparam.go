package rest

import (
	"strings"

	oapi "github.com/oapi-codegen/runtime"
)

// Header adds a header parameter.
func (r *Request) Header(name string, explode bool, value any) {
	if text, ok := r.style(name, Simple, explode, value, oapi.ParamLocationHeader); ok {
		if !isHeaderText(text) {
			r.fail("header parameter %s has a line break or another control character", name)
			return
		}
		r.headers.Add(name, text)
	}
}

// Cookie adds a cookie parameter.
func (r *Request) Cookie(name string, explode bool, value any) {
	text, ok := r.style(name, Form, explode, value, oapi.ParamLocationCookie)
	if !ok {
		return
	}
	if !isHeaderText(text) || strings.Contains(text, ";") {
		r.fail("cookie parameter %s has a semicolon or a control character", name)
		return
	}
	if before := r.headers.Get("Cookie"); before != "" {
		text = before + "; " + text
	}
	r.headers.Set("Cookie", text)
}

func isHeaderText(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return (c < ' ' && c != '\t') || c == 0x7f })
}
