package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unicode"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/fetch"
	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/generator"
	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/lock"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// remote is a document that is fetched: where from, what is known about it, and what came of it.
type remote struct {
	config generator.SourceConfig
	path   string       // clean, as in the lock
	known  *lock.Source // nil if the lock does not know it
	onDisk string       // hash of what lies there; empty if nothing does
	data   []byte       // nil if it has not changed
	now    lock.Source  // what the lock has to say about it
}

// fetched are the documents of one run, in the order of the configuration.
type fetched []*remote

// fetchAtOnce is how many documents are fetched at a time.
const fetchAtOnce = 4

// fetchAll asks for every document with a url. The error has all that went wrong.
func (p *program) fetchAll(ctx context.Context, c *configured, private bool) (fetched, error) {
	all := c.remotes()
	if len(all) == 0 {
		return nil, &source.Error{Pos: source.Position{File: filepath.ToSlash(c.file)}, What: "no source has a url, so there is nothing to fetch",
			Do: "give a source the key url, such as https://example.com/openapi.json"}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	client := &fetch.Client{Private: private, UserAgent: "auditgen/" + generatorIdentity()}
	shown := newProgress(p.stderr, all)
	errs := make([]error, len(all))
	slots := make(chan struct{}, fetchAtOnce)
	var bytes atomic.Int64
	var running sync.WaitGroup
	for i, r := range all {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			defer shown.one()
			if bytes.Load() > p.maxFetched {
				errs[i] = &source.Error{Pos: r.config.Pos, What: fmt.Sprintf("the documents have more than %d bytes together", p.maxFetched), Do: "split the configuration"}
				return
			}
			errs[i] = r.fetch(ctx, client, p.now())
			bytes.Add(int64(len(r.data)))
		})
	}
	running.Wait()
	shown.end()
	var found source.Collector
	for _, err := range errs {
		found.AddErr("", err)
	}
	return all, found.Err()
}

// remotes returns the documents to fetch: those of the packages that are wanted, each once.
func (c *configured) remotes() fetched {
	var all fetched
	seen := map[string]bool{}
	for _, p := range c.config.Packages {
		for _, s := range p.Sources {
			clean := path.Clean(s.Path)
			if s.URL == "" || seen[clean] || !c.wanted(p.Package) {
				continue
			}
			seen[clean] = true
			r := &remote{config: s, path: clean, known: c.locked.lock.Source(clean)}
			if data, what, _ := readFile(filepath.Join(filepath.Dir(c.file), filepath.FromSlash(clean))); what == "" {
				r.onDisk = sha256Hex(data)
			}
			all = append(all, r)
		}
	}
	return all
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// intact reports whether the document lies there as it was fetched from that very url.
func (r *remote) intact() bool {
	return r.known != nil && r.known.URL == r.config.URL && r.known.SHA256 == r.onDisk
}

// fetch asks for the document. What the server says about the state of it counts only while that
// state lies here.
func (r *remote) fetch(ctx context.Context, client *fetch.Client, now time.Time) error {
	request := fetch.Request{URL: r.config.URL, Page: r.config.Kind == claim.Reference || r.config.Kind == claim.Page || r.config.Kind == claim.Table}
	if r.intact() {
		request.ETag, request.LastModified = r.known.ETag, r.known.LastModified
	}
	got, err := client.Get(ctx, request)
	if err != nil {
		var found source.Collector
		found.AddErr("", err)
		return at(r.config.Pos, found.Err())
	}
	if got.Unchanged || r.intact() && sha256Hex(got.Data) == r.onDisk {
		r.now = *r.known
		return nil
	}
	version, err := r.version(got.Data)
	if err != nil {
		return err
	}
	r.data = got.Data
	r.now = lock.Source{Path: r.path, URL: r.config.URL, ETag: got.ETag, LastModified: got.LastModified, SHA256: sha256Hex(got.Data),
		Size: int64(len(got.Data)), Fetched: now.UTC().Truncate(time.Second), Version: version, Auditgen: generatorIdentity()}
	return nil
}

// at gives errors about no file a position.
func at(pos source.Position, err error) error {
	all, ok := err.(source.Errors)
	if !ok {
		return err
	}
	for i, e := range all {
		if e.Pos.File == "" {
			here := *e
			here.Pos = pos
			all[i] = &here
		}
	}
	return all
}

// maxVersion is how much of the version of a document the lock keeps.
const maxVersion = 100

// version returns what a specification calls its version; other documents have none. A
// specification that is neither YAML nor JSON is an error before anything is made of it.
func (r *remote) version(data []byte) (string, error) {
	if r.config.Kind != claim.OpenAPI {
		return "", nil
	}
	tree, err := source.ParseTree(source.File{Name: fetch.Shown(r.config.URL), Data: data})
	if err != nil {
		return "", err
	}
	version := tree.Get("info").Get("version")
	if version == nil || version.Kind != source.String && version.Kind != source.Number {
		return "", nil
	}
	plain := []rune(strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, version.Text))
	return string(plain[:min(len(plain), maxVersion)]), nil
}

// summary says what came of a document.
func (r *remote) summary() string {
	switch {
	case r.data == nil:
		return r.path + ": unchanged"
	case r.known == nil:
		return fmt.Sprintf("%s: fetched, %d bytes%s", r.path, len(r.data), versionNote("", r.now.Version))
	case r.known.SHA256 != r.onDisk && r.now.SHA256 == r.known.SHA256:
		return r.path + ": restored, it had been changed"
	}
	return fmt.Sprintf("%s: changed, %d bytes%s", r.path, len(r.data), versionNote(r.known.Version, r.now.Version))
}

func versionNote(before, now string) string {
	switch {
	case now == "":
		return ""
	case before == "" || before == now:
		return ", version " + now
	}
	return fmt.Sprintf(", version %s after %s", now, before)
}

// anything reports whether there is anything to do.
func (f fetched) anything() bool {
	return slices.ContainsFunc(f, func(r *remote) bool { return r.data != nil })
}

// changed returns the new documents by their paths.
func (f fetched) changed() map[string][]byte {
	all := map[string][]byte{}
	for _, r := range f {
		if r.data != nil {
			all[r.path] = r.data
		}
	}
	return all
}

// concern reports whether a package is made from a document that has changed, also one that --api
// does not pick: two packages must not be left with two states of one document.
func (f fetched) concern(p generator.PackageConfig) bool {
	changed := f.changed()
	return slices.ContainsFunc(p.Sources, func(s generator.SourceConfig) bool { return changed[path.Clean(s.Path)] != nil })
}

// name lets errors about a new document say where it came from: what lies on disk is another one.
func (f fetched) name(w *work) {
	for _, r := range f {
		if _, of := w.paths[r.path]; of && r.data != nil {
			w.paths[r.path] = fetch.Shown(r.config.URL)
		}
	}
}

// files returns the new documents as they must be on disk.
func (f fetched) files(home string) []output.File {
	var all []output.File
	for _, r := range f {
		if r.data != nil {
			all = append(all, output.File{Base: home, Path: r.path, Data: r.data})
		}
	}
	return all
}

// lockSources returns what the lock has to say about all documents of the configuration that are
// fetched.
func (f fetched) lockSources(c *configured) []lock.Source {
	now := map[string]lock.Source{}
	for _, s := range c.locked.lock.Sources {
		now[path.Clean(s.Path)] = s
	}
	for _, r := range f {
		now[r.path] = r.now
	}
	var all []lock.Source
	seen := map[string]bool{}
	for _, p := range c.config.Packages {
		for _, s := range p.Sources {
			clean := path.Clean(s.Path)
			if entry, ok := now[clean]; ok && s.URL != "" && !seen[clean] {
				seen[clean] = true
				all = append(all, entry)
			}
		}
	}
	return all
}

// checkFetched reports documents that are not as they were fetched, but for those that were fetched
// just now.
func checkFetched(works []work, justNow fetched) error {
	fresh := justNow.changed()
	var errs source.Collector
	for _, w := range works {
		for i, s := range w.config.Sources {
			clean := path.Clean(s.Path)
			if s.URL == "" || w.lock == nil || fresh[clean] != nil {
				continue
			}
			known := w.lock.lock.Source(clean)
			switch {
			case known == nil:
			case known.URL != s.URL:
				errs.Add(s.Pos, clean, "the url is another one than that which "+w.lock.name+" has", "run auditgen update")
			case known.SHA256 != sha256Hex(w.input.Sources[i].File.Data):
				do := "put corrections into an overlay, and run auditgen update, which restores it"
				if known.SHA256 == sha256Hex(withoutReturns(w.input.Sources[i].File.Data)) {
					do = "only its line ends differ: mark it with -text in .gitattributes, and restore it"
				}
				errs.Add(source.Position{File: w.paths[clean]}, "", "this was changed after auditgen update fetched it", do)
			}
		}
	}
	return errs.Err()
}

func withoutReturns(data []byte) []byte {
	return []byte(strings.ReplaceAll(string(data), "\r\n", "\n"))
}

// progress tells somebody who waits what is going on: a line that is written over in a terminal,
// else a line for each document.
type progress struct {
	w        io.Writer
	terminal bool
	mu       sync.Mutex
	all      int
	done     int
}

func newProgress(w io.Writer, all fetched) *progress {
	p := &progress{w: w, all: len(all)}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if p.terminal {
		p.show()
		return p
	}
	for _, r := range all {
		fmt.Fprintf(w, "fetching %s\n", source.Printable(fetch.Shown(r.config.URL)))
	}
	return p
}

// one tells that another document is done.
func (p *progress) one() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.terminal {
		p.show()
	}
}

func (p *progress) show() {
	fmt.Fprintf(p.w, "\r\x1b[Kfetching documents: %d of %d", p.done, p.all)
}

// end leaves nothing of the line.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
