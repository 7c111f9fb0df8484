package refdoc

import (
	"regexp"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/claim"
)

// DataPolicy is the extension that keeps the line "Data Security Policy: ..." of a page.
const DataPolicy claim.Name = "x-auditgen-data-security-policy"

// Experimental is the extension by which Atlassian's own documents mark what a page calls experimental.
const Experimental claim.Name = "x-experimental"

var (
	permissionsLabel = regexp.MustCompile(`(?i)^permissions? required\s*:\s*(.*)$`)
	policyLabel      = regexp.MustCompile(`(?i)^data security policy\s*:\s*(.+)$`)
	scopeLabel       = regexp.MustCompile(`^(Classic|Granular)\s*(?:[A-Z]{2,})?\s*(?::\s*(.*))?$`)
	scopeBadge       = regexp.MustCompile(`^[A-Z]{4,}\s*:?$`)
	scopeName        = regexp.MustCompile(`^[A-Za-z][\w-]*(?::[\w.-]+)+$`)
	connectScope     = regexp.MustCompile(`^Connect app scope required\s*:?\s*([A-Z_]+)$`)
	connectNone      = regexp.MustCompile(`^Connect apps cannot access this\b`)
)

// pageHead reads title, prose and access of an operation.
type pageHead struct {
	op          *claim.Operation
	prose       []line
	permissions []line // the label's own text first
	inList      bool   // the list of permissions goes on
	scopes      map[claim.Name][]string
	scopeLines  map[claim.Name]int
	scopesOf    claim.Name // which scopes the lines now are; empty outside of the list
}

// head reads the lines between the method and Request.
func (p *page) head(op *claim.Operation, lines []line) {
	h := &pageHead{op: op, scopes: map[claim.Name][]string{}, scopeLines: map[claim.Name]int{}}
	titled := false
	for _, l := range lines {
		switch {
		case !titled && l.blank():
		case !titled:
			titled = true
			op.Facts.Say(claim.Summary, l.text, l.number)
		default:
			h.line(l)
		}
	}
	h.finish()
}

// line reads one line below the title.
func (h *pageHead) line(l line) {
	if h.access(l) {
		return
	}
	if h.scopesOf != "" && h.addScopes(l) {
		return
	}
	if !l.blank() {
		h.scopesOf = ""
	}
	if _, bullet := cutBullet(l.text); h.inList && (bullet || l.blank()) {
		h.permissions = append(h.permissions, l)
		return
	}
	h.inList = false
	h.prose = append(h.prose, l)
}

// access reads the lines that have a label.
func (h *pageHead) access(l line) bool {
	if m := permissionsLabel.FindStringSubmatch(l.text); m != nil && len(h.permissions) == 0 {
		label := l
		label.text = m[1]
		h.permissions = []line{label}
		h.inList = m[1] == "" || strings.HasSuffix(m[1], ":")
		return true
	}
	if m := policyLabel.FindStringSubmatch(l.text); m != nil {
		h.op.Facts.Say(DataPolicy, m[1], l.number)
		return true
	}
	if m := connectScope.FindStringSubmatch(l.text); m != nil {
		h.op.Facts.Say(claim.ConnectScope, m[1], l.number)
		return true
	}
	switch {
	case connectNone.MatchString(l.text):
		h.op.Facts.Say(claim.ConnectScope, "none", l.number)
	case l.text == "Scopes":
		h.scopesOf = claim.Scopes
	case strings.EqualFold(l.text, "deprecated"):
		h.op.Facts.Say(claim.Deprecated, true, l.number)
	case strings.EqualFold(l.text, "experimental"):
		h.op.Facts.Say(Experimental, true, l.number)
	default:
		return false
	}
	return true
}

// addScopes reads a line of the list of scopes.
func (h *pageHead) addScopes(l line) bool {
	text, of := l.text, h.scopesOf
	if scopeBadge.MatchString(text) {
		return true // RECOMMENDED, where it is not glued to its label
	}
	m := scopeLabel.FindStringSubmatch(text)
	if m != nil {
		text, of = m[2], claim.Scopes
		if m[1] == "Granular" {
			of = claim.Granular
		}
	}
	names := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\u00a0' })
	for _, name := range names {
		if !scopeName.MatchString(name) {
			return false
		}
	}
	h.scopesOf = of
	if len(names) > 0 && h.scopeLines[of] == 0 {
		h.scopeLines[of] = l.number
	}
	h.scopes[of] = append(h.scopes[of], names...)
	return m != nil || len(names) > 0
}

// finish states what was gathered over several lines.
func (h *pageHead) finish() {
	if text := prose(h.prose); text != "" {
		h.op.Facts.Say(claim.Description, text, filled(h.prose)[0].number)
	}
	var permissions []string
	for _, l := range h.permissions {
		if text, _ := cutBullet(l.text); text != "" {
			permissions = append(permissions, text)
		}
	}
	if len(permissions) > 0 {
		text := strings.Join(permissions, "; ")
		if first := permissions[0]; strings.HasSuffix(first, ":") && len(permissions) > 1 {
			text = first + " " + strings.Join(permissions[1:], "; ")
		}
		h.op.Facts.Say(claim.Permissions, text, h.permissions[0].number)
	}
	for _, of := range []claim.Name{claim.Scopes, claim.Granular} {
		if len(h.scopes[of]) > 0 {
			h.op.Facts.Say(of, h.scopes[of], h.scopeLines[of])
		}
	}
}
