package output

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// ManifestHash is the hash of the manifest that a folder has once the package is written.
func (p Package) ManifestHash() string { return hashOf(newManifest(p.Inputs, p.Files).format()) }

// Standing tells whether the folder of a package, whose Files need not be known, is as a run left it that wrote the
// manifest with this hash: all its files are there as they were written, nothing is left over and nothing stands in the
// way. It gives how many files there are. In doubt it says no, and a run that compares file by file tells what is wrong.
func (p Package) Standing(manifestHash string) (files int, ok bool) {
	t := &target{Package: p}
	s := &Set{targets: []*target{t}}
	m, ok := t.standing(manifestHash)
	if s.Close() != nil || !ok {
		return 0, false
	}
	return len(m.files), true
}

func (t *target) standing(manifestHash string) (*manifest, bool) {
	m, err := t.look()
	if err != nil || m == nil || m.inputs != t.Inputs {
		return nil, false
	}
	listing, err := t.list(nil)
	if err != nil || hashOf(listing[ManifestName].data) != manifestHash || hashOf(m.format()) != manifestHash {
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
	return m, t.unchanged(m)
}

// unchanged tells whether all files have the hashes of the manifest. It reads several at once and keeps none of them.
func (t *target) unchanged(m *manifest) bool {
	names := make(chan string, len(m.files))
	for name := range m.files {
		names <- name
	}
	close(names)
	var differs atomic.Bool
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(m.files)) {
		all.Go(func() {
			buf := make([]byte, 64<<10)
			for name := range names {
				if differs.Load() {
					return
				}
				if got, err := t.hash(name, buf); err != nil || got != m.files[name] {
					differs.Store(true)
				}
			}
		})
	}
	all.Wait()
	return !differs.Load()
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
