// Package memory remembers what runs of auditgen generated, so that a run with the same inputs has
// nothing to do.
//
// The memory is a folder in the user's cache and not part of any output: what travels with the code
// may have been written by anybody, so it cannot vouch for that code. Only
// time depends on the memory. If it is lost, broken or cannot be written, it remembers nothing.
package memory

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Result is what a run generated into one folder.
type Result struct {
	Inputs  string            // the hash of everything that the package was generated from
	Program string            // the program that generated it
	Files   map[string]string // the hash of every file, by name
	Said    string            // what the run said about the package
}

// Memory is a folder with a file for each output folder. A nil Memory remembers nothing.
type Memory struct {
	dir     string
	program func() string
}

// New returns the memory in a folder, which need not exist, of the program with that identity.
func New(dir, program string) *Memory {
	return &Memory{dir, func() string { return program }}
}

// Open returns the memory of this program. The environment variable AUDITGEN_CACHE names another
// folder than the usual one, or says off. Without a folder Open returns nil.
func Open() *Memory {
	dir := os.Getenv("AUDITGEN_CACHE")
	if cache, err := os.UserCacheDir(); dir == "" && err == nil {
		dir = filepath.Join(cache, "auditgen")
	}
	if !filepath.IsAbs(dir) {
		return nil // off, none, or not the same from everywhere
	}
	return &Memory{dir, sync.OnceValue(thisProgram)}
}

// thisProgram identifies the running program by all of its bytes; it is empty if they cannot be
// read. A version says too little: a checkout changes without one. A checksum is enough, and faster
// than a hash, because builds differ by accident and not to deceive.
func thisProgram() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum := crc32.NewIEEE()
	size, err := io.Copy(sum, f)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d bytes, %08x", size, sum.Sum32())
}

// Recall returns what this program generated into a folder from the inputs with this hash.
func (m *Memory) Recall(folder, inputs string) (Result, bool) {
	var r Result
	if m == nil {
		return r, false
	}
	data, err := os.ReadFile(m.file(folder))
	if err != nil || json.Unmarshal(data, &r) != nil {
		return Result{}, false
	}
	return r, r.Inputs == inputs && r.Program == m.program() && r.Program != ""
}

// Keep remembers what was generated into a folder. It replaces what was there before.
func (m *Memory) Keep(folder string, r Result) {
	if m == nil {
		return
	}
	r.Program = m.program()
	data, err := json.Marshal(r)
	if err == nil {
		err = os.MkdirAll(m.dir, 0o700)
	}
	if err == nil {
		_ = os.WriteFile(m.file(folder), data, 0o600) // the next run generates again
	}
}

// file returns the file for an output folder.
func (m *Memory) file(folder string) string {
	if abs, err := filepath.Abs(folder); err == nil {
		folder = abs
	}
	sum := sha256.Sum256([]byte(folder))
	return filepath.Join(m.dir, hex.EncodeToString(sum[:])+".json")
}
