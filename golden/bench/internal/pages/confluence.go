package pages

// Confluence returns a page of the records from start to start+n of a log that has total of them.
func Confluence(shape Shape, start, n, total int) []byte {
	n = max(0, min(n, total-start))
	w := &writer{b: make([]byte, 0, 700*n+512)}
	w.raw(`{"results":[`)
	for i := range n {
		if i > 0 {
			w.raw(",")
		}
		w.confluenceRecord(shape, start+i)
	}
	w.raw(`],"start":`)
	w.int(int64(start))
	w.raw(`,"limit":1000,"size":`)
	w.int(int64(n))
	w.raw(`,"_links":{"base":"https://example.atlassian.net/wiki","context":"/wiki","self":"https://example.atlassian.net/wiki/rest/api/audit?start=`)
	w.int(int64(start))
	w.raw(`"}}`) // captured pages have no link to the next one
	return w.b
}

// confluenceEvent is what one kind of event says of itself.
type confluenceEvent struct {
	summary, description, category string
	object, objectType             string
	changes                        [][3]string
	inSpace                        bool
}

var confluenceEvents = []confluenceEvent{
	{"Page viewed", "", "Pages", "Plans für 2026", "Page", nil, true},
	{"Space permission added", "", "Permissions", "", "Space", [][3]string{{"Type", "", "Edit Space"}, {"Group", "", "site-editors"}}, true},
	{"User added to group", "", "Users and groups", "confluence-users", "Group", nil, false},
	{"Space configuration updated", "The theme and the home page were replaced", "Spaces", "Engineering", "Space", [][3]string{{"Theme", "default", "Global \\u0026 new"}, {"Home page", "98307", "131075"}}, false},
	{"App installed", "", "Apps", "Diagrams \\\"Pro\\\"", "App", [][3]string{{"Version", "", "4.2.0"}}, false},
	{"Content restriction removed", "", "Permissions", "Payroll 2026/03", "Page", [][3]string{{"Restriction", "View", ""}}, true},
	{"Attachment downloaded", "", "Pages", "q1-figures.xlsx", "Attachment", nil, true},
	{"Page moved", "From one space to another:\\nits children moved with it", "Pages", "Onboarding", "Page", [][3]string{{"Parent", "Archive", "Team"}, {"Space", "LEGAL", "ENG"}, {"Position", "4", "1"}}, true},
	{"Scheduled export finished", "", "Import/export", "", "", nil, false},
	{"Public link turned on", "", "Security", "Release notes 🎉", "Page", [][3]string{{"Status", "off", "on"}}, true},
}

// bySite tells the events that the site itself causes.
func (e *confluenceEvent) bySite() bool { return e.objectType == "" }

func (w *writer) confluenceRecord(shape Shape, i int) {
	e := &confluenceEvents[(i*3+i/17)%len(confluenceEvents)]
	w.confluenceAuthor(shape, e.bySite(), i)
	w.raw(`,"remoteAddress":"`)
	if !e.bySite() {
		w.address(i)
	}
	w.raw(`","creationDate":`)
	w.int(newest.UnixMilli() - int64(i)*1733)
	w.raw(`,"summary":"`, e.summary, `","description":"`, e.description, `","category":"`, e.category, `","sysAdmin":false`)
	if i%3 != 0 {
		w.raw(`,"superAdmin":`, choose(i%5 == 0, "true", "false"))
	}
	w.raw(`,"affectedObject":{"name":"`, e.object, `","objectType":"`, e.objectType, `"},"changedValues":[`)
	for n, c := range e.changes {
		if n > 0 {
			w.raw(",")
		}
		w.raw(`{"name":"`, c[0], `","oldValue":"`, c[1], `","hiddenOldValue":"","newValue":"`, c[2], `","hiddenNewValue":""}`)
	}
	w.raw(`],"associatedObjects":[`)
	if e.inSpace {
		w.raw(`{"name":"`, pick(spaces, i), `","objectType":"Space"}`)
	}
	if e.category == "Users and groups" {
		w.raw(`{"name":"`, pick(people, i+5), `","objectType":"User"}`)
	}
	w.raw(`]`)
	if shape.Undocumented && i%4 == 0 {
		w.raw(`,"containerId":`)
		w.int(int64(i) + 9007199254740993)
	}
	w.raw(`}`)
}

func (w *writer) confluenceAuthor(shape Shape, site bool, i int) {
	w.raw(`{"author":{"type":"user","displayName":"`)
	if site {
		w.raw(`System"`)
	} else {
		w.raw(pick(people, i), `"`)
	}
	w.raw(`,"operations":`, choose(shape.NullOperations, "null", "{}"))
	if !site {
		w.raw(`,"username":null,"userKey":"8a7f808a7e1b`)
		w.hex(uint64(i%len(people)), 8)
		w.raw(`","accountId":"`)
		w.account(i*7 + i/len(people))
		w.raw(`"`)
		if i%2 == 0 {
			w.raw(`,"accountType":"atlassian","externalCollaborator":false,"isExternalCollaborator":false`)
		}
		if i%8 == 1 {
			w.raw(`,"isGuest":true,"publicName":"guest"`)
		}
	}
	if shape.Undocumented && i%3 == 0 {
		w.raw(`,"email":""`)
	}
	w.raw(`}`)
}
