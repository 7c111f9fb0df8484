package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addOperation yields the parameter struct, the method, and the pager and iterator of an operation
// that pages, and the method that follows it.
func addOperation(f *jen.File, op *ir.Operation) {
	if op.Params != nil {
		addParams(f, op)
	}
	if op.Body != nil && op.Body.Form != nil {
		addForm(f, op)
	}
	addMethod(f, op)
	if op.Paging != nil {
		addPager(f, op)
		addAll(f, op)
	}
	if op.Follow != nil {
		addFollow(f, op)
	}
}

// addMethod yields
//
//	// <Operation> <doc>
//	func (c *Client) <Operation>(ctx context.Context, id string, body <Body>, params *<Params>, opts ...rest.CallOption) (*<Result>, error) {
//		r := rest.NewRequest("<method>", "<template>", "<accept>")
//		r.Security("<alternative>", ...)
//		r.Scopes("<scopes>")
//		r.Path("<wire>", rest.Simple, false, id)
//		params.encode(r)
//		rest.SendJSON(r, &body, code<Body>)
//		r.MayBeNull()
//		r.MayBeEmpty(<status>, ...)
//		rest.ErrorBodyOf(r, <codeExpr>, <status>, ...)
//		return rest.Call(ctx, c.rest, r, opts, code<Result>)
//	}
func addMethod(f *jen.File, op *ir.Operation) {
	args := append([]jen.Code{jen.Id("ctx").Qual(pathContext, "Context")}, argsOf(op)...)
	body := []jen.Code{jen.Id("r").Op(":=").Add(rest("NewRequest")).Call(jen.Lit(op.Method), jen.Lit(op.Template), jen.Lit(op.Result.Media))}
	if len(op.Security) > 0 {
		body = append(body, jen.Id("r.Security").Call(litArgs(op.Security)...))
	}
	if op.Needs != "" {
		body = append(body, jen.Id("r.Scopes").Call(jen.Lit(op.Needs)))
	}
	for _, p := range op.PathParams {
		body = append(body, sendParamStmt(p, p.Name))
	}
	if op.Params != nil {
		body = append(body, jen.Id("params.encode").Call(jen.Id("r")))
	}
	if op.Body != nil {
		body = append(body, bodyStmts(op.Body)...)
	}
	if op.Result.Null {
		body = append(body, jen.Id("r.MayBeNull").Call())
	}
	if len(op.Result.Empty) > 0 {
		body = append(body, jen.Id("r.MayBeEmpty").CallFunc(func(g *jen.Group) {
			for _, status := range op.Result.Empty {
				g.Lit(status)
			}
		}))
	}
	for _, e := range op.Errors {
		args := []jen.Code{jen.Id("r"), codeExpr(e.Type)}
		for _, status := range e.Statuses {
			args = append(args, jen.Lit(status))
		}
		body = append(body, rest("ErrorBodyOf").Call(args...))
	}
	body = append(body, jen.Return(callExpr(&op.Result)))

	addComment(f.Group, operationDoc(op)...)
	f.Add(clientMethod(op.Name)).Params(args...).Add(resultsOf(&op.Result)).Block(body...)
	f.Line()
}

// clientMethod yields func (c *Client) <name>, to which parameters, results and a body are added.
func clientMethod(name string) *jen.Statement {
	return jen.Func().Params(jen.Id("c").Op("*").Id("Client")).Id(name)
}

// argsOf yields the parameters of the method after ctx: path parameters, body, params, opts.
func argsOf(op *ir.Operation) []jen.Code {
	var args []jen.Code
	for _, p := range op.PathParams {
		args = append(args, jen.Id(p.Name).Add(typeExpr(p.Type)))
	}
	if op.Body != nil {
		args = append(args, jen.Id(op.Body.Arg).Add(bodyType(op.Body)))
	}
	if op.Params != nil {
		args = append(args, jen.Id("params").Op("*").Id(op.Params.Name))
	}
	return append(args, jen.Id("opts").Op("...").Add(rest("CallOption")))
}

// argNames yields the names of path parameters and body, to pass them on.
func argNames(op *ir.Operation) []jen.Code {
	var names []jen.Code
	for _, p := range op.PathParams {
		names = append(names, jen.Id(p.Name))
	}
	if op.Body != nil {
		names = append(names, jen.Id(op.Body.Arg))
	}
	return names
}

func bodyType(b *ir.Body) *jen.Statement {
	switch {
	case b.Kind == ir.BodyStream:
		return jen.Qual(pathIO, "Reader")
	case b.Form != nil && b.Required:
		return jen.Id(b.Form.Name)
	case b.Form != nil:
		return jen.Op("*").Id(b.Form.Name)
	case b.Kind == ir.BodyUpload:
		return jen.Op("*").Add(rest("Upload"))
	}
	return typeExpr(b.Type)
}

// bodyStmts yields rest.SendJSON(r, &body, code<Model>), rest.SendForm(r, &body, code<Model>) after
// r.Field("<wire>", rest.Form, false) for each style, body.encode(r) after the same for a form with
// files, r.Upload(body) or r.Stream(body, "<media>"), and r.ContentType("<media>") for JSON of
// another media type; for an optional body
//
//	if body != nil {
//		rest.SendJSON(r, body, code<Model>)
//	}
func bodyStmts(b *ir.Body) []jen.Code {
	r := jen.Id("r")
	var stmts []jen.Code
	for _, field := range b.Fields {
		stmts = append(stmts, jen.Id("r.Field").Call(jen.Lit(field.Wire), styleExpr(field.Style), jen.Lit(field.Explode)))
	}
	switch {
	case b.Kind == ir.BodyForm:
		stmts = append(stmts, rest("SendForm").Call(append([]jen.Code{r}, codedValueArgs(b.Type, b.Arg)...)...))
	case b.Form != nil:
		stmts = append(stmts, jen.Id(b.Arg+".encode").Call(r))
	case b.Kind == ir.BodyUpload:
		stmts = append(stmts, jen.Id("r.Upload").Call(jen.Id(b.Arg)))
	case b.Kind == ir.BodyStream:
		stmts = append(stmts, jen.Id("r.Stream").Call(jen.Id(b.Arg), jen.Lit(b.Media)))
	default:
		stmts = append(stmts, rest("SendJSON").Call(append([]jen.Code{r}, codedValueArgs(b.Type, b.Arg)...)...))
		if b.Media != "" && b.Media != "application/json" {
			stmts = append(stmts, jen.Id("r.ContentType").Call(jen.Lit(b.Media)))
		}
	}
	given := givenExpr(b)
	if b.Required || given == nil {
		return stmts
	}
	return []jen.Code{jen.If(given).Block(stmts...)}
}

// givenExpr yields the condition under which an optional body is sent: body != nil or
// !body.IsZero(); nothing for a stream, whose nil is not sent, and for what cannot be left out.
func givenExpr(b *ir.Body) *jen.Statement {
	switch t := b.Type; {
	case b.Kind == ir.BodyUpload, t != nil && (t.Pointer || t.Kind == ir.Slice || t.Kind == ir.Map || t.Kind == ir.Raw):
		return jen.Id(b.Arg).Op("!=").Nil()
	case t != nil && t.Kind == ir.UnionKind:
		return jen.Op("!").Id(b.Arg + ".IsZero").Call()
	}
	return nil
}

// codedValueArgs is codedArgs, and a pointer to a model is the model.
func codedValueArgs(t *ir.Type, v string) []jen.Code {
	if t.Pointer && t.Kind == ir.ModelKind {
		return []jen.Code{jen.Id(v), jen.Id(codeName(t.Model.Name))}
	}
	return codedArgs(t, v)
}

// resultsOf yields (*<Model>, error), (<type>, error), (*rest.Download, error), (string, error) or
// error.
func resultsOf(r *ir.Result) *jen.Statement {
	switch r.Kind {
	case ir.ResultNone:
		return jen.Error()
	case ir.ResultStream:
		return jen.Params(jen.Op("*").Add(rest("Download")), jen.Error())
	case ir.ResultText:
		return jen.Params(jen.String(), jen.Error())
	}
	if isModel(r.Type) {
		return jen.Params(jen.Op("*").Id(r.Type.Model.Name), jen.Error())
	}
	return jen.Params(typeExpr(r.Type), jen.Error())
}

// callExpr yields rest.Call(ctx, c.rest, r, opts, code<Model>), rest.CallValue(ctx, c.rest, r,
// opts, <codeExpr>), rest.CallRaw(ctx, c.rest, r, opts), and CallStream, CallText or CallNone
// likewise.
func callExpr(r *ir.Result) *jen.Statement {
	args := []jen.Code{jen.Id("ctx"), jen.Id("c.rest"), jen.Id("r"), jen.Id("opts")}
	switch {
	case r.Kind == ir.ResultNone:
		return rest("CallNone").Call(args...)
	case r.Kind == ir.ResultStream:
		for _, status := range r.Parts {
			args = append(args, jen.Lit(status))
		}
		return rest("CallStream").Call(args...)
	case r.Kind == ir.ResultText:
		return rest("CallText").Call(args...)
	case isModel(r.Type):
		return rest("Call").Call(append(args, codeExpr(r.Type))...)
	case r.Type.Kind == ir.Raw:
		return rest("CallRaw").Call(args...)
	}
	return rest("CallValue").Call(append(args, codeExpr(r.Type))...)
}

// operationDoc is the comment above a method: a sentence, its arguments, the path, who may call it,
// and where to read more.
func operationDoc(op *ir.Operation) []block {
	blocks := []block{prose(methodSentence(op.Name, op.Doc))}
	if op.Doc == "" {
		blocks[0] = own(op.Name + " calls the operation below.")
	}
	blocks = append(blocks, argDocs(op)...)
	if !routineAnswer(op.Result.Doc) {
		blocks = append(blocks, prose("The answer: "+op.Result.Doc))
	}
	blocks = append(blocks, fixedLine(op.Method+" "+op.Path))
	if op.Example != nil && op.Example.Curl != "" {
		blocks = append(blocks, indented(op.Example.Curl))
	}
	blocks = append(blocks, accessDocs(op)...)
	if strings.HasPrefix(op.Reference, "https://") || strings.HasPrefix(op.Reference, "http://") {
		blocks = append(blocks, fixedLine("See "+op.Reference))
	} else if op.Reference != "" {
		blocks = append(blocks, prose("See "+op.Reference))
	}
	return append(blocks, deprecated(op.Deprecated))
}

// argDocs describes path parameters and body.
func argDocs(op *ir.Operation) []block {
	var list strings.Builder
	describe := func(name, text string) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			list.WriteString("- " + name + ": " + text + "\n")
		}
	}
	for _, p := range op.PathParams {
		describe(p.Name, p.Doc)
	}
	if op.Body != nil {
		describe(op.Body.Arg, op.Body.Doc)
	}
	if list.Len() == 0 {
		return nil
	}
	return []block{own("Arguments:"), prose(list.String()).below()}
}

// accessDocs tells who may call an operation, in one paragraph.
func accessDocs(op *ir.Operation) []block {
	var blocks []block
	add := func(label, text string) {
		if text == "" {
			return
		}
		b := prose(finished(label+" "+text, "."))
		if len(blocks) > 0 {
			b = b.below()
		}
		blocks = append(blocks, b)
	}
	add("Permissions:", strings.TrimSpace(op.Permissions))
	add(plural("Scope", op.Scopes), strings.Join(op.Scopes, ", "))
	add(plural("Granular scope", op.Granular), strings.Join(op.Granular, ", "))
	return blocks
}

// plural returns "Scope:" for one and "Scopes:" for several.
func plural(label string, list []string) string {
	if len(list) == 1 {
		return label + ":"
	}
	return label + "s:"
}

// routineAnswer reports whether a document says nothing about an answer but that it is one.
func routineAnswer(text string) bool {
	text = strings.ToLower(strings.TrimRight(strings.TrimSpace(text), "."))
	switch text {
	case "", "ok", "success", "successful", "successful operation", "successful response", "default response", "response", "no content", "created":
		return true
	}
	return strings.HasPrefix(text, "returned if ") || strings.HasPrefix(text, "returned when ") // about when, not about what
}
