package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A server URL contributes its path, never its host: callers give the client the address of a site
// or of a gateway. The path comes before every path of the document, as the basePath of Swagger 2.0
// does. Of several servers the first counts; the servers of an operation or a path item count in
// place of those of the document. A variable in the path becomes a path parameter that the client,
// and not the caller of a method, fills in: it is marked with claim.ServerVariable.

// base is what comes before a path.
type base struct {
	path      string           // "" or "/v1/{tenant}", without a slash at the end
	variables []claim.Variable // those in path
}

// bases is what comes before the paths of all documents.
type bases struct {
	of    map[*claim.Source]base
	own   map[*claim.Operation]base // of operations with servers of their own
	notes []*source.Error
}

// readBases finds out what comes before the paths of every document.
func readBases(docs []*claim.Document) *bases {
	all := &bases{of: map[*claim.Source]base{}, own: map[*claim.Operation]base{}}
	for _, doc := range docs {
		if declared := strings.Trim(doc.Source.BasePath, "/"); declared != "" {
			all.of[doc.Source] = base{path: "/" + declared}
			continue
		}
		shared, own := byServers(doc.Operations)
		b := all.read(doc, doc.Servers, shared)
		if b.path != "" && len(b.variables) == 0 && allBelow(b.path, shared) {
			all.note(doc, doc.Servers[0], "every path begins with the path of the server URL, "+b.path, "the path is not put before them again")
			b = base{}
		} else if len(doc.Servers) > 0 && b.path != "" {
			all.note(doc, doc.Servers[0], "the server URL has the path "+b.path, "it is put before every path; "+howToAddress(b))
		}
		all.of[doc.Source] = b
		for _, operations := range own {
			all.readOwn(doc, operations)
		}
	}
	return all
}

// howToAddress says what callers give the client.
func howToAddress(b base) string {
	if len(b.variables) == 0 {
		return "NewClient takes the address without it"
	}
	return "NewClient takes the address without it, and options for the variables"
}

// byServers splits operations into those with the servers of the document and, by server list,
// those with servers of their own.
func byServers(operations []*claim.Operation) (shared []*claim.Operation, own [][]*claim.Operation) {
	at := map[string]int{}
	for _, op := range operations {
		if len(op.Servers) == 0 {
			shared = append(shared, op)
			continue
		}
		var list strings.Builder
		for _, s := range op.Servers {
			fmt.Fprintf(&list, "%s %s ", s.URL, withDefaults(s))
		}
		i, known := at[list.String()]
		if !known {
			i = len(own)
			at[list.String()] = i
			own = append(own, nil)
		}
		own[i] = append(own[i], op)
	}
	return shared, own
}

// readOwn finds out what comes before the paths of operations with servers of their own.
func (all *bases) readOwn(doc *claim.Document, operations []*claim.Operation) {
	servers := operations[0].Servers
	b := all.read(doc, servers, operations)
	for _, op := range operations {
		all.own[op] = b
	}
	host, _ := claim.SplitServer(withDefaults(servers[0]))
	if (host == "" || servedBy(doc, host)) && b.path == all.of[doc.Source].path {
		return // it is a server of the document
	}
	what := fmt.Sprintf("%s %s has a server of its own, %s", operations[0].Method, operations[0].Path, servers[0].URL)
	if more := len(operations) - 1; more > 0 {
		what = fmt.Sprintf("%s %s and %d more operations have a server of their own, %s", operations[0].Method, operations[0].Path, more, servers[0].URL)
	}
	do := "nothing is put before the path"
	if b.path != "" {
		do = b.path + " is put before the path; " + howToAddress(b)
	}
	if host != "" && !servedBy(doc, host) {
		do += "; make another client with the address " + host
	}
	all.note(doc, servers[0], what, do)
}

// before returns what comes before the path of an operation of a document.
func (all *bases) before(doc *claim.Document, op *claim.Operation) base {
	if b, own := all.own[op]; own {
		return b
	}
	return all.of[doc.Source]
}

// read returns what the servers say comes before the paths of operations.
func (all *bases) read(doc *claim.Document, servers []claim.Server, operations []*claim.Operation) base {
	if len(servers) == 0 {
		return base{}
	}
	first := all.fixVariables(doc, servers[0], operations)
	_, path := claim.SplitServer(first.URL)
	var others []string
	for _, s := range servers[1:] {
		if _, other := claim.SplitServer(withDefaults(s)); other != pathWithDefaults(first) && !slices.Contains(others, shown(other)) {
			others = append(others, shown(other))
		}
	}
	if len(others) > 0 {
		all.note(doc, first, fmt.Sprintf("the servers have different paths: %s, %s", shown(path), strings.Join(others, ", ")),
			shown(path)+" is used; declare the base_path of this source to use another")
	}
	b := base{path: path}
	for _, v := range first.Variables {
		if strings.Contains(path, "{"+v.Name+"}") {
			b.variables = append(b.variables, v)
		}
	}
	return b
}

func shown(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// fixVariables puts in the defaults of the variables that clients cannot set: those of a scheme and
// a host, which are part of the address that NewClient takes, and those in the path whose value is
// not one segment. What it fixes in the path is noted.
func (all *bases) fixVariables(doc *claim.Document, s claim.Server, operations []*claim.Operation) claim.Server {
	if name, rest, _ := strings.Cut(strings.TrimPrefix(s.URL, "{"), "}"); strings.HasPrefix(s.URL, "{") {
		value, _ := defaultOf(s, name) // {server}/v1: the variable may hold a host, a path or both
		origin, path := claim.SplitServer(value)
		if origin != "" || strings.HasPrefix(value, "/") {
			s.URL = value + rest
		}
		if path != "" && s.URL == value+rest {
			all.noteFixed(doc, s, name, value, "it is more than a segment")
		}
	}
	_, path := claim.SplitServer(s.URL)
	for name := range templateNames(path) {
		if value, known := defaultOf(s, name); known {
			if why := notSettable(value, name, operations); why != "" {
				all.noteFixed(doc, s, name, value, why)
				s.URL = strings.ReplaceAll(s.URL, "{"+name+"}", value)
			}
			continue
		}
		if !slices.ContainsFunc(s.Variables, func(v claim.Variable) bool { return v.Name == name }) {
			s.Variables = append(slices.Clone(s.Variables), claim.Variable{Name: name, Line: s.Line})
		}
	}
	return s
}

// notSettable returns why a variable in the path cannot be a path parameter, or "".
func notSettable(value, name string, operations []*claim.Operation) string {
	switch {
	case value == "":
		return "its default is empty"
	case strings.Contains(value, "/"):
		return "it is more than a segment"
	}
	for _, op := range operations {
		if strings.Contains(op.Path, "{"+name+"}") {
			return "it is also a path parameter of " + op.Method + " " + op.Path
		}
	}
	return ""
}

func (all *bases) noteFixed(doc *claim.Document, s claim.Server, name, value, why string) {
	all.note(doc, s, fmt.Sprintf("the variable %s in the path of the server URL is fixed to its default %q: %s", name, value, why),
		"declare the base_path of this source to use another value")
}

func (all *bases) note(doc *claim.Document, s claim.Server, what, do string) {
	all.notes = append(all.notes, &source.Error{Pos: source.Position{File: doc.Source.File, Line: s.Line}, Where: "servers", What: what, Do: do})
}

func defaultOf(s claim.Server, name string) (value string, known bool) {
	for _, v := range s.Variables {
		if v.Name == name {
			return v.Default, v.HasDefault
		}
	}
	return "", false
}

// withDefaults returns the URL of a server with the defaults of its variables in it.
func withDefaults(s claim.Server) string {
	url := s.URL
	for _, v := range s.Variables {
		if v.HasDefault {
			url = strings.ReplaceAll(url, "{"+v.Name+"}", v.Default)
		}
	}
	return url
}

func pathWithDefaults(s claim.Server) string {
	_, path := claim.SplitServer(withDefaults(s))
	return path
}

// allBelow reports whether all paths are below a path.
func allBelow(path string, operations []*claim.Operation) bool {
	return len(operations) > 0 && !slices.ContainsFunc(operations, func(op *claim.Operation) bool { return !strings.HasPrefix(op.Path, path+"/") })
}

// servedBy reports whether the document as a whole has a server with that origin.
func servedBy(doc *claim.Document, origin string) bool {
	return slices.ContainsFunc(doc.Servers, func(s claim.Server) bool {
		own, _ := claim.SplitServer(withDefaults(s))
		return own == origin
	})
}

// hearVariables adds the variables of the server URL to an operation, as path parameters that the
// client fills in.
func (m *merger) hearVariables(op *operation, s *spelling, rename map[string]string) {
	for _, v := range m.bases.before(s.doc, s.op).variables {
		name := v.Name
		if to, ok := rename[name]; ok {
			name = to
		}
		if !strings.Contains(op.path, "{"+name+"}") {
			continue
		}
		p := &claim.Param{In: "path", Name: name, Line: v.Line}
		p.Facts.Say(claim.Required, true, v.Line)
		p.Facts.Say(claim.ServerVariable, &source.Node{Kind: source.Bool, Text: "true", Line: v.Line}, v.Line)
		if v.Description != "" {
			p.Facts.Say(claim.Description, v.Description, v.Line)
		}
		p.Schema.Facts.Say(claim.Type, "string", v.Line)
		if v.HasDefault {
			p.Schema.Facts.Say(claim.Default, source.StringNode(v.Default, v.Line), v.Line)
		}
		if len(v.Enum) > 0 {
			list := &source.Node{Kind: source.Array, Line: v.Line}
			for _, value := range v.Enum {
				list.Items = append(list.Items, source.StringNode(value, v.Line))
			}
			p.Schema.Facts.Say(claim.Enum, list, v.Line)
		}
		m.hearParam(op.param("path", name), s.doc.Source, p)
	}
}

// hearServers adds the origins of the servers of a document. Their paths come before the paths
// already; an overlay comes too late for that.
func (m *merger) hearServers(doc *claim.Document) {
	for _, s := range doc.Servers {
		origin, path := claim.SplitServer(withDefaults(s))
		if doc.Source.Kind == claim.Overlay && path != "" {
			m.errs.Add(source.Position{File: doc.Source.File, Line: s.Line}, "servers", "the server URL has the path "+path+", and an overlay cannot move operations",
				"leave the path out, and declare the base_path of the source that has the operations")
		}
		if origin == "" || slices.ContainsFunc(m.servers, func(had said) bool { return had.src == doc.Source && had.Text() == origin }) {
			continue
		}
		m.servers = append(m.servers, said{claim.Fact{Name: "server", Value: origin, Line: s.Line}, doc.Source})
	}
}
