// Package published tests a team that starts with the documents published by Atlassian: auditgen
// init --published, auditgen update from a server, and code written for the embedded packages. The
// documents are not part of the repository. Without them, the tests are skipped.
package published

import (
	"encoding/pem"
	"fmt"
	"go/token"
	"go/types"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/internal/compiled"
)

// Names of packages and addresses around the tests.
const (
	repository = "../.."
	module     = "github.com/seed-1954497d/auditgen"
	embedded   = module + "/generated/" // import path of the embedded packages
	// The module of the team is below golden, so that its code may import golden/internal as the
	// copied tests do.
	team = module + "/golden/published/team"

	site           = "https://dac-static.atlassian.com" // host of the documents in auditgen init
	confluencePath = "/cloud/confluence/swagger.v3.json"
	jiraPath       = "/cloud/jira/platform/swagger-v3.v3.json"
)

// program is the path of auditgen, in a folder for all tests.
var program, folder string

func TestMain(m *testing.M) {
	os.Exit(compiled.Main(m, func(dir string) (err error) {
		folder = dir
		program, err = compiled.Program(dir, "cmd/auditgen")
		return err
	}))
}

// upstream serves the two documents.
type upstream struct {
	*httptest.Server
	mu        sync.Mutex
	documents map[string]string // by path
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	text, ok := u.documents[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(text)) // if the client is gone, it reports that itself
}

// change replaces a text in a document, which must contain it.
func (u *upstream) change(t *testing.T, path, old, new string) {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	if !strings.Contains(u.documents[path], old) {
		t.Fatalf("%s does not contain %q", path, old)
	}
	u.documents[path] = strings.ReplaceAll(u.documents[path], old, new)
}

// start is the folder of a team that ran auditgen init --published and auditgen update.
type start struct {
	dir string
	env []string
	up  *upstream
}

// environment is that of all programs, with the flags of our own build.
func environment() []string {
	return append(os.Environ(), "AUDITGEN_CACHE=off", "COLUMNS=", "GOWORK=off", "GOFLAGS="+os.Getenv("GOFLAGS")+" -mod=mod", "GOPROXY=off")
}

// begun is the folder that newStart copies.
var begun *start

// newStart makes such a folder, with the published documents. It must not be called by tests that
// run in parallel, which would share the server.
func newStart(t *testing.T) *start {
	t.Helper()
	documents := map[string]string{
		confluencePath: string(publishedDocument(t, *confluenceFile)), jiraPath: string(publishedDocument(t, *jiraFile))}
	if begun == nil {
		made := &start{dir: filepath.Join(folder, "start"), env: environment(), up: &upstream{documents: documents}}
		made.begin(t)
		begun = made
	}
	begun.up.documents = documents
	s := &start{dir: t.TempDir(), env: begun.env, up: begun.up}
	if err := os.CopyFS(s.dir, os.DirFS(begun.dir)); err != nil {
		t.Fatal(err)
	}
	return s
}

// begin runs init and update. Documents come from a server with TLS, if a program can be told to
// trust it.
func (s *start) begin(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "linux" {
		s.up.Server = httptest.NewTLSServer(s.up)
		trusted := filepath.Join(folder, "server.pem")
		write(t, trusted, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.up.Certificate().Raw})))
		s.env = append(s.env, "SSL_CERT_FILE="+trusted)
	} else {
		s.up.Server = httptest.NewServer(s.up)
	}
	s.module(t)
	s.auditgen(t, "init", "--published")
	// A user with a mirror would do this.
	config := filepath.Join(s.dir, "auditgen.yaml")
	text := read(t, config)
	if strings.Count(text, site) != 2 {
		t.Fatalf("the configuration does not name two documents at %s:\n%s", site, text)
	}
	write(t, config, strings.ReplaceAll(text, site, s.up.URL))
	s.auditgen(t, "update", "--allow-private")
}

// module makes the folder a module with this checkout and its requirements.
func (s *start) module(t *testing.T) {
	t.Helper()
	checkout, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		write(t, filepath.Join(s.dir, name), read(t, filepath.Join(checkout, name)))
	}
	s.must(t, "go", "mod", "edit", "-module="+team, "-require="+module+"@v0.0.0", "-replace="+module+"="+checkout)
}

func (s *start) auditgen(t *testing.T, args ...string) string {
	t.Helper()
	return s.must(t, program, args...)
}

// must runs a program in the folder and returns its output.
func (s *start) must(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := s.command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return string(out)
}

// command prepares a program that runs in the folder.
func (s *start) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.Env = s.dir, s.env
	return c
}

// here returns code of this repository for the team, which imports its own packages instead of the
// embedded ones.
func here(text string) string {
	return strings.NewReplacer(embedded, team+"/internal/", "../../generated/", "../internal/").Replace(text)
}

func TestAStartWithPublishedDocumentsHasTheAPIOfTheEmbeddedPackages(t *testing.T) {
	s := newStart(t)
	s.sameAPI(t)
	s.auditgen(t, "generate", "--check")
	s.auditgen(t, "update", "--allow-private", "--fail-on", "any")
}

// Atlassian changes its documents every week. These are real or likely changes, and none of them
// should affect the user.
func TestNewVersionsOfPublishedDocumentsChangeNoType(t *testing.T) {
	s := newStart(t)
	for _, c := range []struct{ path, old, new string }{
		// from and to lost their format in 2023.
		{jiraPath, `"format": "date-time"`, `"x-format": "date-time"`},
		{jiraPath, `"AuditRecordBean"`, `"AuditRecord"`},
		{jiraPath, `/AuditRecordBean"`, `/AuditRecord"`},
		{jiraPath, `"AssociatedItemBean"`, `"AuditItem"`},
		{jiraPath, `/AssociatedItemBean"`, `/AuditItem"`},
		{jiraPath, `"operationId": "getAuditRecords"`, `"operationId": "listAuditRecords"`},
		{jiraPath, `"manage:jira-configuration"`, `"read:audit-log:jira"`},
		// 152 operationIds were renamed in 2021.
		{confluencePath, `"operationId": "getAuditRecords"`, `"operationId": "com.atlassian.confluence.AuditResource.listAll_get"`},
		{confluencePath, `"operationId": "createAuditRecord"`, `"operationId": "addToAudit"`},
		{confluencePath, `"AuditRecordCreate"`, `"NewAuditRecord"`},
		{confluencePath, `/AuditRecordCreate"`, `/NewAuditRecord"`},
		{confluencePath, `"GenericLinks"`, `"Links"`},
		{confluencePath, `/GenericLinks"`, `/Links"`},
		// The scopes and the second way to authenticate were added in 2022.
		{confluencePath, `"summary": "Get audit records"`, `"security": [{"basicAuth": []}, {"oAuthDefinitions": ["read:audit-log:confluence"]}], "summary": "Get audit records"`},
		{confluencePath, `"description": "The creation date-time of the audit record, as a timestamp."`, `"description": "The creation date-time."`},
	} {
		s.up.change(t, c.path, c.old, c.new)
	}
	s.auditgen(t, "update", "--allow-private", "--fail-on", "breaking")
	s.sameAPI(t)
}

// sameAPI compares the exported API of the team's packages with the embedded ones.
func (s *start) sameAPI(t *testing.T) {
	t.Helper()
	theirs := s.compiles(t)
	ours, err := compiled.Importer(token.NewFileSet(), embedded+"confluence", embedded+"jira")
	if err != nil {
		t.Fatal(err)
	}
	for _, api := range audit {
		p, err := ours.Import(embedded + api.name)
		if err != nil {
			t.Fatal(err)
		}
		want := exports(p)
		if len(want) < 50 {
			t.Fatalf("%s exports %d things only", api.name, len(want))
		}
		if diff := cmp.Diff(want, exports(theirs[team+"/internal/"+api.name])); diff != "" {
			t.Errorf("%s: what the package exports: -embedded +published\n%s", api.name, diff)
		}
	}
}

// compiles returns the packages of the team. It fails the test if one does not compile.
func (s *start) compiles(t *testing.T) map[string]*types.Package {
	t.Helper()
	packages, err := compiled.Modules(s.dir)
	if err != nil {
		t.Fatalf("the code of the team does not compile: %v", err)
	}
	return packages
}

// exports lists the exported constants, functions and types of a package, with the exported fields
// and methods of types.
func exports(p *types.Package) []string {
	relative := func(q *types.Package) string {
		if q == p {
			return ""
		}
		return here(q.Path()) // the path of the runtime differs
	}
	var all []string
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		all = append(all, types.ObjectString(obj, relative))
		switch obj := obj.(type) {
		case *types.Const:
			all[len(all)-1] += " " + obj.Val().ExactString()
		case *types.TypeName:
			all[len(all)-1] = "type " + name
			all = append(all, contents(name, obj.Type(), relative)...)
		}
	}
	slices.Sort(all)
	return all
}

// contents lists the exported fields and methods of a type. The order of fields does not count.
func contents(name string, t types.Type, relative types.Qualifier) []string {
	var all []string
	if s, ok := t.Underlying().(*types.Struct); ok {
		for i := range s.NumFields() {
			if f := s.Field(i); f.Exported() {
				all = append(all, fmt.Sprintf("field %s.%s %s `%s`", name, f.Name(), types.TypeString(f.Type(), relative), s.Tag(i)))
			}
		}
	} else {
		all = append(all, fmt.Sprintf("type %s %s", name, types.TypeString(t.Underlying(), relative)))
	}
	if types.IsInterface(t) {
		return all
	}
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if m.Obj().Exported() {
			all = append(all, fmt.Sprintf("method %s.%s %s", name, m.Obj().Name(), types.TypeString(m.Type(), relative)))
		}
	}
	return all
}

// The tests of the embedded packages, and the program in the README, are code written for the
// embedded packages.
func TestCodeForTheEmbeddedPackagesWorksWithPublishedDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and runs the tests of golden/embedded")
	}
	s := newStart(t)
	files, err := filepath.Glob(repository + "/golden/embedded/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("golden/embedded has no tests: %v", err)
	}
	for _, file := range files {
		write(t, filepath.Join(s.dir, "embedded", filepath.Base(file)), here(read(t, file)))
	}
	_, section, _ := strings.Cut(read(t, repository+"/README.md"), "```go\npackage main\n")
	body, _, found := strings.Cut(section, "```\n")
	if !found || !strings.Contains(body, embedded) {
		t.Fatal("the README has no program that imports an embedded package")
	}
	write(t, filepath.Join(s.dir, "readme", "main.go"), here("package main\n"+body))
	s.compiles(t)
	s.must(t, "go", "test", "./embedded")
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
