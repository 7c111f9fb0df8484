// Package state keeps what a run has to know of the runs before it: the checkpoint of the log, and
// how much of the output belongs to it.
//
// The file is replaced in one step, so it is the old one or the new one whenever a run is killed.
// Only its owner can read it, because a checkpoint says when things happened at the site.
package state

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/output"
	"github.com/seed-1954497d/auditgen/generated/rest"
)

// version is that of the file. A higher one is refused.
const version = 1

// State is what the next run has to know.
type State struct {
	Product    string          `json:"product"`
	Site       string          `json:"site"`
	Format     string          `json:"format"`
	Output     output.Place    `json:"output"`
	DeadLetter *output.Place   `json:"dead_letter,omitempty"`
	Checkpoint rest.Checkpoint `json:"checkpoint"`
	// Clean says that the run ended by itself, so that nothing follows the place in the output.
	Clean bool `json:"clean"`
}

// onDisk is the file. Sum is the SHA-256 of State, byte for byte.
type onDisk struct {
	Version int             `json:"version"`
	Sum     string          `json:"sum"`
	State   json.RawMessage `json:"state"`
}

// Error is a state that cannot be used.
type Error struct {
	Path, What, Do string
	Err            error // may be nil
	Saving         bool  // it could not be saved, and nothing is wrong with it
}

func (e *Error) Error() string {
	text := e.Path + ": " + e.What
	if path, ok := errors.AsType[*fs.PathError](e.Err); ok {
		text += ": " + path.Err.Error()
	}
	return text + ": " + e.Do
}

func (e *Error) Unwrap() error { return e.Err }

// ErrLocked means that another run has the state.
var ErrLocked = errors.New("another run is using this state: wait until it has ended")

// File is a state file that this run has to itself.
type File struct {
	path string
	lock *flock.Flock
}

// Open makes this run the only one that uses a state file, which need not exist. The lock is on the
// file PATH.lock, and it ends with the process.
func Open(path string) (*File, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, &Error{Path: path, What: "cannot be found", Do: "choose another --state", Err: err}
	}
	lock := flock.New(full+".lock", flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, &Error{Path: path, What: "cannot be locked", Do: "choose a --state in a folder that you may write to", Err: err}
	}
	if !locked {
		return nil, fmt.Errorf("%s: %w", path, ErrLocked)
	}
	return &File{full, lock}, nil
}

// Close lets other runs use the state.
func (f *File) Close() error { return f.lock.Close() }

// Load reads the state. It returns nil if there is none yet.
func (f *File) Load() (*State, error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{Path: f.path, What: "cannot be read", Do: "make it readable, or choose another --state", Err: err}
	}
	var disk onDisk
	var s State
	err = json.Unmarshal(data, &disk)
	switch {
	case err == nil && disk.Version > version:
		return nil, &Error{Path: f.path, What: fmt.Sprintf("it has version %d, and this program reads version %d", disk.Version, version),
			Do: "use the newer program that wrote it"}
	case err == nil && (disk.Version != version || disk.Sum != sum(disk.State)):
		err = errors.New("the version or the sum is wrong")
	case err == nil:
		err = json.Unmarshal(disk.State, &s)
	}
	if err != nil {
		return nil, &Error{Path: f.path, What: "the state is damaged or was edited",
			Do: "restore it from a backup, or start again with another --state and --output", Err: err}
	}
	s.Output.Path = f.absolute(s.Output.Path)
	if s.DeadLetter != nil {
		s.DeadLetter.Path = f.absolute(s.DeadLetter.Path)
	}
	return &s, nil
}

// Save replaces the state.
func (f *File) Save(s State) error {
	s.Output.Path = f.relative(s.Output.Path)
	if s.DeadLetter != nil {
		letters := *s.DeadLetter
		letters.Path = f.relative(letters.Path)
		s.DeadLetter = &letters
	}
	data, err := json.Marshal(s)
	if err == nil {
		data, err = json.Marshal(onDisk{version, sum(data), data})
	}
	if err == nil {
		err = f.replace(append(data, '\n'))
	}
	if err != nil {
		return &Error{Path: f.path, What: "the state cannot be saved",
			Do: "free some space or make the folder writable, and run the same command again", Err: err, Saving: true}
	}
	return nil
}

// replace writes a temporary file, syncs it and renames it. The lock makes this run its only
// writer, so one that a killed run left can go.
func (f *File) replace(data []byte) error {
	name := f.path + ".tmp"
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	tmp, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(name, f.path); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(f.path)); err == nil {
		_ = dir.Sync() // not all systems can sync a folder
		_ = dir.Close()
	}
	return nil
}

// relative names a file that is in the folder of the state, so that both can be moved together.
func (f *File) relative(path string) string {
	dir, name := filepath.Split(path)
	if path != output.Stdout && filepath.Clean(dir) == filepath.Dir(f.path) {
		return name
	}
	return path
}

func (f *File) absolute(path string) string {
	if path == output.Stdout || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(f.path), path)
}

func sum(data []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, data) != nil {
		return ""
	}
	s := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(s[:])
}
