package generator

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// maxGlob bounds a glob, so that a configuration cannot make the matcher large.
const maxGlob = 1024

// glob is a pattern over the paths of operations. It is matched segment by segment: * stands for any text within a
// segment, ** as a whole segment for any number of them. A ** at the end stands for at least one, so that
// /audit/** means what is below /audit, and /audit itself is said apart. Everything else is itself, braces included:
// /audit/{id} is that path.
type glob struct {
	pattern string
	re      *regexp.Regexp
}

// globs is a list of patterns; a path matches the list if it matches any of them.
type globs []glob

// CheckGlob says what is wrong with a pattern of include or exclude.
func CheckGlob(pattern string) error {
	switch {
	case pattern == "":
		return errors.New("the pattern is empty: write a path, such as /wiki/rest/api/audit/**")
	case len(pattern) > maxGlob:
		return fmt.Errorf("the pattern is longer than %d bytes: write a shorter one", maxGlob)
	case !strings.HasPrefix(pattern, "/"):
		return fmt.Errorf("%q does not start with a slash: write %q", pattern, "/"+pattern)
	case strings.ContainsAny(pattern, "?#[]\\"):
		return fmt.Errorf("%q: only * and ** are special, and no path holds ? # [ ] or \\: use *", pattern)
	}
	for segment := range strings.SplitSeq(pattern, "/") {
		if segment != "**" && strings.Contains(segment, "**") {
			return fmt.Errorf("%q: ** is a whole segment: write /**/ or a single *", pattern)
		}
	}
	return nil
}

// compileGlobs makes patterns ready to match; the error names every pattern that is none.
func compileGlobs(patterns []string) (globs, error) {
	var all globs
	var errs []error
	for _, pattern := range patterns {
		if err := CheckGlob(pattern); err != nil {
			errs = append(errs, err)
			continue
		}
		re, err := regexp.Compile(globRegexp(pattern))
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", pattern, err))
			continue
		}
		all = append(all, glob{pattern, re})
	}
	return all, errors.Join(errs...)
}

// globRegexp writes a pattern as a regular expression: package regexp matches in time linear in the path, whatever the
// pattern.
func globRegexp(pattern string) string {
	segments := strings.Split(pattern, "/")[1:]
	var b strings.Builder
	b.WriteString(`\A`)
	for i, segment := range segments {
		switch {
		case segment == "**" && i == len(segments)-1:
			b.WriteString(`(?:/[^/]*)+`)
		case segment == "**":
			b.WriteString(`(?:/[^/]*)*`)
		default:
			b.WriteString("/" + strings.ReplaceAll(regexp.QuoteMeta(segment), `\*`, `[^/]*`))
		}
	}
	b.WriteString(`\z`)
	return b.String()
}

// Match tells whether any of the patterns matches the path.
func (g globs) Match(path string) bool {
	for _, one := range g {
		if one.re.MatchString(path) {
			return true
		}
	}
	return false
}

// unused gives the patterns that match none of the paths: most often they are misspelt.
func (g globs) unused(paths []string) []string {
	var patterns []string
	for _, one := range g {
		if !matchesAny(one.re, paths) {
			patterns = append(patterns, one.pattern)
		}
	}
	return patterns
}

func matchesAny(re *regexp.Regexp, paths []string) bool {
	for _, path := range paths {
		if re.MatchString(path) {
			return true
		}
	}
	return false
}
