package generator_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

const threeOperations = `openapi: 3.0.3
info: {title: Log, version: '1'}
paths:
  /api/log:
    get:
      operationId: getLog
      parameters: [{in: query, name: limit, schema: {type: integer}}]
      responses: {'204': {description: Nothing}}
    post:
      operationId: addEntry
      responses: {'204': {description: Nothing}}
  /old:
    get:
      operationId: getOld
      responses: {'204': {description: Nothing}}
`

func TestThePageTellsWhatHasChangedSinceTheLock(t *testing.T) {
	in := generator.Input{Package: "log", Sources: []generator.SourceInput{{Kind: claim.OpenAPI, File: source.File{Name: "log.yaml", Data: []byte(threeOperations)}}}}
	if got := changesOn(t, in); got != nil {
		t.Errorf("without a lock there are changes: %q", got)
	}
	in.Names = []lock.Operation{
		{Method: "GET", Path: "/log", Name: "GetLog", Parameters: []string{"query limit"}, Answers: []string{"204"}},
		{Method: "GET", Path: "/old", Name: "GetOld", Removed: true, Answers: []string{"200"}},
		{Method: "GET", Path: "/gone", Name: "GetGone"},
		{Method: "GET", Path: "/long/gone", Name: "GetLongGone", Removed: true},
	}
	want := []string{
		"moved GET /api/log from GET /log",
		"removed GET /gone nothing else gets its name, GetGone",
		"added POST /api/log as AddEntry",
		"changed GET /old &#43; 204, - 200",
		"returned GET /old as GetOld",
	}
	got := changesOn(t, in)
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// changesOn returns the texts in the list of changes on the page of an input.
func changesOn(t *testing.T, in generator.Input) []string {
	t.Helper()
	out, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := generator.WriteHTML(&page, []generator.Input{in}, []*generator.Output{out}); err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`<ul class="changes">(.*?)</ul>`).FindStringSubmatch(page.String())
	if list == nil {
		return nil
	}
	var items []string
	for _, item := range strings.Split(strings.TrimSuffix(list[1], "</li>"), "</li>") {
		items = append(items, strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(item, "")), " "))
	}
	return items
}

// Each action of an overlay ranks apart, and all of them are the overlay's.
func TestThePageCreditsEachOverlayWithItsOwnFacts(t *testing.T) {
	in := embedded(t, "confluence")
	out, err := generator.Generate(in)
	if err != nil {
		t.Fatal(err)
	}
	won := map[string]int{}
	for _, f := range out.Document.AllFacts() {
		won[f.Won.Source.File]++
	}
	var page bytes.Buffer
	if err := generator.WriteHTML(&page, []generator.Input{in}, []*generator.Output{out}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page.String(), " ")), " ")
	for file, n := range won {
		if !regexp.MustCompile(regexp.QuoteMeta(file) + ` \w+ ` + strconv.Itoa(n) + ` `).MatchString(text) {
			at := strings.Index(text, file)
			t.Errorf("%s decided %d facts, and the page says %.80s", file, n, text[max(at, 0):])
		}
	}
}
