package rest

import (
	"encoding/json"
	"net/url"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// SendForm sends the members of a model as the fields of a form: lists as repeated fields, objects as JSON.
func SendForm[M any](r *Request, body *M, code func(*lossless.Codec, *M)) {
	SendJSON(r, body, code)
	r.asForm()
}

// asForm turns a body that is a JSON object into a form.
func (r *Request) asForm() {
	var members map[string]json.RawMessage
	if r.err != nil {
		return
	}
	if err := json.Unmarshal(r.body, &members); err != nil {
		r.fail("a form is made from a JSON object, and the body is not one")
		return
	}
	values := url.Values{}
	for name, raw := range members {
		var list []json.RawMessage
		if raw[0] != '[' || json.Unmarshal(raw, &list) != nil {
			list = []json.RawMessage{raw}
		}
		for _, item := range list {
			text := string(item)
			if item[0] == '"' {
				// It is a string, so it can be read as one.
				_ = json.Unmarshal(item, &text)
			}
			if text != "null" {
				values.Add(name, text)
			}
		}
	}
	r.body, r.media = []byte(values.Encode()), "application/x-www-form-urlencoded"
}
