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

// whileWalking says what becomes of a walk when the list changes meanwhile. Cursors and tokens are the server's business.
func whileWalking(p *ir.Paging) string {
	switch {
	case p.End != nil:
		return " If " + p.End.Name + " is not set, the walk fixes it at its start, so that what arrives meanwhile does not shift the pages."
	case p.Offset != nil:
		return " Nothing fixes its end: what arrives or goes meanwhile shifts the pages, and an item may come twice or be left out."
	}
	return ""
}

// startValues yields Offset: rest.ValueOf(base.Start), Cursor: base.Cursor, End: base.EndDate.
func startValues(p *ir.Paging) []jen.Code {
	var values []jen.Code
	if p.Offset != nil {
		offset := jen.Id("base." + p.Offset.Name)
		if p.Offset.Type.Pointer {
			offset = rest("ValueOf").Call(offset)
		}
		values = append(values, jen.Id("Offset").Op(":").Add(offset))
	}
	if p.Cursor != nil {
		values = append(values, jen.Id("Cursor").Op(":").Id("base."+p.Cursor.Name))
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

// optionsExpr yields rest.At(at, opts, "<cursor>", "<offset>"), which sends a cursor that a link gave in place of the offset, or
// opts where a parameter takes the cursor.
func optionsExpr(p *ir.Paging) *jen.Statement {
	if p.Cursor != nil {
		return jen.Id("opts")
	}
	name := p.CursorWire
	if name == "" {
		name = "cursor"
	}
	args := []jen.Code{jen.Id("at"), jen.Id("opts"), jen.Lit(name)}
	if p.Offset != nil {
		args = append(args, jen.Lit(p.Offset.Wire))
	}
	return rest("At").Call(args...)
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
// rest.ValuePage for items that are no models; an answer that is nothing but its items has neither members nor a name.
func itemsExpr(p *ir.Paging) *jen.Statement {
	args := []jen.Code{jen.Id("at"), jen.Nil(), jen.Lit(""), jen.Id("res")}
	if p.Items != nil {
		args = []jen.Code{jen.Id("at"), jen.Op("&").Id("res.JSON"), jen.Lit(p.Items.Wire), jen.Id("res." + p.Items.Name)}
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
//	page.FollowLink(res.Links.Next)
func goingOnStmts(p *ir.Paging) []jen.Code {
	var stmts []jen.Code
	if p.AnswerOffset != nil {
		members, name, value := jen.Op("&").Id("res.JSON"), jen.Lit(p.AnswerOffset.Wire), jen.Id("res."+p.AnswerOffset.Name)
		stmts = append(stmts, jen.Id("page.StartsAt").Call(members, name, value))
	}
	next := nextExpr(p)
	switch p.Style {
	case ir.OffsetNext:
		stmts = append(stmts, advanceStmt(p), jen.Id("page.FollowLink").Call(next))
	case ir.CursorNext:
		stmts = append(stmts, jen.Id("page.FollowCursor").Call(next, jen.Lit(p.CursorWire)))
	case ir.Token:
		stmts = append(stmts, jen.Id("page.FollowToken").Call(next))
	case ir.LinkHeader:
		stmts = append(stmts, jen.Id("page.FollowHeader").Call(jen.Id("answer.Header"), jen.Lit(p.CursorWire)))
	case ir.Offset:
		stmts = append(stmts, advanceStmt(p))
	}
	if p.Last != nil {
		stmts = append(stmts, jen.Id("page.LastSaid").Call(jen.Op("&").Id("res.JSON"), jen.Lit(p.Last.Wire), jen.Id("res."+p.Last.Name)))
	}
	return stmts
}

// nextExpr yields res.Links.Next.
func nextExpr(p *ir.Paging) *jen.Statement {
	path := "res"
	for _, field := range p.Next {
		path += "." + field.Name
	}
	return jen.Id(path)
}

// advanceStmt yields page.Advance(&res.JSON, "limit", res.Limit), or page.Advance(nil, "", 0) where answers have no limit.
func advanceStmt(p *ir.Paging) *jen.Statement {
	if p.AnswerLimit == nil {
		return jen.Id("page.Advance").Call(jen.Nil(), jen.Lit(""), jen.Lit(0))
	}
	return jen.Id("page.Advance").Call(jen.Op("&").Id("res.JSON"), jen.Lit(p.AnswerLimit.Wire), jen.Id("res."+p.AnswerLimit.Name))
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
