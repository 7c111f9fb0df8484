package emit

import (
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// exampleJobs returns example_test.go, and example2_test.go and so on where one file would be too
// long. There are no examples if the import path of the package is unknown.
func exampleJobs(api *ir.API) []job {
	if api.ImportPath == "" {
		return nil
	}
	var ops []*ir.Operation
	var sizes []int
	for _, g := range api.Groups {
		for _, op := range g.Operations {
			if op.Example == nil {
				continue
			}
			ops = append(ops, op)
			sizes = append(sizes, 30+valueLines(op.Example)+len(op.Example.Params))
			if op.Paging != nil {
				sizes[len(sizes)-1] += 140
			}
		}
	}
	var jobs []job
	for i, part := range cut(sizes) {
		name := "example_test.go"
		if i > 0 {
			name = "example" + strconv.Itoa(i+1) + "_test.go"
		}
		jobs = append(jobs, job{name: name, pkg: api.Package + "_test", print: func(f *jen.File) {
			e := newExampler(f, api)
			for _, op := range ops[part.from:part.to] {
				e.addExamples(f, op)
			}
		}})
	}
	return jobs
}

// valueLines returns an upper bound of the lines that the values of an example take.
func valueLines(e *ir.Example) int {
	lines := 0
	var count func(v *ir.Value)
	count = func(v *ir.Value) {
		lines += 2
		for _, item := range v.Items {
			count(item)
		}
		for _, m := range v.Members {
			count(m.Value)
		}
	}
	for _, v := range e.Args {
		count(v)
	}
	for _, p := range e.Params {
		count(p.Value)
	}
	for _, p := range e.Parts {
		count(p.Value)
	}
	if e.Body != nil {
		count(e.Body)
	}
	return lines
}

// exampler prints the examples of one package, as a user who imports it would write them.
type exampler struct {
	path  string // how the package is imported
	api   *ir.API
	unset []*ir.Variable // variables of the server URL without a default
}

// exampleNames are the names that examples use for their own variables and for other packages.
var exampleNames = []string{"client", "ctx", "err", "res", "page", "item", "items", "pager", "position", "saved", "download", "size", "pages", "count", "odd",
	"context", "errors", "fmt", "io", "json", "log", "os", "rest", "strings", "time"}

func newExampler(f *jen.File, api *ir.API) exampler {
	e := exampler{path: api.ImportPath, api: api}
	for _, v := range api.Variables {
		if !v.HasDefault {
			e.unset = append(e.unset, v)
		}
	}
	switch {
	case slices.Contains(exampleNames, api.Package):
		f.ImportAlias(e.path, "api")
	case path.Base(e.path) != api.Package:
		f.ImportAlias(e.path, api.Package)
	default:
		f.ImportName(e.path, api.Package)
	}
	for _, name := range []string{pathErrors, pathFmt, pathLog, pathOS} {
		f.ImportName(name, name)
	}
	return e
}

// name yields <package>.<name>.
func (e exampler) name(name string) *jen.Statement { return jen.Qual(e.path, name) }

func (e exampler) addExamples(f *jen.File, op *ir.Operation) {
	e.addExample(f, op)
	if op.Paging == nil {
		return
	}
	if op.Paging.Since != nil {
		e.addSinceYesterday(f, op)
	}
	e.addFirstHundred(f, op)
	e.addStopEarly(f, op)
	e.addResume(f, op)
}

// add yields
//
//	// <doc>
//	func ExampleClient_<suffix>() {
//		client, err := <package>.NewClient("<server>", <credentials>)
//		if err != nil {
//			log.Fatal(err)
//		}
//		<body>
//	}
func (e exampler) add(f *jen.File, op *ir.Operation, suffix, doc string, body ...jen.Code) {
	args := []jen.Code{jen.Lit(serverOf(e.api))}
	for _, c := range op.Credentials {
		args = append(args, optionExpr(e.api, c))
	}
	for _, v := range e.unset {
		args = append(args, e.name(v.Option).Call(jen.Lit("yours")))
	}
	newClient := e.name("NewClient").Call(args...)
	body = append([]jen.Code{jen.List(jen.Id("client"), jen.Err()).Op(":=").Add(newClient), fatalStmt(), jen.Id("ctx").Op(":=").Qual(pathContext, "Background").Call(), jen.Line()}, body...)
	if doc != "" {
		addComment(f.Group, own(doc))
	}
	f.Func().Id("ExampleClient_" + suffix).Params().Block(body...)
	f.Line()
}

// fatalStmt yields if err != nil { log.Fatal(err) }.
func fatalStmt() *jen.Statement {
	return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Qual(pathLog, "Fatal").Call(jen.Err()))
}

// printStmt yields fmt.Printf("%+v\n", <v>).
func printStmt(v jen.Code) *jen.Statement {
	return jen.Qual(pathFmt, "Printf").Call(jen.Lit("%+v\n"), v)
}

// addExample yields
//
//	func ExampleClient_<Operation>() {
//		...
//		res, err := client.<Operation>(ctx, <arguments>)
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Printf("%+v\n", res)
//	}
func (e exampler) addExample(f *jen.File, op *ir.Operation) {
	call := jen.Id("client." + op.Name).Call(e.args(op, nil)...)
	switch op.Result.Kind {
	case ir.ResultNone:
		e.add(f, op, op.Name, "", jen.If(jen.Err().Op(":=").Add(call), jen.Err().Op("!=").Nil()).Block(jen.Qual(pathLog, "Fatal").Call(jen.Err())))
	case ir.ResultStream:
		e.add(f, op, op.Name, "", jen.List(jen.Id("download"), jen.Err()).Op(":=").Add(call), fatalStmt(), jen.Defer().Id("download.Close").Call(),
			jen.Line(),
			jen.List(jen.Id("size"), jen.Err()).Op(":=").Qual(pathIO, "Copy").Call(jen.Qual(pathOS, "Stdout"), jen.Id("download")),
			jen.If(jen.Err().Op("!=").Nil()).Block(jen.Qual(pathLog, "Panic").Call(jen.Err())),
			jen.Qual(pathLog, "Println").Call(jen.Id("size"), jen.Lit("bytes")))
	default:
		e.add(f, op, op.Name, "", jen.List(jen.Id("res"), jen.Err()).Op(":=").Add(call), fatalStmt(), printStmt(jen.Id("res")))
	}
}

// addSinceYesterday yields
//
//	// Everything since yesterday. Pages are fetched as the loop needs them.
//	func ExampleClient_<All>_sinceYesterday() {
//		...
//		var odd *rest.RecordError
//		<loop over client.<All>(ctx, &<package>.<Params>{<Since>: time.Now().AddDate(0, 0, -1)})>
//			fmt.Printf("%+v\n", item)
//		}
//	}
func (e exampler) addSinceYesterday(f *jen.File, op *ir.Operation) {
	yesterday := jen.Qual(pathTime, "Now").Call().Dot("AddDate").Call(jen.Lit(0), jen.Lit(0), jen.Lit(-1))
	e.add(f, op, op.Paging.All+"_sinceYesterday", "Everything since yesterday. Pages are fetched as the loop needs them.",
		oddStmt(),
		e.loop("item", jen.Id("client."+op.Paging.All).Call(e.args(op, jen.Id(op.Paging.Since.Name).Op(":").Add(yesterday))...),
			printStmt(jen.Id("item"))))
}

// addFirstHundred yields an example whose loop over <All> ends after a hundred items.
func (e exampler) addFirstHundred(f *jen.File, op *ir.Operation) {
	e.add(f, op, op.Paging.All+"_firstHundred", "The first hundred items. Later pages are never fetched.",
		jen.Id("count").Op(":=").Lit(0),
		oddStmt(),
		e.loop("item", jen.Id("client."+op.Paging.All).Call(e.args(op, nil)...),
			printStmt(jen.Id("item")),
			jen.If(jen.Id("count").Op("++"), jen.Id("count").Op("==").Lit(100)).Block(jen.Break())))
}

// addStopEarly yields
//
//	// Page by page. Leaving the loop ends the walk.
//	func ExampleClient_<Pager>_stopEarly() {
//		...
//		pages := 0
//		var odd *rest.RecordError
//		<loop over client.<Pager>(<arguments>).Pages(ctx)>
//			fmt.Println(len(items), "items")
//			if pages++; pages == 2 {
//				break
//			}
//		}
//	}
func (e exampler) addStopEarly(f *jen.File, op *ir.Operation) {
	e.add(f, op, op.Paging.Pager+"_stopEarly", "Page by page. Leaving the loop ends the walk.",
		jen.Id("pages").Op(":=").Lit(0),
		oddStmt(),
		e.loop("items", jen.Id("client."+op.Paging.Pager).Call(e.args(op, nil)[1:]...).Dot("Pages").Call(jen.Id("ctx")),
			jen.Qual(pathFmt, "Println").Call(jen.Len(jen.Id("items")), jen.Lit("items")),
			jen.If(jen.Id("pages").Op("++"), jen.Id("pages").Op("==").Lit(2)).Block(jen.Break())))
}

// loop yields
//
//	for <name>, err := range <over> {
//		if errors.As(err, &odd) {
//			log.Print(err) // <why>
//		} else if err != nil {
//			log.Fatal(err)
//		}
//		<body>
//	}
func (e exampler) loop(name string, over jen.Code, body ...jen.Code) *jen.Statement {
	print := jen.Qual(pathLog, "Print").Call(jen.Err()).Comment(oddComment)
	check := jen.If(jen.Qual(pathErrors, "As").Call(jen.Err(), jen.Op("&").Id("odd"))).Block(print).Else().Add(fatalStmt())
	return jen.For(jen.List(jen.Id(name), jen.Err()).Op(":=").Range().Add(over)).Block(append([]jen.Code{check}, body...)...)
}

// oddComment says why a *rest.RecordError does not end a loop.
const oddComment = "// a member has an undocumented type; the item is here all the same"

// oddStmt yields var odd *rest.RecordError.
func oddStmt() *jen.Statement { return jen.Var().Id("odd").Op("*").Add(rest("RecordError")) }

// addResume yields
//
//	// Keep the position, and go on from there another time.
//	func ExampleClient_<Pager>_resume() {
//		...
//		pager := client.<Pager>(<arguments>)
//		var odd *rest.RecordError
//		<loop over pager.All(ctx)>
//			fmt.Printf("%+v\n", item)
//			break
//		}
//		saved, err := json.Marshal(pager.Position())
//		if err != nil {
//			log.Fatal(err)
//		}
//
//		var position rest.Position
//		if err := json.Unmarshal(saved, &position); err != nil {
//			log.Fatal(err)
//		}
//		<loop over client.<Pager>(<arguments>).From(position).All(ctx)>
//			...
//		}
//	}
func (e exampler) addResume(f *jen.File, op *ir.Operation) {
	pager := jen.Id("client." + op.Paging.Pager).Call(e.args(op, nil)[1:]...)
	e.add(f, op, op.Paging.Pager+"_resume", "Keep the position, and go on from there another time.",
		jen.Id("pager").Op(":=").Add(pager),
		oddStmt(),
		e.loop("item", jen.Id("pager.All").Call(jen.Id("ctx")), printStmt(jen.Id("item")), jen.Break()),
		jen.List(jen.Id("saved"), jen.Err()).Op(":=").Qual(pathJSON, "Marshal").Call(jen.Id("pager.Position").Call()),
		fatalStmt(),
		jen.Line(),
		jen.Var().Id("position").Add(rest("Position")),
		jen.If(jen.Err().Op(":=").Qual(pathJSON, "Unmarshal").Call(jen.Id("saved"), jen.Op("&").Id("position")), jen.Err().Op("!=").Nil()).Block(
			jen.Qual(pathLog, "Fatal").Call(jen.Err())),
		e.loop("item", jen.Add(pager).Dot("From").Call(jen.Id("position")).Dot("All").Call(jen.Id("ctx")), printStmt(jen.Id("item"))))
}

// args yields the arguments of a call: ctx, path parameters, body, &<package>.<Params>{...} or nil.
func (e exampler) args(op *ir.Operation, extra jen.Code) []jen.Code {
	args := []jen.Code{jen.Id("ctx")}
	for _, v := range op.Example.Args {
		args = append(args, e.value(v))
	}
	if op.Body != nil {
		args = append(args, e.body(op))
	}
	if op.Params == nil {
		return args
	}
	var fields []jen.Code
	for _, p := range op.Example.Params {
		fields = append(fields, jen.Id(p.Param.Name).Op(":").Add(e.value(p.Value)))
	}
	if extra != nil {
		fields = append(fields, extra)
	}
	if len(fields) == 0 {
		return append(args, jen.Nil())
	}
	return append(args, jen.Op("&").Add(e.name(op.Params.Name)).Values(fields...))
}

func (e exampler) body(op *ir.Operation) *jen.Statement {
	content := jen.Qual(pathStrings, "NewReader").Call(jen.Lit("content"))
	switch {
	case op.Body.Kind == ir.BodyStream:
		return content
	case op.Body.Form != nil && op.Body.Required:
		return e.formExpr(op)
	case op.Body.Form != nil:
		return jen.Op("&").Add(e.formExpr(op))
	case op.Body.Kind == ir.BodyUpload:
		return jen.New(rest("Upload")).Dot("File").Call(jen.Lit("file"), jen.Lit("README.md"), content)
	}
	if t := op.Body.Type; t.Pointer {
		if t.Kind != ir.ModelKind {
			return jen.Nil() // an optional scalar needs a variable of its own
		}
		shown, plain := *op.Example.Body, *t
		plain.Pointer = false
		shown.Type = &plain
		return jen.Op("&").Add(e.value(&shown))
	}
	return e.value(op.Example.Body)
}

// value yields a literal: "text", <package>.<Enum constant>, 1, true, time.Date(...),
// json.RawMessage("..."), []string{"text"}, map[string]string{"name": "value"}
// <package>.<Model>{<Field>: ...}, &<package>.<Model>{...} or <package>.<Union>Of<Variant>(...).
func (e exampler) value(v *ir.Value) *jen.Statement {
	if v.Type.Pointer && v.Type.Kind == ir.ModelKind {
		plain, held := *v, *v.Type
		held.Pointer, plain.Type = false, &held
		return jen.Op("&").Add(e.value(&plain))
	}
	switch v.Type.Kind {
	case ir.String:
		return jen.Lit(v.Text)
	case ir.EnumKind:
		for _, c := range v.Type.Enum.Values {
			if c.Value == v.Text {
				return e.name(c.Name)
			}
		}
		return jen.Lit(v.Text)
	case ir.Int, ir.Uint:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if err != nil {
			panic("emit: the number of an example is none: " + err.Error())
		}
		return jen.Id(strconv.FormatInt(n, 10))
	case ir.Float:
		n, err := strconv.ParseFloat(v.Text, 64)
		if err != nil {
			panic("emit: the number of an example is none: " + err.Error())
		}
		return jen.Lit(n)
	case ir.Bool:
		return jen.Lit(v.Truth)
	case ir.Time:
		return timeLiteral(v.Text)
	case ir.Raw:
		return jen.Qual(pathJSON, "RawMessage").Call(jen.Lit(v.Text))
	case ir.File:
		return fileExpr(v)
	case ir.UnionKind:
		if len(v.Items) == 1 {
			return e.name(v.Variant.Make).Call(e.value(v.Items[0]))
		}
	}
	return e.composite(v)
}

// composite yields <type>{...}, elements and members one a line.
func (e exampler) composite(v *ir.Value) *jen.Statement {
	var elements []jen.Code
	for _, item := range v.Items {
		elements = append(elements, e.value(item))
	}
	for _, m := range v.Members {
		key := jen.Lit(m.Key)
		switch {
		case m.Field != nil:
			key = jen.Id(m.Field.Name)
		case v.Type.Kind == ir.ModelKind:
			continue // no field has it, or what is around it sets it
		}
		elements = append(elements, key.Op(":").Add(e.value(m.Value)))
	}
	if len(v.Items) == 0 && len(elements) > 1 {
		return e.typeExpr(v.Type).Add(multiline(elements))
	}
	return e.typeExpr(v.Type).Values(elements...)
}

// multiline yields { <elements> }, one a line.
func multiline(elements []jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, elements...)
}

// timeLiteral yields time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).
func timeLiteral(text string) *jen.Statement {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic("emit: the time of an example is none: " + err.Error())
	}
	return jen.Qual(pathTime, "Date").Call(jen.Lit(t.Year()), jen.Qual(pathTime, t.Month().String()), jen.Lit(t.Day()),
		jen.Lit(t.Hour()), jen.Lit(t.Minute()), jen.Lit(t.Second()), jen.Lit(0), jen.Qual(pathTime, "UTC"))
}

// typeExpr yields a type as a package that imports this one writes it.
func (e exampler) typeExpr(t *ir.Type) *jen.Statement {
	if t.Pointer {
		return jen.Op("*").Add(e.typeExpr(&ir.Type{Kind: t.Kind, Model: t.Model, Enum: t.Enum, Union: t.Union, Elem: t.Elem, Codec: t.Codec}))
	}
	switch t.Kind {
	case ir.ModelKind:
		return e.name(t.Model.Name)
	case ir.EnumKind:
		return e.name(t.Enum.Name)
	case ir.UnionKind:
		return e.name(t.Union.Name)
	case ir.Slice:
		return jen.Index().Add(e.typeExpr(t.Elem))
	case ir.Map:
		return jen.Map(jen.String()).Add(e.typeExpr(t.Elem))
	}
	return valueTypeExpr(t)
}
