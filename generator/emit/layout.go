package emit

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/seed-1954497d/auditgen/generator/ir"
)

// maxLines bounds a printed file. Files are cut between declarations by an estimate that errs on
// the high side, so the real length stays below.
const maxLines = 10_000

// modelJobs returns models.gen.go, and models2.gen.go and so on where one file would be too long.
func modelJobs(api *ir.API, taken fileNames) []job {
	sizes := make([]int, 0, len(api.Models)+len(api.Enums))
	for _, m := range api.Models {
		sizes = append(sizes, modelLines(m))
	}
	for _, e := range api.Enums {
		sizes = append(sizes, 20+4*len(e.Values)+linesOf(e.Doc)+enumDocLines(e))
	}
	var jobs []job
	next := taken.numbers("models.gen.go")
	for _, part := range cut(sizes) {
		jobs = append(jobs, job{name: next(), print: func(f *jen.File) {
			for at := part.from; at < part.to; at++ {
				if at < len(api.Models) {
					addModel(f, api.Models[at])
				} else {
					addEnum(f, api.Enums[at-len(api.Models)])
				}
			}
		}})
	}
	return jobs
}

// jsonJobs returns json.gen.go, and json2.gen.go and so on where one file would be too long.
func jsonJobs(api *ir.API, taken fileNames) []job {
	sizes := make([]int, 0, len(api.Models))
	for _, m := range api.Models {
		// A shape, four methods, a function with a line for each field.
		sizes = append(sizes, 40+4*len(m.Fields))
	}
	var jobs []job
	next := taken.numbers("json.gen.go")
	for _, part := range cut(sizes) {
		jobs = append(jobs, job{name: next(), print: func(f *jen.File) {
			for _, m := range api.Models[part.from:part.to] {
				addJSON(f, m)
			}
		}})
	}
	return jobs
}

// unionJobs returns unions.gen.go, and unions2.gen.go and so on where one file would be too long.
func unionJobs(api *ir.API, taken fileNames) []job {
	sizes := make([]int, 0, len(api.Unions))
	for _, u := range api.Unions {
		sizes = append(sizes, 40+linesOf(u.Doc)+linesOf(u.Deprecated)+30*len(u.Variants))
	}
	var jobs []job
	next := taken.numbers("unions.gen.go")
	for _, part := range cut(sizes) {
		jobs = append(jobs, job{name: next(), print: func(f *jen.File) {
			for _, u := range api.Unions[part.from:part.to] {
				addUnion(f, u)
			}
		}})
	}
	return jobs
}

// operationJobs returns the files of all groups.
func operationJobs(api *ir.API, taken fileNames) []job {
	var jobs []job
	for _, g := range api.Groups {
		jobs = append(jobs, groupJobs(g, taken)...)
	}
	return jobs
}

// groupJobs returns the file of a group, and further ones with a number where one would be too
// long.
func groupJobs(g *ir.Group, taken fileNames) []job {
	sizes := make([]int, len(g.Operations))
	for i, op := range g.Operations {
		sizes[i] = operationLines(op)
	}
	var jobs []job
	next := taken.numbers(g.File)
	for _, part := range cut(sizes) {
		jobs = append(jobs, job{name: next(), print: func(f *jen.File) {
			for _, op := range g.Operations[part.from:part.to] {
				addOperation(f, op)
			}
		}})
	}
	return jobs
}

// fileNames is the names that files have already. A tag may be called Models 2.
type fileNames map[string]bool

func namesOf(groups []*ir.Group) fileNames {
	taken := make(fileNames, len(groups))
	for _, g := range groups {
		taken[g.File] = true
	}
	return taken
}

// numbers returns the names of the files that declarations are spread over: file, and then file
// with each number that no other has.
func (taken fileNames) numbers(file string) func() string {
	number := 0
	return func() string {
		name := numbered(file, number)
		for number > 0 && taken[name] {
			number++
			name = numbered(file, number)
		}
		number++
		taken[name] = true
		return name
	}
}

// span is declarations from:to.
type span struct{ from, to int }

// cut divides declarations of the given sizes into as few runs as fit into a file each.
func cut(sizes []int) []span {
	var spans []span
	from, lines := 0, 0
	for i, size := range sizes {
		if i > from && lines+size > maxLines {
			spans = append(spans, span{from, i})
			from, lines = i, 0
		}
		lines += size
	}
	if from < len(sizes) {
		spans = append(spans, span{from, len(sizes)})
	}
	return spans
}

// numbered returns models.gen.go, models2.gen.go, models3.gen.go for 0, 1, 2.
func numbered(file string, i int) string {
	if i == 0 {
		return file
	}
	stem, ext, _ := strings.Cut(file, ".")
	return stem + strconv.Itoa(i+1) + "." + ext
}

func modelLines(m *ir.Model) int {
	lines := 16 + linesOf(m.Doc) + linesOf(m.Deprecated)
	for _, f := range m.Fields {
		lines += 2 + linesOf(f.Doc) + linesOf(f.Deprecated) + linesOf(f.Wire)
	}
	return lines
}

func enumDocLines(e *ir.Enum) int {
	lines := 0
	for _, v := range e.Values {
		lines += linesOf(v.Doc)
	}
	return lines
}

func operationLines(op *ir.Operation) int {
	lines := 90 + 2*len(op.PathParams)
	for _, text := range []string{op.Doc, op.Deprecated, op.Permissions, op.Result.Doc} {
		lines += linesOf(text)
	}
	lines += len(op.Scopes) + len(op.Granular)
	for _, p := range op.PathParams {
		lines += linesOf(p.Doc)
	}
	if op.Body != nil {
		lines += linesOf(op.Body.Doc)
	}
	if op.Params == nil {
		return lines
	}
	for _, p := range op.Params.Fields {
		lines += 5 + linesOf(p.Doc) + linesOf(p.Deprecated) + linesOf(p.Default)
	}
	return lines
}

// linesOf is more lines than a text can take as a comment: every break doubled, and lines that wrap
// early.
func linesOf(text string) int {
	if text == "" {
		return 0
	}
	text = text[:min(len(text), maxText)]
	return 2 + 2*strings.Count(text, "\n") + 2*strings.Count(text, "<") + len(text)/50
}
