package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// addFollow yields
//
//	// <Follow> ...
//	func (c *Client) <Follow>(ctx context.Context, id string, from rest.Checkpoint, opts ...rest.FollowOption) iter.Seq2[*rest.Batch[<Item>], error] {
//		return rest.Follow(ctx, c.rest, rest.Feed[<Item>]{
//			Pager: func(from, to time.Time, opts []rest.CallOption) *rest.Pager[<Item>] {
//				return c.<Pager>(id, &<Params>{StartDate: from, EndDate: to}, opts...)
//			},
//			Time:        func(m *<Item>) time.Time { return m.CreationDate },
//			Members:     func(m *<Item>) *lossless.Members { return &m.JSON },
//			NewestFirst: true,
//		}, from, opts...)
//	}
func addFollow(f *jen.File, op *ir.Operation) {
	follow, item := op.Follow, typeExpr(op.Paging.Item)
	params := []jen.Code{jen.Id("ctx").Qual(pathContext, "Context")}
	for _, p := range op.PathParams {
		params = append(params, jen.Id(p.Name).Add(typeExpr(p.Type)))
	}
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

	addComment(f.Group, own(follow.Name+" delivers what [Client."+op.Name+"] lists as it comes, in batches, each with the checkpoint "+
		"from which another process can go on. See [rest.Follow] for what it promises."))
	f.Add(clientMethod(follow.Name)).Params(params...).
		Qual(pathIter, "Seq2").Index(jen.List(jen.Op("*").Add(rest("Batch")).Index(item), jen.Error())).
		Block(jen.Return(call))
	f.Line()
}

// followPager yields the Pager of a feed.
func followPager(op *ir.Operation) *jen.Statement {
	values := jen.Dict{}
	if op.Follow.From != nil {
		values[jen.Id(op.Follow.From.Name)] = jen.Id("from")
	}
	if op.Follow.To != nil {
		values[jen.Id(op.Follow.To.Name)] = jen.Id("to")
	}
	args := argNames(op)
	if op.Params != nil {
		args = append(args, jen.Op("&").Id(op.Params.Name).Values(values))
	}
	args = append(args, jen.Id("opts").Op("..."))
	return jen.Func().Params(jen.List(jen.Id("from"), jen.Id("to")).Qual(pathTime, "Time"), jen.Id("opts").Index().Add(rest("CallOption"))).
		Op("*").Add(rest("Pager")).Index(typeExpr(op.Paging.Item)).
		Block(jen.Return(jen.Id("c." + op.Paging.Pager).Call(args...)))
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
