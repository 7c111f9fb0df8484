package generator

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/merge"
)

// maxGlob bounds the length of a glob, and so the size of its matcher.
const maxGlob = 1024

// glob is a pattern over operations.
//
// A pattern that starts with a slash is about paths and is matched segment by segment. A * matches
// any text within a segment, and a ** segment matches any number of segments. A ** at the end
// matches at least one, so /audit/** means everything below /audit but not /audit itself. All other
// characters are literal, including braces: /audit/{id} is that path.
//
// The prefixes tag: and operation: make a pattern about tags and about names of operations: the
// operationIds of the documents, the short ones of the settled document, and the Go names. In
// these,
// * matches any text.
type glob struct {
	pattern string
	texts   func(merge.Candidate) []string // the texts of an operation to match
	re      *regexp.Regexp
}

// globs is a list of patterns. An operation matches the list if it matches any of them.
type globs []glob

// Prefixes of patterns that are not about paths.
const (
	tagPrefix       = "tag:"
	operationPrefix = "operation:"
)

// CheckGlob returns an error if a pattern of include or exclude is not valid.
func CheckGlob(pattern string) error {
	switch {
	case pattern == "":
		return errors.New("the pattern is empty: write a path such as /wiki/rest/api/audit/**")
	case len(pattern) > maxGlob:
		return fmt.Errorf("the pattern is longer than %d bytes: write a shorter one", maxGlob)
	case pattern == tagPrefix || pattern == operationPrefix:
		return fmt.Errorf("%q has no name: write a tag or an operationId after the colon", pattern)
	case strings.HasPrefix(pattern, tagPrefix) || strings.HasPrefix(pattern, operationPrefix):
		return nil
	case !strings.HasPrefix(pattern, "/"):
		return fmt.Errorf("%q is not a path, a tag or an operation: write %q, %q or %q", pattern, "/"+pattern, tagPrefix+pattern, operationPrefix+pattern)
	case strings.ContainsAny(pattern, "?#[]\\"):
		return fmt.Errorf("%q: only * and ** are special, and paths do not contain ? # [ ] or \\: use *", pattern)
	}
	for segment := range strings.SplitSeq(pattern, "/") {
		if segment != "**" && strings.Contains(segment, "**") {
			return fmt.Errorf("%q: ** must be a whole segment: write /**/ or a single *", pattern)
		}
	}
	return nil
}

// compileGlobs compiles patterns. The error names every invalid pattern.
func compileGlobs(patterns []string) (globs, error) {
	var all globs
	var errs []error
	for _, pattern := range patterns {
		if err := CheckGlob(pattern); err != nil {
			errs = append(errs, err)
			continue
		}
		one, err := compileGlob(pattern)
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", pattern, err))
			continue
		}
		all = append(all, one)
	}
	return all, errors.Join(errs...)
}

func compileGlob(pattern string) (glob, error) {
	text, texts := globRegexp(pattern), func(op merge.Candidate) []string { return []string{op.Path} }
	if tag, ok := strings.CutPrefix(pattern, tagPrefix); ok {
		text, texts = wordRegexp(tag), func(op merge.Candidate) []string { return op.Tags }
	} else if id, ok := strings.CutPrefix(pattern, operationPrefix); ok {
		text, texts = wordRegexp(id), func(op merge.Candidate) []string { return op.Names }
	}
	re, err := regexp.Compile(text)
	return glob{pattern, texts, re}, err
}

// wordRegexp converts a pattern over one word to a regular expression.
func wordRegexp(pattern string) string {
	return `\A` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `(?s:.*)`) + `\z`
}

// globRegexp converts a path pattern to a regular expression. Package regexp matches in linear
// time, whatever the pattern.
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

// Match reports whether any of the patterns matches the operation.
func (g globs) Match(op merge.Candidate) bool {
	return slices.ContainsFunc(g, func(one glob) bool { return one.match(op) })
}

func (g glob) match(op merge.Candidate) bool {
	return slices.ContainsFunc(g.texts(op), g.re.MatchString)
}

// unused returns the patterns that match no operation. Usually they are misspelt.
func (g globs) unused(ops []merge.Candidate) []string {
	var patterns []string
	for _, one := range g {
		if !slices.ContainsFunc(ops, one.match) {
			patterns = append(patterns, one.pattern)
		}
	}
	return patterns
}

// Limits of movedTo.
const (
	maxFront = 8 // segments that a path may gain or lose
	maxMoved = 3 // paths in a message; more would not help
)

// movedTo returns the start of a remedy for a pattern that matches nothing: the paths to which its
// operations may have moved. Paths gain and lose segments in front (/audit, /wiki/rest/api/audit).
// It is empty if there is no such path.
func movedTo(pattern string, ops []merge.Candidate) string {
	var places []string
	for dropped, end := range fronts(pattern) {
		first, _, _ := strings.Cut(end[1:], "/")
		one, err := compileGlob(end)
		if err != nil || strings.Contains(first, "*") {
			continue
		}
		for _, op := range ops {
			for i, rest := range fronts(op.Path) {
				place := op.Path[:len(op.Path)-len(rest)] + end
				if (i == 0 || dropped == 0) && one.re.MatchString(rest) && !slices.Contains(places, place) {
					places = append(places, place)
				}
			}
			if len(places) > maxMoved {
				return ""
			}
		}
	}
	if len(places) == 0 {
		return ""
	}
	return "it may have moved to " + strings.Join(places, " or ") + ": "
}

// fronts returns the path, then the path without its first segment, without its first two, and so
// on.
func fronts(path string) []string {
	var all []string
	for len(all) <= maxFront && strings.HasPrefix(path, "/") {
		all = append(all, path)
		next := strings.Index(path[1:], "/")
		if next < 0 {
			break
		}
		path = path[1+next:]
	}
	return all
}
