package generator

import (
	"errors"
	"fmt"
	"go/token"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/naming"
)

// predeclared lists the names that Go declares itself. Package go/types has them too, but importing
// it would link a type checker.
var predeclared = strings.Fields(`any append bool byte cap clear close comparable complex complex128 complex64 copy delete
	error false float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil panic print println real
	recover rune string true uint uint16 uint32 uint64 uint8 uintptr`)

// CheckPackage returns an error if name cannot be the name of a generated package.
func CheckPackage(name string) error {
	const do = "use a Go identifier in lower case, such as confluence"
	switch {
	case token.IsKeyword(name):
		return fmt.Errorf("%q is a Go keyword: %s", name, do)
	case !naming.IsIdentifier(name) || name == "_":
		return fmt.Errorf("%q is not a Go identifier: %s", name, do)
	case slices.Contains(predeclared, name):
		return fmt.Errorf("%q is a predeclared name of Go: %s", name, do)
	case name == "main":
		return fmt.Errorf("a package main cannot be imported: %s", do)
	case name == "documentation":
		return fmt.Errorf("the go command ignores packages called documentation: %s", do)
	case strings.HasSuffix(name, "_test"):
		return fmt.Errorf("%q ends in _test, as the names of test packages do: %s", name, do)
	}
	return nil
}

// checkOut returns the output folder of a package in its clean form. A configuration may only write
// below its own folder.
func checkOut(out string) (string, error) {
	if out == "" {
		return "", errors.New("the folder is empty: name one such as ./internal/confluence")
	}
	if err := filename.CheckBelow(out); err != nil {
		return "", err
	}
	return path.Clean(out), nil
}

// checkRuntime returns the folder of the runtime in its clean form. It may leave the folder of the
// configuration, but not the module, which the command checks.
func checkRuntime(dir string) (string, error) {
	if err := checkPath(dir); err != nil {
		return "", err
	}
	clean := path.Clean(dir)
	below := clean
	for strings.HasPrefix(below, "../") {
		below = below[len("../"):]
	}
	if below == "." || below == ".." {
		return "", fmt.Errorf("%q is not a folder of its own: name one such as ./internal/rest", dir)
	}
	if path.Base(clean) != "rest" {
		return "", fmt.Errorf("%q does not end in /rest, the name of the package: name a folder such as ./internal/rest", dir)
	}
	return clean, filename.CheckBelow(below)
}

// checkPath returns an error if the path of a source is not valid. It may leave the folder of the
// configuration, because it is only read. It may not be absolute, because generated files name it
// and must be the same on all machines.
func checkPath(file string) error {
	switch {
	case file == "":
		return errors.New("the path is empty: name a file")
	case strings.ContainsFunc(file, unicode.IsControl):
		return fmt.Errorf("%q contains a control character: name a file", file)
	case filename.IsAbsolute(file):
		return fmt.Errorf("%q is absolute: write it relative to the configuration", file)
	case strings.Contains(file, `\`):
		return fmt.Errorf("%q contains a backslash: separate folders with /", file)
	}
	return nil
}

// checkBasePath returns an error if base cannot be the prefix of the paths of a source.
func checkBasePath(base string) error {
	switch {
	case !strings.HasPrefix(base, "/"):
		return fmt.Errorf("%q does not start with a slash: write a path such as /wiki/rest/api", base)
	case len(base) > 1 && strings.HasSuffix(base, "/"):
		return fmt.Errorf("%q ends in a slash: write %q", base, strings.TrimRight(base, "/"))
	case strings.ContainsAny(base, `?#\`) || strings.ContainsFunc(base, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Errorf("%q is more than a path: remove queries, fragments and spaces", base)
	case base != path.Clean(base):
		return fmt.Errorf("%q is not a clean path: write %q", base, path.Clean(base))
	}
	return nil
}
