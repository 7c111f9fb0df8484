package diff

import (
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// use says where a value travels.
type use int

const (
	inParameter use = 1 << iota
	inRequest
	inResponse
	isRequired // what came has to be sent
	isWhole    // a body, or a list of values that came or went as a whole
	inPath     // of a parameter
)

// sent reports whether callers send the value.
func (u use) sent() bool { return u&(inParameter|inRequest) != 0 }

// travels says which way a value goes.
func (u use) travels() string {
	switch {
	case u.sent() && u&inResponse == 0:
		return "sent"
	case !u.sent() && u&inResponse != 0:
		return "received"
	}
	return "sent and received"
}

// useOf returns the use of a parameter, with whether it is required.
func useOf(p *settled.Parameter) use {
	u := inParameter
	if p.Is("required") {
		u |= isRequired
	}
	if p.In == "path" {
		u |= inPath
	}
	return u
}

// judge says what a change does on the wire and how bad that is, whatever Go makes of it: that is
// for apidiff to tell. The rules take the side of a caller, who is broken by what the server
// refuses from now on, not by what it sends in addition.
func (c *Change) judge(u use) {
	switch c.Kind {
	case Text, Extension, Server, OperationID:
		return // neither Go nor the wire
	case OperationAdded, OperationRemoved, OperationMoved, ParameterAdded, ParameterRemoved, ParameterRenamed, BodyAdded, BodyRemoved,
		MemberAdded, MemberRemoved, MemberRenamed, Required:
		c.judgePresence(u)
	case ResponseAdded, ResponseRemoved, HeaderAdded, HeaderRemoved, MediaTypeAdded, MediaTypeRemoved, SchemaAdded, SchemaRemoved, Paging, Deprecated:
		c.judgeAnswer(u)
	default:
		c.judgeValue(u)
	}
}

// judgePresence is about what is there, and what has to be.
func (c *Change) judgePresence(u use) {
	c.Severity = Compatible
	refused := func(what string) { c.Severity, c.Wire = Breaking, what+" without it are refused" }
	switch c.Kind {
	case OperationAdded:
		c.Wire = "can be called"
	case OperationRemoved:
		c.Severity, c.Wire = Breaking, "cannot be called any more"
	case OperationMoved:
		c.Wire = "called as " + c.New
	case ParameterRenamed, MemberRenamed:
		if u&inPath != 0 {
			c.Severity = None // the server sees a value, and no name
			return
		}
		c.Wire = u.travels() + " as " + c.New + ", no longer as " + c.Old
	case ParameterAdded, BodyAdded, MemberAdded:
		c.Wire = map[bool]string{true: "can be sent", false: "may be received"}[u.sent()]
		if u.sent() && u&isRequired != 0 {
			refused("calls")
		}
	case ParameterRemoved, BodyRemoved:
		c.Severity, c.Wire = Breaking, "no longer sent"
	case MemberRemoved:
		c.Severity, c.Wire = Breaking, "no longer "+u.travels()
	case Required:
		switch {
		case c.New != "true":
			c.Wire = "may be left out"
		case u&isWhole != 0:
			c.Wire = "has to be sent"
		case u.sent():
			refused("calls")
		default:
			c.Wire = "always received"
		}
	}
}

// judgeAnswer is about what comes back and in which form bodies travel.
func (c *Change) judgeAnswer(u use) {
	c.Severity = Compatible
	switch c.Kind {
	case ResponseAdded:
		c.Wire = "the server may answer with it"
	case ResponseRemoved:
		c.Wire = "the server no longer says that it answers with it"
	case MediaTypeAdded:
		c.Wire = "may be " + u.travels() + " as " + c.New
	case MediaTypeRemoved:
		c.Wire = "no longer " + u.travels() + " as " + c.Old
	case Deprecated:
		c.Wire = "goes on working for now"
		if c.New != "true" {
			c.Wire, c.Severity = "", None
		}
	case SchemaAdded, SchemaRemoved, HeaderAdded, HeaderRemoved:
		c.Severity = None
	}
}

// judgeValue is about what a value looks like.
func (c *Change) judgeValue(u use) {
	c.Severity = Compatible
	switch c.Kind {
	case Reference:
		c.Wire = u.travels() + " in the shape of " + orNone(c.New) + ", no longer of " + orNone(c.Old)
	case Type, TimeFormat:
		c.Wire = u.travels() + " as " + orNone(c.New) + ", no longer as " + orNone(c.Old)
	case Style:
		c.Wire = "written in another way"
	case Default:
		c.Wire = "the server takes " + orNone(c.New) + " where it is not sent"
		if !u.sent() {
			c.Wire = ""
		}
	case Nullable:
		c.judgeNull(u)
	case EnumAdded, EnumRemoved:
		c.judgeEnum(u)
	case Limit:
		c.Wire = "the server may refuse other values than before"
		if !u.sent() || c.New == "" {
			c.Wire, c.Severity = "", None
		}
	case Format:
		c.Severity = None
	case Open:
		if u.sent() && c.New == "false" {
			c.Wire = "members that are not listed may be refused"
		}
	}
}

func (c *Change) judgeNull(u use) {
	switch {
	case c.New == "true" && u&inResponse != 0:
		c.Wire = "null may be received"
	case c.New == "true":
		c.Wire = "null may be sent"
	case u.sent():
		c.Wire = "null is refused"
	default:
		c.Wire = "null is no longer received"
	}
}

// judgeEnum is about single values, and about a list of values that was not there before or is
// there no more.
func (c *Change) judgeEnum(u use) {
	restricts := (c.Kind == EnumRemoved) != (u&isWhole != 0)
	switch {
	case restricts && u.sent():
		c.Severity, c.Wire = Breaking, c.Old+" is refused"
		if u&isWhole != 0 {
			c.Severity, c.Wire = Compatible, "values that are not listed may be refused"
		}
	case u&isWhole != 0:
		c.Wire = ""
	case c.Kind == EnumRemoved:
		c.Wire = c.Old + " is no longer received"
	default:
		c.Wire = c.New + " may be " + u.travels()
	}
}

// security compares what it takes to call an operation. It breaks callers whose credentials were
// enough and are no more.
func (c *comparer) security(p *place, a, b *source.Node) {
	if a.Equal(b) {
		return
	}
	change := c.add(p, Security, "security", credentials(a), credentials(b), 0)
	change.Wire = "calls need " + orNone(change.New)
	for _, had := range items(a) {
		enough := func(need *source.Node) bool { return covers(had, need) }
		if len(items(b)) > 0 && !slices.ContainsFunc(items(b), enough) {
			change.Severity = Breaking
			change.Wire += "; " + credential(had) + " is not enough any more"
		}
	}
}

// covers reports whether credentials that meet one requirement meet another one too.
func covers(had, need *source.Node) bool {
	for _, m := range need.Members {
		scopes := had.Get(m.Key)
		if scopes == nil {
			return false
		}
		for _, scope := range m.Value.Items {
			if !slices.ContainsFunc(scopes.Items, scope.Equal) {
				return false
			}
		}
	}
	return true
}

// credentials writes the requirements of an operation, any of which is enough.
func credentials(list *source.Node) string {
	var all []string
	for _, one := range items(list) {
		all = append(all, credential(one))
	}
	return strings.Join(all, " or ")
}

func credential(requirement *source.Node) string {
	var all []string
	for _, m := range requirement.Members {
		text := m.Key
		var scopes []string
		for _, scope := range m.Value.Items {
			scopes = append(scopes, scope.Str())
		}
		if len(scopes) > 0 {
			text += " (" + strings.Join(scopes, ", ") + ")"
		}
		all = append(all, text)
	}
	if len(all) == 0 {
		return "no credentials"
	}
	return strings.Join(all, " with ")
}

// items returns the elements of a list, which may be nil.
func items(list *source.Node) []*source.Node {
	if list == nil {
		return nil
	}
	return list.Items
}

// usesOf finds out where the schemas with names travel.
func usesOf(docs ...*settled.Document) map[*settled.Schema]use {
	uses := map[*settled.Schema]use{}
	for _, doc := range docs {
		for _, op := range doc.Operations {
			for _, p := range op.Parameters {
				spread(uses, p.Schema, inParameter)
			}
			if op.Body != nil {
				for _, m := range op.Body.Content {
					spread(uses, m.Schema, inRequest)
				}
			}
			for _, r := range op.Responses {
				for _, h := range r.Headers {
					spread(uses, h.Schema, inResponse)
				}
				for _, m := range r.Content {
					spread(uses, m.Schema, inResponse)
				}
			}
		}
	}
	return uses
}

// spread marks all schemas with names that a schema is made of.
func spread(uses map[*settled.Schema]use, s *settled.Schema, u use) {
	todo := []*settled.Schema{s}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s == nil {
			continue
		}
		if s.Name != "" {
			if uses[s]&u == u {
				continue
			}
			uses[s] |= u
		}
		if s.Ref != nil {
			todo = append(todo, s.Ref)
		}
		todo = slices.AppendSeq(todo, s.Parts())
	}
}
