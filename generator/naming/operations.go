package naming

import (
	"cmp"
	"slices"
	"strings"
)

// Operation holds what the name of an operation is made from.
type Operation struct {
	ID      string // operationId of the sources, or empty
	Summary string
	Method  string
	Path    string
	Pinned  string // the Go name to use, whatever the sources say, or empty; unique
}

// Name is the name of an operation.
type Name struct {
	ID string // in the settled document: getAuditRecords
	Go string // in Go: GetAuditRecords
}

// OperationNames returns a short name for each operation. Names are unique and not reserved.
//
// The short name is the last part of the operationId without the HTTP method that some generators
// append. If that part is a single word, the part before it is added. Without an operationId it is
// the summary without articles, or else method and path. If several operations have the same short
// name, the one with the shortest path keeps it. The others add their last parameter, the part
// before, or the words of their path, whichever makes them unique.
//
// Pinned names take precedence over all others, including reserved ones.
func OperationNames(ops []Operation, reserved ...string) []Name {
	names := make([]Name, len(ops))
	order := make([]int, len(ops))
	taken := NewScope(reserved...)
	for i, op := range ops {
		order[i] = i
		if op.Pinned != "" {
			names[i].Go = op.Pinned
			taken.Reserve(op.Pinned)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(len(ops[a].Path), len(ops[b].Path)), cmp.Compare(ops[a].Path, ops[b].Path),
			cmp.Compare(methodOrder(ops[a].Method), methodOrder(ops[b].Method)))
	})
	for _, i := range order {
		if names[i].Go == "" {
			short := ops[i].short()
			names[i].Go = taken.Take(Exported(short), ops[i].longer(short)...)
		}
	}
	identify(names, order)
	return names
}

// identify sets the operationIds of names. Names that follow from their operationId are unique and
// come first, so pinning a name does not change another operationId.
func identify(names []Name, order []int) {
	taken := NewScope()
	var others []int
	for _, i := range order {
		id := lowerFirst(names[i].Go)
		if Exported(id) != names[i].Go {
			others = append(others, i)
			continue
		}
		names[i].ID = taken.Take(id)
	}
	for _, i := range others {
		names[i].ID = taken.Take(lowerFirst(names[i].Go))
	}
}

// Listing returns the name of an operation without Get, List or Search. Pagers and iterators use
// it.
func Listing(op string) string {
	for _, verb := range []string{"Get", "List", "Search"} {
		if rest, ok := strings.CutPrefix(op, verb); ok && rest != "" && Exported(rest) == rest {
			if all, ok := strings.CutPrefix(rest, "All"); ok && all != "" && Exported(all) == all {
				return all
			}
			return rest
		}
	}
	return op
}

// Pager returns the name of the method that walks through a listing page by page.
func Pager(op string) string { return Listing(op) + "Pager" }

// Iterator returns the name of the method that ranges over a listing.
func Iterator(op string) string { return "All" + Listing(op) }

// Follower returns the name of the method that follows a listing that grows.
func Follower(op string) string { return "Follow" + Listing(op) }

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
	switch words := Words(id); {
	case len(words) == 1 && op.group() != "" && slices.Contains(verbs, strings.ToLower(words[0])):
		return id + " " + op.group()
	case len(words) == 1 && op.group() != "":
		return op.group() + " " + id
	case len(words) > 0:
		return id
	}
	if words := withoutArticles(Words(op.Summary)); len(words) > 0 && len(words) <= 12 {
		return strings.Join(words, " ")
	}
	return strings.ToLower(op.Method) + " " + op.fixed()
}

// verbs are words that mean nothing without an object.
var verbs = []string{"add", "approve", "archive", "assign", "block", "cancel", "check", "clear", "close", "copy", "create", "delete",
	"describe", "disable", "download", "edit", "enable", "execute", "export", "fetch", "find", "follow", "fork", "generate", "get", "hide",
	"import", "insert", "list", "lock", "lookup", "merge", "modify", "move", "open", "patch", "ping", "post", "publish", "put", "query",
	"read", "remove", "rename", "render", "replace", "reset", "restart", "restore", "resume", "retrieve", "retry", "revoke", "run", "search",
	"send", "set", "show", "sign", "star", "start", "stop", "submit", "sync", "test", "trigger", "unblock", "undelete", "unfollow", "unhide",
	"unlock", "unstar", "update", "upload", "validate", "verify", "view", "watch"}

// group returns the part of an operationId before the last one: files in drive.files.list, issues
// in issues/list, Audit in AuditResource.list.
func (op *Operation) group() string {
	id := strings.TrimRight(op.ID, "./")
	end := strings.LastIndexAny(id, "./")
	if end < 0 || strings.EqualFold(id[end+1:], id[strings.LastIndexAny(id[:end], "./")+1:end]) {
		return ""
	}
	group := id[:end]
	group = group[strings.LastIndexAny(group, "./")+1:]
	for _, kind := range []string{"Resource", "Controller", "Service", "Api"} {
		if rest, ok := strings.CutSuffix(group, kind); ok && rest != "" {
			return rest
		}
	}
	return group
}

// withoutArticles drops articles: "Update a board" becomes UpdateBoard.
func withoutArticles(words []string) []string {
	last := len(words) - 1
	var kept []string
	for i, w := range words {
		if i == last || !slices.Contains([]string{"a", "an", "the"}, strings.ToLower(w)) {
			kept = append(kept, w)
		}
	}
	return kept
}

// fixed returns the segments of the path that are not parameters.
func (op *Operation) fixed() string {
	var parts []string
	for s := range strings.SplitSeq(op.Path, "/") {
		if s != "" && !strings.HasPrefix(s, "{") {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// longer returns alternative names, best first.
func (op *Operation) longer(short string) []string {
	method := Exported(strings.ToLower(op.Method))
	all := []string{Exported(short + " by " + strings.Trim(lastParam(op.Path), "{}"))}
	if lastParam(op.Path) == "" {
		all = nil
	}
	if group := op.group(); group != "" && !strings.Contains(short, group) {
		all = append(all, Exported(short+" "+group))
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
