package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addPager yields
//
//	// <Pager> ...
//	func (c *Client) <Pager>(params *<Params>, opts ...rest.CallOption) *rest.Pager[<Item>] {
//		base := rest.ValueOf(params)
//		start := rest.Position{Offset: rest.ValueOf(base.Start), End: base.EndDate}
//		return rest.NewPager(start, true, func(ctx context.Context, at rest.Position) (*rest.Page[<Item>], error) {
//			...
//		})
//	}
func addPager(f *jen.File, op *ir.Operation) {
	var body []jen.Code
	if op.Params != nil {
		body = append(body, jen.Id("base").Op(":=").Add(rest("ValueOf")).Call(jen.Id("params")))
	}
	body = append(body, jen.Id("start").Op(":=").Add(rest("Position")).Values(startValues(op.Paging)...))
	body = append(body, jen.Return(rest("NewPager").Call(jen.Id("start"), jen.Lit(op.Paging.End != nil), fetchFunc(op))))

	blocks := []block{own(op.Paging.Pager + " pages through what [Client." + op.Name + "] lists." + whileWalking(op.Paging))}
	if op.Paging.Basis != "" {
		blocks = append(blocks, prose("Paging was recognised by "+op.Paging.Basis+"."))
	}
	addComment(f.Group, blocks...)
	f.Add(clientMethod(op.Paging.Pager)).Params(argsOf(op)...).Op("*").Add(rest("Pager")).Index(typeExpr(op.Paging.Item)).Block(body...)
	f.Line()
}

// whileWalking says what becomes of a walk when the list changes meanwhile. Cursors and tokens are
// the server's business.
func whileWalking(p *ir.Paging) string {
	switch {
	case p.End != nil:
		return " If " + p.End.Name + " is not set, the walk fixes it at its start, so that what arrives meanwhile does not shift the pages."
	case p.Offset != nil:
		return " Nothing fixes its end: what arrives or goes meanwhile shifts the pages, and an item may come twice or be left out."
	}
	return ""
}

// startValues yields Offset: rest.ValueOf(base.Start), Cursor: base.Cursor, End: base.EndDate. The
// number of a page stays a parameter until an answer leads to another one.
func startValues(p *ir.Paging) []jen.Code {
	var values []jen.Code
	if p.Offset != nil {
		offset := jen.Id("base." + p.Offset.Name)
		if p.Offset.Type.Pointer {
			offset = rest("ValueOf").Call(offset)
		}
		if p.First != 0 {
			offset = jen.Max(offset, jen.Lit(int(p.First)))
		}
		values = append(values, jen.Id("Offset").Op(":").Add(offset))
	}
	if p.Cursor != nil {
		values = append(values, jen.Id("Cursor").Op(":").Id("base."+p.Cursor.Name))
	}
	if p.BodyCursor != nil {
		values = append(values, jen.Id("Cursor").Op(":").Id("body."+p.BodyCursor.Name))
	}
	if p.End != nil {
		values = append(values, jen.Id("End").Op(":").Id("base."+p.End.Name))
	}
	return values
}

// fetchFunc yields
//
//	func(ctx context.Context, at rest.Position) (*rest.Page[<Item>], error) {
//		if err := rest.CheckLimit(base.Limit); err != nil {
//			return nil, err
//		}
//		p := base
//		p.Start, p.EndDate = &at.Offset, at.End
//		body := body
//		body.Cursor = at.Cursor
//		var answer rest.Response
//		res, err := c.<Operation>(ctx, &p, rest.Watched(rest.At(at, opts, "cursor", "<wire>"), &answer)...)
//		if err != nil {
//			return nil, err
//		}
//		page, err := rest.ModelPage(at, &res.JSON, "<wire>", res.<Items>, code<Item>)
//		if err != nil {
//			return nil, rest.Unexpected(&answer, err)
//		}
//		<goingOnStmts>
//		return page, nil
//	}
func fetchFunc(op *ir.Operation) *jen.Statement {
	onError := func() *jen.Statement { return jen.Block(jen.Return(jen.Nil(), jen.Err())) }
	args := append([]jen.Code{jen.Id("ctx")}, argNames(op)...)
	var body []jen.Code
	if limit := op.Paging.Limit; limit != nil {
		value := jen.Id("base." + limit.Name)
		if !limit.Type.Pointer {
			value = jen.Op("&").Add(value)
		}
		body = append(body, jen.If(jen.Err().Op(":=").Add(rest("CheckLimit")).Call(value), jen.Err().Op("!=").Nil()).Add(onError()))
	}
	if op.Params != nil {
		body = append(body, jen.Id("p").Op(":=").Id("base"), placeStmt(op.Paging))
		args = append(args, jen.Op("&").Id("p"))
	}
	if f := op.Paging.BodyCursor; f != nil {
		body = append(body, jen.Id("body").Op(":=").Id("body"), jen.Id("body."+f.Name).Op("=").Id("at.Cursor"))
	}
	args = append(args, rest("Watched").Call(optionsExpr(op.Paging), jen.Op("&").Id("answer")).Op("..."))
	unexpected := jen.Return(jen.Nil(), rest("Unexpected").Call(jen.Op("&").Id("answer"), jen.Err()))
	body = append(body,
		jen.Var().Id("answer").Add(rest("Response")),
		jen.List(jen.Id("res"), jen.Err()).Op(":=").Id("c."+op.Name).Call(args...),
		jen.If(jen.Err().Op("!=").Nil()).Add(onError()),
		jen.List(jen.Id("page"), jen.Err()).Op(":=").Add(itemsExpr(op.Paging)),
		jen.If(jen.Err().Op("!=").Nil()).Block(unexpected),
	)
	body = append(body, goingOnStmts(op.Paging)...)
	body = append(body, jen.Return(jen.Id("page"), jen.Nil()))

	params := jen.Params(jen.Id("ctx").Qual(pathContext, "Context"), jen.Id("at").Add(rest("Position")))
	page := jen.Op("*").Add(rest("Page")).Index(typeExpr(op.Paging.Item))
	return jen.Func().Add(params).Params(page, jen.Error()).Block(body...)
}

// optionsExpr yields rest.At(at, opts, "<cursor>", "<offset>"), which sends a link or cursor that
// an answer gave in place of the offset; without the name where a parameter takes the cursor; or
// opts where all that an answer can give is for a parameter or the body.
func optionsExpr(p *ir.Paging) *jen.Statement {
	args := []jen.Code{jen.Id("at"), jen.Id("opts")}
	switch {
	case p.Offset != nil && p.Next == nil, p.BodyCursor != nil, p.Cursor != nil && isToken(p):
		return jen.Id("opts")
	case p.Offset != nil:
		args = append(args, jen.Lit("cursor"), jen.Lit(p.Offset.Wire))
	case p.Cursor != nil || p.Number != nil:
		args = append(args, jen.Lit(""))
	default:
		args = append(args, jen.Lit(p.CursorWire))
	}
	return rest("At").Call(args...)
}

// isToken reports whether what leads to the next page can be no address.
func isToken(p *ir.Paging) bool {
	return p.NextItem != nil || !p.NextIsLink && len(p.Next) > 0 && p.Next[len(p.Next)-1].Wire != "next"
}

// placeStmt yields p.Start, p.EndDate = &at.Offset, at.End.
func placeStmt(p *ir.Paging) *jen.Statement {
	var left, right []jen.Code
	if p.Offset != nil {
		left = append(left, jen.Id("p."+p.Offset.Name))
		offset := jen.Id("at.Offset")
		if p.Offset.Type.Pointer {
			offset = jen.Op("&").Id("at.Offset")
		}
		right = append(right, offset)
	}
	if p.Number != nil {
		left = append(left, jen.Id("p."+p.Number.Name))
		right = append(right, jen.Id("at.Number").Call(jen.Id("base."+p.Number.Name)))
	}
	if p.Cursor != nil {
		left = append(left, jen.Id("p."+p.Cursor.Name))
		right = append(right, jen.Id("at.Cursor"))
	}
	if p.End != nil {
		left = append(left, jen.Id("p."+p.End.Name))
		right = append(right, jen.Id("at.End"))
	}
	if len(left) == 0 {
		return jen.Null()
	}
	return jen.List(left...).Op("=").List(right...)
}

// itemsExpr yields rest.ModelPage(at, &res.JSON, "<wire>", res.<Items>, code<Item>), or
// rest.ValuePage for items that are not models; an answer that is nothing but its items has neither
// members nor a name.
func itemsExpr(p *ir.Paging) *jen.Statement {
	args := []jen.Code{jen.Id("at"), jen.Nil(), jen.Lit(""), jen.Id("res")}
	if p.Items != nil {
		args = append([]jen.Code{jen.Id("at")}, memberExprs(p.Items)...)
	}
	if !isModel(p.Item) {
		return rest("ValuePage").Call(args...)
	}
	return rest("ModelPage").Call(append(args, codeExpr(p.Item))...)
}

// goingOnStmts yields what finds the next page:
//
//	page.StartsAt(&res.JSON, "start", res.Start)
//	page.Advance(&res.JSON, "limit", res.Limit)
//	page.FollowLink(res.Links.Next, "start")
func goingOnStmts(p *ir.Paging) []jen.Code {
	var stmts []jen.Code
	if p.AnswerOffset != nil {
		stmts = append(stmts, jen.Id("page.StartsAt").Call(memberExprs(p.AnswerOffset)...))
	}
	next := nextExpr(p)
	switch {
	case p.Offset != nil:
		stmts = append(stmts, jen.Id("page.Advance").Call(memberExprs(p.AnswerLimit)...))
		if next != nil {
			stmts = append(stmts, jen.Id("page.FollowLink").Call(next, jen.Lit(p.Offset.Wire)))
		}
	case next != nil:
		stmts = append(stmts, jen.Id("page.Follow").Call(next, jen.Lit(p.CursorWire), jen.Lit(p.NextIsLink)))
	default:
		args := append(memberExprs(p.AnswerNumber), jen.Id("base."+p.Number.Name), jen.Lit(int(p.First)))
		stmts = append(stmts, jen.Id("page.FollowNumber").Call(args...))
		if p.AnswerLimit != nil {
			stmts = append(stmts, jen.Id("page.Shorter").Call(memberExprs(p.AnswerLimit)...))
		}
		if p.AnswerPages != nil {
			stmts = append(stmts, jen.Id("page.PagesSaid").Call(memberExprs(p.AnswerPages)...))
		}
	}
	if p.More != nil {
		args := memberExprs(p.More)
		if p.MoreIsLast {
			args[2] = jen.Op("!").Add(args[2])
		}
		stmts = append(stmts, jen.Id("page.MoreSaid").Call(args...))
	}
	return stmts
}

// memberExprs yields &res.PagingInfo.JSON, "size", res.PagingInfo.Size, or nil, "", 0 for a member
// that answers do not have.
func memberExprs(path []*ir.Field) []jen.Code {
	if path == nil {
		return []jen.Code{jen.Nil(), jen.Lit(""), jen.Lit(0)}
	}
	outer, member := path[:len(path)-1], path[len(path)-1]
	return []jen.Code{jen.Op("&").Add(modelExpr(outer)).Dot("JSON"), jen.Lit(member.Wire), goPath(path)}
}

// nextExpr yields res.Links.Next, rest.NextLink(answer.Header), answer.Header.Get("X-Next-Page"),
// or rest.LastOf(res.Data, func(m *<Item>) string { return m.ID }); nil if nothing leads to the
// next page.
func nextExpr(p *ir.Paging) *jen.Statement {
	switch {
	case p.NextHeader == "Link":
		return rest("NextLink").Call(jen.Id("answer.Header"))
	case p.NextHeader != "":
		return jen.Id("answer.Header.Get").Call(jen.Lit(p.NextHeader))
	case p.NextItem != nil:
		id := jen.Func().Params(jen.Id("m").Op("*").Add(typeExpr(p.Item))).String().Add(oneLine(jen.Return(jen.Id("m." + p.NextItem.Name))))
		return rest("LastOf").Call(jen.Id("page.Items"), id)
	case p.Next != nil:
		return goPath(p.Next)
	}
	return nil
}

// goPath yields res.Links.Next, or lossless.Or(res.Links).Next where the answer has a pointer,
// which may be nil.
func goPath(path []*ir.Field) *jen.Statement {
	last := len(path) - 1
	return modelExpr(path[:last]).Dot(path[last].Name)
}

// modelExpr yields res.Links or lossless.Or(res.Links).
func modelExpr(path []*ir.Field) *jen.Statement {
	model := jen.Id("res")
	for _, field := range path {
		if model = model.Dot(field.Name); field.Type.Pointer {
			model = lossless("Or").Call(model)
		}
	}
	return model
}

// addAll yields
//
//	// <All> ...
//	func (c *Client) <All>(ctx context.Context, params *<Params>, opts ...rest.CallOption) iter.Seq2[*<Item>, error] {
//		return c.<Pager>(params, opts...).All(ctx)
//	}
func addAll(f *jen.File, op *ir.Operation) {
	args := argNames(op)
	if op.Params != nil {
		args = append(args, jen.Id("params"))
	}
	args = append(args, jen.Id("opts").Op("..."))
	all := jen.Id("c." + op.Paging.Pager).Call(args...).Dot("All").Call(jen.Id("ctx"))
	item := jen.Op("*").Add(typeExpr(op.Paging.Item))

	addComment(f.Group, own(op.Paging.All+" yields every item that [Client."+op.Name+"] lists, page after page. An item with problems comes "+
		"with a [*rest.RecordError] and the walk goes on; any other error ends it, as a [*rest.PageError] that says where to resume."))
	f.Add(clientMethod(op.Paging.All)).
		Params(append([]jen.Code{jen.Id("ctx").Qual(pathContext, "Context")}, argsOf(op)...)...).
		Qual(pathIter, "Seq2").Index(jen.List(item, jen.Error())).
		Block(jen.Return(all))
	f.Line()
}
