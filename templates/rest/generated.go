package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	oapi "github.com/oapi-codegen/runtime"

	"github.com/seed-1954497d/auditgen/templates/rest/lossless"
)

// This file has what only generated code calls: it makes clients, requests and pages.

// Version1 is named by generated packages that need version 1 of this package. A package that was
// generated for another version does not compile beside it: generate both together.
const Version1 = true

// NewClient returns a client of an API. All paths of the API begin with prefix, in which variables
// are in braces; defaults has the values of those that have one.
func NewClient(baseURL, prefix string, defaults map[string]string, opts []Option) (*Client, error) {
	base, err := parseBase(baseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		base: base, variables: map[string]string{}, http: &http.Client{},
		userAgent: "auditgen", maxRetries: 3, maxBytes: 64 << 20,
		now: time.Now, sleep: sleep, random: rand.Float64,
	}
	for name, value := range defaults {
		c.variables[name] = url.PathEscape(value)
	}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(c); err != nil {
			return nil, err
		}
	}
	if err := c.checkBase(prefix); err != nil {
		return nil, err
	}
	if c.http.Transport == nil {
		c.http.Transport = newTransport()
	}
	c.http.Transport = readableRedirects{c.http.Transport}
	c.http.CheckRedirect = sameOrigin(base, c.http.CheckRedirect)
	return c, nil
}

// ServerVariable sets a variable of the server URL: a segment of the path, or a part of one, and
// one of the known values if there are any.
func ServerVariable(name, value string, known ...string) Option {
	return func(c *Client) error {
		switch {
		case value == "" || value == "." || value == "..":
			return fmt.Errorf("server variable %s: the value is empty or consists of dots", name)
		case len(known) > 0 && !slices.Contains(known, value):
			return fmt.Errorf("server variable %s: the value is none of %s", name, strings.Join(known, ", "))
		}
		c.variables[name] = url.PathEscape(value)
		return nil
	}
}

// Security sets which credentials calls take: one of the alternatives. An alternative is "none",
// "basic", "bearer" or the place and the escaped name of an API key, as in "header X-Api-Key"; " &
// " joins those that are sent together.
func Security(alternatives ...string) Option {
	return func(c *Client) error {
		c.security = alternatives
		return nil
	}
}

// NewRequest starts a request. The template is an escaped path with parameters in braces. A query
// in it is always sent.
func NewRequest(method, template, accept string) *Request {
	path, query, fixed := strings.Cut(template, "?")
	r := &Request{method: method, template: path, accept: accept, headers: http.Header{}}
	if fixed {
		r.queries = strings.Split(query, "&")
	}
	return r
}

// MayBeNull says that the whole answer may be null.
func (r *Request) MayBeNull() { r.null = true }

// MayBeEmpty names the successes that come without a body.
func (r *Request) MayBeEmpty(statuses ...int) { r.empty = statuses }

// Security is [Security] for one request.
func (r *Request) Security(alternatives ...string) { r.security = alternatives }

// Scopes says which OAuth 2.0 scopes the documents list, for errors.
func (r *Request) Scopes(text string) { r.scopes = text }

// MayRepeat says that the request can be sent again as if it were a GET.
func (r *Request) MayRepeat() { r.repeated = true }

// ErrorBodyOf names the statuses whose body is a T: 404, 4 for 400 to 499, 0 for all others.
func ErrorBodyOf[T any](r *Request, code func(*lossless.Codec, *T), statuses ...int) {
	r.errors = append(r.errors, errorBody{statuses, func(status int, body string) error {
		e := &ErrorBody[T]{StatusCode: status}
		if lossless.Decode(body, &e.Value, code) != nil {
			return nil
		}
		return e
	}})
}

// ContentType replaces the media type of the body.
func (r *Request) ContentType(media string) { r.media = media }

// SendJSON sends a value as JSON. It must be complete.
func SendJSON[T any](r *Request, body *T, code func(*lossless.Codec, *T)) {
	data, err := lossless.Encode(body, true, code)
	if err != nil {
		r.fail("%w", err)
		return
	}
	r.body, r.media = data, "application/json"
}

// SendForm sends the members of a value as the fields of a form: lists as repeated fields, objects
// as JSON.
func SendForm[T any](r *Request, body *T, code func(*lossless.Codec, *T)) {
	SendJSON(r, body, code)
	r.asForm()
}

// Field says how the list or object in a field of a form is written. It comes before SendForm.
func (r *Request) Field(name string, style Style, explode bool) {
	if r.fields == nil {
		r.fields = map[string]fieldStyle{}
	}
	r.fields[name] = fieldStyle{style, explode}
}

// Stream sends a body as it is. It can be sent once, so the request is not retried.
func (r *Request) Stream(body io.Reader, media string) { r.reader, r.media = body, media }

// PartHeader says that a part of a form has a header, which the caller must set if it has no value.
// It comes before the part.
func (r *Request) PartHeader(part, name, value string) {
	if r.partHeaders == nil {
		r.partHeaders = map[string]http.Header{}
	}
	if r.partHeaders[part] == nil {
		r.partHeaders[part] = http.Header{}
	}
	r.partHeaders[part].Set(name, value)
}

// AddFile adds a file to a form. media is the type that the document says.
func (r *Request) AddFile(name, media string, f File) {
	if f.Content == nil {
		r.fail("part %s of the form is a file, and has no content", name)
	}
	f.ContentType = cmp.Or(f.ContentType, media)
	r.addPart(uploadPart{field: name, isFile: true, File: f})
}

// AddPart adds a value to a form: each element of a list by itself, an object as JSON, and anything
// else as text unless its type is JSON. An empty value is fixed, the only JSON that the documents
// allow.
func AddPart[T any](r *Request, name, media string, v *T, code func(*lossless.Codec, *T), fixed ...string) {
	data, err := lossless.Encode(v, true, code)
	if err != nil {
		r.fail("part %s of the form: %w", name, err)
		return
	}
	if text := string(data); len(fixed) > 0 && (text == `""` || text == "0" || text == "false") {
		data = []byte(fixed[0])
	}
	r.addValue(name, media, data)
}

// Upload sends a form with the parts that were added, and those of an upload, which may be nil. It
// can be sent once, so the request is not retried.
func (r *Request) Upload(u *Upload) {
	if u != nil {
		r.form.parts, r.form.err = append(r.form.parts, u.parts...), u.err
	}
	if len(r.form.parts) == 0 {
		r.fail("the form is empty")
		return
	}
	body, media, err := r.form.reader()
	if err != nil {
		r.fail("%w", err)
		return
	}
	if u != nil && slices.ContainsFunc(u.parts, func(p uploadPart) bool { return p.Content != nil }) {
		u.err = r.form.err
	}
	r.Stream(body, media)
}

// Style is how a parameter is written, as OpenAPI calls it.
type Style string

// The styles of OpenAPI.
const (
	Form           Style = "form"
	Simple         Style = "simple"
	SpaceDelimited Style = "spaceDelimited"
	PipeDelimited  Style = "pipeDelimited"
	DeepObject     Style = "deepObject"
	Label          Style = "label"
	Matrix         Style = "matrix"
)

// Query adds a query parameter.
func (r *Request) Query(name string, style Style, explode bool, value any) {
	text, ok := r.style(name, style, explode, value, oapi.ParamLocationQuery)
	if must, ok := value.(required); ok {
		value = must.value
	}
	if ok {
		if one, ok := value.(reserved); ok {
			text = one.escape(text)
		} else {
			text = forQueries.Replace(text)
		}
		r.queries = append(r.queries, text)
	}
}

// Path sets a path parameter, which is one segment of the path or a part of one.
func (r *Request) Path(name string, style Style, explode bool, value any) {
	text, ok := r.style(name, style, explode, value, oapi.ParamLocationPath)
	switch {
	case !ok:
		r.fail("path parameter %s is empty", name)
	case isDots(text):
		r.fail("path parameter %s must not be a single or double dot", name)
	}
	if r.params == nil {
		r.params = map[string]string{}
	}
	r.params[name] = text
}

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
	if text, ok := r.style(name, Form, explode, value, oapi.ParamLocationCookie); ok {
		if !isHeaderText(text) || strings.Contains(text, ";") {
			r.fail("cookie parameter %s has a semicolon or a control character", name)
			return
		}
		addCookie(r.headers, text)
	}
}

// ParamOf returns a parameter whose value is neither a scalar nor a list of scalars.
func ParamOf[T any](v *T, code func(*lossless.Codec, *T)) any {
	data, err := lossless.Encode(v, false, code)
	return jsonParam{data: data, err: err}
}

// JSONParam returns a parameter that is sent as JSON.
func JSONParam[T any](v *T, code func(*lossless.Codec, *T)) any {
	data, err := lossless.Encode(v, false, code)
	return jsonParam{data: data, err: err, asText: true}
}

// Required returns a parameter that must have a value. If it is empty it is fixed, the only value
// that the documents allow, or else an error.
func Required(v any, fixed ...string) any { return required{v, strings.Join(fixed, "")} }

// Reserved returns a query parameter that is sent with reserved characters of URLs as they are.
func Reserved(v any) any { return reserved{v} }

// StringsOf returns the values of a list of enums.
func StringsOf[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return texts
}

// Call sends a request whose answer is a model.
func Call[M any](ctx context.Context, c *Client, r *Request, opts []CallOption, code func(*lossless.Codec, *M)) (*M, error) {
	v, err := CallValue(ctx, c, r, opts, lossless.PointerTo(code))
	if v == nil && err == nil && !r.null {
		v = new(M) // a success without a body
	}
	return v, err
}

// CallValue sends a request whose answer is JSON, but not a model.
func CallValue[T any](ctx context.Context, c *Client, r *Request, opts []CallOption, code func(*lossless.Codec, *T)) (v T, err error) {
	a, err := c.receive(ctx, r, opts, false)
	if err != nil || a.body == "" && slices.Contains(r.empty, a.resp.StatusCode) {
		return v, err
	}
	switch {
	case a.body == "":
		err = errEmptyBody
	case r.null && strings.TrimSpace(a.body) == "null":
		return v, nil
	default:
		err = lossless.Decode(a.body, &v, code)
	}
	if err != nil {
		return *new(T), c.newAPIError(a.resp, r, a.body, unreadable(err))
	}
	return v, nil
}

// CallRaw sends a request whose answer is JSON that no document describes. No body is null.
func CallRaw(ctx context.Context, c *Client, r *Request, opts []CallOption) (json.RawMessage, error) {
	a, err := c.receive(ctx, r, opts, false)
	if err != nil {
		return nil, err
	}
	if a.body == "" {
		return json.RawMessage("null"), nil
	}
	if err := lossless.Check(a.body); err != nil {
		return nil, c.newAPIError(a.resp, r, a.body, fmt.Errorf("%w: %w", ErrNotJSON, err))
	}
	return json.RawMessage(a.body), nil
}

// CallNone sends a request whose answer says nothing.
func CallNone(ctx context.Context, c *Client, r *Request, opts []CallOption) error {
	_, err := c.receive(ctx, r, opts, false)
	return err
}

// CallText sends a request whose answer is text.
func CallText(ctx context.Context, c *Client, r *Request, opts []CallOption) (string, error) {
	a, err := c.receive(ctx, r, opts, false)
	if err != nil {
		return "", err
	}
	return a.body, nil
}

// CallStream sends a request whose answer is read by the caller. An answer that has no content, or
// only a part that nobody asked for, is an error unless its status is documented to have the
// content.
func CallStream(ctx context.Context, c *Client, r *Request, opts []CallOption, documented ...int) (*Download, error) {
	a, err := c.receive(ctx, r, opts, true)
	if err != nil {
		return nil, err
	}
	if lack := lacking(a.resp); lack != "" && !slices.Contains(documented, a.resp.StatusCode) {
		return nil, c.newAPIError(a.resp, r, readError(a.resp.Body), fmt.Errorf("%w: %s", ErrNotJSON, lack))
	}
	return newDownload(c, a.resp, r), nil
}

// Watched adds to a call that its answer is wanted, for headers and Unexpected.
func Watched(opts []CallOption, resp *Response) []CallOption {
	return append(opts[:len(opts):len(opts)], func(s *callSettings) { s.watch = resp })
}

// Unexpected returns an *[APIError] about an answer that was watched and is not what the document
// promises.
func Unexpected(answer *Response, err error) error { return answer.unexpected(err) }

// At adds to a call the link of a position, or its cursor under a name in place of parameters.
// Without a name, a parameter or the body of the call has the cursor.
func At(at Position, opts []CallOption, name string, instead ...string) []CallOption {
	if at.Link == "" && (at.Cursor == "" || name == "") {
		return opts
	}
	return append(opts[:len(opts):len(opts)], func(s *callSettings) {
		if s.link = at.Link; at.Link == "" {
			s.drop = append(append(s.drop, name), instead...)
			s.add = url.Values{name: {at.Cursor}}
		}
	})
}

// ValueOf returns what a pointer points to, the zero value for nil.
func ValueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// CheckLimit refuses a walk whose limit is set to 0 or less.
func CheckLimit(limit *int64) error {
	if limit != nil && *limit <= 0 {
		return ErrNoLimit
	}
	return nil
}

// NewPager returns a pager that starts at a position. With pin, an open end becomes the time of the
// first request.
func NewPager[T any](start Position, pin bool, fetch func(context.Context, Position) (*Page[T], error)) *Pager[T] {
	return &Pager[T]{fetch: fetch, pin: pin, now: time.Now, first: start, page: new(Page[T]), next: start}
}

// Page is one page of a listing: its items, where the next one starts, and whether there is one.
type Page[T any] struct {
	Items []T

	at   Position // what was asked for
	next Position
	more bool

	members    func(*T) *lossless.Members // nil for items that are not models
	name       string                     // member of the answer that holds the items; empty if they are the answer
	placed     bool                       // the answer says where it starts
	start      int64
	unnumbered bool   // the listing has no offsets: a Position's Offset counts within its page
	number     int64  // of a page that has one
	sum        uint64 // digest of the items; 0 if the answer says where it starts
}

// ModelPage returns a page of models, which is the last one until a method says otherwise. name is
// the member of the answer that holds them, and answer what it remembers, nil for a list by itself.
// An answer without that member is not a listing, and an error.
func ModelPage[M any](at Position, answer *lossless.Members, name string, items []M, code func(*lossless.Codec, *M)) (*Page[M], error) {
	p, err := ValuePage(at, answer, name, items)
	if p != nil {
		p.members = func(m *M) *lossless.Members { return lossless.MembersOf(m, code) }
	}
	return p, err
}

// ValuePage is ModelPage for items that are not models.
func ValuePage[T any](at Position, answer *lossless.Members, name string, items []T) (*Page[T], error) {
	if answer != nil && !answer.Has(name) {
		return nil, fmt.Errorf("%w: it has no member %q", ErrNotJSON, name)
	}
	if answer != nil && !answer.IsNull(name) && !says(answer, name) {
		return nil, fmt.Errorf("%w: its member %q is not a list", ErrNotJSON, name)
	}
	return &Page[T]{Items: items, at: at, name: name}, nil
}

// StartsAt records where the answer says that it starts.
func (p *Page[T]) StartsAt(answer *lossless.Members, name string, offset int64) {
	p.placed, p.start = says(answer, name), offset
}

// Advance moves on by what arrived. The end is an empty page, or one with fewer items than the
// answer's own limit. Totals are not trusted, and the server may have cut the limit that was asked
// for.
func (p *Page[T]) Advance(answer *lossless.Members, limitName string, limit int64) {
	p.next = Position{Offset: p.at.Offset + int64(len(p.Items)), Cursor: p.at.Cursor}
	p.more = p.isFull(answer, limitName, limit)
}

// FollowLink follows a link to the next page of a listing by offset; without one, Advance has
// decided. It takes only the place out of the link, never its host or the rest of its query, and
// only a place that lies ahead. A page without items whose link does not lead ahead is the last
// one.
func (p *Page[T]) FollowLink(link, offset string) {
	if link == "" {
		p.more = p.more && p.at.Cursor == ""
		return
	}
	query := queryOf(link)
	p.more = len(p.Items) > 0
	if cursor := query.Get("cursor"); cursor != "" {
		p.more, p.next = true, Position{Cursor: cursor}
		return
	}
	for _, name := range append([]string{offset}, offsetNames...) {
		start, err := strconv.ParseInt(query.Get(name), 10, 64)
		if err == nil && (p.at.Cursor != "" || start > p.next.Offset) {
			p.more, p.next = true, Position{Offset: start}
			return
		}
	}
}

// Follow moves on to the page that next names: a cursor, or the address of a page if isLink is set
// or next looks like one. Of an address that has the query parameter name, only that cursor is
// taken. An answer that names no page is the last one, and so is a page without items that leads to
// itself.
func (p *Page[T]) Follow(next, name string, isLink bool) {
	p.unnumbered = true
	p.next = Position{Cursor: next}
	if isLink || strings.HasPrefix(next, "https://") || strings.HasPrefix(next, "http://") || strings.HasPrefix(next, "?") {
		p.next = Position{Link: next}
		if cursor := queryOf(next).Get(name); cursor != "" {
			p.next = Position{Cursor: cursor}
		}
	}
	p.more = next != "" && (len(p.Items) > 0 || p.next.place() != p.at.place())
}

// FollowNumber moves on to the page with the next number. said is the number that the answer gives
// itself, with the member that holds it; without it, a page has the number that was asked for, or
// first. Where answers say neither more nor how many pages there are, Advance's rule decides.
func (p *Page[T]) FollowNumber(answer *lossless.Members, name string, said int64, asked *int64, first int64) {
	p.unnumbered, p.number = true, first
	if asked != nil {
		p.number = *asked
	}
	if n, err := strconv.ParseInt(p.at.Cursor, 10, 64); err == nil {
		p.number = n
	}
	if name != "" && says(answer, name) {
		p.number = said
	}
	p.next = Position{Cursor: strconv.FormatInt(p.number+1, 10)}
	p.more = len(p.Items) > 0
}

// Shorter ends a walk by number at a page with fewer items than the answer's own limit.
func (p *Page[T]) Shorter(answer *lossless.Members, name string, limit int64) {
	p.more = p.isFull(answer, name, limit)
}

// PagesSaid records how many pages an answer says there are, the last of which has that number.
func (p *Page[T]) PagesSaid(answer *lossless.Members, name string, pages int64) {
	if says(answer, name) {
		p.more = p.more && p.number < pages
	}
}

// MoreSaid records an answer's own word whether there are more pages. It counts more than the
// length of the page.
func (p *Page[T]) MoreSaid(answer *lossless.Members, name string, more bool) {
	if says(answer, name) {
		p.more = more
	}
}

// Number returns the number of the page to ask for: that of the position, or what was asked for.
func (at Position) Number(asked *int64) *int64 {
	if n, err := strconv.ParseInt(at.Cursor, 10, 64); err == nil {
		return &n
	}
	return asked
}

// LastOf returns the text of the last item, empty if there is none.
func LastOf[T any](items []T, text func(*T) string) string {
	if len(items) == 0 {
		return ""
	}
	return text(&items[len(items)-1])
}

// NumberText returns a number as text, empty for 0: it is what a field has if the member is absent.
func NumberText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// NextLink returns the target of the Link header whose relation is next.
func NextLink(header http.Header) string { return nextLink(header) }
