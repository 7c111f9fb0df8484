package refdoc

import (
	"fmt"

	"github.com/seed-1954497d/auditgen/generator/claim"
	"github.com/seed-1954497d/auditgen/generator/source"
)

// result is what is read of a file: its claims, and notes about what was not understood.
type result struct {
	file    string
	doc     *claim.Document
	dropped int // notes that were one too many
}

func newResult(f source.File, src *claim.Source) result {
	return result{file: f.Name, doc: &claim.Document{Source: src}}
}

// maxNotes is how many notes about one document are kept. More would say nothing new.
const maxNotes = 500

// note records what was read and not understood.
func (r *result) note(line int, where, what, do string) {
	if len(r.doc.Notes) >= maxNotes {
		r.dropped++
		return
	}
	r.doc.Notes = append(r.doc.Notes, &source.Error{Pos: at(r.file, line), Where: where, What: what, Do: do})
}

// finish returns the document. Without any operation it is an error, and the notes may say why.
func (r *result) finish(noOperation, do string) (*claim.Document, error) {
	if len(r.doc.Operations) == 0 {
		e := &source.Error{Pos: at(r.file, 0), What: noOperation, Do: do}
		return nil, source.Errors(append([]*source.Error{e}, r.doc.Notes...))
	}
	if r.dropped > 0 {
		r.doc.Notes = append(r.doc.Notes, &source.Error{Pos: at(r.file, 0), What: fmt.Sprintf("%d more lines were not understood", r.dropped)})
	}
	return r.doc, nil
}

// contents finds the media of bodies by their types.
type contents map[mediaKey]*claim.Media

// mediaKey is a media type in the content of one body.
type mediaKey struct {
	of   *[]*claim.Media
	name string
}

// named returns the media of that type, added if it is not there yet.
func (c contents) named(content *[]*claim.Media, name string, line int) *claim.Media {
	key := mediaKey{content, name}
	if c[key] == nil {
		c[key] = &claim.Media{Type: name, Line: line, Schema: claim.Schema{Line: line}}
		*content = append(*content, c[key])
	}
	return c[key]
}
