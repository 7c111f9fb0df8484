package generator

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/merge"
)

// maxGlob bounds a glob, so that a configuration cannot make the matcher large.
const maxGlob = 1024

// glob is a pattern over operations. One that starts with a slash is about paths and is matched segment by segment: * stands
// for any text within a segment, ** as a whole segment for any number of them. A ** at the end stands for at least one, so
// that /audit/** means what is below /audit, and /audit itself is said apart. Everything else is itself, braces
// included: /audit/{id} is that path. tag: and operation: in front make it about tags and about operationIds, the short ones
// of the settled document; there * stands for any text.
type glob struct {
	pattern string
	texts   func(merge.Candidate) []string // what of an operation is matched
	re      *regexp.Regexp
}

// globs is a list of patterns; an operation matches the list if it matches any of them.
type globs []glob

// The prefixes of patterns that are not about paths.
const (
	tagPrefix       = "tag:"
	operationPrefix = "operation:"
)

// CheckGlob says what is wrong with a pattern of include or exclude.
func CheckGlob(pattern string) error {
	switch {
	case pattern == "":
		return errors.New("the pattern is empty: write a path, such as /wiki/rest/api/audit/**")
	case len(pattern) > maxGlob:
		return fmt.Errorf("the pattern is longer than %d bytes: write a shorter one", maxGlob)
	case pattern == tagPrefix || pattern == operationPrefix:
		return fmt.Errorf("%q names nothing: write a tag or an operationId behind the colon", pattern)
	case strings.HasPrefix(pattern, tagPrefix) || strings.HasPrefix(pattern, operationPrefix):
		return nil
	case !strings.HasPrefix(pattern, "/"):
		return fmt.Errorf("%q is neither a path nor a tag nor an operation: write %q, %q or %q", pattern, "/"+pattern, tagPrefix+pattern, operationPrefix+pattern)
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
		text, texts = wordRegexp(id), func(op merge.Candidate) []string { return []string{op.OperationID} }
	}
	re, err := regexp.Compile(text)
	return glob{pattern, texts, re}, err
}

// wordRegexp writes a pattern over one word.
func wordRegexp(pattern string) string {
	return `\A` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `(?s:.*)`) + `\z`
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

// Match tells whether any of the patterns matches the operation.
func (g globs) Match(op merge.Candidate) bool {
	return slices.ContainsFunc(g, func(one glob) bool { return one.match(op) })
}

func (g glob) match(op merge.Candidate) bool {
	return slices.ContainsFunc(g.texts(op), g.re.MatchString)
}

// unused gives the patterns that match none of the operations: most often they are misspelt.
func (g globs) unused(ops []merge.Candidate) []string {
	var patterns []string
	for _, one := range g {
		if !slices.ContainsFunc(ops, one.match) {
			patterns = append(patterns, one.pattern)
		}
	}
	return patterns
}

// How much is looked at and said where a pattern matches nothing.
const (
	maxFront = 8 // segments that a path may have gained or lost
	maxMoved = 3 // places in a message; more are too many to be of use
)

// movedTo says where the operations of a pattern that matches none may have moved: paths gain and lose segments in front (/audit,
// /wiki/rest/api/audit). It is empty, or the beginning of an advice.
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

// fronts gives a path, then what is left of it without its first segment, its first two and so on.
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
