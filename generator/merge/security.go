package merge

import (
	"maps"
	"slices"
	"strconv"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Reference pages name scopes and never the scheme they belong to. OpenAPI cannot state scopes without an OAuth 2.0
// scheme, and the scheme not without the two addresses; these are the ones of every Atlassian Cloud API. A source
// that defines an OAuth 2.0 scheme itself wins over this one.
const (
	oauthName        = "oauth2"
	authorizationURL = "https://auth.atlassian.com/authorize"
	tokenURL         = "https://auth.atlassian.com/oauth/token"
)

// securityOf writes who may call an operation: what a source states, else one requirement per kind of scopes.
func (b *builder) securityOf(op *operation) *source.Node {
	if s, ok := op.facts.get(claim.Security); ok {
		stated := b.withSchemes(op, s)
		b.useScheme(stated)
		if len(stated.Items) > 0 || len(node0(s).Items) == 0 {
			return stated
		}
	}
	list := &source.Node{Kind: source.Array}
	for _, name := range []claim.Name{claim.Scopes, claim.Granular} {
		if s, ok := op.facts.get(name); ok {
			requirement := newObject()
			requirement.put(b.oauthScheme(), node0(s))
			list.Items = append(list.Items, requirement.Node)
			b.addScopes(s)
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

// withSchemes leaves out the requirements that name a scheme that no source defines: nobody could tell how to meet them. Each
// scheme is noted once.
func (b *builder) withSchemes(op *operation, s said) *source.Node {
	if b.schemesHad == nil {
		b.schemesHad, b.schemesMissed = map[string]bool{b.oauthScheme(): true}, map[string]bool{}
		for _, scheme := range b.security {
			_, ok := scheme.facts.get(claim.Definition)
			b.schemesHad[scheme.name] = b.schemesHad[scheme.name] || ok && !scheme.facts.gone()
		}
	}
	list := &source.Node{Kind: source.Array, Line: node0(s).Line}
	for _, requirement := range node0(s).Items {
		missing := ""
		for _, m := range requirement.Members {
			if !b.schemesHad[m.Key] {
				missing = m.Key
			}
		}
		if missing == "" {
			list.Items = append(list.Items, requirement)
			continue
		}
		if b.schemesMissed[missing] {
			continue
		}
		b.schemesMissed[missing] = true
		b.notes = append(b.notes, &source.Error{Pos: source.Position{File: s.src.File, Line: s.Line}, Where: op.address(),
			What: "security names the scheme " + strconv.Quote(missing) + ", which is not defined", Do: "left out, here and wherever it stands"})
	}
	return list
}

// oauthScheme gives the name of the OAuth 2.0 scheme that requirements refer to.
func (b *builder) oauthScheme() string {
	if b.oauth != "" {
		return b.oauth
	}
	b.oauth = oauthName
	for _, s := range b.security {
		if d, ok := s.facts.get(claim.Definition); ok && node0(d).Get("type").Str() == "oauth2" {
			b.oauth = s.name
			break
		}
	}
	return b.oauth
}

// addScopes remembers the scopes that operations ask for.
func (b *builder) addScopes(s said) {
	if b.scopes == nil {
		b.scopes = map[string]bool{}
	}
	for _, item := range node0(s).Items {
		b.scopes[item.Str()] = true
	}
}

// useScheme remembers which schemes a stated requirement names, with the scopes it asks for.
func (b *builder) useScheme(list *source.Node) {
	for _, requirement := range list.Items {
		for _, m := range requirement.Members {
			if m.Key != b.oauthScheme() {
				continue
			}
			for _, scope := range m.Value.Items {
				b.addScopes(said{Fact: claim.Fact{Value: []string{scope.Str()}}})
			}
		}
	}
}

// schemes writes the security schemes: those that sources define, completed with the scopes that operations ask for.
func (b *builder) schemes() *object {
	out := newObject()
	oauth := b.oauthScheme()
	for _, s := range b.security {
		d, ok := s.facts.get(claim.Definition)
		if !ok || s.facts.gone() {
			continue
		}
		b.doc.Facts = append(b.doc.Facts, settled.Fact{Address: "security " + s.name, Name: claim.Definition, Won: sayIt(d)})
		out.put(s.name, node0(d))
	}
	if defined := out.Get(oauth); defined != nil {
		out.put(oauth, b.withScopes(defined))
	}
	if len(b.scopes) == 0 || out.Get(oauth) != nil {
		return out
	}
	scopes := newObject()
	b.putScopes(scopes)
	flow := newObject()
	flow.str("authorizationUrl", authorizationURL)
	flow.str("tokenUrl", tokenURL)
	flow.put("scopes", scopes.Node)
	flows := newObject()
	flows.put("authorizationCode", flow.Node)
	scheme := newObject()
	scheme.str("type", "oauth2")
	scheme.put("flows", flows.Node)
	out.put(oauth, scheme.Node)
	return out
}

// withScopes returns the definition of an OAuth 2.0 scheme with all scopes that operations ask for:
// another source may know more of them than the one that defines the scheme.
func (b *builder) withScopes(scheme *source.Node) *source.Node {
	flows := scheme.Get("flows")
	if len(b.scopes) == 0 || flows == nil || flows.Kind != source.Object {
		return scheme
	}
	complete := &object{Node: copyOf(flows)}
	for _, m := range flows.Members {
		if m.Value.Kind != source.Object || m.Value.Get("scopes") != nil && m.Value.Get("scopes").Kind != source.Object {
			continue
		}
		scopes := newObject()
		if known := m.Value.Get("scopes"); known != nil {
			scopes = &object{Node: copyOf(known)}
		}
		b.putScopes(scopes)
		flow := &object{Node: copyOf(m.Value)}
		flow.put("scopes", scopes.Node)
		complete.put(m.Key, flow.Node)
	}
	out := &object{Node: copyOf(scheme)}
	out.put("flows", complete.Node)
	return out.Node
}

// putScopes adds the scopes that operations ask for and that are not there yet.
func (b *builder) putScopes(scopes *object) {
	for _, name := range slices.Sorted(maps.Keys(b.scopes)) {
		if scopes.Get(name) == nil {
			scopes.str(name, "")
		}
	}
}

// copyOf returns a node whose list of members can be changed.
func copyOf(n *source.Node) *source.Node {
	return &source.Node{Kind: n.Kind, Line: n.Line, Members: slices.Clone(n.Members)}
}
