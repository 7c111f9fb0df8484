// Package naming turns the strings of documents into Go identifiers, and settles collisions. In come names as documents
// spell them; out come identifiers that are legal, idiomatic and unique in their scope.
package naming

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go writes in one case.
var initialisms = map[string]bool{
	"acl": true, "api": true, "ascii": true, "cpu": true, "css": true, "csv": true, "dns": true, "eof": true, "guid": true,
	"html": true, "http": true, "https": true, "id": true, "ip": true, "jql": true, "json": true, "jwt": true,
	"oidc": true, "pdf": true, "qps": true, "ram": true, "rpc": true, "saml": true, "sla": true, "smtp": true, "sql": true, "ssh": true, "ssl": true, "sso": true,
	"tcp": true, "tls": true, "ttl": true, "udp": true, "ui": true, "uid": true, "uri": true, "url": true, "utf8": true,
	"uuid": true, "vm": true, "xml": true, "xmpp": true, "xsrf": true, "xss": true,
}

// plurals are initialisms with an s behind.
var plurals = map[string]string{"acls": "ACLs", "apis": "APIs", "ids": "IDs", "ips": "IPs", "urls": "URLs", "uris": "URIs", "uuids": "UUIDs"}

// Words splits a name where its spelling changes: at anything that is neither letter nor digit, before an upper-case
// letter after a lower-case one, and before the last upper-case letter of a run that a lower-case one follows.
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
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
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

// pluralAhead tells whether the upper-case run that ends at i is an initialism with a plural s behind it, as in userIDs.
func pluralAhead(runes []rune, i int) bool {
	if runes[i+1] != 's' || i+2 < len(runes) && unicode.IsLower(runes[i+2]) {
		return false
	}
	start := i
	for start > 0 && unicode.IsUpper(runes[start-1]) {
		start--
	}
	return plurals[strings.ToLower(string(runes[start:i+2]))] != ""
}

// Exported makes an exported identifier: AuthorAccountID of authorAccountId. It is never empty and always legal.
func Exported(s string) string {
	name := Camel(s)
	first, _ := utf8.DecodeRuneInString(name)
	if name == "" || !unicode.IsUpper(first) {
		name = "X" + name
	}
	return name
}

// IsExported reports whether a name can be that of a type, as it stands.
func IsExported(name string) bool {
	return len(name) <= maxName && token.IsIdentifier(name) && token.IsExported(name)
}

// Camel joins the words of a name, each with its first letter in upper case. It is what follows a prefix: it may be empty or
// start with a digit.
func Camel(s string) string {
	var b strings.Builder
	for _, w := range Words(s) {
		b.WriteString(title(w))
	}
	return b.String()
}

// Unexported makes an identifier that starts in lower case: accountID of AccountId. Keywords get an underscore behind.
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
	if !unicode.IsLetter(first) || unicode.IsUpper(first) {
		name = "x" + name
	}
	if token.IsKeyword(name) {
		name += "_"
	}
	return name
}

// File makes the stem of a file name from a tag: audit_records of "Audit records". Only ASCII letters and digits are
// kept, and names that Go gives a meaning to (_test, an operating system, an architecture) are defused.
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

// constraints are the last words by which Go takes a file for one operating system, one architecture or a test, and those that
// Windows takes for a device.
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
	if rest == strings.ToUpper(rest) && len(rest) > 0 && unicode.IsUpper(r) && !strings.ContainsFunc(rest, unicode.IsDigit) {
		rest = strings.ToLower(rest)
	}
	return string(unicode.ToUpper(r)) + rest
}

// Singular gives the singular of an English plural, and the word itself where it is none.
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
