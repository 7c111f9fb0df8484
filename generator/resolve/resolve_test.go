package resolve_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/ir"
	"github.com/seed-1954497d/auditgen/generator/merge"
	"github.com/seed-1954497d/auditgen/generator/openapi"
	"github.com/seed-1954497d/auditgen/generator/resolve"
	"github.com/seed-1954497d/auditgen/generator/source"
)

var update = flag.Bool("update", false, "record what is made as what is wanted")

// Each archive in testdata holds a document and the API that is made of it, in short form.
func TestResolve(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(resolved(t, archive.Files[0]))
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("-want +got\n%s\nIf this is meant: go test ./generator/resolve -update", diff)
			}
		})
	}
}

func resolved(t *testing.T, f txtar.File) *ir.API {
	t.Helper()
	doc, err := openapi.Parse(source.File{Name: f.Name, Data: f.Data}, &claim.Source{File: f.Name, Kind: claim.OpenAPI})
	if err != nil {
		t.Fatal(err)
	}
	d, err := merge.Settle(merge.Input{Docs: []*claim.Document{doc}, Methods: []string{"Do"}})
	if err != nil {
		t.Fatal(err)
	}
	api, err := resolve.Resolve(resolve.Input{Document: d, Package: "p", Reserved: []string{"Client", "Members", "form", "request"}, Methods: []string{"Do"}})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// dump prints an API without its texts.
func dump(api *ir.API) string {
	var b bytes.Buffer
	for _, g := range api.Groups {
		fmt.Fprintf(&b, "file %s\n", g.File)
		for _, op := range g.Operations {
			dumpOperation(&b, op)
		}
	}
	for _, m := range api.Models {
		fmt.Fprintf(&b, "model %s%s\n", m.Name, flags(m.Request, "request", m.Response, "response"))
		for _, f := range m.Fields {
			fmt.Fprintf(&b, "  %s %s %q%s\n", f.Name, typeText(f.Type), f.Wire, flags(f.Required, "required", f.Deprecated != "", "deprecated"))
		}
	}
	for _, u := range api.Unions {
		dumpUnion(&b, u)
	}
	for _, e := range api.Enums {
		fmt.Fprintf(&b, "enum %s\n", e.Name)
		for _, v := range e.Values {
			fmt.Fprintf(&b, "  %s = %q\n", v.Name, v.Value)
		}
	}
	for _, n := range api.Notes {
		fmt.Fprintf(&b, "note %s: %s: %s\n", n.Address, n.What, n.Instead)
	}
	return b.String()
}

func dumpUnion(b *bytes.Buffer, u *ir.Union) {
	fmt.Fprintf(b, "union %s%s of %q", u.Name, flags(u.Request, "request", u.Response, "response"), u.Want)
	if u.Tag != "" {
		fmt.Fprintf(b, " by %q", u.Tag)
	}
	fmt.Fprintln(b)
	for _, v := range u.Variants {
		fmt.Fprintf(b, "  As%s %s by %s", v.Name, typeText(v.Type), v.Make)
		switch {
		case !v.Told:
			fmt.Fprint(b, " untold")
		case len(v.Tags) > 0:
			fmt.Fprintf(b, " tags %q", v.Tags)
		default:
			fmt.Fprintf(b, " json %s has %q lacks %q", v.JSON, v.Has, v.Lacks)
		}
		if v.Field != nil {
			fmt.Fprintf(b, " in %s", v.Field.Name)
		}
		fmt.Fprintln(b)
	}
}

func dumpOperation(b *bytes.Buffer, op *ir.Operation) {
	fmt.Fprintf(b, "  %s %s %s\n", op.Name, op.Method, op.Path)
	for _, p := range op.PathParams {
		fmt.Fprintf(b, "    path %s %s %q %s\n", p.Name, typeText(p.Type), p.Wire, p.Style)
	}
	if op.Params != nil {
		fmt.Fprintf(b, "    params %s\n", op.Params.Name)
		for _, p := range op.Params.Fields {
			fmt.Fprintf(b, "      %s %s %s:%q %s%s\n", p.Name, typeText(p.Type), p.In, p.Wire, p.Style, flags(p.Explode, "explode", p.Required, "required"))
		}
	}
	if op.Body != nil {
		fmt.Fprintf(b, "    body %s %s %s\n", [...]string{"json", "form", "stream", "upload"}[op.Body.Kind], typeText(op.Body.Type), op.Body.Media)
	}
	fmt.Fprintf(b, "    result %s %s %s\n", [...]string{"none", "json", "stream", "text"}[op.Result.Kind], typeText(op.Result.Type), op.Result.Media)
	if op.Paging != nil {
		dumpPaging(b, op)
	}
}

func dumpPaging(b *bytes.Buffer, op *ir.Operation) {
	p := op.Paging
	var sends, reads []string
	fmt.Fprintf(b, "    paging %s %s", p.Pager, p.All)
	for what, param := range map[string]*ir.Param{"offset": p.Offset, "number": p.Number, "cursor": p.Cursor, "limit": p.Limit, "end": p.End} {
		if param != nil {
			sends = append(sends, what+" "+param.Name)
		}
	}
	if p.BodyCursor != nil {
		sends = append(sends, "body "+p.BodyCursor.Name)
	}
	for what, path := range map[string][]*ir.Field{"items": p.Items, "offset": p.AnswerOffset, "number": p.AnswerNumber, "pages": p.AnswerPages,
		"limit": p.AnswerLimit, "next": p.Next, "more": p.More} {
		if path != nil {
			reads = append(reads, what+" "+wirePath(path))
		}
	}
	if p.CursorWire != "" && p.Cursor == nil && p.BodyCursor == nil && p.Number == nil {
		sends = append(sends, "undeclared "+p.CursorWire)
	}
	if p.NextHeader != "" {
		reads = append(reads, "header "+p.NextHeader)
	}
	if p.NextItem != nil {
		reads = append(reads, "last "+p.NextItem.Wire)
	}
	slices.Sort(sends)
	slices.Sort(reads)
	fmt.Fprintf(b, " sends %s reads %s", strings.Join(sends, ", "), strings.Join(reads, ", "))
	fmt.Fprint(b, flags(p.NextIsLink, "as an address", p.MoreIsLast, "more is last"))
	if p.First != 0 {
		fmt.Fprintf(b, " from %d", p.First)
	}
	fmt.Fprintf(b, "\n      told by %s\n", p.Basis)
}

func flags(on bool, word string, alsoOn bool, also string) string {
	var words []string
	if on {
		words = append(words, word)
	}
	if alsoOn {
		words = append(words, also)
	}
	return strings.Join(slices.Insert(words, 0, ""), " ")
}

func typeText(t *ir.Type) string {
	if t == nil {
		return "-"
	}
	text := ""
	switch t.Kind {
	case ir.Slice:
		text = "[]" + typeText(t.Elem)
	case ir.Map:
		text = "map[string]" + typeText(t.Elem)
	case ir.ModelKind:
		text = t.Model.Name
	case ir.EnumKind:
		text = t.Enum.Name
	case ir.UnionKind:
		text = t.Union.Name
	case ir.Time:
		text = [...]string{"time(rfc3339)", "time(unix-milli)", "time(jira)"}[t.Codec]
	default:
		text = map[ir.Kind]string{ir.String: "string", ir.Int: "int64", ir.Float: "float64", ir.Bool: "bool", ir.Raw: "raw"}[t.Kind]
	}
	if t.Pointer {
		text = "*" + text
	}
	return text
}

// wirePath writes a path with dots.
func wirePath(path []*ir.Field) string {
	var names []string
	for _, f := range path {
		names = append(names, f.Wire)
	}
	return strings.Join(names, ".")
}
