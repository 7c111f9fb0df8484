package mock

import (
	"fmt"
	"strings"

	"github.com/seed-1954497d/auditgen/internal/sample"
)

// event is the content of a record, independent of an API. It depends only on a seed and a number.
type event struct {
	seed   uint64 // of this event
	kind   *kind
	who    person // zero for the site itself
	what   string // name of the affected object; may be empty
	detail string
	old    string
	new    string
	ip     string
}

// kind is a kind of event.
type kind struct {
	category, summary, object string
	field                     string // changed field; may be empty
	values                    []string
	things                    []string
}

type person struct{ name, account string }

// people are the users. None of them is real.
var people = makePeople()

func makePeople() []person {
	first := []string{"Rosa", "Ada", "Tomás", "Mina", "Jörg", "Lea", "Ivan", "Noor", "Kofi", "Yuki"}
	last := []string{"Lind", "Okoye", "Vega", "Sato", "Baum", "Moreau", "Petrov", "Haddad"}
	var all []person
	for i := range len(first) * len(last) / 2 {
		account := fmt.Sprintf("5f%06x%016x", i*4099+1, sample.Mix(7, uint64(i)))
		all = append(all, person{first[i%len(first)] + " " + last[i*3%len(last)], account})
	}
	return all
}

const (
	systemEvery = 23 // one in so many events is by the site itself
	emptyEvery  = 17 // one in so many events has no named object
)

// newEvent returns event i of one of the kinds.
func newEvent(kinds []kind, seed uint64, i int) event {
	s := sample.Mix(seed, uint64(i))
	e := event{seed: s, kind: &kinds[s%uint64(len(kinds))]}
	if e.bit(0, systemEvery) {
		e.detail = "Done by a scheduled job"
	} else {
		e.who = people[e.number(1, len(people))]
		e.ip = fmt.Sprintf("198.51.100.%d", 1+e.number(2, 254))
		if e.bit(3, 6) {
			e.ip = fmt.Sprintf("2001:db8::%x", 1+e.number(2, 65535))
		}
	}
	if !e.bit(4, emptyEvery) {
		e.what = e.kind.things[e.number(5, len(e.kind.things))]
	}
	if n := len(e.kind.values); n > 0 {
		at := e.number(6, n)
		e.old, e.new = e.kind.values[at], e.kind.values[(at+1)%n]
	}
	return e
}

// number returns a number from 0 to n-1. which identifies its purpose.
func (e *event) number(which uint64, n int) int { return int(sample.Mix(e.seed, which) % uint64(n)) }

// bit is true for one in every events. which identifies its purpose.
func (e *event) bit(which uint64, every int) bool { return e.number(which+100, every) == 0 }

var (
	groupNames   = []string{"site-admins", "confluence-users", "jira-users", "developers", "auditors", "contractors"}
	spaceNames   = []string{"Engineering", "People", "Finance", "Handbook", "Release notes", "Support"}
	projectNames = []string{"Apollo", "Billing", "Data platform", "Mobile", "Operations"}
	appNames     = []string{"Diagrams", "Time sheets", "Release calendar"}
)

func userNames() []string {
	var all []string
	for _, p := range people {
		all = append(all, p.name)
	}
	return all
}

// confluenceKinds are the events of a Confluence site.
var confluenceKinds = []kind{
	{"Users and groups", "User added to group", "Group", "", nil, groupNames},
	{"Users and groups", "User removed from group", "Group", "", nil, groupNames},
	{"Users and groups", "User created", "User", "", nil, userNames()},
	{"Users and groups", "User details updated", "User", "Full name", []string{"R. Lind", "Rosa Lind"}, userNames()},
	{"Permissions", "Space permission added", "Space", "Type", []string{"VIEWSPACE", "EDITSPACE", "EXPORTSPACE"}, spaceNames},
	{"Permissions", "Space permission removed", "Space", "Type", []string{"EDITSPACE", "VIEWSPACE"}, spaceNames},
	{"Permissions", "Global permission added", "", "Group", groupNames, []string{"Global"}},
	{"Spaces", "Space created", "Space", "", nil, spaceNames},
	{"Spaces", "Space details changed", "Space", "Name", []string{"Handbook", "Team handbook"}, spaceNames},
	{"Import/Export", "Space exported", "Space", "Format", []string{"PDF", "XML", "HTML"}, spaceNames},
	{"Global administration", "Global settings changed", "", "Session timeout", []string{"30", "60"}, []string{"General configuration"}},
	{"Apps", "App installed", "App", "Version", []string{"1.4.0", "1.5.0"}, appNames},
	{"Security", "Login failed", "User", "", nil, userNames()},
	{"Pages", "Page restrictions changed", "Page", "Restriction", []string{"view", "edit"}, []string{"Budget", "Road map", "On call"}},
}

// jiraKinds are the events of a Jira site.
var jiraKinds = []kind{
	{"group management", "User added to group", "GROUP", "", nil, groupNames},
	{"group management", "User removed from group", "GROUP", "", nil, groupNames},
	{"user management", "User created", "USER", "", nil, userNames()},
	{"user management", "User updated", "USER", "Email", []string{"rosa@example.com", "rosa.new@example.com"}, userNames()},
	{"permissions", "Permission scheme updated", "SCHEME", "Permission", []string{"Browse Projects", "Edit Issues"}, []string{"Default permission scheme"}},
	{"permissions", "Global permission added", "PERMISSIONS", "Group", groupNames, []string{"Global Permissions"}},
	{"projects", "Project created", "PROJECT", "Lead", []string{"Ada Okoye", "Rosa Lind"}, projectNames},
	{"projects", "Project updated", "PROJECT", "Name", projectNames, projectNames},
	{"workflows", "Workflow scheme updated", "SCHEME", "", nil, []string{"Software workflow scheme"}},
	{"fields", "Custom field created", "CUSTOM_FIELD", "Type", []string{"Text", "Number"}, []string{"Team", "Cost centre"}},
	{"filter settings", "Owner changed", "FILTER", "Owner", []string{"Mina Sato", "Noor Haddad"}, []string{"Open bugs", "My team"}},
	{"apps", "App installed", "APP", "Version", []string{"2.0.1", "2.1.0"}, appNames},
	{"auditing", "Audit log configuration updated", "", "", nil, []string{"Audit log"}},
}

// holds reports whether a text contains the word, ignoring case. The word is in lower case.
func holds(texts []string, word string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), word) {
			return true
		}
	}
	return false
}
