package emit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// methodSentence joins the name of a method and what documents say of it into a doc comment:
//
//	"Returns all records."       GetAuditRecords returns all records.
//	"Get audit records"          GetAuditRecords gets audit records.
//	"This operation adds a tag." AddTag adds a tag.
//	"Information about users."   GetUsers: Information about users.
func methodSentence(name, text string) string {
	text = strings.TrimSpace(text)
	if text == "" || startsWithName(text, name) {
		return strings.TrimSpace(name + " " + afterName(text, name))
	}
	for _, lead := range leads {
		if rest, ok := strings.CutPrefix(text, lead); ok && (isVerb(firstWord(rest)) || isThirdPerson(firstWord(rest))) {
			text = rest
			break
		}
	}
	word := firstWord(text)
	rest := text[len(word):]
	switch {
	case isThirdPerson(word):
		return name + " " + strings.ToLower(word) + rest
	case isVerb(word) && !nounAhead(rest):
		return name + " " + thirdPerson(strings.ToLower(word)) + rest
	}
	return name + ": " + capitalized(text)
}

// typeSentence joins the name of a type and what documents say of it:
//
//	"One entry of the log."     AuditRecord is one entry of the log.
//	"Details about a user."     User holds details about a user.
//	"Represents a user."        User represents a user.
//	"Audit records"             AuditRecords: Audit records.
func typeSentence(name, text string) string {
	text = strings.TrimSpace(text)
	if text == "" || startsWithName(text, name) {
		return strings.TrimSpace(name + " " + afterName(text, name))
	}
	word := firstWord(text)
	rest := text[len(word):]
	lower := strings.ToLower(word)
	_, second, _ := strings.Cut(text, " ")
	switch {
	case isThirdPerson(word):
		return name + " " + lower + rest
	case plurals[lower]:
		return name + " holds " + lower + rest
	case articles[lower] && plurals[firstWord(second)]:
		return name + " holds " + lower + rest
	case articles[lower]:
		return name + " is " + lower + rest
	case lower == "container" || lower == "list" || lower == "page" || lower == "set" || lower == "collection":
		return name + " is a " + lower + rest
	}
	return name + ": " + capitalized(text)
}

// startsWithName reports whether text is already what a Go comment should be.
func startsWithName(text, name string) bool { return firstWord(text) == name }

func afterName(text, name string) string { return strings.TrimSpace(strings.TrimPrefix(text, name)) }

// firstWord returns the letters text starts with.
func firstWord(text string) string {
	for i, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return text[:i]
		}
	}
	return text
}

// capitalized returns text with an upper-case first letter, unless it starts with a name such as
// accountId or user_key.
func capitalized(text string) string {
	text = strings.TrimSpace(text)
	word, _, _ := strings.Cut(text, " ")
	first, size := utf8.DecodeRuneInString(text)
	if !unicode.IsLower(first) || strings.IndexFunc(word, unicode.IsUpper) >= 0 || strings.ContainsAny(word, "_/=") {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// leads are beginnings that a verb can do without.
var leads = []string{
	"This operation ", "This resource ", "This method ", "This endpoint ", "This API ", "This call ", "This request ", "The operation ",
	"Use this operation to ", "Use this method to ", "Use this resource to ", "Use this API to ", "Use this to ", "Allows you to ",
}

var articles = map[string]bool{"a": true, "an": true, "the": true, "one": true, "this": true, "any": true, "what": true, "how": true,
	"something": true, "someone": true, "where": true, "who": true}

var plurals = map[string]bool{"details": true, "information": true, "data": true, "values": true, "properties": true, "settings": true,
	"metadata": true, "parameters": true, "options": true, "counts": true, "contents": true}

// isThirdPerson reports whether word is a verb such as Returns.
func isThirdPerson(word string) bool {
	lower := strings.ToLower(word)
	if lower == "is" || lower == "has" || lower == "does" {
		return true
	}
	if !strings.HasSuffix(lower, "s") || word != lower && word[1:] != lower[1:] {
		return false
	}
	for _, stem := range []string{strings.TrimSuffix(lower, "s"), strings.TrimSuffix(lower, "es"), strings.TrimSuffix(lower, "ies") + "y"} {
		if verbs[stem] && thirdPerson(stem) == lower {
			return true
		}
	}
	return false
}

// isVerb reports whether word is a verb in its plain form, such as Get.
func isVerb(word string) bool {
	lower := strings.ToLower(word)
	return word != "" && verbs[lower] && word[1:] == lower[1:]
}

// nounAhead reports whether the word before rest was a noun after all: "List of users", "Search
// results", "Export".
func nounAhead(rest string) bool {
	next := firstWord(strings.TrimSpace(rest))
	switch next {
	case "", "of", "is", "are", "for", "was", "has", "can", "that", "which", "results", "result":
		return true
	}
	return false
}

// thirdPerson returns returns, searches and copies for return, search and copy.
func thirdPerson(verb string) string {
	last := verb[len(verb)-1]
	switch {
	case last == 'y' && len(verb) > 1 && !strings.ContainsRune("aeiou", rune(verb[len(verb)-2])):
		return verb[:len(verb)-1] + "ies"
	case last == 's' || last == 'x' || last == 'o' || strings.HasSuffix(verb, "ch") || strings.HasSuffix(verb, "sh"):
		return verb + "es"
	}
	return verb + "s"
}

// verbs are what documents start with when they say what an operation does or what an object is
// for.
var verbs = setOf(`accept activate add allow append apply approve archive assign associate attach begin build calculate cancel change check
	clean clear close compute configure contain convert copy count create deactivate decline define delete deliver deregister describe
	determine disable disconnect discard download edit enable enqueue estimate evaluate exchange execute expand export fetch filter find
	finish fork generate get give grant group handle hold identify import include indicate initialise initialize initiate insert install invite
	issue join keep launch leave link list load lock make map mark match merge migrate modify move notify obtain open order override parse
	perform permit persist post prepare present preview provide publish purge put query queue read rebuild receive record redact redirect
	refresh register reindex release reload remove rename reopen reorder replace report represent request reset resolve restore resume
	retrieve return revoke run sanitise sanitize save say schedule search select send set show sign sort specify start stop store submit subscribe
	suggest suspend swap switch sync synchronise synchronize take test track transfer transform transition translate trash trigger unarchive
	unassign undo uninstall unlink unlock unregister unsubscribe unwatch update upload validate verify view vote watch wipe withdraw wrap write`)

func setOf(words string) map[string]bool {
	set := make(map[string]bool, 256)
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
