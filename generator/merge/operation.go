package merge

import (
	"slices"
	"strings"
	"unicode"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// operation gathers what all sources say about one operation.
type operation struct {
	method, path string
	name         naming.Name
	pin          *lock.Operation // what the lock says about it, or nil
	paths        []said          // every spelling, the one that is called first
	facts        facts
	params       []*param
	paramAt      map[string]*param // by place and name
	body         *body
	responses    []*response
	responseAt   map[string]*response // by status
	unnamed      []statusless         // successful answers whose status their source does not name
}

// candidate is what decides whether the operation is wanted.
func (o *operation) candidate() Candidate {
	c := Candidate{Method: o.method, Path: o.path, Names: []string{o.name.ID, o.name.Go}}
	for _, f := range o.facts {
		if f.Name == claim.OperationID {
			c.Names = append(c.Names, f.Text())
		}
	}
	if tags, ok := o.facts.get(claim.Tags); ok {
		for _, tag := range node0(tags).Items {
			c.Tags = append(c.Tags, tag.Str())
		}
	}
	return c
}

type param struct {
	in, name string
	facts    facts
	schema   *node
}

type body struct {
	facts   facts
	content content
}

type response struct {
	status  string
	facts   facts
	content content
	headers []*param

	headerAt map[string]*param // by name, in any case
}

// statusless is a claim about "the answer", waiting until it is known which status that has.
type statusless struct {
	src *claim.Source
	r   *claim.Response
}

// content is a body by media type, in order of first mention.
type content struct {
	place   string
	media   []*media
	mediaAt map[string]*media // by name, in any case
	unnamed []voice           // bodies whose source does not name the media type
}

type media struct {
	name   string
	schema *node
	facts  facts
	hollow bool // nobody says more than the media type
}

func (o *operation) address() string { return settled.OperationAddress(o.method, o.path) }

// newOperation hears what all sources of a meeting say. called is the spelling of the path that is
// called.
func (m *merger) newOperation(meet *meeting, called *spelling) *operation {
	first := meet.spellings[0]
	op := &operation{method: first.op.Method, path: called.whole()}
	if own := first.whole(); own != op.path {
		m.notes = append(m.notes, &source.Error{Pos: source.Position{File: first.doc.Source.File, Line: first.op.Line}, Where: first.op.Method + " " + own,
			What: "the same path is written " + op.path + " elsewhere", Do: "its parameters are called as they are there"})
	}
	for _, s := range meet.spellings {
		op.paths = append(op.paths, said{claim.Fact{Name: "path", Value: s.whole(), Line: s.op.Line}, s.doc.Source})
		rename := renames(called, s)
		m.hear(op, s.doc.Source, s.op, rename)
		m.hearVariables(op, s, rename)
	}
	return op
}

// renames maps the names that a source gives to path parameters to those of the path that is
// called.
func renames(called, other *spelling) map[string]string {
	names := map[string]string{}
	for i := 1; i <= min(len(called.segments), len(other.segments)); i++ {
		a, b := called.segments[len(called.segments)-i], other.segments[len(other.segments)-i]
		if a != b && isTemplate(a) && isTemplate(b) {
			names[strings.Trim(b, "{}")] = strings.Trim(a, "{}")
		}
	}
	return names
}

// hear adds what one source says about an operation.
func (m *merger) hear(op *operation, src *claim.Source, c *claim.Operation, rename map[string]string) {
	op.facts.add(src, c.Facts)
	for _, p := range c.Params {
		name := p.Name
		if to, ok := rename[name]; ok && p.In == "path" {
			name = to
		}
		m.hearParam(op.param(p.In, name), src, p)
	}
	if c.Body != nil {
		if op.body == nil {
			op.body = &body{content: content{place: op.address() + " body"}}
		}
		op.body.facts.add(src, c.Body.Facts)
		m.hearContent(&op.body.content, src, c.Body.Content)
	}
	for _, r := range c.Responses {
		if r.Status == "" {
			op.unnamed = append(op.unnamed, statusless{src, r})
			continue
		}
		m.hearResponse(op, r.Status, src, r)
	}
}

func (o *operation) param(in, name string) *param {
	key := in + ":" + name
	if in == "header" {
		key = foldKey(key)
	}
	if p := o.paramAt[key]; p != nil {
		return p
	}
	p := &param{in: in, name: name, schema: &node{place: o.address() + " " + in + ":" + name}}
	o.params = append(o.params, p)
	if o.paramAt == nil {
		o.paramAt = map[string]*param{}
	}
	o.paramAt[key] = p
	return p
}

// foldKey returns one text for all that strings.EqualFold takes for equal.
func foldKey(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, s)
}

func (m *merger) hearParam(p *param, src *claim.Source, c *claim.Param) {
	p.facts.add(src, c.Facts)
	m.schemas.add(p.schema, voice{src, &c.Schema})
}

func (m *merger) hearResponse(op *operation, status string, src *claim.Source, c *claim.Response) {
	r := op.response(status)
	r.facts.add(src, c.Facts)
	m.hearContent(&r.content, src, c.Content)
	for _, h := range c.Headers {
		key := foldKey(h.Name)
		header := r.headerAt[key]
		if header == nil {
			header = &param{in: "header", name: h.Name, schema: &node{place: op.address() + " " + status + " header:" + h.Name}}
			r.headers = append(r.headers, header)
			if r.headerAt == nil {
				r.headerAt = map[string]*param{}
			}
			r.headerAt[key] = header
		}
		m.hearParam(header, src, h)
	}
}

func (o *operation) response(status string) *response {
	if r := o.responseAt[status]; r != nil {
		return r
	}
	r := &response{status: status, content: content{place: o.address() + " " + status}}
	o.responses = append(o.responses, r)
	if o.responseAt == nil {
		o.responseAt = map[string]*response{}
	}
	o.responseAt[status] = r
	return r
}

func (m *merger) hearContent(c *content, src *claim.Source, all []*claim.Media) {
	for _, one := range all {
		if one.Type == "" {
			c.unnamed = append(c.unnamed, voice{src, &one.Schema})
			continue
		}
		md := m.hearMedia(c, one.Type, voice{src, &one.Schema}, one.Line)
		for _, f := range one.Facts {
			if f.Name == claim.Encoding || strings.HasPrefix(string(f.Name), "x-") { // removeFact is one
				md.facts = append(md.facts, said{f, src})
			}
		}
		m.hearExamples(src, md.schema, one.Facts)
	}
}

func (m *merger) hearMedia(c *content, name string, v voice, line int) *media {
	key := foldKey(name)
	md, known := c.mediaAt[key]
	if !known {
		md = &media{name: name, schema: &node{place: c.place, whole: true}, hollow: true}
		c.media = append(c.media, md)
		if c.mediaAt == nil {
			c.mediaAt = map[string]*media{}
		}
		c.mediaAt[key] = md
	}
	if !known || v.src.Kind != claim.Overlay { // an overlay names the media type only to find its way
		md.facts = append(md.facts, said{claim.Fact{Name: "media", Value: name, Line: line}, v.src})
	}
	md.hollow = md.hollow && saysNothing(v.schema)
	m.schemas.add(md.schema, v)
	return md
}

func saysNothing(s *claim.Schema) bool {
	return len(s.Facts) == 0 && len(s.Members) == 0 && s.Items == nil && s.Additional == nil &&
		len(s.OneOf)+len(s.AnyOf)+len(s.AllOf) == 0 && s.Not == nil
}

// place settles what had to wait until all sources were heard: answers without a status and bodies
// without a media type.
func (m *merger) place(op *operation) {
	for _, u := range op.unnamed {
		m.hearResponse(op, op.success(), u.src, u.r)
	}
	op.unnamed = nil
	if op.body != nil {
		m.placeContent(&op.body.content)
	}
	for _, r := range op.responses {
		m.placeContent(&r.content)
	}
}

// success returns the status of the successful answer: the only one that is named, else 200.
func (o *operation) success() string {
	var named []string
	for _, r := range o.responses {
		if strings.HasPrefix(r.status, "2") {
			named = append(named, r.status)
		}
	}
	if len(named) == 1 {
		return named[0]
	}
	return "200"
}

// placeContent adds bodies without a media type to the one that is known, JSON if none is, and
// drops media types that a source only lists where another source describes a body. Media types
// that an overlay removed are dropped first.
func (m *merger) placeContent(c *content) {
	c.drop(func(md *media) bool { return md.facts.gone() })
	for _, v := range c.unnamed {
		name := "application/json"
		if i := slices.IndexFunc(c.media, func(x *media) bool { return !x.hollow }); i >= 0 {
			name = c.media[i].name
		} else if len(c.media) > 0 {
			name = c.media[0].name
		}
		m.hearMedia(c, name, v, v.schema.Line)
	}
	c.unnamed = nil
	described := map[*claim.Source]bool{}
	for _, md := range c.media {
		for _, s := range md.facts {
			described[s.src] = described[s.src] || !md.hollow
		}
	}
	some := slices.ContainsFunc(c.media, func(md *media) bool { return !md.hollow })
	c.drop(func(md *media) bool {
		return some && md.hollow && !slices.ContainsFunc(md.facts, func(s said) bool { return described[s.src] })
	})
}

// drop removes media types.
func (c *content) drop(which func(*media) bool) {
	c.media = slices.DeleteFunc(c.media, func(md *media) bool {
		drop := which(md)
		if drop {
			delete(c.mediaAt, foldKey(md.name))
		}
		return drop
	})
}
