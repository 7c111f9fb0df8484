// Package peers has the generators of others that ours is measured beside, each at one version, and builds their programs.
package peers

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// Peer is a generator of others.
type Peer struct {
	Name    string
	Module  string
	Version string
	command string // the package of its program, below Module
}

// The generators and the versions of them that are measured.
var (
	OapiCodegen = Peer{"oapi-codegen", "github.com/oapi-codegen/oapi-codegen/v2", "v2.8.2", "cmd/oapi-codegen"}
	Doordash    = Peer{"oapi-codegen-dd", "github.com/doordash-oss/oapi-codegen-dd/v3", "v3.66.0", "cmd/oapi-codegen"}
	Ogen        = Peer{"ogen", "github.com/ogen-go/ogen", "v1.24.0", "cmd/ogen"}
	GoSwagger   = Peer{"go-swagger", "github.com/go-swagger/go-swagger", "v0.36.2", "cmd/swagger"}
)

// String gives name and version.
func (p Peer) String() string { return p.Name + " " + p.Version }

// Build builds the program in dir, which it makes a module that requires this very version, and gives its file. So the go
// command needs no list of all versions there are, which not every proxy gives away as go install wants it. The error's
// text is the reason in one line.
func (p Peer) Build(dir string) (program string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	mod := fmt.Sprintf("module peer\n\ngo 1.26\n\nrequire %s %s\n", p.Module, p.Version)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o600); err != nil {
		return "", err
	}
	program = filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-o", program, path.Join(p.Module, p.command))
	build.Dir = dir
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.New(Reason(string(out), err))
	}
	return program, nil
}

// longest is how many characters of a reason are worth reading.
const longest = 200

// Reason gives the line of a command's output that says why it ended with err: the first one that is no mere note.
func Reason(out string, err error) string {
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line == "" || isNote(line) {
			continue
		}
		if r := []rune(line); len(r) > longest {
			line = string(r[:longest]) + "..."
		}
		return line
	}
	return err.Error()
}

// isNote tells the lines that say what a command does, or that something is wrong, and not what: of the go command, of ogen, of
// go-swagger.
func isNote(line string) bool {
	if strings.HasSuffix(line, ":") {
		return true
	}
	for _, start := range []string{"go: downloading", "#", "INFO"} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}
