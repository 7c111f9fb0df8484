package source

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Texts of documents reach people through these functions: Printable for a line of a terminal or an
// error, Markdown for a page, EscapeJSON, EscapeYAML and EscapeGo for what a library has written.
// Package html/template does it for HTML after Printable. What comes out has no character that a
// reader cannot see, that moves a cursor or that turns text around.

// Hidden reports whether a reader cannot see a character, or sees something else than is there:
// controls, marks of direction, separators of lines, and letters without a form such as U+3164.
func Hidden(r rune) bool {
	return !unicode.IsPrint(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || r == '\u2800'
}

// Printable writes text of a document on one line that a terminal can show: hidden characters
// appear as escapes.
func Printable(s string) string {
	if strings.IndexFunc(s, Hidden) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !Hidden(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// EscapeGo writes printed Go so that hidden characters in its string literals and comments appear
// as escapes. None is anywhere else in it.
func EscapeGo(file []byte) []byte {
	hidden := func(r rune) bool { return r >= utf8.RuneSelf && Hidden(r) }
	at := bytes.IndexFunc(file, hidden)
	if at < 0 {
		return file
	}
	var b []byte
	for ; at >= 0; at = bytes.IndexFunc(file, hidden) {
		r, size := utf8.DecodeRune(file[at:])
		quoted := strconv.QuoteRuneToASCII(r)
		b = append(append(b, file[:at]...), quoted[1:len(quoted)-1]...)
		file = file[at+size:]
	}
	return append(b, file...)
}

// Markdown writes text of a document so that no character of it means anything to Markdown or HTML,
// in a cell of a table too, and nothing becomes a link or a mention.
func Markdown(s string) string {
	var b strings.Builder
	runes := []rune(Printable(s))
	inWord := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for i, r := range runes {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@':
			b.WriteString("&#64;")
		case r == '_' && inWord(i-1) && inWord(i+1):
			b.WriteRune(r)
		case strings.ContainsRune("\\`*_[]#|~$", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return noLinks.Replace(b.String())
}

// noLinks breaks what Markdown makes links of by itself.
var noLinks = strings.NewReplacer("://", ":&#47;/", "www.", "www&#46;", "WWW.", "WWW&#46;")

// MarkdownCode writes text of a document as code, in a cell of a table too. Nothing escapes a
// backslash inside of code, and one before a bar would undo the escape of the bar. At the end it is
// kept apart from the mark, which some readers would take for escaped.
func MarkdownCode(s string) string {
	text := strings.NewReplacer("`", "'", `\|`, `\ \|`, "|", `\|`).Replace(Printable(s))
	if strings.HasSuffix(text, `\`) {
		text += " "
	}
	return "`" + text + "`"
}

// EscapeJSON escapes the hidden characters in the strings of a JSON text.
func EscapeJSON(data []byte) []byte {
	return escaped(data, func(r rune) string {
		if r > 0xffff {
			return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

// EscapeYAML escapes the hidden characters in a YAML text, in which all strings that have some are
// in double quotes.
func EscapeYAML(data []byte) []byte {
	return escaped(data, func(r rune) string {
		if r > 0xffff {
			return fmt.Sprintf(`\U%08x`, r)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

// escaped escapes hidden characters, but not the ends of lines.
func escaped(data []byte, escape func(rune) string) []byte {
	hidden := func(r rune) bool { return r != '\n' && Hidden(r) }
	text := string(data)
	if strings.IndexFunc(text, hidden) < 0 {
		return data
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			b.WriteString(escape(r))
		} else {
			b.WriteRune(r)
		}
	}
	return []byte(b.String())
}
