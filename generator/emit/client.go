package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addClient yields
//
//	const _ = rest.Version1 // the runtime that this package was generated for
//
//	// Client calls <title>. ...
//	type Client struct{ rest *rest.Client }
//
//	// NewClient returns a client of <title> at baseURL, such as <server>. ...
//	func NewClient(baseURL string, opts ...rest.Option) (*Client, error) {
//		c, err := rest.NewClient(baseURL, "<prefix>", map[string]string{"<variable>": "<default>"}, opts)
//		if err != nil {
//			return nil, err
//		}
//		return &Client{c}, nil
//	}
//
// whose options begin with atlassian.Errors() for an API of Atlassian, and with
// rest.Security("<alternative>", ...) where there is something to choose, and
//
//	// Do calls what this package has no method for. ...
//	func (c *Client) Do(ctx context.Context, method, path string, query url.Values, body any, opts ...rest.CallOption) (json.RawMessage, error) {
//		return c.rest.Do(ctx, method, path, query, body, opts...)
//	}
//
// and an option for each variable of the server URL.
func addClient(f *jen.File, api *ir.API) {
	f.Const().Id("_").Op("=").Add(rest("Version1")).Comment("the runtime that this package was generated for")
	f.Line()

	addComment(f.Group, own("Client calls "+titleOf(api.Title)+". It is safe for concurrent use. It sends its credentials to the origin (scheme, host "+
		"and port) of its base URL and nowhere else, and it never prints them."))
	f.Type().Id("Client").Struct(jen.Id("rest").Op("*").Add(rest("Client")))
	f.Line()

	defaults := jen.Nil()
	if len(api.Variables) > 0 {
		defaults = jen.Map(jen.String()).String().ValuesFunc(func(g *jen.Group) {
			for _, v := range api.Variables {
				if v.HasDefault {
					g.Lit(v.Wire).Op(":").Lit(v.Default)
				}
			}
		})
	}
	opts := jen.Id("opts")
	var first []jen.Code
	if api.Atlassian {
		first = append(first, jen.Qual(pathAtlassian, "Errors").Call())
	}
	if len(api.Security) > 0 {
		first = append(first, rest("Security").Call(litArgs(api.Security)...))
	}
	if len(first) > 0 {
		opts = jen.Append(jen.Index().Add(rest("Option")).Values(first...), jen.Id("opts").Op("..."))
	}
	addComment(f.Group, clientDoc(api)...)
	f.Func().Id("NewClient").Params(jen.Id("baseURL").String(), jen.Id("opts").Op("...").Add(rest("Option"))).Params(jen.Op("*").Id("Client"), jen.Error()).Block(
		jen.List(jen.Id("c"), jen.Err()).Op(":=").Add(rest("NewClient")).Call(jen.Id("baseURL"), jen.Lit(api.Prefix), defaults, opts),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Op("&").Id("Client").Values(jen.Id("c")), jen.Nil()))
	f.Line()

	addComment(f.Group, own("Do calls what this package has no method for, with the client's credentials, retries and errors. See [rest.Client.Do]."))
	f.Add(clientMethod("Do")).Params(jen.Id("ctx").Qual(pathContext, "Context"), jen.List(jen.Id("method"), jen.Id("path")).String(),
		jen.Id("query").Qual(pathURL, "Values"), jen.Id("body").Any(), jen.Id("opts").Op("...").Add(rest("CallOption"))).
		Params(jen.Qual(pathJSON, "RawMessage"), jen.Error()).Block(
		jen.Return(jen.Id("c.rest.Do").Call(jen.Id("ctx"), jen.Id("method"), jen.Id("path"), jen.Id("query"), jen.Id("body"), jen.Id("opts").Op("..."))))
	f.Line()
	for _, v := range api.Variables {
		addVariable(f, v)
	}
}

func clientDoc(api *ir.API) []block {
	server := serverOf(api)
	text := "NewClient returns a client of " + titleOf(api.Title) + " at baseURL, such as " + server +
		". The whole path of each operation comes after it, so it ends before "
	if api.Prefix == "" {
		text += "the paths that the methods show."
	} else {
		text += "the path that all of them share:"
	}
	blocks := []block{own(text)}
	if api.Prefix != "" {
		blocks = append(blocks, fixedLine(api.Prefix))
	}
	blocks = append(blocks, own("It must be https, except for this computer itself, and have neither a user nor a query in it. "+
		"A base URL that repeats the beginning of the paths is an error that says the right one."))
	return append(blocks, credentialDocs(api)...)
}

// addVariable yields
//
//	// With<Name> sets {<name>} in the path of every operation. ...
//	func With<Name>(value string) rest.Option { return rest.ServerVariable("<name>", value, "<known>", ...) }
func addVariable(f *jen.File, v *ir.Variable) {
	text := v.Option + " sets the variable " + strings.Join(strings.Fields(v.Wire), " ") + " of the server URL, which is in the path of the operations."
	switch {
	case v.HasDefault:
		text += " If it is not set, it is " + strings.Join(strings.Fields(v.Default), " ") + "."
	default:
		text += " It has no default, so it has to be set."
	}
	blocks := []block{own(text), prose(capitalized(v.Doc))}
	if len(v.Enum) > 0 {
		blocks = append(blocks, own("The documents list these values: "+strings.Join(v.Enum, ", ")+"."))
	}
	addComment(f.Group, blocks...)
	args := append([]jen.Code{jen.Lit(v.Wire), jen.Id("value")}, litArgs(v.Enum)...)
	f.Func().Id(v.Option).Params(jen.Id("value").String()).Add(rest("Option")).Block(jen.Return(rest("ServerVariable").Call(args...)))
	f.Line()
}

// serverOf returns the address that examples use.
func serverOf(api *ir.API) string {
	switch {
	case api.Server != "":
		return api.Server
	case api.Atlassian:
		return "https://your-domain.atlassian.net"
	}
	return "https://api.example.com"
}
