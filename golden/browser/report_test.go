// Package browser_test tests the pages that auditgen writes in a real browser. It runs only with
// -browser, as make browser does, which installs Chromium and chromedriver if they are missing.
package browser_test

import (
	"bytes"
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	for _, scheme := range []string{"light", "dark"} {
		s.devtools("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": scheme}}})
		background[scheme] = eval[string](s, `return getComputedStyle(document.body).backgroundColor`)
		picture(t, scheme+".png", s.screenshot())
	}
	if background["light"] == background["dark"] {
		t.Errorf("light and dark have the same background, %s", background["light"])
	}
	for _, width := range []int{1280, 390, 320} {
		s.devtools("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500})
		if over := eval[int](s, `return document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("at a width of %d the page is %d pixels too wide", width, over)
		}
		picture(t, "width"+string(rune('0'+width/100%10))+".png", s.screenshot())
	}
	s.devtools("Emulation.clearDeviceMetricsOverride", map[string]any{})
	s.devtools("Emulation.setEmulatedMedia", map[string]any{"media": "print", "features": []any{map[string]string{"name": "prefers-color-scheme", "value": "dark"}}})
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

// hostile has markup and script in every text of a document.
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
