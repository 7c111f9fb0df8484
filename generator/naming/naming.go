// Package naming makes Go identifiers from the names in documents and resolves collisions. Its
// identifiers are legal, idiomatic and unique in their scope.
package naming

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go writes in a single case.
var initialisms = map[string]bool{
	"acl": true, "api": true, "ascii": true, "cpu": true, "css": true, "csv": true, "dns": true, "eof": true, "guid": true,
	"html": true, "http": true, "https": true, "id": true, "ip": true, "jql": true, "json": true, "jwt": true,
	"oidc": true, "pdf": true, "qps": true, "ram": true, "rpc": true, "saml": true, "sla": true, "slo": true, "smtp": true, "sql": true, "ssh": true, "ssl": true, "sso": true,
	"tcp": true, "tls": true, "ttl": true, "udp": true, "ui": true, "uid": true, "uri": true, "url": true, "utf8": true,
	"uuid": true, "vm": true, "xml": true, "xmpp": true, "xsrf": true, "xss": true,
}

// plurals are initialisms with a plural s.
var plurals = map[string]string{"acls": "ACLs", "apis": "APIs", "ids": "IDs", "ips": "IPs", "slas": "SLAs", "slos": "SLOs", "urls": "URLs", "uris": "URIs", "uuids": "UUIDs"}

// Words splits a name at every character that is not a letter or digit, before an upper-case letter
// that follows a lower-case one, and before the last upper-case letter of a run if a lower-case one
// follows.
func Words(s string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = nil
		}
	}
	runes := []rune(s)
	for i, r := range runes {
		if r == '\'' || r == '’' {
			continue
		}
		if !isLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if len(word) > 0 && unicode.IsUpper(r) {
			last := word[len(word)-1]
			nextLower := i+1 < len(runes) && unicode.IsLower(runes[i+1]) && !pluralAhead(runes, i)
			if unicode.IsLower(last) || unicode.IsDigit(last) || nextLower && unicode.IsUpper(last) {
				flush()
			}
		}
		word = append(word, r)
	}
	flush()
	return words
}

// isLetter reports whether r is a letter that can be seen: Go takes fillers such as U+3164 for
// letters, and names with and without them look alike.
func isLetter(r rune) bool {
	return unicode.IsLetter(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// IsIdentifier reports whether a name is a Go identifier of letters that can be seen.
func IsIdentifier(name string) bool {
	return token.IsIdentifier(name) && !strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) })
}

// pluralAhead reports whether the upper-case run that ends at i has a plural s, as in userIDs and
// listVPCs.
func pluralAhead(runes []rune, i int) bool {
	last := i+2 == len(runes) || !unicode.IsLower(runes[i+2])
	return runes[i+1] == 's' && last && i > 0 && unicode.IsUpper(runes[i-1])
}

// Exported returns an exported identifier: authorAccountId becomes AuthorAccountID. It is never
// empty.
func Exported(s string) string {
	name := Camel(s)
	first, _ := utf8.DecodeRuneInString(name)
	if name == "" || !unicode.IsUpper(first) {
		name = "X" + name
	}
	return name
}

// IsExported reports whether a name can be the name of a type unchanged.
func IsExported(name string) bool {
	return len(name) <= maxName && IsIdentifier(name) && token.IsExported(name)
}

// Camel joins the words of a name, each starting in upper case. The result follows a prefix: it may
// be empty or start with a digit.
func Camel(s string) string {
	var b strings.Builder
	for _, w := range Words(s) {
		b.WriteString(title(w))
	}
	return b.String()
}

// Unexported returns an identifier that starts in lower case: AccountId becomes accountID. Keywords
// get a trailing underscore.
func Unexported(s string) string {
	words := Words(s)
	if len(words) == 0 {
		return "x"
	}
	var b strings.Builder
	b.WriteString(strings.ToLower(words[0]))
	for _, w := range words[1:] {
		b.WriteString(title(w))
	}
	name := b.String()
	first, _ := utf8.DecodeRuneInString(name)
	if !isLetter(first) || unicode.IsUpper(first) {
		name = "x" + name
	}
	if token.IsKeyword(name) {
		name += "_"
	}
	return name
}

// File returns a file name without extension for a tag: "Audit records" becomes audit_records. Only
// ASCII letters and digits are kept. Suffixes with a meaning in Go (_test, an operating system, an
// architecture) are made harmless.
func File(s string) string {
	const enough = 60 // letters and digits
	var parts []string
	length := 0
	for _, w := range Words(s) {
		w = strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf {
				return unicode.ToLower(r)
			}
			return -1
		}, w)
		w = w[:min(len(w), enough-length)]
		if length += len(w); w != "" {
			parts = append(parts, w)
		}
	}
	if len(parts) == 0 {
		return "operations"
	}
	if constraints[parts[len(parts)-1]] {
		parts = append(parts, "operations")
	}
	return strings.Join(parts, "_")
}

// constraints are the last words that make a Go file specific to an operating system, an
// architecture or tests, and the device names of Windows.
var constraints = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields("test aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris " +
		"wasip1 windows zos 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 " +
		"ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm " +
		"con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9") {
		words[w] = true
	}
	return words
}()

func title(w string) string {
	lower := strings.ToLower(w)
	if initialisms[lower] {
		return strings.ToUpper(w)
	}
	if p := plurals[lower]; p != "" {
		return p
	}
	r, size := utf8.DecodeRuneInString(w)
	rest := w[size:]
	if single, plural := strings.CutSuffix(rest, "s"); plural && single == strings.ToUpper(single) {
		rest = strings.ToLower(rest) // as its singular
	}
	if rest == strings.ToUpper(rest) && len(rest) > 0 && unicode.IsUpper(r) && !strings.ContainsFunc(rest, unicode.IsDigit) {
		rest = strings.ToLower(rest)
	}
	return string(unicode.ToUpper(r)) + rest
}

// Singular returns the singular of an English plural. Other words are returned unchanged.
func Singular(s string) string {
	lower := strings.ToLower(s)
	switch {
	case strings.HasSuffix(lower, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case strings.HasSuffix(lower, "sses"), strings.HasSuffix(lower, "xes"), strings.HasSuffix(lower, "ches"), strings.HasSuffix(lower, "shes"):
		return s[:len(s)-2]
	case strings.HasSuffix(lower, "ss"), strings.HasSuffix(lower, "us"), strings.HasSuffix(lower, "is"), !strings.HasSuffix(lower, "s"), len(s) < 3:
		return s
	default:
		return s[:len(s)-1]
	}
}
