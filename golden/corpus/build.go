package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/golden/corpus/internal/call"
)

const (
	moduleName = "corpus"
	restPath   = moduleName + "/rest" // of the runtime shared by all clients
)

var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

// writeModule writes the go.mod of the module with the versions of this checkout.
func (s *workshop) writeModule() error {
	module, err := os.ReadFile(filepath.Join(s.root, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(s.root, "go.sum"))
	if err != nil {
		return err
	}
	files := map[string][]byte{"go.mod": moduleLine.ReplaceAll(module, []byte("module "+moduleName)), "go.sum": sums}
	err = fs.WalkDir(call.Sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files["call/"+name], err = call.Sources.ReadFile(name)
		return err
	})
	for name, data := range files {
		err = errors.Join(err, s.write(name, data))
	}
	return errors.Join(err, s.writeRuntime())
}

// writeRuntime writes the packages that all clients import.
func (s *workshop) writeRuntime() error {
	packages, err := generator.Runtime(restPath, true)
	if err != nil {
		return err
	}
	for _, p := range packages {
		for _, f := range p.Files {
			err = errors.Join(err, s.write(path.Join("rest", p.Dir, f.Name), f.Data))
		}
	}
	return err
}

func (s *workshop) write(name string, data []byte) error {
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// build builds and vets all clients, and the program that calls the ones without failures.
func (s *workshop) build(docs []*document) error {
	for _, command := range s.commands {
		out, err := s.goCommand(command, "./rest/...", "./clients/...")
		if err == nil || strings.Contains(out, "matched no packages") {
			continue
		}
		if blamed := blame(docs, command, out); !blamed {
			return fmt.Errorf("go %s: %w\n%s", command, err, out)
		}
	}
	if err := s.write("main.go", callerSource(docs)); err != nil {
		return err
	}
	if out, err := s.goCommand("build", "-ldflags=-w", "-o", "caller", "."); err != nil {
		return fmt.Errorf("the program that calls the clients: %w\n%s", err, out)
	}
	return nil
}

func (s *workshop) goCommand(command string, args ...string) (string, error) {
	cmd := exec.Command("go", slices.Concat([]string{command}, s.flags, args)...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GO111MODULE=on")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

var packageHeader = regexp.MustCompile(`(?m)^# \[?` + moduleName + `/clients/(\w+)\]?.*\n`)

// blame assigns the complaints of the go command to clients and reports whether there were any.
func blame(docs []*document, command, out string) bool {
	byFolder := map[string]*document{}
	for _, d := range docs {
		byFolder[d.folder()] = d
	}
	headers := packageHeader.FindAllStringSubmatchIndex(out, -1)
	found := false
	for i, h := range headers {
		end := len(out)
		if i+1 < len(headers) {
			end = headers[i+1][0]
		}
		text := strings.TrimSpace(out[h[1]:end])
		if d := byFolder[out[h[2]:h[3]]]; d != nil && text != "" {
			d.fail("go %s: %s", command, text)
			found = true
		}
	}
	// Output before the first header is about imports or packages of several names.
	for line := range strings.Lines(out) {
		for folder, d := range byFolder {
			if len(headers) == 0 && strings.Contains(line, "clients/"+folder+"/") {
				d.fail("go %s: %s", command, strings.TrimSpace(line))
				found = true
			}
		}
	}
	return found
}

// callerSource returns the source of the program that contains all clients.
func callerSource(docs []*document) []byte {
	var imports, clients strings.Builder
	for i, d := range docs {
		if d.failed() || d.refusal != "" {
			continue
		}
		fmt.Fprintf(&imports, "\tc%d %q\n", i, moduleName+"/clients/"+d.folder())
		var variables strings.Builder
		for _, name := range d.variables {
			fmt.Fprintf(&variables, ", rest.ServerVariable(%q, \"value\")", name)
		}
		fmt.Fprintf(&clients, "\t\t%q: func(url string) (any, error) { return c%d.NewClient(url, noRetry, login%s) },\n", d.folder(), i, &variables)
	}
	return fmt.Appendf(nil, `package main

import (
	%q
	%q
%s)

var noRetry, login = rest.WithMaxRetries(0), rest.WithBasicAuth("me@example.com", "token")

func main() {
	call.Main(map[string]call.New{
%s	})
}
`, moduleName+"/call", restPath, &imports, &clients)
}

// call calls every operation of every client that was built. Each client has its own process, which
// may crash.
func (s *workshop) call(docs []*document) {
	each(docs, func(d *document) {
		if d.failed() || d.refusal != "" {
			return
		}
		var stderr bytes.Buffer
		cmd := exec.Command(filepath.Join(s.dir, "caller"), d.folder(), s.expected(d))
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		var result call.Result
		if err == nil {
			err = json.Unmarshal(out, &result)
		}
		if err != nil {
			d.fail("calling it ended in %v: %.2000s", err, &stderr)
			return
		}
		d.called, d.walked = result.Called, result.Walked
		for _, problem := range result.Problems {
			d.fail("%s", problem)
		}
		d.examine(result.Requests)
	})
}
