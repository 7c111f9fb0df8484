// Package browser_test tests the pages that auditgen writes in a real browser. It runs only with
// -browser, as make browser does, which installs Chromium and chromedriver if they are missing.
package browser_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	inBrowser = flag.Bool("browser", false, "run the tests that need chromedriver and Chromium")
	pictures  = flag.String("pictures", "", "`folder` for screenshots and printed pages")
)

const jiraDocument = "../../../shared/specs/jira-platform-2022-01-13.openapi.json"

// getAudit is the anchor of an operation in the report of the embedded APIs.
const getAudit = "api1-GET_/wiki/rest/api/audit"

// report writes a report and returns its address.
func report(t testing.TB, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	run := exec.Command("go", append([]string{"run", "../../cmd/auditgen", "report", "--html", file}, args...)...)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", run.Args, err, out)
	}
	return (&url.URL{Scheme: "file", Path: file}).String()
}

func need(t testing.TB) {
	t.Helper()
	if !*inBrowser {
		t.Skip("needs a browser: make browser")
	}
}

// quiet fails if the page wrote to the console or requested anything but itself.
func quiet(t *testing.T, s *session, page string) {
	t.Helper()
	if messages := s.logs("browser"); len(messages) > 0 {
		t.Errorf("the console has messages:\n%s", strings.Join(messages, "\n"))
	}
	for _, address := range s.requests() {
		if before, _, _ := strings.Cut(address, "#"); before != page {
			t.Errorf("the page requests %.100s", address)
		}
	}
}

// picture saves data in the folder of -pictures, if there is one.
func picture(t *testing.T, name string, data []byte) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

const visibleRows = `return [...document.querySelectorAll("tr.row")].filter(r => r.offsetParent !== null).map(r => r.id)`

func TestTheFilterHasAKeyAndShowsMatchingRows(t *testing.T) {
	need(t)
	s, page := openBrowser(t), report(t)
	s.open(page)
	all := eval[[]string](s, visibleRows)
	s.press("/")
	s.press("retention put")
	got := eval[[]string](s, visibleRows)
	if len(all) < 15 || len(got) != 1 || got[0] != "api1-PUT_/wiki/rest/api/audit/retention" {
		t.Errorf("of %d rows %v are left", len(all), got)
	}
	if said := eval[string](s, `return document.getElementById("shown").textContent`); !strings.HasPrefix(said, "1 of ") {
		t.Errorf("the page says %q", said)
	}
	s.press(keyEscape)
	if again := eval[[]string](s, visibleRows); len(again) != len(all) {
		t.Errorf("Escape brings back %d of %d rows", len(again), len(all))
	}
	s.click(`input[value=filled]`)
	if filled := eval[[]string](s, visibleRows); len(filled) == 0 || len(filled) >= len(all) {
		t.Errorf("%d of %d rows have filled holes", len(filled), len(all))
	}
	quiet(t, s, page)
}

func TestARowOpensByKeyboardAndItsFactsLinkToLinesOfTheDocuments(t *testing.T) {
	need(t)
	s, page := openBrowser(t), report(t)
	s.open(page)
	s.press("/")
	s.press(keyDown + keyDown + keyEnter)
	focused := eval[string](s, `return document.activeElement.closest("tr").id`)
	if want := "api1-POST_/wiki/rest/api/audit"; focused != want {
		t.Fatalf("the focus is on %s, want %s", focused, want)
	}
	text := eval[string](s, `return document.querySelector("tr.detail").innerText`)
	for _, want := range []string{"func (c *Client) CreateAuditRecord(", "body CreateAuditRecordRequest", "spec/confluence/create-record-table.txt", "remoteAddress"} {
		if !strings.Contains(text, want) {
			t.Errorf("the open row does not show %q", want)
		}
	}
	s.click("tr.detail .facts button.took")
	if here := eval[int](s, `return document.querySelectorAll(".ln.here").length`); here != 1 {
		t.Errorf("%d lines are marked, want 1", here)
	}
	if line, said := eval[string](s, `return document.querySelector(".ln.here b").textContent`),
		eval[string](s, `return document.querySelector("tr.detail .facts button.took").textContent`); line != said {
		t.Errorf("the fact says line %s, but line %s is marked", said, line)
	}
	s.click(`tr[id="api1-POST_/wiki/rest/api/audit"] button`)
	if open := eval[int](s, `return document.querySelectorAll("tr.detail").length`); open != 0 {
		t.Error("the row does not close")
	}
	quiet(t, s, page)
}

func TestALinkToARowOpensIt(t *testing.T) {
	need(t)
	s, page := openBrowser(t), report(t)
	s.open(page + "#" + url.PathEscape(getAudit))
	if open := eval[bool](s, `return document.querySelector("tr.detail").previousElementSibling.id === "`+getAudit+`"`); !open {
		t.Error("the row of the link is not open")
	}
	for _, target := range eval[[]string](s, `return [...document.querySelectorAll("a")].map(a => a.getAttribute("href"))`) {
		id := strings.TrimPrefix(target, "#")
		if id == target || !eval[bool](s, `return document.getElementById(`+quote(id)+`) !== null`) {
			t.Errorf("a link leads to %q, which is not on the page", target)
		}
	}
	quiet(t, s, page)
}

func quote(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }

func TestThePageAdaptsToDarkModeWidthAndPrint(t *testing.T) {
	need(t)
	s, page := openBrowser(t), report(t)
	s.open(page + "#" + getAudit)
	background := map[string]string{}
	for _, width := range []int{1440, 768, 390, 320} {
		s.resize(width)
		for _, scheme := range []string{"light", "dark"} {
			s.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": scheme}}})
			background[scheme] = eval[string](s, `return getComputedStyle(document.body).backgroundColor`)
			picture(t, fmt.Sprintf("%s-%d.png", scheme, width), s.screenshot())
		}
		if over := eval[int](s, `return document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("at a width of %d the page is %d pixels too wide", width, over)
		}
	}
	if background["light"] == background["dark"] {
		t.Errorf("light and dark have the same background, %s", background["light"])
	}
	s.devtools("Emulation.clearDeviceMetricsOverride", map[string]any{})
	s.devtools("Emulation.setEmulatedMedia", map[string]any{"media": "print", "features": []any{map[string]string{"name": "prefers-color-scheme", "value": "dark"}}})
	picture(t, "paper.png", s.screenshot())
	if on := eval[string](s, `return getComputedStyle(document.body).backgroundColor`); on != "rgb(255, 255, 255)" {
		t.Errorf("the background on paper is %s", on)
	}
	if cut := eval[string](s, `return getComputedStyle(document.querySelector(".detail .facts")).overflowY`); cut != "visible" {
		t.Errorf("on paper facts are cut off: overflow is %s", cut)
	}
	s.devtools("Emulation.setEmulatedMedia", map[string]any{})
	paper := s.pdf()
	if !bytes.HasPrefix(paper, []byte("%PDF-")) {
		t.Error("the page cannot be printed")
	}
	picture(t, "paper.pdf", paper)
	quiet(t, s, page)
}

// holes is a document with gaps, and disagreement is a table that contradicts it.
const (
	holes = `openapi: 3.0.3
info: {title: Holes, version: '1'}
paths:
  /log:
    get:
      operationId: listLog
      parameters: [{in: query, name: limit}, {in: query, name: start}]
      responses: {'204': {description: Nothing}}
    post:
      operationId: addLog
      requestBody: {content: {application/json: {schema: {properties: {severity: {type: string}, note: {}}}}}}
      responses: {'204': {description: Nothing}}
`
	disagreement = `POST /log
Adds one entry.
Request body fields
Name | Type | Required | Description |
---|---|---|---|
severity |
Integer | Yes |
How bad it was. |
`
)

// holesReport writes the report of holes and disagreement.
func holesReport(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	spec, table := filepath.Join(dir, "holes.yaml"), filepath.Join(dir, "add-log-table.txt")
	for file, text := range map[string]string{spec: holes, table: disagreement} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return report(t, "--spec", spec, "--reference", table)
}

// visibleGaps are the addresses in the lists of conflicts and gaps.
const visibleGaps = `return [...document.querySelectorAll("tr[data-row] a")].filter(a => a.offsetParent !== null).map(a => a.textContent)`

func TestTheFilterFiltersGapsAndBringsTheFirstHitIntoView(t *testing.T) {
	need(t)
	s, page := openBrowser(t), holesReport(t)
	s.open(page)
	s.resize(390)
	if all := eval[[]string](s, visibleGaps); len(all) < 3 {
		t.Fatalf("the page lists %q, want a conflict and two gaps", all)
	}
	s.press("/")
	s.press("limit")
	if diff := cmp.Diff([]string{"GET /log query:limit"}, eval[[]string](s, visibleGaps)); diff != "" {
		t.Errorf("gaps (-want +got)\n%s", diff)
	}
	if !eval[bool](s, `const at = document.querySelector("tr[data-row]:not([hidden])").getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight`) {
		t.Error("the first hit is not in view")
	}
	if shown := eval[bool](s, `return [...document.querySelectorAll(".found")].some(d => d.hidden)`); !shown {
		t.Error("the list of conflicts is empty, and it is not hidden")
	}
	quiet(t, s, page)
}

// On a phone each fact is a block that can be read without scrolling sideways, and each document
// that states the fact is named in it.
func TestOnAPhoneAFactIsAReadableBlock(t *testing.T) {
	need(t)
	s, page := openBrowser(t), holesReport(t)
	s.open(page)
	for _, width := range []int{390, 768} {
		s.resize(width)
		eval[any](s, `document.querySelectorAll("tr.row button[aria-expanded=false]").forEach(b => b.click())`)
		for what, script := range map[string]string{
			"empty cells beside facts":      `return [...document.querySelectorAll(".facts tr:has(.value) > *")].filter(c => c.offsetParent !== null && c.textContent.trim() === "" && !c.className.includes("value")).length`,
			"values outside of the screen":  `return [...document.querySelectorAll(".facts .value")].filter(v => v.getBoundingClientRect().right > innerWidth || v.getBoundingClientRect().width < 120).length`,
			"boxes that scroll inside":      `return [...document.querySelectorAll(".facts, .sides")].filter(b => b.scrollWidth > b.clientWidth + 1 || b.scrollHeight > b.clientHeight + 1).length`,
			"sources without their names":   `return [...document.querySelectorAll(".facts td:not(.fact, .value, .silent)")].filter(c => !getComputedStyle(c, "::before").content.includes(".")).length`,
			"list entries outside the page": `return [...document.querySelectorAll(".sides td")].filter(c => c.getBoundingClientRect().right > innerWidth).length`,
		} {
			if n := eval[int](s, script); n > 0 {
				t.Errorf("at a width of %d there are %d %s", width, n, what)
			}
		}
		picture(t, fmt.Sprintf("holes-%d.png", width), s.wholePage())
	}
	s.resize(1440)
	picture(t, "holes-1440.png", s.wholePage())
	if text := eval[string](s, `return document.querySelector(".matrix thead").innerText`); !strings.Contains(text, "add-log-table.txt") {
		t.Errorf("the columns do not name their documents: %q", text)
	}
	quiet(t, s, page)
}

// hostile has markup and script wherever a document has text.
const hostile = `openapi: 3.0.3
info: {title: '</title><script>document.title="pwned"</script>', version: '<img src=x onerror=alert(1)>'}
paths:
  '/log/<img src=x onerror=alert(1)>':
    get:
      operationId: '"><svg onload=alert(1)>'
      summary: '</script><script>document.title="pwned"</script>'
      description: '<!--<script>'
      parameters: [{in: query, name: "'\"><b>", description: '</td></table><h1>x', schema: {type: string, default: '<i>'}}, {in: query, name: hole}]
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}}
components:
  schemas:
    Log: {type: object, description: '{{.}} ${alert(1)}', properties: {'</pre><script>': {type: string}}}
`

func TestMarkupInADocumentIsShownAsText(t *testing.T) {
	need(t)
	file := filepath.Join(t.TempDir(), "hostile.yaml")
	if err := os.WriteFile(file, []byte(hostile), 0o644); err != nil {
		t.Fatal(err)
	}
	s, page := openBrowser(t), report(t, "--spec", file)
	s.open(page)
	eval[any](s, `document.querySelectorAll("tr.row button").forEach(b => b.click())`)
	if foreign := eval[int](s, `return document.querySelectorAll("img, svg[onload], h1 ~ h1, script:not([type]) ~ script:not([type]), td b b, i:not(.cell)").length`); foreign != 0 {
		t.Errorf("%d elements of the document became part of the page", foreign)
	}
	if title := eval[string](s, `return document.title`); title == "pwned" || !strings.Contains(title, "</title><script>") {
		t.Errorf("the title is %q", title)
	}
	if text := eval[string](s, `return document.body.innerText`); !strings.Contains(text, "<img src=x onerror=alert(1)>") || !strings.Contains(text, "</td></table><h1>x") {
		t.Error("text of the document is missing from the page")
	}
	quiet(t, s, page)
}

// BenchmarkLargeReport shows Jira's complete document. It measures the first paint, and the time
// from a filter to its next frame.
func BenchmarkLargeReport(b *testing.B) {
	need(b)
	if _, err := os.Stat(jiraDocument); err != nil {
		b.Skip("Jira's document is not beside the repository")
	}
	s, page := openBrowser(b), report(b, "--spec", jiraDocument)
	var paint, filter float64
	for range b.N {
		s.open(page)
		paint += eval[float64](s, `return performance.getEntriesByType("paint").find(e => e.name === "first-contentful-paint").startTime`)
		var took float64
		s.call("POST", "/execute/async", map[string]any{"args": []any{}, "script": `
			const done = arguments[0], input = document.getElementById("filter"), from = performance.now();
			input.value = "issue worklog"; input.dispatchEvent(new Event("input"));
			requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));`}, &took)
		filter += took
	}
	b.ReportMetric(paint/float64(b.N), "ms-to-first-paint")
	b.ReportMetric(filter/float64(b.N), "ms-to-filter")
	b.ReportMetric(0, "ns/op")
}
