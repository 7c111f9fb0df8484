// Package revision reads files as a git revision has them. It calls git, which knows every way a
// repository may be laid out, and is careful about what it hands to it: a revision is looked up
// once, and from then on only the hash of its commit is given. Nothing is fetched over the network,
// no filter of the repository is run, and what git gives is bounded.
package revision

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
)

// Revision is a commit of the repository around the current folder.
type Revision struct {
	Name   string // as it was given
	commit string // its hash
	prefix string // the current folder, from the root of the repository
}

// ErrNoRepository is the error where the current folder lies in no repository.
var ErrNoRepository = errors.New("there is no git repository here")

// ErrUnknown is the error for a name that is not a revision.
var ErrUnknown = errors.New("there is no such revision")

// ErrMissing is the error for a path that the revision has not.
var ErrMissing = errors.New("there is no such file")

// ErrLimit is the error for a file or folder that is too large.
var ErrLimit = errors.New("larger than the limit")

// maxNames is how many bytes of hashes, paths and names are read.
const maxNames = 16 << 20

// Open looks a revision up: a branch, a tag, a hash, HEAD~1.
func Open(name string) (*Revision, error) {
	if name == "" || strings.ContainsRune(name, 0) {
		return nil, ErrUnknown
	}
	prefix, err := git(maxNames, "rev-parse", "--show-prefix")
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		return nil, fmt.Errorf("%w: %w", ErrNoRepository, err)
	}
	if err != nil {
		return nil, err
	}
	commit, err := git(maxNames, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		return nil, ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	return &Revision{Name: name, commit: string(bytes.TrimSpace(commit)), prefix: strings.TrimSuffix(string(prefix), "\n")}, nil
}

// Kind is what stands at a path.
type Kind int

// The kinds of what stands at a path.
const (
	Missing Kind = iota
	File
	Folder
)

// Kind tells what the revision has at a path, which is relative to the current folder.
func (r *Revision) Kind(file string) (Kind, error) {
	object, err := r.object(file)
	if err != nil {
		return Missing, err
	}
	out, err := git(maxNames, "cat-file", "-t", object)
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		return Missing, nil
	}
	switch strings.TrimSpace(string(out)) {
	case "blob":
		return File, err
	case "tree":
		return Folder, err
	}
	return Missing, err
}

// Read returns the bytes of a file, limit of them at most.
func (r *Revision) Read(file string, limit int64) ([]byte, error) {
	object, err := r.object(file)
	if err != nil {
		return nil, err
	}
	data, err := git(limit, "cat-file", "blob", object)
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		return nil, ErrMissing
	}
	return data, err
}

// Names returns the names of the files and folders in a folder, in the order of git.
func (r *Revision) Names(folder string) (files, folders []string, err error) {
	object, err := r.object(folder)
	if err != nil {
		return nil, nil, err
	}
	out, err := git(maxNames, "ls-tree", "-z", "--full-tree", object)
	if err != nil {
		return nil, nil, err
	}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		head, name, _ := strings.Cut(entry, "\t")
		switch {
		case strings.HasPrefix(head, "100"): // not 120000, a link, nor 160000, another repository
			files = append(files, name)
		case strings.HasPrefix(head, "040"):
			folders = append(folders, name)
		}
	}
	return files, folders, nil
}

// object names what the revision has at a path, in a way that starts with a hash and so is no
// option.
func (r *Revision) object(file string) (string, error) {
	whole := path.Join(r.prefix, file)
	switch {
	case strings.HasPrefix(file, "/"), whole == "..", strings.HasPrefix(whole, "../"), strings.ContainsRune(file, 0):
		return "", fmt.Errorf("%q does not lie in the repository", file)
	case whole == ".":
		whole = ""
	}
	return r.commit + ":" + whole, nil
}

// git runs git and gives what it prints, limit bytes at most. An *exec.ExitError says that git
// refused.
func git(limit int64, args ...string) ([]byte, error) {
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	stderr := &first{}
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("git: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("git cannot be started: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(stdout, limit+1))
	if int64(len(data)) > limit {
		err = errors.Join(ErrLimit, cmd.Process.Kill())
	}
	stopped := cmd.Wait()
	switch {
	case err != nil:
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	case stopped != nil:
		return nil, fmt.Errorf("git %s: %s: %w", args[0], bytes.TrimSpace(stderr.text), stopped)
	}
	return data, nil
}

// first keeps the beginning of what is written.
type first struct{ text []byte }

func (f *first) Write(b []byte) (int, error) {
	f.text = append(f.text, b[:min(len(b), 1000-len(f.text))]...)
	return len(b), nil
}
