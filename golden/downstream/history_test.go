package downstream

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/mock"
)

var record = flag.Bool("update", false, "record what the team reads in testdata")

// inShort is the number of versions that are played with -short.
const inShort = 5

// Each version goes through update --dry-run, update --fail-on breaking and update. Then the team's
// unchanged code is built against the result and calls a mock of the new documents.
// testdata/confluence has what the team reads.
func TestUpdatesBreakExactlyWhatTheyReport(t *testing.T) {
	t.Parallel()
	up := newUpstream(t, map[string]string{})
	for _, name := range []string{spec, "records.json"} {
		data, err := os.ReadFile(filepath.Join("consumer/spec", name))
		if err != nil {
			t.Fatal(err)
		}
		up.documents[name] = string(data)
	}
	team := consumer(t, up.url)
	team.must(t, "go", "mod", "vendor")
	team.env = append(team.env, "GOFLAGS=-mod=vendor -ldflags=-w -vet=off", "GOPROXY=off") // as in make test
	team.commit(t, "start")
	if out, _, status := team.answer(t, "update", "--allow-private"); status != 0 || out != "nothing has changed: 2 documents\n" || up.unchanged != 2 {
		t.Fatalf("nothing has changed upstream, but update exits with %d after %d responses that say so:\n%s", status, up.unchanged, out)
	}
	h := &history{team: team, up: up}
	for i, v := range versions {
		if testing.Short() && i >= inShort {
			t.Logf("-short plays %d versions of %d", inShort, len(versions))
			break
		}
		if !t.Run(v.name, func(t *testing.T) { h.play(t, v) }) {
			break // the others depend on it
		}
	}
}

// history is a team and the documents that it follows.
type history struct {
	team *team
	up   *upstream
	read strings.Builder // what the team reads in one version
}

func (h *history) play(t *testing.T, v version) {
	h.read.Reset()
	for _, e := range v.upstream {
		h.up.edit(t, e)
	}
	names := h.team.names(t)
	h.followWithTheOverlay(t, v)
	reported := h.reportBeforehand(t)
	h.take(t, reported)
	h.prune(t, v)
	h.compareWithDiff(t, v, reported)
	h.build(t, v, reported)
	names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(v.removed, name) })
	names = append(names, v.added...)
	now := h.team.names(t)
	slices.Sort(names)
	slices.Sort(now)
	if diff := cmp.Diff(names, now); diff != "" {
		t.Errorf("names of operations (-want +got)\n%s", diff)
	}
	h.team.commit(t, v.name)
	golden(t, filepath.Join("testdata/confluence", v.name+".transcript"), h.read.String())
}

// auditgen runs a command whose output the team reads.
func (h *history) auditgen(t *testing.T, args ...string) (stdout string, status int) {
	t.Helper()
	stdout, stderr, status := h.team.answer(t, append(args, "--allow-private")...)
	fmt.Fprintf(&h.read, "$ auditgen %s\n", strings.Join(args, " "))
	for line := range strings.Lines(stdout + stderr) {
		if !strings.HasPrefix(line, "fetching ") && !regexp.MustCompile(`^internal/[\w/]+: \d+ files, \d+ changed`).MatchString(line) {
			h.read.WriteString(strings.ReplaceAll(line, h.up.url, published))
		}
	}
	if status != 0 {
		fmt.Fprintf(&h.read, "[exit %d]\n", status)
	}
	return stdout, status
}

// followWithTheOverlay checks that update refuses an overlay that no longer matches, and corrects
// the overlay.
func (h *history) followWithTheOverlay(t *testing.T, v version) {
	t.Helper()
	if len(v.overlay) == 0 {
		return
	}
	before := h.team.state(t)
	if _, status := h.auditgen(t, "update"); status != 2 {
		t.Errorf("the overlay does not match, but update exits with %d", status)
	}
	h.unchanged(t, before)
	for _, e := range v.overlay {
		h.team.edit(t, e)
		h.tellEdit(e)
	}
}

// prune removes what the documents say by now, which changes nothing that is generated.
func (h *history) prune(t *testing.T, v version) {
	t.Helper()
	if v.pruned == "" {
		return
	}
	want := edit{file: overlay, old: v.pruned}.apply(t, h.team.read(t, overlay))
	h.auditgen(t, "overlay", "prune")
	if diff := cmp.Diff(want, h.team.read(t, overlay)); diff != "" {
		t.Errorf("the overlay after prune (-want +got)\n%s", diff)
	}
	h.team.generate(t)
}

// tellEdit records what the team changes.
func (h *history) tellEdit(e edit) {
	fmt.Fprintf(&h.read, "# The team changes %s:\n", e.file)
	for _, side := range []struct{ mark, text string }{{"-", e.old}, {"+", e.new}} {
		for line := range strings.Lines(side.text) {
			h.read.WriteString(strings.TrimRight(side.mark+" "+line, "\n") + "\n")
		}
	}
}

func (h *history) unchanged(t *testing.T, before map[string]string) {
	t.Helper()
	if diff := cmp.Diff(before, h.team.state(t)); diff != "" {
		t.Errorf("nothing should be written (-want +got)\n%s", diff)
	}
}

// reportBeforehand returns the report of update --dry-run.
func (h *history) reportBeforehand(t *testing.T) string {
	t.Helper()
	before := h.team.state(t)
	out, status := h.auditgen(t, "update", "--dry-run")
	if status != 0 {
		t.Fatalf("update --dry-run exits with %d:\n%s", status, &h.read)
	}
	h.unchanged(t, before)
	return changesOf(out)
}

// changesOf returns the lines of a report without positions.
func changesOf(report string) string {
	var lines []string
	for line := range strings.Lines(report) {
		if regexp.MustCompile(`^(breaking|compatible|none) +\S|^\d+ breaking, `).MatchString(line) {
			lines = append(lines, regexp.MustCompile(` \(\S+:\d+( -> \S+:\d+)?\)\n`).ReplaceAllString(line, "\n"))
		}
	}
	return strings.Join(lines, "")
}

// take runs what a nightly job runs, and what a person does if that refuses.
func (h *history) take(t *testing.T, reported string) {
	t.Helper()
	before := h.team.state(t)
	_, stderr, status := h.team.answer(t, "update", "--fail-on", "breaking", "--allow-private")
	if strings.HasPrefix(reported, "breaking ") {
		if status != 1 {
			t.Errorf("something breaks, but update --fail-on breaking exits with %d: %s", status, stderr)
		}
		h.unchanged(t, before)
		_, stderr, status = h.team.answer(t, "update", "--allow-private")
	}
	if status != 0 {
		t.Fatalf("update exits with %d: %s", status, stderr)
	}
	if out, stderr, status := h.team.answer(t, "generate", "--check"); status != 0 {
		t.Errorf("generate --check after update exits with %d:\n%s%s", status, out, stderr)
	}
}

// compareWithDiff checks that diff reports the same as update did, with the right severities.
func (h *history) compareWithDiff(t *testing.T, v version, reported string) {
	t.Helper()
	out, stderr, status := h.team.answer(t, "diff", "HEAD", ".")
	if status != 0 {
		t.Fatalf("diff exits with %d: %s", status, stderr)
	}
	if diff := cmp.Diff(reported, changesOf(out)); diff != "" {
		t.Errorf("diff differs from update --dry-run (-update +diff)\n%s", diff)
	}
	out, _, _ = h.team.answer(t, "diff", "HEAD", ".", "--format", "json")
	var report struct {
		Packages []struct {
			Changes []struct {
				Severity, Wire string
				Go             []struct {
					Symbol     string
					Compatible bool
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	var broken []string
	refused := false
	for _, c := range report.Packages[0].Changes {
		n := len(broken)
		for _, g := range c.Go {
			if !g.Compatible {
				broken = append(broken, g.Symbol)
			}
		}
		refused = refused || c.Severity == "breaking" && n == len(broken)
		if n < len(broken) && c.Severity != "breaking" {
			t.Errorf("%v break, but the change is %s", broken[n:], c.Severity)
		}
	}
	slices.Sort(broken)
	if diff := cmp.Diff(v.breaks, slices.Compact(broken)); diff != "" {
		t.Errorf("symbols that break (-want +got)\n%s", diff)
	}
	if refused != v.refused {
		t.Errorf("a change breaks only on the wire: got %v, want %v", refused, v.refused)
	}
}

// build builds and tests the team's unchanged code, and again after the team has adapted it.
func (h *history) build(t *testing.T, v version, reported string) {
	t.Helper()
	breaks := strings.HasPrefix(reported, "breaking ")
	out, err := h.test(t)
	if (err != nil) != breaks {
		t.Errorf("the report says that something breaks: %v; go test says: %v\n%s\n%s", breaks, err, reported, out)
	}
	h.tellBuild(out, err)
	for _, symbol := range v.breaks[:min(len(v.breaks), 1)] {
		if last := symbol[strings.LastIndex(symbol, ".")+1:]; !regexp.MustCompile(`\.go:\d+:\d+: .*\b` + last + `\b`).MatchString(out) {
			t.Errorf("%s is reported as breaking, but the compiler does not mention it:\n%s", symbol, out)
		}
	}
	if len(v.code) == 0 {
		return
	}
	for _, e := range v.code {
		h.team.edit(t, e)
		h.tellEdit(e)
	}
	out, err = h.test(t)
	if err != nil {
		t.Fatalf("the team has adapted its code, but go test says %v:\n%s", err, out)
	}
	h.tellBuild(out, err)
}

// test tests the consumer, also against a server that answers and refuses as the documents say.
func (h *history) test(t *testing.T) (string, error) {
	t.Helper()
	site, err := mock.New([]byte(h.team.read(t, "internal/confluence/openapi.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	h.team.env = append(h.team.env, "AUDIT_SITE="+site.URL) // the last one wins
	return h.team.run("go", "test", ".")
}

// tellBuild records the lines of go test that name a line of code. It omits the compiler's
// messages, which change between Go releases.
func (h *history) tellBuild(out string, err error) {
	h.read.WriteString("$ go test .\n")
	if err == nil {
		h.read.WriteString("ok\n")
		return
	}
	for line := range strings.Lines(out) {
		if place := regexp.MustCompile(`^\./\w+\.go:\d+:\d+: `).FindString(line); place != "" {
			h.read.WriteString(place + "this does not compile\n")
		} else if regexp.MustCompile(`^\s*\w+\.go:\d+:`).MatchString(line) {
			h.read.WriteString(strings.TrimSpace(line) + "\n")
		}
	}
}

// golden compares a text with a file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *record {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run make golden", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s\nif the new text is right: make golden, then check the diff", file, diff)
	}
}
