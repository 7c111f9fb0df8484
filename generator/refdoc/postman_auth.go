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
	var definition []source.Member
	text := func(key, value string) source.Member {
		return source.Member{Key: key, Line: line, Value: source.StringNode(value, line)}
	}
	switch kind {
	case "noauth":
		op.Facts.Say(claim.Security, &source.Node{Kind: source.Array, Line: line}, line)
		return
	case "basic":
		name, definition = "basicAuth", []source.Member{text("type", "http"), text("scheme", "basic")}
	case "bearer":
		name, definition = "bearerAuth", []source.Member{text("type", "http"), text("scheme", "bearer")}
	case "apikey":
		key, in := authParam(auth, kind, "key"), authParam(auth, kind, "in")
		if key == "" {
			return
		}
		if in != "query" {
			in = "header"
		}
		name, definition = "apiKeyAuth", []source.Member{text("type", "apiKey"), text("name", key), text("in", in)}
	case "oauth2":
		authURL, tokenURL := authParam(auth, kind, "authUrl"), authParam(auth, kind, "accessTokenUrl")
		if authURL == "" || tokenURL == "" {
			return
		}
		flow := object(line, text("authorizationUrl", authURL), text("tokenUrl", tokenURL),
			source.Member{Key: "scopes", Line: line, Value: object(line)})
		flows := object(line, source.Member{Key: "authorizationCode", Line: line, Value: flow})
		name, definition = "oAuth", []source.Member{text("type", "oauth2"), {Key: "flows", Line: line, Value: flows}}
	default:
		return
	}
	c.defineScheme(name, object(line, definition...), line)
	needs := object(line, source.Member{Key: name, Line: line, Value: &source.Node{Kind: source.Array, Line: line}})
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

func object(line int, members ...source.Member) *source.Node {
	return &source.Node{Kind: source.Object, Line: line, Members: members}
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
