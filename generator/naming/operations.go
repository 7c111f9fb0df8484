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
	Pinned  string // the Go name that it has whatever the sources say, or empty; no two have the same
}

// Name is what an operation is called.
type Name struct {
	ID string // in the settled document: getAuditRecords
	Go string // in Go: GetAuditRecords
}

// OperationNames gives each operation a short name, unique among them and none of those reserved: the last part of its
// operationId without the HTTP method that generators append, with the part before where it is a single word; else its summary without
// articles, else method and path. Where several operations have one short name, the one with the shortest path keeps it and the others get
// their last parameter, the part before, or the words of their path, whichever tells them apart.
// Pinned names come before all others, the reserved ones included.
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

// identify gives names their operationIds. Those that lead back to the Go name are never the same, and come first: whether a name
// is pinned makes no difference.
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

// Listing is the name of an operation without the verb that says that it lists. Pagers and iterators are called after it.
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

// Pager is the name of the method that walks through a listing page by page.
func Pager(op string) string { return Listing(op) + "Pager" }

// Iterator is the name of the method that ranges over a listing.
func Iterator(op string) string { return "All" + Listing(op) }

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

// verbs are the words that say nothing without what they are done to.
var verbs = []string{"add", "approve", "archive", "assign", "block", "cancel", "check", "clear", "close", "copy", "create", "delete",
	"describe", "disable", "download", "edit", "enable", "execute", "export", "fetch", "find", "follow", "fork", "generate", "get", "hide",
	"import", "insert", "list", "lock", "lookup", "merge", "modify", "move", "open", "patch", "ping", "post", "publish", "put", "query",
	"read", "remove", "rename", "render", "replace", "reset", "restart", "restore", "resume", "retrieve", "retry", "revoke", "run", "search",
	"send", "set", "show", "sign", "star", "start", "stop", "submit", "sync", "test", "trigger", "unblock", "undelete", "unfollow", "unhide",
	"unlock", "unstar", "update", "upload", "validate", "verify", "view", "watch"}

// group is what an operationId has before its last part, where that stands for things: files in drive.files.list, issues in
// issues/list, audit in AuditResource.list.
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

// withoutArticles leaves out what a sentence needs and a name does not: "Update a board" is UpdateBoard.
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
