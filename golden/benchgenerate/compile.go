package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/golden/internal/peers"
)

var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

// writeModule makes dir a module in which the output of a tool compiles.
func (b *bench) writeModule(dir, needs string) error {
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(b.root, name))
		if err != nil {
			return err
		}
		data = moduleLine.ReplaceAll(data, []byte("module bench"))
		if name == "go.mod" && needs != "" {
			data = fmt.Appendf(data, "\nrequire %s\n", needs)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// compile counts the lines of an output and compiles it alone. Its imports, our runtime and the
// modules of others, are compiled before. The build cache belongs to this run, so nothing else is
// cached.
func (b *bench) compile(m *measured) error {
	dir := filepath.Dir(m.out)
	if err := b.writeModule(dir, m.needs); err != nil {
		return err
	}
	var err error
	if m.lines, err = linesOf(m.out); err != nil {
		return err
	}
	if err := b.compileNeeds(dir); err != nil {
		m.trouble = "no: " + err.Error()
		return nil
	}
	archive := filepath.Join(dir, "api.a")
	cost, text, err := b.goCommand(dir, "build", "-o", archive, "./api")
	if err != nil {
		m.trouble = "no: " + peers.Reason(text, err)
		return nil
	}
	info, err := os.Stat(archive)
	if err != nil {
		return err
	}
	m.compile, m.archive = cost, float64(info.Size())/1e6
	return nil
}

// compileNeeds compiles everything that an output imports. Modules of peers may have to be fetched.
func (b *bench) compileNeeds(dir string) error {
	list := func(flags ...string) (string, error) {
		args := append(append([]string{"list"}, flags...), "-deps", "-f", "{{if .DepOnly}}{{.ImportPath}}{{end}}", "./api")
		_, text, err := b.goCommand(dir, args...)
		return text, err
	}
	text, err := list()
	if err != nil {
		if text, err := list("-mod=mod"); err != nil { // fetches only the modules that are needed
			return errors.New(peers.Reason(text, err))
		}
		if text, err = list(); err != nil {
			return errors.New(peers.Reason(text, err))
		}
	}
	if _, text, err := b.goCommand(dir, append([]string{"build"}, strings.Fields(text)...)...); err != nil {
		return fmt.Errorf("%s", peers.Reason(text, err))
	}
	return nil
}

// goCommand runs the go command with the build cache of this run. It returns the cost and the
// output.
func (b *bench) goCommand(dir string, args ...string) (figures, string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOCACHE="+filepath.Join(b.dir, "gocache"))
	return timed(cmd)
}

// linesOf counts the lines of Go below a folder.
func linesOf(dir string) (n int, err error) {
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") {
			return err
		}
		data, err := os.ReadFile(file)
		n += bytes.Count(data, []byte("\n"))
		return err
	})
	return n, err
}
