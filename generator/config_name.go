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

// Nearest gives the known word that a misspelt one most likely means, or "" if none is near: at most a third of its
// letters differ, and two letters that changed places count once. The beginning of a word will do too.
func Nearest(word string, known []string) string {
	best, limit := "", max(len(word)/3, 1)+1
	if len(word) > 64 {
		return ""
	}
	for _, candidate := range known {
		if strings.EqualFold(word, candidate) {
			return candidate
		}
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < limit {
			best, limit = candidate, d
		}
	}
	if best == "" && len(word) > 2 {
		for _, candidate := range known {
			if strings.HasPrefix(candidate, strings.ToLower(word)) {
				return candidate
			}
		}
	}
	return best
}

// distance is the number of bytes to insert, remove, replace or swap with a neighbour that turns a into b.
func distance(a, b string) int {
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			differ := 1
			if a[i-1] == b[j-1] {
				differ = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differ)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
