package openapi

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// This file reads keys of paths that have a query. OpenAPI does not allow them, and many documents
// have them: /search?type=user is another operation than /search?type=repo, /audit?since={time}
// names a parameter, and so does the URI template /audit{?since,until}.

// itemKey is a key of paths in parts.
type itemKey struct {
	path  string
	query []*claim.Param // what the key names as parameters
	fixed []fixedPair    // what is always sent, in order
}

// fixedPair is a part of a query that never changes. A flag has no value.
type fixedPair struct {
	name, value string
	flag        bool
}

// queryTemplate matches {?a,b} and {&a,b} of URI templates, and {#a}, which is not sent.
var queryTemplate = regexp.MustCompile(`\{[?&#][^{}]*\}`)

// itemKey takes a key of paths apart.
func (r *Reader) itemKey(m source.Member) itemKey {
	if r.fragment || !strings.ContainsAny(m.Key, "?#&") {
		return itemKey{path: m.Key}
	}
	var key itemKey
	seen := map[string]bool{}
	text := queryTemplate.ReplaceAllStringFunc(m.Key, func(template string) string {
		if template[1] != '#' {
			for name := range strings.SplitSeq(template[2:len(template)-1], ",") {
				name, _, _ = strings.Cut(strings.TrimRight(strings.TrimSpace(name), "*"), ":")
				r.keyParam(&key, seen, m, name)
			}
		}
		return ""
	})
	text, _, _ = strings.Cut(text, "#")
	path, rest, _ := strings.Cut(text, "?")
	key.path = path
	pairs := strings.FieldsFunc(rest, func(c rune) bool { return c == '&' || c == ';' })
	templated := len(key.query) > 0 || slices.ContainsFunc(pairs, isPlaceholder)
	for _, pair := range pairs {
		name, value, valued := strings.Cut(pair, "=")
		switch {
		case isPlaceholder(pair) || !valued && templated || valued && value == "":
			r.keyParam(&key, seen, m, strings.Trim(name, "{}*,"))
		case r.spend(m.Value, 1):
			key.fixed = append(key.fixed, fixedPair{unescaped(name), unescaped(value), !valued})
		}
	}
	if path != m.Key {
		r.note(m.Value, m.Line, fmt.Sprintf("the path %s has a query or a fragment", quote(m.Key)), key.reading())
	}
	return key
}

// isPlaceholder reports whether a part of a query stands for something else.
func isPlaceholder(pair string) bool { return strings.ContainsAny(pair, "{}<>[]:") }

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// reading says how a key with a query is read.
func (k *itemKey) reading() string {
	read := "read as " + quote(k.path)
	if len(k.query) > 0 {
		read += " with the query as parameters"
	}
	if len(k.fixed) > 0 {
		read += ", and " + quote(k.fixedQuery()) + " is always sent"
	}
	return read
}

// fixedQuery returns the fixed part of the query as it is sent.
func (k *itemKey) fixedQuery() string {
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	var all []string
	for _, f := range k.fixed {
		pair := escape(f.name)
		if !f.flag {
			pair += "=" + escape(f.value)
		}
		all = append(all, pair)
	}
	return strings.Join(all, "&")
}

// keyParam adds a parameter that a key names, once.
func (r *Reader) keyParam(key *itemKey, seen map[string]bool, m source.Member, name string) {
	if name == "" || seen[name] || !r.spend(m.Value, 1) {
		return
	}
	seen[name] = true
	key.query = append(key.query, &claim.Param{In: "query", Name: name, Line: m.Line, Schema: claim.Schema{Line: m.Line}})
}

// settleFixed decides between a fixed query and parameters of the same name that the document
// describes. A flag gives way to the parameter; a parameter whose value is fixed is left out. It
// returns the path of the operation, which includes what is fixed.
func (r *Reader) settleFixed(n *source.Node, key itemKey, l *paramList) string {
	declared := func(name string) int {
		return slices.IndexFunc(l.params, func(p *claim.Param) bool { return p.In == "query" && p.Name == name })
	}
	var kept itemKey
	for _, f := range key.fixed {
		i := declared(f.name)
		if f.flag && i >= 0 {
			continue
		}
		if kept.fixed = append(kept.fixed, f); i >= 0 {
			r.note(n, l.params[i].Line, fmt.Sprintf("the path fixes the value of the parameter %s", quote(f.name)), "left out; "+quote(f.value)+" is always sent")
			l.params = slices.Delete(slices.Clone(l.params), i, i+1)
		}
	}
	if len(kept.fixed) == 0 {
		return key.path
	}
	return key.path + "?" + kept.fixedQuery()
}
