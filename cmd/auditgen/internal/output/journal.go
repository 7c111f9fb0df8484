package output

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/seed-1954497d/auditgen/generator/filename"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// A run that changes several files below one folder must leave all of them as they were, or all as they must be, wherever
// it is cut off. First every new file is written under a temporary name beside the one it will replace, and synced. Then
// one rename puts the journal in place, which names every rename and removal there is to do: that is the moment at which
// the run has happened. Then all of it is done, and the journal removed.
//
// Whoever finds a journal goes on from there and never back: what the old files held is not kept, and everything new lies on
// disk already. Each step can be done twice. A run that is cut off before the journal stands leaves temporary files and
// nothing else, which later runs remove.
//
// A journal may come out of a repository, so it is not trusted: it can only rename temporary files within their folder,
// and remove files whose hash it knows.

// JournalName is the file that says, below a folder, what a run that was cut off has still to do.
const JournalName = ".auditgen.journal"

// The first line of a journal.
const (
	journalMark   = "# auditgen journal "
	journalHeader = journalMark + "1: what a run has still to do that was cut off. The next run that writes does it. DO NOT EDIT."
	maxJournal    = 16 << 20
)

// journalStep is one thing to do in the folder dir, a clean slash path below that of the journal: give the file temp the name
// name, or, without temp, remove the file name. Hash is that of the file.
type journalStep struct{ dir, temp, name, hash string }

func (s journalStep) file() string { return path.Join(s.dir, s.name) }

func formatJournal(steps []journalStep) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, journalHeader)
	for _, s := range steps {
		if s.temp == "" {
			fmt.Fprintf(&b, "remove %s %s\n", s.hash, s.file())
		} else {
			fmt.Fprintf(&b, "rename %s %s %s\n", s.hash, s.temp, s.file())
		}
	}
	return b.Bytes()
}

// parseJournal reads a journal. The error is a *source.Error about the first line that is wrong.
func parseJournal(f source.File) ([]journalStep, error) {
	lines := strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
	if !strings.HasPrefix(lines[0], journalMark+"1:") {
		return nil, badJournal(f.Name, 1, "this is no journal that this version of auditgen knows")
	}
	steps := make([]journalStep, 0, len(lines)-1)
	for i, line := range lines[1:] {
		word, rest, _ := strings.Cut(line, " ")
		hash, rest, _ := strings.Cut(rest, " ")
		s := journalStep{hash: hash}
		if word == "rename" {
			s.temp, rest, _ = strings.Cut(rest, " ")
		}
		s.dir, s.name = path.Dir(rest), path.Base(rest)
		if !isHash(hash) || word != "remove" && (word != "rename" || !isTemp(s.temp)) {
			return nil, badJournal(f.Name, i+2, fmt.Sprintf("the line %q makes no sense", shorten(line)))
		}
		for segment := range strings.SplitSeq(rest, "/") {
			if err := filename.Check(segment); err != nil {
				return nil, badJournal(f.Name, i+2, "a journal lists plain files below its own folder: "+err.Error())
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func badJournal(file string, line int, what string) error {
	return &source.Error{Pos: source.Position{File: file, Line: line}, What: what,
		Do: "restore the folder from version control, delete this file and run the command again"}
}

// folders gives the folders of the steps, each once.
func folders(steps []journalStep) []string {
	all := map[string]bool{}
	for _, s := range steps {
		all[s.dir] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// do makes the changes that are written down in the journal on disk, and removes it.
func (b *Busy) do(steps []journalStep) error {
	for _, s := range steps {
		at := filepath.Join(b.home, filepath.FromSlash(s.file()))
		var err error
		b.step()
		if s.temp == "" {
			err = b.root.Remove(filepath.FromSlash(s.file()))
		} else {
			err = b.root.Rename(filepath.FromSlash(path.Join(s.dir, s.temp)), filepath.FromSlash(s.file()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed(at, "the files were changed in part, and the next run does the rest: cannot put the file in place", err)
		}
	}
	if err := b.sync(folders(steps)); err != nil {
		return err
	}
	b.step()
	if err := b.root.Remove(JournalName); err != nil {
		return failed(filepath.Join(b.home, JournalName), "everything is written, and the journal cannot be removed", err)
	}
	return b.sync([]string{"."})
}

// record puts the journal in place: from then on its steps will be done.
func (b *Busy) record(steps []journalStep) error {
	temp := tempPrefix + rand.Text() + tempSuffix
	b.step()
	err := writeTemp(b.root, temp, formatJournal(steps), writeSync)
	if err == nil {
		b.step()
		if err = b.root.Rename(temp, JournalName); err != nil {
			err = errors.Join(err, b.root.Remove(temp))
		}
	}
	if err != nil {
		return failed(filepath.Join(b.home, JournalName), "cannot write the file, and nothing was changed", err)
	}
	return b.sync([]string{"."})
}

// sync sees to it that the names in folders, and those of the folders themselves, are on disk. Windows has no such call.
func (b *Busy) sync(dirs []string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	all := map[string]bool{".": true}
	for _, dir := range dirs {
		for _, one := range prefixes(dir) {
			all[one] = true
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		f, err := b.root.Open(filepath.FromSlash(dir))
		if err == nil {
			err = errors.Join(f.Sync(), f.Close())
		}
		if err != nil {
			return failed(filepath.Join(b.home, dir), "cannot see to it that the folder is on disk", err)
		}
	}
	return nil
}

// finish does what a run that was cut off left to do, if there is anything.
func (b *Busy) finish() error {
	at := filepath.ToSlash(filepath.Join(b.home, JournalName))
	info, err := b.root.Lstat(JournalName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return failed(at, "cannot look at the file", err)
	case !info.Mode().IsRegular() || info.Size() > maxJournal:
		return badJournal(at, 0, "this is no journal")
	}
	data, err := b.root.ReadFile(JournalName)
	if err != nil {
		return failed(at, "cannot read the file", err)
	}
	steps, err := parseJournal(source.File{Name: at, Data: data})
	if err != nil {
		return err
	}
	var left []journalStep
	for i, s := range steps {
		open, err := b.open(s)
		if err != nil {
			return badJournal(at, i+2, err.Error())
		}
		if open {
			left = append(left, s)
		}
	}
	return b.do(left)
}

// open tells whether a step is still to be done, and whether it can be.
func (b *Busy) open(s journalStep) (bool, error) {
	for _, dir := range prefixes(s.dir) {
		info, err := b.root.Lstat(filepath.FromSlash(dir))
		if err != nil || !info.IsDir() {
			return false, fmt.Errorf("%s is no folder any more", dir)
		}
	}
	hash := func(name string) string {
		file := filepath.FromSlash(path.Join(s.dir, name))
		info, err := b.root.Lstat(file)
		if err != nil || !info.Mode().IsRegular() {
			return ""
		}
		data, err := b.root.ReadFile(file)
		if err != nil {
			return err.Error()
		}
		return hashOf(data)
	}
	if s.temp == "" {
		return hash(s.name) == s.hash, nil // what was changed since is not ours
	}
	switch {
	case hash(s.temp) == s.hash:
		if info, err := b.root.Lstat(filepath.FromSlash(s.file())); err == nil && !info.Mode().IsRegular() {
			return false, fmt.Errorf("%s is no regular file any more", s.file())
		}
		return true, nil
	case hash(s.name) == s.hash:
		return false, nil
	}
	return false, fmt.Errorf("%s is neither as it must become nor is there what it must become", s.file())
}

// Interrupted is an error if a run that was cut off has still to finish below a folder: what can be read there is half old and
// half new.
func Interrupted(home string) error {
	if _, err := os.Lstat(filepath.Join(home, JournalName)); err != nil {
		return nil
	}
	return &source.Error{Pos: source.Position{File: filepath.ToSlash(filepath.Join(home, JournalName))},
		What: "a run was cut off while it wrote, or is still writing", Do: "run auditgen generate or auditgen update, which finishes it"}
}
