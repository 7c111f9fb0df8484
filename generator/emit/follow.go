package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addFollow yields
//
//	// <Follow> ...
//	func (c *Client) <Follow>(ctx context.Context, id string, params *<Params>, from rest.Checkpoint, opts ...rest.FollowOption) iter.Seq2[*rest.Batch[<Item>], error] {
//		base := rest.ValueOf(params)
//		return rest.Follow(ctx, c.rest, rest.Feed[<Item>]{
//			Pager: func(from, to time.Time, opts []rest.CallOption) *rest.Pager[<Item>] {
//				p := base
//				p.StartDate, p.EndDate, p.Start = from, to, nil
//				return c.<Pager>(id, &p, opts...)
//			},
//			Time:        func(m *<Item>) time.Time { return m.CreationDate },
//			Members:     func(m *<Item>) *lossless.Members { return &m.JSON },
//			NewestFirst: true,
//		}, from, opts...)
//	}
func addFollow(f *jen.File, op *ir.Operation) {
	follow, item := op.Follow, typeExpr(op.Paging.Item)
	args := argsOf(op)
	params := append([]jen.Code{jen.Id("ctx").Qual(pathContext, "Context")}, args[:len(args)-1]...)
	params = append(params, jen.Id("from").Add(rest("Checkpoint")), jen.Id("opts").Op("...").Add(rest("FollowOption")))
	feed := jen.Dict{
		jen.Id("Pager"):   followPager(op),
		jen.Id("Members"): itemFunc(op, jen.Op("*").Add(lossless("Members")), jen.Op("&").Id("m.JSON")),
	}
	if follow.Time != nil {
		feed[jen.Id("Time")] = itemFunc(op, jen.Qual(pathTime, "Time"), jen.Id("m."+follow.Time.Name))
	}
	if follow.ID != nil {
		feed[jen.Id("ID")] = itemFunc(op, jen.String(), idExpr(follow.ID))
	}
	if follow.Stream {
		feed[jen.Id("Stream")] = jen.True()
	}
	if follow.NewestFirst {
		feed[jen.Id("NewestFirst")] = jen.True()
	}
	call := rest("Follow").Call(jen.Id("ctx"), jen.Id("c.rest"), rest("Feed").Index(item).Values(feed), jen.Id("from"), jen.Id("opts").Op("..."))

	blocks := []block{own(follow.Name + " delivers what [Client." + op.Name + "] lists as it comes, in batches, each with the checkpoint " +
		"from which another process can go on. See [rest.Follow] for what it promises.")}
	var body []jen.Code
	if op.Params != nil {
		text := "The parameters select what is delivered; nil selects everything. "
		if names, _ := place(op); len(names) > 0 {
			text += "Values of " + strings.Join(names, ", ") + " do not count: each request sets its own. "
		}
		blocks = append(blocks, own(text+"A checkpoint does not hold them: with others, it goes on at the same time."))
		body = append(body, jen.Id("base").Op(":=").Add(rest("ValueOf")).Call(jen.Id("params")))
	}
	addComment(f.Group, blocks...)
	f.Add(clientMethod(follow.Name)).Params(params...).
		Qual(pathIter, "Seq2").Index(jen.List(jen.Op("*").Add(rest("Batch")).Index(item), jen.Error())).
		Block(append(body, jen.Return(call))...)
	f.Line()
}

// followPager yields the Pager of a feed.
func followPager(op *ir.Operation) *jen.Statement {
	var body []jen.Code
	args := argNames(op)
	if op.Params != nil {
		body = append(body, jen.Id("p").Op(":=").Id("base"))
		names, values := place(op)
		var fields []jen.Code
		for _, name := range names {
			fields = append(fields, jen.Id("p."+name))
		}
		if len(fields) > 0 {
			body = append(body, jen.List(fields...).Op("=").List(values...))
		}
		args = append(args, jen.Op("&").Id("p"))
	}
	args = append(args, jen.Id("opts").Op("..."))
	body = append(body, jen.Return(jen.Id("c."+op.Paging.Pager).Call(args...)))
	return jen.Func().Params(jen.List(jen.Id("from"), jen.Id("to")).Qual(pathTime, "Time"), jen.Id("opts").Index().Add(rest("CallOption"))).
		Op("*").Add(rest("Pager")).Index(typeExpr(op.Paging.Item)).
		Block(body...)
}

// place returns the parameters that say which part of the log is asked for, and their values: the
// ends of the window, and the first page of it.
func place(op *ir.Operation) (names []string, values []jen.Code) {
	add := func(p *ir.Param, value jen.Code) {
		if p != nil {
			names, values = append(names, p.Name), append(values, value)
		}
	}
	add(op.Follow.From, jen.Id("from"))
	add(op.Follow.To, jen.Id("to"))
	for _, p := range []*ir.Param{op.Paging.Offset, op.Paging.Number} {
		if p != nil && p.Type.Pointer {
			add(p, jen.Nil())
		} else {
			add(p, jen.Lit(0))
		}
	}
	add(op.Paging.Cursor, jen.Lit(""))
	return names, values
}

// itemFunc yields func(m *<Item>) <type> { return <value> }.
func itemFunc(op *ir.Operation, result, value *jen.Statement) *jen.Statement {
	return jen.Func().Params(jen.Id("m").Op("*").Add(typeExpr(op.Paging.Item))).Add(result).Add(oneLine(jen.Return(value)))
}

// idExpr yields m.ID, or rest.NumberText(m.ID) for a number.
func idExpr(id *ir.Field) *jen.Statement {
	if id.Type.Kind == ir.Int {
		return rest("NumberText").Call(jen.Id("m." + id.Name))
	}
	return jen.Id("m." + id.Name)
}
