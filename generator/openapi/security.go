package openapi

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// securitySchemes reads the security schemes as OpenAPI 3 writes them.
func (r *Reader) securitySchemes(n *source.Node, doc *claim.Document) {
	if !r.object(n, "the list of security schemes") {
		return
	}
	for _, m := range n.Members {
		named := readSecurityScheme(m.Value, r, m.Key)
		if named == nil {
			continue
		}
		named.Line = m.Line
		doc.Security = append(doc.Security, named)
	}
}

// readSecurityScheme reads a security scheme object. It returns nil if there is none.
func readSecurityScheme(n *source.Node, r *Reader, name string) *claim.Named {
	n, _ = r.followObject(n, "the security scheme")
	if n == nil {
		return nil
	}
	if n.Get("type").Str() == "oauth2" {
		r.oauth2[name] = true
	}
	if r.version == Swagger20 {
		n = convertScheme(n)
	}
	named := &claim.Named{Name: name, Line: n.Line}
	named.Schema.Line = n.Line
	named.Schema.Facts.Say(claim.Definition, n, n.Line)
	return named
}

// flowNames maps the OAuth 2.0 flows of Swagger 2.0 to their names in OpenAPI 3.
var flowNames = map[string]string{
	"implicit": "implicit", "password": "password", "application": "clientCredentials", "accessCode": "authorizationCode",
}

// convertScheme converts a security scheme of Swagger 2.0 to OpenAPI 3.
func convertScheme(n *source.Node) *source.Node {
	out := &source.Node{Kind: source.Object, Line: n.Line}
	flow := &source.Node{Kind: source.Object, Line: n.Line}
	scopes := &source.Node{Kind: source.Object, Line: n.Line}
	name := ""
	for _, m := range n.Members {
		switch {
		case m.Key == "type" && m.Value.Str() == "basic":
			out.Members = append(out.Members, source.Member{Key: "type", Line: m.Line, Value: source.StringNode("http", m.Line)},
				source.Member{Key: "scheme", Line: m.Line, Value: source.StringNode("basic", m.Line)})
		case m.Key == "flow":
			name = m.Value.Str()
		case m.Key == "authorizationUrl" || m.Key == "tokenUrl":
			flow.Members = append(flow.Members, m)
		case m.Key == "scopes" && m.Value.Kind == source.Object:
			scopes = m.Value
		default:
			out.Members = append(out.Members, m)
		}
	}
	if n.Get("type").Str() == "oauth2" {
		flow.Members = append(flow.Members, source.Member{Key: "scopes", Line: scopes.Line, Value: scopes})
		if flowNames[name] == "" {
			name = "implicit"
		}
		out.Members = append(out.Members, source.Member{Key: "flows", Line: n.Line, Value: object(n.Line, flowNames[name], flow)})
	}
	return out
}

// sayRequirements reads security: a list of alternatives, each an object of scheme names and
// scopes.
func (r *Reader) sayRequirements(m source.Member, f *claim.Facts) {
	if m.Value.Kind == source.Null {
		return
	}
	out := &source.Node{Kind: source.Array, Line: m.Value.Line}
	for _, item := range r.list(m.Value, source.String, "security") {
		switch item.Kind {
		case source.String:
			r.note(item, item.Line, "security lists the scheme "+quote(item.Text)+" as a string", "read as that scheme without scopes")
			out.Items = append(out.Items, object(item.Line, item.Text, &source.Node{Kind: source.Array, Line: item.Line}))
		case source.Object:
			out.Items = append(out.Items, r.requirement(item))
		case source.Array:
			if len(item.Items) == 0 {
				out.Items = append(out.Items, &source.Node{Kind: source.Object, Line: item.Line})
				continue
			}
			fallthrough
		default:
			r.note(item, item.Line, "security lists "+item.Kind.Noun()+", not the name of a scheme", "left out")
		}
	}
	f.Say(claim.Security, out, m.Line)
}

func (r *Reader) requirement(n *source.Node) *source.Node {
	out := &source.Node{Kind: source.Object, Line: n.Line}
	for _, m := range n.Members {
		if m.Value.Kind != source.Array || slices.ContainsFunc(m.Value.Items, func(n *source.Node) bool { return n.Kind != source.String }) {
			if m.Value.Kind != source.Null {
				r.note(m.Value, m.Line, "the scopes of "+quote(m.Key)+" are not a list of strings", "read as none")
			}
			m.Value = &source.Node{Kind: source.Array, Line: m.Value.Line}
		}
		out.Members = append(out.Members, m)
	}
	return out
}

// vendorScopes reads Atlassian's list of scopes. There are two sets, and either of them opens the
// operation: classic scopes, and granular scopes, which were a beta at first. If a document has one
// set only, that set counts, whatever its state.
//
//	x-atlassian-oauth2-scopes:
//	- {scheme: OAuth2, state: Current, scopes: ["manage:jira-configuration"]}
//	- {scheme: OAuth2, state: Beta, scopes: ["read:audit-log:jira", "read:user:jira"]}
func (r *Reader) vendorScopes(m source.Member, f *claim.Facts) {
	if m.Value.Kind != source.Array {
		r.note(m.Value, m.Line, m.Key+" is "+m.Value.Kind.Noun()+", not a list", "left out")
		return
	}
	var current, beta, classic, granular []string
	for _, entry := range m.Value.Items {
		scopes := stringsOf(entry.Get("scopes"))
		switch state := entry.Get("state").Str(); state {
		case "Beta":
			beta = append(beta, scopes...)
		case "Current", "":
			current = append(current, scopes...)
			if isGranular(scopes) {
				granular = append(granular, scopes...)
			} else {
				classic = append(classic, scopes...)
			}
		default:
			r.note(entry, entry.Line, "scopes in the state "+quote(state), "left out")
		}
	}
	switch {
	case len(beta) == 0 && len(classic) > 0:
		sayScopes(f, classic, granular, m.Line)
	case len(current) == 0:
		sayScopes(f, beta, nil, m.Line)
	default:
		sayScopes(f, current, beta, m.Line)
	}
}

func sayScopes(f *claim.Facts, scopes, granular []string, line int) {
	if len(scopes) > 0 {
		f.Say(claim.Scopes, scopes, line)
	}
	if len(granular) > 0 {
		f.Say(claim.Granular, granular, line)
	}
}

// isGranular reports whether scopes have the form of granular ones (read:audit-log:jira) and not of
// classic ones (read:jira-work).
func isGranular(scopes []string) bool {
	return len(scopes) > 0 && !slices.ContainsFunc(scopes, func(s string) bool { return strings.Count(s, ":") != 2 })
}

func stringsOf(n *source.Node) []string {
	if n == nil {
		return nil
	}
	var all []string
	for _, item := range n.Items {
		if item.Str() != "" {
			all = append(all, item.Text)
		}
	}
	return all
}

// connectScope reads the scope of Connect apps. INACCESSIBLE means that they have no access.
func (r *Reader) connectScope(m source.Member, f *claim.Facts) {
	scope := m.Value.Str()
	if scope == "" {
		scope = m.Value.Get("scope").Str()
	}
	switch scope {
	case "":
		r.note(m.Value, m.Line, m.Key+" has no scope", "left out")
	case "INACCESSIBLE":
		f.Say(claim.ConnectScope, "none", m.Line)
	default:
		f.Say(claim.ConnectScope, scope, m.Line)
	}
}

// requiredScopes takes the scopes from the OAuth 2.0 security requirements if the vendor's fields
// have none.
func (r *Reader) requiredScopes(f *claim.Facts) {
	if _, ok := f.Get(claim.Scopes); ok {
		return
	}
	security, ok := f.Get(claim.Security)
	if !ok {
		return
	}
	var scopes []string
	for _, requirement := range security.Value.(*source.Node).Items {
		for _, m := range requirement.Members {
			if r.oauth2[m.Key] {
				scopes = append(scopes, stringsOf(m.Value)...)
			}
		}
	}
	slices.Sort(scopes)
	if scopes = slices.Compact(scopes); len(scopes) > 0 {
		f.Say(claim.Scopes, scopes, security.Line)
	}
}
