// Package filename says which names of files and folders auditgen may write, wherever they come from: a configuration, a lock, a
// manifest or the tag of a document.
package filename

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Check says why name cannot be the name of a file or folder that auditgen writes: it has to be one plain name
// on every system, Windows among them.
func Check(name string) error {
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

// CheckBelow says why a path, with slashes, cannot be that of something below the folder that it is relative to. Empty segments and
// those that are a single dot do no harm.
func CheckBelow(p string) error {
	const do = "give a path below the folder of the configuration"
	switch {
	case strings.Contains(p, `\`):
		return fmt.Errorf("%q holds a backslash: separate folders with /", p)
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

// IsAbsolute tells whether a path starts at the root, or at a drive letter as on Windows.
func IsAbsolute(p string) bool {
	return strings.HasPrefix(p, "/") || len(p) >= 2 && p[1] == ':' && (p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z')
}
