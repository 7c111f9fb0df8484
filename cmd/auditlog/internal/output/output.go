// Package output appends lines to a file so that a run that is killed at any moment leaves no line
// twice and no torn line, once the next run has opened the file.
//
// A Place says how much of a file the last saved state knows of. What follows are lines that the
// killed run wrote after it. They stay where they are, a torn one at the end is cut off, and when
// their records come again, they are not written a second time. Until a line has come again, its
// digest is part of the Place: the next run may be killed too.
package output

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Stdout is the name of standard output.
const Stdout = "-"

// Place is what a state remembers of a file.
type Place struct {
	Path string `json:"path"`
	// Size is the number of bytes that were synced.
	Size int64 `json:"size"`
	// Pending are the digests of lines that are in the file although the checkpoint does not
	// include their records.
	Pending []byte `json:"pending,omitempty"`
}

// Error is an output that cannot be read or written.
type Error struct {
	Path string
	What string
	Do   string
	Err  error // may be nil
}

func (e *Error) Error() string {
	text := e.Path + ": " + e.What
	if e.Err != nil {
		text += ": " + cause(e.Err)
	}
	return text + ": " + e.Do
}

func (e *Error) Unwrap() error { return e.Err }

// cause leaves the path out, which is in front already.
func cause(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

const makeSpace = "make it writable or free some space, and run the same command again: it goes on where it stopped"

// digest stands for a line.
type digest [16]byte

// File is an output. It is not safe for concurrent use.
type File struct {
	path    string
	f       *os.File
	w       *bufio.Writer
	regular bool
	size    int64 // of everything that was written
	synced  int64 // of everything that was synced
	key     func(line []byte) []byte
	pending map[digest]int
	digests int // in pending, with their counts
}

// Key returns what stands for a line: lines with equal keys have the same record.
type Key func(line []byte) []byte

// Stream returns an output that cannot be read, such as a pipe.
func Stream(path string, f *os.File, header []byte, key Key) *File {
	o := &File{path: path, f: f, w: bufio.NewWriterSize(f, 1<<18), key: key, pending: map[digest]int{}}
	_, _ = o.w.Write(header) // a failure comes again when it is flushed
	return o
}

// Create makes a file that must not exist, or be empty.
func Create(path string, header []byte, key Key) (*File, error) {
	how := os.O_RDWR | os.O_CREATE
	info, err := os.Stat(path)
	stream := err == nil && !info.Mode().IsRegular()
	if stream {
		how = os.O_WRONLY // a named pipe that is opened for reading too never breaks
	} else if err == nil && info.Size() > 0 {
		return nil, &Error{path, "it exists, and no state says how much of it is complete", "name its state with --state, or choose another file", nil}
	}
	f, err := os.OpenFile(path, how, 0o600)
	if err != nil {
		return nil, &Error{path, "cannot be opened", "choose another file", err}
	}
	if stream {
		return Stream(path, f, header, key), nil
	}
	o := opened(path, f, key)
	_, _ = o.w.Write(header) // a failure comes again when it is flushed
	o.size = int64(len(header))
	return o, nil
}

// Resume opens the file of a place. It keeps complete lines that came after it, and cuts off a torn
// one.
func Resume(at Place, header []byte, key Key) (*File, error) {
	f, err := os.OpenFile(at.Path, os.O_RDWR, 0)
	if err != nil {
		return nil, &Error{at.Path, "the state belongs to it, and it cannot be opened", "put it back, or start again with another --state", err}
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		o := Stream(at.Path, f, nil, key)
		o.remember(at.Pending)
		return o, nil
	}
	o := opened(at.Path, f, key)
	if err == nil && info.Size() < at.Size {
		err = &Error{at.Path, fmt.Sprintf("it has %d bytes, and the state knows of %d", info.Size(), at.Size), "put the whole file back, or start again with another --state and --output", nil}
	}
	if err == nil {
		err = o.readTail(at, header)
	}
	if err != nil {
		_ = f.Close() // the error before says more
		if own, ok := errors.AsType[*Error](err); ok {
			return nil, own
		}
		return nil, &Error{at.Path, "its end cannot be read", makeSpace, err}
	}
	return o, nil
}

func opened(path string, f *os.File, key Key) *File {
	return &File{path: path, f: f, w: bufio.NewWriterSize(f, 1<<18), regular: true, key: key, pending: map[digest]int{}}
}

// readTail remembers the complete lines behind a place, and leaves the file positioned behind them.
func (o *File) readTail(at Place, header []byte) error {
	o.remember(at.Pending)
	o.size = at.Size
	if o.size == 0 && len(header) > 0 {
		start := make([]byte, len(header))
		n, err := io.ReadFull(io.NewSectionReader(o.f, 0, int64(len(header))), start)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		if !bytes.Equal(start[:n], header[:n]) {
			return &Error{at.Path, "it does not begin as the state expects", "start again with another --state and --output", nil}
		}
		if n == len(header) {
			o.size = int64(n)
		}
	}
	lines := bufio.NewReaderSize(io.NewSectionReader(o.f, o.size, 1<<62), 1<<18)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break // what is in line now is torn
		} else if err != nil {
			return err
		}
		o.pending[o.digest(line)]++
		o.digests++
		o.size += int64(len(line))
	}
	if err := o.f.Truncate(o.size); err != nil {
		return err
	}
	if _, err := o.f.Seek(o.size, io.SeekStart); err != nil {
		return err
	}
	o.synced = o.size
	if o.size == 0 {
		_, _ = o.w.Write(header) // a failure comes again when it is flushed
		o.size = int64(len(header))
	}
	return nil
}

// Write appends a line. It reports whether the line is already there.
func (o *File) Write(line []byte) (repeated bool, err error) {
	if o.digests > 0 {
		if d := o.digest(line); o.pending[d] > 0 {
			o.forget(d)
			return true, nil
		}
	}
	o.size += int64(len(line))
	if _, err := o.w.Write(line); err != nil {
		return false, o.failed(err)
	}
	return false, nil
}

// Sync returns when everything that was written is on the disk.
func (o *File) Sync() error {
	err := o.w.Flush()
	if err == nil && o.regular && o.size > o.synced {
		err = o.f.Sync()
	}
	if err != nil {
		return o.failed(err)
	}
	o.synced = o.size
	return nil
}

// failed cuts off what may be torn: a reader of the file should not have to wait for the next run.
func (o *File) failed(err error) error {
	if o.regular {
		_ = o.f.Truncate(o.synced) // the next run does it if it fails
	}
	if o.path == Stdout {
		return &Error{"standard output", "cannot be written", "see why its reader has ended, or use --output FILE", err}
	}
	return &Error{o.path, "cannot be written", makeSpace, err}
}

// Place returns what a state has to remember, after Sync.
func (o *File) Place() Place {
	p := Place{Path: o.path}
	if o.regular {
		p.Size = o.synced
	}
	for d, n := range o.pending {
		for range n {
			p.Pending = append(p.Pending, d[:]...)
		}
	}
	return p
}

// Adopt takes over the lines of a file that was written before this one.
func (o *File) Adopt(before *File) {
	o.pending, o.digests = before.pending, before.digests
}

// Close closes the file. It does not write what was not synced.
func (o *File) Close() error { return o.f.Close() }

func (o *File) remember(digests []byte) {
	for ; len(digests) >= len(digest{}); digests = digests[len(digest{}):] {
		o.pending[digest(digests[:len(digest{})])]++
		o.digests++
	}
}

// Remember takes over the lines of a place whose file is gone.
func (o *File) Remember(at Place) { o.remember(at.Pending) }

func (o *File) forget(d digest) {
	o.digests--
	if o.pending[d]--; o.pending[d] == 0 {
		delete(o.pending, d)
	}
}

func (o *File) digest(line []byte) digest {
	sum := sha256.Sum256(o.key(line))
	return digest(sum[:16])
}
