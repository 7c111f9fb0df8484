package main

import (
	"os"
	"path/filepath"

	"github.com/seed-1954497d/auditgen/cmd/auditgen/internal/output"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// writeResult prints what a command made, or writes it to the file that the command line names for
// it.
func (p *program) writeResult(file string, data []byte) error {
	if file == stdinName {
		_, err := p.stdout.Write(data)
		return err
	}
	return output.WriteFile(file, data)
}

// checkResult refuses to write over what the command reads: documents, configuration and lock. A
// slip of the hand would cost them, and no check could bring them back.
func (f *inputFlags) checkResult(file string, works []work) error {
	there, err := os.Stat(file)
	if file == stdinName || err != nil {
		return nil // nothing is there to be lost
	}
	for _, read := range f.filesRead(works) {
		if info, err := os.Stat(read); err == nil && os.SameFile(there, info) {
			return source.Errors{{Pos: source.Position{File: filepath.ToSlash(file)}, What: "this is read, and would be overwritten", Do: "name another file"}}
		}
	}
	return nil
}

// filesRead returns the paths of everything on the disk that works came from.
func (f *inputFlags) filesRead(works []work) []string {
	var all []string
	for _, w := range works {
		for _, file := range w.paths {
			all = append(all, filepath.FromSlash(file))
		}
		if w.lock != nil {
			all = append(all, w.lock.path())
		}
	}
	if config, err := f.configFile(); err == nil && config != "" && !f.named() {
		all = append(all, config)
	}
	return all
}
