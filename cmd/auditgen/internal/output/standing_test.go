package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/generator"
)

var longAgo = time.Date(2020, 1, 2, 3, 4, 5, 678_000_000, time.UTC)

// written is a package that stands on disk since long ago.
func written(t *testing.T) Package {
	t.Helper()
	p := Package{Base: t.TempDir(), Dir: "api", Inputs: inputs, Files: []generator.File{{Name: "a.go", Data: ours("var a = 1\n")}, {Name: "b.yaml", Data: []byte("b: 1\n")}}}
	set, err := Open([]Package{p})
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Write(nil); err != nil {
		t.Fatal(err)
	}
	if err := set.Close(); err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Files {
		age(t, filepath.Join(p.Base, p.Dir, f.Name), longAgo)
	}
	return p
}

func age(t *testing.T, file string, when time.Time) {
	t.Helper()
	if err := os.Chtimes(file, when, when); err != nil {
		t.Fatal(err)
	}
	if _, ok := placeOf(lstat(t, file)); !ok {
		t.Skip("files have no stamps on this system")
	}
	time.Sleep(30 * time.Millisecond) // until the clock of the file system has moved on
}

func lstat(t *testing.T, file string) fs.FileInfo {
	t.Helper()
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestOnlyFilesWithoutTheirStampAreRead(t *testing.T) {
	p := written(t)
	a := filepath.Join(p.Base, p.Dir, "a.go")
	if _, _, ok := p.Standing(p.ManifestHash(), nil); !ok {
		t.Fatal("what was written does not stand there")
	}
	if err := os.WriteFile(a, ours("var a = 2\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	age(t, a, longAgo)
	if _, _, ok := p.Standing(p.ManifestHash(), nil); ok {
		t.Error("without stamps a change is not seen")
	}
	known := Stamps{"a.go": stampOf(lstat(t, a), time.Now())}
	files, found, ok := p.Standing(p.ManifestHash(), known)
	if files != 2 || !ok || found["a.go"] != known["a.go"] || found["b.yaml"] == "" {
		t.Errorf("a file with its stamp was read: %d files, stamps %q, %v", files, found, ok)
	}
}

func TestEveryChangeChangesTheStamp(t *testing.T) {
	for name, change := range map[string]func(file string) error{
		"another content of the same size":        func(file string) error { return os.WriteFile(file, ours("var a = 2\n"), 0o666) },
		"another size":                            func(file string) error { return os.WriteFile(file, ours("var a = 11\n"), 0o666) },
		"the same content in another file":        func(file string) error { return os.WriteFile(file+".new", ours("var a = 1\n"), 0o666) },
		"nothing but a look at it, and the times": func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			p := written(t)
			file := filepath.Join(p.Base, p.Dir, "a.go")
			_, known, _ := p.Standing(p.ManifestHash(), nil)
			if err := change(file); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Lstat(file + ".new"); err == nil {
				if err := os.Rename(file+".new", file); err != nil {
					t.Fatal(err)
				}
			}
			age(t, file, longAgo) // the time it had: programs can set it
			if got := stampOf(lstat(t, file), time.Now()); got == "" || got == known["a.go"] {
				t.Errorf("the stamp %q is still %q", known["a.go"], got)
			}
		})
	}
}

func TestWhatMayStillChangeUnseenHasNoStamp(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for name, c := range map[string]struct{ time, now time.Time }{
		"the same moment":             {longAgo, longAgo},
		"after a millisecond":         {longAgo, longAgo.Add(time.Millisecond)},
		"after a second":              {longAgo, longAgo.Add(time.Second)},
		"in the future":               {longAgo, longAgo.Add(-time.Hour)},
		"whole second, after another": {longAgo.Truncate(time.Second), longAgo.Truncate(time.Second).Add(time.Second)},
		"whole second, after a while": {longAgo.Truncate(time.Second), longAgo.Add(time.Minute)},
	} {
		age(t, file, c.time)
		got[name] = stampOf(lstat(t, file), c.now) != ""
	}
	want := map[string]bool{"the same moment": false, "after a millisecond": false, "after a second": true, "in the future": false,
		"whole second, after another": false, "whole second, after a while": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("has a stamp: (-want +got)\n%s", diff)
	}
}
