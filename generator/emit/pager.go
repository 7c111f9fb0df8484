package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addPager yields
//
//	// <Pager> ...
//	func (c *Client) <Pager>(params *<Params>, opts ...CallOption) *Pager[<Item>] {
//		base := valueOf(params)
//		start := Position{Offset: valueOf(base.Start), End: base.EndDate}
//		return newPager[<Item>](start, pinEnd, func(ctx context.Context, at Position) (page, error) {
//			...
//		})
//	}
func addPager(f *jen.File, op *ir.Operation) {
	var body []jen.Code
	if op.Params != nil {
		body = append(body, jen.Id("base").Op(":=").Id("valueOf").Call(jen.Id("params")))
	}
	body = append(body, jen.Id("start").Op(":=").Id("Position").Values(startValues(op.Paging)...))
	pin := "openEnd"
	if op.Paging.End != nil {
		pin = "pinEnd"
	}
	body = append(body, jen.Return(jen.Id("newPager").Index(typeExpr(op.Paging.Item)).Call(jen.Id("start"), jen.Id(pin), fetchFunc(op))))

	blocks := []block{own(op.Paging.Pager + " pages through what [Client." + op.Name + "] lists." + whileWalking(op.Paging))}
	if op.Paging.Basis != "" {
		blocks = append(blocks, prose("That it pages is told by "+op.Paging.Basis+"."))
	}
	addComment(f.Group, blocks...)
	f.Add(clientMethod(op.Paging.Pager)).Params(argsOf(op)...).Op("*").Id("Pager").Index(typeExpr(op.Paging.Item)).Block(body...)
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

// startValues yields Offset: valueOf(base.Start), Cursor: base.Cursor, End: base.EndDate.
func startValues(p *ir.Paging) []jen.Code {
	var values []jen.Code
	if p.Offset != nil {
		offset := jen.Id("base." + p.Offset.Name)
		if p.Offset.Type.Pointer {
			offset = jen.Id("valueOf").Call(offset)
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
//	func(ctx context.Context, at Position) (page, error) {
//		p := base
//		p.Start, p.EndDate = &at.Offset, at.End
//		res, err := c.<Operation>(ctx, &p, at.options(opts)...)
//		if err != nil {
//			return page{}, err
//		}
//		pg := modelPage("<wire>", res.<Items>)
//		<goingOnStmts>
//		return pg, nil
//	}
func fetchFunc(op *ir.Operation) *jen.Statement {
	args := append([]jen.Code{jen.Id("ctx")}, argNames(op)...)
	var body []jen.Code
	if op.Params != nil {
		body = append(body, jen.Id("p").Op(":=").Id("base"), placeStmt(op.Paging))
		args = append(args, jen.Op("&").Id("p"))
	}
	args = append(args, optionsExpr(op.Paging).Op("..."))
	if op.Paging.Style == ir.LinkHeader {
		body = append(body, jen.Var().Id("answer").Id("Response"))
	}
	body = append(body,
		jen.List(jen.Id("res"), jen.Id("err")).Op(":=").Id("c."+op.Name).Call(args...),
		jen.If(jen.Id("err").Op("!=").Nil()).Block(jen.Return(jen.Id("page").Values(), jen.Id("err"))),
		jen.Id("pg").Op(":=").Add(itemsExpr(op.Paging)),
	)
	body = append(body, goingOnStmts(op.Paging)...)
	body = append(body, jen.Return(jen.Id("pg"), jen.Nil()))

	params := jen.Params(jen.Id("ctx").Qual(pathContext, "Context"), jen.Id("at").Id("Position"))
	return jen.Func().Add(params).Params(jen.Id("page"), jen.Error()).Block(body...)
}

// optionsExpr yields at.options(opts), which sends a cursor that a link gave; at.optionsAs("<name>", opts) where it has another
// name; or opts where a parameter takes it. With links in the header it is watched(<that>, &answer).
func optionsExpr(p *ir.Paging) *jen.Statement {
	opts := jen.Id("at.options").Call(jen.Id("opts"))
	switch {
	case p.Cursor != nil:
		opts = jen.Id("opts")
	case p.CursorWire != "":
		opts = jen.Id("at.optionsAs").Call(jen.Lit(p.CursorWire), jen.Id("opts"))
	}
	if p.Style == ir.LinkHeader {
		return jen.Id("watched").Call(opts, jen.Op("&").Id("answer"))
	}
	return opts
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

// itemsExpr yields modelPage("<wire>", res.<Items>), or valuePage for items that are no models; an answer that is nothing but
// its items has no member name.
func itemsExpr(p *ir.Paging) *jen.Statement {
	page := "valuePage"
	if isModel(p.Item) {
		page = "modelPage"
	}
	if p.Items == nil {
		return jen.Id(page).Call(jen.Lit(""), jen.Id("res"))
	}
	return jen.Id(page).Call(jen.Lit(p.Items.Wire), jen.Id("res."+p.Items.Name))
}

// goingOnStmts yields what finds the next page:
//
//	pg.startedAt(&res.JSON, "start", res.Start)
//	pg.followLink(at, res.Links.Next)
func goingOnStmts(p *ir.Paging) []jen.Code {
	var stmts []jen.Code
	if p.AnswerOffset != nil {
		members, name, value := jen.Op("&").Id("res.JSON"), jen.Lit(p.AnswerOffset.Wire), jen.Id("res."+p.AnswerOffset.Name)
		stmts = append(stmts, jen.Id("pg.startedAt").Call(members, name, value))
	}
	at, next := jen.Id("at"), nextExpr(p)
	switch p.Style {
	case ir.OffsetNext:
		stmts = append(stmts, jen.Id("pg.followLink").Call(at, next))
	case ir.CursorNext:
		stmts = append(stmts, jen.Id("pg.followCursor").Call(at, next, jen.Lit(p.CursorWire)))
	case ir.Token:
		stmts = append(stmts, jen.Id("pg.followToken").Call(at, next))
	case ir.LinkHeader:
		stmts = append(stmts, jen.Id("pg.followHeader").Call(at, jen.Id("answer.Header"), jen.Lit(p.CursorWire)))
	case ir.Offset:
		stmts = append(stmts, offsetStmts(p)...)
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

// offsetStmts yields
//
//	pg.advance(at, res.JSON.Has("limit"), res.Limit)
//	pg.lastSaid(&res.JSON, "isLast", res.IsLast)
func offsetStmts(p *ir.Paging) []jen.Code {
	limit := []jen.Code{jen.Id("at"), jen.False(), jen.Lit(0)}
	if p.AnswerLimit != nil {
		limit = []jen.Code{jen.Id("at"), jen.Id("res.JSON.Has").Call(jen.Lit(p.AnswerLimit.Wire)), jen.Id("res." + p.AnswerLimit.Name)}
	}
	stmts := []jen.Code{jen.Id("pg.advance").Call(limit...)}
	if p.Last != nil {
		last := []jen.Code{jen.Op("&").Id("res.JSON"), jen.Lit(p.Last.Wire), jen.Id("res." + p.Last.Name)}
		stmts = append(stmts, jen.Id("pg.lastSaid").Call(last...))
	}
	return stmts
}

// addAll yields
//
//	// <All> ...
//	func (c *Client) <All>(ctx context.Context, params *<Params>, opts ...CallOption) iter.Seq2[*<Item>, error] {
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

	addComment(f.Group, own(op.Paging.All+" gives every item that [Client."+op.Name+"] lists, page after page. An item with problems comes "+
		"with a [*RecordError] and the walk goes on; any other error ends it, as a [*PageError] that tells where to resume."))
	f.Add(clientMethod(op.Paging.All)).
		Params(append([]jen.Code{jen.Id("ctx").Qual(pathContext, "Context")}, argsOf(op)...)...).
		Qual(pathIter, "Seq2").Index(jen.List(item, jen.Error())).
		Block(jen.Return(all))
	f.Line()
}
