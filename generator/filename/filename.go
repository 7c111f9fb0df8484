// Package filename checks the names of files and folders that auditgen writes. They come from
// configurations, locks, manifests and the tags of documents.
package filename

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Check returns an error if name cannot be the name of a file or folder that auditgen writes. It
// must be a single plain name on every system, including Windows.
func Check(name string) error {
	switch {
	case name == "":
		return errors.New("the name is empty")
	case name == "." || name == "..":
		return fmt.Errorf("%q is not a name", name)
	case strings.ContainsAny(name, `/\`):
		return fmt.Errorf("%q contains a path separator", name)
	case strings.ContainsAny(name, `<>:"|?*`):
		return fmt.Errorf("%q contains one of < > : \" | ? *, which Windows refuses", name)
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || r == unicode.ReplacementChar }):
		return fmt.Errorf("%q contains a character that cannot be printed", name)
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return fmt.Errorf("%q ends in a dot or a space, which Windows drops", name)
	case isDevice(name):
		return fmt.Errorf("%q is the name of a device on Windows", name)
	case len(name) > 255:
		return errors.New("the name is longer than 255 bytes")
	}
	return nil
}

// isDevice reports whether a name, with any extension, is a device on Windows.
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

// CheckBelow returns an error if a slash-separated path does not stay below the folder that it is
// relative to. Empty and single-dot segments are allowed.
func CheckBelow(p string) error {
	const do = "give a path below the folder of the configuration"
	switch {
	case strings.Contains(p, `\`):
		return fmt.Errorf("%q contains a backslash: separate folders with /", p)
	case IsAbsolute(p):
		return fmt.Errorf("%q is absolute: %s", p, do)
	case strings.HasPrefix(p, "~"):
		return fmt.Errorf("%q: ~ is not expanded: %s", p, do)
	}
	for segment := range strings.SplitSeq(p, "/") {
		if segment == ".." {
			return fmt.Errorf("%q leaves its folder by ..: %s", p, do)
		}
		if segment == "" || segment == "." {
			continue
		}
		if err := Check(segment); err != nil {
			return fmt.Errorf("%w: give another name", err)
		}
	}
	return nil
}

// IsAbsolute reports whether a path starts at the root or with a Windows drive letter.
func IsAbsolute(p string) bool {
	return strings.HasPrefix(p, "/") || len(p) >= 2 && p[1] == ':' && (p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z')
}
