package resolve

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// curl returns a call as a command for a shell that has SITE and variables with the credentials
// set; several lines end in a backslash. What documents say reaches the shell percent-encoded or as
// JSON between single quotes with every single quote, and everything beyond ASCII, as an escape; so
// that nothing of it can mean anything to the shell. Where a style of parameters has no simple form
// the result is empty.
func curl(api *ir.API, op *ir.Operation) string {
	path, ok := curlPath(api, op)
	if !ok {
		return ""
	}
	line, query := curlCredentials(api, op)
	lines := []string{line}
	switch op.Method {
	case "GET":
	case "HEAD":
		lines[0] += " -I" // with -X curl waits for a body that never comes
	default:
		lines[0] += " -X " + op.Method
	}
	for _, p := range op.Example.Params {
		switch p.Param.In {
		case "query":
			text, ok := curlQuery(p)
			if !ok {
				return ""
			}
			query += "&" + text
		case "header", "cookie":
			if !scalar(p.Value.Type) {
				return ""
			}
			value := urlEscape(p.Param.Wire) + ": " + urlEscape(wireText(p.Value))
			if p.Param.In == "cookie" {
				value = "Cookie: " + strings.Replace(value, ": ", "=", 1)
			}
			lines = append(lines, "-H '"+value+"'")
		}
	}
	lines[0] += " \"$SITE" + path
	if _, fixed, _ := strings.Cut(op.Template, "?"); fixed != "" {
		query = "&" + fixed + query
	}
	if query != "" {
		lines[0] += "?" + query[1:]
	}
	lines[0] += "\""
	if accept := op.Result.Media; accept != "application/json" && op.Result.Kind != ir.ResultNone && accept != "*/*" {
		lines = append(lines, "-H 'Accept: "+headerText(accept)+"'")
	}
	body, ok := curlBody(op)
	if !ok {
		return ""
	}
	return strings.Join(append(lines, body...), " \\\n  ")
}

// curlCredentials returns the beginning of a command, and the part of the query that has a key.
func curlCredentials(api *ir.API, op *ir.Operation) (line, query string) {
	line = "curl"
	for _, c := range op.Credentials {
		value := "$" + shellName(c.Name)
		switch c.Kind {
		case ir.Basic:
			user := "$USERNAME:$PASSWORD"
			if api.Atlassian {
				user = "$EMAIL:$API_TOKEN"
			}
			line += ` -u "` + user + `"`
		case ir.Bearer:
			line += ` -H "Authorization: Bearer $TOKEN"`
		case "header":
			line += ` -H "` + c.Name + ": " + value + `"`
		case "cookie":
			line += ` -H "Cookie: ` + c.Name + "=" + value + `"`
		case "query":
			query += "&" + urlEscape(c.Name) + "=" + value
		}
	}
	return line, query
}

// shellName returns the variable of a shell for a key: X-Api-Key becomes X_API_KEY. A name without
// "key" or "token" in it gets _KEY, so that it is not PATH or USER.
func shellName(wire string) string {
	name := strings.TrimLeft(strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, strings.ToUpper(wire)), "_0123456789")
	name = strings.TrimRight(name, "_")
	if !strings.Contains(name, "KEY") && !strings.Contains(name, "TOKEN") {
		name += "_KEY"
	}
	return strings.TrimPrefix(name, "_")
}

func curlPath(api *ir.API, op *ir.Operation) (string, bool) {
	var out strings.Builder
	template, _, _ := strings.Cut(op.Template, "?")
	for rest := template; rest != ""; {
		open := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		if open < 0 || end < open {
			out.WriteString(shellMarks.Replace(rest))
			break
		}
		out.WriteString(shellMarks.Replace(rest[:open]))
		text, ok := curlArgument(api, op, rest[open+1:end])
		if !ok || text == "" || text == "." || text == ".." {
			return "", false
		}
		out.WriteString(text)
		rest = rest[end+1:]
	}
	return out.String(), true
}

// curlArgument returns the value of a name in the path: the example of a parameter, or the default
// of a variable of the server URL.
func curlArgument(api *ir.API, op *ir.Operation, name string) (string, bool) {
	for i, p := range op.PathParams {
		if p.Wire == name {
			text, ok := listText(op.Example.Args[i], ",")
			return text, ok && p.Style == "simple"
		}
	}
	for _, v := range api.Variables {
		if v.Wire == name {
			return urlEscape(v.Default), v.HasDefault
		}
	}
	return "", false
}

// curlQuery returns name=value, name=a&name=b or name=a,b.
func curlQuery(p *ir.ParamValue) (string, bool) {
	name := urlEscape(p.Param.Wire)
	switch {
	case scalar(p.Value.Type):
		return name + "=" + urlEscape(wireText(p.Value)), true
	case p.Value.Type.Kind == ir.Slice && p.Param.Style == "form" && p.Param.Explode:
		text, ok := listText(p.Value, "&"+name+"=")
		return name + "=" + text, ok
	case p.Value.Type.Kind == ir.Slice:
		separator := map[string]string{"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.Param.Style]
		text, ok := listText(p.Value, separator)
		return name + "=" + text, ok && separator != ""
	}
	return "", false
}

// listText joins the items of a list of scalars; of a scalar it returns the text.
func listText(v *ir.Value, separator string) (string, bool) {
	if scalar(v.Type) {
		return urlEscape(wireText(v)), true
	}
	var parts []string
	for _, item := range v.Items {
		if !scalar(item.Type) {
			return "", false
		}
		parts = append(parts, urlEscape(wireText(item)))
	}
	return strings.Join(parts, separator), v.Type.Kind == ir.Slice
}

// curlBody returns the arguments that send the body.
func curlBody(op *ir.Operation) (args []string, ok bool) {
	if op.Body == nil {
		return nil, true
	}
	media := "-H 'Content-Type: " + headerText(op.Body.Media) + "'"
	switch {
	case op.Body.Kind == ir.BodyJSON:
		return []string{media, "-d '" + jsonText(op.Example.Body) + "'"}, true
	case op.Body.Form != nil:
		return curlParts(op)
	case op.Body.Kind == ir.BodyUpload:
		return []string{"-F 'file=@README.md'"}, true
	case op.Body.Kind == ir.BodyForm:
		var out []string
		for _, m := range op.Example.Body.Members {
			if scalar(m.Value.Type) {
				out = append(out, "-d '"+urlEscape(m.Key)+"="+urlEscape(wireText(m.Value))+"'")
			}
		}
		return out, true
	}
	return []string{media, "--data-binary @README.md"}, true
}

// curlParts returns -F 'name=@README.md', -F 'name=value' or -F 'name={...};type=application/json'
// for each part, each element of a list by itself. A part that needs a style or a header, or has a
// text that means something to curl, has no simple form.
func curlParts(op *ir.Operation) (args []string, ok bool) {
	for _, part := range op.Example.Parts {
		p, values := part.Part, []*ir.Value{part.Value}
		if part.Value.Type.Kind == ir.Slice {
			values = part.Value.Items
		}
		styled := slices.ContainsFunc(op.Body.Fields, func(f ir.FormField) bool { return f.Wire == p.Wire })
		if styled || len(p.Headers) > 0 || !plainText(p.Wire) {
			return nil, false
		}
		for _, v := range values {
			text, media := wireText(v), p.Media
			switch {
			case v.Type.Kind == ir.File:
				text = "@" + v.Text
			case isJSON(media) || !scalar(v.Type):
				text, media = strings.ReplaceAll(jsonText(v), ";", `\u003b`), cmp.Or(media, mediaJSON)
				if strings.HasPrefix(text, `"`) { // which curl would remove
					return nil, false
				}
			case !plainText(text):
				return nil, false
			}
			if media != "" {
				text += ";type=" + headerText(media)
			}
			args = append(args, "-F '"+p.Wire+"="+text+"'")
		}
	}
	return args, true
}

// plainText reports whether a text means nothing to a shell and to curl, wherever it is.
func plainText(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-. :/[]", r))
	})
}

// wireText is a scalar as it travels outside of JSON.
func wireText(v *ir.Value) string {
	switch v.Type.Kind {
	case ir.Bool:
		return strconv.FormatBool(v.Truth)
	case ir.Time:
		text := jsonText(v)
		return strings.Trim(text, `"`)
	}
	return v.Text
}

// jsonText is a value as JSON in ASCII without a single quote.
func jsonText(v *ir.Value) string {
	switch v.Type.Kind {
	case ir.String, ir.EnumKind:
		return jsonString(v.Text)
	case ir.Bool:
		return strconv.FormatBool(v.Truth)
	case ir.Int, ir.Uint, ir.Float:
		return v.Text
	case ir.Raw:
		return escaped(v.Text)
	case ir.Time:
		return jsonTime(v)
	case ir.UnionKind:
		if len(v.Items) == 0 {
			return "null"
		}
		return jsonText(v.Items[0])
	case ir.Slice:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = jsonText(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	parts := make([]string, len(v.Members))
	for i, m := range v.Members {
		parts[i] = jsonString(m.Key) + ":" + jsonText(m.Value)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func jsonTime(v *ir.Value) string {
	t, err := time.Parse(time.RFC3339, v.Text)
	if err != nil {
		panic("resolve: the time of an example is no time: " + err.Error())
	}
	switch v.Type.Codec {
	case ir.UnixMilli:
		return strconv.FormatInt(t.UnixMilli(), 10)
	case ir.Jira:
		return t.Format(`"2006-01-02T15:04:05.000-0700"`)
	}
	return `"` + v.Text + `"`
}

func jsonString(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		default:
			out.WriteString(escaped(string(r)))
		}
	}
	out.WriteByte('"')
	return out.String()
}

// escaped writes what is not plain ASCII, and the single quote, as JSON escapes. In JSON both stand
// in strings only.
func escaped(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~' && r != '\'':
			out.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

// urlEscape leaves nothing but letters, digits and -._~ as it is.
func urlEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// shellMarks escapes the marks of a path that mean something to a shell within double quotes.
var shellMarks = strings.NewReplacer("$", "%24", "!", "%21")

// headerText leaves of a media type what media types are made of.
func headerText(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/.+-*;=, _", r) {
			return r
		}
		return -1
	}, s)
}
