package refdoc

import (
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// auth reads how a request is authorized. Values are never read: they would be secrets.
func (c *collection) auth(op *claim.Operation, auth *source.Node) {
	if auth == nil {
		return
	}
	line := auth.Line
	kind := auth.Get("type").Str()
	var name string
	var definition *source.Node
	texts := func(pairs ...string) *source.Node {
		n := source.NewObject(line)
		for i := 0; i < len(pairs); i += 2 {
			n.Set(pairs[i], source.StringNode(pairs[i+1], line))
		}
		return n
	}
	switch kind {
	case "noauth":
		op.Facts.Say(claim.Security, &source.Node{Kind: source.Array, Line: line}, line)
		return
	case "basic":
		name, definition = "basicAuth", texts("type", "http", "scheme", "basic")
	case "bearer":
		name, definition = "bearerAuth", texts("type", "http", "scheme", "bearer")
	case "apikey":
		key, in := authParam(auth, kind, "key"), authParam(auth, kind, "in")
		if key == "" {
			return
		}
		if in != "query" {
			in = "header"
		}
		name, definition = "apiKeyAuth", texts("type", "apiKey", "name", key, "in", in)
	case "oauth2":
		authURL, tokenURL := authParam(auth, kind, "authUrl"), authParam(auth, kind, "accessTokenUrl")
		if authURL == "" || tokenURL == "" {
			return
		}
		flow, flows := texts("authorizationUrl", authURL, "tokenUrl", tokenURL), source.NewObject(line)
		flow.Set("scopes", source.NewObject(line))
		flows.Set("authorizationCode", flow)
		name, definition = "oAuth", texts("type", "oauth2")
		definition.Set("flows", flows)
	default:
		return
	}
	c.defineScheme(name, definition, line)
	needs := source.NewObject(line)
	needs.Set(name, &source.Node{Kind: source.Array, Line: line})
	op.Facts.Say(claim.Security, &source.Node{Kind: source.Array, Line: line, Items: []*source.Node{needs}}, line)
}

// defineScheme adds a security scheme to the document once.
func (c *collection) defineScheme(name string, definition *source.Node, line int) {
	for _, known := range c.doc.Security {
		if known.Name == name {
			return
		}
	}
	scheme := &claim.Named{Name: name, Line: line, Schema: claim.Schema{Line: line}}
	scheme.Schema.Facts.Say(claim.Definition, definition, line)
	c.doc.Security = append(c.doc.Security, scheme)
}

// authParam returns a setting of an authorization: an object in v2.0, a list of keys and values in
// v2.1.
func authParam(auth *source.Node, kind, key string) string {
	settings := auth.Get(kind)
	if value := settings.Get(key); value != nil {
		return value.Str()
	}
	for _, n := range itemsOf(settings) {
		if n.Get("key").Str() == key {
			return n.Get("value").Str()
		}
	}
	return ""
}
