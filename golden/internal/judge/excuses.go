package judge

import "strings"

// excuse is something that kin-openapi has against requests that are right, and why they are.
type excuse struct{ text, reason string }

// excuses are all differences between kin-openapi and the generated clients. The text is a part of
// a complaint.
var excuses = []excuse{}

// Excused returns why a complaint is not a fault of a client, or "".
func Excused(c Complaint) string {
	for _, e := range excuses {
		if strings.Contains(c.String(), e.text) {
			return e.reason
		}
	}
	return ""
}
