package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// command runs the real program and gives what it prints.
func command(t *testing.T, want int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if status := run(args, strings.NewReader(""), &stdout, &stderr); status != want {
		t.Fatalf("auditgen %s: exit %d, want %d\n%s%s", strings.Join(args, " "), status, want, &stdout, &stderr)
	}
	return stdout.String()
}

func TestTheEmbeddedDocumentsGiveTheSameInAnyFolder(t *testing.T) {
	var before map[string]string
	for _, home := range []string{".", "some/where/else"} {
		t.Chdir(t.TempDir())
		writeFile(t, path.Join(home, "go.mod"), []byte(goMod))
		out := path.Join(home, "generated")
		command(t, done, "generate", "--out", out)
		files := map[string]string{}
		err := fs.WalkDir(os.DirFS(out), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(out + "/" + name)
			files[name] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if before != nil {
			if diff := cmp.Diff(before, files); diff != "" {
				t.Errorf("(-first +second)\n%s", diff)
			}
		}
		before = files
		command(t, done, "generate", "--out", out, "--check")
		again := command(t, done, "generate", "--out", out)
		if n := strings.Count(again, ", 0 changed\n"); n != 5 {
			t.Errorf("a second run prints\n%s", again)
		}
	}
}

func TestEveryCommandRunsOnTheEmbeddedDocuments(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, api := range []string{"confluence", "jira"} {
		document := command(t, done, "normalize", "--api", api)
		if !strings.HasPrefix(document, "openapi: 3.") {
			t.Errorf("normalize --api %s starts with %.40q", api, document)
		}
		command(t, done, "normalize", "--api", api, "--output", api+".json")
	}
	if text := command(t, done, "explain"); !strings.Contains(text, "GET /wiki/rest/api/audit query:limit") {
		t.Errorf("explain says nothing about a parameter:\n%s", text)
	}
	if text := command(t, done, "explain", "--json", "--api", "jira"); !strings.HasPrefix(text, "[") {
		t.Errorf("explain --json starts with %.40q", text)
	}
	command(t, trouble, "explain", "GET /nowhere")
}

func BenchmarkGenerate(b *testing.B) {
	b.Chdir(b.TempDir())
	for b.Loop() {
		var stderr bytes.Buffer
		if status := run([]string{"generate"}, strings.NewReader(""), new(bytes.Buffer), &stderr); status != done {
			b.Fatal(stderr.String())
		}
	}
}
