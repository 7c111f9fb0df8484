package lossless

import "strings"

// RequestError is a request that was not sent because its body is not complete.
type RequestError struct {
	Missing []string // required members that are empty and were not asked for with Members.Send
	Unknown []string // names given to Members.Send that their model does not have, such as AuditRecord.sumary
}

// Error lists the members.
func (e *RequestError) Error() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "required but empty: "+strings.Join(e.Missing, ", "))
	}
	if len(e.Unknown) > 0 {
		parts = append(parts, "no such member to send: "+strings.Join(e.Unknown, ", "))
	}
	return "request body: " + strings.Join(parts, "; ")
}
