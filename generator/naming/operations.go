package naming

import (
	"cmp"
	"slices"
	"strings"
)

// Operation is what the name of an operation is made from.
type Operation struct {
	ID      string // operationId as the sources give it, or empty
	Summary string
	Method  string
	Path    string
}

// OperationIDs gives each operation a short name in lower camel case, unique among them: the last part of its operationId
// without the HTTP method that generators append, else its summary, else method and path. Where several operations have one
// short name, the one with the shortest path keeps it and the others get the words of their path that tell them apart.
func OperationIDs(ops []Operation) []string {
	names := make([]string, len(ops))
	order := make([]int, len(ops))
	for i, op := range ops {
		names[i], order[i] = op.short(), i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(len(ops[a].Path), len(ops[b].Path)), cmp.Compare(ops[a].Path, ops[b].Path),
			cmp.Compare(methodOrder(ops[a].Method), methodOrder(ops[b].Method)))
	})
	taken := NewScope()
	for _, i := range order {
		names[i] = lowerFirst(taken.Take(Exported(names[i]), ops[i].longer(names[i])...))
	}
	return names
}

func methodOrder(method string) int {
	return slices.Index([]string{"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"}, method)
}

func (op *Operation) short() string {
	id := op.ID
	if i := strings.LastIndexAny(id, "./"); i >= 0 && i+1 < len(id) {
		id = id[i+1:]
	}
	if cut, ok := strings.CutSuffix(id, "_"+strings.ToLower(op.Method)); ok && cut != "" {
		id = cut
	}
	if len(Words(id)) > 0 {
		return id
	}
	if n := len(Words(op.Summary)); n > 0 && n <= 12 {
		return op.Summary
	}
	return strings.ToLower(op.Method) + " " + op.fixed()
}

// fixed gives the segments of the path that are no parameters.
func (op *Operation) fixed() string {
	var parts []string
	for s := range strings.SplitSeq(op.Path, "/") {
		if s != "" && !strings.HasPrefix(s, "{") {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// longer lists names to fall back on, from better to worse.
func (op *Operation) longer(short string) []string {
	method := Exported(strings.ToLower(op.Method))
	all := []string{Exported(short + " by " + strings.Trim(lastParam(op.Path), "{}"))}
	if lastParam(op.Path) == "" {
		all = nil
	}
	return append(all, Exported(short+" "+op.fixed()), method+Exported(short), method+Exported(short+" "+op.Path))
}

func lastParam(path string) string {
	segments := strings.Split(path, "/")
	if last := segments[len(segments)-1]; strings.HasPrefix(last, "{") {
		return last
	}
	return ""
}

func lowerFirst(s string) string {
	words := Words(s)
	if len(words) == 0 {
		return s
	}
	first := words[0]
	return strings.ToLower(first) + strings.TrimPrefix(s, first)
}
