package memory

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var result = Result{Manifest: "abc", Stamps: map[string]string{"doc.go": "1"}, Gaps: 1, Conflicts: 2, Notes: 3}

func TestAResultIsRecalledForTheSameProgramAndInputsOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	New(dir, "program").Keep("inputs", result)
	for name, c := range map[string]struct {
		program, inputs string
		want            bool
	}{
		"the same":              {"program", "inputs", true},
		"another program":       {"program2", "inputs", false},
		"other inputs":          {"program", "inputs2", false},
		"no known program":      {"", "inputs", false},
		"the border is shifted": {"program\ninputs", "", false},
	} {
		got, ok := New(dir, c.program).Recall(c.inputs)
		if ok != c.want || (ok && !cmp.Equal(got, result)) {
			t.Errorf("%s: got %v, %v", name, got, ok)
		}
	}
}

func TestWhatMakesNoSenseIsForgotten(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "x", "half": `{"manifest":"ab`, "no manifest": `{"gaps":0}`, "a list": `[]`, "too much": `{"manifest":"` + string(make([]byte, maxResult)) + `"}`,
	} {
		m := New(t.TempDir(), "program")
		file, _ := m.file("inputs")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := m.Recall("inputs"); ok {
			t.Errorf("%s: recalled %v", name, got)
		}
		m.Keep("inputs", result)
		if got, ok := m.Recall("inputs"); !ok || !cmp.Equal(got, result) {
			t.Errorf("%s: after it was kept again: %v, %v", name, got, ok)
		}
	}
}

func TestOldResultsAreRemovedAndNothingElse(t *testing.T) {
	m := New(t.TempDir(), "program")
	m.Keep("old", result)
	m.Keep("young", result)
	old, _ := m.file("old")
	foreign := filepath.Join(m.dir, "notes.txt")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * forgetAfter)
	for _, name := range []string{old, foreign} {
		if err := os.Chtimes(name, long, long); err != nil {
			t.Fatal(err)
		}
	}
	m.Keep("new", result)
	for inputs, want := range map[string]bool{"old": false, "young": true, "new": true} {
		if _, ok := m.Recall(inputs); ok != want {
			t.Errorf("%s is remembered: %v", inputs, ok)
		}
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error(err)
	}
}

func TestNoMemoryRemembersNothing(t *testing.T) {
	t.Setenv("AUDITGEN_CACHE", "off")
	m := Open()
	m.Keep("inputs", result)
	if _, ok := m.Recall("inputs"); ok || m != nil {
		t.Error("there is a memory")
	}
	t.Setenv("AUDITGEN_CACHE", "somewhere/relative")
	if Open() != nil {
		t.Error("there is a memory that depends on the folder")
	}
	// A file stands where the folder would have to be.
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	m = New(file, "program")
	m.Keep("inputs", result)
	if _, ok := m.Recall("inputs"); ok {
		t.Error("a file is a memory")
	}
}

func TestTheProgramIsKnownByItsContent(t *testing.T) {
	t.Setenv("AUDITGEN_CACHE", t.TempDir())
	m := Open()
	if first := m.program(); first == "" || first != m.program() || first != thisProgram() {
		t.Errorf("the identity of this program is %q, then %q", first, m.program())
	}
}

// A build takes the place of the program while it runs: what the old code found out is not for the new one.
func TestAProgramThatIsReplacedWhileItRunsIsStillItself(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere a program that is running cannot be replaced, or is looked for where it lies now")
	}
	const again = "AUDITGEN_TEST_REPLACE"
	if os.Getenv(again) != "" {
		own, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		before := thisProgram()
		if err := errors.Join(os.Remove(own), os.WriteFile(own, []byte("the next build"), 0o700)); err != nil {
			t.Fatal(err)
		}
		if after := thisProgram(); after != before || before == "" {
			t.Errorf("the identity was %q, and is %q", before, after)
		}
		return
	}
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.test")
	if err := os.WriteFile(copied, data, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(copied, "-test.run", "^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), again+"=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
