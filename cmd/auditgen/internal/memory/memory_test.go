package memory

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var result = Result{Inputs: "inputs", Files: map[string]string{"a.go": "abc"}, Said: "a gap\n"}

func TestAResultIsRecalledForTheSameFolderInputsAndProgramOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	New(dir, "program").Keep("out", result)
	for name, c := range map[string]struct {
		program, folder, inputs string
		want                    bool
	}{
		"the same":         {"program", "out", "inputs", true},
		"the same folder":  {"program", "x/../out/", "inputs", true},
		"another folder":   {"program", "out2", "inputs", false},
		"another program":  {"program2", "out", "inputs", false},
		"other inputs":     {"program", "out", "inputs2", false},
		"no known program": {"", "out", "inputs", false},
	} {
		got, ok := New(dir, c.program).Recall(c.folder, c.inputs)
		got.Program = ""
		if ok != c.want || ok && !cmp.Equal(got, result) {
			t.Errorf("%s: got %v, %v", name, got, ok)
		}
	}
}

func TestABrokenMemoryRemembersNothing(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "not JSON": "x", "half": `{"Inputs":"inp`, "empty": `{}`, "a list": `[]`} {
		m := New(t.TempDir(), "program")
		if err := os.WriteFile(m.file("out"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := m.Recall("out", "inputs"); ok {
			t.Errorf("%s: recalled %v", name, got)
		}
		m.Keep("out", result)
		if _, ok := m.Recall("out", "inputs"); !ok {
			t.Errorf("%s: not recalled after it was kept again", name)
		}
	}
}

func TestNoMemoryRemembersNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"off", "somewhere/relative", file} {
		t.Setenv("AUDITGEN_CACHE", dir)
		m := Open()
		m.Keep("out", result)
		if _, ok := m.Recall("out", "inputs"); ok {
			t.Errorf("AUDITGEN_CACHE=%s is a memory", dir)
		}
	}
}
