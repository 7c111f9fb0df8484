package format

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
)

// record is as it might come: numbers that a float64 cannot hold, escapes, undocumented members.
const record = `{ "creationDate" : 1763694905123, "n": 12345678901234567890.10, "summary": "<a> \u00e9 &amp;",
	"x": {"b": 1, "a": [1.0, 1e2]} }`

func lines(t *testing.T, f *Format, records ...audit.Record) string {
	t.Helper()
	all, err := f.Lines(records)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, line := range all {
		b.Write(line)
	}
	return b.String()
}

func made(t *testing.T, name string, envelope bool) *Format {
	t.Helper()
	f, err := New(name, envelope, &audit.Log{Product: "confluence", Site: "https://a.example"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestNDJSONHasTheExactValueOnALine(t *testing.T) {
	const want = `{"creationDate":1763694905123,"n":12345678901234567890.10,"summary":"<a> \u00e9 &amp;","x":{"b":1,"a":[1.0,1e2]}}` + "\n"
	if got := lines(t, made(t, "ndjson", false), audit.Record{Raw: []byte(record)}); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestAnEnvelopeHasTheSameMembersForAllProducts(t *testing.T) {
	r := audit.Record{Time: time.UnixMilli(1763694905123), ActorID: "5f0", ActorName: "Ada", Action: "Space <exported>",
		ObjectType: "Space", Object: "Handbook", Raw: []byte(record)}
	system := audit.Record{ID: "7", Raw: []byte(`{"id":7}`)}
	const want = `{"id":"5a360307e2524bfb1fc2be9bb08cc06e","time":"2025-11-21T03:15:05.123Z","source":"confluence","site":"https://a.example",` +
		`"actor":{"id":"5f0","name":"Ada"},"action":"Space <exported>","object":{"type":"Space","name":"Handbook"},` +
		`"raw":{"creationDate":1763694905123,"n":12345678901234567890.10,"summary":"<a> \u00e9 &amp;","x":{"b":1,"a":[1.0,1e2]}}}` + "\n" +
		`{"id":"7","time":"","source":"confluence","site":"https://a.example","actor":{},"action":"","object":{},"raw":{"id":7}}` + "\n"
	if diff := cmp.Diff(want, lines(t, made(t, "ndjson", true), r, system)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEqualRecordsHaveDifferentIDsThatFollowFromTheContent(t *testing.T) {
	records := []audit.Record{{Raw: []byte(`{"a":1,"b":2}`)}, {Raw: []byte(`{"b":2, "a":1}`)}, {Raw: []byte(`{"a":1}`)}}
	audit.Identify(records)
	if records[1].ID != records[0].ID+"-2" || records[2].ID == records[0].ID {
		t.Errorf("got %s, %s, %s", records[0].ID, records[1].ID, records[2].ID)
	}
}

func TestCSVIsOneLineARecordForSpreadsheets(t *testing.T) {
	f := made(t, "csv", false)
	r := audit.Record{ID: "7", Time: time.UnixMilli(1763694905123), ActorName: `Ada "A" Lind`, Action: "first\nsecond, third", Category: "é",
		Changes: []audit.Change{{Name: "Full name", Old: "R. Lind", New: "Rosa Lind"}, {Name: "Email", New: "a@example.com"}}, Associated: []string{"x", "y"}}
	const want = "\ufeff" + `"time_utc","actor","actor_id","action","category","object_type","object","description","remote_address","changes","associated","id"` + "\n" +
		`"2025-11-21 03:15:05.123","Ada ""A"" Lind","","first second, third","é","","","","","Full name: R. Lind -> Rosa Lind | Email:  -> a@example.com","x | y","7"` + "\n"
	got := string(f.Header) + lines(t, f, r)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[1]) != len(columns) {
		t.Errorf("encoding/csv reads %q, %v", rows, err)
	}
}

func TestCSVNeutralisesFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"":                               "",
		"Space exported":                 "Space exported",
		"a - b = c @ d":                  "a - b = c @ d",
		"user@example.com":               "user@example.com",
		"=1+1":                           "'=1+1",
		`=HYPERLINK("http://x","click")`: `'=HYPERLINK("http://x","click")`,
		"+cmd|' /C calc'!A0":             "'+cmd|' /C calc'!A0",
		"-2+3":                           "'-2+3",
		"@SUM(A1)":                       "'@SUM(A1)",
		"\t=1":                           "' =1",
		"\r\n=1":                         "'  =1",
		"  =1":                           "'  =1",
		`"=1`:                            `'"=1`,
		"\ufeff=1":                       "'\ufeff=1",
		"＝1":                             "'＝1",
		"|calc":                          "'|calc",
		"x;=1+1":                         "x;'=1+1",
		"x; +1;-1":                       "x;' +1;'-1",
		"x\x00y\x1bz":                    "x y z",
		"bad \xff":                       "bad \ufffd",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
	if got := harmless(strings.Repeat("é", 40000)); len([]rune(got)) != maxCell {
		t.Errorf("a long cell has %d characters", len([]rune(got)))
	}
}

// FuzzCSV shows that no value makes a cell that begins like a formula, a second cell or a second
// line.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"=1", "a\n=1", `","=1`, "x;=1", "\ufeff\t+1", `"";"=1`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		format := made(t, "csv", false)
		text := lines(t, format, audit.Record{Action: value, Object: value, ID: "1"})
		if strings.Count(text, "\n") != 1 {
			t.Fatalf("%q makes %q", value, text)
		}
		r := csv.NewReader(strings.NewReader(text))
		row, err := r.Read()
		if _, end := r.Read(); err != nil || end != io.EOF || len(row) != len(columns) {
			t.Fatalf("%q makes %q: %v", value, row, err)
		}
		for _, cell := range row {
			for part := range strings.SplitSeq(cell, ";") {
				if bare := strings.TrimSpace(part); bare != "" && strings.ContainsRune("=+-@", rune(bare[0])) {
					t.Fatalf("%q makes the cell %q", value, cell)
				}
			}
		}
	})
}

func TestADeadLetterSaysWhatIsWrong(t *testing.T) {
	for _, name := range Names {
		if f, err := New(name, true, &audit.Log{}); (err == nil) != (name == "ndjson") {
			t.Errorf("%s with an envelope: %v, %v", name, f, err)
		}
	}
	line, err := DeadLetter(&audit.Record{Raw: []byte(`{"a": 1}`)})
	if err != nil || !json.Valid(line) || !slices.Contains(strings.Split(string(line), ","), `"record":{"a":1}}`+"\n") {
		t.Errorf("got %s, %v", line, err)
	}
}
