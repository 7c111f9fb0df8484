package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// optionText returns the option that sets a credential, as comments show it.
func optionText(api *ir.API, c *ir.Credential) string {
	switch {
	case c.Kind == ir.Basic && api.Atlassian:
		return "rest.WithBasicAuth(email, token)"
	case c.Kind == ir.Basic:
		return "rest.WithBasicAuth(user, password)"
	case c.Kind == ir.Bearer:
		return "rest.WithBearerToken(token)"
	}
	return "rest.WithAPIKey(" + quoted(c.Kind) + ", " + quoted(c.Name) + ", " + c.Var + ")"
}

// optionExpr yields the option that sets a credential, with a value that nobody has.
func optionExpr(api *ir.API, c *ir.Credential) *jen.Statement {
	switch {
	case c.Kind == ir.Basic && api.Atlassian:
		return rest("WithBasicAuth").Call(jen.Lit("you@example.com"), jen.Lit("api-token"))
	case c.Kind == ir.Basic:
		return rest("WithBasicAuth").Call(jen.Lit("user"), jen.Lit("password"))
	case c.Kind == ir.Bearer:
		return rest("WithBearerToken").Call(jen.Lit("access-token"))
	}
	return rest("WithAPIKey").Call(jen.Lit(c.Kind), jen.Lit(c.Name), jen.Lit("api-key"))
}

// credentialDocs lists the options that set credentials, one alternative a line.
func credentialDocs(api *ir.API) []block {
	var lines []string
	text := "These options authenticate it."
	for _, one := range api.Credentials {
		options := make([]string, len(one))
		for i, c := range one {
			options[i] = optionText(api, c)
			if c.OAuth {
				text = "These options authenticate it. With OAuth 2.0, [rest.WithTokenSource] can get the token."
			}
		}
		lines = append(lines, strings.Join(options, ", "))
	}
	if len(lines) == 0 && isOpen(api) {
		return nil
	} else if len(lines) == 0 {
		return []block{own("The documents do not say how it authenticates: see [rest.WithBasicAuth], [rest.WithBearerToken] and [rest.WithAPIKey].")}
	}
	if len(lines) > 1 {
		text = strings.Replace(text, "These options", "The options in one of these lines", 1)
	}
	return []block{own(text), indented(strings.Join(lines, "\n"))}
}

// isOpen reports whether the documents ask for credentials nowhere.
func isOpen(api *ir.API) bool {
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			if op.Security == nil {
				return false
			}
		}
	}
	return true
}

// litArgs yields a list of string literals.
func litArgs(list []string) []jen.Code {
	args := make([]jen.Code, len(list))
	for i, text := range list {
		args[i] = jen.Lit(text)
	}
	return args
}
