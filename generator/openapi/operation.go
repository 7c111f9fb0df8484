package openapi

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// pathItem reads the operations of one path. Each operation inherits what the path item says and it
// does not say itself, and the parameters in the path.
func (r *Reader) pathItem(item source.Member, key itemKey) []*claim.Operation {
	if r.exhausted() {
		return nil
	}
	if item.Value.Kind == source.Null {
		r.note(item.Value, item.Line, "the path has no operations", "left out")
	}
	n, _ := r.followObject(item.Value, "the path item")
	if n == nil {
		return nil
	}
	var common claim.Facts
	shown := paramList{params: key.query}
	shared := shown
	var servers []claim.Server
	var ops []source.Member
	for _, m := range n.Members {
		if _, ok := methods[m.Key]; ok {
			ops = append(ops, m)
			continue
		}
		switch m.Key {
		case "summary", "description":
			r.sayText(&common, claim.Name(m.Key), m)
		case "parameters":
			shared = r.itemParams.once(r, m.Value, func(n *source.Node) *paramList {
				list := r.params(n)
				return &list
			}).over(shown)
		case "servers":
			servers = r.ownServers(m)
		default:
			if method := strings.ToLower(m.Key); methods[method] != "" && n.Get(method) == nil {
				r.note(m.Value, m.Line, fmt.Sprintf("the method %s is not in lower case", quote(m.Key)), "read as "+method)
				ops = append(ops, source.Member{Key: method, Line: m.Line, Value: m.Value})
				continue
			}
			r.extra(&common, m, "a path item")
		}
	}
	all := make([]*claim.Operation, 0, len(ops))
	for _, m := range ops {
		if m.Value.Kind == source.Null {
			r.note(m.Value, m.Line, "the operation is empty", "read as an operation without any details")
			m.Value = &source.Node{Kind: source.Object, Line: m.Line}
		}
		if r.exhausted() || !r.object(m.Value, "the operation") || !r.spend(m.Value, 1+len(shared.params)) {
			continue
		}
		op := r.operation(m.Value, methods[m.Key], key, shared)
		op.Line = m.Line
		if op.Servers == nil {
			op.Servers = servers
		}
		for _, f := range common {
			if _, ok := op.Facts.Get(f.Name); !ok {
				op.Facts = append(op.Facts, f)
			}
		}
		all = append(all, op)
	}
	return all
}

func (r *Reader) operation(n *source.Node, method string, key itemKey, shared paramList) *claim.Operation {
	op := &claim.Operation{Method: method, Line: n.Line}
	list := paramList{}
	secured := false
	for _, m := range n.Members {
		switch m.Key {
		case "summary", "description", "operationId":
			r.sayText(&op.Facts, claim.Name(m.Key), m)
		case "tags":
			r.tagNames(m, &op.Facts)
		case "deprecated":
			r.sayFlag(&op.Facts, claim.Deprecated, m)
		case "externalDocs":
			r.docsURL(m, &op.Facts)
		case "security":
			secured = true
			r.sayRequirements(m, &op.Facts)
		case "parameters":
			list = r.params(m.Value)
		case "requestBody":
			op.Body = r.requestBody(m.Value)
			if op.Body != nil && !isRef(m.Value) {
				op.Body.Line = m.Line
			}
		case "responses":
			op.Responses = r.responseList(n, m.Value)
		case "consumes", "produces": // read where the media types are needed
		case "schemes":
			if all := r.root.Get("schemes"); all == nil || !all.Equal(m.Value) {
				r.note(m.Value, m.Line, "the operation has schemes of its own", "left out; NewClient takes the address")
			}
		case "servers":
			op.Servers = r.ownServers(m)
		case "callbacks":
			r.note(m.Value, m.Line, "callbacks are calls to the client", "left out")
		case "x-atlassian-oauth2-scopes":
			r.vendorScopes(m, &op.Facts)
		case "x-atlassian-connect-scope":
			r.connectScope(m, &op.Facts)
		default:
			r.extra(&op.Facts, m, "an operation")
		}
	}
	if !secured && r.security != nil {
		op.Facts = append(op.Facts, *r.security)
	}
	r.requiredScopes(&op.Facts)
	list = r.settlePlaces(n, method, key.path, list.over(shared))
	op.Path = r.settleFixed(n, key, &list)
	op.Params = list.params
	if len(list.forms) > 0 {
		r.formBody(n, list.forms, op)
	}
	return op
}

// ownServers reads the servers of an operation or a path item. In an overlay they come too late:
// its operations already have their paths.
func (r *Reader) ownServers(m source.Member) []claim.Server {
	if r.fragment {
		r.note(m.Value, m.Line, "an overlay cannot set the servers of an operation", "left out; declare the base_path of the source instead")
		return nil
	}
	return r.servers(m.Value)
}

func (r *Reader) tagNames(m source.Member, f *claim.Facts) {
	var names []string
	for _, tag := range r.list(m.Value, source.String, "tags") {
		if tag.Kind == source.String && tag.Text != "" {
			names = append(names, tag.Text)
		} else if name := tag.Get("name").Str(); name != "" {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		f.Say(claim.Tags, names, m.Line)
	}
}

func (r *Reader) docsURL(m source.Member, f *claim.Facts) {
	switch {
	case m.Value.Kind == source.String:
		f.Say(claim.DocsURL, m.Value.Text, m.Line)
	case m.Value.Get("url").Str() != "":
		f.Say(claim.DocsURL, m.Value.Get("url").Text, m.Value.Get("url").Line)
	}
	for _, word := range m.Value.Members {
		switch word.Key {
		case "url":
		case "description":
			r.sayText(f, claim.DocsText, word)
		default:
			r.note(word.Value, word.Line, quote(word.Key)+" is in externalDocs", "left out")
		}
	}
}

// followObject follows the references of an object and checks that the target is an object.
func (r *Reader) followObject(n *source.Node, what string) (*source.Node, *source.Member) {
	if !r.object(n, what) {
		return nil, nil
	}
	n, description := r.follow(n)
	if n == nil || !r.object(n, what) {
		return nil, nil
	}
	return n, description
}
