package truth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// row is a row of a table: an operation and the request that its reference page describes.
type row struct {
	operation string // method and path, with the names of path parameters
	page      string
	want      request
}

// request is the compared part of a request.
type request struct {
	Method string
	Path   string            // escaped
	Query  []string          // name=value, unescaped, in the order of names
	Header map[string]string // Content-Type without parameters, and the headers in the row
	Body   any               // a JSON value, or the fields of a form as a list of strings
}

// readTable reads the rows of a file. The first lines of confluence.http describe the format.
func readTable(file string) (rows []row, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for _, part := range strings.Split(string(text), "\n### ")[1:] {
		r, err := readRow(part)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, r.operation, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func readRow(text string) (r row, err error) {
	head, body, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	r.operation, head, _ = strings.Cut(head, "\n")
	r.want.Header = map[string]string{"Content-Type": ""}
	if body != "" {
		r.want.Header["Content-Type"] = "application/json"
	}
	var target string
	for line := range strings.SplitSeq(head, "\n") {
		name, value, isHeader := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "# https://developer.atlassian.com/cloud/"):
			r.page = line[len("# "):]
		case strings.HasPrefix(line, "#"): // a comment
		case strings.HasPrefix(line, " "):
			target += strings.TrimSpace(line)
		case target == "":
			r.want.Method, target, _ = strings.Cut(line, " ")
		case isHeader:
			r.want.Header[name] = value
		default:
			return r, fmt.Errorf("the line %q is neither a part of the query nor a header", line)
		}
	}
	if r.page == "" || target == "" {
		return r, errors.New("the row has no reference page or no request line")
	}
	path, query, _ := strings.Cut(target, "?")
	r.want.Path = path
	if r.want.Query, err = queryPairs(query); err != nil {
		return r, err
	}
	if r.want.Header["Content-Type"] == "application/json" {
		r.want.Body, err = jsonValue(body)
	} else if body != "" {
		r.want.Body = byName(strings.Split(body, "\n"))
	}
	return r, err
}

// compared returns the part of a request that is compared with the row.
func (r row) compared(got try.Request) (c request, err error) {
	c = request{Method: got.Method, Path: got.Path, Header: map[string]string{}}
	for name := range r.want.Header {
		c.Header[name] = got.Header.Get(name)
	}
	if c.Query, err = queryPairs(got.Query); err != nil {
		return c, err
	}
	media, params, _ := mime.ParseMediaType(c.Header["Content-Type"]) // an invalid one differs anyway
	c.Header["Content-Type"] = media
	switch {
	case got.Body == "":
	case media == "multipart/form-data":
		c.Body, err = formParts(multipart.NewReader(strings.NewReader(got.Body), params["boundary"]))
	case media == "application/x-www-form-urlencoded":
		var fields []string
		fields, err = pairs(got.Body)
		c.Body = byName(fields)
	default:
		c.Body, err = jsonValue(got.Body)
	}
	return c, err
}

// queryPairs returns the pairs of a query, sorted by name.
func queryPairs(query string) ([]string, error) {
	list, err := pairs(query)
	return byName(list), err
}

// byName sorts pairs by their names. The order of those with one name counts.
func byName(list []string) []string {
	name := func(pair string) string { before, _, _ := strings.Cut(pair, "="); return before }
	slices.SortStableFunc(list, func(a, b string) int { return strings.Compare(name(a), name(b)) })
	return list
}

// pairs unescapes a query or a form.
func pairs(text string) (list []string, err error) {
	if text == "" {
		return nil, nil
	}
	for pair := range strings.SplitSeq(text, "&") {
		unescaped, err := url.QueryUnescape(pair)
		if err != nil {
			return nil, err
		}
		list = append(list, unescaped)
	}
	return list, nil
}

// formParts returns the parts of a form, sorted by name: name=value, or name=@file content.
func formParts(form *multipart.Reader) (list []string, err error) {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return byName(list), nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		file := ""
		if part.FileName() != "" {
			file = "@" + part.FileName() + " "
		}
		list = append(list, part.FormName()+"="+file+string(value))
	}
}

// jsonValue decodes JSON and keeps the spelling of numbers. It returns nil for an empty text.
func jsonValue(text string) (v any, err error) {
	if text == "" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w: %s", err, text)
	}
	return v, nil
}
