package merge

import (
	"maps"
	"slices"
	"strconv"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Reference pages name scopes and never the scheme they belong to. OpenAPI cannot state scopes
// without an OAuth 2.0 scheme. The addresses are those of every Atlassian Cloud API; the scheme of
// another API has no flow. A source that defines an OAuth 2.0 scheme itself wins over this one.
const (
	oauthName        = "oauth2"
	authorizationURL = "https://auth.atlassian.com/authorize"
	tokenURL         = "https://auth.atlassian.com/oauth/token"
)

// securityBuilder settles who may call operations, and the security schemes that this takes.
type securityBuilder struct {
	doc     *settled.Document
	defined map[string]*settled.SecurityScheme // by sources
	oauth   string                             // name of the scheme that scopes belong to
	scopes  map[string]bool                    // that operations ask for
	missing map[string]bool                    // schemes that requirements name and nobody defines

	atlassian bool
}

func newSecurityBuilder(doc *settled.Document, all []*securityScheme, atlassian bool) *securityBuilder {
	b := &securityBuilder{doc: doc, atlassian: atlassian, defined: map[string]*settled.SecurityScheme{}, oauth: oauthName, scopes: map[string]bool{}, missing: map[string]bool{}}
	found := false
	for _, s := range all {
		d, ok := s.facts.get(claim.Definition)
		if !ok {
			continue
		}
		if !found && node0(d).Get("type").Str() == "oauth2" {
			b.oauth, found = s.name, true
		}
		if !s.facts.gone() {
			fact := settled.Fact{Name: claim.Definition, Won: sayIt(d)}
			b.defined[s.name] = &settled.SecurityScheme{Name: s.name, Definition: node0(d),
				Element: settled.Element{Address: "security " + s.name, Facts: []settled.Fact{fact}}}
			doc.Security = append(doc.Security, b.defined[s.name])
		}
	}
	return b
}

// of returns who may call an operation: what a source states, else one requirement per kind of
// scopes. It is nil if nothing is known.
func (b *securityBuilder) of(op *operation) *source.Node {
	if s, ok := op.facts.get(claim.Security); ok {
		stated := b.withSchemes(op, s)
		for _, requirement := range stated.Items {
			if scopes := requirement.Get(b.oauth); scopes != nil {
				b.ask(scopes)
			}
		}
		if len(stated.Items) > 0 || len(node0(s).Items) == 0 {
			return stated
		}
	}
	list := &source.Node{Kind: source.Array}
	for _, name := range []claim.Name{claim.Scopes, claim.Granular} {
		if s, ok := op.facts.get(name); ok {
			requirement := source.NewObject(0)
			requirement.Set(b.oauth, node0(s))
			list.Items = append(list.Items, requirement)
			b.ask(node0(s))
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

// ask remembers scopes that operations ask for.
func (b *securityBuilder) ask(scopes *source.Node) {
	for _, scope := range scopes.Items {
		b.scopes[scope.Str()] = true
	}
}

// withSchemes leaves out requirements that name a scheme that no source defines: nobody could meet
// them. Each scheme is noted once.
func (b *securityBuilder) withSchemes(op *operation, s said) *source.Node {
	list := &source.Node{Kind: source.Array, Line: node0(s).Line}
	for _, requirement := range node0(s).Items {
		missing := ""
		for _, m := range requirement.Members {
			if m.Key != b.oauth && b.defined[m.Key] == nil {
				missing = m.Key
			}
		}
		if missing == "" {
			list.Items = append(list.Items, requirement)
		} else if !b.missing[missing] {
			b.missing[missing] = true
			b.doc.Notes = append(b.doc.Notes, &source.Error{Pos: source.Position{File: s.src.File, Line: s.Line}, Where: op.address(),
				What: "security names the scheme " + strconv.Quote(missing) + ", which is not defined", Do: "left out, here and wherever it stands"})
		}
	}
	return list
}

// schemes completes the security schemes with the scopes that operations ask for. The scheme that
// they belong to is made if no source defines it.
func (b *securityBuilder) schemes() {
	if len(b.scopes) == 0 {
		return
	}
	s := b.defined[b.oauth]
	if s == nil {
		flow, flows, definition := source.NewObject(0), source.NewObject(0), source.NewObject(0)
		if b.atlassian {
			flow.Set("authorizationUrl", source.StringNode(authorizationURL, 0))
			flow.Set("tokenUrl", source.StringNode(tokenURL, 0))
			flows.Set("authorizationCode", flow)
		}
		definition.Set("type", source.StringNode("oauth2", 0))
		definition.Set("flows", flows)
		s = &settled.SecurityScheme{Name: b.oauth, Definition: definition, Element: settled.Element{Address: "security " + b.oauth}}
		b.doc.Security = append(b.doc.Security, s)
	}
	s.Definition = b.withScopes(s.Definition)
}

// withScopes returns the definition of an OAuth 2.0 scheme with all scopes that operations ask for:
// another source may know more of them than the one that defines the scheme.
func (b *securityBuilder) withScopes(scheme *source.Node) *source.Node {
	complete := scheme.Clone()
	flows := complete.Get("flows")
	if flows == nil {
		return scheme
	}
	for _, m := range flows.Members {
		scopes := m.Value.Get("scopes")
		if scopes == nil && m.Value.Kind == source.Object {
			scopes = source.NewObject(0)
			m.Value.Set("scopes", scopes)
		}
		if scopes != nil && scopes.Kind == source.Object {
			for _, name := range slices.Sorted(maps.Keys(b.scopes)) {
				if scopes.Get(name) == nil {
					scopes.Set(name, source.StringNode("", 0))
				}
			}
		}
	}
	return complete
}
