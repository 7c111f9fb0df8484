package output

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ManifestHash is the hash of the manifest that a folder has once the package is written.
func (p Package) ManifestHash() string { return hashOf(newManifest(p.Inputs, p.Files).format()) }

// Stamps is what the disk says about files that were found to be as they must be, by name: their size, times and place. A
// file with the same stamp is taken for the same file, as git does. Where the system cannot tell enough there are none.
type Stamps map[string]string

// Standing tells whether the folder of a package, whose Files need not be known, is as a run left it that wrote the
// manifest with this hash: all its files are there as they were written, nothing is left over and nothing stands in the
// way. In doubt it says no, and a run that compares file by file tells what is wrong. Files that stand there with the
// stamp they are known by are not read again. It gives the stamps of all files, for the next time, without those that
// changed too lately to be told from a change that is still to come.
func (p Package) Standing(manifestHash string, known Stamps) (files int, found Stamps, ok bool) {
	t := &target{Package: p}
	s := &Set{targets: []*target{t}}
	m, ok := t.standing(manifestHash)
	if ok {
		found, ok = t.unchanged(m, known)
	}
	if s.Close() != nil || !ok {
		return 0, nil, false
	}
	return len(m.files), found, true
}

// standing tells whether the right files are there, whatever they hold, and gives their manifest.
func (t *target) standing(manifestHash string) (*manifest, bool) {
	m, err := t.look()
	if err != nil || m == nil || m.inputs != t.Inputs || hashOf(m.format()) != manifestHash {
		return nil, false
	}
	listing, err := t.list(func(name string) int64 {
		_, listed := m.files[name]
		switch {
		case name == ManifestName:
			return maxManifest
		case !listed && strings.HasSuffix(name, ".go"):
			return maxHeader
		}
		return 0
	})
	if err != nil || hashOf(listing[ManifestName].data) != manifestHash {
		return nil, false
	}
	folded := map[string]bool{strings.ToLower(ManifestName): true}
	for name := range m.files {
		if e, there := listing[name]; !there || !e.mode.IsRegular() {
			return nil, false
		}
		folded[strings.ToLower(name)] = true
	}
	for name, e := range listing {
		if _, listed := m.files[name]; !listed && name != ManifestName && (isOurs(name, e, nil) || folded[strings.ToLower(name)]) {
			return nil, false
		}
	}
	return m, true
}

// unchanged tells whether all files have the hashes of the manifest. It reads several at once and keeps none of them.
func (t *target) unchanged(m *manifest, known Stamps) (Stamps, bool) {
	names := make(chan string, len(m.files))
	for name := range m.files {
		names <- name
	}
	close(names)
	found := make(Stamps, len(m.files))
	var lock sync.Mutex
	var differs atomic.Bool
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(m.files)) {
		all.Go(func() {
			buf := make([]byte, 64<<10)
			for name := range names {
				if differs.Load() {
					return
				}
				stamp, ok := t.same(name, m.files[name], known[name], buf)
				if !ok {
					differs.Store(true)
				}
				if stamp != "" {
					lock.Lock()
					found[name] = stamp
					lock.Unlock()
				}
			}
		})
	}
	all.Wait()
	return found, !differs.Load()
}

// same tells whether a file has the stamp it is known by, or else the hash. It gives the stamp that it had before it was read.
func (t *target) same(name, hash, known string, buf []byte) (stamp string, ok bool) {
	info, err := t.dir.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	if stamp = stampOf(info, time.Now()); stamp != "" && stamp == known {
		return stamp, true
	}
	got, err := t.hash(name, buf)
	return stamp, err == nil && got == hash
}

// stampOf gives the stamp of a file, or nothing where it would not show every later change. A change within one tick of
// the clock that the file system keeps does not change the time: what changed in the last ticks may change again unseen.
// Some keep whole seconds, or every second one, only.
func stampOf(info fs.FileInfo, now time.Time) string {
	tick := 20 * time.Millisecond
	if info.ModTime().Nanosecond() == 0 {
		tick = 2 * time.Second
	}
	place, ok := placeOf(info)
	if !ok || info.ModTime().After(now.Add(-tick)) {
		return ""
	}
	return fmt.Sprintf("%d bytes, %d, %s", info.Size(), info.ModTime().UnixNano(), place)
}

// hash gives the hash of a file in the folder.
func (t *target) hash(name string, buf []byte) (string, error) {
	f, err := t.dir.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	for {
		n, err := f.Read(buf)
		h.Write(buf[:n])
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", err
		}
	}
}
