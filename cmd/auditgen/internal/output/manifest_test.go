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
	written := newManifest([]generator.File{{Name: "b.go", Data: []byte("b")}, {Name: "a file.yaml"}})
	data := written.format()
	if diff := cmp.Diff(manifestHeader+"\na file.yaml\nb.go\n", string(data)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	hash := strings.Repeat("0a", 32)
	for name, data := range map[string][]byte{
		"as written":                    data,
		"with the line ends of Windows": bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")),
		"as version 1 wrote it":         []byte(manifestMark + "1: x\ninputs " + hash + "\nfile " + hash + " a file.yaml\nfile " + hash + " b.go\n"),
		"with conflict marks":           []byte(manifestHeader + "\n<<<<<<< HEAD\na file.yaml\n||||||| base\n=======\nb.go\n>>>>>>> other\n"),
		"with marks around all of it":   []byte("<<<<<<< HEAD\n" + manifestHeader + "\nb.go\n=======\n" + manifestMark + "1: x\nfile " + hash + " a file.yaml\n>>>>>>> other\n"),
		"with a line twice":             []byte(string(data) + "b.go\n"),
	} {
		read, err := parseManifest(source.File{Name: "m", Data: data})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(written, read); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// A change of a file must not change the manifest, or every merge would be a conflict.
func TestManifestDoesNotChangeWithTheContentOfFiles(t *testing.T) {
	one, other := newManifest([]generator.File{{Name: "a.go", Data: []byte("a")}}), newManifest([]generator.File{{Name: "a.go", Data: []byte("b")}})
	if diff := cmp.Diff(string(one.format()), string(other.format())); diff != "" {
		t.Errorf("(-one +other)\n%s", diff)
	}
}

// FuzzParseManifest: whatever is read is made of plain names, and is written as it was read.
func FuzzParseManifest(f *testing.F) {
	f.Add(newManifest([]generator.File{{Name: "a.go"}, {Name: "b c.yaml"}}).format())
	f.Add([]byte(manifestHeader + "\r\n<<<<<<< HEAD\nfile ../../x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(source.File{Name: "m", Data: data})
		if err != nil {
			return
		}
		for name := range m {
			if err := filename.Check(name); err != nil {
				t.Fatal(err)
			}
		}
		again, err := parseManifest(source.File{Name: "m", Data: m.format()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatalf("(-read +read again)\n%s", diff)
		}
	})
}
