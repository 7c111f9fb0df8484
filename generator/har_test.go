package generator_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/report"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// canary is in each value of this recording: where it is in an output, a value has left the
// recording.
const canary = "kanarie"

// recordedCanaries is traffic with a canary in every value that a recording has, next to the names
// that may leave it.
func recordedCanaries() string {
	entry := func(method, path, query, sent, status, mime, body string) string {
		post := ""
		if sent != "" {
			post = fmt.Sprintf(`, "postData": {"mimeType": "application/json", "text": %q}`, sent)
		}
		return fmt.Sprintf(`{"startedDateTime": "kanarie-1", "request": {"method": %q, "url": "https://user:kanarie-2@api.example.com%s%s", "headers": [
			{"name": "Authorization", "value": "Bearer kanarie-3"}, {"name": "X-Kanarie", "value": "kanarie-4"}, {"name": "Cookie", "value": "kanarie-5=kanarie-6"}],
			"cookies": [{"name": "kanarie-7", "value": "kanarie-8"}]%s},
			"response": {"status": %s, "statusText": "kanarie-9", "headers": [{"name": "Set-Cookie", "value": "kanarie-10"}],
			"content": {"mimeType": %q, "text": %q}}}`, method, path, query, post, status, mime, body)
	}
	return `{"log": {"creator": {"name": "kanarie-11"}, "pages": [{"title": "kanarie-12"}], "entries": [` + strings.Join([]string{
		entry("GET", "/rest/things/kanarie-13/parts", "?start=0&word=kanarie-14&kanarie15=1777&id=kanarie-16%40example.com", "", "200", "application/json",
			`{"name": "kanarie-17", "start": 1777, "by": {"user-1777": {"mail": "kanarie-18"}}, "parts": [{"at": "kanarie-19", "n": 1777.5}], "owner": "anna"}`),
		entry("GET", "/rest/people/anna", "", "", "200", "application/json", `["kanarie-20"]`),
		entry("POST", "/rest/things", "", `{"secret": "kanarie-21", "n": 1777}`, "400", "text/plain", "kanarie-22"),
		entry("POST", "/rest/things", "", `{"broken": kanarie-23`, "500", "application/json", `{"broken": kanarie-24`),
	}, ",") + `]}}`
}

// allowed are the names that the recording has: names of members, parameters and words of paths
// leave it.
var allowedCanary = regexp.MustCompile(`kanarie15`)

func TestValuesOfRecordedTrafficAreInNoOutput(t *testing.T) {
	in := generator.Input{Package: "things", Sources: []generator.SourceInput{{Kind: claim.Reference, File: source.File{Name: "traffic.har", Data: []byte(recordedCanaries())}}}}
	out, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	outputs := map[string][]byte{}
	for _, f := range out.Files {
		outputs[f.Name] = f.Data
	}
	var page, text bytes.Buffer
	if err := generator.WriteHTML(&page, []generator.Input{in}, []*generator.Output{out}); err != nil {
		t.Fatal(err)
	}
	outputs["report.html"] = page.Bytes()
	for _, n := range out.Document.Notes {
		fmt.Fprintln(&text, n)
	}
	fmt.Fprintln(&text, out.Names)
	outputs["notes and names"] = text.Bytes()
	outputs["markdown"] = report.Markdown(out.Document)
	if data, err := out.Document.JSON(); err != nil {
		t.Error(err)
	} else {
		outputs["json"] = data
	}
	for name, data := range outputs {
		rest := allowedCanary.ReplaceAllString(strings.ToLower(string(data)), "")
		for _, secret := range []string{canary, "1777", "anna"} {
			if i := strings.Index(rest, secret); i >= 0 {
				t.Errorf("%s has a value of the recording: %q", name, rest[max(i-60, 0):min(i+60, len(rest))])
			}
		}
	}
	if doc := string(outputs["json"]); !strings.Contains(doc, "/rest/things/{thingId}/parts") || !strings.Contains(doc, "Seen in 1 of 1 recorded request") {
		t.Errorf("the document does not have what was seen:\n%.2000s", doc)
	}
}

func TestErrorsAboutRecordedTrafficQuoteNothing(t *testing.T) {
	for name, data := range map[string]string{
		"broken":   `{"log": {"creator": {"name": "kanarie"}, "entries": [{"request": kanarie}]}}`,
		"cut off":  `{"log": {"creator": {}, "entries": [{"request": {"url": "https://kanarie`,
		"no calls": `{"log": {"entries": [{"request": {"method": "kanarie", "url": "https://a.example/kanarie"}, "response": {"status": 200}}]}}`,
	} {
		_, err := generator.Generate(generator.Input{Package: "things", Sources: []generator.SourceInput{{Kind: claim.Reference, File: source.File{Name: "traffic.har", Data: []byte(data)}}}})
		if err == nil || strings.Contains(err.Error(), "kanarie") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
