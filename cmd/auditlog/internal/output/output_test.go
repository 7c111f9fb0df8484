package output

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func asItIs(line []byte) []byte { return line }

// log has equal lines, one of them across the boundary of two batches.
var log = []string{"a\n", "bb\n", "bb\n", "c\n", "bb\n"}

func write(t *testing.T, o *File, lines []string) {
	t.Helper()
	for _, line := range lines {
		if _, err := o.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Sync(); err != nil {
		t.Fatal(err)
	}
}

func sorted(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	slices.Sort(lines)
	return lines
}

// TestAFileCutAnywhereBehindItsStateHasEveryLineOnce saves a state after each line, cuts the file
// at each byte behind it, goes on, is killed again after each line, and goes on once more.
func TestAFileCutAnywhereBehindItsStateHasEveryLineOnce(t *testing.T) {
	for _, header := range []string{"", "head\n"} {
		whole := header + strings.Join(log, "")
		for saved := range len(log) {
			size := len(header + strings.Join(log[:saved], ""))
			if saved == 0 {
				size = 0
			}
			for cut := size; cut <= len(whole); cut++ {
				for again := saved; again <= len(log); again++ {
					name := fmt.Sprintf("header %q, saved after %d lines, cut at %d, killed again after %d", header, saved, cut, again)
					path := filepath.Join(t.TempDir(), "out")
					if err := os.WriteFile(path, []byte(whole[:cut]), 0o600); err != nil {
						t.Fatal(err)
					}
					first, err := Resume(Place{Path: path, Size: int64(size)}, []byte(header), asItIs)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					write(t, first, log[saved:again])
					at := first.Place()
					first.Close()
					second, err := Resume(at, []byte(header), asItIs)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					write(t, second, log[again:])
					if left := second.Place(); len(left.Pending) > 0 {
						t.Errorf("%s: lines are pending at the end", name)
					}
					second.Close()
					got, err := os.ReadFile(path)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(sorted(whole), sorted(string(got))); diff != "" || !bytes.HasPrefix(got, []byte(header)) {
						t.Fatalf("%s: (-want +got)\n%s", name, diff)
					}
				}
			}
		}
	}
}

func TestAnOutputThatDoesNotFitItsStateIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	refused := func(what string, err error, want string) {
		t.Helper()
		own, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatalf("%s: %v", what, err)
		}
		if got := strings.ReplaceAll(own.Error(), dir+string(filepath.Separator), ""); got != want {
			t.Errorf("%s:\n got %s\nwant %s", what, got, want)
		}
	}
	_, err := Resume(Place{Path: path, Size: 3}, nil, asItIs)
	refused("missing", err, "out: the state belongs to it, and it cannot be opened: no such file or directory: put it back, or start again with another --state")
	if err := os.WriteFile(path, []byte("ab"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Resume(Place{Path: path, Size: 3}, nil, asItIs)
	refused("short", err, "out: it has 2 bytes, and the state knows of 3: put the whole file back, or start again with another --state and --output")
	_, err = Resume(Place{Path: path}, []byte("head\n"), asItIs)
	refused("another header", err, "out: it does not begin as the state expects: start again with another --state and --output")
	_, err = Create(path, nil, asItIs)
	refused("foreign", err, "out: it exists, and no state says how much of it is complete: name its state with --state, or choose another file")
}

func TestAFileIsReadableByItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	o, err := Create(path, nil, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
