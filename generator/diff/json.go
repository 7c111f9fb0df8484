package diff

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/seed-1954497d/auditgen/generator/source"
)

// The JSON report. README.md documents the names of its members, so they must not change.
type (
	jsonReport struct {
		Breaking   int           `json:"breaking"`
		Compatible int           `json:"compatible"`
		None       int           `json:"none"`
		Step       string        `json:"step"`
		StepV0     string        `json:"stepV0"`
		Packages   []jsonPackage `json:"packages"`
	}
	jsonPackage struct {
		Package string       `json:"package"`
		Changes []jsonChange `json:"changes"`
	}
	jsonChange struct {
		Severity string        `json:"severity"`
		Kind     Kind          `json:"kind"`
		Address  string        `json:"address,omitempty"`
		Change   string        `json:"change"`
		Old      string        `json:"old,omitempty"`
		New      string        `json:"new,omitempty"`
		Go       []jsonGo      `json:"go"`
		Wire     string        `json:"wire,omitempty"`
		OldAt    *jsonPosition `json:"oldPosition,omitempty"`
		NewAt    *jsonPosition `json:"newPosition,omitempty"`
	}
	jsonGo struct {
		Symbol     string `json:"symbol"`
		What       string `json:"change"`
		Compatible bool   `json:"compatible"`
	}
	jsonPosition struct {
		File string `json:"file"`
		Line int    `json:"line"`
	}
)

// JSON writes the report as JSON.
func (r *Report) JSON(w io.Writer) error {
	step := r.Step()
	out := jsonReport{Breaking: r.Count(Breaking), Compatible: r.Count(Compatible), None: r.Count(None), Step: step.Version, StepV0: step.Zero,
		Packages: make([]jsonPackage, len(r.Packages))}
	for i, p := range r.Packages {
		out.Packages[i] = jsonPackage{p.Name, make([]jsonChange, len(p.Changes))}
		for j, c := range p.Changes {
			out.Packages[i].Changes[j] = c.json()
		}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := w.Write(source.EscapeJSON(text.Bytes()))
	return err
}

func (c *Change) json() jsonChange {
	out := jsonChange{Severity: c.Severity.String(), Kind: c.Kind, Address: c.Address, Change: c.phrase(), Old: c.Old, New: c.New,
		Go: make([]jsonGo, len(c.Go)), Wire: c.Wire, OldAt: positionJSON(c.OldPos), NewAt: positionJSON(c.NewPos)}
	for i, g := range c.Go {
		out.Go[i] = jsonGo(g)
	}
	return out
}

func positionJSON(p source.Position) *jsonPosition {
	if p.File == "" {
		return nil
	}
	return &jsonPosition{p.File, p.Line}
}
