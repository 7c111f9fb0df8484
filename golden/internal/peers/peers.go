// Package peers installs the other generators that ours is compared with, each at a fixed version.
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

// Peer is another generator.
type Peer struct {
	Name    string
	Module  string
	Version string
	command string // package of its program, below Module
}

// The generators and their measured versions.
var (
	OapiCodegen = Peer{"oapi-codegen", "github.com/oapi-codegen/oapi-codegen/v2", "v2.8.2", "cmd/oapi-codegen"}
	Doordash    = Peer{"oapi-codegen-dd", "github.com/doordash-oss/oapi-codegen-dd/v3", "v3.66.0", "cmd/oapi-codegen"}
	Ogen        = Peer{"ogen", "github.com/ogen-go/ogen", "v1.24.0", "cmd/ogen"}
	GoSwagger   = Peer{"go-swagger", "github.com/go-swagger/go-swagger", "v0.36.2", "cmd/swagger"}
)

// String returns name and version.
func (p Peer) String() string { return p.Name + " " + p.Version }

// Build builds the program in dir and returns its path. It makes dir a module that requires this
// exact version: go install would ask for a list of all versions, which some proxies do not have.
// The text of the error is the reason on one line.
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

// longest is the maximum number of characters of a reason.
const longest = 200

// Reason returns the line of a command's output that explains err: the first one that is not a
// note.
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

// isNote reports whether a line is only progress or a heading, in the output of the go command,
// ogen or go-swagger.
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
