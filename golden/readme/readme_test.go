// Package readme_test does what the README tells its readers to do, literally, with the real
// program.
package readme_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/internal/compiled"
)

const root = "../.."

// readme returns the README and its reference.
func readme(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for _, name := range []string{"README.md", "docs/reference.md"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		text.Write(data)
	}
	return text.String()
}

// blocks returns the fenced code blocks of a language.
func blocks(text, language string) (all []string) {
	for {
		_, rest, found := strings.Cut(text, "```"+language+"\n")
		if !found {
			return all
		}
		block, after, _ := strings.Cut(rest, "\n```")
		all, text = append(all, block+"\n"), after
	}
}

const (
	built    = "go run github.com/seed-1954497d/auditgen/cmd/auditgen"
	builtLog = "go run github.com/seed-1954497d/auditgen/cmd/auditlog"
)

// bin is the folder of auditgen and auditlog, for PATH.
var bin string

func TestMain(m *testing.M) {
	os.Exit(compiled.Main(m, func(dir string) error {
		bin = dir
		_, err := compiled.Program(dir, "cmd/auditgen")
		_, err2 := compiled.Program(dir, "cmd/auditlog")
		return errors.Join(err, err2)
	}))
}

// shell returns a command that runs command lines in a folder, with auditgen and auditlog in its
// PATH.
func shell(line, dir string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "AUDITGEN_CACHE=off")
	return cmd
}

const written = "127.0.0.1:8080" // address of the mock in the README

// serve runs the README's first line until the test ends and returns the address of the mock. It
// uses a free port, because the README's port may be taken.
func serve(t *testing.T, line string) (address string) {
	t.Helper()
	if !strings.HasPrefix(line, built+" mock ") || !strings.Contains(line, written) {
		t.Fatalf("the first line is %q, want one that starts the mock at %s", line, written)
	}
	line = strings.ReplaceAll(strings.Replace(line, built, "exec auditgen", 1), written, "127.0.0.1:0")
	cmd := shell(line, t.TempDir())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // Ctrl-C
		if err := cmd.Wait(); err != nil {
			t.Errorf("the mock, interrupted: %v\n%s", err, &stderr)
		}
	})
	first, err := bufio.NewReader(stdout).ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSuffix(first, "\n"), " http://")
	if err != nil || !found {
		t.Fatalf("the mock printed %q (%v)\n%s", first, err, &stderr)
	}
	return address
}

func TestTheFirstMinuteOfTheREADME(t *testing.T) {
	_, section, _ := strings.Cut(readme(t), "## Try it in a minute\n")
	section, _, _ = strings.Cut(section, "\n## ")
	lines, programs := blocks(section, "sh"), blocks(section, "go")
	if len(lines) != 3 || len(programs) != 1 {
		t.Fatalf("the section has %d blocks of shell and %d of Go, want 3 and 1", len(lines), len(programs))
	}
	t.Run("curl", func(t *testing.T) {
		if _, err := exec.LookPath("curl"); err != nil {
			t.Skip("curl is not installed: apt-get install curl")
		}
		tryCurl(t, lines[1], serve(t, strings.TrimSpace(lines[0])))
	})
	t.Run("auditlog", func(t *testing.T) { tryLog(t, lines[2], serve(t, strings.TrimSpace(lines[0]))) })
	t.Run("Go", func(t *testing.T) {
		address := serve(t, strings.TrimSpace(lines[0]))
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(programs[0], written, address)), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := shell("go run "+strconv.Quote(file), root).CombinedOutput()
		want := regexp.MustCompile(`^1000 on a page, 100001 in all, "Tried it" is new, \d{7,} bytes exported\n$`)
		if err != nil || !want.Match(out) {
			t.Errorf("the program ends with %v and prints\n%swant\n%s", err, out, want)
		}
	})
}

// tryLog runs the lines about auditlog against a mock.
func tryLog(t *testing.T, block, address string) {
	t.Helper()
	dir := t.TempDir()
	block = strings.ReplaceAll(strings.ReplaceAll(block, written, address), builtLog, "auditlog")
	if out, err := shell("set -e\n"+block, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := func(name string) int {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		return bytes.Count(data, []byte("\n"))
	}
	if n := lines("audit.ndjson"); n != 100_000 {
		t.Errorf("the export has %d lines, want 100,000", n)
	}
	if n := lines("jira.csv"); n < 5_000 || n > 15_000 {
		t.Errorf("30 of 300 days have %d lines, want about 10,000", n)
	}
}

// tryCurl runs command lines against a mock.
func tryCurl(t *testing.T, block, address string) {
	t.Helper()
	dir := t.TempDir()
	var got []string
	for line := range strings.Lines(strings.ReplaceAll(block, written, address)) {
		out, err := shell(strings.TrimSpace(line), dir).CombinedOutput()
		var answer struct {
			Start, Size int
			Summary     string
			Records     []any
		}
		if err == nil && len(out) > 0 {
			err = json.Unmarshal(out, &answer)
		}
		if err != nil {
			t.Fatalf("%s%v\n%.300s", line, err, out)
		}
		got = append(got, strings.TrimSpace(strings.Join([]string{strconv.Itoa(answer.Size), "from", strconv.Itoa(answer.Start), answer.Summary, strconv.Itoa(len(answer.Records))}, " ")))
	}
	want := []string{"2 from 0  0", "2 from 2  0", "0 from 0 Tried it 0", "0 from 0  0", "0 from 0  2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	exported, err := os.ReadFile(filepath.Join(dir, "audit.csv"))
	if err != nil || bytes.Count(exported, []byte("\n")) != 100_002 || !bytes.Contains(exported, []byte("Tried it")) {
		t.Errorf("the export has %d lines (%v), want a header, 100,000 records and the one that was created", bytes.Count(exported, []byte("\n")), err)
	}
}

// elsewhere lists the lines that are not run here, and why.
var elsewhere = map[string]string{
	"auditgen overlay yield --all --upstream":                            "network; the script update of cmd/auditgen has a server of its own",
	"auditgen overlay prune --upstream":                                  "the same",
	"auditgen overlay yield FILE:LINE":                                   "a file of the reader; the script overlay of cmd/auditgen has one",
	"go get -tool github.com/seed-1954497d/auditgen/cmd/auditgen@latest": "network",
	"go mod tidy":                                                  "network, for a module of the reader; golden/downstream is one",
	"go vet ./... && go test ./...":                                "the same",
	"go mod init example.com/yours/tools":                          "a module for tools is tested in golden/downstream",
	"-modfile=tools/go.mod auditgen init":                          "the same",
	"-C tools auditgen generate --config ../auditgen.yaml":         "the same",
	"go get github.com/oapi-codegen/runtime@v1.8.0":                "network",
	"auditgen init --published":                                    "network; golden/published and the scripts of cmd/auditgen have servers of their own",
	"auditgen update":                                              "the same",
	"auditgen update --dry-run":                                    "the same",
	"auditgen update --fail-on breaking":                           "the same",
	"auditgen mock":                                                "it serves for ever; see TestItIsTriedInAMinute",
	"auditgen diff HEAD .":                                         "a repository with a history; the script diff of cmd/auditgen prints these lines",
	"auditgen diff v1.2.0:internal/confluence internal/confluence": "the same",
	"auditgen diff --format markdown HEAD .":                       "the same",
}

// after lists commands to run before a line.
var after = map[string]string{
	"auditgen generate --check":    "cp auditgen.example auditgen.yaml && auditgen generate && ",
	"auditgen generate":            "cp auditgen.example auditgen.yaml && ",
	"auditgen overlay prune":       "cp auditgen.example auditgen.yaml && ",
	"auditgen overlay yield --all": "cp auditgen.example auditgen.yaml && ",
}

var (
	inline      = regexp.MustCompile("`(auditgen [a-z][^`]*|make [a-z][^`]*)`")
	placeholder = strings.NewReplacer(" [ADDRESS]", "", "--html FILE", "--html page.html", "OLD NEW", "HEAD .", "=DIR...", "=.", "DIR=...", "DIR=.")
	generates   = regexp.MustCompile(`(?m)^//go:generate go tool (auditgen .*)$`)
	indented    = regexp.MustCompile(`(?m)^    ((?:auditgen|make|go) [a-z].*)$`)
	prompt      = regexp.MustCompile(`(?m)^\$ (.*)$`)
)

// commands returns every command line of the README except those of its first section.
func commands(text string) []string {
	found := map[string]bool{}
	for _, form := range []*regexp.Regexp{inline, generates, indented, prompt} {
		for _, match := range form.FindAllStringSubmatch(text, -1) {
			line, _, _ := strings.Cut(match[1], "    # ")
			line = strings.TrimPrefix(strings.TrimSpace(line), "go tool ")
			found[placeholder.Replace(line)] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestEveryCommandRuns(t *testing.T) {
	text := readme(t)
	lines := commands(text)
	if len(lines) < 20 {
		t.Errorf("found only %d commands: %q", len(lines), lines)
	}
	for line := range elsewhere {
		if !slices.Contains(lines, line) {
			t.Errorf("the README no longer has the line %q: remove it from elsewhere", line)
		}
	}
	for _, line := range lines {
		if elsewhere[line] != "" {
			continue
		}
		t.Run(line, func(t *testing.T) {
			dir := root
			if strings.HasPrefix(line, "make ") {
				line = "make -n" + strings.TrimPrefix(line, "make") // only check that the target exists
			} else {
				dir = reader(t, text)
			}
			if out, err := shell(after[line]+line, dir).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\nif the line cannot run here, add it to elsewhere with the reason", err, out)
			}
		})
	}
}

// reader returns the folder of a module with the documents and the example configuration of the
// README.
func reader(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	var example string
	for _, block := range blocks(text, "yaml") {
		if strings.HasPrefix(block, "packages:") && strings.Contains(block, "out:") {
			example = block
		}
	}
	files := map[string]string{"auditgen.example": example, "go.mod": "module example.com/team\n\ngo 1.26\n"}
	for name, from := range map[string]string{"audit.swagger.yaml": "audit.swagger.yaml", "audit-page.txt": "audit-page.txt", "overlay.yaml": "overlay.yaml",
		"audit.postman_collection.json": "audit-postman-page.txt"} {
		data, err := os.ReadFile(root + "/spec/confluence/" + from)
		if err != nil {
			t.Fatal(err)
		}
		files[name], files["spec/"+name] = string(data), string(data)
	}
	err := os.Mkdir(filepath.Join(dir, "spec"), 0o755)
	for name, content := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(content), 0o644))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The output shown in the README is the output of the command.
func TestTheREADMEShowsTheRealOutput(t *testing.T) {
	n := 0
	for _, block := range blocks(readme(t), "console") {
		line, want, _ := strings.Cut(strings.TrimPrefix(block, "$ "), "\n")
		if elsewhere[line] != "" {
			continue
		}
		n++
		out, err := shell(line, t.TempDir()).CombinedOutput()
		if diff := cmp.Diff(want, string(out)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", line, err, diff)
		}
	}
	if n == 0 {
		t.Error("the README shows no output")
	}
}

func TestMakeTargetsInCONTRIBUTINGExist(t *testing.T) {
	data, err := os.ReadFile(root + "/CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	targets := regexp.MustCompile("(?:\\n    |`|; )make ([a-z-]+)").FindAllStringSubmatch(string(data), -1)
	if len(targets) < 10 {
		t.Errorf("found only %q", targets)
	}
	for _, target := range targets {
		if out, err := shell("make -n "+target[1], root).CombinedOutput(); err != nil {
			t.Errorf("make %s: %v\n%s", target[1], err, out)
		}
	}
}
