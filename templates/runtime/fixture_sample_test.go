package runtime

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

type Sample struct {
	Text    string                    `json:"text"`
	Count   int64                     `json:"count"`
	Ratio   float64                   `json:"ratio"`
	Flag    bool                      `json:"flag"`
	At      time.Time                 `json:"at"`
	Milli   time.Time                 `json:"milli"`
	Any     json.RawMessage           `json:"any"`
	Unit    Unit                      `json:"unit"`
	Inner   AffectedObject            `json:"inner"`
	Parent  *Sample                   `json:"parent"`
	Items   []ChangedValue            `json:"items"`
	Names   []string                  `json:"names"`
	Counts  []int64                   `json:"counts"`
	Ratios  []float64                 `json:"ratios"`
	Flags   []bool                    `json:"flags"`
	Times   []time.Time               `json:"times"`
	Anys    []json.RawMessage         `json:"anys"`
	Units   []Unit                    `json:"units"`
	Nested  [][]string                `json:"nested"`
	Labels  map[string]string         `json:"labels"`
	Objects map[string]AffectedObject `json:"objects"`
	Groups  [][]AffectedObject        `json:"groups"`
	JSON    Members                   `json:"-"`
}

var shapeOfSample = newShape("Sample", "text", "count", "ratio", "flag", "at", "milli", "any", "unit", "inner", "parent", "items", "names", "counts", "ratios", "flags", "times", "anys", "units", "nested", "labels", "objects", "groups")

func (m *Sample) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

func (m Sample) MarshalJSON() ([]byte, error) { return marshal(&m) }

func (m *Sample) Clone() *Sample {
	if m == nil {
		return nil
	}
	c := *m
	c.detach()
	return &c
}

func (m *Sample) members() *Members { return &m.JSON }

func (m *Sample) isZero() bool {
	return !(m.Text != "") && !(m.Count != 0) && !(m.Ratio != 0) && !m.Flag && m.At.IsZero() && m.Milli.IsZero() && !(len(m.Any) > 0) && !(m.Unit != "") && m.Inner.isZero() && !(m.Parent != nil) && !(len(m.Items) > 0) && !(len(m.Names) > 0) && !(len(m.Counts) > 0) && !(len(m.Ratios) > 0) && !(len(m.Flags) > 0) && !(len(m.Times) > 0) && !(len(m.Anys) > 0) && !(len(m.Units) > 0) && !(len(m.Nested) > 0) && !(len(m.Labels) > 0) && !(len(m.Objects) > 0) && !(len(m.Groups) > 0) && m.JSON.isZero()
}

func (m *Sample) detach() {
	detachStrings(&m.Text)
	m.Any = bytes.Clone(m.Any)
	m.Unit = Unit(strings.Clone(string(m.Unit)))
	m.Inner.detach()
	m.Parent = m.Parent.Clone()
	m.Items = detachModels(m.Items)
	m.Names = detachSlice(m.Names, strings.Clone)
	m.Counts = slices.Clone(m.Counts)
	m.Ratios = slices.Clone(m.Ratios)
	m.Flags = slices.Clone(m.Flags)
	m.Times = slices.Clone(m.Times)
	m.Anys = detachSlice(m.Anys, func(v json.RawMessage) json.RawMessage { return bytes.Clone(v) })
	m.Units = detachSlice(m.Units, func(v Unit) Unit { return Unit(strings.Clone(string(v))) })
	m.Nested = detachSlice(m.Nested, func(v []string) []string { return detachSlice(v, strings.Clone) })
	m.Labels = detachMap(m.Labels, strings.Clone)
	m.Objects = detachMap(m.Objects, detachValue[AffectedObject])
	m.Groups = detachSlice(m.Groups, func(v []AffectedObject) []AffectedObject { return detachModels(v) })
	m.JSON.detach()
}

func (m *Sample) decodeJSON(d *decoder) {
	if m.JSON.shape != nil {
		*m = Sample{}
	}
	o := d.object(shapeOfSample)
	for o.more() {
		switch o.key {
		case "text":
			o.string(0, &m.Text)
		case "count":
			o.int(1, &m.Count)
		case "ratio":
			o.float(2, &m.Ratio)
		case "flag":
			o.bool(3, &m.Flag)
		case "at":
			o.time(4, &m.At, rfc3339)
		case "milli":
			o.time(5, &m.Milli, unixMilli)
		case "any":
			o.raw(6, &m.Any)
		case "unit":
			o.string(7, (*string)(&m.Unit))
		case "inner":
			if o.known(8) {
				m.Inner.decodeJSON(d)
			}
		case "parent":
			if o.known(9) {
				m.Parent = decodePointer[Sample](d)
			}
		case "items":
			if o.known(10) {
				m.Items = decodeModels[ChangedValue](d)
			}
		case "names":
			if o.known(11) {
				m.Names = decodeSlice(d, (*decoder).string)
			}
		case "counts":
			if o.known(12) {
				m.Counts = decodeSlice(d, (*decoder).int)
			}
		case "ratios":
			if o.known(13) {
				m.Ratios = decodeSlice(d, (*decoder).float)
			}
		case "flags":
			if o.known(14) {
				m.Flags = decodeSlice(d, (*decoder).bool)
			}
		case "times":
			if o.known(15) {
				m.Times = decodeSlice(d, func(d *decoder) time.Time { return d.time(jira) })
			}
		case "anys":
			if o.known(16) {
				m.Anys = decodeSlice(d, (*decoder).raw)
			}
		case "units":
			if o.known(17) {
				m.Units = decodeSlice(d, decodeEnum[Unit])
			}
		case "nested":
			if o.known(18) {
				m.Nested = decodeSlice(d, func(d *decoder) []string { return decodeSlice(d, (*decoder).string) })
			}
		case "labels":
			if o.known(19) {
				m.Labels = decodeMap(d, (*decoder).string)
			}
		case "objects":
			if o.known(20) {
				m.Objects = decodeMap(d, decodeValue[AffectedObject])
			}
		case "groups":
			if o.known(21) {
				m.Groups = decodeSlice(d, decodeModels[AffectedObject])
			}
		default:
			o.unknown()
		}
	}
	o.end(&m.JSON)
}

func (m *Sample) encodeJSON(e *encoder) {
	o := e.object(shapeOfSample, &m.JSON)
	o.string(0, required, m.Text)
	o.int(1, required, m.Count)
	o.float(2, optional, m.Ratio)
	o.bool(3, required, m.Flag)
	o.time(4, required, m.At, rfc3339)
	o.time(5, optional, m.Milli, unixMilli)
	o.raw(6, optional, m.Any)
	o.string(7, required, string(m.Unit))
	if o.member(8, required, !m.Inner.isZero()) {
		m.Inner.encodeJSON(e)
	}
	if o.member(9, optional, m.Parent != nil) {
		encodePointer(e, m.Parent)
	}
	if o.member(10, required, len(m.Items) > 0) {
		encodeModels(e, m.Items)
	}
	if o.member(11, required, len(m.Names) > 0) {
		encodeSlice(e, m.Names, (*encoder).string)
	}
	if o.member(12, optional, len(m.Counts) > 0) {
		encodeSlice(e, m.Counts, (*encoder).int)
	}
	if o.member(13, optional, len(m.Ratios) > 0) {
		encodeSlice(e, m.Ratios, (*encoder).float)
	}
	if o.member(14, optional, len(m.Flags) > 0) {
		encodeSlice(e, m.Flags, (*encoder).bool)
	}
	if o.member(15, optional, len(m.Times) > 0) {
		encodeSlice(e, m.Times, func(e *encoder, v time.Time) { e.time(v, jira) })
	}
	if o.member(16, optional, len(m.Anys) > 0) {
		encodeSlice(e, m.Anys, (*encoder).raw)
	}
	if o.member(17, optional, len(m.Units) > 0) {
		encodeSlice(e, m.Units, func(e *encoder, v Unit) { e.string(string(v)) })
	}
	if o.member(18, optional, len(m.Nested) > 0) {
		encodeSlice(e, m.Nested, func(e *encoder, v []string) { encodeSlice(e, v, (*encoder).string) })
	}
	if o.member(19, optional, len(m.Labels) > 0) {
		encodeMap(e, m.Labels, (*encoder).string)
	}
	if o.member(20, optional, len(m.Objects) > 0) {
		encodeMap(e, m.Objects, encodeValue[AffectedObject])
	}
	if o.member(21, optional, len(m.Groups) > 0) {
		encodeSlice(e, m.Groups, func(e *encoder, v []AffectedObject) { encodeModels(e, v) })
	}
	o.end()
}
