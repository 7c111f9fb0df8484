package judge

import "strings"

// excuse is something that kin-openapi has against requests that are right, and why they are.
type excuse struct{ text, reason string }

// excuses are all differences between kin-openapi and the generated clients. The text is a part of
// a complaint.
var excuses = []excuse{
	{`invalid serialization method: style="deepObject"`,
		"OpenAPI 3.0.3, style values: deepObject is for objects; a string is sent in style form, with a note"},
	{`query parameter nested`,
		"OpenAPI 3.0.3, style values: no style writes a list in a list; it is sent as JSON"},
	{`without a type: empty value is not allowed`,
		"OpenAPI 3.0.3, Schema Object: an empty schema, or none, allows any value; kin-openapi reads none"},
	{`unsupported schema of request body's property`,
		"OpenAPI 3.0.3, Encoding Object: objects in forms have the styles of query parameters, or are JSON; kin-openapi reads deepObject, and form without explode"},
	{`POST /letters: body: unsupported schema of request body`,
		"OpenAPI 3.0.3, Schema Object, allOf: a form that is put together; kin-openapi reads only schemas whose own type is object"},
	{`PUT /image-body: body: header Content-Type has unexpected value "application/octet-stream"`,
		"OpenAPI 3.0.3, Media Type: of image/* only the caller knows the type, and sets it by WithHeader; a note says so"},
	{`unsupported content type`,
		"kin-openapi has no decoder for the media type"},
	{`missing property 'id'`,
		"OpenAPI 3.0.3, Schema Object, readOnly: required is about responses only; kin-openapi asks requests for it in documents of OpenAPI 3.1"},
	{`missing property 'room'`, "the same"},
	{`Value is not nullable`,
		"the runner has members that contain their own model sent by Send, which is null for a pointer that is nil"},
}

// Excused returns why a complaint is not a fault of a client, or "".
func Excused(c Complaint) string {
	for _, e := range excuses {
		if strings.Contains(c.String(), e.text) {
			return e.reason
		}
	}
	return ""
}
