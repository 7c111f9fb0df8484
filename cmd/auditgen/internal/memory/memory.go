// Package memory remembers what runs of auditgen found out, so that a run that would find out the same has nothing to do.
//
// It is the user's own, in the cache folder of the system, and not part of any output: a manifest travels with the code it
// lists and may have been written by anybody, so it cannot vouch for itself. Nothing depends on what is remembered but
// time. A memory that is lost, cannot be written or makes no sense is one that remembers nothing.
package memory

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Result is what there is to know about a package that a run left behind.
type Result struct {
	Manifest  string            `json:"manifest"`         // the hash of its manifest, which has the hashes of all its files
	Stamps    map[string]string `json:"stamps,omitempty"` // what the disk said about files that were as they must be, by name
	Gaps      int               `json:"gaps"`
	Conflicts int               `json:"conflicts"`
	Notes     int               `json:"notes"`
}

// Memory is a folder with a file for each result.
type Memory struct {
	dir     string
	program func() string
}

// New gives the memory in a folder, which need not exist, for results of the program with that identity.
func New(dir, program string) *Memory {
	return &Memory{dir: dir, program: func() string { return program }}
}

// Open gives the memory of this program. The environment variable AUDITGEN_CACHE names another folder than the usual one,
// or says off. Without a memory it is nil, which remembers nothing.
func Open() *Memory {
	dir := os.Getenv("AUDITGEN_CACHE")
	if dir == "off" {
		return nil
	}
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(cache, "auditgen")
	}
	if !filepath.IsAbs(dir) {
		return nil // the same memory must be found from everywhere
	}
	// The program is read while the documents are.
	identity := make(chan string, 1)
	go func() { identity <- thisProgram() }()
	return &Memory{dir: dir, program: func() string {
		found := <-identity
		identity <- found
		return found
	}}
}

// thisProgram identifies the program that is running by all of its bytes; it is empty if they cannot be had. A version says
// too little: a checkout changes without one, and a release may be built with other versions of its dependencies or of Go.
//
// Checksums do here, and take a quarter of the time of a cryptographic hash: builds differ by accident, never on purpose,
// as whoever can replace the program does not have to deceive it. Two with different polynomials are 64 bits together.
func thisProgram() string {
	f, err := openProgram()
	if err != nil {
		return ""
	}
	defer f.Close()
	var size int64
	var ieee, castagnoli uint32
	table := crc32.MakeTable(crc32.Castagnoli)
	for buf := make([]byte, 256<<10); ; {
		n, err := f.Read(buf)
		size += int64(n)
		ieee = crc32.Update(ieee, crc32.IEEETable, buf[:n])
		castagnoli = crc32.Update(castagnoli, table, buf[:n])
		if err == io.EOF {
			return fmt.Sprintf("%d bytes, %08x%08x", size, ieee, castagnoli)
		}
		if err != nil {
			return ""
		}
	}
}

// openProgram opens the file that this process was started from. Linux has it even where another program has taken its
// place since, as a build does.
func openProgram() (*os.File, error) {
	if runtime.GOOS == "linux" {
		if f, err := os.Open("/proc/self/exe"); err == nil {
			return f, nil
		}
	}
	name, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return os.Open(name)
}

// maxResult is more than any result has.
const maxResult = 8 << 20

// Recall gives what came of the inputs with this hash, when this very program had them before.
func (m *Memory) Recall(inputs string) (Result, bool) {
	name, ok := m.file(inputs)
	if !ok {
		return Result{}, false
	}
	f, err := os.Open(name)
	if err != nil {
		return Result{}, false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxResult))
	var r Result
	if err != nil || json.Unmarshal(data, &r) != nil || r.Manifest == "" {
		return Result{}, false
	}
	return r, true
}

// Keep remembers what came of the inputs with this hash.
func (m *Memory) Keep(inputs string, r Result) {
	name, ok := m.file(inputs)
	if !ok {
		return
	}
	data, err := json.Marshal(r)
	if err == nil {
		err = os.MkdirAll(m.dir, 0o700)
	}
	if err == nil {
		m.forgetOld()
		_ = writeFile(name, data) // the next run works it out again
	}
}

// file gives the file of a result. Its name is the hash of the program and of the inputs.
func (m *Memory) file(inputs string) (string, bool) {
	if m == nil {
		return "", false
	}
	program := m.program()
	if program == "" {
		return "", false
	}
	sum := sha256.Sum256([]byte(program + "\n" + inputs + "\n"))
	return filepath.Join(m.dir, hex.EncodeToString(sum[:])+suffix), true
}

const suffix = ".result"

// forgetAfter is how long a result is kept. One that is still of use is worked out again after that.
const forgetAfter = 30 * 24 * time.Hour

// forgetOld removes results that are old. Each build of the program has its own, so they would pile up.
func (m *Memory) forgetOld() {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(e.Name(), suffix) && time.Since(info.ModTime()) > forgetAfter {
			_ = os.Remove(filepath.Join(m.dir, e.Name())) // a later run tries again
		}
	}
}

// writeFile writes a file at once, for runs that read it meanwhile.
func writeFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "*"+suffix)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
