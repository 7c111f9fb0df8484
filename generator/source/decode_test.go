package source_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/seed-1954497d/auditgen/generator/source"
)

func TestUTF16WithAByteOrderMarkIsRead(t *testing.T) {
	const want = "title: Überwachung 🔒\n"
	for name, data := range map[string]string{
		"little endian": "\xff\xfet\x00i\x00t\x00l\x00e\x00:\x00 \x00\xdc\x00b\x00e\x00r\x00w\x00a\x00c\x00h\x00u\x00n\x00g\x00 \x00\x3d\xd8\x12\xdd\n\x00",
		"big endian":    "\xfe\xff\x00t\x00i\x00t\x00l\x00e\x00:\x00 \x00\xdc\x00b\x00e\x00r\x00w\x00a\x00c\x00h\x00u\x00n\x00g\x00 \xd8\x3d\xdd\x12\x00\n",
		"UTF-8":         want,
	} {
		got, err := source.Decode(source.File{Name: "a.yaml", Data: []byte(data)})
		if err != nil || string(got.Data) != want {
			t.Errorf("%s: got %q, %v", name, got.Data, err)
		}
		tree, err := source.ParseTree(source.File{Name: "a.yaml", Data: []byte(data)})
		if err != nil || tree.Get("title").Str() != "Überwachung 🔒" {
			t.Errorf("%s: as a tree: %v", name, err)
		}
	}
}

func TestABinaryFileIsNamed(t *testing.T) {
	archive := func(name string) string {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		if _, err := w.Create(name); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("openapi: 3.0.3\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for want, data := range map[string]string{
		"a: this is a gzip file, not text: unpack it":                                          packed.String(),
		"a: this is a zip archive, not text: unpack it":                                        archive("openapi.yaml"),
		"a: this is a Word document, not text: save it as text":                                archive("word/document.xml"),
		"a: this is an Excel workbook, not text: save it as text":                              archive("xl/workbook.xml"),
		"a: this is a PDF, not text: save it as text":                                          "%PDF-1.7\n",
		"a: this is an image, not text: save it as text":                                       "\x89PNG\r\n\x1a\n",
		"a: the byte order mark says UTF-16, and the document is not UTF-16: save it as UTF-8": "\xff\xfea\x00b",
	} {
		_, err := source.Decode(source.File{Name: "a", Data: []byte(data)})
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
