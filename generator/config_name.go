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
)

// predeclared is every name that Go declares itself. Package go/types knows them too, at the price of a type checker.
var predeclared = strings.Fields(`any append bool byte cap clear close comparable complex complex128 complex64 copy delete
	error false float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil panic print println real
	recover rune string true uint uint16 uint32 uint64 uint8 uintptr`)

// CheckPackage says why name cannot be the name of a generated package.
func CheckPackage(name string) error {
	const do = "give a Go identifier in lower case, such as confluence"
	switch {
	case token.IsKeyword(name):
		return fmt.Errorf("%q is a Go keyword: %s", name, do)
	case !token.IsIdentifier(name) || name == "_":
		return fmt.Errorf("%q is no Go identifier: %s", name, do)
	case slices.Contains(predeclared, name):
		return fmt.Errorf("%q is a predeclared name of Go: %s", name, do)
	case name == "main":
		return fmt.Errorf("a package main cannot be imported: %s", do)
	case name == "documentation":
		return fmt.Errorf("the go command ignores a package documentation: %s", do)
	case strings.HasSuffix(name, "_test"):
		return fmt.Errorf("%q is how Go names the tests of a package: %s", name, do)
	}
	return nil
}

// checkOut gives the output folder of a package in its clean form, or says what is wrong with it: a configuration may
// only write below its own folder.
func checkOut(out string) (string, error) {
	if out == "" {
		return "", errors.New("the folder is empty: name one, such as ./internal/confluence")
	}
	if err := filename.CheckBelow(out); err != nil {
		return "", err
	}
	return path.Clean(out), nil
}

// checkRuntime checks the folder of the runtime. It may lead out of the folder of the configuration, but not out of the
// module, which the command finds out.
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
		return "", fmt.Errorf("%q is not a folder of its own: name one, such as ./internal/rest", dir)
	}
	if path.Base(clean) != "rest" {
		return "", fmt.Errorf("%q does not end in /rest, and the package in it is called rest: name such a folder, as ./internal/rest", dir)
	}
	return clean, filename.CheckBelow(below)
}

// checkPath says what is wrong with the path of a source. It may lead out of the folder of the configuration, since it
// is only read; it may not be absolute, since what is generated names it and has to be the same everywhere.
func checkPath(file string) error {
	switch {
	case file == "":
		return errors.New("the path is empty: name a file")
	case strings.ContainsFunc(file, unicode.IsControl):
		return fmt.Errorf("%q holds a control character: name a file", file)
	case filename.IsAbsolute(file):
		return fmt.Errorf("%q is absolute: give it relative to the configuration", file)
	case strings.Contains(file, `\`):
		return fmt.Errorf("%q holds a backslash: separate folders with /", file)
	}
	return nil
}

// checkBasePath says what is wrong with what is put before the paths of a source.
func checkBasePath(base string) error {
	switch {
	case !strings.HasPrefix(base, "/"):
		return fmt.Errorf("%q does not start with a slash: write a path, such as /wiki/rest/api", base)
	case len(base) > 1 && strings.HasSuffix(base, "/"):
		return fmt.Errorf("%q ends in a slash: write %q", base, strings.TrimRight(base, "/"))
	case strings.ContainsAny(base, `?#\`) || strings.ContainsFunc(base, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Errorf("%q is more than a path: remove queries, fragments and spaces", base)
	case base != path.Clean(base):
		return fmt.Errorf("%q is no plain path: write %q", base, path.Clean(base))
	}
	return nil
}
