package output

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatAKilledRunLeftIsFinishedOrRemoved(t *testing.T) {
	temp := tempName("a.json", hashOf([]byte("before")))
	other := tempName("b.json", hashOf([]byte("before")))
	for name, c := range map[string]struct {
		files map[string]string // in the folder
		lock  string            // the document that the lock knows
		done  map[string]string
	}{
		"the lock has the new document":      {map[string]string{"a.json": "before", temp: "after"}, "after", map[string]string{"a.json": "after"}},
		"the document is new":                {map[string]string{tempName("a.json", absent): "after"}, "after", map[string]string{"a.json": "after"}},
		"the lock has the old document":      {map[string]string{"a.json": "before", temp: "after"}, "before", map[string]string{"a.json": "before"}},
		"the lock has another document":      {map[string]string{"a.json": "before", temp: "after"}, "other", map[string]string{"a.json": "before"}},
		"the lock knows no document":         {map[string]string{"a.json": "before", temp: "after"}, "", map[string]string{"a.json": "before"}},
		"the document was edited since":      {map[string]string{"a.json": "edited", temp: "after"}, "after", map[string]string{"a.json": "edited"}},
		"the document was removed since":     {map[string]string{temp: "after"}, "after", map[string]string{}},
		"the document is finished already":   {map[string]string{"a.json": "after", temp: "after"}, "after", map[string]string{"a.json": "after"}},
		"half of it was written":             {map[string]string{"a.json": "before", temp: "aft"}, "after", map[string]string{"a.json": "before"}},
		"it is for another file":             {map[string]string{"a.json": "before", other: "after"}, "after", map[string]string{"a.json": "before", other: "after"}},
		"it is a link":                       {map[string]string{"a.json": "before", temp: "->x", "x": "after"}, "after", map[string]string{"a.json": "before", temp: "after", "x": "after"}},
		"a link is in place of the document": {map[string]string{"a.json": "->x", temp: "after", "x": "before"}, "after", map[string]string{"a.json": "before", "x": "before"}},
		"a journal of an older version":      {map[string]string{".auditgen.journal": "remove x", "x": ""}, "after", map[string]string{".auditgen.journal": "remove x", "x": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plant(t, dir, c.files)
			hash := ""
			if c.lock != "" {
				hash = hashOf([]byte(c.lock))
			}
			for _, l := range Leftovers(dir, map[string]string{"a.json": hash, "none/b.json": hash}) {
				if err := l.Clear(nil); err != nil {
					t.Error(err)
				}
			}
			if diff := cmp.Diff(c.done, tree(t, dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// plant makes files, and links for texts that begin with an arrow.
func plant(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(file), 0o777)
		if target, link := strings.CutPrefix(text, "->"); link {
			err = errors.Join(err, os.Symlink(target, file))
		} else {
			err = errors.Join(err, os.WriteFile(file, []byte(text), 0o666))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesThatCannotStandTogetherAreRefusedBeforeAnythingIsWritten(t *testing.T) {
	for name, c := range map[string]struct {
		files []File
		want  string
	}{
		"one file twice":        {[]File{{Path: "a/x"}, {Path: "a/X"}}, "a/X: two files of this run would be one"},
		"a file of a package":   {[]File{{Path: "out/a.go"}}, "out/a.go: two files of this run would be one"},
		"the manifest":          {[]File{{Path: "out/auditgen.manifest"}}, "out/auditgen.manifest: two files of this run would be one"},
		"a file and its folder": {[]File{{Path: "a"}, {Path: "a/b"}}, "a: a file and a folder of this run would have this name"},
	} {
		dir := t.TempDir()
		for i := range c.files {
			c.files[i].Base = dir
		}
		_, err := Open([]Package{pack(dir, "out", "x")}, c.files...)
		if err == nil || !strings.Contains(err.Error(), filepath.ToSlash(dir)+"/"+c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}
