// Package format writes records as lines. In go the records of a batch; out comes one line for
// each, NDJSON or CSV.
package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-1954497d/auditgen/cmd/auditlog/internal/audit"
)

// Names are the names of the formats.
var Names = []string{"ndjson", "csv"}

// Format turns records into lines.
type Format struct {
	// Name is stored in the state, so that one file never gets two formats.
	Name string
	// Header is what a file starts with; nil for none.
	Header []byte

	ids  bool // lines show the ID of a record
	line func(*bytes.Buffer, *audit.Record) error
}

// New returns a format. With envelope, a line of NDJSON has the record as its member raw, behind
// members that are the same for all products.
func New(name string, envelope bool, log *audit.Log) (*Format, error) {
	switch {
	case name == "ndjson" && envelope:
		return &Format{Name: "ndjson, envelope", ids: true, line: enveloped(log)}, nil
	case name == "ndjson":
		return &Format{Name: "ndjson", line: plain}, nil
	case name == "csv" && envelope:
		return nil, fmt.Errorf("an envelope is for ndjson: leave out --envelope, or choose --format ndjson")
	case name == "csv":
		return &Format{Name: "csv", ids: true, Header: csvHeader(), line: csvLine}, nil
	}
	return nil, fmt.Errorf("there is no format %q: say ndjson or csv", name)
}

// Lines returns the lines of a batch, each with its line end.
func (f *Format) Lines(records []audit.Record) ([][]byte, error) {
	if f.ids {
		audit.Identify(records)
	}
	lines := make([][]byte, 0, len(records))
	for i := range records {
		var b bytes.Buffer
		if err := f.line(&b, &records[i]); err != nil {
			return nil, fmt.Errorf("record of %s: %w", records[i].Time.Format(time.RFC3339), err)
		}
		lines = append(lines, b.Bytes())
	}
	return lines, nil
}

// plain writes the exact value of a record, without blanks and line breaks between its parts.
func plain(b *bytes.Buffer, r *audit.Record) error {
	if err := json.Compact(b, r.Raw); err != nil {
		return err
	}
	return b.WriteByte('\n')
}

type envelope struct {
	ID     string          `json:"id"`
	Time   string          `json:"time"`
	Source string          `json:"source"`
	Site   string          `json:"site"`
	Actor  actor           `json:"actor"`
	Action string          `json:"action"`
	Object object          `json:"object"`
	Raw    json.RawMessage `json:"raw"`
}

type actor struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type object struct {
	Type string `json:"type,omitempty"`
	Name string `json:"name,omitempty"`
}

// times are written with milliseconds, like those of the servers.
const times = "2006-01-02T15:04:05.000Z"

func enveloped(log *audit.Log) func(*bytes.Buffer, *audit.Record) error {
	return func(b *bytes.Buffer, r *audit.Record) error {
		e := envelope{ID: r.ID, Source: log.Product, Site: log.Site, Actor: actor{r.ActorID, r.ActorName}, Action: r.Action,
			Object: object{r.ObjectType, r.Object}, Raw: r.Raw}
		if !r.Time.IsZero() {
			e.Time = r.Time.UTC().Format(times)
		}
		return encode(b, e)
	}
}

// DeadLetter returns a line about a record with problems: what is wrong, and the record.
func DeadLetter(r *audit.Record) ([]byte, error) {
	type problem struct {
		Path string `json:"path"`
		Want string `json:"want"`
		Got  string `json:"got"`
	}
	letter := struct {
		Problems []problem       `json:"problems"`
		Record   json.RawMessage `json:"record"`
	}{Record: r.Raw}
	for _, p := range r.Problems {
		letter.Problems = append(letter.Problems, problem{p.Path, p.Want, p.Got})
	}
	var b bytes.Buffer
	err := encode(&b, letter)
	return b.Bytes(), err
}

// encode writes a value on a line. Unlike json.Marshal, it leaves < and > in a record as they are.
func encode(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
