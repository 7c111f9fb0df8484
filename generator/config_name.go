package generator

import (
	"errors"
	"fmt"
	"go/token"
	"path"
	"slices"
	"strings"
	"unicode"
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

// CheckFileName says why name cannot be the name of a file or folder that auditgen writes: it has to be one plain name
// on every system, Windows among them.
func CheckFileName(name string) error {
	switch {
	case name == "":
		return errors.New("the name is empty")
	case name == "." || name == "..":
		return fmt.Errorf("%q is no name", name)
	case strings.ContainsAny(name, `/\`):
		return fmt.Errorf("%q holds a path separator", name)
	case strings.ContainsAny(name, `<>:"|?*`):
		return fmt.Errorf("%q holds one of < > : \" | ? *, which Windows refuses", name)
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || r == unicode.ReplacementChar }):
		return fmt.Errorf("%q holds a character that cannot be printed", name)
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return fmt.Errorf("%q ends in a dot or a space, which Windows drops", name)
	case isDevice(name):
		return fmt.Errorf("%q is the name of a device on Windows", name)
	case len(name) > 255:
		return errors.New("the name is longer than 255 bytes")
	}
	return nil
}

// isDevice tells whether Windows takes a name, with any extension, for a device.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}, base) {
		return true
	}
	number, ok := strings.CutPrefix(base, "COM")
	if !ok {
		number, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && slices.Contains([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "¹", "²", "³"}, number)
}

// checkOut gives the output folder of a package in its clean form, or says what is wrong with it: a configuration may
// only write below its own folder.
func checkOut(out string) (string, error) {
	switch {
	case out == "":
		return "", errors.New("the folder is empty: name one, such as ./internal/confluence")
	case strings.Contains(out, `\`):
		return "", fmt.Errorf("%q holds a backslash: separate folders with /", out)
	case strings.HasPrefix(out, "/") || isDrivePath(out):
		return "", fmt.Errorf("%q is absolute: give a folder below that of the configuration", out)
	case strings.HasPrefix(out, "~"):
		return "", fmt.Errorf("%q: ~ is not expanded: give a folder below that of the configuration", out)
	}
	for segment := range strings.SplitSeq(out, "/") {
		if segment == ".." {
			return "", fmt.Errorf("%q leaves its folder by ..: give a folder below that of the configuration", out)
		}
		if segment == "" || segment == "." {
			continue
		}
		if err := CheckFileName(segment); err != nil {
			return "", fmt.Errorf("%w: give another folder", err)
		}
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
	case strings.HasPrefix(file, "/") || isDrivePath(file):
		return fmt.Errorf("%q is absolute: give it relative to the configuration", file)
	case strings.Contains(file, `\`):
		return fmt.Errorf("%q holds a backslash: separate folders with /", file)
	}
	return nil
}

// isDrivePath tells whether a path starts with a drive letter, as on Windows.
func isDrivePath(p string) bool {
	return len(p) >= 2 && p[1] == ':' && (p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z')
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
