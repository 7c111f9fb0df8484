package output

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestManifestIsReadAsItWasWritten(t *testing.T) {
	written := newManifest(strings.Repeat("0a", 32), []generator.File{{Name: "b.go", Data: []byte("b")}, {Name: "a file.yaml"}})
	data := written.format()
	want := manifestHeader + "\ninputs " + strings.Repeat("0a", 32) + "\n" +
		"file e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 a file.yaml\n" +
		"file 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d b.go\n"
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for name, data := range map[string][]byte{"as written": data, "with the line ends of Windows": bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))} {
		read, err := parseManifest(source.File{Name: "m", Data: data})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(written, read, cmp.AllowUnexported(manifest{})); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestManifestWithoutInputsIsAnError(t *testing.T) {
	for _, data := range []string{"", manifestHeader, manifestHeader + "\n\n", manifestHeader + "\ninputs 12\n"} {
		if _, err := parseManifest(source.File{Name: "m", Data: []byte(data)}); err == nil {
			t.Errorf("%q is read without an error", data)
		}
	}
}

// FuzzParseManifest: whatever is read is made of plain names, and is written as it was read.
func FuzzParseManifest(f *testing.F) {
	f.Add(newManifest(strings.Repeat("0", 64), []generator.File{{Name: "a.go"}, {Name: "b c.yaml"}}).format())
	f.Add([]byte(manifestHeader + "\r\ninputs x\nfile ../../x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(source.File{Name: "m", Data: data})
		if err != nil {
			return
		}
		for name := range m.files {
			if err := filename.Check(name); err != nil {
				t.Fatal(err)
			}
		}
		again, err := parseManifest(source.File{Name: "m", Data: m.format()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again, cmp.AllowUnexported(manifest{})); diff != "" {
			t.Fatalf("(-read +read again)\n%s", diff)
		}
	})
}
