package generator_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/internal/compiled"
)

// typeChecker checks printed packages against export data of all that they may import.
type typeChecker struct {
	mu       sync.Mutex // the importer is not safe for concurrent use
	files    *token.FileSet
	importer types.Importer
}

var checker = sync.OnceValues(newTypeChecker)

func newTypeChecker() (*typeChecker, error) {
	files := token.NewFileSet()
	fixed := maps.Clone(importable)
	delete(fixed, importedAs)
	imported, err := compiled.Importer(files, slices.Sorted(maps.Keys(fixed))...)
	return &typeChecker{files: files, importer: imported}, err
}

// check type-checks a package, and gives everything that is wrong in it.
func (c *typeChecker) check(files []generator.File) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var syntax, examples []*ast.File
	for _, f := range files {
		switch {
		case !strings.HasSuffix(f.Name, ".go"):
		case strings.HasSuffix(f.Name, "_test.go"):
			file, err := parser.ParseFile(c.files, f.Name, f.Data, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			defer c.files.RemoveFile(c.files.File(file.FileStart))
			examples = append(examples, file)
		default:
			file, err := parser.ParseFile(c.files, f.Name, f.Data, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			defer c.files.RemoveFile(c.files.File(file.FileStart))
			syntax = append(syntax, file)
		}
	}
	var all []error
	config := types.Config{Importer: c.importer, Error: func(err error) { all = append(all, err) }}
	made, _ := config.Check(importedAs, c.files, syntax, nil) // every error went to config.Error
	config.Importer = importsToo{c.importer, made}
	_, _ = config.Check(importedAs+"_test", c.files, examples, nil)
	return errors.Join(all...)
}

// importsToo imports one package more.
type importsToo struct {
	types.Importer
	made *types.Package
}

func (i importsToo) Import(path string) (*types.Package, error) {
	if path == i.made.Path() {
		return i.made, nil
	}
	return i.Importer.Import(path)
}

func typeCheck(t testing.TB, files []generator.File) error {
	c, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	return c.check(files)
}

// The tests that type-check what they get rely on this.
func TestTheTypeCheckerTellsGoFromWhatIsNone(t *testing.T) {
	out, err := generator.Generate(everything(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := typeCheck(t, out.Files); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"func X() int { return \"\" }", "type Client struct{}", "func (c *Client) GetPart() {}", "var y undefined"} {
		more := append(slices.Clone(out.Files), generator.File{Name: "more.go", Data: []byte("package everything\n\n" + wrong + "\n")})
		if typeCheck(t, more) == nil {
			t.Errorf("nothing is wrong with %s", wrong)
		}
	}
}
