package lock

import (
	"encoding/hex"
	"fmt"
	"go/token"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/naming"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// Limits of the texts in a lock, in bytes.
const (
	maxName = 255
	maxText = 4096
)

// Parse reads a lock. The error is a source.Errors with everything that is wrong in it.
func Parse(f source.File) (*File, error) {
	r := &reader{file: f.Name}
	if line := source.ConflictLine(f.Data); line > 0 {
		r.add(line, "", "a merge conflict was left in the lock", "keep the entries of both sides, remove the lines with <<<<<<<, ======= and >>>>>>>, and run auditgen generate")
		return nil, r.errs.Err()
	}
	root, err := source.ParseTree(f)
	if err != nil {
		r.errs.AddErr(f.Name, err)
		return nil, r.errs.Err()
	}
	out := r.lock(root)
	if err := r.errs.Err(); err != nil {
		return nil, err
	}
	out.sort()
	return out, nil
}

// reader walks a lock and collects what is wrong.
type reader struct {
	file string
	errs source.Collector
}

func (r *reader) at(line int) source.Position { return source.Position{File: r.file, Line: line} }

func (r *reader) add(line int, where, what, do string) { r.errs.Add(r.at(line), where, what, do) }

func (r *reader) lock(root *source.Node) *File {
	f := &File{}
	if !r.object(root, "", "version", "packages", "sources") {
		return f
	}
	version := root.Get("version")
	if version == nil || version.Kind != source.Number || version.Text != strconv.Itoa(Version) {
		line := root.Line
		if version != nil {
			line = version.Line
		}
		r.add(line, "version", fmt.Sprintf("this is not a lock of version %d", Version), "use the auditgen that wrote it, or delete it and run auditgen generate")
		return f
	}
	packages := map[string]int{}
	for i, n := range r.list(root, "", "packages") {
		where := fmt.Sprintf("packages[%d]", i)
		p := r.packageOf(n, where)
		r.once(packages, p.Package+"\x00"+p.Folder, n.Line, where, "the package "+p.Package)
		f.Packages = append(f.Packages, p)
	}
	sources := map[string]int{}
	for i, n := range r.list(root, "", "sources") {
		where := fmt.Sprintf("sources[%d]", i)
		s := r.source(n, where)
		r.once(sources, strings.ToLower(path.Clean(s.Path)), n.Line, where, "the document "+strconv.Quote(s.Path))
		f.Sources = append(f.Sources, s)
	}
	return f
}

// once reports an entry that the lock has twice.
func (r *reader) once(first map[string]int, key string, line int, where, what string) {
	if before, twice := first[key]; twice {
		r.add(line, where, fmt.Sprintf("%s is already in line %d", what, before), "remove one of them")
		return
	}
	first[key] = line
}

func (r *reader) packageOf(n *source.Node, where string) Package {
	p := Package{Pos: r.at(n.Line)}
	if !r.object(n, where, "package", "folder", "operations", "models") {
		return p
	}
	p.Package = r.text(n, where, "package", true, checkPackage)
	p.Folder = r.text(n, where, "folder", false, filename.CheckBelow)
	operations, names := map[string]int{}, map[string]int{}
	for i, item := range r.list(n, where, "operations") {
		here := fmt.Sprintf("%s.operations[%d]", where, i)
		op, ok := r.operation(item, here)
		if !ok {
			continue
		}
		r.once(operations, op.Method+" "+op.Path, item.Line, here, op.Method+" "+op.Path)
		r.once(names, op.Name, op.Pos.Line, here+".name", "the name "+op.Name)
		p.Operations = append(p.Operations, op)
	}
	p.Models = r.models(n.Get("models"), where+".models")
	return p
}

// models reads Package.Models.
func (r *reader) models(n *source.Node, where string) []Model {
	if n == nil {
		return nil
	}
	if n.Kind != source.Object {
		r.add(n.Line, where, "expected an object, found "+n.Kind.Noun(), "remove it")
		return nil
	}
	var all []Model
	for _, m := range n.Members {
		if err := checkName(m.Key); err != nil {
			r.add(m.Line, where, err.Error(), "")
			continue
		}
		all = append(all, Model{m.Key, Holding(r.textAt(m.Value, where+"."+m.Key, checkHolding))})
	}
	return all
}

// operation reads one operation. Its position is the line of its name.
func (r *reader) operation(n *source.Node, where string) (Operation, bool) {
	before := r.errs.Len()
	op := Operation{Pos: r.at(n.Line)}
	if !r.object(n, where, "method", "path", "name", "removed", "parameters", "answers", "instead") {
		return op, false
	}
	op.Method = r.text(n, where, "method", true, checkMethod)
	op.Path = r.text(n, where, "path", true, checkPath)
	op.Name = r.text(n, where, "name", true, checkName)
	if name := n.Get("name"); name != nil {
		op.Pos.Line = name.Line
	}
	if removed := n.Get("removed"); removed != nil {
		if removed.Kind != source.Bool {
			r.add(removed.Line, where+".removed", "expected true or false, found "+removed.Kind.Noun(), "write true or remove it")
		}
		op.Removed = removed.IsTrue()
	}
	op.Parameters = r.texts(n, where, "parameters")
	op.Answers = r.texts(n, where, "answers")
	op.Instead = r.instead(n.Get("instead"), where+".instead")
	return op, r.errs.Len() == before
}

// instead reads Operation.Instead.
func (r *reader) instead(n *source.Node, where string) map[string]string {
	if n == nil {
		return nil
	}
	if n.Kind != source.Object {
		r.add(n.Line, where, "expected an object, found "+n.Kind.Noun(), "remove it")
		return nil
	}
	var out map[string]string
	for _, m := range n.Members {
		if out == nil {
			out = map[string]string{}
		}
		if err := checkName(m.Key); err != nil {
			r.add(m.Line, where, err.Error(), "")
		}
		out[m.Key] = r.text(n, where, m.Key, true, checkName)
	}
	return out
}

func (r *reader) source(n *source.Node, where string) Source {
	s := Source{Pos: r.at(n.Line)}
	if !r.object(n, where, "path", "url", "etag", "last_modified", "sha256", "size", "fetched", "version", "auditgen") {
		return s
	}
	s.Path = r.text(n, where, "path", true, checkSourcePath)
	s.URL = r.text(n, where, "url", true, checkURL)
	s.ETag = r.text(n, where, "etag", false, checkLine)
	s.LastModified = r.text(n, where, "last_modified", false, checkLine)
	s.SHA256 = r.text(n, where, "sha256", true, checkSHA256)
	s.Version = r.text(n, where, "version", false, checkLine)
	s.Auditgen = r.text(n, where, "auditgen", false, checkLine)
	if fetched := r.text(n, where, "fetched", true, checkTime); fetched != "" {
		s.Fetched, _ = time.Parse(timeLayout, fetched) // checkTime has parsed it
	}
	size := n.Get("size")
	switch {
	case size == nil:
		r.add(n.Line, where, "the key size is missing", "run auditgen update")
	default:
		bytes, err := strconv.ParseInt(size.Text, 10, 64)
		if size.Kind != source.Number || err != nil || bytes < 0 || bytes > source.MaxBytes {
			r.add(size.Line, where+".size", "this is not the size of a document", "run auditgen update")
		}
		s.Size = bytes
	}
	return s
}

// object reports whether n is an object. It records an error for each unknown key.
func (r *reader) object(n *source.Node, where string, known ...string) bool {
	if n.Kind != source.Object {
		r.add(n.Line, where, "expected an object, found "+n.Kind.Noun(), "give it the keys "+strings.Join(known, ", "))
		return false
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Key) {
			r.add(m.Line, where, fmt.Sprintf("unknown key %s", quoted(m.Key)), "use one of "+strings.Join(known, ", "))
		}
	}
	return true
}

// text returns the string at a key. It records an error if the string is missing or check refuses
// it.
func (r *reader) text(n *source.Node, where, key string, required bool, check func(string) error) string {
	v := n.Get(key)
	if v == nil {
		if required {
			r.add(n.Line, where, "the key "+key+" is missing", "add it")
		}
		return ""
	}
	return r.textAt(v, where+"."+key, check)
}

// textAt returns a string. It records an error if it is none or check refuses it.
func (r *reader) textAt(v *source.Node, here string, check func(string) error) string {
	switch {
	case v.Kind != source.String:
		r.add(v.Line, here, "expected a string, found "+v.Kind.Noun(), "write it in quotes")
		return ""
	case len(v.Text) > maxText:
		r.add(v.Line, here, fmt.Sprintf("longer than %d bytes", maxText), "shorten it")
		return ""
	}
	if err := check(v.Text); err != nil {
		r.add(v.Line, here, err.Error(), "")
		return ""
	}
	return v.Text
}

// list returns the items at a key, which may be missing.
func (r *reader) list(n *source.Node, where, key string) []*source.Node {
	v := n.Get(key)
	if v == nil {
		return nil
	}
	if v.Kind != source.Array {
		r.add(v.Line, strings.TrimPrefix(where+"."+key, "."), "expected a list, found "+v.Kind.Noun(), "start each item with a dash")
		return nil
	}
	return v.Items
}

// texts returns a list of strings, sorted and without duplicates.
func (r *reader) texts(n *source.Node, where, key string) []string {
	var all []string
	for i, item := range r.list(n, where, key) {
		if item.Kind != source.String || len(item.Text) > maxText {
			r.add(item.Line, fmt.Sprintf("%s.%s[%d]", where, key, i), "this is not a short string", "remove it and run auditgen generate")
			continue
		}
		all = append(all, item.Text)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// quoted quotes text of the lock for a message.
func quoted(s string) string {
	const enough = 100
	if len(s) > enough {
		s = strings.ToValidUTF8(s[:enough], "") + "…"
	}
	return strconv.Quote(s)
}

func checkPackage(name string) error {
	if !naming.IsIdentifier(name) || len(name) > maxName {
		return fmt.Errorf("%s is not a package name: copy it from the configuration", quoted(name))
	}
	return nil
}

func checkMethod(method string) error {
	if !slices.Contains(methods, method) {
		return fmt.Errorf("%s is not the method of an operation: write one of %s", quoted(method), strings.Join(methods, ", "))
	}
	return nil
}

func checkPath(p string) error {
	if !strings.HasPrefix(p, "/") || strings.ContainsFunc(p, unicode.IsControl) {
		return fmt.Errorf("%s is not the path of an operation: start it with a slash", quoted(p))
	}
	return nil
}

// checkName accepts the names of exported methods.
func checkName(name string) error {
	if !naming.IsIdentifier(name) || !token.IsExported(name) || len(name) > maxName {
		return fmt.Errorf("%s is not an exported Go identifier: write one such as GetAuditRecords", quoted(name))
	}
	return nil
}

func checkHolding(text string) error {
	if text != string(ByValue) && text != string(ByPointer) {
		return fmt.Errorf("%s is not how a model is held: write value or pointer", quoted(text))
	}
	return nil
}

func checkSourcePath(p string) error {
	if p == "" || path.Clean(p) == "." {
		return fmt.Errorf("%s does not name a file: copy the path from the configuration", quoted(p))
	}
	return filename.CheckBelow(p)
}

func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return fmt.Errorf("%s is not the URL of a document: copy it from the configuration", quoted(text))
	}
	return checkLine(text)
}

// checkLine accepts the value of an HTTP header.
func checkLine(text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return fmt.Errorf("%s contains a control character: remove it and run auditgen update", quoted(text))
	}
	return nil
}

func checkSHA256(text string) error {
	if _, err := hex.DecodeString(text); err != nil || len(text) != 64 || text != strings.ToLower(text) {
		return fmt.Errorf("%s is not a SHA-256: run auditgen update", quoted(text))
	}
	return nil
}

// timeLayout is RFC 3339, UTC, to the second.
const timeLayout = "2006-01-02T15:04:05Z"

func checkTime(text string) error {
	if t, err := time.Parse(timeLayout, text); err != nil || t.Format(timeLayout) != text {
		return fmt.Errorf("%s is not a time: write it in the form %s", quoted(text), timeLayout)
	}
	return nil
}
