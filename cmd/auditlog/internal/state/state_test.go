package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

func example(dir string) State {
	return State{Product: "jira", Site: "https://a.example", Format: "ndjson", Checkpoint: rest.StartAt(time.UnixMilli(1_700_000_000_000).UTC()),
		Output: output.Place{Path: filepath.Join(dir, "out"), Size: 7, Pending: []byte("0123456789abcdef")}, DeadLetter: &output.Place{Path: "/elsewhere/dead"}}
}

func saved(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "state")
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Save(example(dir)); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, path string) (*State, error) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return f.Load()
}

func TestAStateIsReadAsItWasSavedByItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	path := saved(t, dir)
	got, err := load(t, path)
	if err != nil {
		t.Fatal(err)
	}
	want := example(dir)
	same := cmp.Comparer(func(a, b rest.Checkpoint) bool { return a.Time().Equal(b.Time()) })
	if diff := cmp.Diff(&want, got, same); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v is in the folder, want state and state.lock", entries)
	}
}

func TestAStateAndItsOutputCanBeMovedTogether(t *testing.T) {
	path := saved(t, t.TempDir())
	dir := t.TempDir()
	if err := os.Rename(path, filepath.Join(dir, "state")); err != nil {
		t.Fatal(err)
	}
	got, err := load(t, filepath.Join(dir, "state"))
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "out"); got.Output.Path != want || got.DeadLetter.Path != "/elsewhere/dead" {
		t.Errorf("got %s and %s, want %s", got.Output.Path, got.DeadLetter.Path, want)
	}
}

// TestADamagedStateIsRefused changes each byte of a state, and cuts it everywhere.
func TestADamagedStateIsRefused(t *testing.T) {
	path := saved(t, t.TempDir())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole = bytes.TrimSpace(whole)
	refused := func(what string, at int, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := load(t, path)
		if own, ok := errors.AsType[*Error](err); !ok || own.Saving {
			t.Errorf("%s at byte %d: got %v and error %v", what, at, got, err)
		}
	}
	for at := range whole {
		refused("cut", at, whole[:at])
		changed := bytes.Clone(whole)
		changed[at] ^= 4
		refused("changed", at, changed)
	}
}

func TestAStateOfANewerProgramIsRefused(t *testing.T) {
	path := saved(t, t.TempDir())
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(`"version":1`), []byte(`"version":2`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = load(t, path)
	if want := path + ": it has version 2, and this program reads version 1: use the newer program that wrote it"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestASecondRunIsRefusedUntilTheFirstEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	first, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
}
