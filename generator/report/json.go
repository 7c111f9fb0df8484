package report

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"github.com/seed-1954497d/auditgen/generator/settled"
	"github.com/seed-1954497d/auditgen/generator/source"
)

type jsonDocument struct {
	Title   string       `json:"title"`
	Sources []jsonSource `json:"sources"`
	Facts   []jsonFact   `json:"facts"`
	Gaps    []jsonGap    `json:"gaps"`
	Notes   []string     `json:"notes"`

	Warnings []string `json:"warnings,omitempty"` // about overlays
}

type jsonSource struct {
	File     string `json:"file"`
	Kind     string `json:"kind"`
	BasePath string `json:"basePath,omitempty"`
}

type jsonFact struct {
	Address  string     `json:"address"`
	Fact     string     `json:"fact"`
	Value    string     `json:"value"`
	File     string     `json:"file"`
	Line     int        `json:"line,omitempty"`
	Sample   bool       `json:"sample,omitempty"`
	Agreed   []jsonSaid `json:"agreed,omitempty"`
	Lost     []jsonSaid `json:"lost,omitempty"`
	Conflict bool       `json:"conflict,omitempty"`
}

type jsonSaid struct {
	Value  string `json:"value"`
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Sample bool   `json:"sample,omitempty"`
}

type jsonGap struct {
	Address string `json:"address"`
	Missing string `json:"missing"`
	Instead string `json:"instead"`
}

// JSON prints the same as Text as one JSON array, an object per document.
func JSON(w io.Writer, docs []*settled.Document, asked []string) error {
	if err := check(docs, asked); err != nil {
		return err
	}
	all := make([]jsonDocument, len(docs))
	for i, d := range docs {
		all[i] = jsonOf(d, asked)
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := w.Write(source.EscapeJSON(text.Bytes()))
	return err
}

func jsonOf(d *settled.Document, asked []string) jsonDocument {
	out := jsonDocument{Title: d.Title(), Sources: []jsonSource{}, Facts: []jsonFact{}, Gaps: []jsonGap{}, Notes: []string{}}
	for _, s := range d.Sources {
		out.Sources = append(out.Sources, jsonSource{s.File, string(s.Kind), s.BasePath})
	}
	for _, f := range selected(d, asked) {
		won := saidJSON(f.Won)
		out.Facts = append(out.Facts, jsonFact{Address: f.address, Fact: string(f.Name), Value: won.Value, File: won.File, Line: won.Line,
			Sample: won.Sample, Agreed: manyJSON(f.Agreed), Lost: manyJSON(f.Lost), Conflict: f.Conflict})
	}
	for _, g := range selectedGaps(d, asked) {
		out.Gaps = append(out.Gaps, jsonGap{g.Address, g.What, g.Instead})
	}
	for _, o := range d.Outdated {
		out.Warnings = append(out.Warnings, o.Warning().Error())
	}
	for _, n := range slices.Concat(d.LockNotes, d.Notes) {
		out.Notes = append(out.Notes, n.Error())
	}
	return out
}

func saidJSON(s settled.Said) jsonSaid {
	return jsonSaid{Value: s.Value, File: s.Source.File, Line: s.Line, Sample: s.Weak}
}

func manyJSON(all []settled.Said) []jsonSaid {
	var out []jsonSaid
	for _, s := range all {
		out = append(out, saidJSON(s))
	}
	return out
}
