package pages

import "time"

// Jira returns a page of the records from offset to offset+n of a log that has total of them.
func Jira(shape Shape, offset, n, total int) []byte {
	n = max(0, min(n, total-offset))
	w := &writer{b: make([]byte, 0, 800*n+512)}
	w.raw(`{"offset":`)
	w.int(int64(offset))
	w.raw(`,"limit":1000,"total":`)
	w.int(int64(total))
	w.raw(`,"records":[`)
	for i := range n {
		if i > 0 {
			w.raw(",")
		}
		w.jiraRecord(shape, offset+i)
	}
	w.raw(`]}`)
	return w.b
}

// jiraEvent is what one kind of event says of itself.
type jiraEvent struct {
	summary, category, source string
	object, objectType        string
	changes                   [][3]string
	aboutUser                 bool
}

var jiraEvents = []jiraEvent{
	{"User added to group", "group management", "", "jira-software-users", "GROUP", nil, true},
	{"User's address changed", "user management", "Directory sync", "rosa", "USER", [][3]string{{"email", "rosa@example.com", "rosa.new@example.com"}}, false},
	{"Workflow updated", "workflows", "", "Fehlerbehebung: schnell", "WORKFLOW", [][3]string{{"Status", "In Arbeit", "Prüfung"}, {"Transition", "", "Zurück \\u2192 offen"}}, false},
	{"Project created", "projects", "", "Apollo \\\"Next\\\"", "PROJECT", [][3]string{{"Name", "", "Apollo \\\"Next\\\""}, {"Key", "", "APN"}, {"Lead", "", "渡辺 恵"}, {"Default assignee", "", "Unassigned"}}, true},
	{"Permission scheme updated", "permissions", "", "Default software scheme", "SCHEME", [][3]string{{"Permission", "", "Browse Projects"}, {"Type", "", "Group"}}, false},
	{"Custom field deleted", "fields", "", "Sprint (migrated)", "CUSTOM_FIELD", nil, false},
	{"Filter's owner changed", "filter settings", "", "own-ter", "FILTER", [][3]string{{"Owner", "ann", "josé"}}, true},
	{"App enabled", "apps", "Connect", "Tempo", "APP", nil, false},
	{"Automation rule run as scheduled", "automation", "Automation for Jira", "", "", nil, false},
}

// bySite tells the events that the site itself causes.
func (e *jiraEvent) bySite() bool { return e.objectType == "" }

func (w *writer) jiraRecord(shape Shape, i int) {
	e := &jiraEvents[(i*2+i/13)%len(jiraEvents)]
	w.raw(`{"id":`)
	w.int(int64(30_000_000 - i*2 - i/7)) // they fall, with gaps
	w.raw(`,"summary":"`, e.summary, `"`)
	if !e.bySite() {
		w.raw(`,"remoteAddress":"`)
		w.address(i)
		w.raw(`","authorKey":"ug:`)
		w.hex(uint64(i%len(people)), 8)
		w.raw(`-52ad-4de1","authorAccountId":"`)
		w.account(i)
		w.raw(`"`)
	}
	w.raw(`,"created":"`)
	w.b = newest.Add(-time.Duration(i)*1733*time.Millisecond).AppendFormat(w.b, "2006-01-02T15:04:05.000")
	w.raw(choose(shape.ColonlessOffset, "+0000", "Z"), `","category":"`, e.category, `","eventSource":"`, e.source, `"`)
	if i%4 == 0 {
		w.raw(`,"description":"Asked for in the service desk;\nsee the ticket"`)
	}
	if !e.bySite() {
		w.raw(`,"objectItem":{"id":"`)
		w.int(int64(10_000 + i%97))
		w.raw(`","name":"`, e.object, `","typeName":"`, e.objectType, `","parentId":"1","parentName":"`, pick(spaces, i), `"}`)
	}
	w.jiraLists(e, i)
	if shape.Undocumented && i%4 == 0 {
		w.raw(`,"cloudId":"0f2c1e6e-`)
		w.hex(uint64(i), 8)
		w.raw(`","sequence":18446744073709551616`)
	}
	w.raw(`}`)
}

// jiraLists writes the lists of a record, which are absent where they would be empty.
func (w *writer) jiraLists(e *jiraEvent, i int) {
	for n, c := range e.changes {
		w.raw(choose(n == 0, `,"changedValues":[`, `,`), `{"fieldName":"`, c[0], `"`)
		if c[1] != "" {
			w.raw(`,"changedFrom":"`, c[1], `"`)
		}
		w.raw(`,"changedTo":"`, c[2], `"}`)
	}
	if len(e.changes) > 0 {
		w.raw(`]`)
	}
	if e.aboutUser {
		w.raw(`,"associatedItems":[{"id":"ug:`)
		w.account(i + 3)
		w.raw(`","name":"`, pick(people, i), `","typeName":"USER","parentId":"1","parentName":"Site directory"}]`)
	}
}
