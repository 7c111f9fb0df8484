package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
)

// killAt is in the environment of a process that runs the stand-in: the process kills itself before
// that change of the disk, never for 0.
const killAt = "AUDITGEN_TEST_KILL"

// runToBeKilled runs the stand-in and does not return, in a process that is there for that.
func runToBeKilled() {
	at, err := strconv.Atoi(os.Getenv(killAt))
	if err != nil {
		return
	}
	var n atomic.Int32
	p := standIn(strings.NewReader(""), os.Stdout, os.Stderr)
	p.step = func() {
		if int(n.Add(1)) == at {
			self, err := os.FindProcess(os.Getpid())
			if err != nil || self.Kill() != nil {
				os.Exit(3)
			}
			select {}
		}
	}
	os.Exit(p.run(os.Args[1:]))
}

// process is the stand-in in a process of its own.
func process(dir string, kill int, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), killAt+"="+strconv.Itoa(kill))
	return cmd
}

// everything returns the files below a folder. When documents were fetched is left out of the lock.
func everything(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if lock, ok := all["auditgen.lock"]; ok {
		lines := slices.DeleteFunc(strings.SplitAfter(lock, "\n"), func(line string) bool { return strings.HasPrefix(line, "  fetched: ") })
		all["auditgen.lock"] = strings.Join(lines, "")
	}
	return all
}

// killed is a command that is killed.
type killed struct {
	command []string
	before  func()     // makes what the command finds in the current folder
	repairs [][]string // commands each of which repairs what is left; the command itself starts again
	unfit   int        // the exit status of other repairs while the command has not happened
}

func killedCommands(t *testing.T) map[string]killed {
	address, set := upstream(t)
	update := []string{"update", "--allow-private"}
	first := func() {
		set(docBefore)
		downstream(t, ".", address)
	}
	later := func() {
		first()
		standInRun(t, done, update...)
		set(docAfter)
	}
	generate := func(args ...string) killed {
		command := append([]string{"generate"}, args...)
		return killed{command, func() {
			writeFile(t, "auditgen.yaml", []byte("packages: [{package: a, out: gen/a, sources: [{kind: page, path: doc}]}]\n"))
			writeFile(t, "doc", []byte(docBefore+"operation GET /a GetA\n"))
			standInRun(t, done, command...)
			writeFile(t, "doc", []byte(docAfter+"operation GET /b GetB\n"))
		}, [][]string{command}, done}
	}
	renamed := generate()
	with := renamed.before
	renamed.before = func() {
		with()
		writeFile(t, "auditgen.yaml", []byte("packages: [{package: b, out: gen/b, sources: [{kind: page, path: doc}]}]\n"))
	}
	return map[string]killed{
		"the first update":                 {update, first, [][]string{{"generate"}, update}, trouble}, // no document is there
		"a later update":                   {update, later, [][]string{{"generate"}, update}, done},
		"generate with a configuration":    generate(),
		"generate with a renamed package":  renamed,
		"generate without a configuration": generate("--spec", "doc", "--package", "a", "--out", "gen/a"),
		"init":                             {[]string{"init"}, func() {}, [][]string{{"init"}}, done},
	}
}

// copied makes a copy of a folder the current folder.
func copied(t *testing.T, from string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}

var long = flag.Bool("long", false, "kill commands before each change of the disk, not before every third: make long")

// TestARunThatIsKilledAnywhereHasHappenedOrNot kills each command before changes of the disk.
func TestARunThatIsKilledAnywhereHasHappenedOrNot(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of processes, each with one goroutine that counts: not for the race detector")
	}
	for name, c := range killedCommands(t) {
		t.Run(name, func(t *testing.T) {
			start := t.TempDir()
			t.Chdir(start)
			writeFile(t, "go.mod", []byte(goMod))
			c.before()
			before := everything(t, ".")
			copied(t, start)
			standInRun(t, done, c.command...)
			after := everything(t, ".")
			step := 3
			if *long {
				step = 1
			}
			for n := 1; ; n += step {
				dir := copied(t, start)
				out, err := process(dir, n, c.command...).CombinedOutput()
				if err == nil && n < 10 {
					t.Errorf("there are only %d changes of the disk", n-1)
				}
				if err == nil {
					return
				}
				if strings.Contains(err.Error(), "exit status") {
					t.Fatalf("%v: %s", err, out)
				}
				for _, repair := range c.repairs {
					copied(t, dir)
					c.repaired(t, fmt.Sprintf("killed before change %d, then %s", n, repair[0]), repair, before, after)
				}
			}
		})
	}
}

// repaired repairs what a killed command has left in the current folder.
func (c killed) repaired(t *testing.T, what string, repair []string, before, after map[string]string) {
	t.Helper()
	left := everything(t, ".")
	happened := left["auditgen.lock"] == after["auditgen.lock"]
	if happened && left["spec/deep/doc.txt"] != after["spec/deep/doc.txt"] {
		const want = "spec/deep/doc.txt: an update that was killed or is still running has not replaced this document yet: run auditgen generate or auditgen update, which finishes it"
		if text := standInRun(t, trouble, "generate", "--check"); !strings.Contains(text, want) {
			t.Errorf("%s: --check says %s", what, text)
		}
	}
	want, status := after, done
	switch {
	case repair[0] == "init" && left[defaultConfig] != "":
		status = trouble // it is complete, and init replaces nothing
	case !happened && !slices.Equal(repair, c.command):
		want, status = before, c.unfit
	}
	standInRun(t, status, repair...)
	if status == trouble && repair[0] == "generate" {
		standInRun(t, done, c.command...) // what lies in the output folders waits for the documents
		want = after
	}
	if diff := cmp.Diff(want, everything(t, ".")); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", what, diff)
	}
}

// Each of the processes has a document of its own, so files of two of them in one folder are seen.
func TestOfManyProcessesOneWritesToAFolderAtATime(t *testing.T) {
	const processes, rounds = 6, 4
	for name, command := range map[string]func(i int) []string{
		"with a configuration": func(i int) []string { return []string{"generate", "--config", fmt.Sprintf("%d.yaml", i)} },
		"without a configuration": func(i int) []string {
			return []string{"generate", "--spec", fmt.Sprintf("%d.txt", i), "--package", "a", "--out", "gen"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			writeFile(t, "go.mod", []byte(goMod))
			var wants []map[string]string
			for i := range processes {
				writeFile(t, fmt.Sprintf("%d.txt", i), fmt.Appendf(nil, "plain a.txt %d\nplain only%d.txt x\n%s", i, i, strings.Repeat("#", 1<<20)))
				writeFile(t, fmt.Sprintf("%d.yaml", i), fmt.Appendf(nil, "packages: [{package: a, out: gen, sources: [{kind: openapi, path: %d.txt}]}]\n", i))
				standInRun(t, done, command(i)...)
				wants = append(wants, everything(t, "gen"))
			}
			for range rounds {
				running := make([]*exec.Cmd, processes)
				printed := make([]bytes.Buffer, processes)
				for i := range running {
					running[i] = process(dir, 0, command(i)...)
					running[i].Stdout, running[i].Stderr = &printed[i], &printed[i]
					if err := running[i].Start(); err != nil {
						t.Fatal(err)
					}
				}
				wrote := 0
				for i, cmd := range running {
					if err := cmd.Wait(); err == nil {
						wrote++
					} else if text := printed[i].String(); !strings.HasSuffix(text, busyText) {
						t.Errorf("%v: %s", err, text)
					}
				}
				got := everything(t, "gen")
				if wrote == 0 || !slices.ContainsFunc(wants, func(want map[string]string) bool { return maps.Equal(got, want) }) {
					t.Errorf("%d processes wrote, and the folder has what none of them writes: %q", wrote, slices.Sorted(maps.Keys(got)))
				}
			}
		})
	}
}

const busyText = ": another run of auditgen is writing here: wait until it is done, and run the command again\n"

func TestARunWithNothingToDoNeedsNoLock(t *testing.T) {
	c := newCounted(t)
	unlock, err := output.Lock(".", "a")
	if err != nil {
		t.Fatal(err)
	}
	c.says(0, unchanged)
	c.says(2, "[exit 0]", "--check")
	writeFile(t, "doc", nil)
	c.says(0, "."+busyText+"[exit 2]")
	c.says(0, "a"+busyText+"[exit 2]", "--spec", "doc", "--package", "a", "--out", "a")
	unlock()
	c.generate(2)
	writeFile(t, "one.yaml", []byte("packages: [{package: a, out: ., sources: [{kind: openapi, path: doc}]}]")) // one folder for the lock and the package
	c.says(1, ".: 2 files, 2 changed\none.lock: changed; commit it with the packages\n[exit 0]", "--config", "one.yaml")
}
