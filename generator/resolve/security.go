package resolve

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// security decides which credentials operations take. A requirement of the document is an
// alternative; one whose schemes the runtime cannot send is left out, with a note.
type security struct {
	api     *ir.API
	schemes map[string]*ir.Credential // by name; nil for one that the runtime cannot send
	first   *ir.Credential            // the first scheme, for operations about which nothing is said
	stated  map[*ir.Operation]ir.Alternatives
}

func newSecurity(doc *settled.Document, api *ir.API, note func(address, what, instead string)) *security {
	r := &security{api: api, schemes: map[string]*ir.Credential{}, stated: map[*ir.Operation]ir.Alternatives{}}
	for _, s := range doc.Security {
		c := credential(s.Definition)
		if c == nil {
			note(s.Address, "no option of the client sets credentials of "+describeScheme(s.Definition), "requirements that name it are left out; a transport for WithHTTPClient can add them")
		}
		r.schemes[s.Name], r.first = c, cmp.Or(r.first, c)
	}
	return r
}

// credential returns what a security scheme asks for, nil if the runtime has no option for it.
func credential(scheme *source.Node) *ir.Credential {
	name, place := scheme.Get("name").Str(), scheme.Get("in").Str()
	switch scheme.Get("type").Str() {
	case "http":
		if kind := strings.ToLower(scheme.Get("scheme").Str()); kind == ir.Basic || kind == ir.Bearer {
			return &ir.Credential{Kind: kind}
		}
	case "oauth2", "openIdConnect":
		return &ir.Credential{Kind: ir.Bearer, OAuth: true}
	case "apiKey":
		if place == "query" && name != "" || (place == "header" || place == "cookie") && isToken(name) {
			return &ir.Credential{Kind: place, Name: name, Var: naming.Unexported(name)}
		}
	}
	return nil
}

func describeScheme(scheme *source.Node) string {
	text := "type " + strconv.Quote(scheme.Get("type").Str())
	for _, key := range []string{"scheme", "in", "name"} {
		if value := scheme.Get(key).Str(); value != "" {
			text += ", " + key + " " + strconv.Quote(value)
		}
	}
	return text
}

// isToken reports whether a text can be the name of a header or cookie without any escape, also in
// a shell.
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_.", c))
	})
}

// read records what an operation takes, and what that says about scopes.
func (r *security) read(out *ir.Operation, op *settled.Operation) {
	requirements := op.Get("security")
	if requirements == nil {
		return
	}
	all, left := ir.Alternatives{}, false
	var scopes []string
	for _, requirement := range requirements.Items {
		var one []*ir.Credential
		for _, m := range requirement.Members {
			c := r.schemes[m.Key]
			if left = left || c == nil; c == nil {
				one = nil
				break
			}
			if !slices.ContainsFunc(one, func(had *ir.Credential) bool { return had.Key() == c.Key() }) {
				one = append(one, c)
			}
			if words := strings.Join(texts(m.Value), " with "); c.OAuth && words != "" && !slices.Contains(scopes, words) {
				scopes = append(scopes, words)
			}
		}
		if len(one) > 0 && !slices.ContainsFunc(all, func(had []*ir.Credential) bool { return keyOf(had) == keyOf(one) }) {
			all = append(all, one)
		}
	}
	out.Needs = strings.Join(scopes, ", or ")
	if len(all) > 0 || !left {
		r.stated[out] = all
	}
}

// keyOf names an alternative as the runtime does.
func keyOf(one []*ir.Credential) string {
	names := make([]string, len(one))
	for i, c := range one {
		names[i] = c.Key()
	}
	return strings.Join(names, " & ")
}

// keys returns the arguments of rest.Security.
func keys(a ir.Alternatives) []string {
	if len(a) == 0 {
		return []string{"none"}
	}
	var keys []string
	for _, one := range a {
		keys = append(keys, keyOf(one))
	}
	return keys
}

// decide makes what most operations take the default of the package. Operations that differ say so
// themselves. Where a package knows one credential only, there is nothing to choose.
func (r *security) decide(ops []*ir.Operation) {
	count, names := map[string]int{}, map[string]bool{}
	most := ""
	for _, op := range ops {
		stated, ok := r.stated[op]
		if !ok || len(stated) == 0 {
			continue
		}
		for _, one := range stated {
			for _, c := range one {
				names[c.Key()] = true
			}
		}
		key := strings.Join(keys(stated), "\n")
		if count[key]++; count[key] > count[most] {
			most, r.api.Credentials = key, stated
		}
	}
	if len(names) > 1 {
		r.api.Security = keys(r.api.Credentials)
	}
	if r.api.Credentials == nil && len(r.stated) < len(ops) {
		r.api.Credentials = r.guess()
	}
	for _, op := range ops {
		stated, ok := r.stated[op]
		if own := keys(stated); ok && (len(names) > 1 || len(stated) == 0) && !slices.Equal(own, r.api.Security) {
			op.Security = own
		}
		if !ok {
			stated = r.api.Credentials
		}
		op.Credentials = r.shown(stated)
	}
}

// guess returns what examples show if no operation says what it takes: a scheme that is defined, or
// what every site of Atlassian takes.
func (r *security) guess() ir.Alternatives {
	switch {
	case r.api.Atlassian:
		return ir.Alternatives{{{Kind: ir.Basic}}}
	case r.first != nil:
		return ir.Alternatives{{r.first}}
	}
	return nil
}

// shown returns the credentials of examples: the first alternative. For an API of Atlassian it is
// an email address and an API token where they are one.
func (r *security) shown(all ir.Alternatives) []*ir.Credential {
	for _, one := range all {
		if r.api.Atlassian && keyOf(one) == ir.Basic {
			return one
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return nil
}
